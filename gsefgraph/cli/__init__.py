"""The command line: parsing arguments and printing, nothing else.

Data goes to stdout, messages to stderr. `errors.py` has the exit codes; README.md tells them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import re
import sys
from typing import Any, NoReturn

import click

from gsefgraph.cli.edge import caught
from gsefgraph.cli.settings import asked_for, common, given
from gsefgraph.errors import UnknownName, nearest
from gsefgraph.wording import say

# name -> (module that holds it, one line of help); the module loads when the command runs.
COMMANDS = {
    "init": ("init", "Make a folder for records of your own, with a record to copy."),
    "new": ("init", "A record to fill in, of an event, a person, a document, …"),
    "schema": ("init", "A JSON Schema of records, for an editor."),
    "info": ("stores", "What the graph holds, and whether a store is whole."),
    "queries": ("ask", "List the stored queries."),
    "show": ("things", "Everything known of one thing, or the text of a stored query."),
    "search": ("things", "Find things by name, accents and case aside."),
    "load": ("stores", "Load the project's data, or any RDF files, into an on-disk store."),
    "query": ("ask", "Answer a stored query, a file of SPARQL, or SPARQL from stdin."),
    "serve": ("serve", "Show the graph in a browser."),
    "site": ("site", "Write all pages as files, for any web server or none."),
    "validate": ("check", "Check new records together with the graph, or the graph itself."),
    "source": ("sources", "Store the text that records rest on (source add)."),
    "add": ("records", "Put records where they belong, if they conform."),
    "rename": ("changes", "Give a thing another name."),
    "remove": ("changes", "Remove what is stated of a thing, or what a file states."),
    "edit": ("changes", "Open a thing as a record in your editor."),
    "log": ("changes", "List what was added, changed and taken back."),
    "diff": ("changes", "Say what is stated in one place and was not in another."),
    "undo": ("changes", "Take back the last change, or another."),
    "forget": ("changes", "Remove a thing from the graph and its history, for good."),
    "export": ("stores", "Write the graph as a file of RDF."),
    "explain": ("things", "Prove a triple: who states it, or which rule gives it and why."),
    "evidence": ("records", "Check again that every quote stands where it is said to."),
    "cite": ("sources", "How a document is cited: text, BibTeX or CSL-JSON."),
    "fmt": ("records", "Write data/ and ontology/ in their canonical layout."),
}
_ADDRESS = re.compile(r"https?://", re.I)


class _Lazy(click.Group):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"gsefgraph.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UnknownName(say("cli.no-command", name=args[0]), hint=nearest(args[0], COMMANDS))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            name = ctx.invoked_subcommand
            command = self.get_command(ctx, name or "")
            if error.ctx is None and command is not None:
                # click's parser of options does not say of which command it is.
                error.ctx = click.Context(command, parent=ctx, info_name=name)
            raise

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from gsefgraph import __version__

        click.echo(f"gsefgraph {__version__}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version and exit.",
)
@common
def group() -> None:
    """The international work of the social and solidarity economy as a graph that answers.

    Every fact opens to the words it rests on.
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    # Collecting garbage often is for processes that live long.
    gc.set_threshold(100_000, 20, 20)
    if not hasattr(os, "fork"):
        from gsefgraph.cli.worker import lacking

        language = asked_for(sys.argv[1:])
        for what in lacking():
            sys.stderr.write(say("cli.lacking", what=what).text(language) + "\n")
    code = whole(sys.argv[1:])
    # All is flushed and closed; taking the modules down would only make a person wait.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


def whole(arguments: list[str]) -> int:
    """Run one command in a process of its own.

    Parameters:
        arguments: the words after the program's name.

    Returns:
        The exit code.
    """
    from gsefgraph.cli.worker import ended, guarded

    if next((word for word in arguments if word in COMMANDS), "") == "serve":
        with ended():  # its work is done in threads, and it is told to end
            return run(arguments)
    store = given(arguments, "--store") or [os.environ.get("GSEFGRAPH_STORE", "")]
    network = "://" in store[-1] or _fetches(arguments)
    with ended():
        return caught(
            lambda: guarded(lambda: run(arguments), network=network),
            asked_for(arguments),
        )


def _fetches(arguments: list[str]) -> bool:
    """Whether a command may fetch: what `source add` is given, where it is an address."""
    command = next((word for word in arguments if word in COMMANDS), "")
    pairs = zip(["", *arguments], arguments, strict=False)
    named = any(_ADDRESS.match(word) for before, word in pairs if before != "--published")
    return command == "source" and named


def run(arguments: list[str]) -> int:
    """Run one command in this process.

    Parameters:
        arguments: the words after the program's name.

    Returns:
        The exit code.
    """
    return caught(lambda: _group(arguments), asked_for(arguments))


def _group(arguments: list[str]) -> int | None:
    if shell := os.environ.get("_GSEFGRAPH_COMPLETE", ""):
        # click takes for granted what a shell that asks for completions says with it.
        os.environ.setdefault("COMP_WORDS", "")
        number = os.environ.setdefault("COMP_CWORD", "")
        if not number.isdigit() and "fish" not in shell:
            os.environ["COMP_CWORD"] = "0"
        if "bash" in shell:
            from gsefgraph.cli import complete

            complete.bash()
    code: int | None = group.main(arguments, prog_name="gsefgraph", standalone_mode=False)
    return code

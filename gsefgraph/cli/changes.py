"""`gsefgraph rename`, `remove`, `edit`, `undo`, `forget`, `log`: what is stated, changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gsefgraph.cli import check
from gsefgraph.cli.screen import draw, emit, emit_json, tell
from gsefgraph.cli.settings import Settings, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import GsefgraphError, UsageError
from gsefgraph.files import seen, write_atomically
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.changing import Changed
    from gsefgraph.graph.graph import Graph
    from gsefgraph.history.change import Change

_by = click.option("--by", metavar="NAME", help="Who does it, for the history; git's user.name by "
                   "default.")  # fmt: skip
_dry = click.option("--dry-run", is_flag=True, help="Say what would change, write nothing.")
_SHOWN = 3  # things of a change that are listed


@click.command()
@click.argument("thing", metavar="THING")
@click.argument("name", metavar="NAME")
@click.option("--keep", is_flag=True, help="Keep the old name as another name.")
@_by
@_dry
@common
@click.pass_obj
def rename(
    settings: Settings, thing: str, name: str, keep: bool, by: str | None, dry_run: bool
) -> int:
    """Give a thing another name; what it is known by, its IRI, stays.

    --lang is the language of the name, where the thing has names in several.
    """
    gently()
    with settings.open() as graph:
        lang = settings.lang or None
        done = graph.changes.rename(thing, name, lang=lang, keep=keep, by=by, dry_run=dry_run)
        return told(settings, graph, done, dry_run=dry_run)


@click.command()
@click.argument("thing", metavar="THING|RECORD")
@click.option("--also", is_flag=True, help="Remove what refers to it, too: who took part, posts, "
              "goals; of a document what it states.")  # fmt: skip
@_by
@_dry
@common
@click.pass_obj
def remove(settings: Settings, thing: str, also: bool, by: str | None, dry_run: bool) -> int:
    """Remove what is stated of a thing, or what a file of records states.

    What would be left pointing to nothing is told, and nothing is removed.
    """
    gently()
    with settings.open() as graph:
        done = graph.changes.remove(thing, also=also, by=by, dry_run=dry_run)
        return told(settings, graph, done, dry_run=dry_run)


@click.command()
@click.argument("thing", metavar="THING")
@_by
@common
@click.pass_obj
def edit(settings: Settings, thing: str, by: str | None) -> int:
    """Open a thing as a record in your editor, and accept what you make of it."""
    gently()
    with settings.open() as graph:
        before = after = graph.changes.to_edit(thing)
        while True:
            try:
                if not (os.environ.get("VISUAL") or os.environ.get("EDITOR") or _terminal()):
                    raise UsageError(say("cli.no-terminal"), hint=say("cli.an-editor"))
                made = click.edit(after, extension=".yaml")
            except click.ClickException as error:
                raise UsageError(
                    say("cli.no-editor", problem=error.format_message()),
                    hint=say("cli.an-editor"),
                ) from None
            if made is None or made == before or not _holds_something(made):
                settings.warn(say("cli.nothing-edited"))
                return 0
            after = made
            try:
                done = graph.changes.edit(before, after, by=by)
            except GsefgraphError as error:
                _keep(settings, after)
                raise error from None
            code = told(settings, graph, done, dry_run=False)
            again = say("cli.edit-again").text(settings.language)
            if not code or not sys.stdin.isatty() or not click.confirm(again, err=True):
                if code:
                    _keep(settings, after)
                return code


def _holds_something(text: str) -> bool:
    """Whether a text has more than comments; one that was emptied is one that was given up."""
    lines = map(str.strip, text.splitlines())
    return any(line and line != "---" and not line.startswith("#") for line in lines)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _keep(settings: Settings, text: str) -> None:
    """What was typed is not lost where it is refused."""
    path = Path("edited.yaml")
    number = 1
    while path.exists():
        number += 1
        path = Path(f"edited-{number}.yaml")
    write_atomically(path, text.encode())
    settings.warn(say("cli.edit-kept", file=str(path)))


@click.command()
@click.argument("number", metavar="[NUMBER]", type=click.IntRange(1), required=False)
@_by
@_dry
@common
@click.pass_obj
def undo(settings: Settings, number: int | None, by: str | None, dry_run: bool) -> int:
    """Take back the last change, or the one of a number that `gsefgraph log` lists.

    Of what took another back, that is in force again.
    """
    gently()
    with settings.open() as graph:
        done = graph.changes.undo(number, by=by, dry_run=dry_run)
        return told(settings, graph, done, dry_run=dry_run, undone=True)


@click.command()
@click.argument("thing", metavar="THING")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_by
@_dry
@common
@click.pass_obj
def forget(settings: Settings, thing: str, yes: bool, by: str | None, dry_run: bool) -> int:
    """Remove a person or a thing from the graph and from its history, for good.

    What rests on it is listed first. No undo brings it back.
    """
    gently()
    with settings.open() as graph:
        would = graph.changes.forget(thing, by=by, dry_run=True)
        words = graph.changes.called(thing)
        if would.difference:
            tell(would.difference.to_text(settings.language) + "\n")
        if dry_run or not would.conforms:
            return told(settings, graph, would, dry_run=True, listed=True)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(say("cli.forget-ask"), hint=say("cli.forget-yes"))
            if not click.confirm(say("cli.forget-sure").text(settings.language), err=True):
                return 1
        done = graph.changes.forget(thing, by=by)
        code = told(settings, graph, done, dry_run=False, listed=True)
        if left := [str(seen(path)) for path in graph.changes.naming(words)]:
            settings.warn(say("cli.forget-texts", files=left))
        if not code and (graph.project.root / ".git").exists():
            settings.warn(say("cli.forget-git"))
        return code


@click.command()
@click.option("-f", "--format", "wanted", type=click.Choice(["table", "json"]), default="table")
@common
@click.pass_obj
def log(settings: Settings, wanted: str) -> None:
    """List what was added, changed and taken back: when, by whom, from which file."""
    from gsefgraph.history.change import labels

    lang = settings.language
    with settings.open(once=True) as graph:
        changes = graph.changes
        past = changes.history()
        entries, off = past.changes, past.cancelled
        about = {each.number: changes.about(each) for each in entries}
        nodes = dict.fromkeys(node.value for found in about.values() for node in found)
        names = graph.resolver.labels(nodes, lang)
        # What is there no more is called as it was when it was last spoken of.
        spoken = (labels((*e.again, *e.removed, *e.added)) for e in entries)
        once = {iri: name for each in spoken for iri, name in each.items()}
        names |= {n: once[n] for n in nodes if names[n] == graph.names.compact(n) and n in once}
    things = {n: [names[node.value] for node in found] for n, found in about.items()}
    things |= {each.number: _renamed(each) for each in entries if each.kind == "rename"}
    if wanted == "json":
        emit_json([_entry(each, things[each.number], each.number in off) for each in entries])
        return
    if not entries:
        settings.warn(say("history.empty"))
        return
    from gsefgraph.answers.tables import Cell, Sheet

    heads = tuple(say(f"log.{head}").text(lang) for head in (
        "number", "time", "by", "what", "things", "files"))  # fmt: skip
    rows = tuple(
        tuple(map(Cell, (
            str(each.number), each.time.replace("T", " ").removesuffix("Z"), each.by,
            _what(each, each.number in off, lang), _several(things[each.number]),
            ", ".join(each.sources),
        )))
        for each in reversed(entries)
    )  # fmt: skip
    draw(Sheet(heads, rows, (True, *(False,) * 5), ()))


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json", "patch"]),
              default="text", help="patch: lines of RDF Patch.")  # fmt: skip
@common
@click.pass_obj
def diff(settings: Settings, before: str, after: str | None, wanted: str) -> int:
    """Say what B states and A did not: files, folders, stores or revisions of git.

    Without B it is what the project states now. Exits with 1 where something differs.

    \b
    gsefgraph diff HEAD
    gsefgraph diff old.ttl new.yaml -f json
    """
    from gsefgraph.graph.comparing import compared

    with settings.open() as graph:
        from gsefgraph.graph.entering import typing

        reading = typing(graph, settings.reading.looking())
        now = str(graph.project.root)
        with compared(before, after or now, graph.project, reading) as found:
            if wanted == "json":
                emit_json(found.to_json(settings.language))
            elif wanted == "patch":
                emit(found.to_patch().encode())
            elif found:
                tell(found.to_text(settings.language) + "\n")
            else:
                settings.warn(say("difference.none"))
            return 1 if found else 0


def _renamed(change: Change) -> list[str]:
    """From what to what something was renamed."""
    from gsefgraph.history.change import labels

    old, new = labels(change.removed), labels(change.added)
    return [" → ".join((*old.values(), *new.values()))]


def _several(names: list[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])])


def _what(change: Change, off: bool, lang: str) -> str:
    what = say(f"log.{change.kind}", number=str(change.undone)).text(lang)
    return say("log.off", what=what).text(lang) if off else what


def _entry(change: Change, things: list[str], off: bool) -> dict[str, object]:
    return {
        "number": change.number,
        "kind": change.kind,
        "time": change.time,
        "by": change.by,
        "files": list(change.sources),
        "things": things,
        "added": len(change.added),
        "removed": len(change.removed),
        "undoes": change.undone,
        "undone": off,
    }


def told(
    settings: Settings, graph: Graph, done: Changed, *, dry_run: bool, listed: bool = False,
    diff: bool = True, undone: bool = False,
) -> int:  # fmt: skip
    """Say what was done, or would be, or why not.

    Parameters:
        listed: whether what is said now and was not has been told already.
        diff: whether it is to be told.
        undone: whether a change was taken back.

    Returns:
        The exit code.
    """
    report = done.report
    if not report.conforms or report.findings:
        check.write(report, "text", settings, check.labels(graph, report, settings))
    if not report.conforms:
        settings.warn(say("cli.not-done"))
        return 1
    if done.difference and diff and not listed:
        tell(done.difference.to_text(settings.language) + "\n")
    if not done.count and not done.gone and done.number is None:
        settings.warn(say("cli.nothing-new"))
        return 0
    where = [_counted(path, *counts) for path, counts in done.files.items()] or [settings.place]
    if done.gone:
        key = "cli.would-change" if dry_run else "cli.changed"
        settings.warn(say(key, count=done.count, gone=done.gone, places=where))
    else:
        key = "cli.would-add" if dry_run else "cli.added"
        settings.warn(say(key, count=done.count, places=where))
    if done.number is not None and not listed:
        key = "cli.redo" if undone else "cli.undo"
        (settings.warn if undone else settings.detail)(say(key, number=str(done.number)))
    return 0


def _counted(path: Path, new: int, gone: int) -> str:
    counts = [f"+{new}"] * bool(new) + [f"−{gone}"] * bool(gone) if gone else [str(new)]
    return f"{seen(path)} ({' '.join(counts)})"

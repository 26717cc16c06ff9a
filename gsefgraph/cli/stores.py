"""`gsefgraph info`, `load` and `export`: what is held, and moving it as a whole."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import click

from gsefgraph.cli import folders, formats
from gsefgraph.cli.formats import TRIPLES, Formats
from gsefgraph.cli.screen import emit, emit_json, tell
from gsefgraph.cli.settings import Settings, alone, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import UsageError
from gsefgraph.wording import say, spoken


@click.command()
@click.option("--check", is_flag=True, help="Read an on-disk store whole against its record.")
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json"]), default="text")
@alone
@common
@click.pass_obj
def info(settings: Settings, check: bool, wanted: str) -> None:
    """What the graph holds: engine, named graphs and their sizes, counts by class."""
    from gsefgraph.engine.embedded import Embedded
    from gsefgraph.graph.summary import summary

    with settings.open() as graph:
        checked = say("cli.from-files")
        if check and isinstance(graph.engine, Embedded) and settings.store != "memory:":
            graph.engine.verify()
            checked = say("cli.whole")
        elif check and settings.store != "memory:":
            checked = say("cli.no-record")
        found = summary(graph)
    if check:
        found["check"] = checked
    if wanted == "json":
        emit_json(found)
        return
    lines = []
    lang = settings.language
    for name, value in found.items():
        head = f"{say(f'info.{name}').text(lang)}{say('word.colon').text(lang)}"
        if isinstance(value, dict):
            lines.append(head)
            wide = max((len(key) for key in value), default=0)
            counts = {key: f"{spoken(count, lang):,}" for key, count in value.items()}
            lines += [f"  {key:<{wide}}  {count:>7}" for key, count in counts.items()]
        else:
            lines.append(f"{head} {spoken(value, lang)}")
    tell("\n".join(lines) + "\n")


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--inferred/--no-inferred", default=True, help="Derive what follows, too.")
@click.option("--strict", is_flag=True, help="Refuse literals that the store would keep in another "
              "lexical form.")  # fmt: skip
@common
@click.pass_obj
def load(settings: Settings, files: tuple[str, ...], inferred: bool, strict: bool) -> None:
    """Load the project's data, or any RDF files, into the store that --store names.

    The ontology comes with it. What the store held before is replaced.
    """
    from gsefgraph.graph.loading import load as load_store

    if settings.store == "memory:":
        raise UsageError(say("cli.no-store"), hint=say("cli.name-store"))
    if settings.data:
        raise UsageError(say("cli.data-memory"), hint=say("cli.after-load"))
    folders.stored(settings, settings.store, new=True)
    settings.store, store = "memory:", settings.store  # which need not be there yet
    files = folders.settled(settings, files, ("project",))
    gently()
    project, shown = settings.open_project(), sys.stderr.isatty() and not settings.quiet
    with _bar(settings) if shown else nullcontext() as advance:
        count = load_store(
            project, store, files, inferred, progress=advance, warn=settings.warn,
            reading=settings.reading, strict=strict,
        )  # fmt: skip
    settings.store = store
    settings.warn(say("cli.loaded", count=count, place=settings.place))


def _bar(settings: Settings) -> AbstractContextManager[Callable[[int], None]]:
    from gsefgraph.cli.screen import bar

    return bar(say("word.quads").text(settings.language))


@click.command()
@click.option("-f", "--format", "wanted", type=Formats(TRIPLES))
@formats.output
@click.option("--graph", metavar="IRI", help="One named graph, such as graph:curation.")
@click.option("--inferred/--no-inferred", default=True, help="With or without derived triples.")
@alone
@common
@click.pass_obj
def export(
    settings: Settings, wanted: str | None, output: str | None, graph: str | None, inferred: bool
) -> None:
    """Write the graph as RDF.

    Turtle, N-Triples and RDF/XML hold the union; TriG, N-Quads and JSON-LD keep the named graphs.
    """
    wanted = wanted or formats.of_file(output, TRIPLES) or "turtle"
    derived = settings.open_project().names.graph("inferred")
    if graph and not inferred and graph in ("graph:inferred", derived):
        raise UsageError(say("cli.all-derived", graph=graph), hint=say("cli.no-inferred"))
    with settings.open(keeping=True) as opened:
        data = opened.export(wanted, graph=graph, inferred=inferred)
    emit(data, output)
    if output and output != "-":
        settings.warn(say("cli.written", file=output, count=len(data), format=wanted))

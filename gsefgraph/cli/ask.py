"""`gsefgraph query`: stored queries, files of SPARQL, SPARQL from stdin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from gsefgraph.cli import complete, formats
from gsefgraph.cli.formats import NETWORKS, ROWS, TRIPLES, Formats
from gsefgraph.cli.screen import draw, emit, emit_json, tell
from gsefgraph.cli.settings import Seconds, Settings, alone, common
from gsefgraph.cli.worker import deadline
from gsefgraph.errors import InputError, UsageError, placed
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.answers.answer import Answer
    from gsefgraph.answers.constructed import Constructed
    from gsefgraph.cli.formats import Suffixes
    from gsefgraph.queries.catalogue import Catalogue, StoredQuery


@click.command()
@click.argument(
    "question", metavar="NAME|FILE.rq|-", required=False, shell_complete=complete.queries
)
@click.option(
    "-p",
    "values",
    metavar="NAME=VALUE",
    multiple=True,
    help="A parameter: an IRI, a name (GSEF, Quito, ODD 8), a date, a number or text.",
    shell_complete=complete.parameters,
)
@click.option(
    "-f",
    "--format",
    "wanted",
    type=Formats(ROWS, NETWORKS, TRIPLES),
    help="Rows (SELECT, ASK): table json csv tsv xml md html svg xlsx. Triples (CONSTRUCT): turtle "
    "jsonld ntriples nquads trig rdfxml. Networks, of either: graphml gexf.",
)
@formats.output
@click.option("--evidence", is_flag=True, help="Show the passages that each row rests on.")
@click.option("--labels", is_flag=True, help="Data formats: a column of names after each of IRIs.")
@click.option(
    "--safe", is_flag=True, help="CSV and TSV: an apostrophe before what a spreadsheet would run."
)
@click.option(
    "--for",
    "reader",
    type=click.Choice(["excel"]),
    help="CSV that Excel opens by a double click: heads and names in the language.",
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows.")
@click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True),
    metavar="S",
    help="Give up after S seconds.",
)
@alone
@common
@click.option(
    "-h", "--help", "told", is_flag=True, help="Show this message; after a NAME, what that asks."
)
@click.pass_obj
def query(
    settings: Settings,
    /,
    question: str | None,
    told: bool,
    values: tuple[str, ...],
    wanted: str | None,
    output: str | None,
    evidence: bool,
    labels: bool,
    safe: bool,
    reader: str | None,
    limit: int | None,
    timeout: float | None,
) -> None:
    """Answer a stored query, a file of SPARQL 1.1, or SPARQL from stdin (-).

    \b
    gsefgraph query events-by-goal -p goal="ODD 8" --lang fr
    gsefgraph query speakers -o speakers.csv
    """
    if told:
        _tell_what(question, settings)
        return
    if question is None:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    from gsefgraph.answers.answer import Answer, sheet, write

    given = _parameters(values)
    text = _stdin() if question == "-" else question
    remote = "://" in settings.store
    # An endpoint is given the deadline too, and this process a moment to say that it passed.
    spare = 0.5 if remote else 0.0
    watched = deadline(None if timeout is None else timeout + spare)
    if not remote:
        # Without a parent no limit all the same lets Ctrl-C through.
        timeout = None if watched else timeout or float("inf")
    with settings.open(once=True) as graph:
        if settings.verbose and question in graph.catalogue:
            from gsefgraph.queries.header import without

            settings.detail(say("cli.asks", text=without(graph.bind(question, **given))))
        with placed("<stdin>" if question == "-" else question):
            if wanted == "svg" or (output or "").lower().endswith(".svg"):
                from gsefgraph.graph.asking import settle

                _has_picture(settle(text, graph.catalogue), graph.catalogue)
            found = graph.query(text, given, timeout=timeout, evidence=evidence, limit=limit)
            wanted = _format(found, wanted, output)
            if reader and wanted != "csv":
                raise UsageError(say("cli.for-csv", reader=reader), hint=say("cli.write-csv"))
        if settings.verbose:
            settings.detail(say("cli.found", count=len(found)))
        for message in found.warnings:
            settings.warn(message)
        if not isinstance(found, Answer):
            emit(found.write(wanted or "turtle", lang=settings.language), output)
        elif wanted in (None, "table") and found.boolean is None:
            # A table of heads alone tells nothing; its warning has said so.
            if wanted or output not in (None, "-") or found.rows or found.sentence:
                draw(sheet(found), output)
        else:
            excel = reader == "excel"
            emit(write(found, wanted or "table", labels=labels, safe=safe, excel=excel), output)


def _format(found: Answer | Constructed, wanted: str | None, output: str | None) -> str | None:
    """The format of an answer of this kind that an option or a file's suffix names."""
    from gsefgraph.answers.answer import Answer

    own: Suffixes = {**TRIPLES, **NETWORKS}
    other, refused = ROWS, "cli.triples"
    if isinstance(found, Answer):
        own, other, refused = {**ROWS, **NETWORKS}, TRIPLES, "cli.rows"
    wanted = wanted or formats.of_file(output, own, beside=other)
    if wanted not in (None, *own):
        raise UsageError(say(refused, format=wanted), hint=say("names.one-of", names=[*own]))
    return wanted


def _has_picture(asked: StoredQuery | str, catalogue: Catalogue) -> None:
    """Refuse a picture of what has none before it is asked."""
    if isinstance(asked, str):
        raise UsageError(say("picture.text"), hint=say("picture.header"))
    if asked.picture is None:
        have = sorted(name for name, query in catalogue.items() if query.picture)
        raise UsageError(say("picture.none", name=asked.name), hint=say("picture.have", names=have))


def _tell_what(question: str | None, settings: Settings) -> None:
    """Help: of a stored query what it asks, in the language of people, else the command's."""
    from gsefgraph.graph.asking import settle
    from gsefgraph.queries.catalogue import of_project
    from gsefgraph.queries.page import to_text

    asked: StoredQuery | str = ""
    if question is not None and question != "-":
        asked = settle(question, of_project(settings.open_project(), settings.warn))
    if isinstance(asked, str):
        tell(f"{click.get_current_context().get_help()}\n")
    else:
        tell(to_text(asked, settings.language, question or ""))


def _parameters(values: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, given, text = value.partition("=")
        if not given or not name:
            raise UsageError(say("cli.not-parameter", value=value), hint=say("cli.write-parameter"))
        if name in found:
            raise UsageError(say("cli.twice", name=name), hint=say("cli.once"))
        found[name] = text
    return found


def _stdin() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            say("file.not-utf8-at", byte=error.start + 1), file="<stdin>", hint=say("cli.send-utf8")
        ) from None
    if not text.strip():
        raise InputError(say("cli.no-query"), file="<stdin>", hint=say("cli.send-sparql"))
    # One line without braces would read as the name of a stored query.
    return f"{text}\n"


_HEADS = ("word.family", "word.name", "word.question", "word.parameters")


@click.command()
@click.option("-f", "--format", "wanted", type=click.Choice(["table", "json"]), default="table")
@common
@click.pass_obj
def queries(settings: Settings, wanted: str) -> None:
    """List the stored queries, the project's own among them; optional parameters in brackets."""
    from gsefgraph.answers.tables import Cell, Sheet
    from gsefgraph.queries.catalogue import of_project

    catalogue = of_project(settings.open_project(), settings.warn)
    for query in catalogue.replaced:
        settings.warn(say("query.replaced", name=query.name, file=query.file))
    lang = settings.language
    found = [query for group in catalogue.families().values() for query in group]
    if wanted == "json":
        entries = [
            {
                "family": query.family,
                "name": query.name,
                "title": query.title,
                "parameters": [
                    {"name": p.name, "type": p.type, "optional": p.optional, "example": p.example}
                    for p in query.parameters
                ],
            }
            for query in found
        ]
        emit_json(entries)
        return
    rows = tuple(
        (
            Cell(query.family),
            Cell(query.name),
            Cell(query.titled(lang)),
            Cell(" ".join(f"[{p.name}]" if p.optional else p.name for p in query.parameters)),
        )
        for query in found
    )
    heads = tuple(say(key).text(lang) for key in _HEADS)
    draw(Sheet(heads, rows, (False,) * 4, ()))

"""Checking a file that someone hands in; a process reads it, and nothing of it is kept."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from gsefgraph.errors import GsefgraphError, QueryTimeout
from gsefgraph.rdf import formats
from gsefgraph.rdf.formats import FORMATS
from gsefgraph.terms import GSEF, SKOS, is_iri
from gsefgraph.web.pages import contribute, error
from gsefgraph.web.shown import Asked, Link, Shown
from gsefgraph.web.turns import Busy
from gsefgraph.web.worker import Record
from gsefgraph.wording import Wording, say, visible

FINDINGS: Final = 200
"""Of one report at most."""
_THINGS: Final = 100
_LINES: Final = 400  # lines of the text that are shown
_WIDE: Final = 300  # characters of a line that are shown
_AROUND: Final = 1  # lines before and after one with a finding
_KEPT: Final = 200_000  # characters of a text that stay in the field
_KNOWN: Final = (*formats.SUFFIXES.split(), ".html")
_WEIGHTS: Final = {"Violation": "bad", "Warning": "warn", "Info": "info"}
_THINGS_OF: Final = f"""SELECT ?s (MIN(?t) AS ?type) (MIN(?own) AS ?label) (MIN(?any) AS ?other) {{
  ?s ?p ?o FILTER(ISIRI(?s))
  OPTIONAL {{ ?s a ?t FILTER(STRSTARTS(STR(?t), "{GSEF}")) }}
  OPTIONAL {{ ?s <{SKOS}prefLabel> ?own FILTER(LANGMATCHES(LANG(?own), "%s")) }}
  OPTIONAL {{ ?s <{SKOS}prefLabel> ?any }}
}} GROUP BY ?s ORDER BY ?s LIMIT {_THINGS + 1}"""


@dataclass(frozen=True)
class Found:
    """One finding.

    Attributes:
        weight: bad, warn or info.
        message, hint: what is wrong, and what would be right; the hint may be empty.
        about: what it is found of.
        line: where, from 1; None where that is not known.
    """

    weight: str
    message: str
    hint: str
    about: str
    line: int | None


@dataclass(frozen=True)
class Line:
    """A line of the text; ``gap`` where lines before it are not shown."""

    number: int
    text: str
    marked: bool
    gap: bool


@dataclass(frozen=True)
class Described:
    """A thing of the file: its name, its class, and its page where the graph knows it."""

    name: str
    kind: str
    href: str


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes:
        name: of the file.
        conforms: whether it may be added.
        sentence: that, with the numbers.
        found: the findings, the gravest first; more: how many more there are.
        lines: those of the text that they are at, and around.
        notes: what is odd about the check itself.
        things: what the file describes; many: whether that is not all.
    """

    name: str
    conforms: bool
    sentence: str
    found: tuple[Found, ...] = ()
    more: int = 0
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    things: tuple[Described, ...] = ()
    many: bool = False


@dataclass(frozen=True)
class Check:
    """What the template of a check receives.

    Attributes:
        result: what was found; None where nothing was sent, or it could not be read.
        trouble: why it could not be checked; empty where it could.
        text: what is in the field.
        formats: name, how it is called, whether it is the chosen one.
        command: the same on the command line.
    """

    result: Result | None
    trouble: str
    text: str
    formats: tuple[tuple[str, str, bool], ...]
    command: str


async def page(asked: Asked) -> Shown:
    """The form; where a file was sent, what was found in it; with ``?example=`` one of ours in it.

    Errors:
        UnknownName: no such example.
    """
    if asked.upload is None:
        example = await asked.deadline.waiting(lambda: _example(asked))
        return _shown(asked, None, "", example)
    name, content = asked.upload
    typed = name == "text" or name.startswith("text.")
    text = content.decode("utf-8", "replace")
    kept = text if typed and len(text) <= _KEPT else ""
    chosen = _chosen(name)

    def trouble(problem: Wording, status: int) -> Shown:
        return _shown(asked, None, problem.text(asked.lang), kept, status, chosen)

    if not content.strip():
        return trouble(say("check.nothing"), 400)
    shown = say("check.your-text").text(asked.lang) if typed else visible(PurePath(name).name[:80])
    file = f"record{_suffix(name)}"
    try:
        told = await judged(asked, content, file, "json", about=_THINGS_OF % asked.lang)
    except Busy:
        return trouble(say("check.busy"), 503)
    except QueryTimeout:
        return trouble(say("check.late", seconds=int(asked.workers.seconds)), 503)
    except GsefgraphError as problem:
        problem.file = shown
        said = _named(error.text(asked, problem), file, shown)
        return trouble(say("check.not-read", problem=said), 200)
    result = await asked.deadline.waiting(lambda: _result(asked, told, file, shown, text))
    return _shown(asked, result, "", kept, 200, chosen)


page.takes_files = True  # type: ignore[attr-defined]


def _shown(
    asked: Asked,
    result: Result | None,
    trouble: str,
    text: str,
    status: int = 200,
    chosen: str = "",
) -> Shown:
    choice = [("", say("check.guess").text(asked.lang), not chosen)]
    choice += [(name, item.title, name == chosen) for name, item in FORMATS.items()]
    view = Check(
        result=result,
        trouble=trouble,
        text=text,
        formats=tuple(choice),
        command=f"gsefgraph validate RECORD.ttl --lang {asked.lang}",
    )
    title = say("web.check").text(asked.lang)
    trail = (Link(say("web.contribute").text(asked.lang), asked.to.to("/contribute")),)
    description = say("check.promise").text(asked.lang)
    return Shown(
        "check",
        view,
        title,
        description,
        place="contribute",
        trail=trail,
        status=status,
        kept=asked.upload is None,
    )


def _chosen(name: str) -> str:
    """The format that was chosen for what was typed; empty where none was."""
    kind = name.removeprefix("text.")
    return kind if kind in FORMATS else ""


def _suffix(name: str) -> str:
    """A suffix that says what a file of this name holds; empty where its content must tell."""
    if kind := _chosen(name):
        return FORMATS[kind].suffixes[0]
    return next((suffix for suffix in _KNOWN if name.lower().endswith(suffix)), "")


def _example(asked: Asked) -> str:
    name = asked.values.get("example", "")
    if not name:
        return ""
    return contribute.example(replace(asked, named={"name": name})).content.decode()


async def judged(
    asked: Asked, content: bytes, name: str, form: str, *, about: str = ""
) -> dict[str, Any]:
    """What a process finds in a record.

    Parameters:
        name: of its file, whose suffix says what it holds.
        form: of the report.
        about: a SELECT that is asked of the record alone, if it conforms.

    Returns:
        ``conforms``, ``report`` in the form, ``rows`` as SPARQL results in JSON.

    Errors:
        QueryTimeout: it takes too long, or (`Busy`) too many ask. EngineError: the process has
        died. InputError, UsageError: it cannot be read as what it claims to be.

    >>> import asyncio
    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> asyncio.run(judged(asked, b"", "record.ttl", "json"))["conforms"]
    True
    """
    sent = b64encode(content).decode()
    record = Record(sent, name, form, asked.lang, FINDINGS, about)
    reply = await asked.workers.answer(asked.graph, asked.generation, record, asked.client)
    found: dict[str, Any] = json.loads(reply.body)
    return found


def _result(asked: Asked, told: dict[str, Any], file: str, name: str, text: str) -> Result:
    """What a page shows of a report."""
    lang, report = asked.lang, json.loads(told["report"])
    counts: dict[str, int] = report["counts"]
    found = sorted(map(_finding, report["findings"]), key=lambda each: _order(each.weight))
    wrong, odd = counts.get("Violation", 0), sum(counts.values()) - counts.get("Violation", 0)
    conforms = bool(report["conforms"])
    things = _things(asked, told["rows"]) if told["rows"] else []
    return Result(
        name=name,
        conforms=conforms,
        sentence=_sentence(conforms, wrong, odd, len(things)).text(lang),
        found=tuple(found),
        more=max(sum(counts.values()) - len(found), 0),
        lines=tuple(_lines(text, {each.line for each in found if each.line})),
        notes=tuple(_named(str(note), file, name) for note in report["warnings"]),
        things=tuple(things[:_THINGS]),
        many=len(things) > _THINGS,
    )


def _sentence(conforms: bool, wrong: int, odd: int, things: int) -> Wording:
    if not conforms:
        return say("check.wrong", count=wrong)
    if not things:
        return say("check.empty")
    return say("check.odd", count=odd) if odd else say("check.right")


def _order(weight: str) -> int:
    return ("bad", "warn", "info").index(weight)


def _finding(body: dict[str, Any]) -> Found:
    place = body.get("source") or {}
    line = place.get("line")
    return Found(
        weight=_WEIGHTS.get(str(body.get("severity")), "info"),
        message=visible(str(body.get("message") or "")),
        hint=visible(str(body.get("hint") or "")),
        about=visible(str(body.get("focusName") or body.get("focus") or "")),
        line=line if isinstance(line, int) else None,
    )


def _named(text: str, file: str, name: str) -> str:
    return visible(text.replace(file, name))


def _lines(text: str, wanted: set[int]) -> Iterable[Line]:
    """The lines of a text with findings, and those around them."""
    every = text.splitlines()
    shown = {
        number + step
        for number in wanted
        for step in range(-_AROUND, _AROUND + 1)
        if 1 <= number + step <= len(every)
    }
    before = 0
    for number in sorted(shown)[:_LINES]:
        line = every[number - 1]
        short = line if len(line) <= _WIDE else f"{line[:_WIDE]}…"
        yield Line(number, visible(short), number in wanted, bool(before) and number > before + 1)
        before = number


def _things(asked: Asked, rows_of: str) -> list[Described]:
    """What a file that conforms describes, each with its page where the graph knows it."""
    rows = json.loads(rows_of)["results"]["bindings"]
    iris = [row["s"]["value"] for row in rows]
    kinds = [row["type"]["value"] for row in rows if "type" in row]
    names = asked.graph.resolver.labels([iri for iri in (*iris, *kinds) if is_iri(iri)], asked.lang)
    compact = asked.graph.names.compact
    found = []
    for row in rows:
        iri = row["s"]["value"]
        known = names.get(iri, compact(iri)) != compact(iri)
        label = row.get("label") or row.get("other")
        kind = row["type"]["value"] if "type" in row else ""
        found.append(
            Described(
                name=visible(names[iri] if known else label["value"] if label else compact(iri)),
                kind=names.get(kind, ""),
                href=asked.to.page(iri) if known else "",
            )
        )
    return found

"""SPARQL on screen: an editor, an answer by the server, and the same as a file.

A query runs in a process of its own (`guarded`), since no engine can be told to stop; what it
answers is read from the formats of the SPARQL 1.1 results, as anybody would.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.words import Ref
from gsefgraph.queries import header
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.sparql.form import form
from gsefgraph.terms import XSD, is_iri
from gsefgraph.web import accepting, guarded, rendering
from gsefgraph.web.addresses import CALLED, outside
from gsefgraph.web.pages.questions import family
from gsefgraph.web.shown import Answered, Asked, File, Link, Shown
from gsefgraph.wording import say

DEADLINE: Final = 10.0
"""Seconds that a query may take."""
LONGEST: Final = 64 * 2**10
"""Bytes of a query."""

_ROWS: Final = 1_000  # shown
_LINES: Final = 1_000  # of Turtle, shown
_AROUND: Final = 2  # lines before and after a fault
_WIDE: Final = 200  # characters of a line on either side
_PAGE: Final = "html"
_ROWS_AS: Final = {
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xml": "application/sparql-results+xml",
}
_TRIPLES_AS: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
_FORMATS: Final = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
_FAULT = re.compile(
    r"(?:<stdin>:(?P<line>\d+):(?:(?P<column>\d+):)?|<stdin>:)? ?(?P<text>.*)", re.S
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query.

    Attributes:
        message: one line.
        line, column: where it is, from 1; 0 where it is nowhere.
        lines: the text there: number of the line, what stands before the fault, at it and after it.
    """

    message: str
    line: int = 0
    column: int = 0
    lines: tuple[tuple[int, str, str, str], ...] = ()


@dataclass(frozen=True)
class Cell:
    """One value of a row: a thing with its name, or a text with its language or datatype."""

    ref: Ref | None = None
    href: str = ""
    compact: str = ""
    text: str = ""
    lang: str = ""
    kind: str = ""
    number: bool = False


@dataclass(frozen=True)
class Editor:
    """What the template of the page receives.

    Attributes:
        query: the text in the editor.
        fault: what is wrong with it; stopped: that it took too long, and the command for home.
        sentence: the answer, with its number; cut: that not all is shown.
        notes: what the engine had to say.
        heads, rows: of a SELECT; triples: of a CONSTRUCT, as Turtle.
        downloads: the same answer as files.
        examples: stored queries, by family.
        yasqe: whether the larger editor is there.
        plain: the address with the plain one, or the other way about.
    """

    query: str
    fault: Fault | None = None
    stopped: str = ""
    command: str = ""
    sentence: str = ""
    cut: str = ""
    notes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    triples: str = ""
    downloads: tuple[Link, ...] = ()
    examples: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    yasqe: bool = False
    plain: bool = False


def page(asked: Asked) -> Answered:
    """The editor with what it is asked, or the answer in the format that the client asks for."""
    text = asked.values.get("query", "")
    if example := asked.values.get("example", ""):
        text = text or _written(asked, asked.graph.catalogue.get(example))
        return _shown(asked, Editor(text))
    if not text.strip():
        return _shown(asked, Editor(""))
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        fault = Fault(say("sparql-page.too-long", most=LONGEST // 1024).text(asked.lang))
        return _shown(asked, Editor(text[:LONGEST], fault), 413)
    triples = _makes_triples(text)
    wanted = _format(asked, triples=triples)
    if wanted != _PAGE:
        return _file(asked, text, wanted)
    done = _run(asked, text, "turtle" if triples else "json")
    if failed := _failed(asked, text, done):
        return failed
    notes = tuple(_lines(done.err))
    view = Editor(text, notes=notes, downloads=tuple(_downloads(asked, triples=triples)))
    return _shown(asked, _triples(asked, view, done) if triples else _rows(asked, view, done))


page.negotiates = True  # type: ignore[attr-defined]
page.longest = 4 * LONGEST  # type: ignore[attr-defined]


def terms(asked: Asked) -> File:
    """Completions of ``?q=`` as JSON: label, compact IRI, description.

    ``?kind=`` chooses classes, properties or things; without it a prefix such as ``gsef:`` does.
    """
    from gsefgraph.graph.vocabulary import Vocabulary

    text = asked.values.get("q", "").strip()[:200]
    kind = asked.values.get("kind", "")
    found: list[dict[str, str]] = []
    if text and kind != "thing":
        words = Vocabulary.of(asked.graph, asked.lang)
        pool = {"class": words.classes, "property": words.properties}
        wanted = text.casefold().rpartition(":")[2]
        for iri in pool.get(kind, (*words.classes, *words.properties)):
            compact, label = words.compact(iri), words.label(iri)
            if wanted in compact.casefold() or wanted in label.casefold():
                found.append({"label": label, "iri": compact, "description": words.comment(iri)})
        found.sort(key=lambda term: not term["iri"].casefold().partition(":")[2].startswith(wanted))
    if len(text) > 1 and kind in ("", "thing"):
        for hit in asked.graph.resolver.search(text, asked.lang, 20):
            what = asked.label(hit.kind.value) if hit.kind else ""
            compact = asked.graph.names.compact(hit.iri.value)
            found.append({"label": hit.label, "iri": compact, "description": what})
    body = json.dumps(found[:40], ensure_ascii=False).encode()
    return File(body, "application/json")


def _shown(asked: Asked, view: Editor, status: int = 200) -> Shown:
    there = "yasqe/yasqe.min.js" in rendering.statics()
    plain = asked.values.get("editor") == "plain"
    view = replace(view, examples=tuple(_examples(asked)), yasqe=there, plain=plain)
    large = there and not plain
    return Shown(
        "sparql",
        view,
        say("web.endpoint").text(asked.lang),
        description=say("sparql-page.lede", seconds=int(DEADLINE)).text(asked.lang),
        status=status,
        indexed=False,
        kept=status == 200,
        scripts=("yasqe/yasqe.min.js", "sparql.js") if large else (),
        styles=("yasqe/yasqe.min.css",) if large else (),
    )


def _makes_triples(text: str) -> bool:
    # What is wrong with a text, the command says.
    with suppress(GsefgraphError, RecursionError):
        return form(text) in ("construct", "describe")
    return False


def _format(asked: Asked, *, triples: bool) -> str:
    known = _TRIPLES_AS if triples else _ROWS_AS
    wanted = asked.values.get("format", "")
    if wanted in known:
        return wanted
    return accepting.best(asked.accept, {_PAGE: "text/html", **known}) or _PAGE


def _run(asked: Asked, text: str, wanted: str) -> guarded.Done:
    arguments = ["query", "-", "-f", wanted, "--timeout", str(DEADLINE), "--lang", asked.lang]
    # One line without braces would read as the name of a stored query.
    given = f"{text}\n".encode("utf-8", "replace")
    return guarded.run(asked.options, arguments, stdin=given, seconds=DEADLINE)


def _file(asked: Asked, text: str, wanted: str) -> Answered:
    done = _run(asked, text, _FORMATS.get(wanted, wanted))
    if failed := _failed(asked, text, done):
        return failed
    media = {**_ROWS_AS, **_TRIPLES_AS}[wanted]
    return File(done.out, media, f"answer.{wanted}" if "format" in asked.values else "")


def _failed(asked: Asked, text: str, done: guarded.Done) -> Shown | None:
    """The page of a run that gave no answer."""
    lang = asked.lang
    if done.late:
        told = say("sparql-page.stopped", seconds=int(DEADLINE)).text(lang)
        command = f"gsefgraph query - --lang {lang} <<'END'\n{text}\nEND"
        return _shown(asked, Editor(text, stopped=told, command=command), 503)
    if done.cut:
        return _shown(asked, Editor(text, Fault(say("sparql-page.too-much").text(lang))), 400)
    if done.code == 0:
        return None
    last = next(reversed(_lines(done.err)), say("web.failed").text(lang))
    return _shown(
        asked, Editor(text, _fault(text, last.removeprefix(say("cli.error").text(lang)))), 400
    )


def _fault(text: str, said: str) -> Fault:
    """What is wrong, from the line of the command, with the place in the text."""
    match = _FAULT.fullmatch(said.strip())
    if match is None or not match["line"]:
        return Fault(match["text"] if match else said)
    line, column = int(match["line"]), int(match["column"] or 0)
    written = text.splitlines() or [""]
    around = []
    for number in range(max(1, line - _AROUND), min(len(written), line + _AROUND) + 1):
        here = written[number - 1]
        if number != line or not column:
            around.append((number, here[: 2 * _WIDE], "", ""))
            continue
        at = re.compile(r"[\w:?$-]+|.?").match(here, column - 1)
        end = at.end() if at else column
        before, after = here[: column - 1][-_WIDE:], here[end:][:_WIDE]
        around.append((number, before, here[column - 1 : end] or " ", after))
    return Fault(match["text"], line, column, tuple(around))


def _rows(asked: Asked, view: Editor, done: guarded.Done) -> Editor:
    lang = asked.lang
    answer = json.loads(done.out)
    if "boolean" in answer:
        told = say("sparql-page.yes") if answer["boolean"] else say("sparql-page.no")
        return replace(view, sentence=told.text(lang))
    heads = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    shown = rows[:_ROWS]
    iris = {v["value"] for row in shown for v in row.values() if v["type"] == "uri"}
    refs = asked.refs(sorted(filter(is_iri, iris)))
    return replace(
        view,
        sentence=say("sparql-page.rows", count=len(rows)).text(lang),
        cut=say("sparql-page.first", most=_ROWS, count=len(rows)).text(lang)
        if len(rows) > _ROWS
        else "",
        heads=tuple(heads),
        rows=tuple(tuple(_cell(asked, row.get(h), refs) for h in heads) for row in shown),
    )


def _cell(asked: Asked, value: dict[str, Any] | None, refs: dict[str, Ref]) -> Cell:
    if value is None:
        return Cell()
    text, names = value["value"] if isinstance(value["value"], str) else "", asked.graph.names
    if value["type"] == "uri":
        compact, ref = names.compact(text), refs.get(text)
        if ref and ref.label != compact:
            return Cell(ref=ref, href=asked.to.page(text), compact=compact)
        return Cell(href=outside(text), compact=compact)
    if value["type"] == "bnode":
        return Cell(text=f"_:{text}")
    if value["type"] != "literal":
        return Cell(text=json.dumps(value["value"], ensure_ascii=False))
    kind = value.get("datatype", "")
    local = kind.removeprefix(XSD)
    number = local in ("integer", "decimal", "double", "float")
    told = "" if number or local in ("string", "") else names.compact(kind)
    return Cell(text=text, lang=value.get("xml:lang", ""), kind=told, number=number)


def _triples(asked: Asked, view: Editor, done: guarded.Done) -> Editor:
    lines = done.out.decode("utf-8", "replace").splitlines()
    cut = ""
    if len(lines) > _LINES:
        cut = say("sparql-page.first-lines", most=_LINES, count=len(lines)).text(asked.lang)
    count = sum(line.rstrip().endswith((";", ".", ",")) for line in lines if line[:1] != "@")
    sentence = (
        say("sparql-page.lines", count=len(lines)) if count else say("sparql-page.no-triples")
    )
    return replace(
        view,
        sentence=sentence.text(asked.lang),
        cut=cut,
        triples="\n".join(lines[:_LINES]) if count else "",
    )


def _lines(err: bytes) -> list[str]:
    lines = err.decode("utf-8", "replace").splitlines()
    return [line.removeprefix("gsefgraph: ") for line in lines if line.strip()]


def _downloads(asked: Asked, *, triples: bool) -> Iterator[Link]:
    query = asked.values.get("query", "")
    for name in ("ttl", "jsonld", "nt") if triples else ("csv", "json"):
        yield Link(CALLED[name], asked.to.to("/sparql", query=query, format=name))


def _examples(asked: Asked) -> Iterator[tuple[str, tuple[Link, ...]]]:
    lang = asked.lang
    for name, queries in asked.graph.catalogue.families().items():
        links = tuple(
            Link(
                query.titled(lang),
                asked.to.to("/sparql", example=query.name),
            )
            for query in queries
        )
        yield family(name, lang), links


def _written(asked: Asked, query: StoredQuery) -> str:
    """A stored query as a person would write it, with the examples of its parameters."""
    values = {p.name: p.example for p in query.parameters if p.example and not p.default}
    text = asked.graph.bind(query.name, **values)
    return header.without(text).strip() + "\n"

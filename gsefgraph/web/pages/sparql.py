"""SPARQL on screen: an editor, and an answer by the server.

A query runs in a process of its own (`workers`), since no engine can be told to stop; what it
answers is read from the formats of the SPARQL 1.1 results, as anybody would.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from gsefgraph.errors import GsefgraphError, QueryTimeout
from gsefgraph.graph.words import Ref
from gsefgraph.queries import header
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.sparql.form import form
from gsefgraph.terms import XSD, is_iri
from gsefgraph.web import rendering
from gsefgraph.web.addresses import CALLED, outside
from gsefgraph.web.pages import error
from gsefgraph.web.pages.questions import family
from gsefgraph.web.shown import Asked, File, Link, Shown
from gsefgraph.web.turns import Busy
from gsefgraph.web.worker import Question
from gsefgraph.web.workers import Reply
from gsefgraph.wording import say

_ROWS: Final = 1_000  # shown
_MOST: Final = 100_000  # that there may be
_LINES: Final = 1_000  # of Turtle, shown
_AROUND: Final = 2  # lines before and after a fault
_WIDE: Final = 200  # characters of a line on either side


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


def question(
    asked: Asked, query: str, default: tuple[str, ...], named: tuple[str, ...]
) -> Question | None:
    """What is asked for the page of a query; None where it shows no answer.

    Parameters:
        default, named: IRIs of graphs that take the place of those in the query.
    """
    if asked.values.get("example", "") or not query.strip():
        return None
    wanted = "turtle" if _makes_triples(query) else "json"
    return Question(
        query, wanted, asked.lang, default, named, asked.endpoint, rows=_MOST, notes=True
    )


def page(asked: Asked, query: str = "", reply: Reply | None = None) -> Shown:
    """The editor with a query and its answer."""
    if example := asked.values.get("example", ""):
        query = query or _written(asked, asked.graph.catalogue.get(example))
    if reply is None:
        return _shown(asked, Editor(query if query.strip() else ""))
    triples = _makes_triples(query)
    view = Editor(query, notes=reply.notes, downloads=tuple(_downloads(asked, query, triples)))
    shown = _triples(asked, view, reply.body) if triples else _rows(asked, view, reply.body)
    return _shown(asked, shown)


def refused(asked: Asked, status: int, problem: GsefgraphError, query: str = "") -> Shown:
    """The editor with what is wrong."""
    lang = asked.lang
    query = (query or asked.values.get("query", ""))[: asked.workers.longest]
    if isinstance(problem, QueryTimeout) and not isinstance(problem, Busy):
        told = say("sparql-page.stopped", seconds=int(asked.workers.seconds)).text(lang)
        command = f"gsefgraph query - --lang {lang} <<'END'\n{query}\nEND"
        return _shown(asked, Editor(query, stopped=told, command=command), status)
    return _shown(asked, Editor(query, _fault(asked, query, problem)), status)


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
        description=say("sparql-page.lede", seconds=int(asked.workers.seconds)).text(asked.lang),
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


def _fault(asked: Asked, text: str, problem: GsefgraphError) -> Fault:
    """What is wrong, with the place in the text."""
    message = error.text(asked, problem, placed=False)
    if not problem.line:
        return Fault(message)
    line, column = problem.line, problem.column or 0
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
    return Fault(message, line, column, tuple(around))


def _rows(asked: Asked, view: Editor, found: bytes) -> Editor:
    lang = asked.lang
    answer = json.loads(found)
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


def _triples(asked: Asked, view: Editor, found: bytes) -> Editor:
    lines = found.decode("utf-8", "replace").splitlines()
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


def _downloads(asked: Asked, query: str, triples: bool) -> Iterator[Link]:
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

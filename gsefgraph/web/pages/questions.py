"""Questions: all stored queries, and each with its form, its answer and the words it rests on."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from urllib.parse import quote

from pyoxigraph import DefaultGraph, NamedNode, Quad

from gsefgraph.answers.answer import FORMATS, Answer, write
from gsefgraph.answers.constructed import Constructed
from gsefgraph.answers.pictures.drawn import Drawn
from gsefgraph.errors import GsefgraphError, QueryTimeout, UnknownName
from gsefgraph.graph import asking
from gsefgraph.queries import header
from gsefgraph.queries import page as queries
from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.sparql.prologue import missing
from gsefgraph.web import form, table
from gsefgraph.web.addresses import CALLED, DATA
from gsefgraph.web.form import Field, Form
from gsefgraph.web.pages.data import NAMES
from gsefgraph.web.pages.error import Trouble
from gsefgraph.web.shown import DESCRIBED, Asked, File, Link, Shown, short
from gsefgraph.web.table import Table
from gsefgraph.wording import say

_LINES: Final = 400  # of triples
_THINGS: Final = 1_000  # that are described in one file
_ADDRESS: Final = 6_000  # characters of a query that an address carries
ROWS: Final = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/sparql-results+json",
    "jsonld": DATA["jsonld"],
    "svg": "image/svg+xml",
}
"""Suffixes of the files of rows, and their media types."""
FAMILIES: Final = {
    "events": "question.events",
    "people": "question.people",
    "organisations": "question.organisations",
    "documents": "question.documents",
    "goals": "question.goals",
    "quality": "question.quality",
}
"""The families of the shipped queries, and what they are called."""


@dataclass(frozen=True)
class Entry:
    """A question in the list: its title, its help in short, what can be given."""

    link: Link
    help: str
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Questions:
    """What the template of all questions receives: families with their questions.

    Attributes:
        families: key, title, questions.
        count: of all questions.
    """

    families: tuple[tuple[str, str, tuple[Entry, ...]], ...]
    count: int


@dataclass(frozen=True)
class Elsewhere:
    """The same question in another place: what it is called, a text, and where that can be run."""

    title: str
    text: str
    link: Link | None = None


@dataclass(frozen=True)
class Nothing:
    """An answer without rows: the ways on.

    Attributes:
        backwards: that a period ends before it begins, where one does.
        others: values that have answers.
        without: the question without what may be left out.
    """

    backwards: str
    others: tuple[Link, ...]
    without: tuple[Link, ...]


@dataclass(frozen=True)
class Question:
    """What the template of a question receives.

    Attributes:
        title, help: of the query.
        address: where its form leads.
        fields: of the form; without a server ``choices`` in its place, label and answers of each.
        example: whether the answer is for the examples, since nothing was given; ``told`` says what
            was given, label and value.
        sentence: the answer in a sentence; empty where there is none.
        downloads: the answer as files.
        picture: a layout of `answers.pictures`; None where there is none to draw.
        table: the rows; None for triples and truth values, and where there are none.
        caption: of the table.
        triples: of a CONSTRUCT, as Turtle; ``cut`` where that is not all of it.
        nothing: told instead of a table where there are no rows.
        stopped: the command that has more time, where the deadline was reached.
        elsewhere: the same question in other places.
    """

    title: str
    help: str
    address: str
    fields: tuple[Field, ...]
    choices: tuple[tuple[str, tuple[Link, ...]], ...]
    example: bool
    told: tuple[tuple[str, str], ...]
    sentence: str
    downloads: tuple[Link, ...]
    picture: Drawn | None
    table: Table | None
    caption: str
    triples: str
    cut: bool
    nothing: Nothing | None
    stopped: str
    elsewhere: tuple[Elsewhere, ...]


def all_of_them(asked: Asked) -> Shown:
    """All stored queries, by family."""
    catalogue = asked.graph.catalogue
    families = catalogue.families()
    order = [*(name for name in FAMILIES if name in families), *families]
    view = Questions(
        families=tuple(
            (
                name or "others",
                family(name, asked.lang),
                tuple(_entry(asked, query) for query in families[name]),
            )
            for name in dict.fromkeys(order)
        ),
        count=len(catalogue),
    )
    title = say("web.questions").text(asked.lang)
    about = say("question.about", count=len(catalogue)).text(asked.lang)
    return Shown("questions", view, title, about, place="questions")


def family(name: str, lang: str) -> str:
    """What a family of queries is called."""
    if name in FAMILIES:
        return say(FAMILIES[name]).text(lang)
    return name.replace("-", " ").capitalize() or say("question.others").text(lang)


def _entry(asked: Asked, query: StoredQuery) -> Entry:
    lang = asked.lang
    takes = tuple(item.called(lang) for item in query.parameters if item.name != "lang")
    return Entry(
        Link(query.titled(lang), asked.to.question(query.name)),
        _first(query.described(lang)),
        takes,
    )


def _first(text: str) -> str:
    """The first sentence of a text."""
    return text.split(". ")[0].rstrip(".") + "." if text else ""


def page(asked: Asked) -> Shown:
    """One question with its form and its answer."""
    name = asked.named["name"]
    if name not in asked.graph.catalogue:
        return _unknown(asked, name)
    query = asked.graph.catalogue.get(name)
    filled = form.read(asked, query)
    found: Answer | Constructed | None = None
    stopped = ""
    if not filled.faulty and (filled.values or not _needed(query)):
        try:
            found = _ask(asked, query, filled.values)
        except QueryTimeout:
            stopped = f"{_command(query, filled.values, asked.lang)} --timeout 60"
    picture = _picture(found)
    files = {} if found is None else _files(asked, query, found, picture, filled.values)
    view = _view(asked, query, filled, found, stopped, picture, tuple(files.values()))
    status = 503 if stopped else 400 if filled.faulty else 200
    title = view.title
    if filled.told and not filled.example and not filled.faulty:
        values = ", ".join(value for _, value in filled.told)
        title = say("question.titled", title=title, values=values).text(asked.lang)
    media = DATA if isinstance(found, Constructed) else ROWS
    return Shown(
        "question",
        view,
        title,
        description=short(_first(view.sentence or view.help)),
        place="questions",
        trail=(
            Link(say("web.questions").text(asked.lang), asked.to.to("/questions")),
            Link(
                family(query.family, asked.lang),
                f"{asked.to.to('/questions')}#{query.family or 'others'}",
            ),
        ),
        status=status,
        data={media[suffix].split(";")[0]: link.href for suffix, link in files.items()},
        indexed=status == 200 and not {"sort", "page"} & asked.values.keys(),
        kept=status == 200,
    )


page.addressed = True  # type: ignore[attr-defined]


def _unknown(asked: Asked, name: str) -> Shown:
    catalogue = asked.graph.catalogue
    near = get_close_matches(name, catalogue, 3, 0.5)
    links = tuple(
        Link(catalogue.get(one).titled(asked.lang), asked.to.question(one)) for one in near
    )
    title = say("question.none-such").text(asked.lang)
    text = say("question.unknown-name", name=name[:DESCRIBED]).text(asked.lang)
    view = Trouble(title, text, name.replace("-", " ")[:DESCRIBED], links)
    return Shown("error", view, title, place="questions", status=404, indexed=False, kept=False)


def _needed(query: StoredQuery) -> bool:
    return any(item.required for item in query.parameters)


def _ask(asked: Asked, query: StoredQuery, values: Mapping[str, str]) -> Answer | Constructed:
    return asked.within(lambda: asked.graph.query(query.name, dict(values), lang=asked.lang))


def _view(
    asked: Asked,
    query: StoredQuery,
    filled: Form,
    found: Answer | Constructed | None,
    stopped: str,
    picture: Drawn | None,
    downloads: tuple[Link, ...],
) -> Question:
    lang = asked.lang
    title = query.titled(lang)
    given = filled.values
    rows = nothing = None
    sentence = triples = caption = ""
    cut = False
    if isinstance(found, Constructed):
        sentence = say("question.triples", count=len(found)).text(lang)
        lines = found.write("turtle").decode().splitlines()
        triples, cut = "\n".join(lines[:_LINES]), len(lines) > _LINES
    elif found is not None:
        sentence = found.sentence or _plain_sentence(found, lang)
        if found.rows:
            rows = table.of(asked, query, found, {} if filled.example else given)
            caption = title
            if filled.told:
                values = "; ".join(
                    say("question.value", label=label, value=value).text(lang)
                    for label, value in filled.told
                )
                caption = say("question.caption", title=title, values=values).text(lang)
        elif found.boolean is None and filled.told:
            nothing = Nothing(filled.backwards, filled.others, tuple(_without(asked, query, given)))
    return Question(
        title=title,
        help=query.described(lang),
        address=f"/questions/{query.name}",
        fields=() if asked.offline else filled.fields,
        choices=tuple(_choices(asked, query, filled.fields)) if asked.offline else (),
        example=filled.example and found is not None,
        told=filled.told,
        sentence=sentence,
        downloads=downloads,
        picture=picture if rows is not None and rows.first == 1 else None,
        table=rows,
        caption=caption,
        triples=triples,
        cut=cut,
        nothing=nothing,
        stopped=stopped,
        elsewhere=() if found is None else tuple(_elsewhere(asked, query, given)),
    )


def _choices(
    asked: Asked, query: StoredQuery, fields: tuple[Field, ...]
) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """For each field the answers with one of its values, the others being as in the example."""
    given = form.examples(query)
    for field in fields:
        links = tuple(
            Link(option.text, asked.to.question(query.name, **{**given, field.name: option.value}))
            for option in field.options
            if not option.shut
        )
        if links:
            yield field.label, links


def _plain_sentence(answer: Answer, lang: str) -> str:
    if answer.boolean is not None:
        return (say("word.yes") if answer.boolean else say("word.no")).text(lang)
    return say("question.found", count=len(answer.rows)).text(lang)


def _without(asked: Asked, query: StoredQuery, given: Mapping[str, str]) -> Iterator[Link]:
    for item in query.parameters:
        if item.optional and item.name in given:
            label = item.called(asked.lang)
            rest = {name: value for name, value in given.items() if name != item.name}
            words = say("question.leave-out", label=label).text(asked.lang)
            yield Link(words, asked.to.question(query.name, **rest))


def file(asked: Asked) -> File:
    """The answer as a file: all its rows, with the passages they rest on where it has a column for
    them; of CONSTRUCT the triples.

    Errors:
        UnknownName: no such question, or no such file of it. ParameterError: a value.
    """
    query = asked.graph.catalogue.get(asked.named["name"])
    suffix = asked.named["suffix"]
    values = form.given(asked, query)
    known = (*ROWS, *DATA)
    found = _ask(asked, query, values) if suffix in known else None
    picture = _picture(found)
    if found is None or suffix not in _suffixes(query, found, picture):
        raise UnknownName(say("answer.no-format", format=suffix))
    name = f"{query.name}.{suffix}"
    if isinstance(found, Constructed):
        return File(found.write(NAMES[suffix]), DATA[suffix], name)
    if suffix == "jsonld":
        return File(described(asked, query, found), ROWS[suffix], name)
    if picture is not None and suffix == "svg":
        return File(picture.svg.encode(), ROWS[suffix], name)
    if query.evidence and found.boolean is None and suffix != "json":
        found = asking.with_evidence(found, query, asked.graph.engine)
    content = write(found, suffix, safe=suffix == "csv", labels=suffix == "csv")
    return File(content, ROWS[suffix], name)


def _picture(found: Answer | Constructed | None) -> Drawn | None:
    """The picture of an answer; None where that would show nothing."""
    drawn = found.picture() if isinstance(found, Answer) and found.rows else None
    return drawn if drawn is not None and len(drawn) else None


def _suffixes(
    query: StoredQuery, found: Answer | Constructed, picture: Drawn | None
) -> tuple[str, ...]:
    """The files that an answer can be had as."""
    if isinstance(found, Constructed):
        return tuple(DATA)
    if found.boolean is not None:
        return ("csv", "json")
    suffixes = ["csv", *(["xlsx"] if "xlsx" in FORMATS else []), "json"]
    if 0 < len(_things(query, found)) <= _THINGS:
        suffixes.append("jsonld")
    if picture is not None:
        suffixes.append("svg")
    return tuple(suffixes)


def _files(
    asked: Asked,
    query: StoredQuery,
    found: Answer | Constructed,
    picture: Drawn | None,
    given: Mapping[str, str],
) -> dict[str, Link]:
    """The files of an answer: suffix -> what the format is called, and where it is."""
    values = {**given, "lang": asked.lang}
    return {
        suffix: Link(CALLED[suffix], asked.to.question(query.name, suffix, **values))
        for suffix in _suffixes(query, found, picture)
    }


def _things(query: StoredQuery, answer: Answer) -> list[NamedNode]:
    """The things that rows are about, and the nodes that they rest on."""
    kinds = [
        name
        for place, name in enumerate(answer.columns)
        if name not in query.evidence and any(isinstance(r[place], NamedNode) for r in answer.rows)
    ]
    places = [answer.columns.index(name) for name in (*kinds[:1], *query.evidence)]
    nodes = (row[place] for row in answer.rows for place in places)
    return list(dict.fromkeys(node for node in nodes if isinstance(node, NamedNode)))


def described(asked: Asked, query: StoredQuery, answer: Answer) -> bytes:
    """What the graph says of the things of an answer, and of what it rests on, as JSON-LD.

    >>> from gsefgraph.graph.graph import Graph
    >>> from gsefgraph.web.addresses import Addresses
    >>> graph = Graph.open()
    >>> answer = graph.query("documents-by-issuer", {"agent": "GSEF"})
    >>> asked = Asked(graph, "en", Addresses(graph.names))
    >>> b'"@context"' in described(asked, answer.asked, answer)
    True
    """
    from gsefgraph.rdf.export import export

    graph = asked.graph
    quads = graph.engine.lookup([(node, None, None) for node in _things(query, answer)])
    triples = dict.fromkeys(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
    return export(triples, "jsonld", graph.names, context=graph.project.context)


def _elsewhere(asked: Asked, query: StoredQuery, given: Mapping[str, str]) -> Iterator[Elsewhere]:
    lang = asked.lang
    yield Elsewhere(say("question.terminal").text(lang), _command(query, given, lang))
    yield Elsewhere("Python", _python(query, given, lang))
    if not asked.offline:
        triples = query.form in ("construct", "describe")
        also = {"lang": lang, "format": "ttl" if triples else "csv"}
        if query.evidence and query.form == "select":
            also["evidence"] = "true"
        address = asked.to.to(f"/api/queries/{quote(query.name)}", **{**also, **given})
        yield Elsewhere("curl", f'curl "{asked.address}{address}"')
    try:
        text = _sparql(asked, query, given)
    except GsefgraphError:
        return
    link = None
    if len(text) <= _ADDRESS and not asked.offline:
        words = say("question.editor").text(lang)
        link = Link(words, asked.to.to("/sparql", query=text))
    yield Elsewhere("SPARQL", text, link)


def _command(query: StoredQuery, given: Mapping[str, str], lang: str) -> str:
    values = "".join(f" -p {name}={queries.word(value)}" for name, value in given.items())
    evidence = " --evidence" if query.evidence and query.form == "select" else ""
    return f"gsefgraph query {query.name}{values} --lang {lang}{evidence}"


def _python(query: StoredQuery, given: Mapping[str, str], lang: str) -> str:
    def value(text: str) -> str:
        return (
            text
            if text.isascii() and text.isdigit() and text[0] != "0"
            else json.dumps(text, ensure_ascii=False)
        )

    if any(keyword.iskeyword(name) for name in given):
        pairs = ", ".join(f'"{name}": {value(text)}' for name, text in given.items())
        values = f", {{{pairs}}}"
    else:
        values = "".join(f", {name}={value(text)}" for name, text in given.items())
    return f'import gsefgraph\n\ng = gsefgraph.open(lang="{lang}")\ng.query("{query.name}"{values})'


def _sparql(asked: Asked, query: StoredQuery, given: Mapping[str, str]) -> str:
    values = dict(given)
    if any(item.name == "lang" for item in query.parameters):
        values["lang"] = asked.lang
    text = query.bind(values, asked.graph.resolver)
    return missing(text, asked.graph.names.prefixes) + header.without(text).strip()

"""From a question to an answer: bind, run, and look up what the rows rest on.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> question = settle("events-between", graph.catalogue)
>>> values = {"from": "2018"}
>>> found = ask(question, values, graph.engine, graph.resolver, graph.project, lang="fr")
>>> shown = with_evidence(cut(found, 2), question, graph.engine)
>>> len(shown.rows), shown.footnotes.rows[0][0]
(2, 0)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from gsefgraph import files
from gsefgraph.answers.answer import Answer
from gsefgraph.answers.footnotes import Footnotes
from gsefgraph.engine.base import Boolean, Engine, Result, Solutions, Triples
from gsefgraph.errors import EngineError, GsefgraphError, UsageError
from gsefgraph.project import Project, shipped
from gsefgraph.queries.binding import bind
from gsefgraph.queries.catalogue import Catalogue, StoredQuery, parse
from gsefgraph.queries.parameters import BoundTerm, Parameter, Value
from gsefgraph.rdf import tags
from gsefgraph.records.resolve import Resolver
from gsefgraph.sparql.form import form, starred
from gsefgraph.sparql.prologue import missing, relative, without
from gsefgraph.terms import undirected
from gsefgraph.wording import ByLanguage, Wording, say

if TYPE_CHECKING:
    from gsefgraph.answers.constructed import Constructed
    from gsefgraph.evidence import Passage

Found: TypeAlias = "Answer | Constructed"

_HEADER = re.compile(r"^#\+", re.M)


def settle(question: str | Path, catalogue: Catalogue) -> StoredQuery | str:
    """What a question is: the name of a stored query, a path ending in .rq, or SPARQL text; of a
    name that could be two of these, the first.

    Errors:
        UnknownName: no such stored query. InputError, SyntaxFault: a file.
    """
    if isinstance(question, str) and question in catalogue:
        return catalogue[question]
    if isinstance(question, Path) or question.lower().endswith(".rq"):
        text = files.text(files.named(question))
        if not _HEADER.search(text):
            return text
        return parse(text, str(question), catalogue.names)
    if any(mark in question for mark in "{ \n"):
        return question
    return catalogue.get(question)


def ask(
    question: StoredQuery | str,
    values: Mapping[str, Value | None],
    engine: Engine,
    resolver: Resolver,
    project: Project,
    *,
    lang: str,
    timeout: float | None = None,
    spelling: tags.Spelling = MappingProxyType({}),
    base: str | None = None,
) -> Found:
    """Run a stored query or SPARQL text.

    Parameters:
        question: a stored query, or SPARQL 1.1 Query text; prefixes of the project that it does not
            declare are put before it.
        values: parameters of a stored query.
        engine, resolver, project: the graph.
        lang: language of heads and labels, and of a parameter ``lang`` that is not given.
        timeout: seconds; None is no limit.
        spelling: of language tags that the engine has in small letters.
        base: what relative IRIs of the text are resolved against, where it declares none.

    Returns:
        An Answer for SELECT and ASK, Constructed for CONSTRUCT and DESCRIBE.

    Errors:
        ParameterError, UnknownName, AmbiguousName: a value.
        SyntaxFault, RefusedAccess, UsageError: the text. EngineError: the engine.
    """
    stored = None if isinstance(question, str) else question
    terms: Mapping[str, BoundTerm] = {}
    if isinstance(question, str):
        if values:
            raise UsageError(
                say("graph.no-parameters", names=sorted(values)),
                hint=say("graph.rq-file"),
            )
        if form(question) == "update":
            raise UsageError(say("graph.update"), hint=say("graph.add-adds"))
        text = question
    else:
        terms = question.terms(_with_language(question, values, lang), resolver)
        text = bind(question.text, terms)
    declared = declarations(text, project.names.prefixes, base)
    try:
        result = engine.query(declared + text, timeout=timeout)
    except GsefgraphError as fault:
        if stored is not None and fault.line is not None:
            fault.file = fault.file or stored.file
        raise without(declared, fault, project.names.prefixes) from None
    if not isinstance(result, Boolean):
        rows = result.triples if isinstance(result, Triples) else result.rows
        given = {name: term for name, term in terms.items() if values.get(name) is not None}
        told = () if rows else (nothing(stored.parameters if stored else (), given, resolver),)
        result = replace(result, warnings=(*result.warnings, *told))
    if stored is None or not Path(stored.file).is_relative_to(shipped().root / "queries"):
        notes = _notes(declared + text, result, engine, resolver, project)
        result = replace(result, warnings=(*result.warnings, *notes))
    return finished(result, text, engine, resolver, project, stored, terms, lang, spelling)


def finished(
    result: Result,
    text: str,
    engine: Engine,
    resolver: Resolver,
    project: Project,
    stored: StoredQuery | None = None,
    terms: Mapping[str, BoundTerm] = MappingProxyType({}),
    lang: str = "en",
    spelling: tags.Spelling = MappingProxyType({}),
) -> Found:
    """What an engine found, as it is given to who asked: columns and rows in order, plain terms.

    Parameters:
        result: of the engine; text: what it was asked.
        stored, terms: the stored query of that text, and what its parameters were bound to.
        engine, resolver, project, lang, spelling: as `ask`.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> finished(Boolean(True), "ASK {}", graph.engine, graph.resolver, graph.project).boolean
    True
    """
    result = _spelt(_undirected(result), spelling)
    if isinstance(result, Triples):
        from gsefgraph.answers.constructed import Constructed

        context = project.context
        labels = resolver.labels
        return Constructed(result.triples, project.names, result.warnings, context, labels)
    if isinstance(result, Solutions):
        result = _as_written(result, text)
    answer = Answer.of(
        result, query=stored, values=terms, text=text, labels=resolver.labels, lang=lang
    )
    return replace(answer, engine=engine, kinds=resolver.kinds)


def declarations(text: str, prefixes: Mapping[str, str], base: str | None) -> str:
    """The lines to put before a text: its base, and prefixes of the project that it lacks.

    >>> declarations("ASK { <a:b> p:c <d> }", {"p": "urn:p:"}, "http://e/")
    'BASE <http://e/>\\nPREFIX p: <urn:p:>\\n'
    """
    declared = missing(text, prefixes)
    if base is None or not relative(text):
        return declared
    return f"BASE <{base}>\n{declared}"


def _undirected(result: Result) -> Result:
    """The answer without base directions, which RDF 1.1 does not have; a line says so."""
    if isinstance(result, Boolean):
        return result
    if isinstance(result, Triples):
        if all(undirected(triple) is triple for triple in result.triples):
            return result
        triples = tuple(dict.fromkeys(map(undirected, result.triples)))
        return Triples(triples, (*result.warnings, say("rdf.directions-left")))
    if all(undirected(term) is term for row in result.rows for term in row):
        return result
    rows = tuple(tuple(map(undirected, row)) for row in result.rows)
    return Solutions(result.variables, rows, (*result.warnings, say("rdf.directions-left")))


def _spelt(result: Result, spelling: tags.Spelling) -> Result:
    """The answer with its language tags as files write them."""
    if isinstance(result, Triples):
        return replace(result, triples=tuple(tags.respelt(result.triples, spelling)))
    if not isinstance(result, Solutions):
        return result
    spelt = tags.spelt((term for row in result.rows for term in row), spelling)
    if not spelt:
        return result
    return replace(result, rows=tuple(tuple(spelt.get(t, t) for t in row) for row in result.rows))


def nothing(
    parameters: Sequence[Parameter], terms: Mapping[str, BoundTerm], resolver: Resolver
) -> Wording:
    """The sentence of an answer without rows: what was asked for, and what may be wrong with it.

    Parameters:
        parameters: of the question.
        terms: what was given for them, as it was understood.
        resolver: names things.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> asked = graph.catalogue["events-between"].terms({"from": "1991", "to": "1990"})
    >>> nothing(graph.catalogue["events-between"].parameters, asked, graph.resolver).text("es")
    'ningún resultado con from=1991-01-01, to=1990-12-31; from es posterior a to'
    """
    given = [item for item in parameters if item.name in terms]
    if not given:
        return say("answer.nothing")
    values = [_given(item.name, terms[item.name], resolver) for item in given]
    problem = say("answer.nothing-with", values=values)
    days = [item for item in given if item.type == "date"]
    for first in (item for item in days if item.bound == "start"):
        for last in (item for item in days if item.bound == "end"):
            if terms[first.name].value > terms[last.name].value:
                hint = say("answer.backwards", first=first.name, last=last.name)
                return say("error.hinted", problem=problem, hint=hint)
    free = [item.name for item in given if item.optional and not _is_of_answer(item)]
    hint = say("answer.leave-out", names=free)
    return say("error.hinted", problem=problem, hint=hint) if free else problem


def _given(name: str, term: BoundTerm, resolver: Resolver) -> str | ByLanguage:
    if not isinstance(term, NamedNode):
        return f"{name}={term.value}"
    return ByLanguage(lambda lang: f"{name}={resolver.named(term, lang)}")


def _notes(
    text: str, result: Result, engine: Engine, resolver: Resolver, project: Project
) -> list[str]:
    """What a person should know of a query that is legal, and may not mean what was meant."""
    from gsefgraph.graph import mistyped, unknown

    found: list[str] = []
    with suppress(EngineError):  # there is an answer, whatever becomes of more questions
        found += unknown.named(text, engine, resolver, project)
        found += mistyped.named(text, result, engine, project.names)
    return found


def _with_language(
    question: StoredQuery, values: Mapping[str, Value | None], lang: str
) -> Mapping[str, Value | None]:
    """The values, and for a query with a parameter named ``lang`` the language of the answer."""
    named = any(map(_is_of_answer, question.parameters))
    return {**values, "lang": lang} if named and values.get("lang") is None else values


def _is_of_answer(parameter: Parameter) -> bool:
    """Whether a parameter takes the language of the answer where it is left out."""
    return parameter.name == "lang" and parameter.type == "language"


def _as_written(result: Solutions, text: str) -> Solutions:
    """The columns of ``SELECT *`` in the order in which the query names them; engines sort them."""
    wanted = columns(result.variables, text)
    if wanted == result.variables:
        return result
    order = [result.variables.index(name) for name in wanted]
    rows = tuple(tuple(row[index] for index in order) for row in result.rows)
    return replace(result, variables=wanted, rows=rows)


def columns(variables: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The columns that an engine gives, those of ``SELECT *`` as the query names them.

    >>> columns(("o", "p", "s"), "SELECT * { ?s ?p ?o }")
    ('s', 'p', 'o')
    """
    wanted = starred(text)
    if wanted is None:
        return variables
    return tuple(dict.fromkeys((*(name for name in wanted if name in variables), *variables)))


def cut(found: Found, limit: int | None) -> Found:
    """At most so many rows; triples are never cut, since half a description is a wrong one."""
    if limit is None or not isinstance(found, Answer) or len(found.rows) <= limit:
        return found
    more = say("answer.cut", shown=limit, count=len(found.rows))
    warnings = (*found.warnings, more)
    return replace(found, rows=found.rows[:limit], warnings=warnings, whole=found.number)


def with_evidence(answer: Answer, question: StoredQuery | str, engine: Engine) -> Answer:
    """The answer with the passages that its rows rest on.

    Parameters:
        answer: rows.
        question: a stored query says which variables can be footnoted; of SPARQL text all can.
        engine: asked once.

    Returns:
        Passages numbered in the order in which rows first rest on them.
    """
    from gsefgraph.evidence import passages

    named = question.evidence if isinstance(question, StoredQuery) else answer.columns
    columns = [answer.columns.index(name) for name in named if name in answer.columns]
    cells = [
        [node for node in (row[i] for i in columns) if isinstance(node, NamedNode)]
        for row in answer.rows
    ]
    found = passages(engine, sorted({n for row in cells for n in row}, key=lambda n: n.value))
    numbers: dict[NamedNode, int] = {}
    known: list[Passage] = []
    rows = []
    for row in cells:
        resting: dict[int, None] = {}
        for passage in (passage for node in row for passage in found[node]):
            if passage.evidence not in numbers:
                numbers[passage.evidence] = len(known)
                known.append(passage)
            resting[numbers[passage.evidence]] = None
        rows.append(tuple(resting))
    return replace(answer, footnotes=Footnotes(tuple(known), tuple(rows)))

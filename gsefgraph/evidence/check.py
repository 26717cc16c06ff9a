"""Checking every quote again: that it stands, exactly, where its evidence says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.engine.base import Engine, rows
from gsefgraph.evidence.passages import PREFIXES, Passage, brought, passages
from gsefgraph.evidence.quote import bare
from gsefgraph.evidence.texts import IS_PART_OF, Fault, Texts, locate
from gsefgraph.terms import GSEF
from gsefgraph.wording import say

_DIGEST = NamedNode(f"{GSEF}textDigest")
_IN_TEXT = ("moved", "several", "absent")  # what only the text can tell


def verify(engine: Engine, sources: Path | Mapping[str, str]) -> list[Fault]:
    """Check every quote again: that it stands, exactly, where its evidence says.

    Parameters:
        engine: every gsef:Evidence of every graph is checked.
        sources: the folder of the source texts, or document IRI -> text.

    Returns:
        Faults, those of a document before those of its passages, by document, start and IRI; none
        when every quote stands. A quote that is empty, has no letter, or is only a name or title
        borne by something in the graph is no evidence, and so a fault. One without a stored text
        to stand in (gsef:checked false) may have no place.

    >>> from gsefgraph.engine import connect
    >>> engine = connect("memory:")
    >>> engine.update('''PREFIX gsef: <https://w3id.org/gsefgraph/ontology#>
    ... INSERT DATA { GRAPH <urn:g> { <urn:e> a gsef:Evidence ; gsef:source <urn:doc> ;
    ...   gsef:quote "two"@en ; gsef:start 0 ; gsef:end 3 } }''')
    >>> print(verify(engine, {"urn:doc": "one, two"})[0].to_text("en"))
    1:1: <urn:e>: the quote “two” does not stand at 0–3 but at 5–8; correct gsef:start and gsef:end
    """
    texts = Texts(engine, sources)
    found = rows(
        engine,
        f"""{PREFIXES} SELECT DISTINCT ?label WHERE {{
          VALUES ?p {{ skos:prefLabel skos:altLabel gsef:acronym dcterms:title }}
          ?x ?p ?label }}""",
    )
    names = {bare(term.value) for (term,) in found if isinstance(term, Literal)}
    found = rows(engine, f"{PREFIXES} SELECT DISTINCT ?e WHERE {{ ?e a gsef:Evidence }}")
    nodes = sorted((term for (term,) in found if isinstance(term, NamedNode)), key=str)
    every = [
        passage
        for node, found in passages(engine, nodes).items()
        for passage in found
        if passage.evidence == node
    ]
    unchecked = rows(engine, f"{PREFIXES} SELECT DISTINCT ?e WHERE {{ ?e gsef:checked false }}")
    without = {one.evidence for one in every if (one.start, one.end) == (None, None)}
    without.intersection_update(term for (term,) in unchecked)
    placed = (passage for passage in every if passage.evidence not in without)
    faults = list(texts.faults(passage.document for passage in placed if passage.document))
    faults += [fault for passage in every for fault in _faults(passage, names, texts, without)]
    starts = {passage.evidence: passage.start or 0 for passage in every}
    return sorted(
        faults,
        key=lambda fault: (
            fault.document.value if fault.document else "",
            fault.evidence is not None,
            starts.get(fault.evidence, 0) if fault.evidence else 0,
            fault.evidence.value if fault.evidence else "",
        ),
    )


def verify_new(
    quads: Iterable[Quad], engine: Engine, sources: Path | Mapping[str, str]
) -> list[Fault]:
    """What is wrong with the quotes and digests that a record brings, where their text is at hand.

    Parameters:
        quads: the record; what it leaves out of a passage is as the graph has it.
        engine: the graph; what it states already is no fault of the record.
        sources: the folder of the source texts, or document IRI -> text.

    >>> from pyoxigraph import RdfFormat, parse
    >>> from gsefgraph.engine import connect
    >>> record = parse(b'''@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
    ...   <urn:e> a gsef:Evidence ; gsef:source <urn:doc> ; gsef:quote "two"@en ;
    ...     gsef:start 0 ; gsef:end 3 .''', format=RdfFormat.TURTLE)
    >>> [fault.code for fault in verify_new(record, connect("memory:"), {"urn:doc": "one, two"})]
    ['moved']
    """
    record = {quad.triple for quad in quads}
    parts = {
        triple.subject: triple.object
        for triple in record
        if triple.predicate == IS_PART_OF
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode)
    }
    texts = Texts(engine, sources, parts=parts)
    found = [
        fault
        for passage in brought(record, engine)
        if passage.document and texts.text(passage.document) is not None
        for fault in _faults(passage, set(), texts, set())
        if fault.code in _IN_TEXT
    ]
    digests = {
        triple.subject: triple.object.value
        for triple in sorted(record, key=str)
        if triple.predicate == _DIGEST
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal)
    }
    return [*found, *(fault for fault in texts.faults((), digests) if fault.code == "digest")]


def _faults(
    passage: Passage, names: set[str], texts: Texts, without: set[NamedNode]
) -> Iterator[Fault]:
    start, end, quote = passage.start, passage.end, passage.quote

    def fault(
        code: str, *, text: str = "", found: list[tuple[int, int]] | None = None, there: str = ""
    ) -> Fault:
        spots = found or []
        line, column = locate(text, start or 0) if text else (None, None)
        values: dict[str, object] = {
            "quote": _short(quote),
            "start": "?" if start is None else start,
            "end": "?" if end is None else end,
            "found": ", ".join(f"{one}–{two}" for one, two in spots),
            "there": _short(there),
        }
        return Fault(
            code=code,
            evidence=passage.evidence,
            document=passage.document,
            message=say(f"evidence.{code}", **values).texts(),
            file=texts.file(passage.document) if passage.document else None,
            line=line,
            column=column,
            found=spots[0] if len(spots) == 1 else None,
        )

    if passage.document is None:
        yield fault("no-document")
    if not any(char.isalpha() for char in quote):
        yield fault("empty")
        return
    if bare(quote) in names:
        yield fault("name")
    if passage.evidence in without:
        return
    if start is None or end is None or not 0 <= start < end:
        yield fault("offsets")
        return
    text = texts.text(passage.document) if passage.document else None
    if text is None or text[start:end] == quote:
        return
    spots = [(at.start(), at.start() + len(quote)) for at in re.finditer(re.escape(quote), text)]
    code = {0: "absent", 1: "moved"}.get(len(spots), "several")
    yield fault(code, text=text, found=spots[:5], there=text[start:end])


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"

"""Checking every quote again: that it stands, exactly, where its evidence says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.evidence.passages import PREFIXES, Passage, passages
from gsefgraph.evidence.texts import Fault, Texts, locate
from gsefgraph.terms import fold
from gsefgraph.wording import say


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
    names = {_bare(term.value) for (term,) in found if isinstance(term, Literal)}
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
    if _bare(quote) in names:
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


def _bare(text: str) -> str:
    return fold(text).strip(" .,;:!?\"'«»“”()")

"""A thing as a page of text: what is said of it, what points to it, what follows, and on what.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> thing = graph.show("GSEF")
>>> print(to_text(thing, graph.names, graph.resolver, "en").splitlines()[0])
Global Social Economy Forum  (id-org:gsef)
>>> to_json(thing)["label"]
'Global Social Economy Forum'
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers.footnotes import place
from gsefgraph.answers.rows import plain
from gsefgraph.evidence import Passage
from gsefgraph.graph.things import Statement, Thing
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, RDF, SKOS, XSD, Names, Term, Value
from gsefgraph.wording import line, say, visible

_OBJECTION = f"{GSEF}objection"
_HIDDEN = frozenset({f"{GSEF}evidence", f"{RDF}type", f"{GSEF}kind"})


def to_text(thing: Thing, names: Names, resolver: Resolver, lang: str) -> str:
    """A thing for a person, passages numbered and quoted at the end.

    Parameters:
        thing: as `things.describe` gives it.
        names, resolver: for compact IRIs and names.
        lang: en, fr or es.
    """
    notes: dict[NamedNode, tuple[int, Passage]] = {}
    lines = [f"{line(thing.label)}  ({names.compact(thing.iri)})"]
    if thing.kinds:
        lines.append(", ".join(map(line, thing.kinds)))
    own = _marks(thing.passages.get(thing.iri, ()), notes)
    for head, statements, mark in (
        ("profile.stated", thing.stated, own),
        ("profile.links", thing.links, ""),
        ("profile.derived", thing.derived, ""),
    ):
        shown = [item for item in statements if _tells(item, thing)]
        if shown:
            lines += ["", f"{say(head).text(lang)}{mark}"]
            lines += _block(shown, thing, names, lang, notes)
    if notes:
        found = [passage for _, passage in notes.values()]
        documents = resolver.labels(sorted({p.document.value for p in found if p.document}), lang)
        lines.append("")
        for number, passage in notes.values():
            document = documents[passage.document.value] if passage.document else ""
            where = ", ".join(filter(None, (document, place(passage))))
            quote = say("word.quoted", quote=line(passage.quote)).text(lang)
            text = " — ".join(filter(None, (quote if passage.quote else "", where)))
            text = text or names.compact(passage.evidence.value)
            if note := passage.note(lang):
                text = say("error.hinted", problem=text, hint=note).text(lang)
            lines.append(f"[{number}] {line(text)}")
    return visible("\n".join(lines)) + "\n"


def _tells(item: Statement, thing: Thing) -> bool:
    """Whether a line of text would tell a person something: not the same in another vocabulary."""
    if item.predicate in _HIDDEN or (item in thing.derived and not item.predicate.startswith(GSEF)):
        return False
    is_label = item.predicate == f"{SKOS}prefLabel" and isinstance(item.value, Literal)
    return not (is_label and item.value.value == thing.label)


def to_json(thing: Thing) -> dict[str, Any]:
    """A thing as plain values: statements with their graphs, passages by node."""

    def plain(item: Statement) -> dict[str, Any]:
        found: dict[str, Any] = {
            "property": item.predicate,
            "value": _plain(item.value),
            "graphs": list(item.graphs),
        }
        if item.details:
            found["details"] = [{"property": p, "value": _plain(v)} for p, v in item.details]
        return found

    return {
        "iri": thing.iri,
        "label": thing.label,
        "kinds": list(thing.kinds),
        "stated": [plain(item) for item in thing.stated],
        "links": [plain(item) for item in thing.links],
        "derived": [plain(item) for item in thing.derived],
        "passages": {
            node: [
                {
                    "document": p.document.value if p.document else None,
                    "quote": p.quote,
                    "start": p.start,
                    "end": p.end,
                }
                for p in found
            ]
            for node, found in sorted(thing.passages.items())
        },
    }


def _block(
    statements: list[Statement],
    thing: Thing,
    names: Names,
    lang: str,
    notes: dict[NamedNode, tuple[int, Passage]],
) -> Iterator[str]:
    colon = say("word.colon").text(lang)
    for predicate, group in groupby(statements, key=lambda item: item.predicate):
        items = list(group)
        head = _name(predicate, thing, names)
        for item in items:
            mark = ""
            if item.details and isinstance(item.value, NamedNode):
                text = " · ".join(_details(item, thing, names, lang))
                mark = _marks(thing.passages.get(item.value.value, ()), notes)
            else:
                text = _say(item.value, thing, names, lang)
            arrow = "← " if item.incoming else ""
            yield f"  {arrow}{head}{colon} {text}{mark}"


def _details(item: Statement, thing: Thing, names: Names, lang: str) -> Iterator[str]:
    told = [d for d in item.details if not isinstance(d[1], Literal) or _wanted(d[1], item, lang)]
    # An objection is held against what stands before it, and is told apart from it.
    for predicate, value in sorted(told, key=lambda detail: detail[0] == _OBJECTION):
        text = _say(value, thing, names, lang)
        if predicate == _OBJECTION:
            text = f"{_name(predicate, thing, names)}{say('word.colon').text(lang)} {text}"
        yield text


def _wanted(value: Literal, item: Statement, lang: str) -> bool:
    """Of texts in several languages, the one asked for, or all where it is missing."""
    tongues = {v.language for _, v in item.details if isinstance(v, Literal) and v.language}
    return not value.language or lang not in tongues or value.language == lang


def _name(predicate: str, thing: Thing, names: Names) -> str:
    label = thing.labels.get(predicate, "")
    return line(label) if label and ":" not in label else names.compact(predicate)


def _say(value: Term, thing: Thing, names: Names, lang: str) -> str:
    if isinstance(value, NamedNode):
        return line(thing.labels.get(value.value) or names.compact(value.value))
    if isinstance(value, Literal):
        if value.datatype.value == f"{XSD}boolean" and value.value in ("true", "false"):
            truth = value.value == "true"
            return say("word.yes" if truth else "word.no").text(lang)
        tag = f" ({value.language})" if value.language and value.language != lang else ""
        return f"{line(value.value)}{tag}"
    return "[]"


def _marks(passages: tuple[Passage, ...], notes: dict[NamedNode, tuple[int, Passage]]) -> str:
    numbers = [
        notes.setdefault(passage.evidence, (len(notes) + 1, passage))[0] for passage in passages
    ]
    return "".join(f" [{number}]" for number in numbers)


def _plain(term: Value) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"iri": term.value}
    if isinstance(term, Literal):
        extra = {"language": term.language} if term.language else {"datatype": term.datatype.value}
        return {"text": term.value, **extra}
    return {"triple": plain(term)} if isinstance(term, Triple) else {"blank": term.value}

"""What can be wrong with a quad before any shape looks at it.

gsef-sh:lexical-form     a literal outside the value space of its datatype
gsef-sh:unknown-term     a term in the gsef: namespace that the ontology does not define
gsef-sh:unknown-concept  a role, kind or goal that nothing defines
gsef-sh:blank-node       a node without an IRI, those of OWL axioms and of lists aside
gsef-sh:plain-text       a name with bidirectional controls, or not in Normalisation Form C
gsef-sh:rdf-1.1          a triple as a term, or text with a direction, which RDF 1.1 lacks
gsef-sh:source-text      a quote or a digest that the text of its source does not bear out
gsef-sh:syntax           a record that cannot be read, in a report that is asked for all the same
gsef-sh:record           what is typed in a record and cannot be read as what its key asks for
gsef-sh:name             a name in a record that is not certain
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from gsefgraph.columns.layout import PLACES
from gsefgraph.rdf import lexical
from gsefgraph.shacl.report import sentences
from gsefgraph.shacl.report.finding import VIOLATION, Finding, Texts, spell
from gsefgraph.shacl.shapes.model import Place
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, OWL, RDF, RDFS, SHAPES, SKOS, XSD, Names, Term
from gsefgraph.wording import BIDI, ByLanguage

if TYPE_CHECKING:
    from gsefgraph.columns.columns import Columns

_BIDI = re.compile(f"[{BIDI}]")
_NAMES = frozenset(
    {f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{RDFS}label", f"{GSEF}acronym", f"{GSEF}theme",
     f"{GSEF}positionTitle"}
)  # fmt: skip
_EXACT = frozenset({f"{GSEF}quote"})  # the characters of the source, whatever they are
_MONTH = f"{XSD}gYearMonth"
SDG = "http://metadata.un.org/sdg/"
_SDG = re.compile(rf"{re.escape(SDG)}(?=[0-9])")


@dataclass(frozen=True)
class Known:
    """What may be mentioned.

    Attributes:
        names: the project's prefixes.
        ontology: IRIs that the ontology's files define.
        others: IRIs that the graph or the records themselves describe.
    """

    names: Names
    ontology: frozenset[str]
    others: frozenset[str]

    @cached_property
    def _concepts(self) -> tuple[str, ...]:
        return _concepts(self.names)

    def missing_term(self, iri: str) -> bool:
        """Whether an IRI of the gsef: namespace is not in the ontology."""
        return iri.startswith(GSEF) and iri not in self.ontology

    def missing_concept(self, iri: str) -> str | None:
        """The namespace of a role, kind or goal that nothing defines; None for any other IRI."""
        if iri in self.ontology or iri in self.others:
            return None
        if match := _SDG.match(iri):
            return match[0]
        return next((space for space in self._concepts if iri.startswith(space)), None)

    def near(self, iri: str, namespace: str, upper: bool | None = None) -> list[str]:
        """The nearest known IRIs of a namespace, compact, likeliest first.

        Parameters:
            iri: one that is not known.
            namespace: what the known ones start with.
            upper: only those whose local names start with a capital, as classes do, or only those
                that start with none, as properties do; all when None.
        """
        local = {
            known.removeprefix(namespace): known
            for known in sorted(self.ontology | self.others)
            if known.startswith(namespace)
            and upper in (None, known.removeprefix(namespace)[:1].isupper())
        }
        close = get_close_matches(iri.removeprefix(namespace), local, n=3, cutoff=0.6)
        return [self.names.compact(local[name]) for name in close]


def check_quads(quads: Iterable[Quad], known: Known) -> list[Finding]:
    """Findings on quads as they were written, each triple looked at once, without places.

    >>> from pyoxigraph import parse, RdfFormat
    >>> quads = parse(b'<a:s> <a:p> "2019-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .',
    ...               format=RdfFormat.N_TRIPLES)
    >>> found = check_quads(quads, Known(Names(), frozenset(), frozenset()))
    >>> found[0].message["en"]
    '"2019-02-30"^^xsd:date is a day that does not exist: that month ends on day 28.'
    """
    findings: list[Finding] = []
    seen: set[object] = set()
    blank: set[BlankNode] = set()
    for quad in quads:
        if quad.triple in seen:
            continue
        seen.add(quad.triple)
        findings += _check(quad, known, blank)
    return findings


def _check(quad: Quad, known: Known, blank: set[BlankNode]) -> Iterator[Finding]:
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    path = Path.of(predicate.value)
    if not isinstance(subject, (NamedNode, BlankNode)):
        return
    for node in () if _axiom(quad) else (subject, value):
        if isinstance(node, BlankNode) and node not in blank:
            blank.add(node)
            yield _finding("blank-node", node, None, None, sentences.of("blank-node"),
                           sentences.of("give-iri"))  # fmt: skip
    if not isinstance(value, (NamedNode, BlankNode, Literal)):
        yield _finding("rdf-1.1", subject, path, None, sentences.of("quoted-triple"), {})
        return
    for iri, at in ((subject, None), (predicate, None), (value, path)):
        if isinstance(iri, NamedNode) and known.missing_term(iri.value):
            is_class = iri is value and predicate.value == f"{RDF}type"
            near = known.near(iri.value, GSEF, is_class if is_class or iri is predicate else None)
            shown = path if iri is predicate else at
            yield _finding("unknown-term", subject, shown, iri,
                               sentences.of("unknown-term", value=spell(iri, known.names)),
                               sentences.write(near))  # fmt: skip
    if isinstance(value, NamedNode) and predicate.value != f"{RDF}type":
        space = known.missing_concept(value.value)
        if space is not None:
            yield _finding("unknown-concept", subject, path, value,
                           sentences.of("unknown-concept", value=spell(value, known.names)),
                           sentences.write(known.near(value.value, space)))  # fmt: skip
    if isinstance(value, Literal):
        yield from _literal(subject, path, value, known.names)


def _axiom(quad: Quad) -> bool:
    """Whether a triple is of an axiom or a list, whose nodes need no IRI (OWL 2, RDF mapping)."""
    predicate, value = quad.predicate.value, quad.object
    if predicate == f"{RDF}type":
        return isinstance(value, NamedNode) and value.value.startswith(OWL)
    return predicate.startswith(OWL) or predicate in (f"{RDF}first", f"{RDF}rest")


def _literal(
    subject: NamedNode | BlankNode, path: Path, value: Literal, names: Names
) -> Iterator[Finding]:
    fault = lexical.fault(value)
    if fault is not None:
        message = ByLanguage(lambda language: f"{spell(value, names)} {fault.text(language)}.")
        hint = mended(value, names)
        if (
            not hint
            and fault.key == "lexical.day"
            and lexical.fault_of(value.value[:-3], _MONTH) is None
        ):
            month = Literal(value.value[:-3], datatype=NamedNode(_MONTH))
            hint = sentences.of("month", value=spell(month, names))
        yield _finding("lexical-form", subject, path, value, message, hint)
        return
    text = value.value
    if value.direction is not None:
        plain = spell(Literal(text, language=value.language), names)
        yield _finding(
            "rdf-1.1", subject, path, value, sentences.of("direction"), sentences.write([plain])
        )
    if path.predicate in _NAMES and _BIDI.search(text):
        found = ", ".join(sorted({f"U+{ord(char):04X}" for char in _BIDI.findall(text)}))
        yield _finding(
            "plain-text",
            subject,
            path,
            value,
            sentences.of("bidi", value=found),
            sentences.write([spell(like(value, _BIDI.sub("", text)), names)]),
        )
    if path.predicate not in _EXACT and not unicodedata.is_normalized("NFC", text):
        composed = like(value, unicodedata.normalize("NFC", text))
        yield _finding("plain-text", subject, path, value, sentences.of("nfc"),
                       sentences.write([spell(composed, names)]))  # fmt: skip


def unlike_source(focus: NamedNode, predicate: str, value: Term | None, message: Texts) -> Finding:
    """That the text of a source does not bear out what is stated of it.

    >>> node = NamedNode("urn:e")
    >>> unlike_source(node, f"{GSEF}quote", Literal("so"), {"en": "no, otherwise"}).message["en"]
    'No, otherwise.'
    """

    def sentence(language: str) -> str:
        return f"{message[language][:1].upper()}{message[language][1:]}."

    return _finding("source-text", focus, Path.of(predicate), value, ByLanguage(sentence), {})


def unreadable(
    focus: NamedNode,
    message: Texts,
    place: Place,
    *,
    rule: str = "syntax",
    hint: Texts = {},  # noqa: B006
) -> Finding:
    """That a record, or a value in it, cannot be read as what it claims to be.

    Parameters:
        focus: stands for the record.
        rule: ``syntax``, ``record`` or ``name``.

    >>> unreadable(NamedNode("file:///a.ttl"), {"en": "not Turtle"}, ("a.ttl", 1, 2)).source
    ('a.ttl', 1, 2)
    """
    return replace(_finding(rule, focus, None, None, message, hint), source=place)


def mended(value: Literal, names: Names) -> Texts:
    """A hint that writes a malformed literal as it was meant, empty when that is not known.

    >>> from pyoxigraph import Literal, NamedNode
    >>> date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    >>> mended(Literal("2019-6-25", datatype=date), Names())["fr"]
    'écrire "2019-06-25"^^xsd:date'
    """
    if value.language is not None:
        tag = lexical.mend(value)
        return sentences.write([f"{spell(Literal(value.value), names)}@{tag}"] if tag else [])
    form = lexical.mend(value)
    if form is not None:
        return sentences.write([spell(Literal(form, datatype=value.datatype), names)])
    better = lexical.better_datatype(value.value, value.datatype.value)
    if better is not None:
        return sentences.write([spell(Literal(value.value, datatype=NamedNode(better)), names)])
    return {}


def like(value: Literal, text: str) -> Literal:
    """Another text of the same language or datatype."""
    if value.language is not None:
        return Literal(text, language=value.language)
    return Literal(text, datatype=value.datatype)


def _finding(
    rule: str, focus: NamedNode | BlankNode, path: Path | None, value: Term | None,
    message: Texts, hint: Texts,
) -> Finding:  # fmt: skip
    return Finding(VIOLATION, focus, path, value, SHAPES + rule, SHAPES + rule, message, hint)


_TYPE = NamedNode(f"{RDF}type")


def described(columns: Columns, names: Names) -> frozenset[str]:
    """IRIs of roles, kinds and goals that the data give a type."""
    ids = columns.ids([_TYPE])
    if not ids:
        return frozenset()
    found = columns.rows(
        "SELECT DISTINCT lex FROM term JOIN triple ON triple.s = term.id WHERE triple.p = ?"
        f" AND term.id >> {PLACES} = 0 AND len(list_filter(?, lambda x: starts_with(lex, x))) > 0",
        [ids[_TYPE], _spaces(names)],
    )
    return frozenset(row[0] for row in found)


def suspects(columns: Columns, known: Known) -> list[Quad]:
    """Quads that may have a finding of `check_quads`, sorted; no other quad has one.

    Parameters:
        columns: the graph, with the ontology in its graph, of which nothing is said.
        known: what may be mentioned.
    """
    columns.execute(
        "CREATE OR REPLACE TEMP TABLE suspect AS SELECT id FROM term WHERE "
        f"(id >> {PLACES} = 0 AND len(list_filter(?, lambda x: starts_with(lex, x))) > 0"
        f" AND lex NOT IN (SELECT unnest(?::VARCHAR[]))) OR id >> {PLACES} = 1"
        f" OR (id >> {PLACES} > 1 AND strlen(lex) > length(lex)"
        "  AND (nfc_normalize(lex) != lex OR regexp_matches(lex, ?)))"
        " OR contains(coalesce(lang, ''), '--') UNION SELECT id FROM ill",
        [_spaces(known.names), sorted(known.ontology | known.others), _BIDI.pattern],
    )
    graph = columns.ids([NamedNode(known.names.graph("ontology"))])
    rows = columns.rows(
        "SELECT DISTINCT s, p, o FROM quad WHERE g IS DISTINCT FROM ? AND (s IN (FROM suspect)"
        " OR p IN (FROM suspect) OR o IN (FROM suspect))",
        [next(iter(graph.values()), -1)],
    )
    terms = columns.terms({number for row in rows for number in row})
    found = [Quad(terms[s], terms[p], terms[o], DefaultGraph()) for s, p, o in rows]  # type: ignore[arg-type]
    return sorted(found, key=str)


def _spaces(names: Names) -> list[str]:
    return [GSEF, SDG, *_concepts(names)]


def _concepts(names: Names) -> tuple[str, ...]:
    """The namespaces of roles and kinds."""
    return tuple(names.prefixes[prefix] for prefix in ("id-role", "id-kind"))

from __future__ import annotations

import itertools
import json
import re
import warnings
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Quad

from gsefgraph.answers.constructed import Constructed
from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.rdf import jsonld, turtle
from gsefgraph.rdf.export import export
from gsefgraph.rdf.formats import FORMATS
from gsefgraph.records.foreign import to_rdflib
from gsefgraph.terms import RDF, Names, undirected
from tests.rdfs import TEXT, XML_TEXT, iris, literals, predicates, quads, same

NAMES = Names()
TYPE = NAMES.expand("rdf:type")


def sayable(items: list[Quad], name: str) -> list[Quad]:
    """What a format can say: RDF/XML has no name for a class such as ``<a:1>``."""
    if name != "rdfxml":
        return items
    return [
        q
        for q in items
        if q.predicate.value != TYPE or re.search(r"[A-Za-zé_][\w.-]*>\Z", str(q.object))
    ]


def expected(items: list[Quad], name: str) -> list[Quad]:
    if FORMATS[name].graphs:
        return items
    return [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in items]


def through_rdflib(data: bytes, name: str) -> list[Quad]:
    """The quads that rdflib reads, back as pyoxigraph's."""
    from rdflib import Dataset

    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib warns of lexical forms that have no value
        dataset = Dataset()
        dataset.parse(data=data, format=names.get(name, name))
        lines = dataset.serialize(format="nquads")
    return [
        Quad(q.subject, q.predicate, q.object, _graph(q))
        for q in ox.parse(lines.encode(), ox.RdfFormat.N_QUADS)
    ]


def _graph(quad: Quad) -> Any:
    default = "urn:x-rdflib:default" in str(quad.graph_name)
    return DefaultGraph() if default else quad.graph_name


@pytest.mark.parametrize("name", FORMATS)
@given(items=quads(blank=False, text=XML_TEXT))
@settings(max_examples=settings().max_examples // 3)
def test_law_rdflib_reads_the_same(root, name: str, items: list[Quad]) -> None:
    rdflib = pytest.importorskip("rdflib")
    items = sayable(items, name)
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        data = export(items, name, NAMES, context=root / "ontology" / "context.jsonld")
        assert same(through_rdflib(data, name), expected(items, name))
    finally:
        rdflib.NORMALIZE_LITERALS = before


@pytest.mark.parametrize("name", FORMATS)
@given(items=quads(blank=False, text=XML_TEXT))
def test_law_every_format_reads_back_isomorphic(root, name: str, items: list[Quad]) -> None:
    context = root / "ontology" / "context.jsonld"
    items = sayable(items, name)
    data = export(items, name, NAMES, context=context)
    assert data == export(items[::-1], name, NAMES, context=context)
    wanted = expected(items, name)
    assert same(ox.parse(data, FORMATS[name].rdf), wanted)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "rdfxml"])
@given(items=quads(text=XML_TEXT))
def test_law_blank_nodes_survive(root, name: str, items: list[Quad]) -> None:
    data = export(items, name, NAMES, context=root / "ontology" / "context.jsonld")
    assert same(ox.parse(data, FORMATS[name].rdf), expected(items, name))


def test_rdfxml_refuses_a_predicate_it_cannot_name() -> None:
    for iri in ("https://example.org/123", f"{RDF}li", f"{RDF}about", f"{RDF}Description"):
        odd = ox.NamedNode(iri)
        with pytest.raises(UsageError, match="RDF/XML cannot name"):
            export([Quad(odd, odd, odd)], "rdfxml", NAMES)


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\ufffe", "\uffff"])
@pytest.mark.parametrize("inside", [False, True])
def test_rdfxml_refuses_what_xml_cannot_hold(char: str, inside: bool) -> None:
    node = ox.NamedNode("https://example.org/a")
    value: Any = ox.Literal(f"bell{char}", language="fr")
    value = ox.Triple(node, node, value) if inside else value
    with pytest.raises(UsageError, match=rf"> .* U\+{ord(char):04X}, which XML cannot"):
        export([Quad(node, node, value)], "rdfxml", NAMES)


def test_rdfxml_keeps_every_break_of_a_line() -> None:
    node = ox.NamedNode("https://example.org/a")
    items = [Quad(node, node, ox.Literal("a\rb\r\nc\nd\te"))]
    data = export(items, "rdfxml", NAMES)
    assert same(ox.parse(data, ox.RdfFormat.RDF_XML), items)
    assert same(through_rdflib(data, "rdfxml"), items)


A, B, BLANK = ox.NamedNode("https://e.org/a"), ox.NamedNode("https://e.org/b"), ox.BlankNode("x")
ARABIC = ox.Literal("x\u202e", language="ar", direction=ox.BaseDirection.RTL)
NEWER = [  # what RDF 1.2 has
    Quad(A, A, ARABIC),
    Quad(A, A, ox.Literal("x\u202e", language="ar")),
    Quad(A, B, ox.Triple(A, A, ox.Literal(7))),
    Quad(A, B, ox.Triple(BLANK, A, ox.Triple(A, B, ARABIC))),
    Quad(A, B, ox.Triple(A, ox.NamedNode(TYPE), ox.NamedNode(NAMES.expand("rdf:nil")))),
    Quad(BLANK, A, B),
    Quad(B, A, BLANK),
]


@pytest.mark.parametrize("name", FORMATS)
def test_rdf_1_2_is_written_or_refused(name: str) -> None:
    if name == "jsonld":
        with pytest.raises(UsageError, match=r"JSON-LD 1\.1 has no triple terms; choose turtle"):
            export(NEWER, name, NAMES)
    items = NEWER[:2] if name == "jsonld" else NEWER
    told: list[str] = []
    data = export(items, name, NAMES, note=told.append)
    assert told == ["the base direction of text is left out, which RDF 1.1 does not have"]
    assert data == export(items[::-1], name, NAMES)
    plain = [quad for quad in items if undirected(quad.object) == quad.object]
    assert 0 < len(plain) < len(items)
    export(plain, name, NAMES, note=told.append)
    assert len(told) == 1
    kept = [Quad(q.subject, q.predicate, undirected(q.object)) for q in items]
    assert same(ox.parse(data, FORMATS[name].rdf), dict.fromkeys(kept))


def test_rdflib_is_given_rdf_1_1_only() -> None:
    for quad in (NEWER[0], NEWER[2]):
        with pytest.raises(UsageError, match=r"rdflib has RDF 1\.1, without"):
            Constructed((quad.triple,)).to_rdflib()
        with pytest.raises(UsageError, match="take the quads of pyoxigraph"):
            to_rdflib([quad], NAMES)


def test_unknown_format() -> None:
    with pytest.raises(UnknownName, match="did you mean turtle"):
        export([], "turtel", NAMES)


def test_jsonld_uses_the_short_names(root) -> None:
    label = ox.NamedNode(NAMES.expand("skos:prefLabel"))
    node = ox.NamedNode(NAMES.mint("org", "gsef"))
    data = export(
        [Quad(node, label, ox.Literal("Forum", language="fr"))],
        "jsonld",
        NAMES,
        context=root / "ontology" / "context.jsonld",
    )
    (only,) = json.loads(data)["@graph"]
    assert "id-org:gsef" in only.values()
    assert {"fr": "Forum"} in only.values()


def test_odd_types_are_sorted_too() -> None:
    node, kind = ox.NamedNode("a:b"), ox.NamedNode(TYPE)
    items = [Quad(node, kind, ox.Literal(text)) for text in ("", "0", "a")]
    assert export(items, "jsonld", NAMES) == export(items[::-1], "jsonld", NAMES)


RDF_LIST = [
    Quad(ox.BlankNode(f"l{n}"), ox.NamedNode(NAMES.expand(f"rdf:{part}")), value)
    for n in range(200)
    for part, value in (
        ("first", ox.Literal(n)),
        ("rest", ox.BlankNode(f"l{n + 1}") if n < 199 else ox.NamedNode(NAMES.expand("rdf:nil"))),
    )
]


@given(items=quads(text=XML_TEXT))
def test_law_blank_nodes_stand_inside_others_in_jsonld(items: list[Quad]) -> None:
    items = expected(items, "turtle")
    assert same(ox.parse(jsonld.write(items, NAMES, {}), ox.RdfFormat.JSON_LD), items)


def descriptions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    inside = inner.map(lambda known: lambda: known)
    values = st.one_of(
        iris(), literals(), inside, st.lists(iris() | inside, min_size=1, max_size=3).map(tuple)
    )
    own = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), TEXT)
    return st.dictionaries(
        predicates().map(lambda predicate: predicate.value),
        own | values | st.lists(values, max_size=3),
        max_size=4,
    ).filter(lambda description: any(values != [] for values in description.values()))


NODES = st.recursive(descriptions(st.just({"urn:p": 1})), descriptions, max_leaves=6)


def described(description: Any) -> list[Quad]:
    """The triples of a description, by RDF 1.1 Turtle's own words for ``[ ]`` and ``( )``."""
    found: list[Quad] = []

    def term(value: Any) -> Any:
        if isinstance(value, tuple):
            node: Any = ox.NamedNode(NAMES.expand("rdf:nil"))
            for member in reversed(value):
                cell = ox.BlankNode()
                add(cell, NAMES.expand("rdf:first"), member)
                add(cell, NAMES.expand("rdf:rest"), node)
                node = cell
            return node
        if callable(value):
            return of(value())
        return ox.Literal(value) if isinstance(value, str | int) else value

    def add(subject: Any, predicate: str, value: Any) -> None:
        found.append(Quad(subject, ox.NamedNode(predicate), term(value)))

    def of(description: Any) -> Any:
        node = ox.BlankNode()
        for predicate, values in description.items():
            for value in values if isinstance(values, list) else [values]:
                add(node, predicate, value)
        return node

    of(description)
    return found


@given(NODES)
@example({"urn:p": [], "urn:q": 1})
def test_law_a_description_is_the_same_graph_in_turtle_and_jsonld(description: Any) -> None:
    wanted = described(description)
    assert same(
        ox.parse(b"".join(turtle.write_node(description, NAMES)), ox.RdfFormat.TURTLE), wanted
    )
    assert same(
        ox.parse(b"".join(jsonld.write_node(description, NAMES)), ox.RdfFormat.JSON_LD), wanted
    )


@given(NODES)
@example({"urn:p": [], "urn:q": 1})
def test_law_a_description_has_the_layout_of_json(description: Any) -> None:
    data = b"".join(jsonld.write_node(description, NAMES)).decode()
    assert data == json.dumps(json.loads(data), ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("cut", [0, 1])
def test_jsonld_writes_a_list_as_one(cut: int) -> None:
    first = Quad(ox.BlankNode("a"), ox.NamedNode("urn:p"), RDF_LIST[0].subject)
    items = [*RDF_LIST[: len(RDF_LIST) - cut], first]
    data = jsonld.write(items, NAMES, {})
    assert len(list(ox.parse(data, ox.RdfFormat.JSON_LD))) == len(items)
    if not cut:
        (only,) = json.loads(data)["@graph"]
        assert [int(item["@value"]) for item in only["urn:p"]["@list"]] == [*range(200)]


def test_jsonld_nests_no_deeper_than_readers_go() -> None:
    nodes = [ox.BlankNode(f"b{n}") for n in range(2_000)]
    items = [Quad(a, ox.NamedNode("urn:p"), b) for a, b in itertools.pairwise(nodes)]
    parsed = list(ox.parse(jsonld.write(items, NAMES, {}), ox.RdfFormat.JSON_LD))
    assert len(parsed) == len(items)
    assert len({q.subject for q in parsed} | {q.object for q in parsed}) == len(nodes)


def test_jsonld_uses_no_prefix_that_a_reader_would_not_expand() -> None:
    names = NAMES.also({"odd": "urn:odd-", "ok": "urn:ok:", "": "urn:none:"})
    node = [ox.NamedNode(iri) for iri in ("urn:odd-a", "urn:ok:a", "urn:none:a")]
    data = jsonld.write([Quad(node[0], node[1], node[2])], names, {})
    assert json.loads(data)["@context"] == {"ok": "urn:ok:"}
    assert same(ox.parse(data, ox.RdfFormat.JSON_LD), [Quad(node[0], node[1], node[2])])

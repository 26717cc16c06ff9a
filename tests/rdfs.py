"""Hypothesis strategies for RDF terms and quads, and comparing datasets apart from node labels."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
)

from gsefgraph.terms import GSEF, RDF, SKOS, XSD, Names

_NAMES = Names()
_PIECES = ["a", "x", "Z", "0", "12", "-", ".", "_", "~", "é", "%20", "(", ")", "'", "!", "/", ":"]
_LOCAL = st.lists(st.sampled_from(_PIECES), max_size=5).map("".join)
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_HARD = ['"', '""', "\n", "\r", "\\", "'", "\u200f", "\ufeff", "n"]
TEXT = st.one_of(
    st.text(_CHARACTERS, max_size=20), st.lists(st.sampled_from(_HARD), max_size=8).map("".join)
)
XML_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cn", "Cc"]), max_size=20
)
LANGUAGES = st.sampled_from(["fr", "en", "es", "fr-ca"])


def iris() -> st.SearchStrategy[NamedNode]:
    """IRIs under the project's prefixes and elsewhere, with locals that need care."""
    spaces = st.sampled_from([*_NAMES.prefixes.values(), "https://example.org/", "urn:x:"])
    return st.builds(lambda space, local: NamedNode(space + local), spaces, _LOCAL)


def predicates() -> st.SearchStrategy[NamedNode]:
    """Predicates that every syntax can name."""
    names = ["startDate", "agent", "quote", "x-y.z"]
    known = [f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}altLabel", *(GSEF + n for n in names)]
    return st.sampled_from(known).map(NamedNode)


def literals(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Literal]:
    """Literals of the datatypes in use, with languages, and with odd lexical forms."""
    typed = st.builds(
        lambda form, name: Literal(form, datatype=NamedNode(XSD + name)),
        st.sampled_from(["7", "007", "1.50", "true", "2019-02-30", "2019", "x"]),
        st.sampled_from(["integer", "decimal", "boolean", "date", "gYear", "anyURI"]),
    )
    tagged = st.builds(lambda value, tag: Literal(value, language=tag), text, LANGUAGES)
    return st.one_of(text.map(Literal), tagged, typed)


def quads(
    *, blank: bool = True, text: st.SearchStrategy[str] = TEXT
) -> st.SearchStrategy[list[Quad]]:
    """Lists of quads over a few nodes, so that they connect."""
    blanks = st.sampled_from([BlankNode(name) for name in ("a", "b", "c")])
    nodes = st.one_of(iris(), blanks) if blank else iris()
    graphs = st.one_of(st.just(DefaultGraph()), iris())
    values = st.one_of(nodes, literals(text))
    return st.lists(st.builds(Quad, nodes, predicates(), values, graphs), max_size=12)


def same(left: Iterable[Quad], right: Iterable[Quad]) -> bool:
    """Whether two datasets are isomorphic (RDF 1.1 Concepts, section 3.6)."""
    datasets = [Dataset(left), Dataset(right)]
    for dataset in datasets:
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return bool(datasets[0] == datasets[1])

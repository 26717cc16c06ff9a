"""The laws that every engine keeps; a small file for each engine runs them on its own.

A test module derives from `EngineSuite`, gives a fixture `engine` (empty, fresh for each test) and,
where its engine truly differs, names the difference in `differs`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gsefgraph.engine import Boolean, Engine, Solutions, Triples
from gsefgraph.engine.base import Pattern
from gsefgraph.errors import (
    EndpointError,
    EngineError,
    InputError,
    QueryTimeout,
    RefusedAccess,
    SyntaxFault,
    UsageError,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"
ONE, TWO, THREE = (NamedNode(f"{EX}graph/{name}") for name in ("one", "two", "three"))

# Literals in canonical form, as data/ holds them: each comes back as it went in.
CANONICAL = (
    Literal("plain"),
    Literal("économie sociale", language="fr"),
    Literal("economy", language="en-gb"),
    Literal("tab\tquote\" backslash\\ line\nend 'x' 😀"),
    Literal("7", datatype=NamedNode(XSD + "integer")),
    Literal("-1.5", datatype=NamedNode(XSD + "decimal")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("false", datatype=NamedNode(XSD + "boolean")),
    Literal("2019-06-25", datatype=NamedNode(XSD + "date")),
    Literal("2019-06", datatype=NamedNode(XSD + "gYearMonth")),
    Literal("2019", datatype=NamedNode(XSD + "gYear")),
    Literal("https://example.org/é", datatype=NamedNode(XSD + "anyURI")),
)


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


def triple(subject: str, value: str | Literal | NamedNode, predicate: str = "p") -> Triple:
    return Triple(iri(subject), iri(predicate), iri(value) if isinstance(value, str) else value)


def load(engine: Engine, graph: NamedNode, triples: Iterable[Triple]) -> int:
    return engine.load(Quad(*each, graph) for each in triples)


def rows(engine: Engine, text: str) -> list[tuple[object, ...]]:
    found = engine.query(text)
    assert isinstance(found, Solutions)
    return sorted(found.rows, key=str)


def number(engine: Engine, where: str, what: str = "*") -> int:
    found = engine.query(f"SELECT (COUNT({what}) AS ?n) WHERE {{ {where} }}")
    assert isinstance(found, Solutions)
    cell = found.rows[0][0]
    assert isinstance(cell, Literal)
    return int(cell.value)


def union(engine: Engine) -> set[Triple]:
    # Some servers have graphs of their own beside ours.
    found = engine.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?p), '{EX}')) }}"
    )
    assert isinstance(found, Triples)
    return set(found.triples)


class EngineSuite:
    """The laws. `differs` holds names of what an engine cannot do, each with the reason."""

    differs: ClassVar[dict[str, str]] = {}

    def needs(self, what: str) -> None:
        if what in self.differs:
            pytest.skip(self.differs[what])

    # The union

    def test_a_triple_in_two_graphs_is_one_row(self, engine: Engine) -> None:
        self.needs("set")
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        assert number(engine, "?s ?p ?o") == 2
        assert len(rows(engine, f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}")) == 2

    def test_a_triple_in_two_graphs_is_one_row_of_distinct(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        assert rows(engine, f"SELECT DISTINCT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}") == [
            (iri("b"),),
            (iri("c"),),
        ]
        assert number(engine, f"?s <{EX}p> ?o", "DISTINCT ?o") == 2
        assert union(engine) == {triple("a", "b"), triple("a", "c")}

    def test_graph_tells_who_states_it(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        load(engine, TWO, [triple("a", "b"), triple("a", "c")])
        found = rows(engine, f"SELECT ?g ?o WHERE {{ GRAPH ?g {{ <{EX}a> <{EX}p> ?o }} }}")
        assert found == [(ONE, iri("b")), (TWO, iri("b")), (TWO, iri("c"))]

    def test_a_join_goes_across_graphs(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        load(engine, TWO, [triple("b", "c", "q")])
        assert rows(engine, f"SELECT ?x WHERE {{ ?x <{EX}p>/<{EX}q> ?y }}") == [(iri("a"),)]

    # Loading

    def test_load_says_how_many_there_are(self, engine: Engine) -> None:
        assert load(engine, ONE, [triple("a", "b")]) == 1
        assert load(engine, TWO, [triple("a", "b"), triple("a", "c")]) == 3
        assert load(engine, TWO, [triple("a", "c")]) == 3
        assert engine.count() == 3
        assert engine.graphs() == (ONE, TWO)

    def test_load_refuses_a_triple_without_a_graph_and_adds_nothing(self, engine: Engine) -> None:
        with pytest.raises(InputError, match="in no named graph"):
            engine.load([Quad(*triple("a", "b"), ONE), Quad(*triple("a", "c"))])
        assert engine.count() == 0
        assert union(engine) == set()

    def test_an_iterable_that_fails_adds_nothing(self, engine: Engine) -> None:
        def failing() -> Iterable[Quad]:
            yield Quad(*triple("a", "b"), ONE)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            engine.load(failing())
        with pytest.raises(ZeroDivisionError):
            engine.replace(ONE, (quad.triple for quad in failing()))
        assert engine.count() == 0
        assert union(engine) == set()

    def test_canonical_literals_survive(self, engine: Engine) -> None:
        wanted = {triple("a", value) for value in CANONICAL}
        load(engine, ONE, wanted)
        assert {quad.triple for quad in engine.dump()} == wanted
        found = {row[0] for row in rows(engine, f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}")}
        assert found == set(CANONICAL)
        engine.replace(ONE, wanted)
        assert {quad.triple for quad in engine.dump(ONE)} == wanted
        assert union(engine) == wanted

    def test_a_blank_node_stays_one_node(self, engine: Engine) -> None:
        node = BlankNode("n")
        engine.replace(ONE, [Triple(iri("a"), iri("p"), node), Triple(node, iri("q"), iri("b"))])
        assert rows(engine, f"SELECT ?x ?y WHERE {{ ?x <{EX}p>/<{EX}q> ?y }}") == [
            (iri("a"), iri("b"))
        ]
        assert engine.count() == 2

    # Replacing

    def test_replace_makes_a_graph_exactly_that(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        engine.replace(ONE, [triple("a", "c"), triple("a", "d"), triple("a", "d")])
        assert {quad.triple for quad in engine.dump(ONE)} == {triple("a", "c"), triple("a", "d")}
        assert union(engine) == {triple("a", "c"), triple("a", "d")}
        assert engine.count() == 2

    def test_replace_keeps_in_the_union_what_another_graph_states(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        engine.replace(ONE, [])
        assert union(engine) == {triple("a", "b")}
        assert engine.graphs() == (TWO,)
        assert engine.count() == 1
        engine.replace(TWO, [])
        assert union(engine) == set()
        assert engine.graphs() == ()
        assert engine.count() == 0

    def test_a_change_removes_and_adds_in_several_graphs(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        gone = [Quad(*triple("a", "b"), ONE), Quad(*triple("a", "c"), ONE)]
        engine.change([*gone, Quad(*triple("a", "x"), ONE)], [Quad(*triple("a", "d"), TWO)])
        assert union(engine) == {triple("a", "b"), triple("a", "d")}
        assert engine.graphs() == (TWO,)
        assert engine.count() == 2
        both = [Quad(*triple("a", "b"), TWO)]
        engine.change([*both, Quad(*triple("a", "d"), TWO)], [*both, *both])
        assert union(engine) == {triple("a", "b")}
        assert engine.count() == 1
        with pytest.raises(InputError, match="in no named graph"):
            engine.change(both, [Quad(*triple("a", "c"))])
        assert engine.count() == 1

    def test_replace_again_with_the_same_changes_nothing(self, engine: Engine) -> None:
        wanted = [triple("a", "b"), triple("a", Literal("x", language="fr"))]
        for _ in range(2):
            engine.replace(ONE, wanted)
            assert {quad.triple for quad in engine.dump(ONE)} == set(wanted)
            assert engine.count() == 2

    def test_replace_takes_thousands(self, engine: Engine) -> None:
        wanted = {
            triple(f"s{number}", Literal(f"économie {number}", language="fr"))
            for number in range(3000)
        }
        load(engine, TWO, [triple("s1", Literal("économie 1", language="fr")), triple("x", "y")])
        engine.replace(ONE, wanted)
        assert engine.count() == 3002
        assert number(engine, f"?s <{EX}p> ?o", "DISTINCT ?s") == 3001
        engine.replace(ONE, [triple("a", "b")])
        assert engine.count() == 3
        assert len(union(engine)) == 3

    # Reading

    def test_dump_is_what_the_graphs_state(self, engine: Engine) -> None:
        quads = {
            Quad(*triple("a", "b"), ONE),
            Quad(*triple("a", "b"), TWO),
            Quad(*triple("c", "d"), TWO),
        }
        engine.load(quads)
        found = list(engine.dump())
        assert set(found) == quads
        assert len(found) == 3
        assert set(engine.dump(TWO)) == {quad for quad in quads if quad.graph_name == TWO}
        assert list(engine.dump(THREE)) == []

    def test_columns_keep_their_order_and_a_missing_cell_is_none(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        found = engine.query(
            f"SELECT ?z ?a ?m WHERE {{ ?z <{EX}p> ?a OPTIONAL {{ ?z <{EX}q> ?m }} }}"
        )
        assert isinstance(found, Solutions)
        assert found.variables == ("z", "a", "m")
        assert found.rows == ((iri("a"), iri("b"), None),)

    def test_rows_keep_the_order_that_is_asked(self, engine: Engine) -> None:
        load(engine, ONE, [triple(name, "b") for name in "dacb"])
        found = engine.query(f"SELECT ?s WHERE {{ ?s <{EX}p> ?o }} ORDER BY DESC(?s)")
        assert isinstance(found, Solutions)
        assert [row[0] for row in found.rows] == [iri(name) for name in "dcba"]

    def test_a_path_of_length_zero_gives_its_term(self, engine: Engine) -> None:
        self.needs("zero")
        load(engine, ONE, [triple("a", "b"), triple("b", "c")])
        load(engine, TWO, [triple("h", "i", "q")])
        for where, found in (
            (f"<{EX}no> <{EX}p>* ?y", ["no"]),
            (f"?y <{EX}p>? <{EX}no>", ["no"]),
            (f"<{EX}a> <{EX}p>* ?y", ["a", "b", "c"]),
            (f"<{EX}no> <{EX}p>* ?y . ?y <{EX}p> ?z", []),
            (f"GRAPH {TWO} {{ <{EX}a> <{EX}p>? ?y }}", ["a"]),
        ):
            assert rows(engine, f"SELECT ?y WHERE {{ {where} }}") == [(iri(n),) for n in found]

    def test_ask(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        assert engine.query(f"ASK {{ <{EX}a> ?p ?o }}") == Boolean(True)
        assert engine.query(f"ASK {{ <{EX}z> ?p ?o }}") == Boolean(False)

    def test_construct_gives_each_triple_once(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("c", "b")])
        found = engine.query(f"CONSTRUCT {{ <{EX}x> <{EX}q> ?o }} WHERE {{ ?s <{EX}p> ?o }}")
        assert isinstance(found, Triples)
        assert found.triples == (triple("x", "b", "q"),)

    def test_describe_tells_what_a_node_says(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c", "q")])
        found = engine.query(f"DESCRIBE <{EX}a>")
        assert isinstance(found, Triples)
        # What else it tells is each server's own affair.
        assert {triple("a", "b"), triple("a", "c", "q")} <= set(found.triples)

    # FROM

    def test_from_selects_stored_graphs(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        load(engine, TWO, [triple("a", "c")])
        found = engine.query(f"SELECT ?o FROM {ONE} WHERE {{ ?s ?p ?o }}")
        assert found == Solutions(("o",), ((iri("b"),),))
        found = engine.query(f"SELECT ?o FROM NAMED {TWO} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}")
        assert found == Solutions(("o",), ((iri("c"),),))

    def test_from_two_graphs_counts_a_shared_triple_once(self, engine: Engine) -> None:
        self.needs("from")
        load(engine, ONE, [triple("a", "b")])
        load(engine, TWO, [triple("a", "b"), triple("a", "c")])
        found = engine.query(f"SELECT ?o FROM {ONE} FROM {TWO} WHERE {{ ?s ?p ?o }}")
        assert isinstance(found, Solutions)
        assert sorted(found.rows, key=str) == [(iri("b"),), (iri("c"),)]

    def test_from_an_absent_graph_is_empty_with_a_warning(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        found = engine.query(f"SELECT ?o FROM {THREE} WHERE {{ ?s ?p ?o }}")
        assert isinstance(found, Solutions)
        assert found.rows == ()
        assert len(found.warnings) == 1
        assert THREE.value in found.warnings[0]

    # Updating

    def test_an_update_of_named_graphs_shows_in_the_union(self, engine: Engine) -> None:
        engine.update(f"INSERT DATA {{ GRAPH {ONE} {{ <{EX}a> <{EX}p> <{EX}b> , <{EX}c> }} }}")
        engine.update(f"INSERT DATA {{ GRAPH {TWO} {{ <{EX}a> <{EX}p> <{EX}b> }} }}")
        assert union(engine) == {triple("a", "b"), triple("a", "c")}
        assert engine.count() == 3
        engine.update(f"DELETE WHERE {{ GRAPH {ONE} {{ ?s ?p ?o }} }}")
        assert union(engine) == {triple("a", "b")}
        assert engine.count() == 1
        assert engine.graphs() == (TWO,)

    def test_an_update_of_several_steps(self, engine: Engine) -> None:
        engine.update(
            f"INSERT DATA {{ GRAPH {ONE} {{ <{EX}a> <{EX}p> <{EX}b> }} }} ;\n"
            f"INSERT {{ GRAPH {TWO} {{ ?o <{EX}q> ?s }} }} WHERE {{ GRAPH {ONE} {{ ?s ?p ?o }} }} ;"
            " # the last step ends in a mark and a comment"
        )
        assert union(engine) == {triple("a", "b"), triple("b", "a", "q")}

    def test_dropping_a_graph_drops_it_from_the_union(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        engine.update(f"DROP SILENT GRAPH {ONE}")
        assert union(engine) == {triple("a", "b")}
        assert engine.graphs() == (TWO,)

    def test_what_an_update_writes_into_the_default_graph_does_not_stay(
        self, engine: Engine
    ) -> None:
        load(engine, ONE, [triple("a", "b")])
        with suppress(UsageError, EndpointError):
            engine.update(f"INSERT DATA {{ <{EX}x> <{EX}p> <{EX}y> }}")
        assert union(engine) == {triple("a", "b")}
        assert engine.count() == 1

    # Errors

    def test_a_syntax_error_has_its_place(self, engine: Engine) -> None:
        with pytest.raises(SyntaxFault) as caught:
            engine.query("SELECT ?s\nWHERE { ?s ?p ?o FILTRE(?o > 2) }")
        assert (caught.value.line, caught.value.column) == (2, 18)
        assert "FILTRE" in str(caught.value)
        assert "\n" not in str(caught.value)
        with pytest.raises(SyntaxFault) as caught:
            engine.update("INSERT DATO { }")
        assert (caught.value.line, caught.value.column) == (1, 8)

    @pytest.mark.parametrize(
        "text",
        [
            "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SELECT * WHERE { \\u0053ERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "ASK { seRvice/*no*/<http://127.0.0.1:9/> {} }".replace("/*no*/", "#x\n"),
        ],
    )
    def test_a_query_fetches_nothing(self, engine: Engine, text: str) -> None:
        with pytest.raises(RefusedAccess, match="SERVICE"):
            engine.query(text)

    @pytest.mark.parametrize(
        "text",
        [
            "LOAD <http://127.0.0.1:9/x.ttl>",
            f"LOAD SILENT <file:///etc/passwd> INTO GRAPH {ONE}",
            f"INSERT {{ GRAPH {ONE} {{ ?s ?p ?o }} }} WHERE"
            " { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        ],
    )
    def test_an_update_fetches_nothing(self, engine: Engine, text: str) -> None:
        with pytest.raises(RefusedAccess):
            engine.update(text)
        assert engine.count() == 0

    def test_a_query_past_its_deadline(self, engine: Engine) -> None:
        # Some seconds of work: an engine that cannot be stopped goes on with it for that long.
        load(engine, ONE, [triple(f"s{number}", f"o{number}") for number in range(110)])
        with pytest.raises(QueryTimeout):
            engine.query(
                "SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
                " BIND(CONCAT(STR(?a), STR(?f), STR(?g)) AS ?x) }",
                timeout=0.2,
            )
        assert number(engine, f"?s <{EX}p> ?o", "DISTINCT ?s") == 110

    # The engine itself

    def test_info_is_text(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b")])
        found = engine.info()
        assert {"engine", "place", "version", "quads"} <= found.keys()
        assert found["quads"] == "1"
        assert all(isinstance(value, str) for value in found.values())

    def test_a_closed_engine_says_so(self, engine: Engine) -> None:
        engine.close()
        engine.close()
        with pytest.raises(EngineError, match="closed"):
            engine.query("ASK {}")
        with pytest.raises(EngineError, match="closed"):
            engine.replace(ONE, [])

    # Looking up

    def test_lookup_matches_any_of_the_patterns(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", Literal("1"), "q"), triple("c", "b")])
        load(engine, TWO, [triple("a", "b"), triple("d", "e"), triple("d", "b", "q")])
        facts = {(quad.triple, quad.graph_name) for quad in engine.dump()}
        a, b, d, p, q = iri("a"), iri("b"), iri("d"), iri("p"), iri("q")
        asked: list[list[Pattern]] = [
            [(a, None, None)],
            [(None, p, b)],
            [(None, q, None)],
            [(None, None, b), (None, None, Literal("1"))],
            [(d, p, None), (a, q, None)],
            [(a, None, b)],
            [(a, p, b), (a, p, d), (d, q, b)],
            [(a, None, None), (None, p, b), (d, q, b)],
            [(iri("absent"), None, None), (None, None, Literal("1", language="fr"))],
        ]
        for patterns in asked:
            wanted = {
                (fact, graph)
                for fact, graph in facts
                if any(
                    all(one in (None, other) for one, other in zip(pattern, fact, strict=True))
                    for pattern in patterns
                )
            }
            found = {(quad.triple, quad.graph_name) for quad in engine.lookup(patterns)}
            assert found == wanted
            assert engine.stated(patterns) == {
                pattern
                for pattern in patterns
                if any(
                    all(one in (None, other) for one, other in zip(pattern, fact, strict=True))
                    for fact, _ in facts
                )
            }

    def test_lookup_in_one_graph_and_without_some(self, engine: Engine) -> None:
        load(engine, ONE, [triple("a", "b"), triple("a", "c")])
        load(engine, TWO, [triple("a", "b")])
        load(engine, THREE, [triple("a", "d")])
        a = iri("a")
        everything: Pattern = (a, None, None)
        assert {q.object for q in engine.lookup([everything], graph=TWO)} == {iri("b")}
        found = {(q.object, q.graph_name) for q in engine.lookup([everything], without=[ONE.value])}
        assert found == {(iri("b"), TWO), (iri("d"), THREE)}
        patterns: list[Pattern] = [(a, iri("p"), iri(name)) for name in "bcd"]
        assert engine.stated(patterns, without=[ONE.value]) == {patterns[0], patterns[2]}
        assert engine.stated(patterns, graph=TWO) == {patterns[0]}
        assert engine.stated(patterns, without=[ONE.value, TWO.value, THREE.value]) == set()

    def test_lookup_finds_canonical_literals(self, engine: Engine) -> None:
        load(engine, ONE, [triple(f"a{n}", value) for n, value in enumerate(CANONICAL)])
        patterns: list[Pattern] = [(None, None, value) for value in CANONICAL]
        found = {(quad.subject, quad.object) for quad in engine.lookup(patterns)}
        assert found == {(iri(f"a{n}"), value) for n, value in enumerate(CANONICAL)}
        assert engine.stated(patterns) == set(patterns)

    def test_lookup_takes_thousands_of_patterns(self, engine: Engine) -> None:
        load(engine, ONE, [triple(f"a{n}", f"b{n % 7}") for n in range(1200)])
        patterns: list[Pattern] = [(iri(f"a{n}"), None, None) for n in range(1500)]
        assert len({quad.subject for quad in engine.lookup(patterns)}) == 1200
        assert len(engine.stated(patterns)) == 1200

    def test_lookup_stops_at_its_limit(self, engine: Engine) -> None:
        load(engine, ONE, [triple(f"a{n}", "b") for n in range(50)])
        assert len(list(engine.lookup([(None, None, iri("b"))], limit=20))) == 20

    def test_lookup_of_everything_is_refused(self, engine: Engine) -> None:
        with pytest.raises(UsageError, match="every quad"):
            list(engine.lookup([(None, None, None)]))
        with pytest.raises(UsageError, match="every quad"):
            engine.stated([(None, None, None)])
        assert list(engine.lookup([])) == []
        # A literal is the subject of nothing.
        assert engine.stated([(Literal("x"), None, None)]) == set()  # type: ignore[list-item]

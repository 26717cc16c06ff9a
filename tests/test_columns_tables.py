"""Columns: its tables and its ways to ask; as a reader it is tested in test_columns.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.columns.columns import Columns
from gsefgraph.columns.layout import SCOPE_MASK
from gsefgraph.errors import EngineError
from gsefgraph.limits import Limits
from tests.readers_suite import XSD, write

S, P, Q, V = (NamedNode(f"a:{name}") for name in "spqo")
G, H = NamedNode("a:g"), NamedNode("a:h")


def triples(columns: Columns) -> set[Triple]:
    rows = columns.rows("SELECT s, p, o FROM triple")
    terms = columns.terms(x for row in rows for x in row)
    return {Triple(*(terms[x] for x in row)) for row in rows}  # type: ignore[arg-type]


def test_the_union_is_a_set_and_quads_are_a_bag() -> None:
    quads = [Quad(S, P, V, G), Quad(S, P, V, H), Quad(S, P, V), Quad(S, Q, V, G)]
    with Columns.read([], quads=quads) as columns:
        assert columns.rows("SELECT count(*) FROM quad") == [(4,)]
        assert triples(columns) == {Triple(S, P, V), Triple(S, Q, V)}
        assert columns.rows("SELECT count(*) FROM quad WHERE g IS NULL") == [(1,)]
        predicates = [p for (p,) in columns.rows("SELECT p FROM triple")]
        assert predicates == sorted(predicates)


def test_an_id_says_kind_and_datatype() -> None:
    values = [S, BlankNode("b"), Literal("x", language="fr"), Literal("x")]
    values += [Literal("1", datatype=NamedNode(f"{XSD}integer")), Literal("1", datatype=S)]
    with Columns.read([], quads=[Quad(S, P, value) for value in values]) as columns:
        ids = columns.ids(values)
        assert [ids[value] >> 52 for value in values][:4] == [0, 1, 2, 3]
        assert all(0 < number % (1 << 52) < 1 << 30 for number in ids.values())
        known = dict(columns.rows("SELECT code, iri FROM datatype"))
        assert [known[ids[value] >> 52] for value in values[4:]] == [f"{XSD}integer", "a:s"]
        assert columns.rows("SELECT lex, lang FROM term WHERE id = ?", [ids[values[2]]]) == [
            ("x", "fr")
        ]
        assert columns.rows("SELECT count(lang) FROM term") == [(1,)]


def test_pieces_that_say_one_term_get_one_id(tmp_path: Path) -> None:
    forms = ['"é"', '"\\u00e9"', '"\\u00E9"', f'"é"^^<{XSD}string>']
    tagged = ['"a\\\\b"@fr', '"a\\u005Cb"@FR']
    text = "\n".join(f"<a:s> <a:p> {form} ." for form in forms + tagged)
    with Columns.read([write(tmp_path, text)]) as columns:
        assert triples(columns) == {
            Triple(S, P, Literal("é")),
            Triple(S, P, Literal("a\\b", language="fr")),
        }


def test_ids_and_terms_of_what_is_not_there() -> None:
    with Columns.read([], quads=[Quad(S, P, Literal("x"))]) as columns:
        found = columns.ids(
            [Literal("x"), Literal("x", language="en"), Literal("x", datatype=S), V]
        )
        assert list(found) == [Literal("x")]
        assert columns.terms([5, *found.values(), 7 << 52]) == {found[Literal("x")]: Literal("x")}
        assert columns.ids([]) == {}
        assert columns.terms([]) == {}


def test_describe() -> None:
    quads = [Quad(S, P, V, G), Quad(S, P, V, H), Quad(S, P, Literal("x")), Quad(V, P, S)]
    with Columns.read([], quads=quads) as columns:
        assert columns.describe([S, H]) == [Triple(S, P, Literal("x")), Triple(S, P, V)]


def test_scoped_keeps_graphs_apart() -> None:
    quads = [Quad(S, P, V, G), Quad(S, P, V, H), Quad(S, P, Literal("x"), G), Quad(S, P, V)]
    with Columns.read([], quads=[*quads, *quads]) as columns:
        columns.scoped()
        columns.scoped()
        ids = columns.ids([S, P, V, Literal("x"), G, H])
        numbers = dict(columns.rows("SELECT g, n FROM graph_number"))
        assert sorted(numbers.values()) == [1, 2, 3]
        assert set(columns.rows("SELECT s, p, o FROM scoped")) == {
            (ids[S] | numbers[g] << 30, ids[P], ids[V] | numbers[g] << 30)
            for g in (ids[G], ids[H], None)
        } | {(ids[S] | numbers[ids[G]] << 30, ids[P], ids[Literal("x")])}
        assert set(columns.rows(f"SELECT s & {SCOPE_MASK}, o & {SCOPE_MASK} FROM scoped")) == {
            (ids[S], ids[V]),
            (ids[S], ids[Literal("x")]),
        }


def test_labels_of_blank_nodes_are_each_files_own(tmp_path: Path) -> None:
    one = write(tmp_path, "_:a <a:p> _:a <a:g> .\n_:é <a:p>  _:a .", "1.nq")
    two = write(tmp_path, "_:a <a:p> _:a .", "2.nt")
    three = write(tmp_path, "_:a <a:p> [] .", "3.ttl")
    given = [Quad(BlankNode("a"), P, BlankNode("f1.a"))]
    with Columns.read([one, two, three], quads=given) as columns:
        assert columns.rows("SELECT count(*) FROM term WHERE id >> 52 = 1") == [(7,)]
        assert columns.ids([BlankNode("a"), BlankNode("f1.a")]).keys() == {
            BlankNode("a"),
            BlankNode("f1.a"),
        }
        again = triples(columns)
    with Columns.read([one, two, three], quads=given) as columns:
        assert triples(columns) == again
    with Columns.read([one]) as columns:
        assert columns.ids([BlankNode("a"), BlankNode("é")])


def test_nodes_without_a_label_get_the_same_name_each_time(tmp_path: Path) -> None:
    text = "<a:s> <a:p> [ <a:p> [] ], _:b1, _:bb ."
    file = write(tmp_path, text, "a.ttl")
    with Columns.read([file]) as columns, Columns.read([file]) as others:
        assert triples(columns) == triples(others)
        assert columns.rows("SELECT count(*) FROM term WHERE id >> 52 = 1") == [(4,)]


def test_nothing_can_be_fetched_or_read_afterwards(tmp_path: Path) -> None:
    other = write(tmp_path, "secret", "secret.csv")
    with Columns.read([write(tmp_path, "<a:s> <a:p> <a:o> .")]) as columns:
        for sql in (
            f"SELECT * FROM read_csv('{other}')",
            f"COPY triple TO '{tmp_path / 'out.csv'}'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET autoload_known_extensions = true",
            f"ATTACH '{tmp_path / 'x.db'}'",
        ):
            with pytest.raises(EngineError) as refused:
                columns.execute(sql)
            assert "\n" not in str(refused.value)
        columns.execute("CREATE TABLE mine AS SELECT 1 AS a")
        assert columns.rows("SELECT a + ? FROM mine", [1]) == [(2,)]


def test_progress_is_told() -> None:
    told: list[tuple[str, int]] = []
    with Columns.read(
        [], quads=[Quad(S, P, V)], limits=Limits(progress=lambda *step: told.append(step))
    ):
        pass
    assert told == [("lines", 1), ("terms", 3), ("quads", 1), ("triples", 1), ("ill-formed", 0)]


def test_nothing_at_all() -> None:
    with Columns.read([]) as columns:
        assert columns.rows("SELECT count(*) FROM triple") == [(0,)]
        assert columns.describe([S]) == []
        columns.scoped()
    with pytest.raises(EngineError, match="closed"):
        columns.rows("SELECT 1")


def test_what_the_parser_reads_is_what_is_there(tmp_path: Path) -> None:
    text = "<a:s> <a:p> 01, 1.50, true, '''a\nb\t\\u0000\x01''' ; <a:q> [ <a:p> () ] ."
    wanted = {quad.object for quad in parse(text.encode(), RdfFormat.TURTLE)}
    with Columns.read([write(tmp_path, text, "a.ttl")]) as columns:
        literals = {term for term in wanted if isinstance(term, Literal)}
        assert columns.ids(literals).keys() == literals
        assert set(columns.terms(columns.ids(literals).values()).values()) == literals

"""Columns: its tables, its ways to ask, and files of every format and name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gsefgraph.columns import SCOPE_MASK, Columns, sources
from gsefgraph.columns.sources import Source
from gsefgraph.errors import EngineError, InputError, RefusedAccess, SyntaxFault
from gsefgraph.limits import Limits
from gsefgraph.records.rdf import read

XSD = "http://www.w3.org/2001/XMLSchema#"
S, P, Q, V = (NamedNode(f"a:{name}") for name in "spqo")
G, H = NamedNode("a:g"), NamedNode("a:h")


def write(folder: Path, text: str | bytes, name: str = "a.nq") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


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


FORMATS = {
    "a.ttl": "@prefix a: <a:> .\na:s a:p a:o , 'x'@fr ; a:q 1 .",
    "a.trig": "@prefix a: <a:> .\na:g { a:s a:p a:o , 'x'@fr ; a:q 1 }",
    "a.nt": f'<a:s> <a:p> <a:o> .\n<a:s> <a:p> "x"@fr .\n<a:s> <a:q> "1"^^<{XSD}integer> .',
    "a.jsonld": '{"@id": "a:s", "a:p": [{"@id": "a:o"}, {"@value": "x", "@language": "fr"}], '
    '"a:q": 1}',
    "a.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'
    '<r:Description r:about="a:s"><a:p r:resource="a:o"/><a:p xml:lang="fr">x</a:p>'
    f'<a:q r:datatype="{XSD}integer">1</a:q></r:Description></r:RDF>',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_triples(tmp_path: Path, name: str) -> None:
    with Columns.read([write(tmp_path, FORMATS[name], name)]) as columns:
        assert triples(columns) == {
            Triple(S, P, V),
            Triple(S, P, Literal("x", language="fr")),
            Triple(S, Q, Literal("1", datatype=NamedNode(f"{XSD}integer"))),
        }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "@prefix a: <a:> .\na:s a:p ."),
        ("a.trig", "<a:g> { <a:s> <a:p> <b c> }"),
        ("a.nt", "<a:s> <a:p> <a:o> <a:g> ."),
        ("a.nt", "<a:s> <a:p> _:o _:g ."),
        ("a.jsonld", '{"@id": 1}'),
        ("a.nq", b'<a:s> <a:p> "x" .\n<a:s> <a:p> "\xc3\xa9\xff" .'),
        ("a.nq", b'<a:s> <a:p> "x" .\n<a:s> <a:p> "\xc3\xa9\0" .'),
        ("a.nq", b'<a:s> <a:p> "x" .\r\n\n\r<a:s> <a:p> "x" .\rbad\r'),
        ("a.nq", "<a:s> <a:p> <a:o> _:g ."),
        ("a.nq", "\n <a:s> <http://www.w3.org/2002/07/owl#imports> <a:o> ."),
    ],
)
def test_faults_are_those_of_record_files(tmp_path: Path, name: str, text: str | bytes) -> None:
    file = write(tmp_path, text, name)
    with pytest.raises((InputError, RefusedAccess)) as wanted:
        read(file)
    with pytest.raises((InputError, RefusedAccess)) as found:
        Columns.read([file])
    assert type(found.value) is type(wanted.value)
    if name in ("a.nq", "a.nt"):
        assert str(found.value) == str(wanted.value)
    else:
        assert (found.value.line, found.value.column) == (wanted.value.line, wanted.value.column)


def test_a_triple_term_is_refused_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.nq:1:13: .* is a triple term of RDF 1\.2"):
        Columns.read([write(tmp_path, "<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .")])


def test_the_first_fault_in_the_order_of_files_is_told(tmp_path: Path) -> None:
    right = write(tmp_path, "<a:s> <a:p> <a:o> .", "1.nq")
    early = write(tmp_path, "\n\n<a:s> _:p <a:o> .", "2.nq")
    late = write(tmp_path, "bad", "3.nq")
    with pytest.raises(SyntaxFault) as found:
        Columns.read([right, early, late])
    assert (found.value.file, found.value.line) == (str(early), 3)


def test_files_that_are_not_there_or_say_nothing(tmp_path: Path) -> None:
    for name, words in (
        ("no.nq", "no such file"),
        (".", "files of RDF end in"),
        ("x.nq", "folder"),
    ):
        (tmp_path / "x.nq").mkdir(exist_ok=True)
        with pytest.raises(InputError, match=words):
            Columns.read([tmp_path / name])


def test_an_import_of_the_ontology_is_no_import_from_elsewhere(tmp_path: Path) -> None:
    text = "<a:s> <http://www.w3.org/2002/07/owl#imports> <https://w3id.org/gsefgraph/ontology> ."
    with Columns.read([write(tmp_path, text)]) as columns:
        assert len(triples(columns)) == 1


@pytest.mark.parametrize("name", ["a'b.nq", "*.nq", "[a-z]?.nq", "a b.nq", 'q"{x}.nq', "é\\.nq"])
def test_a_name_is_taken_literally(tmp_path: Path, name: str) -> None:
    write(tmp_path, "bad", "z1.nq")
    with Columns.read([write(tmp_path, "<a:s> <a:p> <a:o> .", name)]) as columns:
        assert triples(columns) == {Triple(S, P, V)}


@pytest.mark.parametrize(
    "text",
    [
        "{0}\n\n{1}\n",
        "{0}\r\n\r\n{1}",
        "{0}\r\r{1}\r",
        "{0}\n\r\n{1}",
        "{0}\r\n\n{1}\r",
        "{0}\r\r\n{1}",
        "\ufeff{0}\n\n{1}",
    ],
)
def test_lines_are_counted_as_people_do(tmp_path: Path, text: str) -> None:
    text = text.format('<a:s> <a:p> "1" .', '<a:s> <a:p> "2" .')
    with Columns.read([write(tmp_path, text)]) as columns:
        assert columns.rows("SELECT line FROM quad ORDER BY line") == [(1,), (3,)]
        place = columns.places([(S, P, Literal("2"))])
        assert [(line, column) for _, line, column in place.values()] == [(3, 13)]


def test_a_very_long_line(tmp_path: Path) -> None:
    long = "é" * 2_000_000
    text = f'<a:s> <a:p> "1" .\n<a:s> <a:p> "{long}" .\n<a:s> <a:p> "3" .'
    with Columns.read([write(tmp_path, text)]) as columns:
        assert columns.rows("SELECT line FROM quad ORDER BY line") == [(1,), (2,), (3,)]
        assert columns.ids([Literal(long)])


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


@pytest.mark.parametrize("name", ["a.nq", "b.nt"])
def test_places_are_those_of_record_files(tmp_path: Path, name: str) -> None:
    lines = [
        "# first",
        '<a:s> <a:p> "é" .',
        ' <a:o>  <a:p>\t"a \\"b\\" <c>"@fr . # x',
        "<a:s><a:p><a:o>.",
        "",
        '_:b.c <a:q> "\\u00e9"^^<a:t> .',
        '<a:s> <a:p> "é" .',
    ]
    file = write(tmp_path, "\n".join(lines), name)
    record = read(file)
    asked = [tuple(quad.triple) for quad in record.quads]
    asked += [(quad.subject, quad.predicate, None) for quad in record.quads]
    asked += [(quad.subject, None, None) for quad in record.quads]
    asked += [(S, P, Literal("other")), (S, Q, None), (S, H, Literal("é"))]
    with Columns.read([file]) as columns:
        found = columns.places(asked)  # type: ignore[arg-type]
        for one in asked:
            assert found[one] == (str(file), *record.locate(*one)), one  # type: ignore[index, misc, arg-type]
        assert columns.places([(H, None, None)]) == {}


def test_places_stand_in_the_first_file_that_has_lines(tmp_path: Path) -> None:
    turtle = write(tmp_path, "<a:s> <a:p> <a:o>, 'x' .", "1.ttl")
    one = write(tmp_path, "_:a <a:p> <a:o> .\n" * 3, "2.nq")
    two = write(tmp_path, "_:a <a:p> <a:o> .\n\n<a:s> <a:p> <a:o> .\n", "3.nq")
    with Columns.read([turtle, one, two]) as columns:
        nodes = columns.terms(x for (x,) in columns.rows("SELECT s FROM quad")).values()
        found = columns.places([(S, P, V), (S, P, Literal("x")), *((n, None, None) for n in nodes)])
        assert found[S, P, V] == (str(two), 3, 13)
        assert found[S, P, Literal("x")] == (str(two), 3, 7)
        assert sorted(place for (n, p, _), place in found.items() if isinstance(n, BlankNode)) == [
            (str(one), 1, 1),
            (str(two), 1, 1),
        ]


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


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_lines_are_found_whatever_ends_them_and_however_much_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sources, "_CHUNK", size)
    for text in (
        "\ufeffé\r\n\r\rb\n\nc",
        "\n\r\n",
        "a\r",
        "\r\n\r\n",
        "a",
        "",
        "\ufeff",
        "\r\r\n\n\ra",
    ):
        file = write(tmp_path, text)
        wanted = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
        if not wanted[-1]:
            wanted.pop()
        found = Source(1, "a.nq", file).texts(range(1, 20))
        assert found == dict(enumerate(wanted, 1))

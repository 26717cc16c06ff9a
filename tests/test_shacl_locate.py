"""Where findings are placed: brackets, labels, the ends of paths, and what is taken away."""

from __future__ import annotations

from pathlib import Path as File

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from gsefgraph.engine.embedded import Embedded
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.shacl import written
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.report.finding import Finding
from gsefgraph.shacl.report.locate import Locator
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.run import of_files, validate
from gsefgraph.sparql.path import Path
from gsefgraph.terms import Names

HEAD = "@prefix e: <e:> .\n"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <e:> .
e:S a sh:NodeShape ; sh:targetClass e:T ;
    sh:property [ sh:path e:p ; sh:datatype xsd:string ] ,
        [ sh:path e:need ; sh:minCount 1 ] ,
        [ sh:path ( e:knows e:q ) ; sh:datatype xsd:string ] .
"""


def file(body: str, name: str = "a.trig") -> RecordFile:
    return read(name, data=(HEAD + body).encode())


def of(text: str, *records: RecordFile, path: str | Path | None = None, value=None):
    """Line (without the head) and column of a finding on a node, by label or IRI."""
    node = BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text)
    path = Path.of(path) if isinstance(path, str) else path
    finding = Finding("s", node, path, value, "e:rule", "e:component", {})
    _, own = written.labelled(records)
    source = Locator(records, own).place(finding).source
    return source and (source[1] - 1, source[2])


def number(text: int) -> Literal:
    return Literal(str(text), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))


def chain(*steps: str | Path) -> Path:
    return Path("/", parts=tuple(s if isinstance(s, Path) else Path.of(s) for s in steps))


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("[ a e:T ;\n  e:p 7 ] .", 2, 7),
        ("[] a e:T ;\n  e:p 7 .", 2, 7),
        ("e:x e:p 1 .\n[ e:r 2 ] e:p\n 7 .", 3, 2),
        ("e:s e:a [ e:b [ ] ;\n  e:c [ e:p 7 ] ] .", 2, 13),
        ("e:s e:l ( 1 [ e:m 2 ]\n ( 3 [ e:p 7 ] ) () ) ; e:p 1 .", 2, 12),
        ("( 1 [ e:a 1 ]\n [ e:p 7 ] ) e:p ( 2 ) .", 2, 8),
        ("e:s e:l () , [ e:n 1 ] ,\n [ e:p 7 ] .", 2, 8),
        ("_:x e:l [ e:n 1 ] .\n_:x e:l\n [ e:p 7 ] .", 3, 8),
        ("e:g { [] e:p 8 . }\ne:h { [ e:p 7 ] . }", 2, 13),
        ("_:anonymous1 e:p 8 .\n[ e:p 7 ] .", 2, 7),
        ('e:s e:a "_:anonymous/1" ; e:a [ e:q 1 ] ,\n [ e:p 7 ] .', 2, 8),
    ],
)
def test_facts_in_brackets_have_their_own_place(body: str, line: int, column: int) -> None:
    record = file(body)
    quads, _ = written.labelled([record])
    node = next(q.subject for q in quads if q.object == number(7))
    assert of(str(node), record, path="e:p", value=number(7)) == (line, column)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("\n[ a e:T ] .", (2, 1)),
        ("\n[] a e:T .", (2, 1)),
        ("_:anonymous1 e:b 1 .\n[ a e:T ] .", (2, 1)),
        ("e:s e:a 1 ;\n  e:k ( 1\n [ a e:T ] ) .", (3, 2)),
        ("e:s e:a\n  [ e:b 1 ;\n   e:c [ a e:T ] ] .", (3, 8)),
    ],
)
def test_a_bracket_without_the_property_is_placed_where_it_opens(body: str, place) -> None:
    record = file(body)
    quads, _ = written.labelled([record])
    node = next(q.subject for q in quads if q.object == NamedNode("e:T"))
    assert of(str(node), record, path="e:missing") == place


def test_an_empty_list_is_placed_as_what_it_is() -> None:
    nil = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
    record = file("e:s e:l ( 1 ) ,\n () ; e:m 2 .\n() e:p 7 .")
    assert of("e:s", record, path="e:l", value=nil) == (2, 2)
    assert of(nil.value, record, path="e:p", value=number(7)) == (3, 8)


NODES = st.recursive(
    st.sampled_from(["e:o", "_:b1", "_:b2", "[]", "()", '"_:b3"@en', "'''x'''"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"(\n{' '.join(items)} )"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "[ " + " ;\n ".join(f"e:p {item}" for item in items) + " ]"
        ),
    ),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(["e:s", "_:b1", "[]", "( e:o [] )"]), NODES), min_size=1))
def test_law_every_literal_in_brackets_is_placed_at_its_own_words(statements) -> None:
    """Each statement gets a literal of its own in every bracket, however deep."""
    text, count = "", 0
    for subject, value in statements:
        for part in f"{subject} e:p {value} .\n".split("[ "):
            text += f'{part}[ e:own "own{count}" ; '
            count += 1
        text = text[: text.rindex("[ e:own")]
    record = file(text)
    lines = record.text.split("\n")
    labels = {quad.subject for quad in record.quads}
    owned = 0
    for quad in record.quads:
        place = record.locate(quad.subject, quad.predicate, quad.object)
        assert place is not None
        if quad.predicate == NamedNode("e:own"):
            owned += 1
            assert lines[place[0] - 1][place[1] - 1 :].startswith(f'"{quad.object.value}"')
    assert owned == text.count("e:own")
    assert all(record.locate(node) for node in labels)


def test_labels_of_the_file_are_kept() -> None:
    record = file("_:b2 a e:T ; e:p 1 .\n_:b1 a e:T .\n[] e:p _:b3.\n_:x.y e:p [] .")
    quads, own = written.labelled([record])
    assert [str(quad.subject) for quad in quads] == ["_:b2", "_:b2", "_:b1", "_:b4", "_:x.y"]
    assert [str(quad.object) for quad in quads[-2:]] == ["_:b3", "_:b5"]
    assert len(own) == 6
    assert quads == written.labelled([file(record.text.removeprefix(HEAD))])[0]
    assert of("_:b1", record) == (2, 1)
    assert of("_:b3", record) == (3, 8)
    assert of("_:b5", record) == (4, 11)


def test_one_label_in_two_files_is_two_nodes() -> None:
    one, two = file("_:x e:p 1 ."), file("\n\n_:x e:q 2 .\n_:b1 e:p 1 .", "b.ttl")
    quads, own = written.labelled([one, two])
    assert [str(quad.subject) for quad in quads] == ["_:x", "_:b2", "_:b1"]
    assert own[BlankNode("b2")] == (1, BlankNode("x"))
    assert of("_:x", one, two) == (1, 1)
    assert of("_:b2", one, two) == (3, 1)
    assert of("_:b2", one, two, path="e:q", value=number(2)) == (3, 9)


def test_labels_of_a_graph_in_memory_are_nobodys() -> None:
    record = read("<Graph>", data=b'_:N0aa <a:p> "x" .', format="nquads")
    assert str(written.labelled([record])[0][0].subject) == "_:b1"


KNOWS = """e:a e:knows e:b ,
    e:c .
e:b e:q 1 .
e:c e:q 2 , 1 ;
    e:r e:d .
e:x e:q 1 .
e:y e:q 9 .
"""
Q, R, ANY = Path.of("e:q"), Path.of("e:r"), Path("*", parts=(Path.of("e:knows"),))


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (chain("e:knows", "e:q"), number(1), (3, 9)),
        (chain("e:knows", "e:q"), number(2), (4, 9)),
        (chain(ANY, "e:q"), number(2), (4, 9)),
        (chain("e:knows", Path("|", parts=(Q, R))), NamedNode("e:d"), (5, 9)),
        (chain("e:knows", Path("?", parts=(R,))), NamedNode("e:d"), (5, 9)),
        (chain("e:knows", Path("?", parts=(R,))), NamedNode("e:b"), (1, 13)),
        (chain("e:knows", Path("+", parts=(R,))), NamedNode("e:d"), (5, 9)),
        (chain("e:knows", Path("^", parts=(Path.of("e:knows"),)), "e:knows"),
         NamedNode("e:c"), (2, 5)),
        (chain("e:elsewhere", "e:q"), number(9), (7, 9)),
        (chain("e:elsewhere", "e:q"), number(1), (1, 1)),
        (chain("e:knows", "e:q"), None, (1, 5)),
        (chain("e:knows", "e:q"), number(5), (1, 5)),
        (Path("^", parts=(Path.of("e:knows"),)), NamedNode("e:c"), (1, 1)),
    ],
)  # fmt: skip
def test_the_end_of_a_path(path: Path, value, place) -> None:
    assert of("e:a", file(KNOWS), path=path, value=value) == place


def test_paths_that_lead_in_circles_come_to_an_end() -> None:
    circle = "".join(f"e:n{n} e:knows e:n{(n + 1) % 3000} .\n" for n in range(3000))
    record = file(circle + "e:n5 e:q 1 . e:z e:q 1 .")
    assert of("e:n0", record, path=chain(ANY, "e:q"), value=number(1)) == (3001, 10)


def test_a_known_node_is_placed_where_it_is_mentioned_or_by_its_value() -> None:
    record = file("\ne:a e:knows e:b .")
    assert of("e:b", record, path="e:p") == (2, 13)
    assert of("e:z", record, path="e:p", value=NamedNode("e:a")) == (2, 1)
    assert of("e:z", record, path="e:p") is None


def test_nodes_without_a_label_in_jsonld_and_rdfxml() -> None:
    json = read("a.jsonld", data=b'{"e:q": "once",\n"e:p": "x", "e:r": {"@id": "_:n", "e:p": "x"}}')
    quads, _ = written.labelled([json])
    assert [str(q.subject) for q in quads if q.object == Literal("once")] == ["_:b1"]
    assert of("_:b1", json) == (0, 10)
    assert of("_:n", json) == (1, 29)
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:">\n'
        '<rdf:Description rdf:nodeID="k"><e:p>v</e:p></rdf:Description>\n'
        "<rdf:Description><e:p>u</e:p></rdf:Description></rdf:RDF>"
    )
    record = read("a.rdf", data=xml.encode())
    assert of("_:k", record) == (1, 30)
    assert of("_:k", record, path="e:p", value=Literal("v")) == (1, 38)
    assert of("_:b1", record, path="e:p", value=Literal("u")) == (2, 23)


def check(tmp_path: File, body: str) -> Report:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "a.ttl"
    shapes.write_text(SHAPES, "utf-8")
    data.write_text(HEAD + body, "utf-8")
    return of_files([data], Checks.of_files([shapes], Names()))


def test_findings_of_files(tmp_path: File) -> None:
    report = check(tmp_path, """_:b2 a e:T ; e:need 1 ; e:p 1 .
_:b1 a e:T .
[] a e:T ; e:need 2 ;
    e:p 3 .
e:s a e:T ; e:need 1 ; e:knows e:t .
e:t
    e:q 7 .
""")  # fmt: skip
    found = [(str(f.focus), f.source and (f.source[1] - 1, f.source[2])) for f in report.findings]
    assert found == [
        ("_:b2", (1, 29)),
        ("_:b1", (2, 1)),
        ("_:b3", (4, 9)),
        ("<e:s>", (7, 9)),
    ]


def test_what_a_removal_breaks_is_placed_in_its_file(tmp_path: File) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    engine = Embedded()
    known = file("e:s a e:T ; e:need 1 . e:o a e:T ; e:need 1 .").quads
    engine.load(Quad(*quad.triple, NamedNode("e:graph")) for quad in known)
    added, gone = file("e:s e:other 1 .", "new.ttl"), file("\ne:o e:x 1 .\ne:s e:need\n 1 .")
    report = validate(
        [added], engine, Checks.of_files([tmp_path / "shapes.ttl"], Names()), remove=[gone]
    )
    assert [(str(f.focus), f.source) for f in report.findings] == [("<e:s>", ("a.trig", 4, 5))]

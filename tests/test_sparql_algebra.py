"""A query's text as algebra: what is read, in which order, what is in scope, and what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path as File

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from gsefgraph.rdf import plain
from gsefgraph.sparql import parsing
from gsefgraph.sparql.algebra import (
    Bgp,
    Call,
    Const,
    Extend,
    Filter,
    Other,
    Project,
    Triple,
    Var,
    certain,
    constants,
    in_scope,
    mentioned,
    walk,
)
from gsefgraph.sparql.parsing import Unreadable, parse, select
from gsefgraph.sparql.path import Path
from gsefgraph.terms import RDF, XSD

X, Y = Var("x"), Var("y")
P = Path.of("a:p")

# Each part of a group, with a group inside where it has one.
LEAVES = [
    "?{0} <a:p> ?{1} .", "?{0} ?{1} 1 .", "?{0} <a:p>/^<a:q>* [] .", "FILTER(?{0} > 1)",
    "[ <a:p> ?{0} ] <a:q> ( ?{1} ) .", "VALUES ?{0} {{ 1 2 }}", "VALUES (?{0} ?n) {{ (1 UNDEF) }}",
]  # fmt: skip
NESTING = [
    "{{ {2} }}", "OPTIONAL {{ {2} }}", "{{ {2} }} UNION {{ ?{0} <a:q> 1 }}", "MINUS {{ {2} }}",
    "GRAPH ?{0} {{ {2} }}", "FILTER NOT EXISTS {{ {2} }}", "FILTER(!EXISTS {{ {2} }} || ?{1} = 1)",
    "{{ SELECT * {{ {2} }} }}", "{{ SELECT DISTINCT ?{0} {{ {2} }} LIMIT 1 }}",
    "{{ SELECT ?{0} (COUNT(?{1}) AS ?c) {{ {2} }} GROUP BY ?{0} }}",
    "{{ SELECT (SUM(?{0}) + 1 AS ?c) {{ {2} }} HAVING (MAX(?{1}) > 1) }}",
]  # fmt: skip
names = st.sampled_from("stuv")


def _part(template: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(template.format, names, names, inside)


def _group(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=4).map(" ".join)


groups = _group(
    st.recursive(
        st.one_of(*(_part(leaf, st.just("")) for leaf in LEAVES)),
        lambda parts: st.one_of(*(_part(nest, _group(parts)) for nest in NESTING)),
        max_leaves=8,
    )
)


@given(groups)
def test_what_is_in_scope_is_what_another_engine_gives(group: str) -> None:
    query = f"SELECT * {{ {group} }}"
    try:
        answer = Store().query(query)
    except SyntaxError:  # a variable bound twice
        reject()
    assert isinstance(answer, QuerySolutions)
    found = select(query)
    assert isinstance(found, Project)
    assert set(found.names) == {variable.value for variable in answer.variables}
    assert certain(found) <= in_scope(found) <= mentioned(found)


@given(groups)
def test_law_what_is_kept_comes_back(group: str) -> None:
    query = parse(f"ASK {{ {group} }}")
    assert plain.load(plain.dump(query), parsing._CLASSES) == query


def test_a_text_is_read_in_its_order() -> None:
    (filtered,) = [
        part
        for part in walk(select("SELECT ?x { ?y <a:p> 1 . FILTER(?x) ?x <a:p> -1.50 ; a ?y }"))
        if isinstance(part, Filter)
    ]
    decimal = NamedNode(f"{XSD}decimal")
    assert filtered == Filter(
        Bgp(
            (
                Triple(Y, P, Const(Literal("1", datatype=NamedNode(f"{XSD}integer")))),
                Triple(X, P, Const(Literal("-1.50", datatype=decimal))),
                Triple(X, Path.of(f"{RDF}type"), Y),
            )
        ),
        X,
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("FILTER(false)", Filter(Bgp(), Const(Literal(False)))),
        ("FILTER(?x) FILTER(?y)", Filter(Bgp(), Call("&&", (X, Y)))),
        ("FILTER(?x IN () || !?y)", Filter(Bgp(), Call("||", (Call("IN", (X,)), Call("!", (Y,)))))),
        (
            "FILTER(:f(?x, 2 * -?y) = CONCAT())",
            Filter(
                Bgp(),
                Call(
                    "=",
                    (
                        Call(
                            "e:f",
                            (X, Call("*", (Const(Literal(2)), Call("neg", (Y,))))),
                        ),
                        Call("CONCAT", ()),
                    ),
                ),
            ),
        ),
        ("?x :p\\,q ?y", Bgp((Triple(X, Path.of("e:p,q"), Y),))),
        ("?x <#p> ?y", Bgp((Triple(X, Path.of("http://e/b#p"), Y),))),
        ("?x !(:p|:q) ?y", Bgp((Triple(X, Path("!", parts=(Path.of("e:p"), Path.of("e:q"))), Y),))),
        (
            'VALUES (?x ?y) { (1 UNDEF) (:a "b"@en) }',
            Other(
                "values",
                (),
                ("x", "y"),
                tuple(
                    Const(term)
                    for term in (Literal(1), NamedNode("e:a"), Literal("b", language="en"))
                ),
            ),
        ),
        ("GRAPH :g {}", Other("graph", (Bgp(),), (), (Const(NamedNode("e:g")),))),
    ],
)
def test_what_rdflib_leaves_out_or_gets_wrong(body: str, expected: object) -> None:
    assert parse(f"BASE <http://e/a> PREFIX : <e:> BASE <b> ASK {{ {body} }}").pattern == expected


def test_groups_of_solutions() -> None:
    text = (
        "SELECT ?k (COUNT(*) AS ?n) { ?x <a:p> ?y } GROUP BY ?x (STR(?y) AS ?k) LANG(?y)"
        " HAVING (SUM(?y) > 1) ORDER BY REGEX(?k, 'a') LIMIT 1 VALUES ?x { <a:v> }"
    )
    sliced = select(text)
    assert isinstance(sliced, Other)
    assert (sliced.kind, in_scope(sliced)) == ("slice", {"k", "n"})
    (group,) = [part for part in walk(sliced) if isinstance(part, Other) and part.kind == "group"]
    assert (group.names, group.values) == (("x", "k"), (X, Var("k"), Call("LANG", (Y,))))
    assert isinstance(group.parts[0], Extend)
    assert Call("COUNT", ()) in walk(sliced)
    assert Call("REGEX", (Var("k"), Const(Literal("a")))) in walk(sliced)
    assert NamedNode("a:v") in constants(sliced)


def test_forms() -> None:
    made = parse("CONSTRUCT { ?y <a:p> _:b } FROM <a:g> { ?x <a:p> ?y }")
    assert (made.form, made.dataset) == ("construct", True)
    assert made.template == (Triple(Y, P, Var(" 0")),)
    short = parse("CONSTRUCT WHERE { ?x <a:p> ?y }")
    assert short.template == (Triple(X, P, Y),)
    assert parse("DESCRIBE <a:x>").pattern == Bgp()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ASK {}", "it is not a SELECT"),
        ("SELECT * FROM <a:g> {}", "it has a FROM clause"),
        ("SELECT * { ?x no:p ?y }", "prefix no: is not declared"),
        ("SELECT * { ?x !(^<a:p>) ?y }", "an inverse property of a negated property set"),
        (f"SELECT * {'{' * 5000}{'}' * 5000}", "nested too deeply"),
        ("SELECT *", "found end of text"),
    ],
)
def test_what_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why.replace("(", r"\(")):
        select(text)


# --- what is kept on disk -----------------------------------------------------------------------

QUERY = "SELECT ?x { ?x <a:p> 'é'@fr }"


@pytest.fixture
def file(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> File:
    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path / "cache"))
    parsing.put(QUERY, parse(QUERY))
    parsing._lines.cache_clear()
    return tmp_path / "cache" / "algebra.jsonl"


def test_a_start_that_asks_the_same_loads_no_rdflib(file: File) -> None:
    code = (
        "import sys; from gsefgraph.sparql.parsing import parse;"
        f"print(parse({QUERY!r}).form, 'rdflib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["select", "False"]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"a:p", b"a:q"), (b'["Query"', b'["Path"'), (b"\n", b""), (b" ", b"\xff"), (b"]", b"")],
)
def test_what_is_damaged_is_passed_over(file: File, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    file.write_bytes(b"\xff\n" + content.replace(old, new))
    assert parsing.get(QUERY) is None or (old, new) == (b"\n", b"")
    parsing.put(QUERY, parse(QUERY))
    parsing._lines.cache_clear()
    assert parsing.get(QUERY) == parse(QUERY)


@pytest.mark.parametrize(
    "content", [b"1", b"[]", b'["iri"]', b'["Bgp",1,2]', b'["no"]', b"{", b"\xff"]
)
def test_a_good_digest_of_something_else(file: File, content: bytes) -> None:
    line = b"%s %s %s\n" % (parsing._key(QUERY), parsing._digest(content), content)
    file.write_bytes(line)
    assert parsing.get(QUERY) is None


def test_a_file_that_has_grown_is_begun_anew(file: File) -> None:
    file.write_bytes(b"x" * (parsing._MOST + 1))
    parsing.put(QUERY, parse(QUERY))
    assert file.stat().st_size < 1000
    parsing._lines.cache_clear()
    assert parsing.get(QUERY) == parse(QUERY)


def test_a_folder_that_cannot_be_written_costs_nothing(
    tmp_path: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path / "file"))
    parsing.put(QUERY, parse(QUERY))
    assert parsing.get(QUERY) is None


def test_what_is_ready_beforehand_is_fresh_and_read(tmp_path: File) -> None:
    from gsefgraph.docs import ready

    kept_files = {file.name: file.read_bytes() for file in ready.READY.iterdir()}
    assert kept_files == ready.make(), "run python -m gsefgraph.docs.ready"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gsefgraph", "validate", "-q"],
        env={**os.environ, "GSEFGRAPH_CACHE": str(tmp_path)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "gsefgraph.cli" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("rdflib", "owlrl", "pyparsing")}

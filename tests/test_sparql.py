"""Terminals, what is refused, and what a query reads and asks."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import RefusedAccess, SyntaxFault, UsageError
from gsefgraph.sparql import terminals
from gsefgraph.sparql.form import form, sources
from gsefgraph.sparql.guard import guard
from gsefgraph.sparql.terminals import place, significant, tokens

# Fragments that meet at every boundary of the grammar, and anything else.
FRAGMENTS = [
    "<", ">", "<a:b>", "<=", "?x", "$x", "ex:a.b", "ex:", ":", ".", "..", "_:b", "@en-GB", '"', "'",
    '"""', "'''", "\\", "\\u0041", "\\U00000053", "\\u", "#", "\n", "\r", " ", "1", "1.", ".5e",
    "-1", "e5", "SERVICE", "(", ")", "[", "]", "{", "}", "%41", "\\-", "é", "·", "\u00d7",
    "\U0001f600", "\x01", "\x00", "^^", "&&", "|", "||", "!", "*", "a", ";", ",",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=30).map("".join)


@given(texts)
def test_tokens_lose_nothing(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(token.text == text[token.start : token.end] != "" for token in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a:b>", ["iri"]),
        (
            "?a<?b && ?c>?d",
            ["variable", "mark", "variable", "mark", "variable", "mark", "variable"],
        ),
        ("?a<?b&&?c>?d", ["variable", "iri", "variable"]),
        ("?a<=?b", ["variable", "mark", "variable"]),
        ("<a b>", ["mark", "word", "word", "mark"]),
        ("'a\\'b' \"c\"", ["string", "string"]),
        ("'''a'b''c\\''''", ["string"]),
        ('"""a""""', ["string", "other"]),
        ('"""a"', ["string", "string"]),
        ('"a\nb"', ["other", "word", "word", "other"]),
        ("ex:a.b. ex:.c", ["name", "mark", "name", "mark", "word"]),
        ("ex:%41\\-b:c :a:b ex.y-z:1", ["name", "name", "name"]),
        ("a.b", ["word", "mark", "word"]),
        ("_:a.b. _:1", ["blank", "mark", "blank"]),
        ("1 1.5 .5 1e5 1.e5 -1 +.5E-3", ["number"] * 7),
        ("1.", ["number", "mark"]),
        ("?x-1", ["variable", "number"]),
        ("?x - 1", ["variable", "mark", "number"]),
        ("'a'@en-GB^^<a:b>", ["string", "language", "mark", "iri"]),
        ("( ) [\n] (1)", ["nil", "anon", "mark", "number", "mark"]),
        ("?é·1 $a", ["variable", "variable"]),
        ("?a\u00d7", ["variable", "other"]),
        ("# SERVICE\rASK", ["comment", "word"]),
        ("GROUP_CONCAT(?x)", ["word", "mark", "variable", "mark"]),
    ],
)
def test_terminals(text: str, expected: list[str]) -> None:
    kinds = [token.kind for token in tokens(text) if token.kind != "space"]
    assert kinds == expected


def test_escapes_are_read_before_the_grammar() -> None:
    (first, *_) = tokens("\\u0041\\U00000053K {}")
    assert (first.kind, first.text, first.value) == ("word", "\\u0041\\U00000053K", "ASK")
    assert [t.text for t in tokens("'\\u0041' ?x")] == ["'\\u0041'", " ", "?x"]
    assert place("a\nbé\\u0041c", 5) == (2, 4)


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        'a:b"""\\',
        '"\\',
        '"',
        "( \n",
        "a<",
        "a:.",
        "_:a.",
        "\\u0041",
        "'''\n",
        '"""\n\\',
        "1e",
        "@a-",
        "{",
    ],
)
def test_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begin = time.perf_counter()
        assert sum(len(token.text) for token in tokens(text)) == len(text)
        return time.perf_counter() - begin

    seconds(1000)
    # Quadratic work on 200,000 characters would take minutes.
    assert seconds(200_000) < 5


PREFIXES = "PREFIX ex: <http://127.0.0.1:1/> PREFIX : <http://127.0.0.1:1/> "


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <http://127.0.0.1:1/> {}",
        "service?x{}",
        "SeRvIcE # why not\n silent <a:b> {}",
        "\\u0053ERVICE <a:b> {}",
        "\\U00000053\\u0065rvice <a:b> {}",
        "SERVICEex:a{}",
        "SERVICE:a{}",
        "SERVICESILENTex:a {}",
        "?s ?p trueSERVICEex:a{}",
        "?s ?p true.SERVICE<http://127.0.0.1:1/>{}",
        "?s ?p ex:b.c.SERVICE<http://127.0.0.1:1/>{}",
        "?s ?p ex:b.c.SERVICEex:a{}",
        '?s ?p "\\u0022 . SERVICE <a:b> {} #"',
        '?s ?p "a" SERVICE <a:b> {} ?t ?p "b"',
        'VALUES ?x { """a" } SERVICE <a:b> {}',
        'VALUES ?x {"\\u0022"} SERVICE <a:b> { VALUES ?y {"\\u0022"} }',
        "?s ?p 1SERVICE<a:b>{}",
    ],
)
def test_service_is_refused_in_any_disguise(pattern: str) -> None:
    with pytest.raises(RefusedAccess, match="SERVICE") as caught:
        guard(f"{PREFIXES}\nSELECT * {{ {pattern} }}")
    assert (caught.value.line or 0) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:1/>",
        "load silent <http://127.0.0.1:1/> into graph <a:b>",
        "LOADSILENT<http://127.0.0.1:1/>",
        "L\\u004fAD <a:b>",
        f"{PREFIXES} LOADex:a",
        f"{PREFIXES} CLEAR ALL; LOADSILENTex:a",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <a:b> { ?s ?p ?o } }",
    ],
)
def test_load_is_refused_in_updates(text: str) -> None:
    with pytest.raises(RefusedAccess):
        guard(text, update=True)


def test_pragmas_that_fetch_are_refused() -> None:
    with pytest.raises(RefusedAccess, match="DEFINE"):
        guard('define get:soft "replace" SELECT * { ?s ?p ?o }')


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?load { ?s ex:service ?load }",
        'SELECT * { ?s ?p \'SERVICE <a:b> {}\' , """SERVICE\n<a:b> {}""" } # SERVICE <a:b> {}',
        "PREFIX service: <a:b> SELECT * FROM service:a { GRAPH service:b { ?s service:c ?o } }",
        "SELECT * { <http://SERVICE> ?p ?o, ex:my.service, ex:load . ?s ?p 'x'@service }",
        "SELECT * { ?s ex:my.service ?x { ?x ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?load > 2) }",
    ],
)
def test_what_only_looks_like_it_is_free(text: str) -> None:
    guard(text)


def test_names_that_begin_with_load_are_free_in_updates() -> None:
    guard(
        "PREFIX load: <a:b> COPY load:a TO load:b; INSERT DATA { load:a load:b 'LOAD' }",
        update=True,
    )


# Each brings down pyoxigraph 0.5.13 in a process with 8 MiB of stack; all are within 64 KB.
CRASHES = {
    "groups": "SELECT * {" + "{" * 3000 + "?s ?p ?o" + "}" * 3001,
    "parentheses": "ASK { FILTER" + "(" * 10_000 + "1" + ")" * 10_000 + "}",
    "if": "ASK { FILTER(" + "IF(true," * 1200 + "1" + ",2)" * 1200 + ")}",
    "exists": "ASK { ?s ?p ?o " + "FILTER EXISTS{?s ?p ?o " * 1100 + "}" * 1101,
    "functions": "ASK { FILTER(" + "CONCAT(" * 1200 + '"a"' + ")" * 1200 + "='')}",
    "equality": "ASK { FILTER(" + "1=(" * 10_000 + "1" + ")" * 10_000 + ")}",
    "minus": "SELECT * {?s ?p ?o " + "MINUS{?s ?p 1} " * 3000 + "}",
    "nested minus": "SELECT * {?s ?p ?o " + "MINUS{?s ?p ?o " * 3000 + "}" * 3001,
    "nested optional": "SELECT * {?s ?p ?o " + "OPTIONAL{?s ?p ?o " * 3000 + "}" * 3001,
    "bind": "SELECT * {" + "".join(f"BIND(1 AS ?b{i}) " for i in range(3200)) + "}",
    "lateral": "SELECT * {?s ?p ?o " + "LATERAL{?s ?p ?o} " * 3000 + "}",
    "sub-selects": "SELECT * {" + "{SELECT * {" * 3000 + "?s ?p ?o" + "}}" * 3000 + "}",
    "columns": "SELECT " + "".join(f"(1 AS ?c{i}) " for i in range(3200)) + "{?s ?p ?o}",
    "group by": "SELECT (1 AS ?x) {} GROUP BY " + "".join(f"(1 AS ?c{i}) " for i in range(3200)),
    "having": "SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING " + "(1=1) " * 10_500,
    "plus": "ASK { FILTER(1" + "+1" * 10_000 + ")}",
    "minus sign": "ASK { FILTER(1" + " - 1" * 10_000 + ")}",
    "times": "ASK { FILTER(1" + "*1" * 10_000 + ")}",
    "or": "ASK { ?s ?p ?o FILTER(?o" + "||?o" * 11_000 + ")}",
    "and": "ASK { ?s ?p ?o FILTER(?o" + "&&?o" * 11_000 + ")}",
    "not": "ASK { ?s ?p ?o FILTER(" + "!" * 12_000 + "?o)}",
    "sequence path": "ASK { ?s (<a:b>" + "/<a:b>" * 10_000 + ")* ?o }",
    "alternative path": "ASK { ?s (<a:b>" + "|<a:b>" * 10_000 + ")* ?o }",
    "nested path": "ASK { ?s " + "(" * 12_000 + "<a:b>" + ")*" * 12_000 + " ?o }",
}

RUN = """
import resource, sys
from pyoxigraph import *
resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
store = Store()
store.extend(Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(n)) for n in range(3))
answer = store.query(sys.stdin.read())
answer if isinstance(answer, QueryBoolean) else list(zip(answer, range(3)))
"""


def exit_code(text: str) -> int:
    run = subprocess.run([sys.executable, "-c", RUN], input=text.encode(), capture_output=True)
    return run.returncode


@pytest.mark.skipif(sys.platform != "linux", reason="stack limits of other systems differ")
@pytest.mark.parametrize("name", CRASHES)
def test_what_kills_the_engine_is_refused(name: str) -> None:
    text = CRASHES[name]
    with pytest.raises(UsageError, match=r"deeper|more than"):
        guard(text)
    assert len(text) < 64 * 1024
    assert exit_code(text) < 0, "no longer fatal: the limit may go"


LARGE = {
    "nested": "ASK {" + "{" * 95 + "?s ?p ?o" + "}" * 96,
    "nested exists": "ASK { ?s ?p ?o " + "FILTER EXISTS{?s ?p ?o " * 95 + "}" * 96,
    "minus": "SELECT * {?s ?p ?o " + "MINUS{?s ?p 7} " * 500 + "}",
    "bind": "SELECT * {" + "".join(f"BIND(1 AS ?b{i}) " for i in range(590)) + "}",
    "unions": "SELECT * {{?s ?p ?o}" + "UNION{?s ?p 1}" * 500 + "}",
    "or": "ASK { ?s ?p ?o FILTER(?o=1" + "||?o=1" * 1990 + ")}",
    "rows": "SELECT * { VALUES (?a ?b) {" + "(<a:b> -1) " * 5000 + "} }",
    "list": "ASK { ?s ?p ?o FILTER(?o IN (1" + ",-1" * 15_000 + "))}",
    "all at once": "ASK { ?s ?p ?o "
    + "".join(f"BIND(1 AS ?b{i}) " for i in range(490))
    + "FILTER EXISTS{ ?s ?p ?o " * 90
    + "FILTER(1" + "+1" * 1800 + ")"
    + "}" * 91,
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_queries_of_people_pass_and_run(name: str) -> None:
    guard(LARGE[name])
    assert exit_code(LARGE[name]) == 0


def test_operations_of_an_update_are_counted_one_by_one() -> None:
    guard("DELETE {?s ?p 1} WHERE {?s ?p ?o};" * 1000, update=True)
    guard("INSERT DATA {" + "<a:b> <a:c> -1 . " * 3000 + "}", update=True)
    with pytest.raises(UsageError, match="more than 600 groups"):
        guard("DELETE {?s ?p 1} WHERE {" + "{}" * 700 + "}", update=True)


def test_size_is_limited_in_bytes() -> None:
    guard("ASK {} #" + "x" * (64 * 1024 - 8))
    with pytest.raises(UsageError, match="65,537 bytes"):
        guard("ASK {} #" + "x" * (64 * 1024 - 7))
    with pytest.raises(UsageError, match="at most 65,536"):
        guard("ASK {} #" + "é" * 40_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", ()),
        ("SELECT * FROM <a:b> FROM NAMED <a:c> FROM <a:b> {}", ("a:b", "a:c")),
        ("PREFIX g: <http://e.org/> ASK FROM g:a\\-b {}", ("http://e.org/a-b",)),
        ("BASE <http://e.org/x/> PREFIX g: <y#> ASK FROM <z> FROM g:1 {}",
         ("http://e.org/x/z", "http://e.org/x/y#1")),
        ("SELECT * { ?s ?p 'FROM <a:b>' } # FROM <a:c>", ()),
        ("DELETE {} USING <a:b> USING NAMED <a:c> WHERE {}", ("a:b", "a:c")),
        ("SELECT * FR\\u004fM <a:\\u0062> {}", ("a:b",)),
        ("ASK FROM undeclared:a {}", ()),
    ],
)  # fmt: skip
def test_sources(text: str, expected: tuple[str, ...]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select * {}", "select"),
        ("# ASK\nBASE <a:b> PREFIX ask: <a:b> PREFIX : <a:b> Construct {} where {}", "construct"),
        ("ASK{}", "ask"),
        ("DESCRIBE<a:b>", "describe"),
        ("PREFIX a: <b:c> WITH a:g DELETE {} WHERE {}", "update"),
        ("CLEAR ALL", "update"),
    ],
)
def test_form(text: str, expected: str) -> None:
    assert form(text) == expected


@pytest.mark.parametrize("text", ["", "# nothing", "FETCH ?x", "{ ?s ?p ?o }", "PREFIX a: <b:c>"])
def test_no_query_at_all(text: str) -> None:
    with pytest.raises(SyntaxFault, match="SELECT, ASK, CONSTRUCT or DESCRIBE"):
        form(text)


@given(texts)
def test_guard_ends_in_an_error_of_ours_or_none(text: str) -> None:
    try:
        guard(text)
    except UsageError:
        assert significant(text)


@pytest.mark.parametrize("length", [10, 60_000])
def test_a_text_that_is_asked_again_is_read_once(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "ASK { ?s ?p " + "'x'," * (length // 4) + "?once }"
    guard(text)
    monkeypatch.setattr(terminals, "read", None)
    guard(text)
    assert significant(text)


def test_what_is_refused_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(RefusedAccess):
            guard("ASK { SERVICE <urn:again> {} }")

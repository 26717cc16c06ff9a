"""Patterns: what matches, in time that is linear in the text."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import InputError
from gsefgraph.shacl.judge import pattern, regex
from gsefgraph.shacl.judge.pattern import matcher

MATCHES = [
    ("", ["", "a"], []),
    ("a", ["a", "bab"], ["", "b"]),
    ("^a$", ["a"], ["", "aa", "ba", "a\n"]),
    ("^$", [""], ["a", "\n"]),
    ("a|^b|c$", ["a", "bx", "xc", "xa"], ["xb", "cx", ""]),
    ("^(ab|c)*d?$", ["", "abc", "cd", "d"], ["a", "ba", "dd"]),
    ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
    ("^a{0}b$", ["b"], ["ab"]),
    ("^a{2}?$", ["aa"], ["a"]),
    ("^a+?b*?$", ["a", "ab"], ["b"]),
    ("^.$", ["a", "\r", "é", "\U0001f331"], ["\n", "ab", ""]),
    ("(?s)^.$", ["\n"], [""]),
    ("^(?i)quIto$", ["QUITO", "quito"], ["quitos"]),
    ("^(?i:a)b$", ["Ab", "ab"], ["aB"]),
    ("(?i)^[k-s]$", ["K", "s", "\u212a", "\u017f"], ["a", "T"]),
    ("(?i)^[^a]$", ["b"], ["a", "A"]),
    ("(?i)^(?-i)a$", ["a"], ["A"]),
    ("^(?P<name>a)(?<other>b)(?:c)$", ["abc"], ["ab"]),
    (r"^\d\w\s$", ["1_ ", "9a\t"], ["٣a ", "a1 ", "1é "]),
    (r"^\D\W\S$", ["a é", "é-x"], ["1 a"]),
    (r"^[\d\-x]$", ["1", "-", "x"], ["w"]),
    (r"^[]a]$", ["]", "a"], ["b"]),
    (r"^[^]a]$", ["b", "\n"], ["]", "a"]),
    (r"^[a-]$", ["a", "-"], ["b"]),
    (r"^[[:alpha:][:^ascii:]]$", ["a", "é"], ["1"]),
    (r"^\x41\x{1F331}\t\n\.\\$", ["A\U0001f331\t\n.\\"], ["A"]),
    (r"\Aa\z", ["a"], ["ab", "ba"]),
    ("^x{,2}$", ["x{,2}"], ["xx"]),
    ("a$b|c", ["c"], ["ab"]),
    ("(^a|b)c", ["ac", "xbc"], ["xac"]),
    ("^[é-ü]+$", ["éü"], ["e"]),
    ("^(a*)*$", ["", "aaa"], ["b"]),
    ("^(a|a?)+$", ["", "aa"], ["b"]),
    ("/id/org/[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)*$",
     ["https://w3id.org/gsefgraph/id/org/a-b.c-1", "/id/org//id/org/x"],
     ["https://w3id.org/gsefgraph/id/org/a--b", "/id/org/a.", "/id/org/A"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "good", "bad"), MATCHES, ids=repr)
def test_each_expression(text: str, good: list[str], bad: list[str]) -> None:
    matches = matcher(text)
    assert [value for value in good if not matches(value)] == []
    assert [value for value in bad if matches(value)] == []
    assert not regex.read(text).ascii  # all by our own automaton


ELSEWHERE = [
    ("(?m)^b$", ["a\nb\nc"], ["ab"]),
    (r"\bb\b", ["a b c"], ["abc"]),
    (r"\p{Greek}", ["α"], ["a"]),
]
BEYOND = [
    (r"^\p{Lu}+$", ["ÉA", "A"], ["é", "", "a"]),
    (r"^\pL\p{Nd}\P{L}$", ["é٣-", "a1-"], ["é", "1a-", "a1-a", "a1a"]),
    (r"^[\p{Nd}\-]$", ["1", "-", "٣"], ["a", "é"]),
    (r"^[^\p{L}]$", ["1", "٣"], ["a", "é"]),
    ("(?i)^é$", ["É", "é"], ["e", "E"]),
    ("(?i)^[ſa]$", ["s", "S", "A", "\u017f"], ["b", "é"]),
]


@pytest.mark.parametrize(("text", "good", "bad"), ELSEWHERE, ids=repr)
def test_what_another_engine_reads(text: str, good: list[str], bad: list[str]) -> None:
    with pytest.raises(regex.Unreadable):
        regex.read(text)
    matches = matcher(text)
    assert [value for value in good if not matches(value)] == []
    assert [value for value in bad if matches(value)] == []
    assert not matches("\\u0041 \\ \" ' \n {}")


@pytest.mark.parametrize(("text", "good", "bad"), BEYOND, ids=repr)
def test_what_another_engine_reads_beyond_ascii(text: str, good: list[str], bad: list[str]) -> None:
    assert regex.read(text).ascii
    for matches in (matcher(text), pattern._elsewhere(text)):
        assert [value for value in good if not matches(value)] == []
        assert [value for value in bad if matches(value)] == []


@pytest.mark.parametrize(
    "text", ["a)", "(a", "[a", "*a", "a**", "a{2}{3}", "a{2,1}", r"\q", "[b-a]", "(?=a)", "a\\",
             r"(a)\1", "[[:no:]]",
        r"\p{Xx}", "a{1001}", "(" * 200 + ")" * 200, r"\x{110000}"]
)  # fmt: skip
def test_what_our_automaton_does_not_read(text: str) -> None:
    with pytest.raises(regex.Unreadable):
        regex.read(text)


@pytest.mark.parametrize("text", ["(a", "(?=a)b", "((a{500}){500}){500}"])
def test_what_no_engine_reads_is_named(text: str) -> None:
    with pytest.raises(InputError, match="regular expression"):
        matcher(text)("a")


SMALL = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "^", "$", "()"]),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])),
    ),
    max_leaves=6,
)
TEXTS = ["".join(chars) for size in range(5) for chars in product("abc", repeat=size)]


@given(SMALL)
def test_small_expressions_match_as_python_s_do(text: str) -> None:
    # The end of the text is before a last line end too in Python, so texts have none.
    wanted = re.compile(text)
    matches = matcher(text)
    assert [t for t in TEXTS if matches(t)] == [t for t in TEXTS if wanted.search(t)]


@pytest.mark.parametrize(
    "text",
    ["^(a+)+$", "^(a|aa)+$", "(a*)*b", "^(a?){50}a{50}$", "(.*)*x", "^((a{0}){1000}){1000}b"],
)
def test_no_expression_makes_it_hang(text: str) -> None:
    start = time.perf_counter()
    assert matcher(text)("a" * 20_000 + "!") is False
    assert time.perf_counter() - start < 5


def test_states_that_are_many_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "_MAX_STEPS", 8)
    monkeypatch.setattr(pattern, "_MAX_KNOWN", 4)
    text = "(a|b)*a(a|b){3}$"
    matches = pattern._Automaton(regex.read(text).tree).matches
    for chars in product("ab", repeat=7):
        value = "".join(chars)
        assert matches(value) == bool(re.search(text, value))
        assert matches(value) == bool(re.search(text, value))

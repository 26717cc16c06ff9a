"""Expressions mean what XPath says, in RE2, in DuckDB's RE2 and in Rust's regex alike."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from gsefgraph.shacl.shapes import characters
from gsefgraph.shacl.shapes.pattern import MAX_REPEAT, matcher, translate

STORE = Store()


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def re2(expression: str, texts: list[str]) -> list[bool]:
    found = list(map(matcher(expression), texts))
    assert found == columns(expression, texts), expression
    return found


def columns(expression: str, texts: list[str]) -> list[bool]:
    rows = database().execute(
        "SELECT regexp_matches(t.text, ?) FROM (SELECT unnest(?::VARCHAR[]) AS text) t",
        [expression, texts],
    )
    return [row[0] for row in rows.fetchall()]


def rust(expression: str, texts: list[str]) -> list[bool]:
    found = []
    for text in texts:
        query = f"SELECT (REGEX({Literal(text)}, {Literal(expression)}) AS ?x) {{}}"
        value = next(iter(STORE.query(query)))["x"]  # type: ignore[union-attr]
        assert value is not None, f"refused: {expression}"
        found.append(value.value == "true")
    return found


def both(pattern: str, flags: str, texts: list[str]) -> list[bool]:
    written = translate(pattern, flags).re2
    found = re2(written, texts)
    assert found == rust(written, texts), written
    return found


def test_what_a_pattern_keeps() -> None:
    found = translate("^a.b$", "mi")
    assert (found.text, found.flags, found.re2) == ("^a.b$", "mi", "(?im)^a.b$")


@pytest.mark.parametrize(
    ("pattern", "flags", "matching", "other"),
    [
        ("^[0-9]{4}$", "", ["2019"], ["201", "20190", "2019\n", "x2019"]),
        ("b+", "", ["abc"], ["ac"]),
        ("", "", ["", "a"], []),
        (r"^\d+$", "", ["19", "٣", "१"], ["a", "", "½"]),
        (r"^\D$", "", ["a", "½"], ["1", "٣"]),
        (r"^\w$", "", ["a", "é", "中", "1", "٣", "+", "$", "²"], ["_", "-", " ", ".", "\u200b"]),
        (r"^\W$", "", ["_", "-", " ", "\u200b"], ["a", "+"]),
        (r"^\s$", "", [" ", "\t", "\n", "\r"], ["\u00a0", "\v", "\f", "a"]),
        (r"^\S$", "", ["\u00a0", "\v", "a"], [" ", "\n"]),
        (r"^\i\c*$", "", ["a", "_b-c.d", ":x", "é9"], ["9a", "-", "", "a b"]),
        (r"^\I\C$", "", ["9 ", "-/"], ["a ", "9a"]),
        (r"^\p{Lu}\p{Ll}$", "", ["Éa", "Ab"], ["aB", "ab", "1a"]),
        (r"^\P{L}$", "", ["1", "-"], ["a", "中"]),
        (r"^\p{IsGreek}$", "", ["α", "Ω"], ["a", "а"]),
        (r"^\P{IsBasicLatin}$", "", ["é"], ["e"]),
        (r"^\p{IsLatin-1Supplement}$", "", ["é"], ["e", "ā"]),
        (r"^\p{C}$", "", ["\u200b", "\x07", "\u0378", "\ue000"], ["a", " "]),
        (r"^\P{Cn}$", "", ["a", "\x07"], ["\u0378"]),
        (r"^[\p{Cn}a]$", "", ["a", "\u0378"], ["b"]),
        ("^[a-z-[aeiou]]+$", "", ["xyz"], ["xaz", "X"]),
        (r"^[\w-[\d_]]+$", "", ["abc"], ["ab1", "a-b"]),
        ("^[^a-z-[A-Z]]$", "", ["1", "é"], ["a", "A"]),
        ("^[a-z-[b-y-[m]]]+$", "", ["amz"], ["b"]),
        ("^[a-[a]]$", "", [], ["a", "", "b"]),
        ("^[-a]+$", "", ["a-a"], ["b"]),
        ("^[a-]+$", "", ["a-a"], ["b"]),
        ("^[a-c-e]+$", "", ["a-e"], ["d"]),
        (r"^[\w-.]+$", "", ["a-b.c"], ["a/b"]),
        (r"^[\^\-\]\[]+$", "", ["^-[]"], ["a"]),
        ("^[a^]$", "", ["a", "^"], ["b"]),
        ("^[&&a~~b]$", "", ["&", "~", "a"], ["c"]),
        ("^[.$|(]$", "", [".", "$", "|", "("], ["a"]),
        (r"^\.\\\?\*\+\{\}\(\)\|\-\^\$\[\]$", "", [r".\?*+{}()|-^$[]"], ["a"]),
        (r"^\n\r\t$", "", ["\n\r\t"], ["nrt"]),
        (r"^https?:\/\/a\@b\_$", "", ["http://a@b_"], ["http:"]),
        ("^a]}$", "", ["a]}"], ["a"]),
        ("^(ab|cd)?e$", "", ["e", "abe", "cde"], ["abcde"]),
        ("^(?:ab)+?$", "", ["abab"], ["aba"]),
        ("^(|a)b$", "", ["b", "ab"], ["aab"]),
        ("^a{2,3}$", "", ["aa", "aaa"], ["a", "aaaa"]),
        ("^a{2,}$", "", ["aa", "aaaaa"], ["a"]),
        ("^a{0}b$", "", ["b"], ["ab"]),
        ("^a{02}b{01,}c{0,02}$", "", ["aab", "aabbcc"], ["ab", "aa", "a{02}b"]),
        ("(^a|b)c", "", ["ac", "xbc"], ["xac"]),
        ("a|^b|c$", "", ["a", "bx", "xc", "xa"], ["xb", "cx", ""]),
        ("^(a|a?)+$", "", ["", "aa"], ["b"]),
        ("a$b|c", "", ["c"], ["ab"]),
        ("^*a", "", ["ba"], ["b"]),
        ("^.$", "", ["a", "\r", "😀"], ["\n", "ab"]),
        ("^.$", "s", ["a", "\n"], ["ab"]),
        ("^b$", "", ["b"], ["a\nb\nc", "b\n"]),
        ("^b$", "m", ["b", "a\nb\nc", "b\n"], ["ab"]),
        ("^abc$", "i", ["abc", "ABC", "aBc"], ["abd"]),
        ("^é$", "i", ["é", "É"], ["e"]),
        ("^[a-c]$", "i", ["A", "b"], ["d", "D"]),
        ("^[^a-c]$", "i", ["d", "D"], ["A", "b"]),
        ("^[k-s]$", "i", ["K", "s", "\u212a", "\u017f"], ["a", "T"]),
        (r"^\p{Lu}$", "i", ["A"], ["a"]),
        (r"^[\p{Lu}x]+$", "i", ["AxX"], ["a"]),
        (r"^[^\p{Lu}x]$", "i", ["a"], ["A", "x", "X"]),
        ("^[a-z-[aeiou]]$", "i", ["b", "B"], ["a", "A"]),
        ("^[A-Z-[IO]]$", "i", ["A", "b"], ["I", "o"]),
        ("^ a b\n c [ x]$", "x", ["abc ", "abcx"], ["a b c "]),
        (r"^[\] ]$", "x", ["]", " "], ["a"]),
        ("a.b[", "q", ["xa.b[x"], ["aab["]),
        ("A.b", "qi", ["a.B"], ["acb"]),
        ("^\u00e9\U0001f600$", "", ["é😀"], ["e"]),
        ("a\"'#<>~`&", "", ["a\"'#<>~`&"], ["a"]),
    ],
)
def test_meaning(pattern: str, flags: str, matching: list[str], other: list[str]) -> None:
    assert both(pattern, flags, matching) == [True] * len(matching)
    assert both(pattern, flags, other) == [False] * len(other)


@pytest.mark.parametrize(
    ("pattern", "flags", "part"),
    [
        (r"(a)\1", "", "back-references such as \\1"),
        ("(?=a)", "", "(?= looks around"),
        ("(?<!a)b", "", "(?<! looks around"),
        ("(?i)a", "", "sh:flags"),
        ("(?<n>a)", "", "begins no group"),
        ("(?P<n>a)", "", "begins no group"),
        (r"\bword\b", "", "XPath has no \\b"),
        (r"\u00e9", "", "XPath has no \\u"),
        (r"\é", "", "XPath has no \\é"),
        ("a\\", "", "a backslash at the end"),
        ("(a", "", "a ( without its )"),
        ("a)", "", "a ) without its ( at character 2"),
        ("[a", "", "a [ without its ]"),
        ("[]", "", "an empty class"),
        ("[^]", "", "an empty class"),
        ("[[:alpha:]]", "", "a [ in a class"),
        ("[z-a]", "", "the range z-a counts backwards"),
        (r"[a-\d]", "", "a range that ends in a class"),
        ("[a-z-[b]c]", "", "does not end its class"),
        ("*a", "", "a * with nothing to repeat"),
        ("a|+", "", "a + with nothing to repeat"),
        ("a{,3}", "", "a { that is no repeat"),
        ("{", "", "a { that is no repeat"),
        ("a{3,2}", "", "counts backwards"),
        ("a**", "", "* after the repeat *"),
        ("a{2}{3}", "", "{ after the repeat {2}"),
        ("a*+", "", "+ after the repeat *"),
        ("a{1001}", "", f"beyond {MAX_REPEAT}"),
        ("a{99999999999999999999}", "", f"beyond {MAX_REPEAT}"),
        ("(a{100}){11}", "", f"the repeat {{11}} goes beyond {MAX_REPEAT}"),
        (r"\w{900}", "", "too large"),
        ("[à-ÿ]{1000}[\u4e00-\u9fff0]{1000}" * 99, "", "too large"),
        ("(" * 51 + ")" * 51, "", "deeper than 50"),
        (r"\p{Latin}", "", "no category or block 'Latin'"),
        (r"\p{IsKlingon}", "", "no category or block 'IsKlingon'"),
        (r"\pL", "", "\\p without its category"),
        ("a", "g", "no flag 'g'"),
    ],
)
def test_refused(pattern: str, flags: str, part: str) -> None:
    with pytest.raises(ValueError, match=re.escape(part)) as caught:
        translate(pattern, flags)
    assert "\n" not in str(caught.value)


def test_duckdb_takes_expressions_larger_than_the_largest_that_is_taken() -> None:
    word = translate(r"\w").re2
    taken = 315
    assert re2(translate(rf"\w{{{taken}}}").re2, ["a", "a" * taken]) == [False, True]
    with pytest.raises(ValueError, match="too large"):
        translate(rf"\w{{{taken + 5}}}")
    assert columns(f"{word}{{{taken + 5}}}", ["a"]) == [False]


@pytest.mark.parametrize(
    "pattern", [r"\p{L}{300}", "[à-ÿ]{1000}", f"(?:[{'aé' * 3}]{{100}}){{10}}"]
)
def test_large_expressions_are_taken(pattern: str) -> None:
    assert re2(translate(pattern).re2, ["a"]) == [False]


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|aa)+$", "(a*)*b", "^(a?){50}a{50}$", "(.*)*x", "^((a{0}){31}){31}b"]
)
def test_a_catastrophic_pattern_ends(pattern: str) -> None:
    start = time.perf_counter()
    assert both(pattern, "", ["a" * 5000 + "!"]) == [False]
    assert matcher(translate(pattern).re2)("a" * 20_000 + "!") is False
    assert time.perf_counter() - start < 5


def test_characters_of_blocks_and_categories() -> None:
    assert characters.block("BasicLatin") == ((0, 127),)
    assert characters.block("Klingon") is None
    for name in ("Lu", "Nd", "Zs"):
        ranges = characters.category(name)
        for code in range(0x3000):
            inside = any(low <= code <= high for low, high in ranges)
            assert inside == (unicodedata.category(chr(code)) == name)


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_law_sets_of_characters_are_sets(left: set[int], right: set[int]) -> None:
    def ranges(codes: set[int]) -> characters.Ranges:
        return characters.union((code, code) for code in codes)

    def codes(found: characters.Ranges) -> set[int]:
        return {code for low, high in found for code in range(low, min(high, 50) + 1)}

    assert codes(characters.union(ranges(left), ranges(right))) == left | right
    assert codes(characters.difference(ranges(left), ranges(right))) == left - right
    assert codes(characters.complement(ranges(left))) == set(range(51)) - left


# A law over random expressions: a plain matcher walks the tree, the engines read its text.


@dataclass(frozen=True)
class Tree:
    """An expression as text, and from where it can end when it starts at a place of a text."""

    text: str
    ends: Callable[[str, int], set[int]]


def letter(char: str) -> Tree:
    written = f"\\{char}" if char in r".\?*+{}()|-^$[]" else char
    return Tree(written, lambda text, at: {at + 1} if text[at : at + 1] == char else set())


def one_of(chars: str, negated: bool, less: str) -> Tree:
    def inside(text: str, at: int) -> set[int]:
        char = text[at : at + 1]
        held = bool(char) and ((char in chars) != negated) and char not in less
        return {at + 1} if held else set()

    def spelled(part: str) -> str:
        return "".join(f"\\{char}" if char in r".\?*+{}()|-^$[]" else char for char in part)

    text = f"[{'^' * negated}{spelled(chars)}{f'-[{spelled(less)}]' if less else ''}]"
    return Tree(text, inside)


def joined(left: Tree, right: Tree) -> Tree:
    return Tree(
        left.text + right.text,
        lambda text, at: {end for mid in left.ends(text, at) for end in right.ends(text, mid)},
    )


def either(left: Tree, right: Tree) -> Tree:
    return Tree(
        f"({left.text}|{right.text})",
        lambda text, at: left.ends(text, at) | right.ends(text, at),
    )


def repeated(inner: Tree, least: int, more: int | None, lazy: bool) -> Tree:
    def ends(text: str, at: int) -> set[int]:
        now, found = {at}, {at} if least == 0 else set()
        most = len(text) + least + 1 if more is None else least + more
        for count in range(1, most + 1):
            now = {end for start in now for end in inner.ends(text, start)}
            if count >= least:
                found |= now
        return found

    most = "" if more is None else least + more
    return Tree(f"({inner.text}){{{least},{most}}}{'?' * lazy}", ends)


START = Tree("^", lambda text, at: {at} if at == 0 else set())
END = Tree("$", lambda text, at: {at} if at == len(text) else set())
CHARS = st.text("ab.-^é\n", min_size=1, max_size=3)
TREES = st.recursive(
    st.sampled_from("ab.-^$é]").map(letter)
    | st.builds(one_of, CHARS, st.booleans(), st.text("ab.", max_size=2))
    | st.sampled_from([START, END]),
    lambda inner: (
        st.builds(joined, inner, inner)
        | st.builds(either, inner, inner)
        | st.builds(
            repeated, inner, st.integers(0, 2), st.none() | st.integers(0, 2), st.booleans()
        )
    ),
    max_leaves=8,
)


@given(TREES, st.lists(st.text("ab.-^é\n", max_size=6), min_size=1, max_size=6))
def test_law_engines_match_what_the_tree_says(tree: Tree, texts: list[str]) -> None:
    expected = [any(tree.ends(text, at) for at in range(len(text) + 1)) for text in texts]
    assert both(tree.text, "", texts) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_law_any_text_is_translated_or_refused_in_words(text: str) -> None:
    try:
        written = translate(text).re2
    except ValueError:
        return
    assert re2(written, [""]) == rust(written, [""])


@given(st.text(st.characters(codec="utf-8"), max_size=8))
def test_law_a_literal_matches_itself(text: str) -> None:
    assert both(text, "q", [text, f"x{text}x"]) == [True, True]


# A law over expressions with everything in them: the judge's RE2 and that of DuckDB agree.

# Characters that Unicode 15.1 added are of no category to DuckDB's RE2, which knows 15.0.
NEWER = {0x2FFC, 0x2FFD, 0x2FFE, 0x2FFF, 0x31EF, *range(0x2EBF0, 0x2EE5E)}
LETTERS = "aAzZkKsSſ\u212aßẞéÉΣσςİıǅǆЖж٣१½_-.:+ \t\n\r\u00a0\u200b中😀]}"
ANY = st.sampled_from(LETTERS) | st.characters(codec="utf-8").filter(
    lambda char: ord(char) not in NEWER
)
CLASSES = (
    st.sampled_from([rf"\{letter}" for letter in "dDwWsSiIcC"])
    | st.sampled_from(sorted(characters.CATEGORIES)).map(r"\p{{{}}}".format)
    | st.sampled_from(sorted(characters.CATEGORIES)).map(r"\P{{{}}}".format)
    | st.sampled_from([r"\p{IsGreek}", r"\P{IsBasicLatin}", r"\p{IsCyrillic}"])
)


def escaped(char: str) -> str:
    return f"\\{char}" if char in r".\?*+{}()|-^$[]#" else char


def bracket(negated: bool, parts: list[str], less: str) -> str:
    return f"[{'^' * negated}{''.join(parts)}{less and '-'}{less}]"


RANGES = st.tuples(ANY, ANY).map(lambda pair: "-".join(map(escaped, sorted(pair))))
PARTS = st.lists(ANY.map(escaped) | RANGES | CLASSES, min_size=1, max_size=3)
BRACKETS = st.builds(
    bracket,
    st.booleans(),
    PARTS,
    st.just("") | st.builds(bracket, st.booleans(), PARTS, st.just("")),
)
REPEATS = st.sampled_from(["?", "*", "+", "*?", "+?", "{1000}", "{0,1000}", "{999,}"]) | st.builds(
    "{{{},{}}}".format, st.integers(0, 2), st.integers(2, 5)
)
EXPRESSIONS = st.recursive(
    ANY.map(escaped) | CLASSES | BRACKETS | st.sampled_from([".", "^", "$"]),
    lambda inner: (
        st.builds("{}{}".format, inner, inner)
        | st.builds("({}|{})".format, inner, inner)
        | st.builds("({}){}".format, inner, REPEATS)
    ),
    max_leaves=6,
)


@given(
    EXPRESSIONS,
    st.sets(st.sampled_from("ismxq")).map("".join),
    st.lists(st.text(ANY, max_size=6), min_size=1, max_size=8),
)
def test_law_the_judge_and_duckdb_read_expressions_alike(
    pattern: str, flags: str, texts: list[str]
) -> None:
    try:
        written = translate(pattern, flags).re2
    except ValueError as error:
        assume("too large" not in str(error) and "beyond" not in str(error))
        raise
    re2(written, [*texts, pattern, pattern.swapcase(), *pattern])

"""Texts of YAML and JSON as scalars, sequences and mappings, each where it was written."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.rdf import tree
from gsefgraph.wording import LANGUAGES

# Text, line and column, and what the message holds.
WRONG: dict[str, tuple[str, int, int, str]] = {
    "tab": ("a:\n\tb: 1\n", 2, 1, "spaces in place of tabs"),
    "tab-between": ("a:\tb\n", 1, 3, "spaces in place of tabs"),
    "indentation": ("a:\n  - b\n - c\n", 3, 2, "same column"),
    "list-then-key": ("- 1\nb: 2\n", 2, 1, "same column"),
    "colon": ("event: Forum: the fifth\n", 1, 13, "between quotes"),
    "sign": ("event: @forum\n", 1, 8, "between quotes"),
    "open-quote": ("event: 'Forum\n", 2, 1, "close the quote"),
    "open-bracket": ("goals: [8, 11.3\n", 2, 1, "close the quote"),
    "twice": ("event: a\ndates: 2019\nevent: b\n", 3, 1, "first on line 1"),
    "twice-json": ('{"a": 1,\n "a": 2}', 2, 2, "first on line 1"),
    "anchor": ("a: &x 1\n", 1, 4, "anchors"),
    "alias": ("a: 1\nb: *x\n", 2, 4, "anchors"),
    "tag": ("a: !!python/object:os.system x\n", 1, 4, "anchors"),
    "bomb": ("a: &a [x, x]\nb: &b [*a, *a]\n", 1, 4, "anchors"),
    "key": ("? [a]\n: b\n", 1, 3, "a key is a text"),
    "deep": ("[" * 500, 1, 33, "nested"),
    "control": ("a: x\x07\n", 1, 5, "U+0007"),
    "json": ('{"a": 1,}', 1, 9, "not JSON"),
    "json-quotes": ("{'a': 1}", 1, 2, "not JSON"),
}


def of(text: str, name: str) -> Any:
    return tree.of_json(text, name) if "json" in name else tree.of_yaml(text, name)


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_where_it_stands(case: str) -> None:
    text, line, column, said = WRONG[case]
    with pytest.raises(SyntaxFault) as caught:
        of(text, f"{case}.json" if "json" in case else f"{case}.yaml")
    fault = caught.value
    assert (fault.line, fault.column) == (line, column)
    assert said in str(fault)
    assert len({fault.text(language) for language in LANGUAGES}) == 3


def test_scalars_stay_as_they_are_written() -> None:
    text = "a: no\nb: 1.10\nc: 2019-06\nd: '8'\ne: 12:30:45\nf: |\n  one\n  two\ng:\n"
    (found,) = tree.of_yaml(text, "a.yaml")
    assert isinstance(found, tree.Mapping)
    values = {key.text: value.text for key, value in found.entries}  # type: ignore[union-attr]
    assert values == {"a": "no", "b": "1.10", "c": "2019-06", "d": "8", "e": "12:30:45",
                      "f": "one\ntwo\n", "g": ""}  # fmt: skip
    assert found.get("d") == tree.Scalar("8", 4, 4, plain=False)


def test_a_file_may_hold_several_documents() -> None:
    found = tree.of_yaml("a: 1\n---\na: 2\n...\n", "a.yaml")
    assert [tree.to_json(each) for each in found] == [{"a": 1}, {"a": 2}]
    assert tree.of_yaml("# nothing\n", "a.yaml") == []


def test_what_is_too_much_is_refused_in_time() -> None:
    began = time.process_time()  # other tests run beside
    texts = [
        f"a: {'x' * 50_000_000}\n",
        "".join(f"k{number}: 1\n" for number in range(80_000)),
        "[" + "[]," * 200_000 + "]",
        json.dumps([0] * 60_000),
    ]
    for text in texts:
        with pytest.raises(InputError, match="several files"):
            of(text, "a.json" if text == texts[-1] else "a.yaml")
    assert time.process_time() - began < 4 * 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


@given(JSON)
def test_json_is_read_as_json_is(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    found = tree.of_json(text, "a.json")
    assert tree.to_json(found) == value
    lines = text.split("\n")
    for scalar in tree.walk(found):
        rest = lines[scalar.line - 1][scalar.column - 1 :]
        assert rest.startswith(scalar.text if scalar.plain else '"')


@given(st.text() | st.text(alphabet="a:-[]{}#&*!|>'\"%@` \n\t1.~", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (tree.of_yaml, tree.of_json):
        try:
            read(text, "a")
        except InputError as error:
            found = error
        else:
            continue
        assert found.text("fr")

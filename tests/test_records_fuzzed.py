"""Whatever is typed is read or refused in one line: in time, with little memory, and no file moves.

`fuzzed.py` has the readers and what must hold of each. What hypothesis or atheris has found is a
case of a table here before it is mended.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.entering import keys_of
from gsefgraph.wording import LANGUAGES, say
from tests import fuzzed

MANY = 100_000
LINKED = '{"@id": "a:b", "a:p": %s}'
EVENT = "event: A\nlang: en\n"
PAGE = '<script type="application/ld+json">{"@id": "a:b", "a:p": "x"}'
# The reader, the input, and the key of what is said of it; none where it is read.
FOUND: dict[str, tuple[str, bytes, str]] = {
    "date-of-edtf-that-ends-its-parser": ("dates", b"2017-1X", "dates.none"),
    "date-without-end": ("dates", b"du 25 au 26 juin 2019 " * MANY, "dates.problem"),
    "date-of-figures": ("dates", b"1" * 50_000_000, "dates.problem"),
    "script-that-nothing-ends": ("html", f"{PAGE}</script>{PAGE}".encode(), ""),
    "letter-that-is-two-in-small": ("html", f"İ{PAGE}</script>".encode(), ""),
    "tag-that-nothing-ends": ("html", b"<html><" + b"a" * 200_000, ""),
    "page-of-fifty-megabytes": ("html", b"<html>" + b"a" * 50_000_000, ""),
    "nothing-but-lines": ("jsonld", b"\n" * 1_000_000, "file.not-json"),
    "nothing-but-tabs": ("json", b"\t" * 1_000_000, "file.not-json"),
    "term-of-json": ("jsonld", (LINKED % f'"{"x" * 17_000_000}"').encode(), "rdf.long-term"),
    "term-of-turtle": ("turtle", b'<a:s> <a:p> "' + b"x" * 17_000_000, "rdf.long-term"),
    "term-of-quads": ("nquads", b"<a:" + b"s" * 50_000_000, "rdf.long-term"),
    "mark-and-no-text": ("ntriples", b"\xef\xbb\xbf\xff", "file.byte"),
    "half-a-mark": ("jsonld", b"\xef\xbb", "file.byte"),
    "word-without-end": ("turtle", b"1" * 1_000_000, "rdf.not-format"),
    "brackets": ("trig", b"(" * 1_000_000, "file.nested"),
    "brackets-in-texts": ("turtle", b'<a:s> <a:p> "' + b"(" * 200_000 + b'" .', ""),
    "scalar-of-fifty-megabytes": ("yaml", b"event: " + b"a" * 50_000_000, "yaml.long"),
    "name-without-end": ("yaml", b"event: " + b"Ab " * 300_000 + b"\nlang: en\n", ""),
    "names-that-are-asked-for-again": (
        "yaml", EVENT.encode() + b"speakers:\n" + b"- Antonela Noya (OCDE)\n" * 2000, "",
    ),
    "names-that-are-near-to-many": (
        "yaml", f"{EVENT}speakers:\n{''.join(f'- Antonela Noya{n}{chr(10)}' for n in range(400))}"
        .encode(), "",
    ),
    "quote-longer-than-its-source": (
        "yaml", EVENT.encode() + b"source: {document: id-doc:gsef-advocacy-fr, quote: '"
        + b"e " * 100_000 + b"'}", "",
    ),
    "offsets-beyond-the-text": (
        "yaml", EVENT.encode() + b"source: {document: id-doc:gsef-advocacy-fr, start: 5, end: "
        + b"9" * 30 + b"}", "",
    ),
    "context-of-a-long-name": (
        "jsonld", b'{"@context": "' + b"x" * 5000 + b'", "@id": "a:b"}', "rdf.context-fetched",
    ),
    "id-without-end": ("yaml", EVENT.encode() + b"id: " + b"x" * 5000, ""),
    "base-without-end": ("base", b"http://a.example/" + b"a/" * 10_000_000, "names.base"),
    "toml-nested": ("toml", b"a = " + b"[" * MANY, "project.long"),
    "toml-nested-less": ("toml", b"a = " + b"[" * 10_000, "file.too-deep"),
    "toml-of-figures": ("toml", b"a = " + b"1" * 10_000, "project.not-toml"),
    "toml-of-dots": ("toml", b"[a" + b".b" * MANY + b"]", "project.long"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_once_is_read_or_refused(case: str) -> None:
    reader, data, key = FOUND[case]
    fuzzed.tried(reader, fuzzed.seeds(reader)[0], seconds=60)  # what loads late has loaded
    error = fuzzed.tried(reader, data)
    assert getattr(error and error.message, "key", "") == key, error


def test_bounds_are_looked_at() -> None:
    new = fuzzed.graph().project.root / "data" / "new"
    fuzzed.within(fuzzed.state(), 0, 0.0, 0)
    with pytest.raises(fuzzed.Beyond, match=r"took 2\.1 s"):
        fuzzed.within(fuzzed.state(), 0, 2.1, 0)
    with pytest.raises(fuzzed.Beyond, match="took 501 MiB"):
        fuzzed.within(fuzzed.state(), 0, 0.0, 501 * 2**20)
    before = fuzzed.state()
    new.touch()
    with pytest.raises(fuzzed.Beyond, match="changed"):
        fuzzed.within(before, 0, 0.0, 0)
    new.unlink()
    before_, began = fuzzed.taken()
    held = bytearray(2**26)
    held[::4096] = b"x" * len(held[::4096])
    assert fuzzed.taken(before_, began)[0] > 2**25


def _lines(change: Callable[[list[str], int, random.Random], None]) -> Callable[..., str]:
    def changed(text: str, at: int, chance: random.Random) -> str:
        lines = text.split("\n")
        change(lines, at % len(lines), chance)
        return "\n".join(lines)

    return changed


def _swap(lines: list[str], at: int, chance: random.Random) -> None:
    to = chance.randrange(len(lines))
    lines[at], lines[to] = lines[to], lines[at]


def _keys(lines: list[str], at: int, chance: random.Random) -> None:
    to = chance.randrange(len(lines))
    one, other = lines[at].partition(":"), lines[to].partition(":")
    lines[at], lines[to] = "".join((other[0], *one[1:])), "".join((one[0], *other[1:]))


def _twice(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at:at] = [lines[at]] * chance.randrange(1, 4)


def _gone(lines: list[str], at: int, chance: random.Random) -> None:
    del lines[at : at + chance.randrange(1, 3)]


def _shift(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = chance.choice([" ", "  ", "\t", " \t", "- ", "    ", "? ", "\u00a0"]) + lines[at]


def _left(lines: list[str], at: int, _: random.Random) -> None:
    lines[at] = lines[at].lstrip()


def _nested(lines: list[str], at: int, chance: random.Random) -> None:
    key, colon, value = lines[at].partition(":")
    depth = chance.choice([1, 2, 3, 31, 32, 33, 1000])
    opened, closed = chance.choice([("[", "]"), ("{a: ", "}"), ("{", "}"), ("- ", ""), ("(", ")")])
    lines[at] = f"{key}{colon} {opened * depth}{value}{closed * depth}"


def _alias(lines: list[str], at: int, chance: random.Random) -> None:
    key, colon, _ = lines[at].partition(":")
    lines[at] = f"{key}{colon} {chance.choice(['&a b', '*a', '!!str x', '<<: *a', '!x', '&a'])}"


def _value(lines: list[str], at: int, chance: random.Random) -> None:
    key, colon, value = lines[at].partition(":")
    other = chance.choice([
        "", "~", "null", "[]", "{}", "[[x]]", "{a: {b: c}}", "|", ">-", "'", '"\\u202e"', "-1",
        "99999999999999999999", "1e400", "NaN", "2019-02-30", "2019/2018", f"{value}{value}",
        "x" * 5000, "é" * 2001, "id-org:", "id-org:oecd", "sdg:99", "http://[", "<a b>", "_:b", "@",
    ])  # fmt: skip
    lines[at] = f"{key}{colon} {other}"


def _word(text: str, at: int, chance: random.Random) -> str:
    place = at % (len(text) + 1)
    return text[:place] + chance.choice(fuzzed.WORDS) + text[place:]


def _sign(text: str, at: int, chance: random.Random) -> str:
    place = at % (len(text) + 1)
    signs = "\u202e\u2066\u200b\u00ad\ufeff\u0301\u0000\u0007\x85\u2028\ud800\U0001f600İßﬁ٣"
    return text[:place] + chance.choice(signs) * chance.choice([1, 1, 2, 50]) + text[place:]


def _cut(text: str, at: int, chance: random.Random) -> str:
    place = at % (len(text) + 1)
    return text[:place] + text[place + chance.choice([1, 1, 2, 10, 100, len(text)]) :]


CHANGES: list[Callable[..., str]] = [
    *map(_lines, (_swap, _keys, _twice, _gone, _shift, _left, _nested, _alias, _value)),
    _word, _sign, _cut,
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, reader: str) -> bytes:
    """A good input of a reader with some mistakes in it."""
    text = draw(st.sampled_from(fuzzed.seeds(reader))).decode("utf-8", "surrogateescape")
    for number in range(draw(st.integers(1, 4))):
        change = draw(st.sampled_from(CHANGES))
        at, seed = draw(st.integers(0, 4000)), draw(st.integers(0, 2**16))
        text = change(text, at, random.Random(seed + number))
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("reader", fuzzed.READERS)
def test_mistakes_are_read_or_refused(reader: str) -> None:
    for data in fuzzed.seeds(reader):
        fuzzed.tried(reader, data, seconds=60)  # what loads late has loaded

    @given(mutated(reader) | st.binary(max_size=200))
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def law(data: bytes) -> None:
        fuzzed.tried(reader, data)

    law()


KEYS = keys_of(fuzzed.graph().project)
WORDS = sorted({
    *(name for props in KEYS.properties.values() for each in props
      for name in (each.name, *each.labels.values())),
    *KEYS.called,
    *(text for name in ("event", "doc", "org", "person", "place", "membership", "participation",
                        "goallink", "evidence", "topic", "kind", "role")
      for language in LANGUAGES for text in say(f"key.{name}").text(language).split("|")),
    "id", "type", "lang", "name", "dates", "goals", "source", "title", "quote", "start", "end",
})  # fmt: skip
TEXTS = st.sampled_from([
    "GSEF", "Antonella Noya (OCDE)", "Antonela Noya", "NOYA Antonella", "A (b, c)", "(x)", "2019",
    "fin 2017", "3/4/2020", "31/09/2021", "8", "11.3", "id-org:oecd", "id-org:none", "sdg:8", "yes",
    "fr", "event", "", "présidente", "https://a.example/b", "curated", "city", "x\u202e", "Форум",
    "이은애", "modérée par Mme Antonella Noya", "0", "99999999", "-1", "1.5e3", "a\u0301", "?",
]) | st.text(max_size=20)  # fmt: skip
NODES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(WORDS), NODES, max_size=7), st.sampled_from(["fr", "en"]))
@settings(suppress_health_check=[HealthCheck.too_slow])
@example({"event": "A", "source": {"document": "GSEF", "start": "5", "end": "9" * 30}}, "fr")
def test_any_keys_are_read_or_refused(record: dict[str, object], lang: str) -> None:
    data = json.dumps({**record, "lang": lang}).encode()
    fuzzed.tried("json", data)


@given(mutated("yaml"))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_refused_is_not_written(data: bytes) -> None:
    graph = fuzzed.graph()
    before = fuzzed.state()
    path = graph.project.root.parent / f"{graph.project.root.name}.yaml"
    path.write_bytes(data)
    try:
        added = graph.add(path, unchecked=True)
        written = added.conforms and added.count > 0
    except GsefgraphError:
        written = False
    finally:
        path.unlink()
    assert written or fuzzed.state() == before

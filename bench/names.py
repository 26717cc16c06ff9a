"""`python -m bench names`: names looked up in a store on disk that has a million labels, and ten.

Every thing has four labels: a person two names and two other spellings, an organisation a name in
three languages and an acronym. Some words are held by most names, most by a few, and many by one.
What is timed is what a person waits for in a running process: `Resolver.resolve`, `suggest` and
`search`, with the labels and classes of what is found.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from bench.validation import RESULTS, said, size
from gsefgraph.engine import names, store
from gsefgraph.engine.embedded import Embedded
from gsefgraph.errors import AmbiguousName, UnknownName
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import GSEF, RDF, SKOS, Names

SIZES = "1M,10M"
EACH = 4  # labels of a thing
TIMES = 300
SLOWEST = 0.030  # seconds; of an exact name and of a prefix
_GRAPH = NamedNode(Names().graph("entities"))
_ENDS = ("a", "e", "i", "o", "u", "an", "er", "is", "on", "é")
_BEGINS = ("b", "br", "c", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s",
           "t", "v", "z")  # fmt: skip
_FIELDS = ("solidarity", "housing", "farming", "care", "water", "energy", "crafts", "learning")
_WORDS = ("solidarité", "logement", "agriculture", "soin", "eau", "énergie", "artisanat", "savoir")
_VOCES = ("solidaridad", "vivienda", "agricultura", "cuidado", "agua", "energía", "artesanía",
          "saber")  # fmt: skip


def word(number: int) -> str:
    """A word that looks like a name, another for each number.

    >>> word(1), word(4321)
    ('Braba', 'Brerbre')
    """
    found = ""
    while number or len(found) < 4:
        number, letter = divmod(number, len(_BEGINS))
        number, end = divmod(number, len(_ENDS))
        found += _BEGINS[letter] + _ENDS[end]
    return found.capitalize()


def labels(k: int) -> tuple[str, list[tuple[str, str, str]]]:
    """The class of a thing, and its labels: what kind, text, language.

    >>> labels(8)[1][0]
    ('prefLabel', 'Network of water of Jaba and Kiba', 'en')
    """
    # Most numbers come seldom, some often, as names do.
    family, given = word(7 * (k * k % 999_983) // (1 + k % 13)), word(k % 400)
    if k % 2:
        return "Person", [
            ("prefLabel", f"{given} {family}", "fr"),
            ("prefLabel", f"{given} {family} {k % 9}", "en"),
            ("altLabel", f"{given[0]}. {family}", "fr"),
            ("altLabel", f"{family}, {given}", "fr"),
        ]
    at, town = k // 2 % 8, word(k % 6000)
    return "Organisation", [
        ("prefLabel", f"Network of {_FIELDS[at]} of {town} and {family}", "en"),
        ("prefLabel", f"Réseau {_WORDS[at]} de {town} et {family}", "fr"),
        ("prefLabel", f"Red de {_VOCES[at]} de {town} y {family}", "es"),
        ("acronym", f"N{_FIELDS[at][0]}{k}".upper(), ""),
    ]


def quads(count: int) -> Iterator[Quad]:
    """Things with so many labels together, and their classes."""
    base = Names().base
    kind_of = NamedNode(f"{RDF}type")
    naming = {
        "prefLabel": NamedNode(f"{SKOS}prefLabel"),
        "altLabel": NamedNode(f"{SKOS}altLabel"),
        "acronym": NamedNode(f"{GSEF}acronym"),
    }
    for k in range(count // EACH):
        kind, texts = labels(k)
        thing = NamedNode(f"{base}id/{'person' if kind == 'Person' else 'org'}/n{k}")
        yield Quad(thing, kind_of, NamedNode(f"{GSEF}{kind}"), _GRAPH)
        for how, text, language in texts:
            value = Literal(text, language=language) if language else Literal(text)
            yield Quad(thing, naming[how], value, _GRAPH)


@dataclass(frozen=True)
class Times:
    """Seconds of CPU, bytes, and for each kind of question the seconds until it is answered: the
    median and the 99th percentile."""

    load: float
    index: float
    memory: int
    size: int
    asked: dict[str, tuple[float, float]]


def measure(count: int, folder: Path) -> Times:
    """Load so many labels and look some of them up."""
    place, spent, memory = folder / f"store{count}", [0.0], [0]
    follow = names.follow

    def followed(*given: object) -> None:
        began, before = time.process_time(), _memory("VmRSS")
        _reset()
        follow(*given)  # type: ignore[arg-type]
        spent[0], memory[0] = time.process_time() - began, _memory("VmHWM") - before

    store.names.follow = followed  # type: ignore[assignment]
    engine = Embedded.open(place, create=True)
    began = time.process_time()
    engine.load(quads(count), fresh=True)
    loaded = time.process_time() - began - spent[0]
    store.names.follow = follow
    engine.close()
    length = sum(file.stat().st_size for file in place.glob("g-*/names.*"))
    engine = Embedded.open(place)
    try:
        return Times(loaded, spent[0], memory[0], length, _asked(Resolver(engine), count))
    finally:
        engine.close()


def _asked(resolver: Resolver, count: int) -> dict[str, tuple[float, float]]:
    things = count // EACH
    some = [labels(n * 7919 % things)[1] for n in range(TIMES)]
    texts = [held[n % 3][1] for n, held in enumerate(some)]
    persons = [labels(2 * (n * 7919 % things // 2) + 1)[1][0][1] for n in range(TIMES)]

    def resolve(text: str, kind: str | None = None) -> None:
        with suppress(UnknownName, AmbiguousName):
            resolver.resolve(text, kind=kind)

    def swapped(text: str) -> str:
        at = len(text) - 4
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    questions: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "exact name, resolved": (resolve, texts),
        "exact name of a class, resolved": (lambda t: resolve(t, f"{GSEF}Person"), persons),
        "exact name, searched": (resolver.search, texts),
        "prefix of a name, suggested": (
            resolver.suggest, [t[: 1 + n % 8] for n, t in enumerate(texts)]),
        "prefix of a later word, suggested": (
            resolver.suggest, [t.split()[-1][: 2 + n % 5] for n, t in enumerate(texts)]),
        "prefix of a name of a class, suggested": (
            lambda t: resolver.suggest(t, kind=f"{GSEF}Organisation"),
            [t[: 1 + n % 8] for n, t in enumerate(texts)]),
        "two words of a name, searched": (
            resolver.search, [" ".join(t.split()[-1:-3:-1]) for t in texts]),
        "near name, searched": (resolver.search, [swapped(t) for t in texts]),
        "a part of a word, searched": (resolver.search, [t[-5:] for t in texts]),
    }  # fmt: skip
    found = {}
    for name, (ask, given) in questions.items():
        taken = []
        for text in given:
            began = time.perf_counter()
            ask(text)
            taken.append(time.perf_counter() - began)
            resolver.forget()
        taken.sort()
        found[name] = statistics.median(taken), taken[int(len(taken) * 0.99)]
    return found


def _memory(field: str) -> int:
    """Bytes that this process has, or had at most, where Linux tells."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    return 0


def _reset() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def markdown(times: dict[int, Times]) -> str:
    """The table."""
    lines = [
        f"Names in a store on disk, median and 99th percentile of {TIMES} questions of a kind in a "
        "running process; labels and classes of what is found are not kept from one to the next.",
        "",
        f"| | {' | '.join(f'{said(count)} labels' for count in times)} | to reach |",
        f"|{'---|' * (len(times) + 2)}",
        _line("loading without the index, CPU", [f"{one.load:.0f} s" for one in times.values()]),
        _line("making the index, CPU", [f"{one.index:.0f} s" for one in times.values()]),
        _line("memory for it", [f"{one.memory >> 20} MB" for one in times.values()]),
        _line("size of it", [f"{one.size >> 20} MB" for one in times.values()]),
    ]
    for name in next(iter(times.values())).asked:
        cells = [
            f"{one.asked[name][0] * 1000:.1f} ms, {one.asked[name][1] * 1000:.1f} ms"
            for one in times.values()
        ]
        lines.append(_line(name, cells, f"{SLOWEST * 1000:.0f} ms" if _promised(name) else ""))
    return "\n".join([*lines, ""])


def _line(name: str, cells: Sequence[str], reach: str = "") -> str:
    return f"| {name} | {' | '.join(cells)} | {reach} |"


def _promised(name: str) -> bool:
    return name.startswith(("exact", "prefix"))


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write bench/results/names.md; returns an exit code."""
    parser = argparse.ArgumentParser(prog="bench names", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of labels, such as 100k,10M")
    parser.add_argument("--folder", type=Path, help="where stores are made (10M: 8 GB)")
    given = parser.parse_args(arguments)
    times = {}
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for count in sorted(size(text) for text in given.sizes.split(",")):
            times[count] = measure(count, Path(folder))
            print(f"{said(count)}: {times[count]}", flush=True)
    text = markdown(times)
    print(f"\n{text}")
    (RESULTS / "names.md").write_text(text, "utf-8")
    missed = [
        f"{name} among {said(count)}"
        for count, one in times.items()
        for name, (_, slowest) in one.asked.items()
        if _promised(name) and slowest > SLOWEST
    ]
    for work in missed:
        print(f"not reached: {work}", file=sys.stderr)
    return 1 if missed else 0

"""`python -m bench records`: new records checked beside a large graph that is on disk.

A record is a new event of a known document with its evidence, a participation, a person and an
organisation: 24 triples, some of which name what the graph already holds. It is checked by the
project's own shapes, in a running process. One record in ten names a role that there is not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import gsefgraph
from bench import generate
from bench.validation import RESULTS, said, size
from gsefgraph.graph import loading
from gsefgraph.project import find
from gsefgraph.records import rdf
from gsefgraph.records.rdf import RecordFile

SIZES = "100k,10M"
SINGLE, TOGETHER = 300, 1000
MEDIAN, SLOWEST, CALL = 0.020, 0.050, 5.0  # seconds; the last for TOGETHER records
STEADY = 1.2  # the largest graph's median beside the smallest's
QUOTE = "the event took place as planned"  # as long as its offsets say
FAULTY = 10  # one record in so many


@dataclass(frozen=True)
class Times:
    """Seconds: median and 99th percentile of single records, and one call with many."""

    median: float
    slowest: float
    together: float


def record(number: int) -> RecordFile:
    """One record as someone would write it.

    >>> len(record(7).quads)
    24
    """
    statements = [
        *generate.EVENT,
        *generate.PART,
        *generate.PARTICIPATION,
        *generate.ENTITIES[:4],
    ]
    values = {
        **generate.values(number % 500),
        "k": f"new{number}",
        "person0": f"new{number}",
        "org": number % 500,
    }
    text = generate.template(
        [generate.with_letters(one, N="1", M="0") for one in statements], "d0", graphs=True
    ).format_map(values)
    text = text.replace(f"doc/dnew{number}>", "doc/d0>").replace(f"enew{number}.0>", "e0.0>")
    text = text.replace(f"the event new{number}.1 took place as planned", f"{QUOTE:.<60}")
    if number % FAULTY == 0:
        text = text.replace(f"role/{values['role0']}>", "role/spaeker>")
    return rdf.read(f"{number}.nq", data=text.encode())


def measure(triples: int, folder: Path) -> Times:
    """Check records beside a graph of so many triples.

    Errors:
        RuntimeError: what is found is not what is wrong.
    """
    file, store = folder / "graph.nq", folder / f"store{triples}"
    generate.write(file, triples)
    loading.load(find(), str(store), [str(file)], inferred=False)
    file.unlink()
    with gsefgraph.open(str(store)) as graph:
        taken = []
        for number in range(1, SINGLE + 6):
            one = record(number)
            began = time.perf_counter()
            report = graph.validate(one)
            taken.append(time.perf_counter() - began)
            _check(report, number % FAULTY == 0)
        taken = sorted(taken[5:])  # the first ones fill caches
        many = [record(1000 + number) for number in range(TOGETHER)]
        began = time.perf_counter()
        report = graph.validate(*many)
        together = time.perf_counter() - began
        _check(report, TOGETHER // FAULTY)
    return Times(statistics.median(taken), taken[int(len(taken) * 0.99)], together)


def _check(report: gsefgraph.Report, wanted: int) -> None:
    found = [finding for finding in report.findings if finding.severity.endswith("Violation")]
    if len(found) != wanted:
        raise RuntimeError(f"{len(found)} violations, not {wanted}: {found[:3]}")


def markdown(times: dict[int, Times]) -> str:
    """The table."""
    lines = [
        f"One record of 24 triples beside a graph on disk, median and 99th percentile of {SINGLE}; "
        f"and {TOGETHER:,} records in one call.",
        "",
        f"| triples | median | 99 % | {TOGETHER:,} records |",
        "|---|---|---|---|",
    ]
    for triples, one in times.items():
        lines.append(
            f"| {triples:,} | {one.median * 1000:.1f} ms | {one.slowest * 1000:.1f} ms "
            f"| {one.together:.2f} s |"
        )
    lines.append(
        f"| to reach | {MEDIAN * 1000:.0f} ms, within 20 % | {SLOWEST * 1000:.0f} ms | {CALL:g} s |"
    )
    return "\n".join([*lines, ""])


def missed(times: dict[int, Times]) -> list[str]:
    """What is promised and not reached."""
    found = []
    for triples, one in times.items():
        if one.median > MEDIAN or one.slowest > SLOWEST or one.together > CALL:
            found.append(f"records beside {said(triples)} triples")
    medians = [times[triples].median for triples in sorted(times)]
    if medians[-1] > STEADY * medians[0]:
        found.append("the same time beside the smallest and the largest graph")
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write bench/results/records.md; returns an exit code."""
    parser = argparse.ArgumentParser(prog="bench records", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of triples, such as 100k,10M")
    parser.add_argument("--folder", type=Path, help="where stores are made (10M: 6 GB)")
    given = parser.parse_args(arguments)
    times = {}
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for triples in sorted(size(text) for text in given.sizes.split(",")):
            times[triples] = measure(triples, Path(folder))
    text = markdown(times)
    print(f"\n{text}")
    (RESULTS / "records.md").write_text(text, "utf-8")
    for work in missed(times):
        print(f"not reached: {work}", file=sys.stderr)
    return 1 if missed(times) else 0

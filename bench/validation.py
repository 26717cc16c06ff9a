"""`python -m bench validation`: whole graphs validated, beside pySHACL and pyrudof.

Every run is a whole process from a file to printed findings; what it finds must be the faults that
the generator put in. Peers read N-Triples, ours the N-Quads of the same triples. pySHACL goes to
100,000 triples (35 s; --pyshacl 1M takes six minutes more), pyrudof to a million.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from bench import generate, plot
from bench.start import COMMAND

HERE = Path(__file__).parent
SHAPES = HERE / "shapes.ttl"
PER_GRAPH = HERE / "per-graph.ttl"
RESULTS = HERE / "results"
NAMESPACE = "https://w3id.org/gsefgraph/bench#"
SIZES = "10k,100k,1M,10M"
TIMES_FASTER = 100
LIMITS = {  # what is promised: (what, triples) -> seconds
    ("whole", 1_000_000): 3.5,
    ("loaded", 1_000_000): 1.25,
    ("whole", 10_000_000): 35.0,
    ("per graph", 1_000_000): 5.0,
}
WORK = {  # by what is promised: the name of the run, and the work in words
    "whole": ("gsefgraph", "from file"),
    "loaded": ("loaded", "with columns loaded"),
    "per graph": ("per graph", "from file, a query on each named graph"),
}
PEAK = 8_000  # MB, at ten million
EXPONENT = 1.1  # from 100,000 to ten million

PYSHACL = """
import collections, json, sys, rdflib, pyshacl
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
data = rdflib.Graph().parse(sys.argv[1], format="nt")
shapes = rdflib.Graph().parse(sys.argv[2], format="turtle")
_, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
print(json.dumps(collections.Counter(map(str, report.objects(None, SH.sourceShape)))))
"""
PYRUDOF = """
import collections, json, sys
from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat
rudof = Rudof(RudofConfig())
rudof.read_data(sys.argv[1], RDFFormat.NTriples)
rudof.read_shacl(sys.argv[2], ShaclFormat.Turtle)
report = rudof.validate_shacl()
print(json.dumps(collections.Counter(str(entry.source_shape) for entry in report)))
"""
LOADED = """
import collections, json, sys, time
from gsefgraph.columns.columns import Columns
from gsefgraph.shacl.compiled.evaluate import evaluate
from gsefgraph.shacl.shapes import reading
from gsefgraph.shacl.shapes.graph import Shapes
model = reading.read(Shapes.of([sys.argv[2]]))
with Columns.read([sys.argv[1]]) as columns:
    began = time.perf_counter()
    results = evaluate(model, columns).results
    took = time.perf_counter() - began
print(json.dumps({"seconds": took, "found": collections.Counter(r.shape for r in results)}))
"""


@dataclass(frozen=True)
class Run:
    """What came out of one process: seconds, its largest memory in MB, findings by shape."""

    seconds: float
    megabytes: float
    found: Counter[str]


Runs: TypeAlias = dict[str, dict[int, Run]]
Injected: TypeAlias = dict[int, Counter[str]]


def size(text: str) -> int:
    """A number of triples.

    >>> size("10k"), size("1M"), size("250")
    (10000, 1000000, 250)
    """
    unit = {"k": 1000, "m": 1_000_000}.get(text[-1].lower(), 1)
    return int(text if unit == 1 else text[:-1]) * unit


def said(triples: int) -> str:
    """A number of triples, short.

    >>> said(10_000), said(10_000_000)
    ('10k', '10M')
    """
    return f"{triples // 1_000_000}M" if triples >= 1_000_000 else f"{triples // 1000}k"


def process(command: Sequence[str], scratch: Path) -> tuple[float, float, bytes]:
    """Run a command: seconds, the largest memory of it and its children in MB, its output."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    output, errors = scratch / "output", scratch / "errors"
    with output.open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=kept)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):  # 1: it does not conform
        last = errors.read_text("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise RuntimeError(f"{Path(command[0]).name} ended with {child.returncode}: {last[0]}")
    return seconds, usage.ru_maxrss / 1000, output.read_bytes()


def ours(file: Path, scratch: Path, shapes: Path = SHAPES) -> Run:
    """The command line, findings as JSON."""
    command = [COMMAND, "validate", str(file), "--shapes", str(shapes), "--alone", "-f", "json"]
    seconds, megabytes, output = process(command, scratch)
    return Run(seconds, megabytes, Counter(f["rule"] for f in json.loads(output)["findings"]))


def peer(script: str, file: Path, scratch: Path) -> Run:
    """A library that reads the file, validates it and counts what it found."""
    command = [sys.executable, "-c", script, str(file), str(SHAPES)]
    seconds, megabytes, output = process(command, scratch)
    return Run(seconds, megabytes, Counter(json.loads(output)))


def loaded(file: Path, scratch: Path) -> Run:
    """Ours once more, and only the time from columns to results."""
    command = [sys.executable, "-c", LOADED, str(file), str(SHAPES)]
    _, megabytes, output = process(command, scratch)
    answer = json.loads(output)
    return Run(answer["seconds"], megabytes, Counter(answer["found"]))


def wrong(found: Mapping[str, int], injected: Mapping[str, int]) -> list[str]:
    """How findings differ from the faults that are there, in words."""
    names = {fault.shape: fault.name for fault in generate.FAULTS}
    expected = {f"{NAMESPACE}{shape}": count for shape, count in injected.items()}
    return [
        f"{names.get(shape.removeprefix(NAMESPACE), shape)}: {found.get(shape, 0)} of "
        f"{expected.get(shape, 0)}"
        for shape in sorted(expected.keys() | found.keys())
        if found.get(shape, 0) != expected.get(shape, 0)
    ]


def per_graph(injected: Mapping[str, int]) -> dict[str, int]:
    """The faults that the query of per-graph.ttl finds: the same as that of an event."""
    return {"graph-period": injected["event"]}


def measure(sizes: Sequence[int], most: Mapping[str, int], folder: Path) -> tuple[Runs, Injected]:
    """Every tool on every size that it goes to, printed as it comes, and the faults put in."""
    faults_of: Injected = {}
    runs: Runs = {name: {} for name in ("gsefgraph", "loaded", "per graph", *most)}
    for triples in sizes:
        quads, plain = folder / f"{triples}.nq", folder / f"{triples}.nt"
        injected = faults_of[triples] = generate.write(quads, triples)
        print(f"{said(triples)} triples, {injected.total()} faults", flush=True)
        turns = 3 if triples <= 1_000_000 else 1
        peers = {name: limit for name, limit in most.items() if triples <= limit}
        if peers:
            generate.write(plain, triples, graphs=False)
        found: dict[str, list[Run]] = {}
        for turn in range(turns):
            found.setdefault("gsefgraph", []).append(ours(quads, folder))
            found.setdefault("loaded", []).append(loaded(quads, folder))
            found.setdefault("per graph", []).append(ours(quads, folder, PER_GRAPH))
            for name in peers:
                if turn == 0 or triples <= 10_000:
                    script = PYSHACL if name == "pySHACL" else PYRUDOF
                    found.setdefault(name, []).append(peer(script, plain, folder))
        for name, held in found.items():
            middle = sorted(held, key=lambda run: run.seconds)[len(held) // 2]
            runs[name][triples] = middle
            faults = wrong(middle.found, per_graph(injected) if name == "per graph" else injected)
            print(f"  {name}: {middle.seconds:.2f} s, {middle.megabytes:,.0f} MB, "
                  f"{'; '.join(faults) or 'all found, nothing else'}", flush=True)  # fmt: skip
        quads.unlink()
        plain.unlink(missing_ok=True)
    return runs, faults_of


def promises(runs: Runs) -> list[tuple[str, str, str, bool]]:
    """What is promised: the work, what came out, what to reach, whether it is reached."""
    rows = []
    mine = runs["gsefgraph"]
    for (what, triples), limit in LIMITS.items():
        name, words = WORK[what]
        run = runs[name].get(triples)
        if run:
            work = f"{said(triples)} {words}"
            reached = run.seconds <= limit
            rows.append((work, f"{run.seconds:.2f} s", f"at most {limit:g} s", reached))
    both = [triples for triples in runs["pySHACL"] if triples in mine]
    if both:
        largest = max(both)
        ratio = runs["pySHACL"][largest].seconds / mine[largest].seconds
        wanted = f"at least {TIMES_FASTER} at 1M"
        reached = largest < 1_000_000 or ratio >= TIMES_FASTER
        rows.append(
            (f"times faster than pySHACL, {said(largest)}", f"{ratio:.0f}", wanted, reached)
        )
    if 10_000_000 in mine:
        peak = mine[10_000_000].megabytes
        rows.append(("peak memory, 10M", f"{peak:,.0f} MB", f"at most {PEAK:,} MB", peak <= PEAK))
        if 100_000 in mine:
            power = math.log10(mine[10_000_000].seconds / mine[100_000].seconds) / 2
            rows.append(
                ("growth from 100k to 10M", f"n^{power:.2f}", f"at most n^{EXPONENT}",
                 power <= EXPONENT)
            )  # fmt: skip
    return rows


def markdown(runs: Runs, injected: Injected) -> str:
    """The tables."""
    names = ("gsefgraph", "pySHACL", "pyrudof")
    versions = ", ".join(f"{n} {version(n)}" for n in ("duckdb", "pyshacl", "rdflib", "pyrudof"))
    lines = [
        f"Whole processes on {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{versions}. Time and peak memory; findings beside the faults that the generator put in.",
        "",
        f"| triples | faults | {' | '.join(names)} |",
        "|---|---|" + "---|" * len(names),
    ]
    for triples, faults in injected.items():
        cells = [f"{triples:,}", f"{faults.total():,}"]
        for name in names:
            run = runs[name].get(triples)
            if run is None:
                cells.append("not run")
                continue
            odd = wrong(run.found, faults)
            found = f"finds {run.found.total():,}" + (f" ({'; '.join(odd)})" if odd else "")
            cells.append(f"{run.seconds:,.2f} s, {run.megabytes:,.0f} MB, {found}")
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| work | reached | to reach |", "|---|---|---|"]
    for work, came, wanted, reached in promises(runs):
        lines.append(f"| {work} | {came} | {wanted}{'' if reached else ': missed'} |")
    return "\n".join([*lines, "", "![Seconds by number of triples](validation.svg)", ""])


def picture(runs: Runs) -> str:
    """The plot."""
    shown = ("gsefgraph", "pySHACL", "pyrudof")
    series = {
        name: [(float(triples), run.seconds) for triples, run in sorted(runs[name].items())]
        for name in shown
        if runs[name]
    }
    return plot.loglog(
        series,
        title="Validating a graph: from a file to printed findings",
        x="triples",
        y="seconds",
        note=f"{os.cpu_count()} cores; bench/shapes.ttl; less is better",
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write bench/results/validation.md and .svg; returns an exit code."""
    parser = argparse.ArgumentParser(prog="bench validation", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of triples, such as 10k,1M")
    parser.add_argument("--pyshacl", default="100k", help="how far pySHACL goes (1M: six minutes)")
    parser.add_argument("--pyrudof", default="1M", help="how far pyrudof goes (1M: 9 GB)")
    parser.add_argument("--folder", type=Path, help="where graphs are written (10M: 2 GB)")
    given = parser.parse_args(arguments)
    sizes = sorted(size(text) for text in given.sizes.split(","))
    most = {"pySHACL": size(given.pyshacl), "pyrudof": size(given.pyrudof)}
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        runs, injected = measure(sizes, most, Path(folder))
    text = markdown(runs, injected)
    print(f"\n{text}")
    (RESULTS / "validation.md").write_text(text, "utf-8")
    (RESULTS / "validation.svg").write_text(picture(runs), "utf-8")
    missed = [work for work, _, _, reached in promises(runs) if not reached]
    for work in missed:
        print(f"not reached: {work}", file=sys.stderr)
    return 1 if missed else 0

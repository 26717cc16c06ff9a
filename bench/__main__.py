"""`python -m bench [start|query|graph]...`: measure, print a table, and write bench/results/.

`python -m bench validation [--sizes 10k,100k,1M,10M]`, `python -m bench records`, `python -m bench
names`, `python -m bench pages` and `python -m bench web` are long and so run only when they are
named.

Every figure is a median of runs that take turns with those of its peer, so that a busy moment of
the machine falls on both.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import graph, names, pages, query, records, start, validation, web
from bench.measure import Row, markdown

WORK = {"start": start.run, "query": query.run, "graph": graph.run}
LONG = {
    "validation": validation.main,
    "records": records.main,
    "names": names.main,
    "pages": pages.main,
    "web": web.main,
}
RESULTS = Path(__file__).parent / "results"


def main(asked: list[str]) -> int:
    """Run the named parts, or all of them; returns an exit code."""
    if asked and asked[0] in LONG:
        return LONG[asked[0]](asked[1:])
    unknown = [name for name in asked if name not in WORK]
    if unknown:
        print(f"no bench {unknown[0]!r}; known: {', '.join([*WORK, *LONG])}", file=sys.stderr)
        return 2
    missed = []
    for name in asked or WORK:
        rows: list[Row] = WORK[name]()
        text = markdown(rows)
        print(f"\n## {name}\n\n{text}", flush=True)
        (RESULTS / f"{name}.md").write_text(text, "utf-8")
        missed += [row.work for row in rows if not row.reached]
    for work in missed:
        print(f"not reached: {work}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

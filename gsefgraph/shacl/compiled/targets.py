# ruff: noqa: S608 - terms go into statements as numbers, texts through `run.text`
"""Focus nodes that targets select (SHACL, section 2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable

from gsefgraph.shacl.compiled.run import Nodes, Run
from gsefgraph.shacl.shapes.model import Target


def focus(run: Run, targets: Iterable[Target]) -> Nodes:
    """The nodes that any of some targets selects."""
    kinds: dict[str, dict[str, None]] = {}
    for target in targets:
        term = target.value
        said = term.value if target.kind == "class" else str(run.ids.of(term))
        kinds.setdefault(target.kind, {})[said] = None
    if list(kinds) == ["class"] and len(kinds["class"]) == 1:
        return run.instances(*kinds["class"])
    parts = [_selected(run, kind, list(said)) for kind, said in sorted(kinds.items())]
    return Nodes(run, " UNION ".join(parts), keep=True)


def _selected(run: Run, kind: str, said: list[str]) -> str:
    if kind == "class":
        return run.typed(said)
    if kind == "node":
        ids = ", ".join(f"({number})" for number in said)
        return f"SELECT id | bits AS f FROM (VALUES {ids}) AS nodes (id), {run.graphs}"
    column = "s" if kind == "subjectsOf" else "o"
    return f"SELECT DISTINCT {column} AS f FROM {run.triples} WHERE p IN ({', '.join(said)})"

"""pySHACL in a process of its own that stays: many validations, one start.

`python -m tests.oracle` reads a request a line and answers each with a line. A request is
``{"data": N-Triples, "shapes": N-Triples}``, an answer a list of results as
`gsefgraph.shacl.opinion.worker` writes them, or ``{"fault": text}``. Blank nodes keep their labels.

With ``mended`` as its argument, pySHACL's known faults are mended where it has them, so that what
stands around a fault can still be compared. Each mend is a record of differences.md, written from
SHACL alone and sharing no code with our evaluators.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from gsefgraph.shacl.opinion import compare, worker

ROOT = Path(__file__).resolve().parent.parent


class Fault(Exception):
    """pySHACL could not validate."""


class Oracle:
    """A client of the process; closes it at the end of a `with`.

    Parameters:
        mended: whether pySHACL's recorded faults are mended.
    """

    def __init__(self, *, mended: bool = False) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.oracle", *(["mended"] * mended)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
        )

    def __enter__(self) -> Oracle:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def validate(self, data: Iterable[Triple], shapes: Iterable[Triple]) -> list[dict[str, Any]]:
        """The results of a data graph.

        Errors:
            Fault: pySHACL raised.
        """
        assert self._process.stdin
        assert self._process.stdout
        request = {"data": compare.lines(data), "shapes": compare.lines(shapes)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if isinstance(answer, dict):
            raise Fault(answer["fault"])
        return list(answer)


_NUMBERS = frozenset(
    {"decimal", "integer", "double", "float", "nonPositiveInteger", "negativeInteger",
     "nonNegativeInteger", "positiveInteger", "long", "int", "short", "byte", "unsignedLong",
     "unsignedInt", "unsignedShort", "unsignedByte"}
)  # fmt: skip
_ORDERED = frozenset({"string", "boolean", "dateTime", "date", "time", "gYear", "gYearMonth"})


def _family(literal: Any) -> object:
    """What a literal can be compared with by the operator ``<`` of SPARQL; None if with nothing."""
    from rdflib import Literal

    if not isinstance(literal, Literal) or literal.language or literal.ill_typed:
        return None
    name = str(literal.datatype or "#string").rpartition("#")[2]
    if name in _NUMBERS:
        inside = name != "byte" or -128 <= literal.value <= 127
        return "number" if inside else None
    if name not in _ORDERED:
        return None
    zoned = name != "string" and (str(literal).endswith("Z") or "+" in str(literal))
    return name, zoned


def _compare(one: Any, other: Any) -> int:
    """Order of two literals; TypeError where SPARQL has none."""
    family = _family(one)
    if family is None or family != _family(other):
        raise TypeError("not comparable")
    values = [one.value, other.value]
    if family == "number":
        values = [float(value) for value in values]
    elif None in values:
        values = [str(one), str(other)]
    return int(values[0] > values[1]) - int(values[0] < values[1])


def mend() -> None:
    """Mend pySHACL's recorded faults, in this process."""
    from pyshacl import shape
    from pyshacl.constraints.core import (
        property_pair_constraints,
        string_based_constraints,
        value_range_constraints,
    )
    from pyshacl.helper import expression_helper
    from rdflib import RDF, BNode

    follow = expression_helper.value_nodes_from_path

    def in_order(
        shapes: Any, focus: Any, path: Any, graph: Any, inverse: bool = False, recursion: int = 0
    ) -> Any:
        if not inverse or (path, RDF.first, None) not in shapes.graph:
            return follow(shapes, focus, path, graph, inverse, recursion)
        nodes = {focus}
        for step in reversed(list(shapes.graph.items(path))):
            reached = (in_order(shapes, node, step, graph, True, recursion + 1) for node in nodes)
            nodes = set().union(*reached)
        return nodes

    for user in (expression_helper, shape):
        user.value_nodes_from_path = in_order

    value_range_constraints.compare_literal = _compare

    def pairs(bound: int) -> Any:
        def compare(self: Any, values: Any, others: Any, graph: Any, focus: Any) -> Any:
            reports = []
            for value in values:
                for other in others:
                    try:
                        right = _compare(value, other) <= bound
                    except TypeError:
                        right = False
                    if not right:
                        reports.append(self.make_v_result(graph, focus, value_node=value))
            return bool(reports), reports

        return compare

    for kind, method, bound in (
        ("LessThan", "_compare_lt", -1),
        ("LessThanOrEquals", "_compare_ltoe", 0),
    ):
        component = getattr(property_pair_constraints, f"{kind}ConstraintComponent")
        assert hasattr(component, method)
        setattr(component, method, pairs(bound))

    shortest = string_based_constraints.MinLengthConstraintComponent
    original = shortest._evaluate_string_rule

    def of_blank_nodes(self: Any, rule: Any, graph: Any, values: Any) -> Any:
        if rule.value:
            return original(self, rule, graph, values)
        reports = [
            self.make_v_result(graph, focus, value_node=value)
            for focus, nodes in values.items()
            for value in nodes
            if isinstance(value, BNode)
        ]
        return bool(reports), reports

    shortest._evaluate_string_rule = of_blank_nodes


def main() -> None:
    import logging

    logging.disable(logging.CRITICAL)
    worker.confine()
    worker.parse_once()
    if sys.argv[1:] == ["mended"]:
        mend()
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        out.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        out.flush()


if __name__ == "__main__":
    main()

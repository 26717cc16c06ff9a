"""Asking the validation process: one request, one answer, within a deadline."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Triple

from gsefgraph.errors import EngineError, InputError, QueryTimeout


@dataclass(frozen=True, slots=True)
class Run:
    """One validation: names of texts, as the worker's request describes them."""

    shapes: str
    after: Sequence[str]
    before: Sequence[str] | None = None


BLANK = "urn:gsefgraph:blank:"


def lines(triples: Iterable[Triple], *, named: bool = False) -> str:
    """Triples as N-Triples, each once.

    Parameters:
        named: write blank nodes as IRIs that begin with `BLANK`, so that results can name them.

    >>> from pyoxigraph import NamedNode
    >>> lines([Triple(NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"))] * 2)
    '<a:s> <a:p> <a:o> .\\n'
    """

    def spelled(node: object) -> str:
        return f"<{BLANK}{node.value}>" if named and isinstance(node, BlankNode) else str(node)

    return "".join(
        dict.fromkeys(
            f"{spelled(t.subject)} {t.predicate} {spelled(t.object)} .\n" for t in triples
        )
    )


def validate(
    texts: Mapping[str, str], runs: Sequence[Run], *, timeout: float | None = None
) -> list[list[dict[str, Any]]]:
    """Results of each run, in their order.

    Parameters:
        texts: N-Triples by name.
        runs: what to validate, with which shapes.
        timeout: seconds for all runs together; None is no limit.

    Errors:
        QueryTimeout: past the deadline. EngineError: the process died. InputError: pySHACL refused
        the shapes.
    """
    request = {
        "texts": texts,
        "runs": [{"shapes": r.shapes, "after": r.after, "before": r.before} for r in runs],
    }
    # Isolated from the caller's directory and environment, but with its own import path.
    command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=json.dumps(request).encode(), capture_output=True, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        raise QueryTimeout(
            f"validation took longer than {timeout:g} s", hint="allow more, or check fewer records"
        ) from error
    return _answer(done.returncode, done.stdout, done.stderr)


_START = (
    "import json,sys; sys.path[:]=json.loads(sys.argv[1]); "
    "from gsefgraph.shacl.sparql.worker import main; sys.exit(main())"
)


def _answer(status: int, output: bytes, messages: bytes) -> list[list[dict[str, Any]]]:
    if status != 0 or not output:
        last = messages.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise EngineError(
            f"the validation process died (status {status}) {last[0]}".strip(),
            hint="check fewer records at once",
        )
    answer = json.loads(output)
    if "fault" in answer:
        raise InputError(f"the shapes cannot be used: {answer['fault']}", hint="mend the shapes")
    runs: list[list[dict[str, Any]]] = answer["runs"]
    return runs

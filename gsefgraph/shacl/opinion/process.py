"""Asking the process that runs pySHACL: one request, one answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Triple

from gsefgraph.errors import EngineError, InputError
from gsefgraph.wording import say

_START = (
    "import json,sys; sys.path[:]=json.loads(sys.argv[1]); "
    "from gsefgraph.shacl.opinion.worker import main; sys.exit(main())"
)


def lines(triples: Iterable[Triple]) -> str:
    """Triples as N-Triples, each once.

    >>> from pyoxigraph import NamedNode
    >>> lines([Triple(NamedNode("a:s"), NamedNode("a:p"), NamedNode("a:o"))] * 2)
    '<a:s> <a:p> <a:o> .\\n'
    """
    return "".join(dict.fromkeys(f"{triple} .\n" for triple in triples))


def results(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[dict[str, Any]]:
    """The results that pySHACL gives, as `worker.py` tells them.

    Errors:
        EngineError: the process died. InputError: pySHACL gave up, and why.
    """
    request = {"data": lines(data), "shapes": lines(shapes)}
    # Isolated from the caller's directory and environment, but with its own import path.
    command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        command, input=json.dumps(request).encode(), capture_output=True
    )
    if done.returncode != 0 or not done.stdout:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise EngineError(
            say("select.second-died", status=done.returncode, last=last[0]),
            hint=say("select.second-fewer"),
        )
    answer = json.loads(done.stdout)
    if isinstance(answer, dict):
        raise InputError(say("select.second-gave-up", problem=answer["fault"]))
    return list(answer)

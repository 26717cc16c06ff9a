"""The process that runs pySHACL: a request in, results out.

pySHACL changes rdflib while it loads shapes, can be killed by a shape that never ends, and could
fetch; here it does so alone, without a network. Standard input holds one JSON object, standard
output one. A term in a result is ``["iri", IRI]``, ``["blank", label]`` or ``["literal", form,
datatype, language]``; labels are those of the request.

    request   {"data": N-Triples, "shapes": N-Triples}
    answer    [result, …] or {"fault": text}
    result    {"shape", "component", "severity", "focus", "path", "value"}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdflib import Graph

Result = dict[str, Any]

_MEMORY_LIMIT = 8 * 2**30
_PARTS = {
    "shape": "sourceShape",
    "component": "sourceConstraintComponent",
    "severity": "resultSeverity",
    "focus": "focusNode",
    "path": "resultPath",
    "value": "value",
}


class _SameLabels(dict[str, str]):
    """Every blank node label stands for itself."""

    def get(self, key: str, _default: Any = None) -> Any:
        return key


def answer(request: Mapping[str, str]) -> list[Result] | dict[str, str]:
    """Run a request and answer it.

    >>> answer({"data": "", "shapes": ""})
    []
    """
    import rdflib

    # A lexical form that is rewritten while it is read is another one; pySHACL sets this back.
    rdflib.NORMALIZE_LITERALS = False
    data, shapes = (
        rdflib.Graph(bind_namespaces="none").parse(
            data=request[name], format="nt", bnode_context=_SameLabels()
        )
        for name in ("data", "shapes")
    )
    try:
        return _results(data, shapes)
    except Exception as error:
        return {"fault": " ".join(f"{type(error).__name__}: {error}".split())[:500]}


def _results(data: Graph, shapes: Graph) -> list[Result]:
    import pyshacl
    from rdflib.namespace import SH

    _, report, _ = pyshacl.validate(
        data, shacl_graph=shapes, advanced=False, inplace=True, do_owl_imports=False
    )
    found = [
        {key: _term(report.value(node, SH[name])) for key, name in _PARTS.items()}
        for node in report.objects(None, SH.result)
    ]
    return sorted(found, key=json.dumps)


def parse_once() -> None:
    """Keep parsed queries: pySHACL asks the same one of every focus node, and parsing is slow."""
    from functools import lru_cache

    from rdflib.plugins.sparql import prepareQuery, processor

    original = processor.SPARQLProcessor.query

    @lru_cache(maxsize=512)
    def prepared(text: str, namespaces: tuple[tuple[str, Any], ...], base: str | None) -> Any:
        return prepareQuery(text, initNs=dict(namespaces), base=base)

    def query(
        self: processor.SPARQLProcessor,
        text: Any,
        bindings: Any = None,
        namespaces: Any = None,
        base: str | None = None,
        *options: Any,
    ) -> Any:
        if isinstance(text, str):
            text = prepared(text, tuple((namespaces or {}).items()), base)
        return original(self, text, bindings, namespaces, base, *options)

    processor.SPARQLProcessor.query = query  # type: ignore[assignment,method-assign]


def _term(node: Any) -> list[str | None] | None:
    from rdflib import BNode, Literal

    if isinstance(node, Literal):
        return ["literal", str(node), node.datatype and str(node.datatype), node.language]
    if node is None:
        return None
    return ["blank" if isinstance(node, BNode) else "iri", str(node)]


def confine() -> None:
    """No network, and an end to memory, for the rest of this process."""
    import socket

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError("no network in the validation process")

    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        setattr(socket, name, refuse)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))
    except (ImportError, ValueError, OSError):
        pass  # Not every platform limits a process's memory.


def main() -> int:
    """Answer the request on standard input."""
    confine()
    sys.setrecursionlimit(10_000)
    parse_once()
    sys.stdout.buffer.write(json.dumps(answer(json.load(sys.stdin.buffer))).encode())
    return 0

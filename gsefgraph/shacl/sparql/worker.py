"""The process that runs pySHACL: a request in, results out.

pySHACL changes rdflib while it loads shapes, can be killed by a shape that never ends, and could
fetch; here it does so alone, without a network. Standard input holds one JSON object, standard
output one. A term in a result is ``["iri", IRI]``, ``["blank", label]`` or ``["literal", form,
datatype, language]``.

    request   {"texts": {name: N-Triples}, "runs": [{"shapes": name, "after": [name, …],
               "before": [name, …] or null}]}
    answer    {"runs": [[result, …], …]} or {"fault": text}
    result    {"shape", "component", "severity", "focus", "path", "value", "constraint", "bound"}

A result that the ``before`` texts give as well is not new and is left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdflib import Graph

Result = dict[str, Any]

_MEMORY_LIMIT = 8 * 2**30
_IDENTITY = ("shape", "component", "focus", "path", "value", "constraint")


def serve(request: Mapping[str, Any]) -> dict[str, Any]:
    """Run a request and answer it.

    >>> serve({"texts": {"shapes": "", "data": ""},
    ...        "runs": [{"shapes": "shapes", "after": ["data"], "before": None}]})
    {'runs': [[]]}
    """
    import rdflib

    # A lexical form that is rewritten while it is read could not be found in the file again.
    rdflib.NORMALIZE_LITERALS = False
    _parse_once()
    texts: Mapping[str, str] = request["texts"]
    graphs: dict[str, Graph] = {}

    def graph(names: Sequence[str]) -> Graph:
        for name in names:
            if name not in graphs:
                graphs[name] = rdflib.Graph(bind_namespaces="none").parse(
                    data=texts[name], format="nt"
                )
        if len(names) == 1:
            return graphs[names[0]]
        union = rdflib.Graph(bind_namespaces="none")
        for name in names:
            for triple in graphs[name]:
                union.add(triple)
        return union

    answers: list[list[Result]] = []
    for run in request["runs"]:
        shapes = graph([run["shapes"]])
        results = _validate(graph(run["after"]), shapes)
        if results and run["before"] is not None:
            known = {_identity(result) for result in _validate(graph(run["before"]), shapes)}
            results = [result for result in results if _identity(result) not in known]
        answers.append(results)
    return {"runs": answers}


def _identity(result: Result) -> str:
    return json.dumps([result[key] for key in _IDENTITY])


def _validate(data: Graph, shapes: Graph) -> list[Result]:
    import pyshacl
    from pyshacl.constraints.constraint_component import ConstraintComponent
    from rdflib.namespace import SH
    from rdflib.term import Node

    bound: dict[Node, Any] = {}
    original = ConstraintComponent.make_v_result

    def remembering(self: ConstraintComponent, *args: Any, **options: Any) -> Any:
        made = original(self, *args, **options)
        bound[made[1]] = options.get("bound_vars")
        return made

    ConstraintComponent.make_v_result = remembering  # type: ignore[method-assign]
    try:
        _, report, _ = pyshacl.validate(
            data, shacl_graph=shapes, advanced=False, inplace=True, do_owl_imports=False
        )
    finally:
        ConstraintComponent.make_v_result = original  # type: ignore[method-assign]

    results: list[Result] = []
    for node in report.objects(None, SH.result):
        result: Result = {
            key: _term(report.value(node, SH[name]))
            for key, name in (
                ("shape", "sourceShape"),
                ("component", "sourceConstraintComponent"),
                ("severity", "resultSeverity"),
                ("focus", "focusNode"),
                ("path", "resultPath"),
                ("value", "value"),
                ("constraint", "sourceConstraint"),
            )
        }
        variables = _variables(bound.get(node))
        result["bound"] = {name: _term(term) for name, term in sorted(variables.items())}
        results.append(result)
    return sorted(results, key=json.dumps)


def _parse_once() -> None:
    """Keep parsed queries: pySHACL asks the same one of every focus node, and parsing is slow."""
    from functools import lru_cache

    from rdflib.plugins.sparql import prepareQuery, processor

    original = processor.SPARQLProcessor.query
    if original.__module__ == __name__:
        return

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


def _variables(bound: Any) -> dict[str, Any]:
    """The variables that a SPARQL constraint bound: a mapping, or the last member of a tuple."""
    if isinstance(bound, (tuple, list)):
        bound = next((part for part in bound if isinstance(part, Mapping)), {})
    return {str(name): term for name, term in (bound or {}).items()}


def _confine() -> None:
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
    _confine()
    sys.setrecursionlimit(10_000)
    try:
        answer = serve(json.load(sys.stdin.buffer))
    except Exception as error:
        answer = {"fault": " ".join(f"{type(error).__name__}: {error}".split())[:500]}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Constraints that are queries (SHACL, section 5), or of components of one's own (section 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from gsefgraph.shacl.judge.facts import Check, Facts, Fault
from gsefgraph.shacl.judge.view import Term
from gsefgraph.shacl.shapes.model import Constraint, Shape


def sparql(
    shape: Shape, constraint: Constraint, facts: Facts, nodes: Collection[Term]
) -> Iterator[Fault]:
    """Nodes that a query finds at fault (sections 5.3.1 and 6.3)."""
    from gsefgraph.engine.ask import rows
    from gsefgraph.shacl.sparql.results import Question, known, results

    if not nodes:
        return
    question = Question.of(constraint)
    scratch = facts.view.scratch(question.text, list(nodes))
    if scratch is None:
        return
    values = facts.values[shape.id]
    pairs = [(n, v) for n in nodes for v in values[n]] if question.ask else [(n, n) for n in nodes]
    keyed = {str(number): pair for number, pair in enumerate(pairs)}
    names = question.names
    kept = rows((key, dict(zip(names, pair, strict=False))) for key, pair in keyed.items())
    at = [names.index(name) for name in question.starts]
    made_known = (known(pair[place]) for pair in pairs for place in at)
    with scratch.beside(chain(question.quads, kept, made_known)):
        found = results(shape, constraint, scratch, lambda: keyed, lambda _: keyed)
    for _, result in found:
        path = result.path if result.path != shape.path else None
        yield Fault(result.focus, result.value, result.constraint, path=path, bound=result.bound)


CHECKS: Mapping[str, Check] = {"SPARQL": sparql, "Custom": sparql}

"""The judge of small graphs: a record with what is around it, or a small file, against shapes.

Each shape judges all its nodes at once. First all that can matter is read, in few rounds
(`demand.py`); then shapes are evaluated, inner ones first. Where shapes ask about each other
in a circle, what breaks them is the least that must: no node is bad only because it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from gsefgraph.shacl.judge import nested, queries, sets, values
from gsefgraph.shacl.judge.demand import Demand
from gsefgraph.shacl.judge.evaluate import evaluate
from gsefgraph.shacl.judge.facts import Check, Facts, Fault, Judged
from gsefgraph.shacl.judge.plan import Plan
from gsefgraph.shacl.judge.view import Term, View
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.model import Constraint, Model, Shape, Target

CHECKS: Mapping[str, Check] = {
    **values.CHECKS, **sets.CHECKS, **nested.CHECKS, **queries.CHECKS
}  # fmt: skip


def judge(
    model: Model,
    view: View,
    focus: Mapping[str, Collection[Term]] | None = None,
    *,
    custom: Judged | None = None,
) -> list[Result]:
    """What some nodes break of the shapes of a model (SHACL 2017).

    Parameters:
        model: the shapes.
        view: the graph, with the ontology's classes.
        focus: nodes by the id of the shape that is to judge them; None takes every shape's own
            targets, which a view of a part of a graph cannot know.
        custom: judges nodes by components that the shapes graph declares itself.

    Returns:
        each result once, in the order of shapes, constraints, and focus nodes.

    Errors:
        UsageError: a custom component and nothing that judges it; SyntaxFault, EngineError: a
        query of sh:sparql that is not one, or fails.

    >>> from pyoxigraph import Literal, NamedNode, Triple
    >>> from gsefgraph.sparql.path import Path
    >>> from gsefgraph.shacl.judge.memory import Memory
    >>> shape = Shape("urn:s", path=Path.of("urn:p"), constraints=(Constraint("MaxCount", 1),),
    ...               targets=(Target("subjectsOf", NamedNode("urn:p")),))
    >>> values = [Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal(x)) for x in "xy"]
    >>> [result.count for result in judge(Model({"urn:s": shape}), Memory(values))]
    [2]
    """
    plan = _plan(model)
    roots = targets(model, view) if focus is None else focus
    demand = Demand(plan, view)
    demand.gather(roots)
    facts = Facts(view, demand.values, custom)
    reported = demand.reported(roots)
    found: dict[str, list[Result]] = {}
    for shape, constraint, faults in evaluate(plan, facts, reported, CHECKS):
        nodes = reported.get(shape.id, ())
        found.setdefault(shape.id, []).extend(_results(shape, constraint, faults, nodes))
    return [result for shape in model.shapes for result in found.get(shape, ())]


def targets(model: Model, view: View) -> dict[str, dict[Term, None]]:
    """The focus nodes of all shapes that have targets, by shape id (SHACL, section 2.1.3)."""
    return {
        shape.id: dict.fromkeys(node for target in shape.targets for node in _nodes(target, view))
        for shape in model.roots
    }


def _nodes(target: Target, view: View) -> Iterable[Term]:
    if target.kind == "class":
        return view.instances(target.value)
    if target.kind == "subjectsOf":
        return view.subjects_of(target.value.value)
    if target.kind == "objectsOf":
        return view.objects_of(target.value.value)
    return (target.value,)


def _results(
    shape: Shape, constraint: Constraint, faults: Iterable[Fault], nodes: Collection[Term]
) -> list[Result]:
    """The results of those nodes whose results count, each once."""
    component = constraint.component
    found: dict[tuple[object, ...], Result] = {}
    for fault in faults:
        key = (fault.focus, fault.value, fault.constraint, fault.path)
        if fault.focus in nodes and key not in found:
            found[key] = Result(
                shape=shape.id,
                component=component,
                severity=shape.severity,
                focus=fault.focus,
                path=fault.path or shape.path,
                value=fault.value,
                constraint=fault.constraint,
                bound=fault.bound,
                count=fault.count,
            )
    return list(found.values())


def _plan(model: Model) -> Plan:
    """The plan of a model, kept for the models that were judged by last."""
    for known, plan in tuple(_PLANS):  # another thread may add one
        if known is model:
            return plan
    plan = Plan.of(model)
    _PLANS.append((model, plan))
    return plan


_PLANS: deque[tuple[Model, Plan]] = deque(maxlen=8)

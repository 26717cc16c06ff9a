"""Our findings beside the results of pySHACL on the same data and shapes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.errors import EngineError, InputError
from gsefgraph.shacl.checks import Checks
from gsefgraph.shacl.report.finding import spell
from gsefgraph.shacl.report.report import Report
from gsefgraph.shacl.report.sentences import word
from gsefgraph.shacl.shapes.components import nested
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.sparql.path import Path
from gsefgraph.terms import BLANK_SHAPE, SH, SHAPES, XSD, Names, Term
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


# Shape, component, focus node, path where it is a predicate (else empty), value.
Told: TypeAlias = tuple[str, str, Term, str | None, Term | None]

_SECTIONS = {
    **dict.fromkeys(("MinInclusive", "MinExclusive", "MaxInclusive", "MaxExclusive"), "order"),
    **dict.fromkeys(("LessThan", "LessThanOrEquals"), "lessThan"),
    "MinLength": "minLength",
    "Datatype": "lexical",
    "Custom": "components",
    "SPARQL": "solutions",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A result that one of both has alone.

    Attributes:
        ours: whether it is ours.
        told: the result, by the nearest named shape.
        reason: the record of differences.md that explains it; empty where none does.
    """

    ours: bool
    told: Told
    reason: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What pySHACL says of the same.

    Attributes:
        same: how many results both have.
        differences: what one of them has alone, ours first, sorted.
        fault: why it has no opinion; empty where it has.
    """

    same: int = 0
    differences: Sequence[Difference] = ()
    fault: str = ""

    def to_text(self, names: Names, lang: str) -> str:
        """The differences in lines, and each reason once."""
        if self.fault:
            return word("second-none", lang, why=self.fault) + "\n"
        if not self.differences:
            return word("second-same", lang, count=self.same) + "\n"
        lines = [word("second-differs", lang, count=len(self.differences), same=self.same)]
        reasons: dict[str, None] = {}
        for each in self.differences:
            shape, component, focus, path, value = each.told
            rule = "[]" if shape.startswith(BLANK_SHAPE) else names.compact(shape)
            parts = [rule, _kind(component, names), spell(focus, names)]
            parts += [names.compact(path)] if path else []
            parts += [spell(value, names)] if value is not None else []
            key = "second-ours" if each.ours else "second-theirs"
            reason = each.reason or word("second-unknown", lang)
            lines.append(f"  {word(key, lang)} {' '.join(parts)} [{reason}]")
            reasons[each.reason] = None
        known = records()
        lines += [f"[{reason}] {known[reason]}" for reason in sorted(reasons) if reason]
        return "\n".join(lines) + "\n"


def records() -> dict[str, str]:
    """What differences.md says: the first paragraph of each record, by its name.

    >>> sorted(records())[:4]
    ['components', 'inversePath', 'lessThan', 'lexical']
    """
    text = files("gsefgraph.shacl").joinpath("differences.md").read_text("utf-8")
    found = {}
    for part in text.split("\n## ")[1:]:
        name, _, rest = part.partition("\n")
        found[name] = " ".join(rest.strip().split("\n\n")[0].split())
    return found


def compare(report: Report, checks: Checks, data: Iterable[Triple]) -> Opinion:
    """Compare a report with the results of pySHACL; shapes that hold on each graph are left out.

    Parameters:
        report: with all findings.
        checks: what was checked.
        data: the triples of all graphs.
    """
    try:
        answers = results([*checks.ontology.triples, *data], checks.union.triples)
    except (EngineError, InputError) as error:
        return Opinion(fault=error.message)
    own = {(f.focus, f.value) for f in report.findings if f.component.startswith(SHAPES)}
    # Labels of blank nodes tell nothing: they may be others in another reading of a file.
    ours, theirs = Counter[Told](), Counter[Told]()
    for f in report.findings:
        if f.shape in checks.union_model.shapes:
            path = f.path and f.path.predicate
            ours[_unlabelled((f.shape, f.component, _term(f.focus), path, _term(f.value)))] += (
                f.times
            )
    for told in map(_told, answers):
        if (told[2], told[4]) not in own:
            theirs[_unlabelled(told)] += 1
    counts = [ours, theirs]
    alone = [(True, counts[0] - counts[1]), (False, counts[1] - counts[0])]
    model = checks.union_model
    return Opinion(
        (counts[0] & counts[1]).total(),
        tuple(
            Difference(mine, (checks.union.rule(told[0]), *told[1:]), _reason(model, told))
            for mine, found in alone
            for told in sorted(found.elements(), key=str)
        ),
    )


def _kind(component: str, names: Names) -> str:
    if component.startswith(SH):
        return component.removeprefix(SH).removesuffix("ConstraintComponent")
    return names.compact(component)


def _reason(model: Model, told: Told) -> str:
    shape, component, _, _, value = told
    kind = component.removeprefix(SH).removesuffix("ConstraintComponent")
    if not component.startswith(SH):
        return "components"
    around = (model.shapes.get(each) for each in (shape, *nested(model, [shape])))
    if any(each is not None and _turned(each.path) for each in around):
        return "inversePath"
    if kind == "MinLength" and not isinstance(value or told[2], BlankNode):
        return ""
    if kind in _SECTIONS:
        return _SECTIONS[kind]
    within = nested(model, [shape])
    if shape in within:
        return "recursion"
    asked = [model.shapes[each] for each in within if each in model.shapes]
    kinds = {constraint.kind for each in asked for constraint in each.constraints}
    return next((_SECTIONS[kind] for kind in _SECTIONS if kind in kinds), "")


def _turned(path: Path | None, *, back: bool = False) -> bool:
    """Whether a sequence somewhere in a path is gone through from its end."""
    if path is None:
        return False
    back = back != (path.operator == "^")
    return (back and path.operator == "/") or any(_turned(each, back=back) for each in path.parts)


def _told(answer: Mapping[str, Any]) -> Told:
    path, value = answer["path"], answer["value"]
    focus = _read(answer["focus"])
    return (
        answer["shape"][1],
        answer["component"][1],
        focus,
        None if path is None else path[1] if path[0] == "iri" else "",
        None if value is None else _read(value),
    )


def _read(term: Sequence[str]) -> Term:
    if term[0] == "literal":
        _, form, datatype, language = term
        if language:
            return Literal(form, language=language.lower())
        return Literal(form, datatype=NamedNode(datatype or f"{XSD}string"))
    return NamedNode(term[1]) if term[0] == "iri" else BlankNode(term[1])


def _term(term: Term | None) -> Term | None:
    if isinstance(term, Literal) and term.language:
        return Literal(term.value, language=term.language.lower())
    return term


def _unlabelled(told: tuple[Any, ...]) -> Told:
    one = BlankNode("blank")
    shape, component, focus, path, value = told
    focus, value = (one if isinstance(node, BlankNode) else node for node in (focus, value))
    return shape, component, focus, path, value

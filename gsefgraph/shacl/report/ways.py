"""What a report tells beside findings: the way each constraint took, and what shapes are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Place: TypeAlias = tuple[str, int, int]
Texts: TypeAlias = Mapping[str, str]


class Way(NamedTuple):
    """How a constraint was evaluated.

    Attributes:
        rule: full IRI of the shape.
        component: full IRI of the constraint component.
        way: "sql" (in DuckDB), "memory" (our own evaluator), "engine" (the SPARQL engine), or
            "whole" (over the whole graph, since its reach has no bound).
        why: what kept it from the ordinary way, empty but for "whole".
    """

    rule: str
    component: str
    way: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape is called and says, for those who read a finding of it.

    Attributes:
        name: sh:name or rdfs:label, by language.
        help: sh:description, else sh:message or rdfs:comment, by language.
    """

    name: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)

"""One result of the validator, with its terms read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gsefgraph.shacl.path import Path
from gsefgraph.shacl.report import Term
from gsefgraph.terms import SH


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result (SHACL, section 3.6.2).

    Attributes:
        shape, constraint: IRIs in the shapes graph, a name of ours where the node is blank.
        component, severity: full IRIs.
        focus, path, value: where it is; value None when none is given.
        bound: variables that a SPARQL constraint bound, for the blanks of its message.
    """

    shape: str
    component: str
    severity: str
    focus: Term
    path: Path | None
    value: Term | None
    constraint: str | None
    bound: Mapping[str, Term]

    @property
    def kind(self) -> str:
        """The component's local name without its ending: ``MinCount``."""
        return self.component.removeprefix(SH).removesuffix("ConstraintComponent")


def parameter(kind: str) -> str:
    """The parameter of a constraint component.

    >>> parameter("MinCount")
    'minCount'
    """
    return kind[:1].lower() + kind[1:]

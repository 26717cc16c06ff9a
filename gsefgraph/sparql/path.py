"""Property paths as data (SPARQL 1.1, section 9; SHACL, section 2.3.1), written as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: a predicate, or an operator over smaller paths.

    Attributes:
        operator: "" for a predicate, "/" sequence, "|" alternative, "^" inverse, "*", "+", "?",
            and in queries alone "!" for a negated property set.
        predicate: the IRI of a predicate, else "".
        parts: the paths that the operator joins.

    >>> str(Path("^", parts=(Path("+", parts=(Path.of("a:p"),)),)))
    '^(<a:p>+)'
    """

    operator: str = ""
    predicate: str = ""
    parts: tuple[Path, ...] = ()

    @classmethod
    def of(cls, predicate: str) -> Path:
        """The path that is one predicate."""
        return cls(predicate=predicate)

    def __str__(self) -> str:
        return self.text(lambda iri: f"<{iri}>")

    @property
    def first(self) -> str | None:
        """The predicate that leaves the focus node, None when the path arrives at it instead."""
        if not self.operator:
            return self.predicate
        return None if self.operator == "^" else self.parts[0].first

    @property
    def last(self) -> str:
        """The predicate that reaches the value node."""
        return self.parts[-1].last if self.operator else self.predicate

    def text(self, name: Callable[[str], str]) -> str:
        """The path as SPARQL 1.1 writes it (section 9), IRIs through `name`."""
        if not self.operator:
            return name(self.predicate)
        # An operator on one path binds tighter than those that join, and does not repeat.
        joined = self.operator in ("/", "|")
        inner = [
            f"({part.text(name)})"
            if part.operator in ("/", "|") or (part.operator and not joined)
            else part.text(name)
            for part in self.parts
        ]
        if joined:
            return self.operator.join(inner)
        if self.operator == "!":
            return f"!({'|'.join(part.text(name) for part in self.parts)})"
        return f"^{inner[0]}" if self.operator == "^" else f"{inner[0]}{self.operator}"

    def predicates(self) -> Iterator[str]:
        """The IRIs of all predicates in it, as written.

        >>> list(Path("^", parts=(Path.of("a:p"),)).predicates())
        ['a:p']
        """
        return (part.predicate for part in self.walk() if not part.operator)

    def uses(self, operator: str) -> bool:
        """Whether an operator stands anywhere in it."""
        return any(part.operator == operator for part in self.walk())

    def walk(self) -> Iterator[Path]:
        """The path and all paths in it, from the outside in."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def normal(self, *, inverse: bool = False) -> Path:
        """The same path, or the one that leads back, with inverses on predicates only.

        >>> ab = Path("/", parts=(Path.of("a:a"), Path.of("a:b")))
        >>> str(ab.normal(inverse=True))
        '^<a:b>/^<a:a>'
        """
        if not self.operator:
            return Path("^", parts=(self,)) if inverse else self
        if self.operator == "^":
            return self.parts[0].normal(inverse=not inverse)
        parts = tuple(part.normal(inverse=inverse) for part in self.parts)
        if self.operator == "/" and inverse:
            parts = parts[::-1]
        return Path(self.operator, parts=parts)

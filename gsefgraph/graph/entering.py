"""What reads records in short forms together with a graph.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> make = entering(graph.project, graph.resolver)
>>> make().faults
[]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from pyoxigraph import NamedNode

from gsefgraph.evidence import Texts
from gsefgraph.evidence.quote import stands
from gsefgraph.project import Project
from gsefgraph.records.entry import Entry
from gsefgraph.records.keys import Keys
from gsefgraph.records.naming import Naming
from gsefgraph.records.resolve import Resolver


def entering(
    project: Project,
    resolver: Resolver,
    *,
    decided: Mapping[tuple[str, str], str] | None = None,
    unchecked: bool = False,
    document: NamedNode | None = None,
) -> Callable[[], Entry]:
    """What makes an `Entry` for a file; files of one run share what is new.

    Parameters:
        project: whose words keys are, and whose source texts.
        resolver: over the graph.
        decided: as `Naming` has it.
        unchecked, document: as `Entry` has them.
    """
    naming = Naming(resolver, decided or {})
    texts = _Texts(Texts(resolver.engine, project.source_texts))

    def make() -> Entry:
        return Entry(_keys(project), naming, texts, unchecked=unchecked, document=document)

    return make


class _Texts:
    """The stored texts of a project's sources."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def find(self, document: NamedNode, quote: str) -> list[tuple[int, int, str]] | None:
        text = self._texts.text(document)
        if text is None:
            return None
        return [(start, end, text[start:end]) for start, end in stands(text, quote)]


@cache
def _keys(project: Project) -> Keys:
    return Keys.of(project)

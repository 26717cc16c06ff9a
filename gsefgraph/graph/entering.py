"""What reads records in short forms together with a graph.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> make = entering(graph.project, graph.resolver)
>>> make("a.yaml").faults
[]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from pyoxigraph import NamedNode

from gsefgraph.evidence import Texts
from gsefgraph.evidence.quote import stands
from gsefgraph.project import Project
from gsefgraph.records import decisions
from gsefgraph.records.entry import Entry
from gsefgraph.records.keys import Keys
from gsefgraph.records.naming import Naming
from gsefgraph.records.resolve import Resolver


def entering(
    project: Project,
    resolver: Resolver,
    *,
    unchecked: bool = False,
    document: NamedNode | None = None,
) -> Callable[[str], Entry]:
    """What makes an `Entry` for the file of a name, by the decisions beside that; files of one run
    share what is new.

    Parameters:
        project: whose words keys are, and whose source texts.
        resolver: over the graph.
        unchecked, document: as `Entry` has them.
    """
    naming = Naming(resolver)
    texts = _Texts(Texts(resolver.engine, project.source_texts))

    def make(name: str) -> Entry:
        keys = keys_of(project)
        decided = decisions.of_record(name, keys, resolver.names)
        own = replace(naming, decided=decided)
        return Entry(keys, own, texts, unchecked=unchecked, document=document)

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
def keys_of(project: Project) -> Keys:
    """What keys mean in a project, read once.

    >>> from gsefgraph.project import find
    >>> keys_of(find()) is keys_of(find())
    True
    """
    return Keys.of(project)

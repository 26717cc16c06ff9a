"""What reads records in short forms together with a graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from gsefgraph.project import Project
from gsefgraph.rdf.reading import Reading

if TYPE_CHECKING:
    from gsefgraph.evidence import Texts
    from gsefgraph.graph.graph import Graph
    from gsefgraph.records.entry import Entry
    from gsefgraph.records.keys import Keys


def typing(
    graph: Graph, reading: Reading, document: str | None = None, *, unchecked: bool = False
) -> Reading:
    """A way to read files that reads records in short forms, too.

    Parameters:
        graph: what its names are looked for in.
        document: IRI or name of the source of records that name none.
        unchecked: whether a quote may stand of whose source no text is stored.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> typing(graph, graph.reading).entry("a.yaml").faults
    []
    """
    made: list[Callable[[str], Entry]] = []

    def entry(name: str) -> Entry:
        if not made:  # once for all files, which share what is new
            made.append(_entering(graph, document, unchecked=unchecked))
        return made[0](name)

    return replace(reading, entry=entry)


def _entering(graph: Graph, document: str | None, *, unchecked: bool) -> Callable[[str], Entry]:
    # Most files are RDF: what reads the others loads with the first of them.
    from gsefgraph.evidence import Texts
    from gsefgraph.records import decisions
    from gsefgraph.records.entry import Entry
    from gsefgraph.records.naming import Naming

    naming = Naming(graph.resolver)
    texts = _Texts(Texts(graph.engine, graph.project.source_texts))
    source = graph.resolver.resolve(document) if document else None
    keys = keys_of(graph.project)

    def make(name: str) -> Entry:
        own = replace(naming, decided=decisions.of_record(name, keys, graph.names))
        return Entry(keys, own, texts, unchecked=unchecked, document=source)

    return make


class _Texts:
    """The stored texts of a project's sources."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def find(self, document: NamedNode, quote: str) -> list[tuple[int, int, str]] | None:
        from gsefgraph.evidence.quote import stands

        text = self._texts.text(document)
        if text is None:
            return None
        if len(quote.split()) > 2 * len(text.split()) + 10:  # signs may stand apart
            return []
        return [(start, end, text[start:end]) for start, end in stands(text, quote)]

    def digest(self, document: NamedNode) -> str | None:
        self._texts.read(document)
        return self._texts.actual.get(document)


@cache
def keys_of(project: Project) -> Keys:
    """What keys mean in a project, read once.

    >>> from gsefgraph.project import find
    >>> keys_of(find()) is keys_of(find())
    True
    """
    from gsefgraph.records.keys import Keys

    return Keys.of(project)

"""gsefgraph: the international work of social and solidarity economy networks, as a graph.

>>> import gsefgraph
>>> g = gsefgraph.open()
>>> answer = g.query("observers")
>>> answer.columns[:2], [(row.observer.label, row.body.value) for row in answer]
(('observer', 'body'), [('Global Social Economy Forum', 'https://w3id.org/gsefgraph/id/org/untfsse')])
>>> g.close()
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsefgraph.errors import GsefgraphError

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph

__version__: str

__all__ = ["Graph", "GsefgraphError", "__version__", "open"]


def open(  # noqa: A001 - gsefgraph.open() reads as it is meant
    store: str = "memory:",
    *,
    project: str | Path | None = None,
    data: Sequence[str | Path] = (),
    lang: str = "en",
) -> Graph:
    """Open a graph; see `Graph.open` for parameters and errors.

    >>> import gsefgraph
    >>> with gsefgraph.open(lang="fr") as g:
    ...     g.query("is-member", agent="GSEF", organisation="UNTFSSE").boolean
    False
    """
    from gsefgraph.graph.graph import Graph

    return Graph.open(store, project=project, data=data, lang=lang)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for, so that `import gsefgraph` costs nothing."""
    if name == "Graph":
        from gsefgraph.graph.graph import Graph

        return Graph
    if name == "__version__":
        from gsefgraph.terms import VERSION

        return VERSION
    raise AttributeError(f"module 'gsefgraph' has no attribute {name!r}")

"""gsefgraph: the international work of social and solidarity economy networks, as a graph.

>>> import gsefgraph
>>> gsefgraph.__version__
'0.1.0'
"""

from __future__ import annotations

from gsefgraph import terms

__version__ = terms.VERSION

__all__ = ["__version__"]

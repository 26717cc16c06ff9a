"""SPARQL constraints (SHACL, section 5), all focus nodes at once.

`relation.py` chooses the way: translated to SQL (`patterns.py`, `expressions.py`), or once in the
SPARQL engine with the focus nodes joined in (`once.py`). `custom.py` asks pySHACL: about components
that a shapes graph declares itself, and queries that must be asked of one node at a time.
"""

from __future__ import annotations

from gsefgraph.shacl.query.relation import Relation, prepare, relation

__all__ = ["Relation", "prepare", "relation"]

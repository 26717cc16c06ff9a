# ruff: noqa: S608 - what is put into SQL here is our own, values are parameters
"""The quads of a large graph that our own checks may have something to say of.

`own.py` looks at each quad in Python, which a million of them cannot afford. So the columns are
asked first for the few terms that could be at fault; only quads that mention one are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from gsefgraph.columns.layout import PLACES
from gsefgraph.shacl.own import BIDI, SDG, Known
from gsefgraph.terms import GSEF, RDF

if TYPE_CHECKING:
    from gsefgraph.columns import Columns
    from gsefgraph.shacl.checks import Checks

_TYPE = NamedNode(f"{RDF}type")


def described(columns: Columns, checks: Checks) -> frozenset[str]:
    """IRIs of roles, kinds and goals that the data give a type."""
    ids = columns.ids([_TYPE])
    if not ids:
        return frozenset()
    found = columns.rows(
        "SELECT DISTINCT lex FROM term JOIN triple ON triple.s = term.id WHERE triple.p = ?"
        f" AND term.id >> {PLACES} = 0 AND len(list_filter(?, lambda x: starts_with(lex, x))) > 0",
        [ids[_TYPE], _spaces(checks)],
    )
    return frozenset(row[0] for row in found)


def quads(columns: Columns, known: Known, checks: Checks) -> list[Quad]:
    """Quads that may have a finding of `check_quads`, sorted; no other quad has one.

    Parameters:
        columns: the graph, with the ontology in its graph, of which nothing is said.
        known: what may be mentioned.
        checks: prefixes.
    """
    columns.execute(
        "CREATE OR REPLACE TEMP TABLE suspect AS SELECT id FROM term WHERE "
        f"(id >> {PLACES} = 0 AND len(list_filter(?, lambda x: starts_with(lex, x))) > 0"
        f" AND lex NOT IN (SELECT unnest(?::VARCHAR[]))) OR id >> {PLACES} = 1"
        f" OR (id >> {PLACES} > 1 AND strlen(lex) > length(lex)"
        "  AND (nfc_normalize(lex) != lex OR regexp_matches(lex, ?)))"
        " OR contains(coalesce(lang, ''), '--') UNION SELECT id FROM ill",
        [_spaces(checks), sorted(known.ontology | known.others), BIDI.pattern],
    )
    graph = columns.ids([NamedNode(checks.names.graph("ontology"))])
    rows = columns.rows(
        "SELECT DISTINCT s, p, o FROM quad WHERE g IS DISTINCT FROM ? AND (s IN (FROM suspect)"
        " OR p IN (FROM suspect) OR o IN (FROM suspect))",
        [next(iter(graph.values()), -1)],
    )
    terms = columns.terms({number for row in rows for number in row})
    found = [Quad(terms[s], terms[p], terms[o], DefaultGraph()) for s, p, o in rows]  # type: ignore[arg-type]
    return sorted(found, key=str)


def _spaces(checks: Checks) -> list[str]:
    return [GSEF, SDG, *(checks.names.prefixes[name] for name in ("id-role", "id-kind"))]

"""Refusing owl:imports of what does not come with the package: it would have to be fetched."""

from __future__ import annotations

from collections.abc import Mapping

from gsefgraph.columns import places
from gsefgraph.columns.database import Database
from gsefgraph.columns.layout import PLACES
from gsefgraph.columns.sources import Source
from gsefgraph.errors import RefusedAccess
from gsefgraph.terms import ONTOLOGY, OWL
from gsefgraph.wording import say


def refuse(database: Database, sources: Mapping[int, Source]) -> None:
    """Refuse files that import something else than the ontology; given quads may.

    Errors:
        RefusedAccess: with the file, and for lines of N-Quads the place.

    >>> with Database() as database:
    ...     database.open()
    ...     database.execute("CREATE TABLE term (id BIGINT, lex VARCHAR)")
    ...     database.execute("CREATE TABLE quad (s BIGINT, p BIGINT, o BIGINT, file INT, line INT)")
    ...     refuse(database, {})  # there is nothing to refuse
    """
    # Numbers first: a look at the text of every term is for those that are asked about.
    found = database.rows(
        f"""
        SELECT q.file, q.s, q.p, q.o, i.lex, i.id >> {PLACES}
        FROM quad AS q JOIN term AS i ON i.id = q.o
        WHERE q.p IN (SELECT id FROM term WHERE lex = ? AND id >> {PLACES} = 0) AND q.file > 0
          AND NOT (i.id >> {PLACES} = 0 AND (i.lex = ? OR starts_with(i.lex, ?)))
        ORDER BY q.file, q.line LIMIT 1""",  # noqa: S608 - what is put in is our own
        [f"{OWL}imports", ONTOLOGY, f"{ONTOLOGY}/"],
    )
    for file, s, p, o, text, code in found:
        place = places.find(database, sources, [(s, p, o)])[0]
        shown = f"<{text}>" if code == 0 else f'"{text}"' if code > 1 else f"_:{text}"
        raise RefusedAccess(
            say("rdf.imports", ontology=shown),
            file=sources[file].name,
            line=place[1] if place else None,
            column=place[2] if place else None,
            hint=say("rdf.give-imported"),
        )

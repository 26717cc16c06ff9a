"""Quads as a record in YAML that a person edits: JSON-LD, a document for each named graph."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from gsefgraph.rdf import contexts, jsonld
from gsefgraph.records.typed import prefixes
from gsefgraph.terms import Names
from gsefgraph.wording import visible

_VALUE: Final = re.compile(r"(?m)^(?P<line> *(?:- )?(?:[\w-]+: )?(?P<iri>[a-z-]+:[^\s'\":]+))$")


def yaml(
    quads: Iterable[Quad], names: Names, context: Path, label: Callable[[str], str], head: str = ""
) -> str:
    """A record that states some quads; read again (`typed.py`) it gives the same.

    Parameters:
        quads: each in a named graph.
        names: prefixes.
        context: the file of the JSON-LD context that gives the keys.
        label: what a thing is called, by its IRI; empty for what needs no name beside it.
        head: comment lines at its beginning.

    >>> from pyoxigraph import NamedNode
    >>> from gsefgraph.project import find
    >>> project, place = find(), "https://w3id.org/gsefgraph/id/place/"
    >>> a, b = NamedNode(f"{place}seoul"), NamedNode(f"{place}korea")
    >>> within, held = NamedNode("https://w3id.org/gsefgraph/ontology#within"), project.names.graph
    >>> quad = Quad(a, within, b, NamedNode(held("entities")))
    >>> print(yaml([quad], project.names, project.context, lambda iri: "Korea"))
    ---
    id: graph:entities
    '@graph':
      - id: id-place:seoul
        within: id-place:korea  # Korea
    <BLANKLINE>
    """
    from ruamel.yaml import YAML

    writer = YAML()
    writer.explicit_start = True
    writer.width = 100_000
    writer.indent(mapping=2, sequence=4, offset=2)
    known = prefixes(names)
    terms = contexts.read(context) | known
    whole = json.loads(jsonld.write(quads, names.also(known), terms))
    graphs = whole.get("@graph", [{key: v for key, v in whole.items() if key != "@context"}])
    text = io.StringIO()
    writer.dump_all([graph for graph in graphs if graph], text)

    def named(match: re.Match[str]) -> str:
        if match["line"].lstrip(" -").startswith("id: "):
            return match["line"]
        name = label(names.expand(match["iri"]))
        return f"{match['line']}  # {visible(name)}" if name else match["line"]

    return head + _VALUE.sub(named, text.getvalue())

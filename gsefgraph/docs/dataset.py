"""Writes ``data/dataset.nt``: what the shipped data hold, for catalogues, in DCAT 3 and VoID.

Run ``python -m gsefgraph.docs.dataset`` after data have changed. No graph of the project has it:
its counts are of what the files state.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from gsefgraph.graph.graph import Graph
from gsefgraph.project import shipped
from gsefgraph.terms import FOREIGN, GSEF, PROV, RDF

_TYPE, _SOURCE = NamedNode(f"{RDF}type"), NamedNode(f"{PROV}hadPrimarySource")
_USED = ("gsef", "skos", "dcterms", "schema", "prov", "geo")
_PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""
_DATASET = """\
<{base}dataset> a dcat:Dataset , void:Dataset ;
  dcterms:title "GSEF graph"@en , "Grafo GSEF"@es , "Graphe GSEF"@fr ;
  dcterms:description
    "Who spoke, organised and was invited where in the international advocacy of the Global \
Social Economy Forum, which documents were adopted and which goals they serve, each fact \
with the passage it rests on."@en ,
    "Quién intervino, organizó y fue invitado, y dónde, en la incidencia internacional del \
Global Social Economy Forum, qué documentos se adoptaron y a qué objetivos sirven, cada \
hecho con el pasaje en que se apoya."@es ,
    "Qui a pris la parole, organisé, été invité, et où, dans le plaidoyer international du \
Global Social Economy Forum, quels documents ont été adoptés et quels objectifs ils \
servent, chaque fait avec le passage sur lequel il repose."@fr ;
  dcterms:creator id-org:gsefgraph-curators ; dcterms:publisher id-org:gsefgraph-curators ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:language "en" , "es" , "fr" ;
  dcterms:conformsTo <{base}ontology> ;
  dcat:theme id-topic:social-and-solidarity-economy , id-topic:sustainable-development-goals ;
  void:uriSpace "{base}" ; void:exampleResource id-org:gsef ;
  void:vocabulary {vocabularies} .
"""


def render() -> str:
    """The page: the data set, its named graphs with their triples, its classes with their things.

    >>> "void#triples" in render()
    True
    """
    with Graph.open() as graph:
        names, engine = graph.names, graph.engine
        graphs = sorted({source.graph for source in graph.project.data_sources()})
        quads = {name: list(engine.dump(NamedNode(name))) for name in graphs}
        sources = {
            name: [quad.object for quad in engine.lookup([(NamedNode(name), _SOURCE, None)])]
            for name in graphs
        }
    kinds = Counter(
        quad.object.value
        for quad in chain(*quads.values())
        if quad.predicate == _TYPE
        and isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(GSEF)
    )
    lines = [f"<{names.base}dataset> void:triples {sum(map(len, quads.values()))} ."]
    for name in graphs:
        said = "".join(f" ; dcterms:source {document}" for document in sources[name])
        lines.append(f"<{names.base}dataset> void:subset <{name}> .")
        lines.append(f"<{name}> a void:Dataset ; void:triples {len(quads[name])}{said} .")
    for kind, count in kinds.items():
        part = f"<{names.base}dataset/{kind.removeprefix(GSEF)}>"
        lines.append(f"<{names.base}dataset> void:classPartition {part} .")
        lines.append(f"{part} void:class <{kind}> ; void:entities {count} .")
    used = " , ".join(f"<{FOREIGN[prefix]}>" for prefix in _USED)
    text = _DATASET.format(base=names.base, vocabularies=used)
    turtle = "\n".join([_PREFIXES, names.directives(), text, *lines])
    return "".join(sorted(f"{quad.triple} .\n" for quad in parse(turtle, RdfFormat.TURTLE)))


def main() -> None:
    """Write the page."""
    page: Path = shipped().data / "dataset.nt"
    page.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()

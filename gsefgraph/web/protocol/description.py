"""What the server has, for programs: SPARQL 1.1 Service Description, and VoID with DCAT."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from gsefgraph.errors import EngineError
from gsefgraph.rdf.export import export
from gsefgraph.terms import FOREIGN, RDF, VERSION, Term
from gsefgraph.web import accepting
from gsefgraph.web.addresses import DATA
from gsefgraph.web.pages import error
from gsefgraph.web.pages.data import NAMES
from gsefgraph.web.protocol.refused import Refused
from gsefgraph.web.shown import Asked, File, integer

_PREFIXES: Final = f"""
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <{FOREIGN["dcterms"]}>
PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX rdf: <{RDF}>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
_SERVICE: Final = """
[] a sd:Service ; sd:endpoint <{endpoint}> ;
  sd:supportedLanguage {languages} ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat format:SPARQL_Results_JSON , format:SPARQL_Results_XML ,
    format:SPARQL_Results_CSV , format:SPARQL_Results_TSV , format:Turtle , format:N-Triples ,
    format:JSON-LD , format:RDF_XML ;
  sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ; void:triples {all} ]{named} ] .
"""
_NAMED: Final = """ ;
  sd:namedGraph [ a sd:NamedGraph ; sd:name {name} ; sd:graph [ a sd:Graph ; void:triples {count} ] ]"""  # noqa: E501
_DATASET: Final = """
<{dataset}> a dcat:Dataset , void:Dataset ; void:triples {all} ; void:properties {properties} ;
  void:sparqlEndpoint <{endpoint}> ; void:dataDump {dumps} ; void:uriSpace "{base}" ;
  dcat:distribution {distributions} .
<{endpoint}> a dcat:DataService ; dcat:endpointURL <{endpoint}> ;
  dcat:servesDataset <{dataset}> ;
  dcterms:conformsTo <https://www.w3.org/TR/sparql11-protocol/> .
"""
_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
_ALL: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_CLASSES: Final = (
    "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c ORDER BY ?c"
)
_PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"


def service(asked: Asked) -> File:
    """The description of the endpoint (SPARQL 1.1 Service Description, section 3).

    Errors:
        Refused: no format of RDF is accepted. QueryTimeout: the graph is too large to be counted.
    """
    named = "".join(
        _NAMED.format(name=name, count=count) for name, count in _counts(asked, _GRAPHS)
    )
    writes = asked.served is not None and asked.served.allows("") is not None
    languages = "sd:SPARQL11Query" + " , sd:SPARQL11Update" * writes
    text = _SERVICE.format(
        endpoint=asked.endpoint, languages=languages, all=_number(asked), named=named
    )
    return written(asked, _triples(text))


def void(asked: Asked) -> File:
    """The graph as a data set (VoID, and DCAT 3): how much of what is in it, and where it is had.

    What the project itself says of its data is in it, too.

    Errors:
        Refused: no format of RDF is accepted.
    """
    dataset = f"{asked.graph.names.base}dataset"
    properties = list(_counts(asked, _PROPERTIES))
    files = {suffix: f"{asked.address}/data.{suffix}" for suffix in DATA}
    text = _DATASET.format(
        dataset=dataset,
        endpoint=asked.endpoint,
        base=asked.graph.names.base,
        all=_number(asked),
        properties=len(properties),
        dumps=" , ".join(f"<{file}>" for file in files.values()),
        distributions=" , ".join(
            f"[ a dcat:Distribution ; dcat:downloadURL <{file}> ; dcat:mediaType "
            f"<https://www.iana.org/assignments/media-types/{DATA[suffix]}> ]"
            for suffix, file in files.items()
        ),
    )
    for word, kind, counted, counts in (
        ("class", "class", "entities", _counts(asked, _CLASSES)),
        ("property", "property", "triples", properties),
    ):
        text += "".join(
            f"<{dataset}> void:{word}Partition [ void:{kind} {term} ; void:{counted} {count} ] .\n"
            for term, count in counts
        )
    return written(asked, chain(_triples(text), _said(asked)))


void.negotiates = void.addressed = True  # type: ignore[attr-defined]


def health(asked: Asked) -> File:
    """That the server answers, and of what: for those who watch it."""
    told: dict[str, object] = {"status": "ok", "version": VERSION}
    status = 200
    try:
        told |= {"quads": asked.within(asked.graph.engine.count), "digest": asked.graph.digest}
    except EngineError as problem:
        status = 503
        told |= {"status": "failed", "detail": error.text(asked, problem)}
    told["generation"] = asked.generation
    body = f"{json.dumps(told, ensure_ascii=False)}\n".encode()
    return File(body, "application/json", status=status, kept=status == 200)


def _said(asked: Asked) -> Iterable[Quad]:
    """What the project says of its data, but for counts: those are of what its files state."""
    file = asked.graph.project.data / "dataset.nt"
    counts = ("void#triples", "void#entities", "Partition", "void#class", "void#subset")
    if not file.is_file():
        return
    for quad in parse(file.read_bytes(), RdfFormat.N_TRIPLES):
        if not quad.predicate.value.endswith(counts):
            yield quad


def _counts(asked: Asked, text: str) -> Iterator[tuple[Term, int]]:
    for term, count in asked.known(text):
        if term is not None:
            yield term, integer(count)


def _number(asked: Asked) -> int:
    return sum(integer(number) for (number,) in asked.known(_ALL))


def _triples(text: str) -> Iterable[Quad]:
    return parse(_PREFIXES + text, RdfFormat.TURTLE)


def written(asked: Asked, quads: Iterable[Quad]) -> File:
    """Triples in the format of RDF that the client asks for.

    Errors:
        Refused: it accepts none.
    """
    suffix = accepting.best(asked.accept, DATA)
    if not suffix:
        raise Refused.format("", DATA.values())
    return File(export(quads, NAMES[suffix], asked.graph.names), DATA[suffix])

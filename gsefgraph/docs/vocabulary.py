"""What the ontology's files say, asked in the words that a page needs; answers sorted by name.

The four Turtle files make one graph. Rules, shapes, examples and stored questions are read from
the folders beside them; a folder that is absent has nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gsefgraph.terms import GSEF, OWL, RDF, RDFS, SH, Names

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMA = "https://schema.org/"
SDGO = "http://metadata.un.org/sdg/ontology#"
FILES = ("gsef.ttl", "alignments.ttl", "concepts.ttl", "sdg.ttl")
PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_NAME = re.compile(r"\b[a-z]+:[A-Za-z]+")
_HEAD = re.compile(r"CONSTRUCT\s*\{([^}]*)\}")


def uri(namespace: str, local: str) -> URIRef:
    """The term ``local`` of ``namespace``, for rdflib.

    >>> str(uri(GSEF, "Event"))
    'https://w3id.org/gsefgraph/ontology#Event'
    """
    from rdflib import URIRef

    return URIRef(namespace + local)


def _parse(path: Path) -> Graph:
    from rdflib import Graph

    # The text, not the path: rdflib would otherwise guess what a name means.
    return Graph().parse(data=path.read_text("utf-8"), format="turtle")


class Vocabulary:
    """The ontology's four files as one graph.

    Parameters:
        folder: the folder that holds `FILES`.

    Errors:
        FileNotFoundError: one of them is missing.

    >>> words = Vocabulary(CHECKOUT / "ontology")
    >>> [words.short(domain) for domain in words.domains(uri(GSEF, "agent"))]
    ['gsef:Membership', 'gsef:Participation']
    """

    def __init__(self, folder: Path) -> None:
        from rdflib import Graph

        self._names = Names()
        self.folder = folder
        self.graph: Graph = Graph()
        for name in FILES:
            self.graph += _parse(folder / name)

    def short(self, node: Node) -> str:
        """The node as ``prefix:local``."""
        return self._names.compact(str(node))

    def of_type(self, *types: URIRef) -> list[Node]:
        """Every node of one of these types."""
        found = {s for kind in types for s in self.graph.subjects(uri(RDF, "type"), kind)}
        return sorted(found, key=self.short)

    def classes(self) -> list[Node]:
        """The classes that the ontology itself describes: gsef: and the UN's two."""
        return [x for x in self.of_type(uri(OWL, "Class")) if str(x).startswith((GSEF, SDGO))]

    def properties(self) -> list[Node]:
        """The properties that the ontology itself describes."""
        found = self.of_type(*(uri(OWL, kind) for kind in PROPERTIES))
        return [x for x in found if str(x).startswith(GSEF)]

    def values(self, node: Node, *properties: URIRef) -> list[Node]:
        """The objects of the node for any of these properties, each once."""
        found = {o for p in properties for o in self.graph.objects(node, p)}
        return sorted(found, key=self.short)

    def text(self, node: Node, prop: URIRef, language: str) -> str:
        """The node's text in one language, or nothing."""
        for value in sorted(self.graph.objects(node, prop), key=str):
            if getattr(value, "language", None) == language:
                return str(value)
        return ""

    def domains(self, prop: Node) -> list[Node]:
        """The classes that a property is said of, stated or only hinted."""
        return self.values(prop, uri(RDFS, "domain"), uri(SCHEMA, "domainIncludes"))

    def ranges(self, prop: Node) -> list[Node]:
        """The classes and datatypes of a property's values, stated or only hinted."""
        return self.values(prop, uri(RDFS, "range"), uri(SCHEMA, "rangeIncludes"))


def rules(folder: Path) -> list[tuple[str, str, str]]:
    """The rules of a folder: name, what it derives, why OWL cannot, from each file's head comment.

    Parameters:
        folder: a folder of ``<name>.rq`` files.

    Returns the three texts for each file, by name; a part that a head leaves out is empty.

    >>> [name for name, derives, why in rules(CHECKOUT / "ontology" / "rules") if not derives]
    []
    """
    found = []
    for path in sorted(folder.glob("*.rq")):
        head: list[str] = []
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                break
            head.append(line.lstrip("# "))
        derives, _, why = " ".join(head).partition("Why not OWL:")
        derives = derives.partition("Dérive :")[0].partition("In words:")[0]
        found.append((path.stem, derives.removeprefix("Derives:").strip(), why.strip()))
    return found


def derived(words: Vocabulary) -> dict[str, list[str]]:
    """The properties that nobody types, compact, each with the rules that make it.

    They are those in the head of a rule's CONSTRUCT, and inverses (which no rule makes).

    >>> made = derived(Vocabulary(CHECKOUT / "ontology"))
    >>> made["gsef:participatedIn"], made["gsef:hasPart"]
    (['participated-in'], [])
    """
    made: dict[str, list[str]] = {}
    for path in sorted((words.folder / "rules").glob("*.rq")):
        head = _HEAD.search(path.read_text("utf-8"))
        for name in sorted(set(_NAME.findall(head[1]))) if head else ():
            made.setdefault(name, []).append(path.stem)
    for prop in words.properties():
        if words.values(prop, uri(OWL, "inverseOf")):
            made.setdefault(words.short(prop), [])
    return made


def shapes(words: Vocabulary) -> dict[str, list[str]]:
    """For each class, compact, the shapes that target it: by class, or by a property of it.

    >>> shapes(Vocabulary(CHECKOUT / "ontology")).get("gsef:Nothing", [])
    []
    """

    def pairs(graph: Graph) -> Iterator[tuple[Node, Node]]:
        yield from graph.subject_objects(uri(SH, "targetClass"))
        for shape, prop in graph.subject_objects(uri(SH, "targetSubjectsOf")):
            yield from ((shape, target) for target in words.domains(prop))
        for shape, prop in graph.subject_objects(uri(SH, "targetObjectsOf")):
            yield from ((shape, target) for target in words.ranges(prop))

    found: dict[str, set[str]] = {}
    for path in sorted((words.folder / "shapes").glob("*.ttl")):
        for shape, target in pairs(_parse(path)):
            found.setdefault(words.short(target), set()).add(words.short(shape))
    return {name: sorted(names) for name, names in found.items()}


def examples(words: Vocabulary) -> dict[str, list[str]]:
    """For each class, compact, the file names of the passing examples that hold one of it.

    >>> examples(Vocabulary(CHECKOUT / "ontology")).get("gsef:Nothing", [])
    []
    """
    found: dict[str, set[str]] = {}
    for path in sorted((words.folder / "examples").glob("*.ttl")):
        for kind in _parse(path).objects(None, uri(RDF, "type")):
            found.setdefault(words.short(kind), set()).add(path.name)
    return {name: sorted(names) for name, names in found.items()}


def questions(words: Vocabulary, queries: Path, most: int = 3) -> dict[str, list[str]]:
    """For each class, compact, the stored questions that name it or a property of it alone.

    Parameters:
        queries: the folder of ``<family>/<name>.rq``; may be absent.
        most: how many names to give for one class, those that speak of it most.

    >>> questions(Vocabulary(CHECKOUT / "ontology"), Path("nowhere"))
    {}
    """
    own = {words.short(term): {words.short(term)} for term in words.classes()}
    for prop in words.properties():
        for domain in words.values(prop, uri(RDFS, "domain")):
            own.setdefault(words.short(domain), set()).add(words.short(prop))
    scores: dict[str, list[tuple[int, str]]] = {}
    for path in sorted(queries.glob("*/*.rq")):
        said = _NAME.findall(path.read_text("utf-8"))
        for name, mine in own.items():
            # To name the class itself outweighs passing by over its properties.
            score = sum(len(own) if word == name else 1 for word in said if word in mine)
            if score:
                scores.setdefault(name, []).append((-score, path.stem))
    return {name: [stem for _, stem in sorted(found)[:most]] for name, found in scores.items()}

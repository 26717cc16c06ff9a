"""What the ontology's files say, asked in the words that a page needs; answers sorted by name.

The four Turtle files make one graph. Rules, shapes, examples and stored questions are read from
the folders beside them; a folder that is absent has nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from gsefgraph.graph.vocabulary import Vocabulary
from gsefgraph.terms import OWL, RDF, RDFS, SH, Names

CHECKOUT = Path(__file__).resolve().parents[2]
FILES = ("gsef.ttl", "alignments.ttl", "concepts.ttl", "sdg.ttl")
_NAME = re.compile(r"\b[a-z]+:[A-Za-z]+")
_HEAD = re.compile(r"CONSTRUCT\s*\{([^}]*)\}")


def read(folder: Path) -> Vocabulary:
    """The ontology's four files.

    Parameters:
        folder: the folder that holds `FILES`.

    Errors:
        FileNotFoundError: one of them is missing.

    >>> words = read(CHECKOUT / "ontology")
    >>> [words.compact(domain) for domain in words.domains(words.names.expand("gsef:agent"))]
    ['gsef:Membership', 'gsef:Participation']
    """
    return Vocabulary((quad for name in FILES for quad in _parse(folder / name)), Names())


def _parse(path: Path) -> Iterator[Quad]:
    return parse(path.read_bytes(), RdfFormat.TURTLE)


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


def derived(words: Vocabulary, folder: Path) -> dict[str, list[str]]:
    """The properties that nobody types, compact, each with the rules that make it.

    They are those in the head of a rule's CONSTRUCT, and inverses (which no rule makes).

    >>> made = derived(read(CHECKOUT / "ontology"), CHECKOUT / "ontology")
    >>> made["gsef:participatedIn"], made["gsef:hasPart"]
    (['participated-in'], [])
    """
    made: dict[str, list[str]] = {}
    for path in sorted((folder / "rules").glob("*.rq")):
        head = _HEAD.search(path.read_text("utf-8"))
        for name in sorted(set(_NAME.findall(head[1]))) if head else ():
            made.setdefault(name, []).append(path.stem)
    for prop in sorted(words.properties):
        if words.values(prop, f"{OWL}inverseOf"):
            made.setdefault(words.compact(prop), [])
    return made


def shapes(words: Vocabulary, folder: Path) -> dict[str, list[str]]:
    """For each class, compact, the shapes that target it: by class, or by a property of it.

    >>> shapes(read(CHECKOUT / "ontology"), CHECKOUT / "ontology").get("gsef:Nothing", [])
    []
    """
    targets = {
        f"{SH}targetClass": lambda term: [term],
        f"{SH}targetSubjectsOf": words.domains,
        f"{SH}targetObjectsOf": words.ranges,
    }
    found: dict[str, set[str]] = {}
    for path in sorted((folder / "shapes").glob("*.ttl")):
        for quad in _parse(path):
            if quad.predicate.value in targets and isinstance(quad.subject, NamedNode):
                for target in targets[quad.predicate.value](getattr(quad.object, "value", "")):
                    shape = words.compact(quad.subject.value)
                    found.setdefault(words.compact(target), set()).add(shape)
    return {name: sorted(names) for name, names in found.items()}


def examples(words: Vocabulary, folder: Path) -> dict[str, list[str]]:
    """For each class, compact, the file names of the passing examples that hold one of it.

    >>> examples(read(CHECKOUT / "ontology"), CHECKOUT / "ontology").get("gsef:Nothing", [])
    []
    """
    found: dict[str, set[str]] = {}
    for path in sorted((folder / "examples").glob("*.ttl")):
        for quad in _parse(path):
            if quad.predicate.value == f"{RDF}type" and isinstance(quad.object, NamedNode):
                found.setdefault(words.compact(quad.object.value), set()).add(path.name)
    return {name: sorted(names) for name, names in found.items()}


def questions(words: Vocabulary, queries: Path, most: int = 3) -> dict[str, list[str]]:
    """For each class, compact, the stored questions that name it or a property of it alone.

    Parameters:
        queries: the folder of ``<family>/<name>.rq``; may be absent.
        most: how many names to give for one class, those that speak of it most.

    >>> questions(read(CHECKOUT / "ontology"), Path("nowhere"))
    {}
    """
    own = {words.compact(term): {words.compact(term)} for term in words.classes}
    for prop in words.properties:
        for domain in words.values(prop, f"{RDFS}domain"):
            own.setdefault(words.compact(domain), set()).add(words.compact(prop))
    scores: dict[str, list[tuple[int, str]]] = {}
    for path in sorted(queries.glob("*/*.rq")):
        said = _NAME.findall(path.read_text("utf-8"))
        for name, mine in own.items():
            # To name the class itself outweighs passing by over its properties.
            score = sum(len(own) if word == name else 1 for word in said if word in mine)
            if score:
                scores.setdefault(name, []).append((-score, path.stem))
    return {name: [stem for _, stem in sorted(found)[:most]] for name, found in scores.items()}

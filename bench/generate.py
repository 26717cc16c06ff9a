"""Graphs in the shape of this project's model, of any size, with known faults in them.

    python -m bench.generate TRIPLES FILE [--triples]

writes a file of N-Quads (N-Triples with ``--triples``) of exactly so many lines, and prints how
many faults of each kind it holds. Nothing is drawn by lot: the same number gives the same bytes.

A graph is made of blocks. Block `k` is one document with its named graph: three events, the second
and third parts of the first, each with two participations and a passage as evidence; a membership;
and, in the graph of entities, a person, an organisation and a place. Every sixth block has one
fault, so that about 1 % of the records do; the kinds take turns. What is left to the number asked
for is filled with other names of the first person.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gsefgraph.terms import RDF, Names

EVERY = 6  # one block in so many has a fault
_NAMES = Names()
_PREFIXES = _NAMES.prefixes

Statement = tuple[str, str, str]

# What there is once: classes above others, roles, kinds.
_ROLES = ("speaker", "moderator", "organiser", "partner", "member")
_KINDS = ("conference", "session", "city", "network", "report")
_SCHEMES = ("roles", "kinds")
PREAMBLE: list[Statement] = [
    ("gsef:Organisation", "rdfs:subClassOf", "gsef:Agent"),
    ("gsef:Person", "rdfs:subClassOf", "gsef:Agent"),
    ("gsef:Role", "rdfs:subClassOf", "skos:Concept"),
    ("gsef:Kind", "rdfs:subClassOf", "skos:Concept"),
    *((f"gsef:{scheme}", "a", "skos:ConceptScheme") for scheme in _SCHEMES),
    *(
        (f"id-{kind}:{name}", predicate, value)
        for kind, scheme, names in (("role", "roles", _ROLES), ("kind", "kinds", _KINDS))
        for name in names
        for predicate, value in (
            ("a", f"gsef:{kind.title()}"),
            ("skos:prefLabel", f'"{name}"@en'),
            ("skos:prefLabel", f'"{name} (fr)"@fr'),
            ("skos:inScheme", f"gsef:{scheme}"),
        )
    ),
]

# One block; a name in braces is a number or text of that block, see `values`.
DOCUMENT: list[Statement] = [
    ("id-doc:d{k}", "a", "gsef:Document"),
    ("id-doc:d{k}", "skos:prefLabel", '"Report {k} of the network"@en'),
    ("id-doc:d{k}", "skos:prefLabel", '"Rapport {k} du réseau"@fr'),
    ("id-doc:d{k}", "gsef:kind", "id-kind:report"),
    ("id-doc:d{k}", "gsef:issued", '"{year}-12-01"^^xsd:date'),
    ("id-doc:d{k}", "gsef:issuedBy", "id-org:o{org}"),
    ("id-doc:d{k}", "gsef:textDigest", '"{digest}"'),
    ("id-doc:d{k}", "dcterms:language", '"{language}"'),
    ("id-doc:d{k}", "dcterms:source", "<https://example.org/reports/{k}>"),
    ("id-doc:d{k}", "gsef:describes", "id-event:e{k}.0"),
    ("id-doc:d{k}", "gsef:mentions", "id-org:o{org}"),
]
EVENT: list[Statement] = [
    ("id-event:e{k}.N", "a", "gsef:Event"),
    ("id-event:e{k}.N", "skos:prefLabel", '"Event {k}.N on the social economy"@en'),
    ("id-event:e{k}.N", "gsef:kind", "id-kind:conference"),
    ("id-event:e{k}.N", "gsef:startDate", '"{year}-{month}-1N"^^xsd:date'),
    ("id-event:e{k}.N", "gsef:endDate", '"{year}-{month}-2N"^^xsd:date'),
    ("id-event:e{k}.N", "gsef:place", "id-place:p{place}"),
    ("id-event:e{k}.N", "gsef:theme", '"Theme {year}"@en'),
    ("id-event:e{k}.N", "gsef:evidence", "id-evidence:d{k}.1N00-1N60"),
    ("id-evidence:d{k}.1N00-1N60", "a", "gsef:Evidence"),
    ("id-evidence:d{k}.1N00-1N60", "gsef:source", "id-doc:d{k}"),
    ("id-evidence:d{k}.1N00-1N60", "gsef:quote", '"the event {k}.N took place as planned"@en'),
    ("id-evidence:d{k}.1N00-1N60", "gsef:start", '"1N00"^^xsd:integer'),
    ("id-evidence:d{k}.1N00-1N60", "gsef:end", '"1N60"^^xsd:integer'),
]
PART: list[Statement] = [("id-event:e{k}.N", "gsef:partOf", "id-event:e{k}.0")]
PARTICIPATION: list[Statement] = [
    ("id-participation:e{k}.N.M", "a", "gsef:Participation"),
    ("id-participation:e{k}.N.M", "gsef:agent", "id-person:a{personM}"),
    ("id-participation:e{k}.N.M", "gsef:event", "id-event:e{k}.N"),
    ("id-participation:e{k}.N.M", "gsef:role", "id-role:{roleM}"),
    ("id-participation:e{k}.N.M", "gsef:onBehalfOf", "id-org:o{org}"),
    ("id-participation:e{k}.N.M", "gsef:evidence", "id-evidence:d{k}.1N00-1N60"),
]
MEMBERSHIP: list[Statement] = [
    ("id-membership:m{k}", "a", "gsef:Membership"),
    ("id-membership:m{k}", "gsef:agent", "id-person:a{k}"),
    ("id-membership:m{k}", "gsef:organisation", "id-org:o{k}"),
    ("id-membership:m{k}", "gsef:role", "id-role:member"),
    ("id-membership:m{k}", "gsef:startDate", '"{year}"^^xsd:gYear'),
]
ENTITIES: list[Statement] = [
    ("id-person:a{k}", "a", "gsef:Person"),
    ("id-person:a{k}", "skos:prefLabel", '"Person {k}"@en'),
    ("id-org:o{k}", "a", "gsef:Organisation"),
    ("id-org:o{k}", "skos:prefLabel", '"Organisation {k}"@en'),
    ("id-org:o{k}", "gsef:kind", "id-kind:network"),
    ("id-org:o{k}", "gsef:basedIn", "id-place:p{place}"),
    ("id-place:p{k}", "a", "gsef:Place"),
    ("id-place:p{k}", "skos:prefLabel", '"Place {k}"@en'),
    ("id-place:p{k}", "gsef:kind", "id-kind:city"),
    ("id-place:p{k}", "geo:lat", '"{latitude}"^^xsd:decimal'),
    ("id-place:p{k}", "geo:long", '"{longitude}"^^xsd:decimal'),
]


@dataclass(frozen=True)
class Fault:
    """A kind of fault: the lines of a block before and after it, and what must be found.

    Attributes:
        name: what is wrong, in words.
        shape: local name of the shape of bench/shapes.ttl that finds it, once.
        before, after: statements; nothing before is an addition, nothing after a removal.
    """

    name: str
    shape: str
    before: Statement | None
    after: tuple[Statement, ...] = ()


FAULTS = (
    Fault("event without a label", "event-label", ("id-event:e{k}.1", *EVENT[1][1:])),
    Fault(
        "a date that does not exist", "event-start",
        ("id-event:e{k}.1", *EVENT[3][1:]),
        (("id-event:e{k}.1", "gsef:startDate", '"2009-02-30"^^xsd:date'),),
    ),
    Fault(
        "a place that is an organisation", "event-place",
        ("id-event:e{k}.2", *EVENT[5][1:]),
        (("id-event:e{k}.2", "gsef:place", "id-org:o{org}"),),
    ),
    Fault(
        "two text digests", "document-digest", None,
        (("id-doc:d{k}", "gsef:textDigest", f'"{"0" * 64}"'),),
    ),
    Fault(
        "an IRI that is not spelled as IRIs are", "organisation", None,
        (
            ("id-org:Organisation_{k}", "a", "gsef:Organisation"),
            ("id-org:Organisation_{k}", *ENTITIES[3][1:]),
            ("id-org:Organisation_{k}", *ENTITIES[4][1:]),
            ("id-org:Organisation_{k}", *ENTITIES[5][1:]),
        ),
    ),
    Fault(
        "an end before the start (sh:sparql)", "event",
        ("id-event:e{k}.1", *EVENT[4][1:]),
        (("id-event:e{k}.1", "gsef:endDate", '"1999-01-01"^^xsd:date'),),
    ),
    Fault("participation without a role", "participation-role",
          ("id-participation:e{k}.0.1", *PARTICIPATION[3][1:])),
    Fault(
        "a label without a language", "person-label",
        ENTITIES[1],
        (("id-person:a{k}", "skos:prefLabel", '"Person {k}"'),),
    ),
    Fault(
        "a longitude beyond 180", "place-longitude",
        ENTITIES[10],
        (("id-place:p{k}", "geo:long", '"190.5"^^xsd:decimal'),),
    ),
    Fault(
        "a role that is defined nowhere", "participation-role-known",
        ("id-participation:e{k}.0.1", *PARTICIPATION[3][1:]),
        (("id-participation:e{k}.0.1", "gsef:role", "id-role:spaeker"),),
    ),
    Fault(
        "a language in words", "document-language",
        DOCUMENT[7],
        (("id-doc:d{k}", "dcterms:language", '"francais"'),),
    ),
    Fault(
        "a passage that ends before it starts", "evidence-start",
        ("id-evidence:d{k}.1200-1260", "gsef:end", '"1260"^^xsd:integer'),
        (("id-evidence:d{k}.1200-1260", "gsef:end", '"1100"^^xsd:integer'),),
    ),
)  # fmt: skip


def write(file: Path, triples: int, *, graphs: bool = True) -> Counter[str]:
    """Write a graph.

    Parameters:
        file: to be written.
        triples: how many, each on a line of its own.
        graphs: N-Quads with the graph of each, else N-Triples.

    Returns:
        How many faults of each kind there are, by the shape that finds it.

    Errors:
        ValueError: too few for a single block.
    """
    injected: Counter[str] = Counter()
    written = 0
    with file.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as out:
        for text, lines, fault in _blocks(graphs):
            if written + lines > triples:
                break
            out.write(text)
            written += lines
            if fault:
                injected[fault.shape] += 1
        if not written:
            raise ValueError(f"{triples} triples are too few for a block")
        padding = template([("id-person:a0", "skos:altLabel", '"Name {k}"@en')], "entities", graphs)
        for number in range(triples - written):
            out.write(padding.replace("{k}", str(number)))
    return injected


def _blocks(graphs: bool) -> Iterator[tuple[str, int, Fault | None]]:
    """The text of each block, how many lines it has, and its fault."""
    yield template(PREAMBLE, "ontology", graphs), len(PREAMBLE), None
    stated = list(_stated())
    sound = _block(stated, graphs)
    faulty = [_block(_spoilt(stated, fault), graphs) for fault in FAULTS]
    number = 0
    while True:
        fault = None
        make, lines = sound
        if number % EVERY == EVERY - 1:
            turn = number // EVERY % len(FAULTS)
            fault, (make, lines) = FAULTS[turn], faulty[turn]
        yield make(values(number)), lines, fault
        number += 1


def _stated() -> Iterator[Statement]:
    yield from DOCUMENT
    for event in range(3):
        parts = [*EVENT, *(PART if event else [])]
        parts += [with_letters(one, M=str(part)) for part in range(2) for one in PARTICIPATION]
        yield from (with_letters(one, N=str(event)) for one in parts)
    yield from MEMBERSHIP
    yield from ENTITIES


def with_letters(statement: Statement, **letters: str) -> Statement:
    """A statement with letters that stand alone, or end a name in braces, replaced."""

    def fill(text: str) -> str:
        for letter, value in letters.items():
            text = re.sub(
                rf"(?<![A-Za-z]){letter}(?![A-Za-z])|(?<=[a-z]){letter}(?=}})", value, text
            )
        return text

    return fill(statement[0]), statement[1], fill(statement[2])


def _spoilt(stated: list[Statement], fault: Fault) -> list[Statement]:
    if fault.before is None:
        return [*stated, *fault.after]
    number = int(fault.before[0][-1]) if fault.before[0].startswith("id-event:") else 0
    before = with_letters(fault.before, N=str(number), M="1")
    at = stated.index(before)
    return [*stated[:at], *fault.after, *stated[at + 1 :]]


def _block(
    stated: list[Statement], graphs: bool
) -> tuple[Callable[[Mapping[str, object]], str], int]:
    entities = ("id-person:", "id-org:", "id-place:")
    known = [one for one in stated if one[0].startswith(entities)]
    own = [one for one in stated if not one[0].startswith(entities)]
    text = template(own, "d{k}", graphs) + template(known, "entities", graphs)
    return text.format_map, len(stated)


def values(k: int) -> dict[str, object]:
    """The numbers of a block: others that it refers to come before it."""
    return {
        "k": k,
        "org": k * 7 % (k + 1),
        "place": k * 31 % (k + 1),
        "person0": k * 13 % (k + 1),
        "person1": k * 17 % (k + 1),
        "role0": _ROLES[k % len(_ROLES)],
        "role1": _ROLES[(k + 1) % len(_ROLES)],
        "year": 2010 + k % 15,
        "month": f"{1 + k % 12:02}",
        "language": ("fr", "en", "es")[k % 3],
        "digest": hashlib.sha256(str(k).encode()).hexdigest(),
        "latitude": f"{k % 170 - 85}.{k % 9 + 1}",
        "longitude": f"{k % 340 - 170}.{k % 7 + 1}",
    }


def template(stated: list[Statement], graph: str, graphs: bool) -> str:
    """Statements as lines, the names in braces still to be filled in."""
    ending = f" <{_NAMES.graph(graph)}> ." if graphs else " ."
    return "".join(f"{_term(s)} {_term(p)} {_term(o)}{ending}\n" for s, p, o in stated)


def _term(text: str) -> str:
    if text == "a":
        return f"<{RDF}type>"
    if text.startswith('"') and "^^" in text:
        form, _, name = text.partition("^^")
        return f"{form}^^{_term(name)}"
    if text[0] in '"<':
        return text
    prefix, _, local = text.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


def main() -> int:
    """Write a graph and print what is wrong with it."""
    parser = argparse.ArgumentParser(prog="bench.generate", description=__doc__.splitlines()[0])
    parser.add_argument("triples", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--triples", dest="plain", action="store_true", help="N-Triples")
    given = parser.parse_args()
    injected = write(given.file, given.triples, graphs=not given.plain)
    for fault in FAULTS:
        print(f"{injected[fault.shape]:>8}  {fault.name}")
    print(f"{injected.total():>8}  in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())

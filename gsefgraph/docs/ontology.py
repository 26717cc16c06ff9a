"""The ontology's page, ``ontology/README.md``, written from the Turtle and the rules beside it.

``python -m gsefgraph.docs.ontology`` writes the page of the checkout that this file stands in.
Same files, same bytes: everything is sorted by name, and nothing depends on the day or the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gsefgraph.docs import vocabulary
from gsefgraph.docs.vocabulary import CHECKOUT
from gsefgraph.graph.vocabulary import Vocabulary
from gsefgraph.terms import FOREIGN, GSEF, ONTOLOGY, OWL, RDFS, SKOS

LANGUAGES = ("en", "fr", "es")
# A property that would draw more arrows than this hides the diagram; the table has it.
ARROWS = 4

HEAD = """\
# The ontology

<!-- Written by `python -m gsefgraph.docs.ontology`: edit the Turtle and the rules, not this. -->

{description}

Namespace `gsef:` <{namespace}>, version {version} (<{version_iri}>), licence <{licence}>.

| file | holds |
|---|---|
| `gsef.ttl` | classes and properties, with labels and comments |
| `alignments.ttl` | the same graph in schema.org, FOAF, ORG, PROV, LODE, Web Annotation, SKOS |
| `concepts.ttl` | roles and kinds |
| `sdg.ttl` | {goals} goals and {targets} targets, under the UN's IRIs |
| `rules/` | one CONSTRUCT a file, for what OWL 2 RL cannot say |
| `shapes/` | what a record must satisfy |
| `context.jsonld` | the names that JSON and YAML records use |
| `examples/` | one situation a file; `invalid/` holds faults, each with the finding it must give |

A property of one class has `rdfs:domain` and `rdfs:range`. A property of several classes has
`schema:domainIncludes` and `schema:rangeIncludes` only, so that it types nothing. Derived
properties are never typed by hand: an axiom or a rule makes them from what is stated.
"""

DIAGRAM = """\
## Diagram

Whole arrows are stated, dotted ones derived. Properties that many classes share, such as `kind`
and `evidence`, are in the table only.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (re.sub(r"\s+", " ", cell).strip().replace("|", "\\|") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _codes(words: Vocabulary, nodes: Iterable[str]) -> str:
    return _code(words.compact(node) for node in nodes)


def _labels(words: Vocabulary, node: str) -> str:
    found = (words.texts(node, f"{RDFS}label").get(language, "") for language in LANGUAGES)
    return " · ".join(filter(None, found))


def _comment(words: Vocabulary, node: str, prop: str) -> str:
    english, french = (words.texts(node, prop).get(language, "") for language in ("en", "fr"))
    return f"{english}<br>*{french}*" if french else english


def _local(node: str) -> str:
    return re.split(r"[#/]", node)[-1]


def _diagram(words: Vocabulary, derived: Mapping[str, Sequence[str]]) -> str:
    classes = sorted(words.classes, key=words.compact)
    boxes: dict[str, list[str]] = {node: [] for node in classes}
    arrows: dict[tuple[str, str, str], list[str]] = {}
    for prop in sorted(words.properties, key=words.compact):
        domains, ranges = words.domains(prop), words.ranges(prop)
        if all(value in boxes for value in ranges):
            line = "..>" if words.compact(prop) in derived else "-->"
            if len(domains) * len(ranges) <= ARROWS:
                for start, end in ((a, b) for a in domains for b in ranges):
                    key = (_local(start), line, _local(end))
                    arrows.setdefault(key, []).append(_local(prop))
        elif len(domains) <= ARROWS and not any(value in boxes for value in ranges):
            for node in domains:
                boxes[node].append(f"{_local(prop)} {'/'.join(map(_local, ranges))}")
    lines = ["```mermaid", "classDiagram", "  direction LR"]
    for node, members in boxes.items():
        lines.append(f"  class {_local(node)}" + (" {" if members else ""))
        if members:
            lines += [*(f"    {member}" for member in members), "  }"]
    for node in classes:
        parents = words.values(node, f"{RDFS}subClassOf")
        lines += [f"  {_local(p)} <|-- {_local(node)}" for p in parents if p in boxes]
    for (start_name, line, end_name), names in sorted(arrows.items()):
        lines.append(f"  {start_name} {line} {end_name} : {', '.join(names)}")
    return "\n".join([*lines, "```", ""])


def _notes(words: Vocabulary, prop: str, makers: Sequence[str]) -> str:
    notes = []
    for kind, word in (("TransitiveProperty", "transitive"), ("SymmetricProperty", "symmetric")):
        if words.is_a(prop, kind):
            notes.append(word)
    for other in words.values(prop, f"{OWL}inverseOf"):
        notes.append(f"inverse of `{words.compact(other)}`")
    for chain in words.items(prop, f"{OWL}propertyChainAxiom"):
        steps = (f"`{words.compact(step)}`" for step in chain)
        notes.append(f"follows from {' then '.join(steps)}")
    return "; ".join([*notes, *(f"rule `{maker}`" for maker in makers)])


def _properties(words: Vocabulary, derived: Mapping[str, Sequence[str]]) -> str:
    rows = (
        (
            f"`{words.compact(prop)}`",
            _labels(words, prop),
            _comment(words, prop, f"{RDFS}comment"),
            _codes(words, words.domains(prop)),
            _codes(words, words.ranges(prop)),
            _codes(words, words.values(prop, f"{RDFS}subPropertyOf")),
            _notes(words, prop, derived.get(words.compact(prop), ())),
        )
        for prop in sorted(words.properties, key=words.compact)
    )
    return _table(("property", "label", "comment", "domain", "range", "is also", "notes"), rows)


def _classes(words: Vocabulary) -> str:
    rows = (
        (
            f"`{words.compact(node)}`",
            _labels(words, node),
            _comment(words, node, f"{RDFS}comment"),
            _codes(words, words.values(node, f"{RDFS}subClassOf")),
        )
        for node in sorted(words.classes, key=words.compact)
    )
    return _table(("class", "label", "comment", "is also"), rows)


def _concepts(words: Vocabulary, kind: str) -> str:
    rows = (
        (
            f"`{words.compact(concept)}`",
            *(words.texts(concept, f"{SKOS}prefLabel").get(language, "") for language in LANGUAGES),
            _codes(words, words.values(concept, f"{SKOS}broader")),
            _comment(words, concept, f"{SKOS}definition"),
        )
        for concept in words.of_type(f"{GSEF}{kind}")
    )
    return _table(("concept", *LANGUAGES, "broader", "meaning"), rows)


def _foreign(derived: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    for name, makers in sorted(derived.items()):
        if not name.startswith("gsef:"):
            yield f"`{name}`", _code(makers)


def _coverage(words: Vocabulary, ontology: Path, queries: Path) -> str:
    shapes, examples = vocabulary.shapes(words, ontology), vocabulary.examples(words, ontology)
    questions = vocabulary.questions(words, queries)
    names = [words.compact(node) for node in sorted(words.classes, key=words.compact)]
    rows = (
        (
            f"`{name}`",
            _code(shapes.get(name, ())),
            ", ".join(f"[{file}](examples/{file})" for file in examples.get(name, ())),
            _code(questions.get(name, ())),
        )
        for name in names
    )
    return _table(("class", "shape", "example", "stored question"), rows)


def _head(words: Vocabulary) -> str:
    dcterms = FOREIGN["dcterms"]

    def one(name: str) -> str:
        (value,) = words.objects(ONTOLOGY, name)
        return value.value

    return HEAD.format(
        description=words.texts(ONTOLOGY, f"{dcterms}description").get("en", ""),
        namespace=GSEF,
        version=one(f"{OWL}versionInfo"),
        version_iri=one(f"{OWL}versionIRI"),
        licence=one(f"{dcterms}license"),
        goals=len(words.of_type(f"{FOREIGN['sdgo']}Goal")),
        targets=len(words.of_type(f"{FOREIGN['sdgo']}Target")),
    )


def render(ontology: Path, queries: Path) -> str:
    """The ontology's page as Markdown, from its Turtle, rules, shapes, examples and questions.

    Parameters:
        ontology: the folder of gsef.ttl, alignments.ttl, concepts.ttl and sdg.ttl; ``rules/``,
            ``shapes/`` and ``examples/`` in it are read where they exist.
        queries: the folder of the stored questions; may be absent.

    Returns the text of README.md, ending in one line feed; the same files give the same text.

    Errors:
        FileNotFoundError: one of the four Turtle files is missing.

    >>> page = render(CHECKOUT / "ontology", CHECKOUT / "queries")
    >>> page.splitlines()[0], page.count("```mermaid")
    ('# The ontology', 1)
    """
    words = vocabulary.read(ontology)
    derived = vocabulary.derived(words, ontology)
    rules = ((f"`{name}`", *texts) for name, *texts in vocabulary.rules(ontology / "rules"))
    parts = [
        _head(words),
        DIAGRAM,
        _diagram(words, derived),
        "## Classes\n",
        _classes(words),
        "## Properties\n",
        _properties(words, derived),
        "## Roles\n",
        _concepts(words, "Role"),
        "## Kinds\n",
        _concepts(words, "Kind"),
        "## Rules\n",
        _table(("rule", "derives", "why OWL cannot"), rules),
        "Terms of other vocabularies that a rule makes, where an axiom would reach too far:\n",
        _table(("term", "rule"), _foreign(derived)),
        "## Shapes, examples, questions\n",
        _coverage(words, ontology, queries),
    ]
    return "\n".join(parts)


def main() -> None:
    """Write ``ontology/README.md`` of the checkout."""
    page = render(CHECKOUT / "ontology", CHECKOUT / "queries")
    (CHECKOUT / "ontology" / "README.md").write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""Which property, role or class a key of a record means.

A key is the name that the JSON-LD context gives a property, or what the ontology calls it in any of
its languages, or what a role is called: `startDate`, `start date`, `date de début`; `speakers`,
`intervenantes`. Case, accents, hyphens and the plural do not count. Some words are for what no one
property is: `dates`, `goals`, `source`, `name`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from gsefgraph import files
from gsefgraph.engine.words import slug
from gsefgraph.errors import closest
from gsefgraph.project import Project
from gsefgraph.rdf.digraph import reached
from gsefgraph.rdf.lexical import LANGSTRING
from gsefgraph.terms import FOREIGN, GSEF, RDF, RDFS, SKOS, XSD, Term, key
from gsefgraph.wording import LANGUAGES, ByLanguage, say, spoken

WORDS: Final = (
    "id", "type", "lang", "name", "dates", "goals", "source", "title", "organisations",
)  # fmt: skip
"""What a key may be that is no one property."""
KINDS: Final = {
    "Document": "doc", "Event": "event", "Evidence": "evidence", "GoalLink": "goallink",
    "Membership": "membership", "Organisation": "org", "Participation": "participation",
    "Person": "person", "Place": "place", "Topic": "topic", "Kind": "kind", "Role": "role",
}  # fmt: skip
"""Classes by their local names, and the kinds of their IRIs (`terms.KINDS`)."""
RECORDS: Final = ("Event", "Document", "Organisation", "Person", "Membership", "Place")
"""What a record is about most often, by local names of classes."""
_SPANISH: Final = re.compile(r"(?<=[aeo]r|on)e\b")
"""What is left of a plural: moderadores, s aside."""
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DATES: Final = frozenset(f"{XSD}{name}" for name in ("date", "gYearMonth", "gYear"))
_RANGES: Final = {"isPartOf": (f"{GSEF}Document",)}
"""Of properties that are not the ontology's own."""
_LABELS: Final = (f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel")
_DOMAIN: Final = (f"{RDFS}domain", f"{FOREIGN['schema']}domainIncludes")
_RANGE: Final = (f"{RDFS}range", f"{FOREIGN['schema']}rangeIncludes")


@dataclass(frozen=True, slots=True)
class Property:
    """A property that a key means.

    Attributes:
        iri: the property; name: as the context has it.
        datatype: of its values; `rdf:langString` for text with a language, empty for things.
        domain, range: classes.
        labels: what the ontology calls it, by language.
    """

    iri: NamedNode
    name: str
    datatype: str = ""
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def called(self, lang: str) -> str:
        """The key that a new record has for it: a label of the ontology, else its own name."""
        return self.labels.get(lang, self.name)

    @property
    def is_date(self) -> bool:
        """Whether its values are days, months or years."""
        return self.datatype in _DATES


@dataclass(frozen=True)
class Keys:
    """What keys mean, by what a record is about.

    Attributes:
        properties, roles: by the key as `spelt` has it.
        above: class -> itself and all that it is under.
        called: roles by what the ontology calls them.

    >>> from gsefgraph.project import find
    >>> keys = Keys.of(find())
    >>> event = f"{GSEF}Event"
    >>> [keys.property(text, event).name for text in ("startDate", "Date de début", "Part-of")]
    ['startDate', 'startDate', 'partOf']
    >>> keys.role("Intervenantes").value[-8:], keys.word("fechas"), keys.kind("événement") == event
    ('/speaker', 'dates', True)
    """

    properties: Mapping[str, tuple[Property, ...]]
    roles: Mapping[str, NamedNode]
    above: Mapping[str, frozenset[str]] = field(repr=False)
    called: Mapping[str, NamedNode] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, project: Project) -> Keys:
        """What keys mean in a project.

        Errors:
            InputError: its ontology or context cannot be read.
        """
        from gsefgraph.records.rdf import read

        told = _Told(quad for each in project.ontology_sources() for quad in read(each.path).quads)
        named: dict[str, dict[str, Property]] = defaultdict(dict)
        for name, said in _context(project.context).items():
            iri = project.names.expand(said["@id"])
            prop = _property(name, iri, said, told)
            for text in (name, *told.labels(iri)):
                named[spelt(text)].setdefault(iri, prop)
        called = {
            text: NamedNode(iri)
            for iri in told.of_class(f"{GSEF}Role")
            for text in (slug(iri), *told.labels(iri))
        }
        roles = {spelt(text): role for text, role in called.items()}
        above = {iri: told.above(iri) for iri in told.subjects if iri.startswith(GSEF)}
        properties = {text: tuple(found.values()) for text, found in named.items()}
        return cls(properties, roles, above, called)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return {
            spelt(text): name
            for name in WORDS
            for language in LANGUAGES
            for text in say(f"key.{name}").text(language).split("|")
        }

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        return {
            spelt(text): f"{GSEF}{name}"
            for name in KINDS
            for language in LANGUAGES
            for text in say(f"key.{KINDS[name]}").text(language).split("|")
        }

    def property(self, text: str, kind: str) -> Property | None:
        """The property that a key means in a record of a class; None where it means none.

        Parameters:
            kind: IRI of the class.
        """
        found = self.properties.get(spelt(text), ())
        return next((each for each in found if self.has(each, kind)), None)

    def all(self, kind: str) -> list[Property]:
        """The properties of a class and of those above it, by their names."""
        found = {each.name: each for props in self.properties.values() for each in props}
        return [found[name] for name in sorted(found) if self.has(found[name], kind)]

    def has(self, prop: Property, kind: str) -> bool:
        """Whether things of a class have a property."""
        return not prop.domain or not self.above.get(kind, {kind}).isdisjoint(prop.domain)

    def role(self, text: str) -> NamedNode | None:
        """The role that a key means."""
        said = spelt(text)
        return self.roles.get(said) or self.roles.get(_SPANISH.sub("", said))

    def word(self, text: str) -> str:
        """Which of `WORDS` a key is; empty for none."""
        return self._words.get(spelt(text), "")

    def kind(self, text: str) -> str:
        """The class that a key means, such as `event`; empty for none."""
        return self._kinds.get(spelt(text), "")

    def near(self, text: str, kind: str) -> list[str]:
        """The keys of a record of a class that are spelled much like one, the likest first; without
        a class those that a record begins with."""
        if not kind:
            return closest(spelt(text), self._kinds)
        known = [name for name, props in self.properties.items()
                 if any(self.has(each, kind) for each in props)]  # fmt: skip
        if kind == f"{GSEF}Event":
            known += self.roles
        return closest(spelt(text), [*known, *self._words])


def spelt(text: str) -> str:
    """What spellings of a key share: its words without accents, case, hyphens and plural.

    >>> spelt("startDate") == spelt("Start dates") == spelt("start-date"), spelt("co-organisers")
    (True, 'co organiser')
    """
    words = key(_CAMEL.sub(" ", text.strip())).split()
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)


def mint(kind: str) -> str:
    """The kind of IRIs of a class: `org` of organisations.

    >>> mint(f"{GSEF}Organisation"), mint(f"{GSEF}Agent")
    ('org', '')
    """
    return KINDS.get(kind.removeprefix(GSEF), "")


def called(kind: str) -> ByLanguage:
    """What records of a class begin with, in each language.

    >>> called(f"{GSEF}Membership")["fr"]
    'appartenance'
    """
    name = say(f"key.{mint(kind)}") if mint(kind) else kind
    return ByLanguage(lambda lang: spoken(name, lang).partition("|")[0])


class _Told:
    """What an ontology tells of its terms."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and not isinstance(quad.object, Triple):
                self._said[quad.subject.value, quad.predicate.value].append(quad.object)

    @property
    def subjects(self) -> set[str]:
        return {subject for subject, _ in self._said}

    def iris(self, subject: str, predicates: Iterable[str]) -> tuple[str, ...]:
        found = (node for each in predicates for node in self._said.get((subject, each), ()))
        return tuple(node.value for node in found if isinstance(node, NamedNode))

    def labels(self, subject: str) -> list[str]:
        found = (node for each in _LABELS for node in self._said.get((subject, each), ()))
        return [node.value for node in found if isinstance(node, Literal)]

    def tagged(self, subject: str) -> dict[str, str]:
        """The labels of RDF Schema, by language."""
        found = self._said.get((subject, _LABELS[0]), ())
        return {n.language: n.value for n in found if isinstance(n, Literal) and n.language}

    def of_class(self, kind: str) -> list[str]:
        return sorted(s for s in self.subjects if kind in self.iris(s, [f"{RDF}type"]))

    def above(self, kind: str) -> frozenset[str]:
        """A class and all that it is under."""
        upper = reached([kind], lambda each: self.iris(each, [f"{RDFS}subClassOf"]))
        return frozenset({kind, *upper})


def _context(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The properties of a JSON-LD context: name -> what it says of each."""
    said = json.loads(files.text(path))["@context"]
    return {
        name: each for name, each in said.items() if name[:1].islower() and isinstance(each, dict)
    }


def _property(name: str, iri: str, said: Mapping[str, str], told: _Told) -> Property:
    domain, range_ = told.iris(iri, _DOMAIN), told.iris(iri, _RANGE)
    datatype, labels = said.get("@type", ""), told.tagged(iri)
    if datatype == "@id":
        range_ = range_ or _RANGES.get(name, ())
        return Property(NamedNode(iri), name, "", domain, range_, labels)
    datatype = datatype.replace("xsd:", XSD)
    if "@container" in said or LANGSTRING in range_:
        datatype = LANGSTRING
    elif not datatype:
        dated = sorted(_DATES.intersection(range_))
        datatype = dated[0] if dated else f"{XSD}string"
    return Property(NamedNode(iri), name, datatype, domain, (), labels)

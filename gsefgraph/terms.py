"""Namespaces, minting IRIs, and the two ways to write one: full and compact.

Things live under one base (`BASE`), a setting that a network can change to mint under its own
domain: ``Names("https://data.example.org/sse/")``. The ontology's own IRIs never move.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeAlias, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.wording import say

Term: TypeAlias = NamedNode | BlankNode | Literal
"""A term of RDF 1.1."""
Value: TypeAlias = Term | Triple
"""A term of RDF 1.2, which queries can make and data cannot hold: a triple may stand as one."""
V = TypeVar("V", bound=Value | None)

VERSION = "0.1.0"
NOT_DATA = ("ontology", "vocabulary", "inferred")
"""The graphs that no file of data/ fills."""
BASE = "https://w3id.org/gsefgraph/"
ONTOLOGY = "https://w3id.org/gsefgraph/ontology"
GSEF = f"{ONTOLOGY}#"
SHAPES = "https://w3id.org/gsefgraph/shapes#"

KINDS = (
    "org",
    "person",
    "event",
    "place",
    "doc",
    "topic",
    "role",
    "kind",
    "participation",
    "membership",
    "goallink",
    "evidence",
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"
OURS = "urn:gsefgraph:"  # what we call things begins so, where nobody else has named them
BLANK_SHAPE = f"{OURS}shape:"  # what a shape without a name is called, before its number

FOREIGN: Mapping[str, str] = {
    "gsef": GSEF,
    "gsef-sh": SHAPES,
    "sdg": "http://metadata.un.org/sdg/",
    "sdgo": "http://metadata.un.org/sdg/ontology#",
    "wd": "http://www.wikidata.org/entity/",
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": PROV,
    "oa": "http://www.w3.org/ns/oa#",
    "skos": SKOS,
    "lode": "http://linkedevents.org/ontology/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "dcterms": "http://purl.org/dc/terms/",
    "vann": "http://purl.org/vocab/vann/",
    "sh": SH,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
}

# PN_LOCAL of the Turtle and SPARQL grammars, kept to what needs no escape.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_COMPACT = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)?:(\S*)\Z")
# IRIREF of the Turtle grammar: none of these characters may stand in an IRI.
_BAD_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MADE_UP = re.compile(r"[0-9a-f]{16,32}\Z")


class Names:
    """The prefixes of one project: the fixed vocabularies, and the kinds of things under a base.

    >>> names = Names()
    >>> names.expand("id-org:oecd")
    'https://w3id.org/gsefgraph/id/org/oecd'
    >>> names.compact("https://w3id.org/gsefgraph/graph/curation")
    'graph:curation'
    """

    def __init__(self, base: str = BASE) -> None:
        if not absolute(base) or _BAD_IRI.search(base) or base[-1] not in "/#":
            raise UsageError(say("names.base", base=base))
        self.base = base
        self.prefixes: dict[str, str] = {
            **{f"id-{kind}": f"{base}id/{kind}/" for kind in KINDS},
            "graph": f"{base}graph/",
            **FOREIGN,
        }
        self.longest = sorted(self.prefixes.items(), key=lambda item: -len(item[1]))
        self._namespaces = tuple(self.prefixes.values())

    def also(self, prefixes: Mapping[str, str]) -> Names:
        """A copy with the prefixes of somebody's file, which go before those that are here.

        >>> Names().also({"schema": "http://schema.org/"}).compact("http://schema.org/name")
        'schema:name'
        """
        copy = Names(self.base)
        copy.prefixes |= self.prefixes | {p: iri for p, iri in prefixes.items() if iri}
        # Of two prefixes for one namespace the file's own is used, which is the later one.
        order = reversed(copy.prefixes.items())
        own = {iri: p for p, iri in order if p in prefixes}
        copy.longest = [
            (own.get(iri, p), iri)
            for p, iri in sorted(copy.prefixes.items(), key=lambda item: -len(item[1]))
        ]
        copy._namespaces = tuple(copy.prefixes.values())
        return copy

    def goal_code(self, iri: str) -> str:
        """The number of the goal or target that an IRI of the UN names; empty for any other.

        >>> Names().goal_code("http://metadata.un.org/sdg/8.3"), Names().goal_code("urn:8")
        ('8.3', '')
        """
        code = iri.removeprefix(self.prefixes["sdg"])
        return code if code != iri and code[:1].isdigit() else ""

    def directives(self) -> str:
        """The prefixes as Turtle declares them, a line each (RDF 1.1 Turtle, section 2.4).

        >>> Names().directives().splitlines()[-1]
        '@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .'
        """
        return "".join(f"@prefix {key}: <{value}> .\n" for key, value in self.prefixes.items())

    def compact(self, iri: str) -> str:
        """The IRI as ``prefix:local`` where that is legal Turtle, else ``<iri>``.

        >>> Names().compact("http://metadata.un.org/sdg/8.3")
        'sdg:8.3'
        >>> Names().compact("https://example.org/a b")
        '<https://example.org/a b>'
        """
        known = iri.startswith(self._namespaces)  # most of a stranger's have none of them
        for prefix, namespace in self.longest if known else ():
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if local == "" or _LOCAL.match(local):
                    return f"{prefix}:{local}"
                break
        return f"<{iri}>"

    def term(self, term: Value) -> str:
        """A term in one line, with compact IRIs.

        >>> Names().term(Literal(8)), Names().term(Literal("x", language="fr"))
        ('"8"^^xsd:integer', '"x"@fr')
        """
        if isinstance(term, NamedNode):
            return self.compact(term.value)
        if (
            isinstance(term, Literal)
            and not term.language
            and term.datatype.value != f"{XSD}string"
        ):
            return f"{Literal(term.value)}^^{self.compact(term.datatype.value)}"
        return str(term)

    def expand(self, text: str) -> str:
        """The full IRI of ``prefix:local``, ``<iri>`` or an absolute IRI.

        Errors:
            UnknownName: a prefix that is not declared. UsageError: not an IRI.

        >>> Names().expand("<http://metadata.un.org/sdg/8>")
        'http://metadata.un.org/sdg/8'
        """
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        else:
            match = _COMPACT.match(text)
            if match and not match[2].startswith("//"):
                prefix = match[1] or ""
                if prefix in self.prefixes:
                    return self.prefixes[prefix] + match[2]
                if prefix not in ("http", "https", "urn", "mailto", "tag", "doi"):
                    raise UnknownName(
                        say("names.prefix", prefix=prefix, text=text),
                        hint=nearest(prefix, self.prefixes),
                    )
        if not is_iri(text):
            raise UsageError(say("names.not-iri", text=text), hint=say("names.write-iri"))
        return text

    def mint(self, kind: str, *parts: str) -> str:
        """The IRI of a thing: its kind, and parts made into slugs and joined by dots.

        Errors:
            UnknownName: not one of `KINDS`. UsageError: a part without a letter or digit.

        >>> Names().mint("event", "UNTFSSE conference 2019", "GSEF session")
        'https://w3id.org/gsefgraph/id/event/untfsse-conference-2019.gsef-session'
        """
        if kind not in KINDS:
            raise UnknownName(say("names.no-kind", kind=kind), hint=nearest(kind, KINDS))
        return f"{self.base}id/{kind}/{'.'.join(slug(part) for part in parts)}"

    def graph(self, name: str) -> str:
        """The IRI of a named graph.

        >>> Names().graph("inferred")
        'https://w3id.org/gsefgraph/graph/inferred'
        """
        return f"{self.prefixes['graph']}{name}"

    @property
    def not_data(self) -> tuple[str, ...]:
        """The IRIs of the graphs of `NOT_DATA`.

        >>> Names().not_data[-1] == Names().graph("inferred")
        True
        """
        return tuple(map(self.graph, NOT_DATA))


def tag(literal: Literal) -> str:
    """The language of a literal, and its base direction where it has one, as RDF 1.2 writes them.

    >>> tag(Literal("x", language="fr")), tag(Literal("x"))
    ('fr', '')
    """
    return f"{literal.language or ''}{f'--{literal.direction}' if literal.direction else ''}"


def undirected(value: V) -> V:
    """A value without the base directions of its texts, which RDF 1.1 does not have.

    Returns:
        The same object where there are none.

    >>> from pyoxigraph import BaseDirection
    >>> str(undirected(Literal("x", language="ar", direction=BaseDirection.RTL)))
    '"x"@ar'
    """
    if isinstance(value, Triple):
        inner = undirected(written := value.object)
        if inner is written:
            return value
        return Triple(value.subject, value.predicate, inner)  # type: ignore[return-value]
    if isinstance(value, Literal) and value.direction is not None:
        return Literal(value.value, language=value.language)  # type: ignore[return-value]
    return value


def slug(text: str) -> str:
    """ASCII, lower case, hyphenated: of another script as Latin letters write it, and what has no
    ASCII form is dropped.

    Errors:
        UsageError: nothing is left.

    >>> slug("Édison  O'Masereka (Kampala)"), slug("이은애")
    ('edison-o-masereka-kampala', 'ieunae')
    """
    folded = fold(latin(text)).encode("ascii", "ignore").decode("ascii")
    result = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if not result:
        raise UsageError(say("names.no-slug", text=text), hint=say("names.latin"))
    return result


def latin(text: str) -> str:
    """A text with the letters of other scripts as Latin ones; those of the Latin script, figures
    and signs stay.

    Greek as Greeks write it (ELOT 743), other scripts letter by letter.

    >>> latin("Νίκος Παπαδόπουλος (OCDE, é)"), latin("Владимир – 李")
    ('Nikos Papadopoulos (OCDE, é)', 'Vladimir – Li')
    """
    if not _FOREIGN_LETTER.search(text):
        return text
    from anyascii import anyascii

    # The accent of a Greek vowel is none of the letter's; two dots are.
    composed = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))
    bare = unicodedata.normalize("NFC", _TONOS.sub("", composed))
    for greek, sound in _GREEK.items():
        for cased in (str.lower, str.capitalize, str.upper):
            bare = bare.replace(cased(greek), cased(sound))

    def spelt(match: re.Match[str]) -> str:
        char = match[0]
        return anyascii(char) if unicodedata.category(char)[0] in "LM" else char

    return _FOREIGN_LETTER.sub(spelt, bare)


# All behind the Latin blocks but marks that combine, additions to Latin, and general punctuation.
_FOREIGN_LETTER = re.compile(r"[^\x00-\u036f\u1e00-\u1eff\u2000-\u206f]")
_TONOS = re.compile("(?<=[Α-ω])\u0301")
_GREEK = {"ου": "ou", "αυ": "av", "ευ": "ev", "γγ": "ng", "γχ": "nch", "γξ": "nx"}


def fold(text: str) -> str:
    """Text for comparing names: accents, strokes, case and runs of white space do not count.

    >>> fold("Mise en  Œuvre à QUÉBEC"), fold("Łódź, Großenkneten, Tromsø")
    ('mise en oeuvre a quebec', 'lodz, grossenkneten, tromso')
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ʼ", "'"))
    # No character before these combines with others.
    bare = "".join([c for c in decomposed if c < "\u0300" or not unicodedata.combining(c)])
    if not bare.isascii():
        bare = bare.translate(_LETTERS)
    return " ".join(bare.casefold().split())


_WORDS = re.compile(r"\w+")


def key(text: str) -> str:
    """What two spellings of one name share: its words without accents, case and punctuation.

    >>> key("Économie  sociale (et Solidaire)") == key("economie-sociale et solidaire")
    True
    """
    folded = fold(text)
    return " ".join(_WORDS.findall(folded.replace("_", " "))) or folded


class _Letters(dict[int, str]):
    """Latin letters that Unicode does not take apart, by the letters that their names name."""

    _NAME = re.compile(
        r"LATIN \w+ (?:LETTER|LIGATURE) (?:DOTLESS |OPEN )?([A-Z]{1,2})(?: WITH .+)?"
    )

    def __missing__(self, code: int) -> str:
        match = self._NAME.fullmatch(unicodedata.name(chr(code), ""))
        self[code] = found = match[1].lower() if match else chr(code)
        return found


_LETTERS = _Letters({ord(letter): bare for letter, bare in zip("ðÐþÞŋŊəƏ", (
    "d", "d", "th", "th", "n", "n", "e", "e"), strict=True)})  # fmt: skip


def absolute(iri: str) -> bool:
    """Whether an IRI begins with a scheme, so that it is not relative (RFC 3986, section 3.1).

    >>> absolute("a:b"), absolute("#b"), absolute("_:b")
    (True, False, False)
    """
    return _SCHEME.match(iri) is not None


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI that Turtle can write between angle brackets.

    >>> is_iri("https://example.org/é"), is_iri("https://example.org/a b"), is_iri("GSEF")
    (True, False, False)
    >>> is_iri("http://[")
    False
    """
    if not absolute(text) or _BAD_IRI.search(text):
        return False
    try:
        NamedNode(text)
    except ValueError:  # a host is looked at more closely (RFC 3986, section 3.2.2)
        return False
    return True


def loosely(iri: str) -> str:
    """What spellings of an IRI share that people take for one another: case, http or https, an end.

    >>> loosely("https://W3id.org/a/") == loosely("http://w3id.org/a"), loosely("urn:a")
    (True, 'urn:a')
    """
    return re.sub("^https?:", "", iri.casefold()).rstrip("/#")


def refuse_newer(value: Value) -> None:
    """Refuse what rdflib does not have, a triple term or a base direction.

    Errors:
        UsageError.

    >>> refuse_newer(Literal("x", language="fr"))
    """
    if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
        term = f"<<( {value} )>>" if isinstance(value, Triple) else value
        raise UsageError(say("names.no-rdflib", term=term), hint=say("names.take-quads"))


def unlabelled(node: BlankNode) -> bool:
    """Whether a blank node has a label that pyoxigraph made up, by chance, since a text gave none.

    >>> unlabelled(BlankNode()), unlabelled(BlankNode("a"))
    (True, False)
    """
    return _MADE_UP.match(node.value) is not None


def simple(value: Value) -> Iterator[Term]:
    """The terms of RDF 1.1 in a value: itself, or those of a triple term, however deep.

    >>> a = NamedNode("urn:a")
    >>> len(list(simple(Triple(a, a, Triple(a, a, Literal("x"))))))
    5
    """
    if isinstance(value, Triple):
        for part in value:
            yield from simple(part)
    else:
        yield value

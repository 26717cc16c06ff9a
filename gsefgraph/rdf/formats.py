"""RDF formats: their names, suffixes and media types, and whether text is what its name says.

name      suffix            graphs   standard
turtle    .ttl              no       RDF 1.1 Turtle
trig      .trig             yes      RDF 1.1 TriG
ntriples  .nt               no       RDF 1.1 N-Triples
nquads    .nq               yes      RDF 1.1 N-Quads
jsonld    .jsonld .json     yes      JSON-LD 1.1
rdfxml    .rdf .xml .owl    no       RDF 1.1 XML Syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from pyoxigraph import RdfFormat, parse

from gsefgraph.errors import InputError, UnknownName, nearest
from gsefgraph.terms import RDF
from gsefgraph.wording import Wording, say


@dataclass(frozen=True, slots=True)
class Format:
    """One RDF format."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    rdf: RdfFormat

    @property
    def graphs(self) -> bool:
        """Whether it can name graphs."""
        return bool(self.rdf.supports_datasets)


FORMATS = {
    item.name: item
    for item in (
        Format("turtle", "Turtle", (".ttl",), RdfFormat.TURTLE),
        Format("trig", "TriG", (".trig",), RdfFormat.TRIG),
        Format("ntriples", "N-Triples", (".nt",), RdfFormat.N_TRIPLES),
        Format("nquads", "N-Quads", (".nq",), RdfFormat.N_QUADS),
        Format("jsonld", "JSON-LD", (".jsonld", ".json"), RdfFormat.JSON_LD),
        Format("rdfxml", "RDF/XML", (".rdf", ".xml", ".owl"), RdfFormat.RDF_XML),
    )
}
PAGE = Format("html", "HTML", (".html", ".htm", ".xhtml"), RdfFormat.JSON_LD)
"""A web page, whose JSON-LD is read; nothing is written so."""
YAML = Format("yaml", "YAML", (".yaml", ".yml"), RdfFormat.JSON_LD)
"""Records as people type them, and JSON-LD in YAML; nothing is written so."""
WHOLE = ("jsonld", "rdfxml", "html", "yaml")
"""Formats outside the Turtle family: their text is looked at as a whole, and not mirrored by
triples."""
SUFFIXES = " ".join(suffix for item in FORMATS.values() for suffix in item.suffixes)
_BY_SUFFIX = {suffix: item for item in (*FORMATS.values(), PAGE) for suffix in item.suffixes}

_FOREIGN_SUFFIXES = {
    ".ofn": "rdf.is-functional",
    ".fss": "rdf.is-functional",
    ".omn": "rdf.is-manchester",
    ".owx": "rdf.is-owl-xml",
    ".n3": "rdf.is-n3",
    ".trix": "rdf.is-trix",
    ".obo": "rdf.is-obo",
    ".hdt": "rdf.is-hdt",
    ".rj": "rdf.is-rdf-json",
    ".jsonl": "rdf.is-json-lines",
    ".ndjson": "rdf.is-json-lines",
    ".hext": "rdf.is-hextuples",
}
_NEAR_SUFFIXES = (
    ".turtle", ".ntriples", ".nquads", ".triples", ".quads", ".rdfs", ".rdfxml", ".xrdf",
    ".json-ld", ".ldjson",
)  # fmt: skip
_SPACE = re.compile(r"\s*")
DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+[^\s\[>"']++(?P<elsewhere>(?:[^\[>"']|"[^"]*"|'[^']*')*+)
    (?:\[(?P<inside>(?>[^\]"'<]|"[^"]*"|'[^']*'|<!--.*?-->|<\?.*?\?>|<(?!!--|\?))*+)\]\s*+)?>""",
    re.X | re.S,
)
"""A document type declaration of XML: what it takes from elsewhere, and its internal subset."""
_ASIDE = {"<!--": "-->", "<?": "?>", "#": "\n"}
_FOREIGN = {
    "rdf.is-functional": re.compile(r"(?:Prefix|Ontology)\s*\("),
    "rdf.is-manchester": re.compile(r"(?:Prefix|Ontology|Class|Individual|ObjectProperty):\s"),
    "rdf.is-owl-xml": re.compile(
        r"<(?:\w+:)?Ontology\b"
        r"(?=[^>]*\bontologyIRI\s*=|.{0,2000}<(?:\w+:)?(?:Prefix|Declaration|Import)\b)",
        re.S,
    ),
    "rdf.is-trix": re.compile(r"<(?:\w+:)?TriX\b", re.I),
    "rdf.is-obo": re.compile(r"format-version:\s"),
    "rdf.is-hdt": re.compile(r"\$HDT"),
    "rdf.is-rdf-json": re.compile(
        r"\{\s*\"[^\"]*:[^\"]*\"\s*:\s*\{\s*\"[^\"]*:[^\"]*\"\s*:\s*\[\s*\{"
        r"(?=[^{}]*\"value\"\s*:)[^{}]*\"type\"\s*:\s*\"(?:uri|literal|bnode)\""
    ),
    "rdf.is-hextuples": re.compile(r"\[\s*\"[^\"\n]*\"(?:\s*,\s*\"(?:[^\"\\\n]|\\.)*\"){5}\s*\]"),
    "rdf.is-json-lines": re.compile(r"[{\[][^\n]*[}\]][ \t\r]*\n[ \t]*\{[ \t]*\""),
}
_ONTOLOGIES = ("rdf.is-functional", "rdf.is-manchester", "rdf.is-owl-xml", "rdf.is-obo")
_OF_N3 = re.compile(r"\{|=>?|<=|!|\^(?!\^)|\?\w|(?:is|has)\b(?!:)")
_N3 = re.compile(r"@(?:forAll|forSome|keywords)\b|\}\s*(?:=>|<=)\s*[{?\w]|\?\w+\s*=>")

_XML = re.compile(r"\s*(?:<\?xml\b|<!--|<!DOCTYPE\b|<(?:[\w.-]+:)?(?:RDF|Description)\b)")
_ELEMENT = re.compile(r"<[\w.:-]+\s+[\w.:-]+\s*=|<([\w.:-]+)>(?=.*</\1\s*>)", re.S)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_JSON = re.compile(r"\s*(?:\[\s*[\[{\"\d-]|\[\s*\]\s*\Z|\{\s*(?:\"|\}\s*\Z))")
_KEY = re.compile(r"(?:- )?(?!(?i:prefix|base)\b)[^\W\d_][\w '’-]*:(?:[ \t]+[^\s<]|[ \t]*\r?\n)")
"""A key of YAML, which begins nothing in the Turtle family."""
_SCALAR = re.compile(
    r"\s*+(?:\"(?:[^\"\\]|\\.)*+\"|[\[\s]*+(?:-?\d[\d.eE+-]*|true|false|null))[\],\s]", re.S
)
"""JSON that holds no object where it begins, or at all."""
_VALUE = re.compile(r"[\w\"]")
"""A value in JSON, which an empty array has not."""


def named(name: str) -> Format:
    """The format of this name, or of this suffix.

    Errors:
        UnknownName: with the nearest names.

    >>> named("trig").graphs, named("nq").name
    (True, 'nquads')
    """
    found = FORMATS.get(name.lower()) or _BY_SUFFIX.get(f".{name.lower()}")
    if found in (None, PAGE):
        raise UnknownName(say("rdf.no-format", name=name), hint=nearest(name, FORMATS))
    return found


def of_file(name: str) -> Format | None:
    """The format that a file's suffix promises, None when it promises none.

    >>> of_file("records/Mai.TTL").name
    'turtle'
    """
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def begun(text: str, start: int = 0, *, hashes: bool = True) -> int:
    """Where a text begins, behind white space, comments and processing instructions.

    >>> begun("<?xml?> <!-- <a> --> # b\\n<c>")
    25
    """
    while True:
        start = _SPACE.match(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
        opening = next((mark for mark in _ASIDE if text.startswith(mark, start)), None)
        if opening is None or (opening == "#" and not hashes):
            return start
        end = text.find(_ASIDE[opening], start + len(opening))
        if end < 0:
            return len(text)
        start = end + len(_ASIDE[opening])


def foreign_name(name: str) -> Wording | None:
    """The syntax that a file's suffix promises and that is not read here; None for all others.

    >>> foreign_name("a.n3"), foreign_name("a.csv")
    ('this is Notation3 (N3)', None)
    """
    key = _FOREIGN_SUFFIXES.get(PurePath(name).suffix.lower())
    return say(key) if key else None


def looks_like(name: str) -> bool:
    """Whether a suffix that promises no format is one that people give to files of RDF."""
    return PurePath(name).suffix.lower() in _NEAR_SUFFIXES


def other(file: str, head: str) -> Wording | None:
    """What a file of JSON or XML plainly is by its beginning, where that is no RDF.

    >>> other("a.json", "[1, 2]"), other("a.xml", '<a x="y"/>'), other("a.json", "{}")
    ('this is JSON, but neither an object nor an array of objects, as JSON-LD is', 'this is XML, but not RDF/XML', None)
    """  # noqa: E501
    if not head.strip():
        return None
    try:
        form = settle(file, head, None)
    except InputError as error:
        return error.message if isinstance(error.message, Wording) else None
    if form.name == "jsonld" and "{" not in head and _VALUE.search(head):
        return say("rdf.is-json")
    xml = PurePath(file).suffix.lower() == ".xml"
    return say("rdf.is-xml") if xml and RDF not in head else None


def foreign(file: str, text: str) -> InputError | None:
    """The error that names a syntax that is not read here; None where none is known.

    >>> str(foreign("a.owl", "Prefix(:=<http://a.example/>)\\nOntology()"))
    'a.owl: this is OWL 2 functional-style syntax; save the ontology as Turtle or RDF/XML'
    """
    seen = _FOREIGN_SUFFIXES.get(PurePath(file).suffix.lower())
    start = begun(text)
    if declared := DOCTYPE.match(text, start):
        start = begun(text, declared.end())
    for name, looks in _FOREIGN.items():
        if seen is None and looks.match(text, start):
            seen = name
    if seen is None and not _JSON.match(text) and _N3.search(text, 0, 100_000):
        seen = "rdf.is-n3"
    if seen is None:
        return None
    if seen == "rdf.is-n3":
        return n3(file)
    ours = seen not in _ONTOLOGIES
    hint = say("rdf.save-as", suffixes=SUFFIXES) if ours else say("rdf.save-ontology")
    return InputError(say(seen), file=file, hint=hint)


def n3(file: str) -> InputError:
    """The error that names Notation3.

    >>> str(n3("a.n3"))
    'a.n3: this is Notation3 (N3); where it is Turtle too, give it the suffix .ttl'
    """
    new = of_file(file) is None
    hint = say("rdf.as-turtle") if new else say("rdf.save-as", suffixes=SUFFIXES)
    return InputError(say("rdf.is-n3"), file=file, hint=hint)


def of_n3(row: str, at: int, text: str, said: str) -> bool:
    """Whether a text that is not of the Turtle family breaks at what only Notation3 has.

    Parameters:
        row: the line with the fault.
        at: where it stands in the line.
        text: the whole, which is no N3 where it is TriG.
        said: what the parser says; words are predicates of N3, elsewhere texts without quotes.

    >>> of_n3("ex:a => ex:b .", 5, "", ""), of_n3("ex:a 1 ex:b .", 5, "", "")
    (True, False)
    """
    found = _OF_N3.match(row, at)
    if found is None or (found[0].isalpha() and "predicate" not in said):
        return False
    if found[0] != "{":
        return True
    try:
        for _ in parse(text.encode(), RdfFormat.TRIG, base_iri="relative://nowhere/"):
            pass
    except SyntaxError:
        return True
    return False


def sniff(text: str) -> str:
    """What text looks like: "html", "jsonld", "rdfxml", or "turtle" for the rest of the family.

    >>> sniff("<!DOCTYPE html><html>"), sniff('{"@id": "a:b"}'), sniff("@prefix a: <a:> .")
    ('html', 'jsonld', 'turtle')
    """
    head = text[:4096]
    if _HTML.match(head, begun(head, hashes=False)):
        return "html"
    if _JSON.match(head):
        return "jsonld"
    if _XML.match(head):
        return "rdfxml"
    return "turtle"


def settle(file: str, text: str, wanted: str | None) -> Format:
    """The format to read a file as: the one asked for, else its suffix's, else what it looks like.

    Errors:
        InputError: the text is plainly something else than its name says.

    >>> settle("-", '{"@id": "a:b"}', None).name
    'jsonld'
    """
    seen = sniff(text)
    promised = named(wanted) if wanted else of_file(file)
    if wanted is None and PurePath(file).suffix.lower() in YAML.suffixes:
        return YAML
    if promised is FORMATS["rdfxml"] and _ELEMENT.match(text, begun(text, hashes=False)):
        seen = "rdfxml" if seen == "turtle" else seen
    if seen == "html" or promised is PAGE:
        if promised not in (None, PAGE):
            raise InputError(say("rdf.web-page"), file=file, hint=say("rdf.save-rdf"))
        return PAGE
    typed = promised is None and seen == "turtle" and _KEY.match(text, begun(text)) is not None
    doubtful = typed or seen != "turtle" or PurePath(file).suffix.lower() in _FOREIGN_SUFFIXES
    if doubtful and (known := foreign(file, text)) is not None:
        raise known
    if typed:
        return YAML
    if promised is None:
        return FORMATS["trig" if seen == "turtle" else seen]
    if promised.name == "jsonld" and seen == "turtle" and _SCALAR.match(f"{text}\n"):
        seen = "jsonld"
    family = promised.name if promised.name in WHOLE else "turtle"
    if family != seen and text.strip():
        raise foreign(file, text) or InputError(
            say("rdf.looks-like", title=promised.title, looks=FORMATS[seen].title)
            if seen != "turtle"
            else say("rdf.content-is", title=promised.title),
            file=file,
            hint=say("rdf.suffix"),
        )
    return promised

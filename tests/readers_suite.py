"""What every reader of RDF makes of a file; a small file for each reader runs the cases on its own.

The readers are that of records (`records.rdf`, with the place of every triple), that of large files
(`records.bulk`, quad by quad) and that of columns (`columns`, inside DuckDB). A test module derives
from `ReaderSuite` and reads a file; where a reader differs on purpose the case says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.errors import GsefgraphError, InputError, RefusedAccess, SyntaxFault
from gsefgraph.terms import OWL, RDF, XSD
from tests.rdfs import same

RDFXML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:a="https://a.example/">'


@dataclass(frozen=True)
class Right:
    """A file that is read: as these N-Quads, or else as pyoxigraph reads it, in these lines.

    `refused`: by a reader all the same, with these words.
    """

    name: str
    text: str
    quads: str | None = None
    lines: Sequence[int] | None = None
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> list[Quad]:
        form = RdfFormat.from_extension("nq" if self.quads else self.name.rpartition(".")[2])
        assert form is not None
        return list(parse((self.quads or self.text).encode(), form))


class Wrong:
    """A file that is refused: with place and words, some of which are left out at …

    `but`: reader -> what it says instead; "" where it reads the file.
    """

    def __init__(
        self,
        name: str,
        text: str | bytes,
        message: str,
        error: type[GsefgraphError] = SyntaxFault,
        **but: str,
    ) -> None:
        self.name, self.text, self.message, self.error, self.but = name, text, message, error, but


class Placed(NamedTuple):
    """Where a statement stands: subject, and predicate and value unless they are empty."""

    name: str
    text: str
    subject: str
    predicate: str
    value: str
    place: tuple[int, int]

    @property
    def asked(self) -> tuple[NamedNode, NamedNode | None, Literal | None]:
        predicate = NamedNode(self.predicate) if self.predicate else None
        return NamedNode(self.subject), predicate, Literal(self.value) if self.value else None


def among(line: str) -> str:
    """A line as the third of a file of N-Quads."""
    return f"<a:a> <a:a> <a:a> .\n\n{line}\n<a:z> <a:z> <a:z> .\n"


# fmt: off
LINES = [
    '<a:s> <a:p> "x" .', "<a:s> <a:p> <a:o> <a:g> .", "_:a <a:p> _:b .",
    "_:a.b <a:p> _:é <a:g> .", '<a:s> <a:p> "two words and <b> ." <a:g> .',
    '<a:s> <a:p> "a <b>" .', '<a:s> <a:p> "x"@fr .', '<a:s> <a:p> "x"@EN-gb <a:g> .',
    '<a:s> <a:p> "x y"@zh-Hant-TW .', f'<a:s> <a:p> "1"^^<{XSD}integer> .',
    f'<a:s> <a:p> "x"^^<{XSD}string> .', '<a:s> <a:p> "é\\u00e9\\U0001F600" .',
    r'<a:s> <a:p> "\\n\n\\\n\"\\\"\'\t\b\f\r" .', r'<a:s> <a:p> "\\" <a:g> .',
    r'<a:s> <a:p> "a\"@en" .', '<a:s> <a:p> "a^^<b>"^^<a:t> .', '<a:s>\t<a:p>\t"x"\t.',
    "<a:s><a:p><a:o><a:g>.", '  <a:s>  <a:p> "x  y" . ', '<a:s> <a:p> "x" . # said <a:g> .',
    "# a comment .", "# a <b> <c> .", "", "   \t",
    "<a:\\u00e9> <a:p> <http://a.b:8/c?d=é&%20#f> .", "<http://[::1]/> <a:p> <urn:uuid:1> .",
    '<a:s> <a:p> "\x01\x02\x03\x04\u2028\x85\x0b" .',
    '<a:s> <a:p> "" <a:g> .', f'<a:s> <a:p> ""^^<{XSD}date> .',
]
# fmt: on
THREE = f'<a:s> <a:p> <a:o> .\n<a:s> <a:p> "x"@fr .\n<a:s> <a:q> "1"^^<{XSD}integer> .'
ONE = "<a:s> <a:p> <a:o> ."
ONE_AND_TWO = '<a:s> <a:p> "1" .\n<a:s> <a:p> "2" .'
ENDS = ("\n\n{}\n", "\r\n\r\n{}", "\r\r{}\r", "\n\r\n{}", "\r\n\n{}\r", "\r\r\n{}")
ENDED = ['<a:s> <a:p> "1" .' + end.format('<a:s> <a:p> "2" .') for end in ENDS]
MARKED = "\ufeff" + ENDED[0]
LONG = "é" * 2_000_000
RIGHT = [
    *(
        Right("a.nq", among(line), lines=[1, 4] if line.strip()[:1] in ("", "#") else [1, 3, 4])
        for line in LINES
    ),
    Right("all.nq", "\n".join(LINES)),
    Right("many.nq", "".join(f'<a:s{n}> <a:p> "é{n}"@fr <a:g> .\n' for n in range(500))),
    *(Right("ended.nq", text, ONE_AND_TWO, [1, 3]) for text in ENDED),
    Right("marked.nq", MARKED, ONE_AND_TWO, [1, 3]),
    Right("long.nq", f'{ONE}\n<a:s> <a:p> "{LONG}" .\n<a:s> <a:p> "3" .', lines=[1, 2, 3]),
    Right("a.ttl", "@prefix a: <a:> .\na:s a:p a:o , 'x'@fr ; a:q 1 .", THREE),
    Right(
        "a.trig",
        "@prefix a: <a:> .\na:g { a:s a:p a:o , 'x'@fr ; a:q 1 }",
        THREE.replace(" .", " <a:g> ."),
    ),
    Right("a.nt", THREE, THREE, [1, 2, 3]),
    Right(
        "a.jsonld",
        '{"@id": "a:s", "a:p": [{"@id": "a:o"}, {"@value": "x", "@language": "fr"}], "a:q": 1}',
        THREE,
    ),
    Right(
        "a.rdf",
        f'<r:RDF xmlns:r="{RDF}" xmlns:a="a:"><r:Description r:about="a:s">'
        '<a:p r:resource="a:o"/><a:p xml:lang="fr">x</a:p>'
        f'<a:q r:datatype="{XSD}integer">1</a:q></r:Description></r:RDF>',
        THREE,
    ),
    Right("odd.ttl", "<a:s> <a:p> 01, 1.50, true, '''a\nb\t\\u0000\x01''' ; <a:q> [ <a:p> () ] ."),
    Right("bom.ttl", f"\ufeff{ONE}", ONE),
    # An import of the ontology is no import from elsewhere.
    Right("a.nq", f"<a:s> <{OWL}imports> <https://w3id.org/gsefgraph/ontology> ."),
    # Names are taken literally.
    *(Right(name, ONE) for name in ("a'b.nq", "*.nq", "[a-z]?.nq", "a b.nq", 'q"{x}.nq', "é\\.nq")),
]

NODE = "The subject of a triple must be an IRI or a blank node"
PREDICATE = "The predicate of a triple must be an IRI"
END = "must be followed by a dot"
SPACE = "is not an IRI: Invalid IRI code point ' '; write a space in an IRI as %20"
RELATIVE = "is a relative IRI without a base; write the IRI whole"
TAG = "is no language tag (BCP 47), such as fr or pt-BR"
WRONG_LINES = {
    "<a:s> <a:p> .": ("3:13", "The object of a triple must be"),
    '<a:s> <a:p> "x"': ("4:1", END),
    '<a:s> "p" <a:o> .': ("3:7", PREDICATE),
    '"s" <a:p> <a:o> .': ("3:1", NODE),
    "<a:s> _:p <a:o> .": ("3:7", PREDICATE),
    '<a:s> <a:p> <a:o> "g" .': ("3:19", NODE),
    '<a:s> <a:p> "a" "b" .': ("3:17", NODE),
    "<s> <a:p> <a:o> .": ("3:1", RELATIVE),
    "<a:s> <a:p> <o> .": ("3:13", RELATIVE),
    "<a:s b> <a:p> <a:o> .": ("3:1", SPACE),
    "<a:s\\u0020b> <a:p> <a:o> .": ("3:1", SPACE),
    "<a:{}> <a:p> <a:o> .": ("3:1", "Invalid IRI code point '{'"),
    "<http://a:b/> <a:p> <a:o> .": ("3:1", "Invalid character 'b'"),
    "<http://a/%zz> <a:p> <a:o> .": ("3:1", "Invalid IRI percent encoding"),
    "<http://[x]/> <a:p> <a:o> .": ("3:1", "Invalid host IP"),
    '<a:s> <a:p> "x"@ .': ("3:17", "A language code should"),
    '<a:s> <a:p> "x"@fr_FR .': ("3:17", f"fr_FR {TAG}; write fr-FR"),
    '<a:s> <a:p> "x"@abcdefghijk .': ("3:17", f"abcdefghijk {TAG}"),
    '<a:s> <a:p> "x"@a1 .': ("3:17", f"a1 {TAG}"),
    '<a:s> <a:p> "x"^^a:t .': ("3:18", "A literal datatype must be an IRI"),
    '<a:s> <a:p> "x"^^<t> .': ("3:18", RELATIVE),
    f'<a:s> <a:p> "x"^^<{RDF}langString> .': ("3:18", "not be rdf:langString"),
    r'<a:s> <a:p> "\q" .': ("3:14", "Unexpected escape character"),
    r'<a:s> <a:p> "\u00g1" .': ("3:18", "not a valid hexadecimal string"),
    r'<a:s> <a:p> "\uD800" .': ("3:14", "not a valid unicode character"),
    "_:-a <a:p> <a:o> .": ("3:1", "A blank node ID cannot be empty"),
    "_:a. <a:p> <a:o> .": ("3:4", PREDICATE),
    '<a:s> <a:p> "x" . <a:s> <a:p> "y" .': ("3:19", "Only a single triple or quad"),
    "a:s a:p a:o .": ("3:1", NODE),
    '<a:s> <a:p> "it"s" .': ("3:17", NODE),
    "<a:s> <a:p> <a:o> <a:g> <a:h> .": ("3:25", END),
    "@prefix a: <a:> .": ("3:1", NODE),
}
FETCHED, NO_LOADER = "would have to be fetched", "No LoadDocumentCallback"
# fmt: off
WRONG = [
    *(Wrong("a.nq", among(line), f":{place}: not N-Quads: … {words}")
      for line, (place, words) in WRONG_LINES.items()),
    Wrong("a.nt", "<a:s> <a:p> 1 .", ":1:13: not N-Triples"),
    Wrong("a.nt", "<a:s> <a:p> <a:o> <a:g> .", f":1:19: not N-Triples: … {END}"),
    Wrong("a.nt", "<a:s> <a:p> _:o _:g .", f":1:17: not N-Triples: … {END}"),
    Wrong("a.nq", f"{ONE}\r\n\n\r{ONE}\rbad\r", f":5:1: not N-Quads: … {NODE}"),
    Wrong("a.ttl", "@prefix a: <a:> .\na:s a:p .", ":2:9: not Turtle: … not a valid RDF object"),
    Wrong("a.ttl", "<a:s> <a:p> 1 .\n<a:s <a:p> 1 .", f":2:1: not Turtle: … {SPACE}"),
    Wrong("a.trig", "<a:g> { <a:s> <a:p> <b c> }", f":1:21: not TriG: … {SPACE}"),
    Wrong("a.jsonld", '{"@id": 1}', ":1:3: not JSON-LD: @id value must be a string",
          columns=": not JSON-LD: @id value must be a string"),
    # A stream keeps no text, nor do columns of formats that are no lines.
    Wrong("a.ttl", "<a:s> <a:p> <a:o o> .", f":1:13: not Turtle: <a:o o> {SPACE}"),
    Wrong("a.rdf", f'{RDFXML}\n<rdf:Description rdf:about="https://a.example/s s"/></rdf:RDF>',
          f":2:29: not RDF/XML: … {SPACE[15:]}", columns=f": not RDF/XML: … {SPACE[15:]}"),
    Wrong("a.ttl", "<a:s> <a:p> <<( <a:s> <a:p> 1 )>> .", ":1:13: … a triple term of RDF 1.2",
          InputError, bulk=": … a triple term of", columns=": … a triple term of"),
    Wrong("a.nq", "<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .", ":1:13: … a triple term of RDF 1.2",
          InputError, bulk=": … a triple term of", columns=":1:13: … is a triple term of RDF 1.2"),
    Wrong("a.nq", "<a:s> <a:p> <a:o> _:g .", ":1:13: a graph has no IRI", InputError,
          bulk=": a graph has no IRI"),
    # Columns resolve relative IRIs against the file.
    Wrong("a.ttl", "<s> <a:p> 1 .", f":1:1: not Turtle: <s> {RELATIVE}, declare @base",
          columns=""),
    Wrong("a.nq", '<a:s> <a:p> "x"@en--ltr .', ":1:13: … has a base direction, of RDF 1.2",
          InputError, bulk=": … has a base direction"),
    # Bytes that are no text are the parser's to refuse where no text is kept.
    Wrong("a.ttl", b'<a:s> <a:p> "caf\xe9" .', ":1:17: byte 0xe9 is not UTF-8", InputError,
          bulk=":1:17: … Invalid UTF-8", columns=":1:17: … Invalid UTF-8"),
    Wrong("a.nq", b'<a:s> <a:p> "x" .\n<a:s> <a:p> "\xc3\xa9\xff" .',
          ":2:15: byte 0xff is not UTF-8", InputError, bulk=":2:15: … Invalid UTF-8"),
    Wrong("a.ttl", "<a:s>".encode("utf-16"), "this is UTF-16", InputError,
          columns=":1:1: … Invalid UTF-8"),
    Wrong("a.ttl", b"\0\0\0", ":1:1: a NUL byte: this is a binary file", InputError,
          bulk=":1:1: not Turtle", columns=":1:1: not Turtle"),
    Wrong("a.nq", f'{ONE}\n<a:s> <a:p> "é\0" .', ":2:15: a NUL byte", InputError, bulk=""),
    # Columns take a file for what its suffix says.
    Wrong("a.csv", "id,nom\n1,GSEF\n", ":1:1: … files of RDF end in .ttl .trig .nt",
          columns=": its name does not tell … files of RDF end in .ttl .trig .nt"),
    Wrong("a.ttl", "<!DOCTYPE html><html></html>", "a web page, not RDF", InputError,
          columns=":1:1: not Turtle"),
    Wrong("a.rdf", "<html><a/></html>", "a web page, not RDF", InputError, columns=": not RDF/XML"),
    Wrong("a.ttl", '{"@id": "a:b"}', "says Turtle, the content looks like JSON", InputError,
          columns=":1:1: not Turtle"),
    Wrong("a.nq", '{"@id": "https://e.example/a"}', "looks like JSON-LD", InputError,
          columns=":1:1: not N-Quads"),
    Wrong("a.jsonld", "<a:s> <a:p> 1 .", "says JSON-LD, the content is neither", InputError,
          columns=":1:1: not JSON-LD"),
    Wrong("a.ttl", RDFXML, "looks like RDF/XML", InputError, columns=":1:1: not Turtle"),
    # JSON-LD and RDF/XML are not looked at first in columns: who gives them has done so.
    Wrong("a.jsonld", '{"@id": "a:b",}', ":1:15: not JSON:", columns=":1:15: not JSON-LD:"),
    Wrong("a.json", "[" * 105 + "{" * 96 + '"', ":1:201: nested deeper than 200 levels", InputError,
          columns=":1:107: not JSON-LD"),
    Wrong("a.jsonld", '{\n"@context": "https://a.example/"}',
          f":2:14: the context https://a.example/ {FETCHED}", RefusedAccess, columns=NO_LOADER),
    Wrong("a.jsonld", '{"@context": [{"@import": "x"}]}', f"the context x {FETCHED}", RefusedAccess,
          columns=NO_LOADER),
    Wrong("a.jsonld", '{"@context": {"t": {"@id": "a:t", "@context": ["remote"]}}}',
          f"the context remote {FETCHED}", RefusedAccess, columns=NO_LOADER),
]
# fmt: on

TURTLE = """@prefix ex: <ex:> . # a comment with <iri> and "text"
PREFIX é: <https://é.example/>
@base <https://base.example/x/> .
ex:s a ex:T ;
  ex:p 'one' , \"\"\"two
lines \\"q\\" \"\"\" , 3.5 ;
  ex:list ( ex:a "b" ) ;
  ex:node [ ex:q "inner" ; ex:r ( ) ] ;
  ex:after true .
<rel> é:p ex:local\\,x , "fr"@fr , "d"^^ex:type .
_:b ex:p ex:s.
GRAPH ex:g { ex:s ex:p "in graph" . }
"""
REL = "https://base.example/x/rel"
JSON = '{"@context": {"e": "https://e.example/"},\n "@id": "e:s",\n "e:p": {"@value": "é\\"x"}}'
XML = f'{RDFXML}\n<a:T rdf:about="https://a.example/s">\n <a:p>x</a:p>\n</a:T></rdf:RDF>'
PLACED = [
    Placed("a.trig", TURTLE, "ex:s", "", "", (4, 1)),
    Placed("a.trig", TURTLE, "ex:s", "ex:p", "one", (5, 8)),
    Placed("a.trig", TURTLE, "ex:s", "ex:p", 'two\nlines "q" ', (5, 16)),
    Placed("a.trig", TURTLE, "ex:s", "ex:p", "3.5", (6, 19)),
    Placed("a.trig", TURTLE, "ex:s", "ex:list", "", (7, 3)),
    Placed("a.trig", TURTLE, "ex:s", "ex:after", "true", (9, 12)),
    Placed("a.trig", TURTLE, REL, "https://é.example/p", "fr", (10, 25)),
    Placed("a.trig", TURTLE, REL, "", "", (10, 1)),
    Placed("a.trig", TURTLE, "ex:s", "ex:p", "in graph", (12, 24)),
    Placed("a.trig", TURTLE, "ex:s", "ex:missing", "x", (4, 1)),
    Placed("a.nq", '<a:s> <a:p> "x" <a:g> .\n<a:s> <a:p> "y" .\n', "a:s", "a:p", "y", (2, 13)),
    *(Placed("a.nq", text, "a:s", "a:p", "2", (3, 13)) for text in (*ENDED, MARKED)),
    Placed("a.jsonld", JSON, "https://e.example/s", "", "", (2, 10)),
    Placed("a.jsonld", JSON, "https://e.example/s", "", 'é"x', (3, 21)),
    Placed("a.rdf", XML, "https://a.example/s", "", "x", (3, 7)),
    Placed("a.ttl", "\ufeff<a:s> <a:p> 1 .", "a:s", "", "", (1, 1)),
]


def write(folder: Path, text: str | bytes, name: str = "a.nq") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def label(case: Right | Wrong | Placed) -> str:
    return f"{case.name} {case.text[:60]!r}"


class ReaderSuite:
    """The cases. A reader has a name, and reads a file as quads with their lines."""

    reader: ClassVar[str]
    bag: ClassVar[bool] = True
    """Whether a quad that stands twice comes twice."""

    def read(self, file: Path) -> Iterable[tuple[Quad, int | None]]:
        """The quads of a file, each with its line where the reader knows it."""
        raise NotImplementedError

    @pytest.mark.parametrize("case", RIGHT, ids=label)
    def test_reads(self, tmp_path: Path, case: Right) -> None:
        write(tmp_path, "bad", "z1.nq")
        file = write(tmp_path, case.text, case.name)
        if words := case.refused.get(self.reader):
            with pytest.raises(InputError, match=words):
                list(self.read(file))
            return
        found = list(self.read(file))
        quads = [quad for quad, _ in found]
        wanted = case.wanted if self.bag else list(dict.fromkeys(case.wanted))
        if case.name.endswith(("nq", "nt")):
            assert quads == wanted
            if case.lines and all(line is not None for _, line in found):
                assert [line for _, line in found] == case.lines
        else:
            assert same(quads, wanted)

    @pytest.mark.parametrize("case", WRONG, ids=label)
    def test_refuses_in_one_line_with_its_place(self, tmp_path: Path, case: Wrong) -> None:
        file = write(tmp_path, case.text, case.name)
        message = case.but.get(self.reader, case.message)
        message = f"{case.name}{message}" if message.startswith(":") else message
        if not message:
            list(self.read(file))
            return
        with pytest.raises(GsefgraphError) as caught:
            list(self.read(file))
        if self.reader not in case.but:
            assert type(caught.value) is case.error
        said = str(caught.value)
        assert "\n" not in said
        for words in message.split(" … "):
            assert words in said

    def test_files_that_are_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no such file"):
            list(self.read(tmp_path / "none.ttl"))
        (tmp_path / "x.nq").mkdir()
        with pytest.raises(InputError, match="this is a folder"):
            list(self.read(tmp_path / "x.nq"))

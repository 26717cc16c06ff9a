"""What parsers say: each sentence that is known in every language is one that a parser says."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import re
import zipfile
from pathlib import Path
from xml.parsers import expat

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from gsefgraph.errors import InputError
from gsefgraph.records import rdf
from gsefgraph.terms import RDF
from gsefgraph.wording import Wording, heard, spoken
from tests.commands import Cli
from tests.test_texts import KEYS

HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e.example/">\n'
SAID = {
    RdfFormat.TURTLE: (
        "<a:b> <a:c> 1 <a:d>", "e:a <a:b> 1 .", '<a:b> <a:c> "x', "<a:b> <a:c> [ ", "<a:b> <a:c> .",
        "<a:b> 1 2 .", '"x" <a:b> 1 .', '<a:b> <a:c> "\\q" .', '<a:b> <a:c> "\n" .',
        '<a:b> <a:c> "x"^^"y" .', f'<a:b> <a:c> "x"^^<{RDF}langString> .', "_: <a:b> 1 .",
        "@prefix <a:b> .", '@base "x" .', '@prefix a: "x" .', '<a:b> <a:c> "\\u00zz" .',
        '<a:b> <a:c> "\\uD800" .', "<a:b> <a:c> 1e .", '<a:b> <a:c> "x"@1 .',
        "@prefix e: <e:> . e:a\\x <a:b> 1 .", "% .",
    ),
    RdfFormat.N_TRIPLES: (
        "<a:b> <a:c> <a:d>", "<a:b> <a:c> <a:d> <a:e> .", "<a:b> <a:c> .", "<a:b> _:c 1 .",
        '"x" <a:b> <a:c> .', '<a:b> <a:c> "x" . <a:b> <a:c> "x" .', '<a:b> <a:c> "x"^^x .',
    ),
    RdfFormat.TRIG: ("GRAPH 'x' {}",),
    RdfFormat.RDF_XML: tuple(f"{HEAD}{text}</rdf:RDF>" for text in (
        "<e:A><e:p>x<e:B/></e:p></e:A>", "text", "<rdf:li/>", '<e:A rdf:ID="a b"/>', "<A/>",
        '<e:A><e:p rdf:resource="e:a" rdf:nodeID="b"/></e:A>', '<e:A rdf:nodeID="1a"/>',
        '<e:A rdf:aboutEach="x:y"/>',
        '<e:A><e:p rdf:parseType="Literal" rdf:resource="e:x"/></e:A>',
    )),
    RdfFormat.JSON_LD: tuple(map(json.dumps, (
        {"@context": {"@vocab": 5}}, {"@context": {"@language": 5}}, {"@context": 5},
        {"@context": {"a": 5}}, {"@context": {"@version": 2}}, {"@reverse": 5},
        {"@context": {"a": "b:c", "b": "a:d"}}, {"@context": {"a": {}}, "a": 1},
        {"@context": {"a": {"@id": "b:c", "@container": "@x"}}},
        {"@context": {"a": {"@id": "b:c", "@type": "@x"}}},
        {"@context": {"a": {"@id": "b:c", "@foo": "@x"}}},
        {"@context": {"a": {"@id": "b:c", "@prefix": 5}}}, {"@context": {"a": {"@reverse": 5}}},
        {"a:p": {"@value": {}}}, {"a:p": {"@list": [], "a:q": 1}},
        {"a:p": {"@value": "x", "@type": "a:t", "@language": "fr"}},
        {"a:p": {"@value": "x", "a:q": 1}}, {"a:p": {"@value": 5, "@language": "fr"}},
    ))),
}  # fmt: skip
IRIS = ("http://a b", "http://a:b", "http://[a", "http://%zz", "a", "http://[::g]/")
JSON = (
    '{"a":}', '{"a"}', "{a:1}", '{"a":1 "b":2}', "{} {}", '{"a":"x', '{"a":"\n"}', '{"a":"\\q"}',
    '{"a":"\\u00"}',
)  # fmt: skip
YAML_TEXTS = (
    "a: b: c", "a:\n  - b\n - c", "a: [1\nb", "a: @b", "a: 'x", "a\nb\nc: d: e\nf",
    'a: "\\q"', "a: |x\n b", "a:\n b\nc\n", "? a\nb",
)  # fmt: skip
XML = (
    "<a", "", "<a>&</a>", "<a></b>", '<a b="" b=""/>', "<a/><b/>", "<a>&b;</a>", "<a>&#0;</a>",
    " <?xml version='1.0'?><a/>", "<a><![CDATA[</a>", "<b:a/>", "x",
)  # fmt: skip
HELLO = b"hello" * 100
GZIP, XZ = gzip.compress(HELLO), lzma.compress(HELLO)
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as made:
    made.writestr("a.ttl", HELLO)
ENTRY = ZIP.getvalue().index(b"PK\1\2")


def changed(data: bytes, *places: tuple[int, int]) -> bytes:
    parts = bytearray(data)
    for place, byte in places:
        parts[place] = byte
    return bytes(parts)


PACKED = {
    "a.ttl.gz": (
        b"no", GZIP[:-9], changed(GZIP, (-8, 1)), changed(GZIP, (-4, 1)), changed(GZIP, (10, 255)),
    ),
    "a.ttl.bz2": (b"nope nope",),
    "a.ttl.xz": (b"nope nope", changed(XZ, (24, 255))),
    "a.zip/a.ttl": (
        b"PK no", ZIP.getvalue().replace(b"hello", b"hallo"),
        changed(ZIP.getvalue(), (6, 1), (ENTRY + 8, 1)),
        changed(ZIP.getvalue(), (8, 9), (ENTRY + 10, 9)),
    ),
    "a.rdf": (
        b"<?xml version='1.0' encoding='foo'?><a/>",
        b"<?xml version='1.0' encoding='cp932'?><a>\x81</a>",
    ),
}  # fmt: skip
LATER = {"parser.json-comma-late"}  # said by Python from 3.13 on


SPARQL = (
    "INSERT DATA { ?x <a:b> <a:c> }", "DELETE DATA { _:a <a:b> <a:c> }",
    "DELETE WHERE { _:a <a:b> <a:c> }",
)  # fmt: skip


def problems(folder: Path) -> list[tuple[Path, Wording]]:
    """What is told of files that cannot be unpacked or decoded."""
    found = []
    for name, contents in PACKED.items():
        file = folder / name
        outer = file.parent if "zip" in name else file
        for number, content in enumerate(contents):
            outer.write_bytes(content)
            os.utime(outer, (number, number))
            with pytest.raises(InputError) as error:
                rdf.read(file)
            problem = getattr(error.value.message, "values", {}).get("problem")
            assert isinstance(problem, Wording), error.value
            found.append((file, problem))
    return found


def told() -> list[str]:
    found = []
    for text in SPARQL:
        with pytest.raises(SyntaxError) as refused:
            Store().update(text)
        found += re.split(r".*: expected (?:one of )?|, ", str(refused.value.msg))
    for form, texts in SAID.items():
        for text in texts:
            with pytest.raises(SyntaxError) as error:
                list(parse(text.encode(), form))
            found.append(str(error.value.msg).rpartition(" column")[2].partition(": ")[2])
            found.append(str(error.value.msg).partition(": ")[2] or str(error.value.msg))
            found.append(str(error.value.msg))
    for iri in IRIS:
        with pytest.raises(ValueError, match=r".") as wrong:
            NamedNode(iri)
        found.append(str(wrong.value))
    for text in JSON:
        with pytest.raises(json.JSONDecodeError) as broken:
            json.loads(text)
        found.append(broken.value.msg)
    for text in YAML_TEXTS:
        with pytest.raises(MarkedYAMLError) as marked:
            list(YAML(typ="safe", pure=True).parse(text))
        found.append(marked.value.problem)
    for text in XML:
        with pytest.raises(expat.ExpatError) as fault:
            expat.ParserCreate(namespace_separator=" ").Parse(text, True)
        found.append(expat.ErrorString(fault.value.code))
    return found


def test_every_sentence_of_a_parser_is_one_that_it_says(tmp_path: Path) -> None:
    known = {said.key for text in told() if isinstance(said := heard(text), Wording)}
    known |= {problem.key for _, problem in problems(tmp_path)}
    wanted = {key for key in KEYS["en"] if key.startswith("parser.")}
    assert wanted - known - LATER == set()


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "a.ttl",
            "<a:b> <a:c> 1\n<a:d> <a:e> 2 .",
            "a.ttl:2:1: n’est pas du Turtle : il manque un",
        ),
        (
            "a.nt",
            "<a:b> <a:c> 1 .",
            "a.nt:1:13: n’est pas du N-Triples : l’objet d’un triplet doit",
        ),
        ("a.rdf", f"{HEAD}<f:A/></rdf:RDF>", "a.rdf:2:1: n’est pas du RDF/XML : un préfixe n’est"),
        (
            "a.rdf",
            f"{HEAD}<e:A><rdf:Bag/><rdf:Description/></e:A></rdf:RDF>",
            "a.rdf:2:17: n’est pas du RDF/XML : ",
        ),
        ("a.rdf", f"{HEAD}<rdf:li/></rdf:RDF>", "a.rdf:2:2: n’est pas du RDF/XML : "),
        ("a.jsonld", '{"a":\n 1,}', "a.jsonld:2:4: n’est pas du JSON : "),
        (
            "a.jsonld",
            '{"@context":\n {"@vocab": 5}}',
            "a.jsonld:2:4: n’est pas du JSON-LD : la val",
        ),
        (
            "a.jsonld",
            '{"@context":\n {"a": 5}, "a": 1}',
            "a.jsonld:2:4: n’est pas du JSON-LD : un terme",
        ),
    ],
)
def test_parsers_speak_french(name: str, text: str, wanted: str, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / name).write_text(text)
    done = cli("validate", "--alone", tmp_path / name, "--lang", "fr")
    assert done.code == 3
    assert wanted in done.err.replace("\u00a0", " ")


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert spoken(heard("Out of cheese"), "fr") == "Out of cheese"

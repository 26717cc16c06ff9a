"""Files of RDF as people have them: packed, in folders, relative, with entities, in web pages."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import shutil
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph.engine.literals import kept
from gsefgraph.errors import GsefgraphError, InputError, SyntaxFault, UsageError
from gsefgraph.graph.graph import Graph
from gsefgraph.graph.loading import load
from gsefgraph.project import find
from gsefgraph.rdf import contexts, formats, packed
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading, relative
from gsefgraph.records import bulk, rdf
from gsefgraph.terms import RDF, XSD
from tests.commands import ROOT, Cli
from tests.rdfs import same
from tests.readers_suite import write

ONE = "<a:s> <a:p> <a:o> ."
HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e.example/">\n'
SCHEMA = "http://schema.org/"


def read(name: str, text: str | bytes, reading: Reading = AS_DOCUMENTS) -> list[Quad]:
    data = text.encode() if isinstance(text, str) else text
    return list(rdf.read(name, data=data, reading=reading).quads)


def lines(name: str, text: str | bytes, reading: Reading = AS_DOCUMENTS) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [f"{q.triple}" for q in rdf.read(name, data=data, reading=reading).written]


# Packed


def test_packed_files_are_read_by_every_reader(tmp_path: Path, cli: Cli) -> None:
    text = f"{ONE}\n<a:s> <a:p> <a:2> .\n".encode()
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(text))
    (tmp_path / "b.ttl.bz2").write_bytes(bz2.compress(text))
    (tmp_path / "c.nq.xz").write_bytes(lzma.compress(text))
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/e.ttl", text)
        archive.writestr("f.nt.gz", gzip.compress(text))
        archive.writestr("read.me", "nothing")
    files = packed.found([tmp_path / name for name in ("a.nt.gz", "b.ttl.bz2", "c.nq.xz", "d.zip")])
    assert [str(file.relative_to(tmp_path)) for file in files[3:]] == [
        "d.zip/f.nt.gz",
        "d.zip/in/e.ttl",
    ]
    for file in files:
        assert len(rdf.read(file).quads) == len(list(bulk.quads(file))) == 2
        assert cli("validate", "--alone", file, "-q").code == 0
    assert packed.size(files[0]) == packed.size(files[0]) > 0
    asked = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { <a:s> ?p ?o } }"
    data = [word for file in (*files[:3], tmp_path / "d.zip") for word in ("--data", file)]
    assert cli("query", "-", "-f", "csv", *data, stdin=asked.encode()).lines == ["n", "10"]


@pytest.mark.parametrize("large", [0, 4_000_000])
def test_what_is_packed_is_bounded_and_may_be_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli, large: int
) -> None:
    monkeypatch.setattr(bulk, "LARGE", large)
    bomb = tmp_path / "bomb.nt.gz"
    bomb.write_bytes(gzip.compress(f"{ONE}\n".encode() * 100_000))
    done = cli("info", "--data", bomb, "--unpack", "1MB")
    assert (done.code, done.out) == (3, "")
    assert "bomb.nt.gz: unpacks to more than 1,048,576 bytes" in done.err
    assert "--unpack" in done.err
    assert cli("info", "--data", bomb, "--unpack", "2MB", "-q").code == 0
    with pytest.raises(InputError, match="unpacks to more than 1,000 bytes"):
        list(bulk.quads(bomb, Reading(bound=1000)))
    cut = tmp_path / "cut.nt.gz"
    cut.write_bytes(bomb.read_bytes()[:-20])
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK no archive")
    none = tmp_path / "none.zip"
    with zipfile.ZipFile(none, "w") as archive:
        archive.writestr("a.txt", "")
    for file, said in ((cut, "cannot be unpacked"), (bad, "unpacked"), (none, "no file of RDF")):
        done = cli("info", "--data", file)
        assert (done.code, done.err.count("\n")) == (3, 1)
        assert said in done.err


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["{folder}/secret.ttl", "../secret.ttl", "in/../../secret.ttl"])
def test_no_name_in_an_archive_leads_out_of_it(tmp_path: Path, cli: Cli, name: str) -> None:
    write(tmp_path, '<a:s> <a:p> "secret" .', "secret.ttl")
    (tmp_path / "in").mkdir()
    name = name.format(folder=tmp_path)
    file = zipped(tmp_path / "in" / "a.zip", **{"a.ttl": ONE.encode(), name: ONE.encode()})
    for given in (f"{file}", f"{file}/{name}"):
        done = cli("export", "--alone", "--data", given)
        assert (done.code, done.out) == (3, "")
        assert f"a.zip: the name {name} in it leads out" in done.err


def test_members_have_odd_names(tmp_path: Path) -> None:
    names = ("./a.ttl", "b//c.ttl", "d e.ttl", "C:\\f.ttl")
    file = zipped(tmp_path / "a.zip", **dict.fromkeys(names, b"<a:s> <a:p> 1 ."))
    assert [len(rdf.read(path).quads) for path in packed.found([file])] == [1] * 4


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_bound_holds_for_an_archive_as_a_whole(tmp_path: Path, cli: Cli, suffix: str) -> None:
    data = f"{ONE}\n".encode() * 6_000
    content = gzip.compress(data) if suffix else data
    members = {f"{n}.nt{suffix}": content for n in range(4)}
    file = zipped(tmp_path / "a.zip", **members, **{"large.txt": bytes(10_000_000)})
    for words in (("info", "--data"), ("validate", "--alone"), ("add", "--dry-run")):
        done = cli(*words, file, "--unpack", "150KB")
        assert (done.code, done.out) == (3, "")
        assert "a.zip: unpacks to more than 153,600 bytes" in done.err
    assert cli("info", "--alone", "--data", file, "--unpack", "500KB", "-q").code == 0


def test_a_large_archive_is_read_in_linear_time(tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", **{f"{n}.json": b'{"@id": "a:s"}' for n in range(1500)})
    start = time.perf_counter()
    assert sum(len(rdf.read(path).quads) for path in packed.found([file])) == 0
    assert time.perf_counter() - start < 5


CATALOGUE = b"""<?xml version="1.0"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"/>"""
UNREAD = {
    "catalog-v001.xml": (CATALOGUE, "this is XML, but not RDF/XML"),
    "bare.xml": (b'<a b="c"/>', "this is XML, but not RDF/XML"),
    "list.json": (b'["a", "b"]', "this is JSON, but neither"),
    "f.owl": (b"Prefix(:=<a:>)\nOntology()", "functional-style"),
    "page.rdf": (b"<html></html>", "web page"),
    "a.n3": (b"x", "Notation3"),
    "b.n3": (b"x", "Notation3"),
    "o.ofn": (b"x", "functional-style"),
    "t.turtle": (b"x", "files of RDF end in"),
    "x.trix": (b"x", "TriX"),
    "j.rj": (b"x", "RDF/JSON"),
    "s.rdfs": (b"x", "files of RDF end in"),
}
READ = {
    "a.ttl": ONE.encode(),
    "node.xml": f'<e:P xmlns:e="a:" xmlns:r="{RDF}" r:about="a:n"/>'.encode(),
    "wide.xml": f'{HEAD}<e:P rdf:about="a:w"/></rdf:RDF>'.encode("utf-16"),
    "o.json": b'{"@id": "a:j", "a:p": 1}',
    "mixed.json": b'["x", {"@id": "a:m", "a:p": 1}]',
}


@pytest.mark.parametrize("kind", ["folder", "archive", "project"])
def test_what_is_no_rdf_in_a_folder_is_named_and_the_rest_is_read(
    tmp_path: Path, cli: Cli, kind: str
) -> None:
    files = {**READ, **{name: content for name, (content, _) in UNREAD.items()}}
    folder = tmp_path / "data"
    folder.mkdir()
    if kind == "archive":
        zipped(folder / "x.zip", **files, **{"inner.zip": b"", "notes.txt": b""})
    else:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        write(folder, "x", "notes.txt")
    where = ("--project", tmp_path) if kind == "project" else ("--alone", "--data", folder)
    done = cli("query", "-", "-f", "csv", *where, stdin=b"SELECT ?s { ?s ?p ?o }")
    assert done.code == 0
    assert {"a:s", "a:n", "a:w", "a:j", "a:m"} <= set(done.lines)
    said = [line for line in done.err.splitlines() if "not read" in line]
    for name, (_, why) in UNREAD.items():
        assert [line for line in said if name in line and why in line], name
    assert ("inner.zip" in done.err) == (kind == "archive")
    assert "notes.txt" not in done.err
    assert sum("Notation3" in line for line in said) == 1
    for words in (("validate", "--alone"), ("add", "--dry-run"), ("validate", "--shapes")):
        assert cli(*words, folder).err.count("Notation3") == 1
    assert "Notation3" not in cli("validate", "--alone", folder, "-q").err


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_rdf_is_refused_where_it_is_named(name: str) -> None:
    content, why = UNREAD[name]
    if name == "list.json":  # any JSON is read where a person names it
        assert read(name, content) == []
    elif content != b"x":
        with pytest.raises(InputError, match=why):
            read(name, content)


def test_a_folder_without_rdf_says_what_it_holds(tmp_path: Path, cli: Cli) -> None:
    write(tmp_path, "x", "a.n3")
    done = cli("info", "--data", tmp_path)
    assert (done.code, done.err.count("\n")) == (3, 2)
    assert "no file of RDF is in it" in done.err
    assert "Notation3" in done.err


DOORS = (
    ("info", "--data"), ("info", "--project"), ("validate", "--alone"), ("validate", "--shapes"),
    ("validate", "--remove"), ("validate", "--baseline"), ("validate", "-o"), ("add",),
    ("export", "-o"), ("query", "speakers", "-o"), ("load", "--store", "x"), ("query",),
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_an_address_is_refused_at_every_door(cli: Cli, door: tuple[str, ...]) -> None:
    for address in ("https://a.example/x.rq", "s3://b/x.rq", "file://elsewhere/x.rq"):
        done = cli(*door, address)
        assert (done.code, done.out) == (2, "")
        assert f"error: {address} is an address, and nothing is fetched; " in done.err


@pytest.mark.parametrize("head", ["", "file://", "file:", "file://localhost"])
def test_shapes_are_read_as_data_are(tmp_path: Path, cli: Cli, head: str) -> None:
    context = write(tmp_path, '{"@context": {"sh": "http://www.w3.org/ns/shacl#"}}', "c.jsonld")
    shape = {
        "@context": "http://x.example/c?a=b", "@id": "#S", "@type": "sh:NodeShape",
        "sh:targetSubjectsOf": {"@id": "a:p"}, "sh:class": {"@id": "a:C"},
    }  # fmt: skip
    shapes = zipped(tmp_path / "sh.zip", **{"in/s.jsonld": json.dumps(shape).encode()})
    file = write(tmp_path, "<#me> <a:p> 1 .", "a.ttl")
    given = f"{head}{shapes}"
    words = ("--shapes", given, "--base", "http://b.example/")
    context_ = ("--context", f"http://x.example/c?a=b={head}{context}")
    for alone in ((), ("--alone",)):
        done = cli("validate", *alone, f"{head}{file}", *words, *context_, "-f", "json")
        assert (done.code, "http://b.example/#S" in done.out) == (1, True)
        assert cli("validate", *alone, file, *words).code == 2
        done = cli("validate", *alone, file, *words, *context_, "--unpack", "10B")
        assert (done.code, "sh.zip: unpacks to more" in done.err) == (3, True)


def test_a_folder_is_its_files_of_rdf_and_an_address_is_no_file(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".git", "broken", "x.nt")
    with zipfile.ZipFile(tmp_path / "deep" / "c.zip", "w") as archive:
        archive.writestr("c.nt", "<a:s> <a:p> 'in an archive' .".replace("'", '"'))
    write(tmp_path, ONE, "a.ttl")
    write(tmp_path / "deep" / "er", "<a:s> <a:p> 2 .", "b.nt.ttl")
    write(tmp_path, "x", "notes.txt")
    write(tmp_path, "broken", ".hidden.ttl")
    done = cli("export", "--alone", "--data", tmp_path, "-f", "ntriples")
    assert len(done.lines) == 3
    assert len(read_all(tmp_path)) == 3
    (tmp_path / "lost.nt").symlink_to("nowhere.nt")
    assert "lost.nt: no such file" in cli("export", "--alone", "--data", tmp_path).err
    (tmp_path / "lost.nt").unlink()
    file = (tmp_path / "a.ttl").as_uri()
    assert cli("export", "--alone", "--data", file, "-f", "ntriples").lines == [f"{ONE}"]
    (tmp_path / "empty").mkdir()
    assert "no file of RDF is in it" in cli("info", "--data", tmp_path / "empty").err
    for address in ("https://a.example/x.ttl", "http:/a.example/x.ttl"):
        done = cli("validate", "--alone", address)
        assert done.code == 2
        assert f"{address} is an address" in done.err
        assert "download it first" in done.err


def read_all(folder: Path) -> list[Quad]:
    return [quad for file in packed.found([folder]) for quad in bulk.quads(file)]


# Relative IRIs


RELATIVE = {
    "a.ttl": "<#me> <http://e.example/p> <other> .",
    "a.jsonld": '{"@id": "#me", "http://e.example/p": {"@id": "other"}}',
    "a.rdf": f'{HEAD}<rdf:Description rdf:ID="me"><e:p rdf:resource="other"/>'
    "</rdf:Description></rdf:RDF>",
    "a.html": '<script type="application/ld+json">{"@id": "#me", "http://e.example/p":'
    ' {"@id": "other"}}</script>',
}


@pytest.mark.parametrize("name", RELATIVE)
def test_relative_iris_are_the_documents_or_refused(tmp_path: Path, cli: Cli, name: str) -> None:
    file = write(tmp_path, RELATIVE[name], name)
    here = tmp_path.as_uri()
    asked = b"SELECT ?s ?o { GRAPH ?g { ?s <http://e.example/p> ?o } }"
    done = cli("query", "-", "-f", "csv", "--data", file, stdin=asked)
    assert done.lines == ["s,o", f"{here}/{name}#me,{here}/other"]
    based = ("--base", "https://b.example/x/")
    done = cli("query", "-", "-f", "csv", "--data", file, *based, stdin=asked)
    assert done.lines == ["s,o", "https://b.example/x/#me,https://b.example/x/other"]
    assert cli("validate", "--alone", file, "-q").code == 0
    for words in (
        ("export", "--alone", "--data", file),
        ("load", file, "--store", tmp_path / "store"),
        ("add", file, "--dry-run"),
    ):
        done = cli(*words)
        assert done.code == 3
        assert f"{name}:1:" in done.err or f"{name}:2:" in done.err
        assert "relative" in done.err
    out = cli("export", "--alone", "--data", file, "-f", "ntriples", *based)
    assert "<https://b.example/x/other>" in out.out
    assert cli("load", file, "--store", tmp_path / "store", "-q", *based).code == 0
    refused = cli("info", "--base", "x/y")
    assert (refused.code, "x/y is no base" in refused.err) == (2, True)


def test_a_relative_iri_has_its_place() -> None:
    for name, place in {"a.ttl": (1, 1), "a.jsonld": (1, 10), "a.rdf": (2, 26)}.items():
        file = rdf.read(name, data=RELATIVE[name].encode(), reading=AS_DOCUMENTS)
        [quad] = file.quads
        assert file.locate(quad.subject) == place  # type: ignore[arg-type]
    assert relative("http://a.example/b", "urn:x") == []
    assert relative("http://a.example/b", "http://a.example/b") == ["", "b", "/b", "//a.example/b"]


# JSON-LD


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"@id": "http://e.example/a b"}', ""),  # it says nothing
        ('{\n"@id": "http://e.example/a b", "a:p": "x"}', ":2:9: … <http://e.example/a b> … %20"),
        ('{"@id": "a:s", "a:p": {"@id": "http://e.example/{x}"}}', ":1:32: … {x}"),
        (
            '{"@context": {"e": "http://e.example/"}, "@id": "a:s", "a:p": {"@id": "e:x y"}}',
            ":1:72: … <http://e.example/x y>",
        ),
        ('{"a:p": "a b", "@id": "a:s", "a:q": {"@id": "a:a b"}}', ":1:46: … <a:a b>"),
        (r'{"@id": "http://e.example/\u00e9 b", "a:p": "b"}', ":1:10: … %20"),
        (r'{"@id": "http:\u002f/e.example/\"q", "a:p": "q"}', ":1:10: … '\"'"),
        (r'{"@id": "C:\\x y", "a:p": ["x", "y"]}', ":1:10: … %20"),
        ('{"@context": {"e": "http://e.example/"}, "@id": "e:a b", "a:p": "a b"}', ":1:50: … %20"),
        ('{"@id": "a:s", "http://e.example/p q": 1}', ":1:17: … <http://e.example/p q>"),
        ('{"@id": "a:s", "a:p": {"@value": "x", "@type": "a:t t"}}', ":1:49: … a:t t"),
        ('{"@id": "a:s", "a:p": {"@value": "x", "@language": "en_US"}}', ":1:53: … write en-US"),
        ('{"@id": "a:s", "a:p": {"@value": "x", "@language": "english"}}', None),
        ('{"@context": {"@language": "f r"}, "@id": "a:s", "a:p": "x"}', ":1:29: … f r is no"),
        ('{"@id": "a:s", "unknown": {"@id": "a b", "a:p": 1}}', None),  # a key without a meaning
        ('{"@id": "a:s", "Price: net": 1, "a:p": 1}', None),
        ('{"@context": {"t": {"@id": "a:t", "@type": "rel"}}}', ":1:45: not JSON-LD: … rel"),
        ('{"@id": "a:s", "a:p": NaN}', ":1:23: not JSON: NaN"),
        ('{"@context": {"@vocab": "http://v/"}, "@id": "a:s", "my p": 1}', ":1:54: … my p"),
        ('{"@id": "_:b 1", "a:p": 1}', ":1:10: … _:b 1 is no label"),
        ('{"@id": "a:s", "a:p": "_:b 1"}', None),  # a text
        (
            '{"@context": "https://schema.org", "name": "http://x y",\n"url": "http://x y"}',
            ":2:9: … <http://x y>",
        ),
        ('{"@context": {"@vocab": "http://a b/"}, "n": 1}', ":1:26: … <http://a b/n> … %20"),
        ('{"@context": {"e": "http://a b/"}, "e:n": 1}', ":1:21: … <http://a b/n> … %20"),
        ('{"@context": {"@base": "http://a b/"}, "@id": "x", "a:p": 1}', ":1:25: … %20"),
        ('{"@context": {"@base": null}, "@id": "#me", "a:p": 1}', ":1:39: … <#me> is a relative"),
        ('{"@id": "http://a/%", "a:p": 1}', ":1:10: … <http://a/%> … %25"),
        ('{"a:p": 1, "@graph": [{"a:p": 1},\n {"@type": {}}]}', ":2:4: … @type value must be"),
        (
            '{"@context": {"@protected": true, "p": "a:p"},\n"a:q": {"@context": {"p": "a:x"}}}',
            ":2:23: … protected term p",
        ),
        (
            '{"a:q": 1, "a:p":\n{"@value": "x", "@type": "a:t", "@language": "fr"}}',
            ":2:34: … @type and @language",
        ),
        (
            '{"@context": {"t": {"@id": "a:t", "@language": "e_U"}},\n"n": "e_U", "t": "d"}',
            ":1:49:",
        ),
        ('{"a:p":\n"\\ud800"}', ":2:2: not JSON: … U+D800"),
        ('{"@id": "a:s", "a:p": 1, "a:p": 2}', ":1:27: … the key a:p stands twice"),
        ('{"@context": "context.jsonld", "@id": "a:s"}', ":1:15: … would have to be fetched"),
    ],
)
def test_json_ld_is_read_whole_or_refused_with_its_place(text: str, said: str | None) -> None:
    if said is None or not said:
        read("a.jsonld", text)
        return
    with pytest.raises(GsefgraphError) as caught:
        read("a.jsonld", text)
    for words in f"a.jsonld{said}".split(" … "):
        assert words in str(caught.value)
    # What the other processor reads is refused, too.
    turned = text.replace("{", '{"a:turned": {"@value": "x", "@direction": "ltr"}, ', 1)
    if "@context" not in text and "NaN" not in text:
        with pytest.raises(SyntaxFault):
            read("a.jsonld", turned)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (
            '{"name": "x", "foo": {"@id": "a:b"}, "Price: net": 1, "a:p": 1}',
            "Price: net, foo, name",
        ),
        ('{"a:p": {"@value": "x", "comment": "y"}}', "comment"),
        ('{"a:p": {"@value": "x", "@language": "fr", "@direction": "ltr"}, "name": "x"}', "name"),
        (
            '{"@context": {"n": null, "j": {"@id": "a:j", "@type": "@json"}}, "n": 1, "j": {}}',
            "",
        ),
        (
            '{"@context": "https://schema.org", "name": "x", "own": {"@id": "a:b"}}',
            "",
        ),
        (
            '{"@context": {"m": {"@id": "a:m", "@container": "@index"}}, "m": {"x": 1}, "n": []}',
            "",
        ),
    ],
)
def test_keys_without_a_meaning_are_named(text: str, keys: str) -> None:
    file = rdf.read("a.jsonld", data=text.encode(), reading=AS_DOCUMENTS)
    assert len(file.quads) > 0
    said = [note for note in file.notes if note.key == "rdf.keys-left"]
    assert [str(note).partition("left out: ")[2] for note in said] == [keys] * bool(keys)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('["x", {"@id": "a:s", "a:p": 1}]', 1), ('[["x"], [{"@id": "a:s", "a:p": 1}]]', 1),
        ('["a"]', 0), ("[1, 2]", 0), ('"hello"', 0), ("null", 0), ("[true]", 0), ("-1.5e3", 0),
    ],
)  # fmt: skip
def test_any_json_is_json(text: str, count: int) -> None:
    file = rdf.read("a.json", data=text.encode())
    assert len(file.quads) == count
    assert [note.key for note in file.notes] == ["rdf.no-triple"] * (not count)


def test_what_the_engine_does_not_do_is_done() -> None:
    text = '{"@context": {"t": {"@id": "a:t", "@container": "@type"}, "P": "a:P", "n": "a:n"},'
    text += '"@id": "a:s", "t": {"P": [{"@id": "a:x", "n": "X"}]}}'
    assert {'<a:x> <a:n> "X"', f"<a:x> <{RDF}type> <a:P>"} < set(lines("a.jsonld", text))
    file = rdf.read(
        "a.jsonld",
        data=b'{"@id": "a:s", "a:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}',
    )
    assert [str(quad.object) for quad in file.quads] == ['"x"@ar']
    assert [note.key for note in file.notes] == ["rdf.direction-left"]


@pytest.mark.parametrize(
    "address",
    [
        "http://schema.org", "https://schema.org/", "http://www.schema.org/",
        "https://schema.org/docs/jsonldcontext.jsonld", "https://schema.org/docs/jsonldcontext.json",
    ],
)  # fmt: skip
def test_the_context_of_schema_org_is_known(address: str) -> None:
    for context in (address, [address], [address, {"x": "a:x"}], [{"x": "a:x"}, address]):
        text = json.dumps(
            {
                "@context": context,
                "@type": "Event",
                "@id": "a:e",
                "startDate": "2024-03-15",
                "url": "https://e.example/",
                "location": {"type": "Place", "id": "a:p"},
                "sameAs": "a:o",
            }
        )
        assert set(lines("a.jsonld", text)) == {
            f"<a:e> <{RDF}type> <{SCHEMA}Event>",
            f'<a:e> <{SCHEMA}startDate> "2024-03-15"^^<{SCHEMA}Date>',
            f"<a:e> <{SCHEMA}url> <https://e.example/>",
            f"<a:e> <{SCHEMA}location> <a:p>",
            f"<a:p> <{RDF}type> <{SCHEMA}Place>",
            f"<a:e> <{SCHEMA}sameAs> <a:o>",
        }


def test_other_contexts_are_known_by_name_and_beside_the_file(tmp_path: Path, cli: Cli) -> None:
    write(tmp_path, '{"@context": {"n": "http://e.example/n"}}', "mine.jsonld")
    asked = b"SELECT ?n { GRAPH ?g { ?s <http://e.example/n> ?n } }"

    def ask(context: str, *words: str) -> tuple[int, str]:
        text = json.dumps({"@context": context, "@id": "a:s", "n": "x"})
        file = write(tmp_path, text, "a.jsonld")
        done = cli("query", "-", "-f", "csv", "--data", file, *words, stdin=asked)
        return done.code, done.out.replace("\r", "") + done.err

    assert ask("mine.jsonld") == (0, "n\nx\n")
    own = (ROOT / "ontology" / "context.jsonld").read_text()
    write(tmp_path, own, "own.jsonld")
    typed = {"x": {"@id": "a:x", "@container": "@type"}}  # which asks for the other processor
    for context in ("mine.jsonld", ["mine.jsonld", typed], ["own.jsonld", "mine.jsonld"]):
        text = json.dumps({"@context": context, "@id": "a:s", "n": "x", "x": {"a:T": {}}})
        file = write(tmp_path, text, "b.jsonld")
        out = cli("export", "--alone", "--data", file, "-f", "ntriples")
        assert '<a:s> <http://e.example/n> "x" .' in out.lines
        assert cli("load", file, "--store", tmp_path / "store").code == 0
        for base in ((), ("--base", "http://b.example/")):
            assert cli("validate", "--alone", file, "-q", *base).code < 2
            assert "state" in cli("add", "--dry-run", file, *base).err  # which is read
        based = ("--base", "http://b.example/")
        text = text.replace('"a:s"', '"#s"')
        write(tmp_path, text, "b.jsonld")
        assert "relative IRI" in cli("add", "--dry-run", file).err
        out = cli("export", "--alone", "--data", file, "-f", "ntriples", *based)
        assert '<http://b.example/#s> <http://e.example/n> "x" .' in out.lines
    write(tmp_path, '{"@context": {"n": "http://e.example/other"}}', "mine.jsonld")
    assert ask("mine.jsonld")[1].startswith("n\ngsefgraph: no results")  # nor what was kept
    write(tmp_path, '{"@context": "mine.jsonld"}', "more.jsonld")
    assert ask("more.jsonld")[1].startswith("n\ngsefgraph: no results")
    write(tmp_path, '{"@context": {"n": "http://e.example/n"}}', "mine.jsonld")
    assert ask("more.jsonld") == ask("more.jsonld") == (0, "n\nx\n")
    inside = zipped(tmp_path / "a.zip", **{
        name: (tmp_path / name).read_bytes() for name in ("a.jsonld", "more.jsonld", "mine.jsonld")
    })  # fmt: skip
    done = cli("query", "-", "-f", "csv", "--data", inside, stdin=asked)
    assert done.lines == ["n", "x"]
    address = "https://c.example/c"
    assert ask(address, "--context", f"{address}={tmp_path / 'mine.jsonld'}") == (0, "n\nx\n")
    for context in (address, "../mine.jsonld", "/etc/passwd", "absent.jsonld"):
        code, said = ask(context)
        assert code == 2
        assert "would have to be fetched" in said
        assert f"--context {context}=FILE" in said
    assert ask(address, "--context", address)[0] == 2
    own = contexts.known(contexts.OWN, {}, None)
    assert own["startDate"]["@id"] == "gsef:startDate"


@pytest.mark.parametrize("text", ['[{"n": "a:n"}]', '{"n": "a:n"}', "no JSON"])
@pytest.mark.parametrize("more", [{}, {"a:t": {"@value": "x", "@direction": "ltr"}}])
def test_what_is_no_context_is_told_where_it_is_asked_for(
    tmp_path: Path, text: str, more: dict[str, object]
) -> None:
    none = write(tmp_path, text, "none.jsonld")
    file = write(tmp_path, json.dumps({"@context": "none.jsonld", "n": "x", **more}), "a.jsonld")
    with pytest.raises(InputError) as caught:
        list(rdf.read(str(file), reading=AS_DOCUMENTS).quads)
    said = f"{file}:1:15: the context none.jsonld cannot be read: {none}: no JSON object"
    assert str(caught.value).startswith(said)


def test_large_json_ld_is_fast() -> None:
    things = [
        {"@id": f"a:{n}", "name": f"n {n}", "knows": {"@id": f"a:{n + 1}"}} for n in range(20_000)
    ]
    text = json.dumps({"@context": "https://schema.org", "@graph": things})
    began = time.process_time()
    assert len(read("a.jsonld", text)) == 40_000
    assert time.process_time() - began < 10  # some 0.5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"@id": "a:b c"}, "%20"),
        ({"@value": "x", "@language": "en_US"}, "write en-US"),
    ],
)
def test_a_fault_in_large_json_ld_is_placed_without_reading_it_again(
    wrong: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expanded, expand = [], jsonld.expand

    def counted(document: object, *given: object, **named: object) -> object:
        expanded.append(len(json.dumps(document)))
        return expand(document, *given, **named)

    monkeypatch.setattr(jsonld, "expand", counted)
    things = [{"@id": f"a:{n}", "a:p": wrong if n == 250 else f"n {n}"} for n in range(300)]
    text = json.dumps({"@context": {"n": "a:n"}, "@graph": things}, indent=0)
    with pytest.raises(SyntaxFault, match=said):
        read("a.jsonld", text)
    assert sum(expanded) < 1.5 * len(text)


# Web pages


def test_the_json_ld_of_a_page_is_read_and_the_rest_is_told_of() -> None:
    page = """<!DOCTYPE html>
<html itemscope><head vocab="x"><base href="sub/">
<script>var x = "<script>";</script>
<script type="application/ld+json">
{"@id": "#e", "a:p": "x"}
</script></head></html>"""
    file = rdf.read("p.html", data=page.encode(), reading=Reading(base="https://e.example/p.html"))
    [quad] = file.quads
    assert quad.subject.value == "https://e.example/sub/#e"  # type: ignore[union-attr]
    assert [note.values["kind"] for note in file.notes] == ["RDFa", "microdata"]
    alone = rdf.read("p.html", data=page.replace('"#e"', '"a:e"').encode())  # without an address
    assert alone.base is None
    odd = '<script type="application/ld+json" src="x"></script><script type="application/ld+json">'
    assert len(read("o.html", odd + '{"@id": "a:s", "a:p": 1}')) == 1
    assert file.locate(quad.subject) == (5, 10)  # type: ignore[arg-type]
    none = rdf.read("q.html", data=b"<html><body>x</body></html>")
    assert (none.quads, [note.key for note in none.notes]) == ((), ["rdf.no-triple"])
    with pytest.raises(SyntaxFault, match=r"p\.html:5:26: not JSON"):
        read("p.html", page.replace('"x"}', '"x",}'))


# RDF/XML


ENTITY = '<!DOCTYPE r [<!ENTITY e "http://e.example/"> <!ENTITY t "en_US">]>\n'


def xml(inside: str, head: str = "") -> str:
    return f'{head}{HEAD}<rdf:Description rdf:about="a:s">{inside}</rdf:Description></rdf:RDF>'


def test_entities_of_its_own_are_read() -> None:
    head = """<?xml version='1.0'?>
<!-- <!DOCTYPE none> -->
<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/none.dtd" [
  <!ENTITY owl "http://www.w3.org/2002/07/owl#" > <!-- 'single "quotes -->
  <!ENTITY late "&x; &amp; y">
  <!ENTITY x 'a "b"'>
  <!ELEMENT e ANY> <!ATTLIST e a CDATA "]">
]>
"""
    found = lines("a.owl", xml('<e:p>&late;</e:p><e:q rdf:resource="&owl;Thing"/>', head))
    assert found == [
        '<a:s> <http://e.example/p> "a \\"b\\" & y"',
        "<a:s> <http://e.example/q> <http://www.w3.org/2002/07/owl#Thing>",
    ]
    assert lines("a.rdf", xml("<e:p>&x;</e:p>", '<!DOCTYPE r [<!ENTITY x "<e:q/>">]>'))
    assert (
        "&x;"
        in lines("a.rdf", xml("<e:p><![CDATA[&x;]]></e:p>", '<!DOCTYPE r [<!ENTITY x "y">]>'))[0]
    )


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "the entity x would be taken from elsewhere"),
        ('<!ENTITY x PUBLIC "a" "http://127.0.0.1:9/">', "would be taken from elsewhere"),
        ('<!ENTITY % x "y"> %x;', "the parameter entity %x; is refused"),
        ("%x;", "the parameter entity %x; is refused"),
        ('<!ENTITY x "&y;"><!ENTITY y "&x;">', "leads in a circle"),
        (
            "".join(f'<!ENTITY x{n or ""} "{f"&x{n + 1};" * 10}">' for n in range(9))
            + '<!ENTITY x9 "boom">',
            "expand to more than 100,000 characters",
        ),
        (f'<!ENTITY x "{"y" * 60_000}">', "expand to more than"),
    ],
)
def test_entities_have_a_bound_and_come_from_nowhere_else(inside: str, said: str) -> None:
    times = 1 if "y" * 60_000 not in inside else 30
    text = xml(f"<e:p>{'&x;' * times}</e:p>", f"<?xml version='1.0'?>\n<!DOCTYPE r [{inside}]>\n")
    with pytest.raises(GsefgraphError) as caught:
        read("a.rdf", text)
    assert isinstance(caught.value, InputError)
    assert said in str(caught.value)
    assert caught.value.line == 2


def test_languages_and_encodings_of_xml() -> None:
    text = xml('<e:p>a</e:p><e:p xml:lang="">b</e:p><e:p xml:lang="pt-BR">é</e:p>')
    text = text.replace("rdf:about=", 'xml:lang="en-GB" rdf:about=')
    wanted = ['"a"@en-GB', '"b"', '"é"@pt-BR']
    assert [line.rpartition("> ")[2] for line in lines("a.rdf", text)] == wanted
    for encoding in ("iso-8859-1", "windows-1252", "utf-16", "UTF-8"):
        whole = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
        found = [line.rpartition("> ")[2] for line in lines("a.rdf", whole.encode(encoding))]
        assert found == wanted
    literal = xml('<e:p rdf:parseType="Literal"><b xml:lang="">x</b></e:p>')
    assert 'xml:lang=""' in read("a.rdf", literal)[0].object.value  # type: ignore[union-attr]
    for bad, said in (("en_US", "write en-US"), ("abcdefghijk", "no language tag")):
        with pytest.raises(SyntaxFault, match=said) as caught:
            read("a.rdf", xml(f'\n<e:p xml:lang="{bad}">x</e:p>'))
        assert (caught.value.line, caught.value.column) == (3, 16)
    with pytest.raises(InputError, match="encoding cannot be read"):
        read("a.rdf", b'<?xml version="1.0" encoding="klingon"?><a/>')


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ("<e:p>é\r\nb&#13;\rc</e:p>", '"é\\nb\\r\\nc"'),  # XML 1.0, section 2.11
        ('<e:p rdf:parseType="Resource" xml:lang="fr"><e:q>a<!-- c -->b</e:q></e:p>', '"ab"@fr'),
        ('<e:p><rdf:Description e:q="l1\nl2\tt&#10;"/></e:p>', '"l1 l2 t\\n"'),  # section 3.3.3
        ('<e:p><rdf:Description e:q="&lt;&amp;&quot;"/></e:p>', '"<&\\""'),
        ('<rdf:li resource="http://x.example/"/>', "<http://x.example/>"),  # RDF/XML, 6.1.4
        ('<e:p parseType="Resource"><e:q>1</e:q></e:p>', '"1"'),
        ("<f:p>d</f:p>", '"d"@fr'),  # by a default of the internal subset
    ],
)
def test_texts_are_what_xml_says(inside: str, wanted: str) -> None:
    head = '<!DOCTYPE r [<!ATTLIST f:p xml:lang CDATA "fr" xmlns:f CDATA "http://f.example/">]>\n'
    found = {line.rpartition("> ")[2] for line in lines("a.rdf", xml(inside, head))}
    assert wanted in found


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ('<h:b xmlns:h="http://h.example/">c</h:b>', '<h:b xmlns:h="http://h.example/">c</h:b>'),
        ("<e:b><e:c/></e:b>", '<e:b xmlns:e="http://e.example/"><e:c></e:c></e:b>'),
        (" a&amp;<![CDATA[<x>]]>&#13;", " a&amp;&lt;x&gt;&#xD;"),
        ('<b c="&#9;" a=\'"\'\n/>', '<b a="&quot;" c="&#x9;"></b>'),
        ("<!-- c --><?p  i?><?q?>", "<!-- c --><?p i?><?q?>"),
        ('<b xml:lang="en_US"/>', '<b xml:lang="en_US"></b>'),
        ('<b xmlns="u:b"><c xmlns=""><d/></c></b>', '<b xmlns="u:b"><c xmlns=""><d></d></c></b>'),
        (
            '<b xmlns:z="u:a" xmlns:y="u:b" z:d="" y:c="" a=""/>',
            '<b xmlns:y="u:b" xmlns:z="u:a" a="" z:d="" y:c=""></b>',
        ),
        ("", ""),
    ],
)
@pytest.mark.parametrize("kind", ["Literal", "unknown"])
def test_xml_literals_are_exclusive_canonical_xml(inside: str, wanted: str, kind: str) -> None:
    text = xml(f'<e:p rdf:parseType="{kind}">{inside}</e:p>')
    [literal] = [quad.object for quad in read("a.rdf", text)]
    assert (literal.value, literal.datatype.value) == (wanted, f"{RDF}XMLLiteral")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (xml("<e:p>x</e:p>").removesuffix("</rdf:RDF>"), (2, 64), "no element found"),
        (xml("<e:p>x</e:p>\n<e:q>half a li").partition("</rdf:D")[0], (3, 15), "no element"),
        (xml("<e:p>&#7;</e:p>"), (2, 39), "invalid character number"),
        (xml('<e:p e:q="a<b"/>'), (2, 45), "invalid token"),
        (xml("") * 2, (2, 62), "junk after"),
        (xml('<e:p rdf:parseType="Literal"><f:b/></e:p>'), (2, 63), "unbound prefix"),
        (xml('\n<e:p rdf:nodeID="a b"/>'), (3, 18), "a b is not a valid rdf:nodeID"),
        (xml('\n<e:p><e:A rdf:ID="1a"/></e:p>'), (3, 19), "1a is not a valid rdf:ID"),
        (xml('<e:p rdf:ID="a"/>\n<e:p rdf:ID="a"/>'), (3, 14), "already been used"),
        (xml('\n<e:p><e:A rdf:aboutEach="a:b"/></e:p>'), (3, 26), "aboutEach"),
        (xml("\n<e:p><e:A/>\n<e:B/></e:p>"), (4, 2), "Unexpected node"),
        (xml("\n<e:p><e:A/>\n stray\n</e:p>"), (4, 2), "Unexpected text event"),
        (xml("<e:p/>").replace("http://e.example/", "http://e.example/a b#"), (1, 75), "%20"),
        (xml("<e:p/>").replace("<rdf:RDF", '<rdf:RDF xml:base="http://a b/"'), (1, 20), "%20"),
        (xml('<e:p rdf:datatype="http://a b">x</e:p>'), (2, 53), "%20"),
        (xml('<e:p><e:A e:t="http://a b"\nrdf:about="http://a b"/></e:p>'), (3, 12), "%20"),
        (xml('<e:p><e:A e:t="en_US"/></e:p>\n<e:p xml:lang="en_US"/>'), (3, 16), "write en-US"),
        (xml('\n<e:p rdf:resource="&e;b c"/>', ENTITY), (4, 20), "example/b c> … %20"),
        (xml('<e:p>x</e:p>\n<e:p rdf:datatype="&e;b&#x9;c">1</e:p>', ENTITY), (4, 20), "not an"),
        (xml('\n<e:p rdf:resource="http://e.example/b\r\nc"/>'), (3, 20), "b c> … %20"),
        (xml('\n<e:p rdf:resource="http://e.example/b\tc"/>'), (3, 20), "b c> … %20"),
        (xml('\n<e:p xml:lang="&t;"/>', ENTITY), (4, 16), "write en-US"),
        (xml('\n<e:p\n rdf:resource="\n http://e.example/a"/>'), (4, 16), "is not an IRI … %20"),
        (xml('<e:p rdf:resource="b c"/>'), (2, 53), "<b c> is not an IRI … %20"),
    ],
)
def test_rdf_xml_is_read_whole_or_refused_with_its_place(
    text: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(SyntaxFault, match=said.replace(" … ", ".*")) as caught:
        read("a.rdf", text)
    assert (caught.value.line, caught.value.column) == place


def test_a_relative_iri_is_blamed_where_an_iri_stands() -> None:
    text = xml('<e:p><e:A e:t="#rel"/></e:p>\n<e:p rdf:resource="#rel"/>')
    with pytest.raises(SyntaxFault, match="relative") as caught:
        read("a.rdf", text, Reading())
    assert (caught.value.line, caught.value.column) == (3, 20)


def test_what_stands_in_texts_is_no_markup() -> None:
    text = '<e:p xml:lang="EN">x-t0-0</e:p><e:p>write xml:lang="en_US" x-t0-0</e:p>'
    text += '<e:p><![CDATA[<a xml:lang="en_US">]]></e:p><!-- <a xml:lang="en_US"> -->'
    assert [line.rpartition("/p> ")[2] for line in lines("a.rdf", xml(text))] == [
        '"x-t0-0"@EN', '"write xml:lang=\\"en_US\\" x-t0-0"', '"<a xml:lang=\\"en_US\\">"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    ["<!-- c -->\n", "<!-- ", "# c\n", "<?x?>", "<?", "<!DOCTYPE r [ <!-- c -->", "<!DOCTYPE a ",
     "<!DOCTYPE r [<!ENTITY ", "<!-", "<a ", "<a '", '"', "{ ?x => ", "[", '{"'],
)  # fmt: skip
def test_no_beginning_takes_long(head: str) -> None:
    """Whatever a file begins with, it is read or refused in time that grows with its length."""
    for name in ("a.rdf", "a.ttl", "a.jsonld", "a.html", "a", "a.owl"):
        began = time.process_time()
        for end in ("", xml("<e:p>x</e:p>"), "</html>"):
            with contextlib.suppress(GsefgraphError):
                read(name, head * (60_000 // len(head)) + end)
        assert time.process_time() - began < 3


def test_faults_of_xml_have_their_place() -> None:
    for inside, place in (("<e:p>x</e:q>", (2, 42)), ("<e:p>&nope;</e:p>", (2, 39))):
        with pytest.raises(SyntaxFault) as caught:
            read("a.rdf", xml(inside))
        assert (caught.value.line, caught.value.column) == place
    # The same text in a literal is not to blame.
    with pytest.raises(SyntaxFault) as caught:
        read("a.rdf", xml('<e:p>http://a b</e:p>\n<e:q rdf:resource="http://a b"/>'))
    assert (caught.value.line, caught.value.column) == (3, 20)


@pytest.mark.parametrize("form", ["rdf", "jsonld", "ttl"])
def test_places_are_found_in_linear_time(form: str) -> None:
    """Of every triple of a deep and of a long file."""
    many = 4000
    text = {
        "rdf": HEAD + "".join(
            f'<rdf:Description rdf:about="http://e.example/{n}"><e:p>v{n}</e:p></rdf:Description>\n'
            for n in range(many)
        ) + "</rdf:RDF>",
        "jsonld": json.dumps(
            [{"@id": f"http://e.example/{n}", "a:p": f"v{n}"} for n in range(many)]
        ),
        "ttl": "".join(f'<http://e.example/{n}> <a:p> "v{n}" .\n' for n in range(many)),
    }[form]  # fmt: skip
    file = rdf.read(f"a.{form}", data=text.encode())
    began = time.process_time()
    places = {file.locate(*quad.triple) for quad in file.quads}
    assert len(places) == many
    assert time.process_time() - began < 3  # some 0.1; each by a search of its own took minutes


# Syntaxes that are not read


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.ofn",
            "Prefix(:=<http://a.example/>)\nOntology(<http://a.example/>)",
            "functional-style",
        ),
        ("a.owl", "# x\nPrefix(:=<http://a.example/>)\nOntology()", "functional-style"),
        ("a", "Prefix(:=<http://a.example/>)\nOntology()", "functional-style"),
        ("a.omn", "Prefix: : <http://a.example/>\nClass: A", "Manchester"),
        (
            "a.owx",
            '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>',
            "OWL/XML",
        ),
        (
            "a.owl",
            '<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="a:o"/>',
            "OWL/XML",
        ),
        (
            "a.owl",
            '<!DOCTYPE Ontology [\n <!ENTITY x "a:]>" > <!-- ]> -->\n ] >'
            '<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="a:o"/>',
            "OWL/XML",
        ),
        ("a.n3", "{ ?x a <a:A> } => { ?x a <a:B> } .", "Notation3"),
        ("a.ttl", "@prefix a: <a:> .\n{ ?x a a:A } => { ?x a a:B } .", "Notation3"),
        *(
            ("a.ttl", f"<a:s> <a:p>\n {text} .", f"a.ttl:2:{column}: this is Notation3")
            for text, column in (
                ("{ <a:s> <a:p> 1 }", 2),
                ("?x", 2),
                ("<a:o> . <a:s> => <a:o>", 16),
                ("<a:o> . <a:s> = <a:o>", 16),
                ("<a:o> . <a:s> <= <a:o>", 16),
                ("<a:o>!<a:p>", 7),
                ("<a:o>^<a:p>", 7),
                ("<a:o> . <a:s> is <a:p> of <a:o>", 16),
                ("<a:o> . { <a:s> <a:p> 1 } <a:p> { <a:s> <a:p> 2 }", 10),
            )
        ),
        ("a.xml", "<TriX xmlns='http://www.w3.org/2004/03/trix/trix-1/'/>", "TriX"),
        ("a.obo", "format-version: 1.2\n[Term]\nid: A:1", "OBO"),
        ("a.txt", "format-version: 1.2\n[Term]\nid: A:1", "OBO"),
        ("a.hdt", b"$HDT\x01\xff\xfe", "HDT"),
        ("a.rj", '{"a:s": {"a:p": [{"type": "uri", "value": "a:o"}]}}', "RDF/JSON"),
        ("a.json", '{"a:s": {"a:p": [{"value": "x", "type": "literal"}]}}', "RDF/JSON"),
        ("a.json", '{"@id": "a:s", "a:p": 1}\n{"@id": "a:t", "a:p": 1}\n', "JSON Lines"),
        ("a.ndjson", '{"@id": "a:s", "a:p": 1}', "JSON Lines"),
        ("a.hext", '["a:s", "a:p", "x", "a:t", "", ""]', "HexTuples"),
    ],
)
def test_other_syntaxes_are_named(name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(name, text)
    assert said in str(caught.value)
    assert caught.value.hint
    assert not (name == "a.ttl" and ".ttl" in caught.value.hint.replace(formats.SUFFIXES, ""))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a:s> <a:p> has .", ":1:13: not Turtle: has is not a valid RDF object"),
        ("{ <a:s> <a:p> 1 } <a:g> { <a:s> <a:p> 1 }", ":1:1: not Turtle: { is not"),  # TriG
        ('<a:s> <a:p>\n"C:\\Users\\x" .', r":2:4: not Turtle: … '\U' … write a backslash as \\"),
        ('<a:s> <a:p> "C:\\x" .', r":1:16: not Turtle: … write a backslash as \\"),
        ("<a:s> <a:p> <http://a/%> .", ":1:13: … <http://a/%> is not an IRI … write % in an"),
    ],
)
def test_faults_of_turtle_are_what_they_are(text: str, said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read("a.ttl", text)
    for words in f"a.ttl{said}".split(" … "):
        assert words in str(caught.value)


@pytest.mark.parametrize("name", ["a.nt", "a.tsv", "a"])
def test_a_variable_alone_is_no_notation3(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read(name, "<a:s> <a:p> ?x .")
    assert ":1:13: not " in str(caught.value)
    assert "Notation3" not in str(caught.value)


# What a person should know


def test_notes_are_said_each_time_also_from_the_cache(tmp_path: Path, cli: Cli) -> None:
    text = f"""<a:o> a <http://www.w3.org/2002/07/owl#Ontology> ;
      <http://www.w3.org/2002/07/owl#imports> <a:part> , <a:given> .
<a:s> <a:p> "007"^^<{XSD}integer> , 7 , 1.50 , "x"@EN-gb ."""
    file = write(tmp_path, text, "a.ttl")
    given = write(tmp_path, "<a:given> a <http://www.w3.org/2002/07/owl#Ontology> .", "b.ttl")
    empty = write(tmp_path, '{"name": "x"}', "c.json")
    data = ("--data", file, "--data", given, "--data", empty)
    for _ in range(3):
        done = cli("query", "graphs", *data)
        said = [line for line in done.err.splitlines() if "a.ttl" in line or "c.json" in line]
        assert len(said) == 4
        assert 'a.ttl: 2 literals are kept in another lexical form, such as "007"' in said[0]
        assert "c.json: 1 key that no context defines is left out: name" in said[1]
        assert "c.json: holds no triple" in said[2]
        assert "a.ttl: owl:imports a:part was not followed" in said[3]
    assert "n’a pas été suivi" in cli("query", "graphs", *data, "--lang", "fr").err
    assert cli("query", "graphs", *data, "-q").err == ""


def test_notes_of_files_are_the_same_at_every_door(tmp_path: Path, cli: Cli) -> None:
    page = '<p itemscope></p><script type="application/ld+json">{"@id": "a:s", "a:p": "x"}</script>'
    turned = '{"@id": "a:s", "a:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}'
    for name, text, said in (
        ("p.html", page, "p.html: the microdata of the page is not read"),
        ("t.jsonld", turned, "t.jsonld: the base direction of text is left out"),
        ("g.trig", "_:g { <a:s> <a:p> 1 }", "g.trig: 1 graph without an IRI was given one"),
    ):
        file = write(tmp_path, text, name)
        for words in (
            ("info", "--data", file), ("validate", "--alone", file), ("validate", file),
            ("validate", "--alone", file, "-f", "turtle"), ("add", file, "--dry-run"),
        ):  # fmt: skip
            if words[0] == "add" and name == "g.trig":
                continue  # what is added needs the name of its graph
            assert cli(*words).err.count(said) == 1, words
        assert said not in cli("validate", "--alone", file, "-q").err


def test_notes_name_files_as_they_are_seen_now(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    write(
        tmp_path / "in", '<a:s> <a:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .', "a.nt"
    )
    for here, name in ((tmp_path, "in/a.nt"), (tmp_path / "in", "a.nt"), (tmp_path, "in/a.nt")):
        monkeypatch.chdir(here)
        assert f"gsefgraph: {name}: 1 literal" in cli("query", "graphs", "--data", name).err
        # What is to be kept is as the file has it.
        done = cli("export", "--alone", "--data", name, "-f", "nquads")
        assert (done.err, done.lines) == (
            "", ['<a:s> <a:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .'],
        )  # fmt: skip


def test_a_project_has_contexts_and_bounds_too(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path / "data", '{"@context": "https://c.example/", "@id": "a:s", "n": 1}', "x.jsonld")
    file = write(tmp_path, '{"@context": {"n": "a:n"}}', "c.jsonld")
    where = ("--project", tmp_path, "--context", f"https://c.example/={file}")
    asked = b"SELECT ?n { ?s <a:n> ?n }"
    assert cli("query", "-", "-f", "csv", *where, stdin=asked).lines == ["n", "1"]
    assert cli("validate", *where).code in (0, 1)
    store = tmp_path / "store"
    assert cli("load", "--store", store, *where).code == 0
    done = cli("query", "-", "--store", store, "--project", tmp_path, stdin=asked)
    assert done.err == f"gsefgraph: {store} is a store\n"


def test_a_base_is_for_the_files_of_a_project_too(tmp_path: Path, cli: Cli) -> None:
    folder = tmp_path / "data" / "entities"
    folder.mkdir(parents=True)
    write(folder, '<#r> <http://e.example/p> "x" .', "places.ttl")
    where = ("--project", tmp_path)
    asked = b"SELECT ?s { ?s <http://e.example/p> ?o }"
    done = cli("query", "-", "-f", "csv", *where, stdin=asked)
    assert (done.code, "or give --base" in done.err) == (3, True)
    for base in ("http://b.example/", "http://c.example/"):
        based = (*where, "--base", base)
        assert cli("query", "-", "-f", "csv", *based, stdin=asked).lines == ["s", f"{base}#r"]
    write(folder, '<#r> <http://e.example/p> "x" .', "more.ttl")
    place = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"
    assert cli("validate", *based).code in (0, 1)
    assert cli("add", place, *based).code == 0
    assert "<http://c.example/#r>" in (folder / "places.ttl").read_text()
    assert cli("fmt", *based).code == 0
    assert "<http://c.example/#r>" in (folder / "more.ttl").read_text()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "<#a> <a:p> 1 .", "write the IRI whole, declare @base, or give --base"),
        ("a.nt", "<#a> <a:p> <a:o> .", "base; write the IRI whole\n"),
        ("a.nq", "<#a> <a:p> <a:o> .", "base; write the IRI whole\n"),
        ("a.rdf", xml("<e:p r:resource='#x'/>"), "declare xml:base, or give --base"),
        ("a.jsonld", '{"@id": "#a", "a:p": 1}', "declare @base, or give --base"),
    ],
)
def test_a_relative_iri_is_made_whole_in_its_format(
    tmp_path: Path, cli: Cli, name: str, text: str, said: str
) -> None:
    text = text.replace("r:resource", "rdf:resource")
    done = cli("export", "--alone", "--data", write(tmp_path, text, name))
    assert done.code == 3
    assert said in done.err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "utf-32-be"])
def test_other_encodings_are_named(encoding: str) -> None:
    mark = "" if len(encoding) == 6 else "\ufeff"
    with pytest.raises(InputError, match=f"this is {encoding[:6].upper()}"):
        read("a.ttl", f"{mark}{ONE}".encode(encoding))
    assert lines("a.rdf", f"{mark}{xml('<e:p>é</e:p>')}".encode(encoding))


def test_labels_of_two_files_are_never_one(tmp_path: Path, cli: Cli) -> None:
    names = [f"f{n:02}.nt" for n in range(12)]
    for n, name in enumerate(names):
        label = {1: "0x", 10: "x"}.get(n, f"n{n}")
        write(tmp_path, f"_:{label} <a:p> <a:o> .", name)
    asked = b"SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <a:p> <a:o> }"
    done = cli("query", "-", "-f", "csv", "--alone", "--data", tmp_path, stdin=asked)
    assert done.lines == ["n", "12"]


def test_many_graphs_are_exported_in_linear_time(tmp_path: Path) -> None:
    file = write(tmp_path, "".join(f"<a:s> <a:p> <a:o> <a:g{n}> .\n" for n in range(10_000)))
    with Graph.open(data=[file], alone=True) as graph:
        began = time.process_time()
        assert graph.export("nquads").count(b"\n") == 10_000
        assert time.process_time() - began < 3


def test_what_is_added_keeps_its_tags(tmp_path: Path, cli: Cli) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    label = "<http://www.w3.org/2004/02/skos/core#altLabel>"
    org = "<https://w3id.org/gsefgraph/id/org/gsef>"
    for tag in ("pt-BR", "es-MX"):
        file = write(tmp_path, f'{org} {label} "Forum {tag}"@{tag} .', "x.ttl")
        assert cli("add", file, "--project", tmp_path, "-q").code == 0
    text = (tmp_path / "data" / "entities" / "organisations.ttl").read_text()
    assert '"Forum pt-BR"@pt-BR' in text
    assert '"Forum es-MX"@es-MX' in text
    assert cli("fmt", "--check", "--project", tmp_path).code == 0


def test_exports_of_files_keep_terms_as_they_were_read(tmp_path: Path, cli: Cli) -> None:
    forms = [
        f'"007"^^<{XSD}integer>', f'"1.50"^^<{XSD}decimal>', f'"1"^^<{XSD}boolean>',
        f'"24:00:00"^^<{XSD}time>', f'"5"^^<{XSD}nonNegativeInteger>', f'"5"^^<{XSD}integer>',
        f'"2020-01-01T00:00:00.380Z"^^<{XSD}dateTime>', f'"P12M"^^<{XSD}duration>', '"x"@en-GB',
    ]  # fmt: skip
    text = "".join(f"<a:s> <a:p> {form} .\n" for form in forms)
    file = write(tmp_path, text, "a.nt")
    for form in ("ntriples", "nquads", "turtle", "trig", "jsonld", "rdfxml"):
        out = tmp_path / f"out.{form}"
        done = cli("export", "--alone", "--data", file, "-f", form, "-o", out)
        assert done.code == 0
        found = rdf.read(out, format=form).written
        assert same(
            [Quad(*q.triple) for q in rdf.read(file).written], [Quad(*q.triple) for q in found]
        )
    with Graph.open(data=[file], alone=True, warn=lambda _: None) as graph:
        assert len(list(graph.quads())) == len(forms)
    done = cli("load", file, "--store", tmp_path / "store")
    assert f"a.nt: {len(forms) - 2} literals are kept" in done.err
    info = json.loads(cli("info", "-f", "json", "--store", tmp_path / "store").out)
    assert info["rewritten"] == {str(file): len(forms) - 2}
    done = cli("load", file, "--strict", "--store", tmp_path / "strict")
    assert done.code == 3
    assert 'a.nt:1:13: "007"' in done.err
    assert not (tmp_path / "strict").exists()


def test_validation_judges_terms_as_they_were_read(tmp_path: Path, cli: Cli) -> None:
    """Beside a graph, in it, alone: a store would keep 007 as 7, and xsd:int as xsd:integer."""
    head = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <{XSD}> .\n"
    shapes = "<a:S> a sh:NodeShape ; sh:targetNode <a:s> ; sh:property [ sh:path <a:p> ; "

    def asks(name: str, text: str) -> Path:
        return write(tmp_path, f"{head}{shapes}{text} ] .", name)

    right = asks("right.ttl", 'sh:datatype x:int ; sh:pattern "^007$"')
    wrong = asks("wrong.ttl", "sh:datatype x:integer ; sh:in ( 7 )")
    many = asks("many.ttl", "sh:maxCount 1")
    file = write(tmp_path, f'<a:s> <a:p> "007"^^<{XSD}int> .', "a.nt")
    for words in (
        ("validate", file),
        ("validate", "--alone", file),
        ("validate", "--data", file),
        ("validate", "--data", file, file),
    ):
        assert cli(*words, "--shapes", right).code == 0
        assert cli(*words, "--shapes", many).code == 0
        done = cli(*words, "--shapes", wrong)
        assert (done.code, "Errors: 2" in done.out) == (1, True)
        assert '"007"^^x:int' in done.out or '"007"^^xsd:int' in done.out


def test_alone_is_that_file_and_nothing_else(tmp_path: Path, cli: Cli) -> None:
    file = write(
        tmp_path, '<a:s> <http://www.w3.org/2004/02/skos/core#prefLabel> "Loner"@en .', "a.nt"
    )
    data = ("--data", file, "--alone")
    asked = b"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert cli("query", "-", "-f", "csv", *data, stdin=asked).lines == ["n", "1"]
    assert len(cli("export", "-f", "nquads", *data).lines) == 1
    assert "Loner" in cli("search", "loner", *data).out
    assert cli("search", "Event", *data).out.count("\n") <= 2
    assert "Loner" in cli("show", "a:s", *data).out
    assert json.loads(cli("info", "-f", "json", *data).out)["quads"] == "1"
    done = cli("info", "--alone")
    assert (done.code, "--data" in done.err) == (2, True)


def test_graphs_without_an_iri_get_one_where_a_file_is_only_looked_at(
    tmp_path: Path, cli: Cli
) -> None:
    file = write(tmp_path, "_:g { <a:s> <a:p> _:g , 1 }", "a.trig")
    asked = b"SELECT ?g { GRAPH ?g { <a:s> <a:p> ?g } }"
    done = cli("query", "-", "-f", "csv", "--data", file, stdin=asked)
    assert done.lines == ["g", f"{file.as_uri()}#graph-1"]
    assert "1 graph without an IRI was given one" in done.err
    assert cli("validate", "--alone", file).code == 0
    for words in (("export", "--alone", "--data", file), ("add", file)):
        assert "a graph has no IRI" in cli(*words).err


def test_what_is_packed_without_saying_so_is_named(tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.ttl"), io.BytesIO())
    for data, said in (
        (gzip.compress(b"x"), "suffix .gz"),
        (lzma.compress(b"x"), "suffix .xz"),
        (tar.getvalue(), "a tar archive"),
    ):
        with pytest.raises(InputError, match=said):
            read("a.ttl", data)


def test_rdf_1_2_is_refused_with_its_place(tmp_path: Path, cli: Cli) -> None:
    for text in (
        "<a:s> <a:q> 1 .\n << <a:s> <a:q> 1 >> <a:p> 2 .",
        "<a:s> <a:q> 1\n {| <a:p> 2 |} .",
        "<a:s>\n <a:p> <<( <a:s> <a:p> 1 )>> .",
        '<a:s>\n <a:p> "x"@ar--rtl .',
        "<a:s> <a:p> <a:o>\n ~ <a:r> .",
        '<a:s> <a:p> 1 . # <<\n VERSION "1.2"',
        "<a:s> <a:p> 1 .\n @version '1.1' .",
        '<a:s> <a:q> "ok" .\n <a:s> <a:p> <<( <a:s> <a:q> "ok" )>> .',
    ):
        file = write(tmp_path, text, "a.ttl")
        for words in (
            ("info", "--data", file),
            ("validate", "--alone", file),
            ("export", "--alone", "--data", file),
            ("load", file, "--store", tmp_path / "s"),
        ):
            done = cli(*words)
            assert done.code == 3
            assert "a.ttl:2:" in done.err
            assert "RDF 1.2" in done.err


def test_files_of_a_project_in_any_layout_are_read_or_named(tmp_path: Path, cli: Cli) -> None:
    data = tmp_path / "data"
    (data / "entities" / "more").mkdir(parents=True)
    (data / "sources").mkdir()
    write(data, ONE, "Ma page.ttl")
    write(data / "entities" / "more", '{"@id": "a:j", "a:p": 1}', "x.jsonld")
    (data / "z.nt.gz").write_bytes(gzip.compress(b"<a:z> <a:p> <a:o> .\n"))
    write(data, "a;b", "people.csv")
    for name in ("README.md", ".hidden.ttl", "sources/x.ttl", "dataset.nt", "a.ttl~"):
        write(data, "broken", name)
    asked = b"SELECT ?s ?g { GRAPH ?g { ?s <a:p> ?o } } ORDER BY ?s"
    done = cli("query", "-", "-f", "csv", "--project", tmp_path, stdin=asked)
    base = "https://w3id.org/gsefgraph/graph/"
    assert done.lines == ["s,g", f"a:j,{base}entities", f"a:s,{base}ma-page", f"a:z,{base}z"]
    assert [
        line for line in done.err.splitlines() if "is not read" in line and "people.csv" in line
    ]


def test_bad_calls() -> None:
    with pytest.raises(UsageError, match="no base"):
        Reading(base="rel")


@pytest.mark.parametrize("large", [False, True])
def test_tags_leave_with_the_case_of_their_files(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In answers, triples, exports and reports; of memory, of a store, of what is cached."""
    if large:
        monkeypatch.setattr(bulk, "LARGE", 0)
    text = '<a:s> <a:p> "x"@en-GB , "y"@zh-Hant-TW , "z"@fr , "PT-BR"@pt .'
    file = write(tmp_path, text, "a.ttl")
    wanted = ['"PT-BR"@pt', '"x"@en-GB', '"y"@zh-Hant-TW', '"z"@fr']
    asked = "SELECT ?o { ?s <a:p> ?o }"

    def told(graph: Graph) -> list[str]:
        answer, made = graph.query(asked), graph.query("CONSTRUCT WHERE { ?s <a:p> ?o }")
        assert [str(row[0].term) for row in answer] == wanted
        assert sorted(str(triple.object) for triple in made.triples) == wanted
        exported = graph.export("ntriples").decode()
        assert [tag for tag in wanted if tag not in exported] == []
        return [str(quad.object) for quad in graph.quads() if str(quad.predicate) == "<a:p>"]

    for once in (False, True, True):
        with Graph.open(data=[file], once=once) as graph:
            assert sorted(told(graph)) == wanted
    load(find(), str(tmp_path / "store"), [str(file)], inferred=False)
    with Graph.open(str(tmp_path / "store")) as graph:
        assert sorted(told(graph)) == wanted
        assert graph.query('ASK { ?s ?p "x"@EN-gb }')


def test_reports_have_tags_with_the_case_of_their_files(tmp_path: Path, cli: Cli) -> None:
    file = write(tmp_path, '<a:s> <a:p> "x"@en-GB .', "a.ttl")
    shapes = write(
        tmp_path,
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <a:S> a sh:NodeShape ; sh:targetNode <a:s> ;"
        ' sh:property [ sh:path <a:p> ; sh:languageIn ( "fr" ) ; sh:maxLength 0 ] .',
        "s.ttl",
    )
    for words in (("--alone", file), ("--data", file), (file,)):
        for form in ("text", "json", "turtle", "jsonld", "sarif", "html"):
            done = cli("validate", *words, "--shapes", shapes, "-f", form)
            assert done.code == 1
            assert ("en-GB" in done.out, "en-gb" in done.out) == (True, False)


NODES = """@prefix e: <http://e.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
e:a e:p [ e:q 1 ] , [ e:q "x" ] , _:b1 ; a e:C . _:b1 e:q 2 . [] a e:C ."""
SHAPES = """@prefix e: <http://e.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
e:S a sh:NodeShape ; sh:targetClass e:C ;
  sh:property [ sh:path e:p ; sh:minCount 1 ; sh:class e:D ; sh:nodeKind sh:IRI ] ."""


def test_blank_nodes_are_the_same_every_time(tmp_path: Path, cli: Cli) -> None:
    """As the files are read, from what is cached of them in memory, and in a store."""
    file = write(tmp_path, NODES, "a.ttl")
    asked = "SELECT ?s ?o { ?s <http://e.example/q> ?o }"
    told = []
    for words in ([], [], ["--alone"], ["--alone"]):
        assert cli("info", "--data", file, *words).code == 0
        with Graph.open(data=[file], alone=bool(words)) as graph:
            told.append([[str(cell) for cell in row.values()] for row in graph.query(asked)])
        done = cli("query", asked, "--data", file, "-f", "csv", *words)
        told.append([line.split(",") for line in done.lines[1:]])
    assert told == [[["_:b0", "1"], ["_:b1", "x"], ["_:b2", "2"]]] * len(told)
    assert "_:" not in cli("show", "http://e.example/a", "--data", file).out


def test_blank_nodes_are_judged_alike_at_every_door(tmp_path: Path, cli: Cli) -> None:
    file, shapes = write(tmp_path, NODES, "a.ttl"), write(tmp_path, SHAPES, "s.ttl")
    for form in ("text", "json", "turtle", "html"):
        said = {
            cli("validate", *words, "--shapes", shapes, "-f", form).out
            for words in (("--alone", file), (file,), ("--data", file), ("--data", file))
        }
        assert len(said) == 1
        (text,) = said
        assert form != "text" or ("_:" not in text and ":2:9: error: [] is a node" in text)


def test_forms_of_many_literals_are_looked_up_in_linear_time() -> None:
    began = time.process_time()
    integer = NamedNode(f"{XSD}int")
    found = [kept(Literal(f"0{n}", datatype=integer)).value for n in range(20_000)]
    assert found == [str(n) for n in range(20_000)]
    assert time.process_time() - began < 3

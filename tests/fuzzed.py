"""Every reader of what people type, as one function of bytes, and what must hold of each.

A reader gives what it has read, or one of the project's own errors, and prints nothing; it takes
no more than `SECONDS` and `MEMORY` for any input, and leaves the files of the project as they are.
`test_records_fuzzed.py` tries what hypothesis draws, `fuzz_readers.py` what atheris finds by the
lines that run.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import cache
from io import StringIO
from pathlib import Path

from gsefgraph import project as projects
from gsefgraph.errors import GsefgraphError
from gsefgraph.graph.entering import keys_of, typing
from gsefgraph.graph.graph import Graph
from gsefgraph.queries import header
from gsefgraph.rdf.reading import AS_DOCUMENTS, AS_RECORDS, Reading
from gsefgraph.records import dates, decisions
from gsefgraph.records.rdf import RecordFile, read
from gsefgraph.terms import Names
from gsefgraph.wording import LANGUAGES, spoken

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 2.0
"""Of a processor, for one input, and as much for each so many bytes of it."""
_LARGE = 2**18
MEMORY = 500 * 2**20
"""Bytes that an input may take at its most, beside so many times its own:"""
_TIMES = 16

State = tuple[tuple[str, int, int], ...]


class Beyond(AssertionError):
    """An input that takes too long, too much, or changes a file."""


@cache
def graph() -> Graph:
    """A graph over a copy of the project, whose files are looked at."""
    folder = Path(tempfile.mkdtemp(prefix="gsefgraph-fuzz-"))
    shutil.copytree(ROOT / "data", folder / "data")
    return Graph.open(project=folder, warn=lambda _: None)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _look(file: RecordFile) -> None:
    """Look at a file as a report does."""
    for quad in file.quads[:200]:
        file.locate(*quad.triple)
    assert len(file.written) == len(file.quads)
    for fault in file.faults:
        for language in LANGUAGES:
            assert spoken(fault.message, language)
            assert not fault.hint or spoken(fault.hint, language)
        lines = file.text.splitlines() or [""]
        assert 1 <= fault.line <= len(lines) + 1, fault
        assert fault.column >= 1, fault


def _typed(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        file = read(name, data=data, reading=typing(graph(), Reading(), unchecked=True))
        _look(file)
        report = graph().validate(file)
        for language in LANGUAGES:
            assert report.to_text(language)

    return run


def _rdf(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        if len(data) < _LARGE:
            with suppress(GsefgraphError):
                _look(read(name, data=data, reading=AS_RECORDS))
        _look(read(name, data=data, reading=AS_DOCUMENTS))

    return run


def _dates(data: bytes) -> None:
    text = _text(data)
    for order in (None, "dmy", "mdy"):
        with suppress(GsefgraphError):
            found = dates.read(text, order=order, year=2020)  # type: ignore[arg-type]
            for note in found.notes:
                assert spoken(note, "fr")
    dates.read(text)


def _decisions(data: bytes) -> None:
    text, keys = _text(data), keys_of(graph().project)
    decided = decisions.read(text, "a.decisions.yaml", keys, Names())
    again = decisions.written((), decided, keys, Names(), "fr", text)
    assert decisions.read(again, "a.decisions.yaml", keys, Names()) == decided


def _header(data: bytes) -> None:
    header.read("".join(f"#+ {line}\n" for line in _text(data).split("\n")), "a.rq", Names())


@cache
def _settings() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="gsefgraph-fuzz-"))
    (folder / "data").mkdir()
    return folder


def _base(data: bytes) -> None:
    (_settings() / "base.txt").write_bytes(data)
    projects.find(_settings())


def _toml(data: bytes) -> None:
    (_settings() / "base.txt").unlink(missing_ok=True)
    (_settings() / "project.toml").write_bytes(data)
    assert projects.find(_settings()).people_indexed in (True, False)


READERS: dict[str, Callable[[bytes], None]] = {
    "yaml": _typed("record.yaml"),
    "json": _typed("record.json"),
    "stdin": _typed("-"),
    "turtle": _rdf("a.ttl"),
    "trig": _rdf("a.trig"),
    "ntriples": _rdf("a.nt"),
    "nquads": _rdf("a.nq"),
    "jsonld": _rdf("a.jsonld"),
    "rdfxml": _rdf("a.rdf"),
    "html": _rdf("a.html"),
    "dates": _dates,
    "decisions": _decisions,
    "header": _header,
    "base": _base,
    "toml": _toml,
}


def state() -> State:
    """The files of the project as they are: their names, sizes and times of change."""
    found = []
    for above, _, names in os.walk(graph().project.root):
        for name in names:
            about = os.stat(os.path.join(above, name))
            found.append((os.path.join(above, name), about.st_size, about.st_mtime_ns))
    return tuple(sorted(found))


def taken(base: int = 0, began: float = 0.0) -> tuple[int, float]:
    """Bytes of memory beyond a base, as they have been at the most, and seconds since a beginning;
    without one: where both stand now."""
    if not base:
        with suppress(OSError), open("/proc/self/clear_refs", "w") as peak:
            peak.write("5")
        return _now("VmRSS"), time.process_time()
    return _now("VmHWM") - base, time.process_time() - began


def within(before: State, size: int, took: float, most: int, seconds: float = SECONDS) -> None:
    """See that an input of a size has stayed within its bounds.

    Errors:
        Beyond: it has not.
    """
    if took > seconds + size / _LARGE * seconds:
        raise Beyond(f"it took {took:.1f} s")
    if most > MEMORY + _TIMES * size:
        raise Beyond(f"it took {most >> 20} MiB")
    if state() != before:
        raise Beyond("a file of the project has changed")


def _now(name: str) -> int:
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(row.split()[1]) * 1024 for row in text.splitlines() if row.startswith(name))


def tried(reader: str, data: bytes, *, seconds: float = SECONDS) -> GsefgraphError | None:
    """Have a reader read an input.

    Returns:
        The error that it was refused with.

    Errors:
        Beyond: as `within`, twice. Any other: a fault of the reader.
    """
    try:
        return _tried(reader, data, seconds)
    except Beyond:  # which may be due to what else runs, or is collected
        return _tried(reader, data, seconds)


def _tried(reader: str, data: bytes, seconds: float) -> GsefgraphError | None:
    before, (base, began), refused = state(), taken(), None
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            READERS[reader](data)
    except GsefgraphError as error:
        refused = error
    assert not printed.getvalue(), printed.getvalue()
    most, took = taken(base, began)
    within(before, len(data), took, most, seconds)
    for language in LANGUAGES if refused is not None else ():
        text = refused.text(language)
        assert 0 < len(text) < 5_000
        assert "\n" not in text
    return refused


def seeds(reader: str) -> list[bytes]:
    """Good inputs of a reader, to begin with."""
    found = [path.read_bytes() for path in _files(reader)]
    found += [text.encode() for text in _WRITTEN.get(reader, ())]
    return [data for data in found if len(data) < 2**15]


def _files(reader: str) -> list[Path]:
    golden = ROOT / "tests" / "golden" / "records"
    turtle = [*sorted((ROOT / "data").rglob("*.ttl")),
              *sorted((ROOT / "ontology" / "examples").rglob("*.ttl"))]  # fmt: skip
    if reader in ("yaml", "stdin"):
        return sorted(golden.glob("*.yaml"))
    if reader in ("turtle", "trig"):
        return turtle
    return sorted(golden.glob("*.nq")) if reader in ("nquads", "ntriples") else []


_LINKED = """{"@context": {"@vocab": "urn:v#", "d": {"@type": "http://www.w3.org/2001/XMLSchema#date"},
 "n": {"@container": "@language"}, "l": {"@container": "@list"}}, "@id": "urn:a", "@type": "Event",
 "n": {"fr": "un", "en": ["one", "two"]}, "d": "2019-06-25", "l": [1, 2.5, true],
 "@graph": [{"@id": "_:b", "p": {"@value": "x", "@language": "fr"}}]}"""
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rdf:RDF [<!ENTITY e "http://e.example/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/"
 xml:base="http://b.example/"><rdf:Description rdf:about="&e;a" xml:lang="fr"><e:p>x</e:p>
<e:q rdf:resource="#b"/><e:r rdf:parseType="Collection"><rdf:Description rdf:nodeID="n"/></e:r>
<e:s rdf:parseType="Literal"><b>x</b></e:s><rdf:li>1</rdf:li><e:t rdf:ID="i">x</e:t>
<e:u rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">7</e:u></rdf:Description></rdf:RDF>"""
_WRITTEN = {
    "yaml": [
        '"@context": {"@vocab": "urn:v#"}\n"@id": urn:x\nname: One\nother:\n- Two\n- Three\n',
        "- person: A B\n  lang: en\n- place: {fr: Lyon, en: Lyons}\n  lat: 45.7\n---\nevent: C\n",
        "participation: X Y\nevent: GSEF\nrole: speaker\nlang: fr\nsource: {document: id-doc:"
        "gsef-advocacy-fr, quote: modérée par Mme Antonella Noya, start: 5, end: 99999999}\n",
    ],
    "json": [
        '{"event": "Forum A", "lang": "en", "dates": "31/09/2021", "goals": [8, "11.3"]}',
        '[{"membership": {"agent": "Antonella Noya"}, "organisation": "OCDE", "role": "member",'
        ' "lang": "fr", "source": {"document": "Lettre", "quote": ["un", "deux"]}}]',
        _LINKED,
    ],
    "stdin": ['{"event": "A", "lang": "en"}', "<a:s> <a:p> 1 .", _XML, _LINKED],
    "turtle": ['@base <a:b> .\n<#c> a [ <#d> ( 1 2.5 -1e3 true "x"@fr ) ] ; <#e> """y""" , _:z .'],
    "trig": ["GRAPH <a:g> { <a:s> <a:p> <<( <a:s> <a:p> 1 )>> } <a:s> <a:p> _:b {| <a:q> 1 |} ."],
    "ntriples": ['<a:s> <a:p> "x\\u00e9"^^<a:t> .\n_:a <a:p> "y"@fr-CA .\n'],
    "nquads": ["<a:s> <a:p> _:b _:g .\n# a\n"],
    "jsonld": [_LINKED, "[]", '{"@context": "a.jsonld", "@reverse": {}, "@included": []}'],
    "rdfxml": [_XML],
    "html": [f'<!doctype html><html><head><base href="http://a.example/"><script type='
             f'"application/ld+json">{_LINKED}</script></head><body vocab="a"></body></html>'],
    "dates": [
        "2019-06-25", "2019-06-25/2019-06-26", "2017-XX", "2019-06~", "2019/..", "1er mai 2018",
        "du 25 au 26 juin 2019", "fin 2017", "26 mai", "1-3 October 2018", "October 1, 2018",
        "late 2017", "3 y 4 de diciembre de 2015", "16/06/2020", "16.06.2020", "25-26/06/2019",
        "mi-juin 2018", "2019-21", "2019-06-25T10:00:00Z", "mar. 3 mar. 2020", "-0044", "Y17E7",
    ],
    "decisions": [
        '# a\n- name: "Lee"\n  class: persona\n  means:   # ask Juan\n',
        "- name: A\n  class: person\n  means: new\n- {name: B, class: event, means: id-event:x}\n",
    ],
    "header": [
        "\n".join(line[2:].removeprefix(" ") for line in path.read_text("utf-8").splitlines()
                  if line.startswith("#+"))
        for path in sorted((ROOT / "queries").rglob("*.rq"))[::4]
    ],
    "base": ["https://data.example.org/sse/\n", "urn:a#", "http://[::1]/"],
    "toml": ["[web]\nindex-people = true\n", "a = 1979-05-27T07:32:00Z\nb = [1, {c = 2}]\n"],
}  # fmt: skip
WORDS = (
    "event:", "document:", "person:", "membership:", "participation:", "goal link:", "source:",
    "quote:", "lang:", "dates:", "goals:", "speakers:", "organisers:", "evidence:", "stance:",
    "partOf:", "id:", "type:", "agent:", "role:", "name:", "means:", "class:", "id-org:oecd",
    "Antonella Noya", "OCDE", "GSEF", "@context", "@id", "@type", "@graph", "@value", "@language",
    "@list", "@reverse", "@version", "@prefix", "@base", "<<(", ")>>", "{|", "|}", "^^", "_:b",
    "\u202e", "\u200b", "\u00a0", "\ufeff", "\u0301", "&#x", "&e;", "<!ENTITY", "rdf:li",
    "xml:lang", "parseType", "/..", "XX", "2019", "juin", "finales de", "- ", "\t", "? ", "&a",
    "*a", "!!", "|\n", ">\n", "---\n", "...\n", "%YAML", "\r\n", "\x85", "\u2028", "\\u0000",
    "\\ud800", "parameters:", "enumerate:", "picture:", "answer:", "columns:", "summary:",
)  # fmt: skip
"""What readers look for, which chance would seldom write."""

"""`gsefgraph validate` as a user types it: any files, any shapes, every form of report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from gsefgraph.cli.formats import REPORTS
from gsefgraph.shacl import run
from gsefgraph.terms import SH
from tests.commands import ROOT, Cli

DATA = """@prefix : <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a a :Town ; :founded "1534"^^xsd:gYear ; :mayor :m .
:b a :Town ; :founded "2019-6-25"^^xsd:date .
:c a :Town ;
    :founded "1600"^^xsd:gYear , "1601"^^xsd:gYear .
:m a :Person .
"""
SHAPES = """@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:TownShape a sh:NodeShape ; sh:targetClass :Town ;
    sh:property :Town-founded , :Town-mayor .
:Town-founded sh:path :founded ; sh:maxCount 1 ;
    sh:or ( [ sh:datatype xsd:gYear ] [ sh:datatype xsd:date ] ) .
:Town-mayor sh:path :mayor ; sh:class :Person ; sh:minCount 1 ; sh:severity sh:Warning .
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "towns.ttl"
    path.write_text(DATA)
    return path


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES)
    return path


def findings(text: str) -> list[tuple[str, str, int]]:
    return [
        (
            f["focus"].rpartition("/")[2],
            f["component"].rpartition("#")[2][:-19],
            f["source"]["line"],
        )
        for f in json.loads(text)["findings"]
    ]


def test_any_data_against_any_shapes(cli: Cli, data: Path, shapes: Path) -> None:
    done = cli("validate", data, "--shapes", shapes, "--alone", "-f", "json")
    assert (done.code, done.err) == (1, "")
    assert findings(done.out) == [
        ("b", "MinCount", 4), ("b", "Or", 4), ("c", "MinCount", 5), ("c", "MaxCount", 6)
    ]  # fmt: skip
    text = cli("validate", data, "--shapes", shapes, "--alone", "--lang", "fr").out
    assert "towns.ttl:4:23: erreur\u00a0: " in text
    assert 'écrire "2019-06-25"^^xsd:date' in text
    assert "Non conforme. Erreurs\u00a0: 2. Avertissements\u00a0: 2." in text


def test_large_files_give_the_same(
    cli: Cli, data: Path, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"{q.triple} .\n" for q in parse(DATA.encode(), format=RdfFormat.TURTLE))
    flat = data.with_suffix(".nt")
    flat.write_text(lines)
    for file in (data, flat):
        words = ("validate", file, "--shapes", shapes, "--alone", "-f", "json")
        small = json.loads(cli(*words).out)
        monkeypatch.setattr(run, "SMALL", 0)
        monkeypatch.setattr(run, "SMALL_BYTES", 0)
        large = json.loads(cli(*words).out)
        monkeypatch.undo()
        assert small["findings"] == large["findings"]
        assert {way["way"] for way in small["ways"]} == {"memory"}
        assert {way["way"] for way in large["ways"]} == {"sql"}


@pytest.mark.parametrize("form", [*REPORTS])
def test_no_form_shows_a_name_that_we_made_up(
    cli: Cli, data: Path, shapes: Path, form: str
) -> None:
    head = "@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."
    query = 'sh:sparql [ sh:select "SELECT $this { $this a ?c }" ]'
    shapes.write_text(
        f"{head} [] sh:targetClass :Town ; sh:nodeKind sh:Literal ; {query} ;"
        " sh:property [ sh:path :mayor ; sh:minCount 9 ] ; sh:not [ sh:class :Town ] ."
    )
    words = ("validate", data, "--shapes", shapes, "--alone", "-f", form)
    done = cli(*words)
    assert (done.code, "urn:gsefgraph" in done.out + done.err) == (1, False)
    if form in ("json", "sarif"):
        kept = data.with_name("kept.json")
        kept.write_text(done.out, "utf-8")
        assert cli(*words, "--baseline", kept).code == 0


@pytest.mark.parametrize("form", [*REPORTS])
def test_every_form_to_a_file(cli: Cli, data: Path, shapes: Path, form: str) -> None:
    out = data.with_name(f"report.{form}")
    done = cli("validate", data, "--shapes", shapes, "--alone", "-f", form, "-o", out)
    assert (done.code, done.out) == (1, "")
    content = out.read_bytes()
    if form in ("json", "sarif"):
        assert json.loads(content)
    elif form == "junit":
        assert ET.fromstring(content).tag == "testsuites"
    elif form in ("turtle", "jsonld"):
        rdf = RdfFormat.TURTLE if form == "turtle" else RdfFormat.JSON_LD
        results = [q for q in parse(content, format=rdf) if q.predicate == NamedNode(f"{SH}result")]
        assert len(results) == 4
    else:
        assert b":b" in content


def test_filters_change_what_is_shown_and_not_the_verdict(
    cli: Cli, data: Path, shapes: Path
) -> None:
    words = ("validate", data, "--shapes", shapes, "--alone", "-f", "json")
    assert len(findings(cli(*words, "--severity", "violation").out)) == 2
    assert findings(cli(*words, "--rule", "MaxCount").out) == [("c", "MaxCount", 6)]
    shape = cli(*words, "--shape", "https://example.org/Town-mayor")
    assert len(findings(shape.out)) == 2
    assert shape.code == 1
    assert len(findings(cli(*words, "--limit", "1").out)) == 1
    wrong = cli(*words, "--rule", "MaxCuont")
    assert wrong.code == 2
    assert "did you mean" in wrong.err


def test_a_baseline_leaves_what_is_new(cli: Cli, data: Path, shapes: Path) -> None:
    words = ("validate", data, "--shapes", shapes, "--alone", "-f")
    for form in ("json", "sarif"):
        kept = data.with_name(f"kept.{form}")
        data.write_text(DATA)
        cli(*words, form, "-o", kept)
        assert cli(*words, "json", "--baseline", kept).code == 0
        data.write_text(f"{DATA}\n\n:d a :Town ; :mayor :m ; :founded 3 .\n")
        new = cli(*words, "json", "--baseline", kept)
        assert new.code == 1
        assert findings(new.out) == [("d", "Or", 10)]
    data.with_name("kept.json").write_text("{")
    broken = cli(*words, "json", "--baseline", data.with_name("kept.json"))
    assert broken.code == 3
    assert "kept.json:1" in broken.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--alone",), 2, "--alone checks the files that are named"),
        (("x.ttl", "--alone", "--replace"), 2, "leave out --alone"),
        (("missing.ttl", "--alone"), 3, "missing.ttl: no such file"),
        (("x.ttl", "--memory", "lots"), 2, "write it as 512M or 4GB"),
        (("x.ttl", "--memory", "1k"), 2, "at least 128M"),
        (("README.md", "--shapes", "missing.ttl"), 3, "README.md:1:5: not TriG"),
        (("data/curation.ttl", "--shapes", "missing.ttl"), 3, "missing.ttl: no such file"),
    ],
)
def test_what_a_user_gets_wrong(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    done = cli("validate", *words)
    assert done.code == code
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_illegal_shapes_are_named_with_their_line(cli: Cli, data: Path, shapes: Path) -> None:
    shapes.write_text(SHAPES.replace("sh:maxCount 1 ;", 'sh:pattern "(a" ;'))
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 3
    assert "shapes.ttl:6:" in done.err
    assert "Town-founded" in done.err


def test_what_is_not_legal_in_shapes_can_be_left_out(cli: Cli, data: Path, shapes: Path) -> None:
    shapes.write_text(SHAPES.replace(":Town-mayor sh:path :mayor ;", ":Town-mayor"))
    words = ("validate", data, "--shapes", shapes, "--alone")
    assert cli(*words).code == 3
    done = cli(*words, "--lenient")
    assert done.code == 1
    assert f"warning: left out: {shapes}:5:33: shape <https://example.org/TownShape>" in done.out
    assert ":Town-founded" in done.out
    assert "Validation is not complete: 1 part of the shapes is left out." in done.out
    done = cli(*words, "--lenient", "--lang", "fr", "-q", "--rule", "Class")
    assert "La validation n’est pas complète" in done.out
    data.write_text("@prefix : <https://example.org/> . :a a :Village .")
    assert cli(*words, "--lenient").code == 0
    legal = cli("validate", data, "--shapes", shapes, "--lenient")
    assert (legal.code, "not complete" in legal.out) == (0, True)
    assert cli("validate", data, "--alone", "--lenient").code == 2


def test_shapes_that_only_import_name_what_was_not_read(cli: Cli, data: Path, shapes: Path) -> None:
    imports = "<http://www.w3.org/2002/07/owl#imports>"
    shapes.write_text(f"<https://example.org/s> {imports} <base.ttl>, <https://example.org/t> .")
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 3
    base = (shapes.parent / "base.ttl").as_uri()
    assert f"give these files as well: <{base}>, <https://example.org/t>" in done.err


def test_a_misspelt_shape_never_reads_as_conforming(cli: Cli, data: Path, shapes: Path) -> None:
    shapes.write_text(SHAPES.replace("sh:targetClass :Town ", "sh:targetClass :Twon "))
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 0
    assert "warning: shape" in done.out
    assert "Twon" in done.out
    shapes.write_text(SHAPES.replace("sh:path :mayor", "sh:path :mayer"))
    assert "mayer" in cli("validate", data, "--shapes", shapes, "--alone").out


def test_a_change_of_the_graph(cli: Cli, tmp_path: Path) -> None:
    event = "https://w3id.org/gsefgraph/id/event/habitat-iii"
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    gone = tmp_path / "gone.nt"
    names = ('"Habitat III"@fr', '"Habitat III"@en', '"Hábitat III"@es')
    gone.write_text("".join(f"<{event}> {label} {name} .\n" for name in names))
    done = cli("validate", "--remove", gone, "-f", "json")
    assert done.code == 1
    assert ("habitat-iii", "MinCount", 1) in findings(done.out)
    new = tmp_path / "new.nt"
    new.write_text(f'<{event}> {label} "Habitat"@fr .\n')
    assert cli("validate", new, "-f", "json").code == 1  # a second name in French
    replaced = cli("validate", new, "--replace", "-f", "json")
    kinds = {f["component"].rpartition("#")[2] for f in json.loads(replaced.out)["findings"]}
    assert "UniqueLangConstraintComponent" not in kinds


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    big = tmp_path / "big.nq"
    line = '<urn:s{0}> <urn:p{1}> "{0}" .\n'
    with big.open("w") as file:
        file.writelines(line.format(n, n % 50) for n in range(1_500_000))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "gsefgraph", "validate", str(big), "--alone"]
    running = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not any(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    start = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert time.monotonic() - start < 5
    assert running.returncode == 4
    assert said.decode().strip() == "gsefgraph: error: stopped"
    assert list(temporary.iterdir()) == []


def test_a_bar_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    big = tmp_path / "big.nt"
    big.write_text("".join(f'<urn:s{n}> <urn:p> "{n}" .\n' for n in range(100_000)))
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . "
        "<urn:s> sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:maxCount 1 ] ."
    )
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "gsefgraph", "validate", str(big), "--alone", "--lang", "fr"]
    done = subprocess.Popen(
        [*command, "--shapes", str(shapes)], cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    out, _ = done.communicate(timeout=60)
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert out.decode() == "Conforme.\nContraintes vérifiées\u00a0: 2 en SQL.\n"
    assert "lecture" in drawn
    assert "━" in drawn
    quiet = subprocess.run([*command, "--shapes", str(shapes)], cwd=ROOT, capture_output=True)
    assert quiet.stderr == b""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no shapes"),
        (SHAPES.replace("http://www.w3.org/ns/shacl#", "https://www.w3.org/ns/shacl#"),
         "whose terms begin with <http://www.w3.org/ns/shacl#>"),
        (DATA, "holds no shapes"),
    ],
)  # fmt: skip
def test_files_without_a_shape_are_no_shapes(
    cli: Cli, data: Path, shapes: Path, text: str, said: str
) -> None:
    shapes.write_text(text)
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 3
    assert said in done.err


def test_a_folder_of_shapes_in_any_format_and_a_file_twice(
    cli: Cli, data: Path, shapes: Path
) -> None:
    folder = data.with_name("folder")
    folder.mkdir()
    kept = folder / "shapes.trig"
    kept.write_text(shapes.read_text())
    words = ("validate", data, "--alone", "-f", "json", "--shapes", folder)
    assert len(findings(cli(*words).out)) == 4
    assert len(findings(cli(*words, "--shapes", kept).out)) == 4


def test_a_severity_of_ones_own_is_grave(cli: Cli, data: Path, shapes: Path) -> None:
    shapes.write_text(SHAPES.replace("sh:Warning", ":Grave").replace("sh:maxCount 1 ;", ""))
    data.write_text(DATA.replace("2019-6-25", "2019-06-25"))
    done = cli("validate", data, "--shapes", shapes, "--alone", "--severity", "error")
    assert done.code == 1
    assert "Does not conform. Grave: 2." in done.out


def test_what_is_not_there_is_warned_of(cli: Cli, data: Path, shapes: Path) -> None:
    beside = cli("validate", data, "--shapes", shapes)
    assert "meets no node" not in beside.out
    shapes.write_text(SHAPES.replace("sh:targetClass :Town ", "sh:targetClass :Twon "))
    assert (
        "its target sh:targetClass :Twon meets no node"
        in cli("validate", data, "--shapes", shapes).out
    )
    assert (
        "triples to remove that the graph does not hold: 9" in cli("validate", "--remove", data).out
    )
    data.write_text("# nothing yet\n")
    for words in ((), ("--alone",)):
        assert "towns.ttl holds no triple" in cli("validate", data, *words).out


def test_a_rule_is_a_component_a_shape_or_both(cli: Cli, data: Path, shapes: Path) -> None:
    words = ("validate", data, "--shapes", shapes, "--alone", "-f", "json", "--rule")
    assert len(findings(cli(*words, ":Town-mayor").out)) == 2
    assert findings(cli(*words, ":Town-founded/MaxCount").out) == [("c", "MaxCount", 6)]
    assert len(findings(cli(*words, "minCount").out)) == 2


def test_imports_are_told_and_not_followed(cli: Cli, data: Path, shapes: Path) -> None:
    imports = "<http://www.w3.org/2002/07/owl#imports> <https://example.org/more>"
    shapes.write_text(f"{SHAPES}\n:shapes {imports} .")
    data.write_text(f"{DATA}\n:towns {imports} . <#here> a :Town .")
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 1
    assert done.out.count("owl:imports <https://example.org/more> is not followed") == 1
    assert f"<{data.as_uri()}#here>" in done.out


ASKING = """@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:sparql [ sh:select "QUERY" ] .
"""


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT $this { SERVICE <urn:s> { $this ?p ?o } }", "SERVICE"),
        ("SELECT $this { $this ?p ?o FILTER(REGEX(STR(?o), '(')) }", "the pattern '(' cannot be"),
        ("SELECT $this { $this ?p ?o FILTER(<urn:f>(?o)) }", "no function <urn:f>"),
        ("SELECT $this { $this ?p }", "is not SPARQL"),
    ],
)
def test_a_query_that_cannot_be_asked_is_named(
    cli: Cli, data: Path, shapes: Path, query: str, said: str
) -> None:
    shapes.write_text(ASKING.replace("QUERY", query))
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert done.code == 3
    assert "shapes.ttl:3:" in done.err
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_query_about_named_graphs_finds_none_and_says_so(
    cli: Cli, data: Path, shapes: Path
) -> None:
    shapes.write_text(ASKING.replace("QUERY", "SELECT $this { GRAPH ?g { $this ?p ?o } }"))
    done = cli("validate", data, "--shapes", shapes, "--alone")
    assert (done.code, "GRAPH in sh:select finds nothing" in done.out) == (0, True)


def test_a_query_sees_literals_as_they_are_written(cli: Cli, data: Path, shapes: Path) -> None:
    data.write_text(
        '<urn:a> <https://example.org/p> "5"^^<http://www.w3.org/2001/XMLSchema#int> , "005" .'
    )
    query = "SELECT $this ?value { $this ?p ?v BIND(CONCAT(STR(DATATYPE(?v)), STR(?v)) AS ?value) }"
    shapes.write_text(ASKING.replace("QUERY", query))
    done = cli("validate", data, "--shapes", shapes, "--alone", "-f", "json")
    values = {f["value"]["value"].rpartition("#")[2] for f in json.loads(done.out)["findings"]}
    assert values == {"int5", "string005"}


def test_a_term_signal_leaves_nothing_behind(tmp_path: Path) -> None:
    big = tmp_path / "big.nq"
    with big.open("w") as file:
        file.writelines(f'<urn:s{n}> <urn:p{n % 50}> "{n}" .\n' for n in range(1_000_000))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", "validate", str(big), "--alone"], cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not any(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    running.terminate()
    assert running.wait(10) == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []


def test_a_range_that_is_no_tag_gives_no_hint(cli: Cli, data: Path, shapes: Path) -> None:
    wanted = 'sh:languageIn ( "*" "en_US" ) ;'
    shapes.write_text(SHAPES.replace("sh:maxCount 1 ;", wanted))
    words = ("validate", data, "--shapes", shapes, "--alone", "-f", "json")
    done = cli(*words, "--rule", "LanguageIn")
    assert (done.code, done.err) == (1, "")
    assert [finding["hint"] for finding in json.loads(done.out)["findings"]] == [None] * 4
    data.write_text("@prefix : <https://e.org/> . :a :p 'plain' .", "utf-8")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://e.org/> ."
        ':s sh:targetSubjectsOf :p ; sh:path :p ; sh:languageIn ( "*" "fr" ) .',
        "utf-8",
    )
    (finding,) = json.loads(cli(*words).out)["findings"]
    assert finding["hint"] == 'add the language: "plain"@fr'


def test_a_second_opinion_shows_what_differs_and_why(cli: Cli, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://e.org/> ."
        ":s sh:targetSubjectsOf :p ; sh:path :p ; sh:minLength 0 ; sh:maxCount 1 ;"
        " sh:node [ sh:minLength 0 ] .",
        "utf-8",
    )
    data.write_text("@prefix : <https://e.org/> . :a :p [], 'x' . :b :p 1 .", "utf-8")
    words = ("validate", data, "--shapes", shapes, "--alone", "--second-opinion")
    done = cli(*words)
    assert done.code == 1
    told = done.out.partition("pySHACL finds something else.")[2]
    first = told.splitlines()[0].strip()
    assert first == "Results that only one of us has: 2; that both have: 1."
    assert "only ours: :s MinLength :a :p _:blank [minLength]" in told
    assert "only ours: :s Node :a :p _:blank [minLength]" in told
    assert "[minLength] Section 4.4.1: a blank node has a result" in told
    assert "no reason" not in told
    # A report for programs stays one.
    done = cli(*words, "-f", "json", "--lang", "fr")
    json.loads(done.out)
    assert "seulement ici" in done.err
    same = cli("validate", data, "--shapes", shapes, "--alone", "--lang", "fr").code
    assert same == done.code
    data.write_text("@prefix : <https://e.org/> . :a :p 1, 2 .", "utf-8")
    assert "pySHACL finds the same, results: 1." in cli(*words).out
    assert cli("validate", "--second-opinion").code == 2


def test_a_second_opinion_that_is_not_given(cli: Cli, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://e.org/> ."
        ":s sh:targetSubjectsOf :p ; sh:path :p ; sh:lessThan :q .",
        "utf-8",
    )
    data.write_text("@prefix : <https://e.org/> . :a :p [] ; :q 1 .", "utf-8")
    done = cli("validate", data, "--shapes", shapes, "--alone", "--second-opinion")
    assert done.code == 1
    assert "pySHACL has no opinion" in done.out


def test_what_follows_from_a_record_is_checked_when_asked(cli: Cli, tmp_path: Path) -> None:
    """That it takes place in a country follows from the place, which the graph alone knows."""
    new = tmp_path / "new.ttl"
    new.write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "<https://w3id.org/gsefgraph/id/event/x> a gsef:Event ;\n"
        "    gsef:place <https://w3id.org/gsefgraph/id/place/daejeon> .\n"
    )
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "gsef:S a sh:NodeShape ; sh:targetClass gsef:Event ;\n"
        "    sh:property [ sh:path gsef:country ; sh:minCount 1 ] .\n"
    )
    told = [
        cli("validate", new, "--shapes", shapes, "-f", "json", *asked).code
        for asked in ((), ("--inferred",))
    ]
    assert told == [1, 0]

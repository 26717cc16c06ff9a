from __future__ import annotations

import csv
import faulthandler
import io
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, Quad

from gsefgraph import files
from gsefgraph.answers.tables import cell_width
from gsefgraph.engine.embedded import Embedded
from gsefgraph.wording import LANGUAGES
from tests.commands import ROOT, Cli, process, terminal

NETWORK = """
import socket, sys
def refuse(*a, **k): raise AssertionError("network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from gsefgraph.cli import run
sys.exit(run(sys.argv[1:]))
"""


def test_a_table_in_french(cli: Cli) -> None:
    done = cli("query", "observers", "--lang", "fr")
    assert done.code == 0
    assert done.err == ""
    assert done.lines[0] == "1 observateur d’une organisation est connu."
    assert done.lines[2].split() == ["Qui", "Organisation", "Début", "Fin"]
    assert "Forum mondial de l’économie sociale" in done.lines[4]


def test_a_file_of_a_question_is_read_once(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.rq"
    file.write_text("SELECT ?s { ?s ?p ?o } LIMIT 1")
    read: list[Path] = []
    text = files.text
    monkeypatch.setattr(files, "text", lambda path: (read.append(path), text(path))[1])
    assert cli("query", file, "-o", tmp_path / "a.csv").code == 0
    assert read == [file]


def test_names_are_understood(cli: Cli) -> None:
    asked = [
        cli("query", "events-by-goal", "-p", f"goal={name}", "-f", "csv").out
        for name in ("8", "ODD 8", "sdg 8", "ODS8", "sdg:8", "http://metadata.un.org/sdg/8")
    ]
    assert len(set(asked)) == 1
    assert asked[0].count("\n") > 1
    quito = cli("query", "events-by-country", "-p", "country=equateur", "-f", "csv")
    assert "habitat-iii" in quito.out


def test_data_formats(cli: Cli) -> None:
    def ask(*more: str) -> str:
        done = cli("query", "events-between", "-p", "from=2019", *more)
        assert done.code == 0
        return done.out

    rows = list(csv.DictReader(io.StringIO(ask("-f", "csv"))))
    assert list(rows[0])[:3] == ["event", "start", "end"]
    document = json.loads(ask("-f", "json"))
    assert document["head"]["vars"] == list(rows[0])
    assert len(document["results"]["bindings"]) == len(rows)
    assert ask("-f", "tsv").splitlines()[0].split("\t")[0] == "?event"
    root = ElementTree.fromstring(ask("-f", "xml"))
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert ask("-f", "md").splitlines()[2].startswith("| Event | ")
    assert len(ask("-f", "csv", "--limit", "1").splitlines()) == 2
    labelled = ask("-f", "csv", "--labels", "--lang", "es")
    assert labelled.splitlines()[0].startswith("event,eventLabel,start")


def test_triples(cli: Cli, tmp_path: Path) -> None:
    for name in ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml"):
        done = cli("query", "collaboration-graph", "-f", name)
        assert done.code == 0
        assert "collaboratedWith" in done.out
    target = tmp_path / "out.ttl"
    done = cli("query", "collaboration-graph", "-o", target)
    assert done.out == ""
    assert "gsef:collaboratedWith" in target.read_text()


DIRECTED = 'BIND(STRLANGDIR("salam", "ar", "rtl") AS ?o)'
DIRECTIONS = [
    *(("tsv", "json", "xml", "csv", "table", "md")),
    *(("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")),
]


@pytest.mark.parametrize("form", DIRECTIONS)
def test_a_base_direction_is_left_out_on_every_way_out(form: str, cli: Cli) -> None:
    triples = form in DIRECTIONS[6:]
    head = "CONSTRUCT { <a:s> <a:p> ?o }" if triples else "SELECT ?o (<<( <a:s> <a:p> ?o )>> AS ?t)"
    done = cli("query", f"{head} {{ {DIRECTED} }}", "-f", form)
    assert done.err.count("the base direction of text is left out") == 1
    assert "salam" in done.out
    assert ("rtl" in done.out, ":dir=" in done.out) == (False, False)


def test_a_store_may_hold_what_no_file_is_read_with(cli: Cli, tmp_path: Path) -> None:
    text = Literal("salam", language="ar", direction=BaseDirection.RTL)
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    engine = Embedded.open(tmp_path / "store", create=True)
    engine.load([Quad(NamedNode("urn:x"), label, text, NamedNode("urn:g"))], origin="a test")
    engine.close()
    store = ("--store", tmp_path / "store")
    for words in (("export", "-f", "turtle"), ("export", "-f", "nquads")):
        done = cli(*words, *store)
        assert ('"salam"@ar--' in done.out, "base direction" in done.err) == (False, True)
    shown = json.loads(cli("show", "urn:x", "-f", "json", *store).out)
    assert shown["stated"][0]["value"] == {"text": "salam", "language": "ar"}
    report = cli("validate", *store).out
    assert 'value: "salam"@ar--rtl\n  fix: write "salam"@ar\n' in report


SUFFIXES = [
    ("query observers", "a.csv", "observer,"),
    ("query observers", "a.JSON", '{"head":'),
    ("query observers", "a.srx", "<?xml"),
    ("query observers", "a.md", "1 observer of an organisation is known.\n\n| Observer"),
    ("query observers", "a.txt", "1 observer of an organisation is known.\n\nObserver  "),
    ("query observers", "a", "1 observer of an organisation is known.\n\nObserver  "),
    ("query observers -f tsv", "a.csv", "?observer\t"),
    ("query collaboration-graph", "a.nt", "<https:"),
    ("query collaboration-graph", "a.xml", "<?xml"),
    ("export", "a.nq", "<http"),
    ("export", "a.trig", "@prefix"),
    ("export", "v1.2/a", "@prefix"),
    ("export -f nquads", "a.docx", "<http"),
    ("validate", "a.html", "<!DOCTYPE html>"),
    ("validate", "a.xml", "<?xml"),
    ("validate", "a.sarif.json", '{\n  "$schema"'),
    ("validate", "a.json", '{\n  "conforms"'),
]


@pytest.mark.parametrize(("words", "name", "start"), SUFFIXES)
def test_the_suffix_says_the_format(
    cli: Cli, tmp_path: Path, words: str, name: str, start: str
) -> None:
    target = tmp_path / name
    target.parent.mkdir(exist_ok=True)
    done = cli(*words.split(), "-o", target)
    assert (done.code, done.out) == (0, ""), done
    assert target.read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    "words", ["query observers", "query collaboration-graph", "export", "validate"]
)
def test_a_suffix_without_a_format_is_refused(cli: Cli, tmp_path: Path, words: str) -> None:
    for name in ("a.docx", "a.pptx", "a.nt.gz"):
        done = cli(*words.split(), "-o", tmp_path / name, "--lang", "fr")
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert f"le suffixe {Path(name).suffix}\xa0; écrire l’un de ." in done.err
    assert list(tmp_path.iterdir()) == []


def test_of_suffixes_those_are_named_that_fit_the_answer(cli: Cli) -> None:
    people, both = ".html, .htm, .svg, .xlsx", ".graphml, .gexf,"
    for name, fitting in (
        ("observers", f".txt, .json, .srj, .csv, .tsv, .xml, .srx, .md, {people}, {both}"),
        ("collaboration-graph", f".ttl, .jsonld, .json, .nt, .nq, .trig, .rdf, .xml, .owl, {both}"),
    ):
        done = cli("query", name, "-o", "a.docx")
        assert (done.code, f"; write one of {fitting} or name" in done.err) == (2, True), done


def test_a_suffix_names_its_format(cli: Cli, tmp_path: Path) -> None:
    facts = tmp_path / "a.nt"
    facts.write_text("<urn:s> <urn:p> <urn:o> .\n")
    for suffix, start in (("nq", "<urn:s>"), ("NT", "<urn:s>"), ("xml", "<?xml"), ("ttl", "<urn")):
        done = cli("export", "--data", facts, "--alone", "-f", suffix)
        assert (done.code, done.out.startswith(start)) == (0, True), done
    assert cli("validate", "--alone", facts, "-q", "-f", "htm").out.startswith("<!DOCTYPE html>")
    assert cli("export", "-f", "html").code == 2


def test_a_suffix_of_the_other_kind_of_answer_is_refused(cli: Cli, tmp_path: Path) -> None:
    for name, suffix, said in (
        ("observers", "ttl", "rows, turtle is for triples; one of table, json"),
        ("collaboration-graph", "csv", "triples, csv is for rows; one of turtle, jsonld"),
    ):
        done = cli("query", name, "-o", tmp_path / f"a.{suffix}")
        assert (done.code, said in done.err) == (2, True), done
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("SELECT ?a { ?a ", 3, "<stdin>:1:15: not SPARQL: the text ends too early"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 2, "this is an update"),
        ("SELECT ?a { ?a a gsef:Event }", 2, "the answer is rows, turtle is for triples"),
    ],
)
def test_a_fault_of_a_question_comes_before_its_format(
    cli: Cli, text: str, code: int, said: str
) -> None:
    done = cli("query", "-", "-f", "turtle", stdin=text.encode())
    assert (done.code, said in done.err) == (code, True), done


def test_an_ask(cli: Cli) -> None:
    words = ("query", "is-member", "-p", "agent=Juan Antonio Pedreño", "-p", "organisation=CEPES")
    assert cli(*words, "--lang", "fr").out.startswith("Oui\u202f: selon le graphe, Juan")
    posts = ("query", "is-member", "-p", "agent=Antonella Noya", "-p", "organisation=OCDE")
    assert cli(*posts).out.startswith("No: the graph does not say that Antonella Noya")
    assert json.loads(cli(*words, "-f", "json").out) == {"head": {}, "boolean": True}


def test_evidence_is_numbered_under_the_table(cli: Cli) -> None:
    done = cli("query", "observers", "--evidence", "--lang", "fr")
    assert "[1] «" in done.out
    assert "en tant qu’observateur" in done.out
    data = cli("query", "observers", "--evidence", "-f", "csv")
    assert data.lines[0].endswith(",evidence")


def test_sparql_from_a_file_and_from_stdin(cli: Cli, tmp_path: Path) -> None:
    text = b"SELECT ?b ?a { BIND(1 AS ?a) BIND(2 AS ?b) }"
    (tmp_path / "q.rq").write_bytes(text)
    assert cli("query", tmp_path / "q.rq", "-f", "csv").lines == ["b,a", "2,1"]
    assert cli("query", "-", "-f", "csv", stdin=text).lines == ["b,a", "2,1"]


EMPTY = [
    ("events-between -p from=1990 -p to=1991", "en",
     "no results with from=1990-01-01, to=1991-12-31; to ask for more, leave out from, to"),
    ("events-between -p from=2019 -p to=2017", "fr",
     "aucun résultat avec from=2019-01-01, to=2017-12-31\xa0; from vient après to"),
    ("events-by-goal -p goal=1", "es",
     "ningún resultado con goal=Fin de la pobreza (sdg:1)"),
    ("observers -p organisation=OCDE", "es",
     "organisation=Organización para la Cooperación y el Desarrollo Económicos (id-org:oecd);"),
    ("missing-labels -p language=en", "fr", "aucun résultat avec language=en"),
    ("events-by-goal -p goal=1 -p lang=fr", "en", "with goal=No poverty (sdg:1), lang=fr"),
    ("-", "fr", "aucun résultat"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "lang", "said"), EMPTY)
def test_an_empty_answer_is_a_sentence(cli: Cli, words: str, lang: str, said: str) -> None:
    for text in (b"SELECT * { <urn:n> ?p ?o }", b"DESCRIBE <urn:n>"):
        done = cli("query", *words.split(), "--lang", lang, stdin=text)
        assert (done.code, done.err.count("\n")) == (0, 1)
        assert said in done.err
        assert "--" not in done.out
    asked = ("query", *words.split(), "-f", "csv", "--lang", lang)
    data = cli(*asked, stdin=b"SELECT * { <urn:n> ?p ?o }")
    assert (data.out.count("\n"), said in data.err) == (1, True)
    assert cli(*asked, "-q", stdin=b"SELECT * { <urn:n> ?p ?o }").err == ""


def test_what_was_not_given_is_not_offered_to_be_left_out(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text(
        "#+ summary: Own\n#+ parameters:\n#+   n: {type: integer, optional: true}\n"
        "#+ defaults: {n: '3'}\nSELECT ?s { ?s <urn:no> $n }"
    )
    assert cli("query", file).err == "gsefgraph: no results\n"
    given = cli("query", file, "-p", "n=3").err
    assert given == "gsefgraph: no results with n=3; to ask for more, leave out n\n"


def test_select_star_keeps_the_order_written(cli: Cli) -> None:
    text = b"SELECT DISTINCT * { ?z ?p ?a . FILTER NOT EXISTS { ?b ?z ?a } } LIMIT 1"
    assert cli("query", "-", "-f", "csv", stdin=text).lines[0] == "z,p,a"


def test_formulas_are_not_changed_silently(cli: Cli) -> None:
    text = b'SELECT ?a { BIND("=1+1" AS ?a) }'
    assert cli("query", "-", "-f", "csv", stdin=text).lines[1] == "=1+1"
    assert cli("query", "-", "-f", "csv", "--safe", stdin=text).lines[1] == "'=1+1"


BAD = [
    (("query", "observer"), 2, "no stored query 'observer'; did you mean observers"),
    (("query", "observers", "-f", "jsn"), 2, "no format 'jsn'; did you mean json"),
    (("query", "observers", "-f", "turtle"), 2, "the answer is rows, turtle is for triples"),
    (("query", "collaboration-graph", "-f", "csv"), 2, "the answer is triples, csv is for rows"),
    (("query", "events-by-goal"), 2, "query 'events-by-goal' needs parameter 'goal'"),
    (("query", "events-by-goal", "-p", "gaol=8"), 2, "has no parameter 'gaol'; did you mean goal?"),
    (("query", "events-by-goal", "-p", "goal=18"), 2, "'goal'"),
    (("query", "events-by-goal", "-p", "goal"), 2, "write -p name=value"),
    (("query", "events-by-goal", "-p", "goal=8", "-p", "goal=9"), 2, "'goal' is given twice"),
    (("query", "events-between", "-p", "from=2019-02-30"), 2, "2019-02-30"),
    (("query", "events-by-country", "-p", "country=Equatoor"), 2, "did you mean Ecuador"),
    (("query", "person-appearances", "-p", "person=id-person:x y"), 2, "id-person:x y"),
    (("query", "none.rq"), 3, "none.rq: no such file"),
    (("queri",), 2, "no command 'queri'; did you mean queries, query"),
    (("query", "observers", "--no-such-option"), 2, "--no-such-option"),
    (("query",), 2, "Missing argument"),
    (("show", "Nobody At All"), 2, "Nobody At All"),
    (("export", "--graph", "graph:curatoin"), 2, "did you mean graph:curation"),
    (("explain", "GSEF", "memberOf", "OECD"), 2, "id-org:gsef"),
    (("query", "observers", "--store", "nowhere"), 4, "there is no store in nowhere"),
    (("query", "observers", "--store", "ftp://x"), 2, "no store is named 'ftp://x'"),
    (("query", "observers", "--data", "none.ttl"), 3, "none.ttl"),
    (("query", "observers", "--data", "x.ttl", "--store", "y"), 2, "leave out one of"),
    (("query", "observers", "--project", "none"), 3, "none: no such folder"),
    (("load",), 2, "name one with --store"),
    (("query", "observers", "-o", "none/x.csv"), 3, "none/x.csv: cannot be written"),
    (("query", "observers", "-o", ""), 2, "-o '' names no file; name a file, or - for stdout"),
    (("query", "observers", "-o", "none/"), 2, "-o 'none/' names no file"),
    (("export", "-o", "."), 2, "-o '.' names no file"),
    (("query", "observers", "--limit"), 2, "requires an argument; see gsefgraph query --help"),
    (("info", "--check=3"), 2, "does not take a value; see gsefgraph info --help"),
    (("--lang",), 2, "requires an argument; see gsefgraph --help"),
    (("--base", "http://x/\udce9", "info"), 2, "http://x/\\uDCE9 is no base: not UTF-8"),
    (("--store", "st\udce9", "info"), 2, "st\\uDCE9: a store's folder has a name in UTF-8"),
    (("--store", "/proc/none", "load"), 3, "/proc/none: cannot be written (No such file"),
]


@pytest.mark.parametrize(("words", "code", "message"), BAD, ids=[" ".join(b[0]) for b in BAD])
def test_bad_input_is_one_line(cli: Cli, words, code, message, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli(*words)
    assert done.code == code
    assert message in done.err
    assert done.err.startswith("gsefgraph: error: ")
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert list(tmp_path.iterdir()) == []


QUERIES = [
    ("SELECT * { ?s ?p ?o \n FILTER(?x >) }", 3, "2:"),
    ("SELECT * { ?s gsfe:agent ?o }", 3, "(prefix not found); did you mean gsef?"),
    ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 2, "SERVICE"),
    ("SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 2, "SERVICE"),
    ("SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }", 2, "SERVICE"),
    ("LOAD <http://127.0.0.1:9/>", 2, "this is an update"),
    ("INSERT DATA { <a:b> <a:b> <a:b> }", 2, "this is an update"),
    ("SELECT * { " + "{" * 3000 + "}" * 3000 + "}", 2, "nest"),
    ("SELECT * { " + "BIND(1 AS ?x) " * 4000 + "}", 2, ""),
    ("", 3, "no query"),
]


@pytest.mark.parametrize(("text", "code", "message"), QUERIES, ids=[q[0][:40] for q in QUERIES])
def test_bad_queries_are_one_line(cli: Cli, text: str, code: int, message: str) -> None:
    done = cli("query", "-", stdin=text.encode())
    assert done.code == code
    assert message in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_from_selects_stored_graphs_only(cli: Cli) -> None:
    stored = (
        b"SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/gsefgraph/graph/curation> { ?s ?p ?o }"
    )
    absent = b"SELECT * FROM <http://127.0.0.1:9/absent> { ?s ?p ?o }"
    assert int(cli("query", "-", "-f", "csv", stdin=stored).lines[1]) > 100
    done = cli("query", "-", "-f", "csv", stdin=absent)
    assert (done.code, done.lines) == (0, ["s,p,o"])
    assert "http://127.0.0.1:9/absent" in done.err


SLOW = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"


def test_a_deadline_is_kept() -> None:
    began = time.monotonic()
    done = process("query", "-", "--timeout", "0.7", stdin=SLOW)
    assert done.code == 4
    assert "no answer within 0.7 s" in done.err
    assert done.err.count("\n") == 1
    assert time.monotonic() - began < 0.7 + 5


def test_running_out_of_memory_is_an_error_not_a_crash(monkeypatch, capfd) -> None:
    from gsefgraph.cli import worker
    from gsefgraph.errors import EngineError

    def grow() -> int:
        faulthandler.disable()
        from gsefgraph.graph.graph import Graph

        with Graph.open() as graph:
            graph.engine.query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f")
        return 0

    with pytest.raises(EngineError, match="most likely it ran out of memory"):
        worker.guarded(grow, memory=700 * 2**20)
    capfd.readouterr()


def test_work_of_strangers_has_no_network(capfd) -> None:
    """Even past the guard there would be no way out."""
    import socket

    from gsefgraph.cli import worker

    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def reach() -> int:
        with socket.socket() as out:
            out.settimeout(5)
            return 0 if out.connect_ex(("127.0.0.1", port)) == 0 else 7

    def can_isolate() -> int:
        return 0 if worker.isolate() else 8

    if worker.guarded(can_isolate, network=True) == 8:
        pytest.skip("this system lets no process have a network of its own")
    assert worker.guarded(reach) == 7
    assert worker.guarded(reach, network=True) == 0
    server.close()
    capfd.readouterr()


def test_a_closed_pipe_ends_quietly() -> None:
    command = [sys.executable, "-m", "gsefgraph", "export", "-f", "nquads"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 0


WIDE = [
    "queries",
    "query speakers",
    "query graphs --evidence",
    "query events-by-goal --help",
    "search GSEF",
    "show GSEF",
    "explain GSEF collaboratedWith OECD",
    "validate -q ontology/examples/invalid/evidence.ttl",
]


@pytest.mark.parametrize("text", WIDE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_terminal_of_80_columns_cuts_no_word(text: str, lang: str, cli: Cli) -> None:
    words = [*text.split(), "--lang", lang]
    code, page = terminal(*words)
    piped = cli(*words)
    assert code == piped.code
    assert "\x1b" not in page
    assert all(cell_width(line) <= 80 for line in page.splitlines())
    wanted = re.sub(r".*\n-{3}[- ]*\n", "", piped.out)  # heads may be told anew in each row
    assert Counter(wanted.split()) <= Counter(page.split())


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_a_terminal_that_is_named_is_as_wide(output: str) -> None:
    words = ("query", "observers", "-q", "--store", "memory:")
    wanted = terminal(*words, columns=40)
    assert max(map(cell_width, wanted[1].splitlines())) <= 60
    assert terminal(*words, "-o", output, columns=40) == wanted


def test_help_of_a_stored_query_is_in_the_language_asked_for(cli: Cli, tmp_path: Path) -> None:
    words = ("query", "events-by-goal", "--help", "--lang")
    assert "  -p goal=…  Goal or target: a goal or target such as 8" in cli(*words, "en").out
    french = cli(*words, "fr").out
    assert french.startswith("events/events-by-goal: Événements au service d’un objectif\n")
    assert "  -p goal=…  Objectif ou cible\u202f: un objectif ou une cible comme 8" in french
    assert "(facultatif)" in french
    assert french.splitlines()[-1] == "gsefgraph query events-by-goal -p goal=8"
    assert cli("--lang", "fr", "query", "-h", "events-by-goal").out == french
    assert "una etiqueta de idioma" in cli(*words, "es").out
    own = tmp_path / "own.rq"
    own.write_text(
        "#+ summary: s\n#+ parameters: {n: {type: text, label: {fr: Nom}}}\nASK { ?s ?p $n }"
    )
    told = cli("query", own, "--help", "--lang", "fr").out
    assert "  -p n=…  Nom\u202f: un texte" in told
    assert told.startswith(f"{own}: s\n")
    assert told.endswith(f"\ngsefgraph query {own} -p n=…\n")
    for plain in ((), ("-",)):
        done = cli("query", *plain, "--help")
        assert done.out.startswith("Usage: gsefgraph query [OPTIONS] NAME|FILE.rq|-\n"), done
    unknown = cli("query", "event-by-goal", "--help", "--lang", "fr")
    assert (unknown.code, "vouliez-vous dire events-by-goal" in unknown.err) == (2, True)


def test_completion() -> None:
    def complete(words: str, count: int) -> str:
        return process(
            _GSEFGRAPH_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(count)
        ).out

    assert "plain,events-between" in complete("gsefgraph query events-b", 2)
    assert "plain,goal=" in complete("gsefgraph query events-by-goal -p g", 4)
    assert "plain,csv" in complete("gsefgraph query observers -f c", 4)
    assert "plain,explain" in complete("gsefgraph exp", 1)
    # Things of the parameter's class, by any of their names; bash takes words apart at = and :.
    speakers = "gsefgraph query speakers -p"
    assert complete(f"{speakers} event=world-u", 4).splitlines() == [
        "plain,event=world-urban-forum-9",
        "plain,event=world-urban-forum-9.gsef-session",
    ]
    assert "plain,world-urban-forum-9\n" in complete(f"{speakers} event = world-u", 6)
    assert "plain,untfsse-conference-2019\n" in complete(f"{speakers} event = id-event : un", 8)
    assert "plain,gsef\n" in complete(f"{speakers} organisation = Forum mond", 6)
    assert "plain,ilc-108\n" in complete(f"{speakers} event =", 5)
    assert complete("gsefgraph query events-by-goal -p goal = 8", 6) == "plain,8\n"
    assert complete(f"{speakers} event = oecd", 6).strip() == ""
    assert complete(f"{speakers} none = x", 6).strip() == ""
    told = process(
        _GSEFGRAPH_COMPLETE="zsh_complete",
        COMP_WORDS="gsefgraph --lang fr query events-by-goal -p g",
        COMP_CWORD="6",
    )
    assert told.out.startswith("plain\ngoal=\nun objectif ou une cible")


@pytest.mark.parametrize(
    "words",
    [("query", "observers"), ("show", "GSEF"), ("validate",), ("export", "-f", "jsonld")],
    ids=" ".join,
)
def test_nothing_is_fetched(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", NETWORK, *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_queries_and_info_and_search(cli: Cli) -> None:
    listed = json.loads(cli("queries", "-f", "json").out)
    assert len(listed) >= 30
    assert "Événements entre deux dates" in cli("queries", "--lang", "fr").out
    told = json.loads(cli("info", "-f", "json").out)
    assert told["classes"]["Person"] == 16
    assert told["quads"] == str(sum(told["graphs"].values()))
    hits = json.loads(cli("search", "quebec", "-f", "json").out)
    assert [hit["compact"] for hit in hits if hit["kind"] != "Passage"] == ["id-place:quebec"]
    assert all("Québec" in hit["label"] for hit in hits[1:])
    assert cli("search", "zzzz", "-f", "json").out == "[]\n"
    nothing = cli("search", "zzzz", "--lang", "es")
    assert (nothing.out, nothing.err.count("\n")) == ("", 1)
    quotes = json.loads(cli("search", "el papel de observador", "-f", "json").out)
    assert {hit["kind"] for hit in quotes} <= {"Passage"}
    both = cli("search", "social", "economy", "--lang", "es", "--limit", "3").out
    assert re.search(r"^Pasaje +Documento +IRI$", both, re.M)
    assert len(both.split("\n\n")) == 2
    near = cli("search", "oced", "--lang", "fr")
    assert "développement économiques (OECD)" in near.out
    assert (
        near.err
        == "gsefgraph: aucun nom ne contient «\u00a0oced\u00a0»\u00a0; en voici de proches\n"
    )
    assert cli("--version").out.startswith("gsefgraph 0.")
    assert "-p goal=…" in cli("show", "events-by-goal", "--lang", "fr").out


def test_a_page_of_a_thing_tells_an_objection_apart_and_says_yes(cli: Cli) -> None:
    page = cli("show", "id-event:sse-webinars-mexico-2020", "--lang", "fr").out
    assert "\n  En ligne [" in page
    lines = [line.strip() for line in page.splitlines()]
    place = next(n for n, line in enumerate(lines) if line.startswith("16.7 "))
    assert lines[place].startswith("16.7 Prise de décision participative (conclu) [")
    assert lines[place + 1].endswith("objet de la cible 16.7.")
    assert lines[place + 2].startswith("Objection. On peut n’y voir")


def test_of_a_passage_only_what_is_known_is_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "<urn:o> a gsef:Organisation ; gsef:evidence <urn:e> , <urn:f> .\n"
        '<urn:e> a gsef:Evidence ; gsef:source <urn:d> ; gsef:quote "so"@en .\n'
        "<urn:f> a gsef:Evidence ."
    )
    for lang, quoted in (("en", "“so”"), ("fr", "«\u202fso\u202f»"), ("es", "«so»")):
        page = cli("show", "urn:o", "--data", file, "--lang", lang, "-q")
        assert page.lines[-2:] == ["[1] <urn:f>", f"[2] {quoted} — <urn:d>"], page
    proof = cli("explain", "urn:o", "a", "gsef:Organisation", "--data", file, "-q")
    assert proof.lines[-2:] == ["[1] <urn:f>", "[2] “so” (<urn:d>)"], proof
    page = cli("show", "urn:o", "--data", file, "-f", "json", "-q")
    assert [p["start"] for p in json.loads(page.out)["passages"]["urn:o"]] == [None, None]


def test_suggestions_are_in_the_language_asked_for(cli: Cli) -> None:
    words = ("query", "organisation-partners", "-p", "organisation=OCED", "--lang")
    assert "Organisation for Economic Co-operation" in cli(*words, "en").err
    assert "Organisation de coopération et de développement" in cli(*words, "fr").err
    assert "Organización para la Cooperación" in cli(*words, "es").err


SPOKEN = [
    (
        "query events-by-country -p country=xx",
        "fr",
        "rien ne s’appelle 'xx' parmi Lieu (gsef:Place)",
    ),
    ("query person-appearances -p person=xx", "es", "entre Persona (gsef:Person)"),
    ("explain GSEF xyz OECD", "es", "ninguna propiedad «xyz»; a elegir: acronym, adoptedAt, "),
    ("--verbose=x info", "fr", "l’option --verbose ne prend pas de valeur"),
    ("export -o none/x.ttl", "fr", "écriture impossible (ce fichier ou dossier n’existe pas)"),
    ("export -o tests", "es", "(es una carpeta)"),
    ("site -o README.md/site", "fr", "écriture impossible (un fichier de ce nom existe déjà)"),
    ("serve --host 192.0.2.1", "fr", "ce n’est pas une adresse de cette machine"),
    ("serve --host 300.1.1.1", "es", "ninguna máquina tiene ese nombre"),
    ("info --store http://127.0.0.1:9/", "fr", "est inaccessible\xa0: connexion refusée"),
]


@pytest.mark.parametrize(("words", "lang", "said"), SPOKEN)
def test_an_error_is_in_the_language_asked_for(cli: Cli, words: str, lang: str, said: str) -> None:
    done = cli("--lang", lang, *words.split())
    assert done.code in (2, 3, 4)
    assert said in done.err
    assert done.err.count("\n") == 1


ORGANISATION = """@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{base}id/org/mine> a gsef:Organisation ; skos:prefLabel "Mine"@en .
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A project folder with data alone."""
    (tmp_path / "data" / "documents").mkdir(parents=True)
    note = tmp_path / "data" / "documents" / "note.ttl"
    note.write_text(ORGANISATION.format(base="https://w3id.org/gsefgraph/"))
    return tmp_path


def test_a_project_adds_its_questions_and_shapes(cli: Cli, own: Path) -> None:
    (own / "queries").mkdir()
    (own / "queries" / "mine.rq").write_text("#+ summary: Mine\nASK { id-org:mine ?p ?o }")
    (own / "queries" / "speakers.rq").write_text("#+ summary: Other speakers\nASK {}")
    (own / "queries" / "bad.rq").write_text("ASK {}")
    assert cli("query", "mine", "--project", own, "-q").out == "yes\n"
    assert cli("query", "observers", "--project", own, "-q").code == 0
    said = cli("query", "mine", "--project", own, "--lang", "fr").err
    assert said.count("\n") == 1
    assert "bad.rq:1: pas d’en-tête" in said
    assert said.endswith("cette requête est laissée de côté\n")
    assert cli("query", "bad", "--project", own, "-q").code == 3
    listed = cli("queries", "--project", own)
    assert "Other speakers" in listed.out
    assert "observers" in listed.out
    assert "speakers is the project's own" in listed.err
    assert "mine is" not in listed.err

    (own / "queries" / "two words.rq").write_text("#+ summary: Two\nASK {}")
    assert cli("query", "two words", "--project", own, "-q").out == "yes\n"
    page = 'two words: Two\n\ngsefgraph query "two words"\n'
    assert cli("query", "two words", "--help", "--project", own, "-q").out == page
    assert cli("show", "two words", "--project", own, "-q").out.startswith(page)
    function = "#+ summary: x\nASK { FILTER(<http://a.example/f>(1)) }"
    (own / "queries" / "function.rq").write_text(function)
    said = cli("query", "function", "--project", own, "-q").err
    assert "queries/function.rq:2:14: there is no function <http://a.example/f>" in said

    assert cli("validate", "--project", own, "-q").code == 0
    (own / "shapes").mkdir()
    (own / "shapes" / "mine.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "<urn:own> a sh:NodeShape ; sh:targetClass gsef:Organisation ;\n"
        "  sh:property [ sh:path gsef:acronym ; sh:minCount 1 ] ."
    )
    done = cli("validate", "--project", own)
    assert done.code == 1
    assert "note.ttl:3:1: error" in done.out
    assert "gsef-sh:Recommended-kind" in done.out  # the package's shapes hold too


@pytest.mark.parametrize(
    ("base", "things", "told"),
    [
        (None, "https://w3id.org/gsefgraph/", False),
        (None, "https://old.example/", True),
        ("https://old.example/", "https://old.example/", False),
        ("https://new.example/data/", "https://w3id.org/gsefgraph/", True),
    ],
)
def test_things_under_another_base_are_named(
    cli: Cli, own: Path, base: str | None, things: str, told: bool
) -> None:
    note = own / "data" / "documents" / "note.ttl"
    note.write_text(ORGANISATION.format(base=things))
    if base:
        (own / "base.txt").write_text(base)
    text = b"ASK { ?s ?p ?o }"
    for _ in range(2):  # made, and from the cache
        done = cli("query", "-", "--project", own, stdin=text)
        assert done.code == 0
        assert (f"{things}" in done.err and "note.ttl" in done.err) == told
        assert done.err.count("\n") == told
    note.write_text(f"@prefix o: <{things}id/org/> .\n<urn:a> <urn:b> o:mine .")
    assert cli("query", "-", "--project", own, stdin=text).err == ""  # no thing of its own

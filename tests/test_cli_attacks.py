"""What people and their machines do to the command line that nobody asked them to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from gsefgraph.cli import worker
from gsefgraph.cli.edge import caught
from gsefgraph.errors import InputError, QueryTimeout
from gsefgraph.files import recover
from tests.commands import ROOT, Cli, Done, process
from tests.servers import QuietServer

SLOW = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
GOOD = "<urn:a> <urn:p> <urn:b> ."
JSON = "application/sparql-results+json"


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """Fill the cache in a process of its own: a fork of this one cannot write a store."""
    assert process("query", "goals-not-covered").code == 0


def refused(done: Done, code: int, *words: str) -> None:
    """One line that begins as it must and says so; nothing else."""
    assert done.code == code, done
    assert done.err.startswith("gsefgraph: error: ")
    assert done.err.count("\n") == 1
    assert done.out == ""
    for word in words:
        assert word in done.err


RECORDS = [
    ("a.jsonld", '{"@id": "urn:a", "urn:p": ' + "9" * 5000 + ', "x": "\\ud800"}', 3, "a.jsonld"),
    ("a.ttl", "<urn:a> <urn:p>\n <<( <urn:a> <urn:p> <urn:b> )>> .", 3, "a.ttl:2:2:"),
    ("a.ttl", f'{GOOD}\n<urn:a> <urn:p> "\0" .', 3, "a.ttl:2:18: a NUL byte"),
]


@pytest.mark.parametrize(("name", "text", "code", "said"), RECORDS, ids=range(len(RECORDS)))
def test_records_are_refused_alike_by_every_command(
    cli: Cli, tmp_path: Path, name: str, text: str, code: int, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    for words in (
        ("validate", path),
        ("add", path),
        ("query", "graphs", "--data", path),
        ("load", path, "--store", tmp_path / "store"),
    ):
        refused(cli(*words), code, said)
    assert list(tmp_path.iterdir()) == [path]


def test_numbers_of_thousands_of_digits_are_read(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text('{"@id": "urn:a", "urn:p": ' + "9" * 5000 + "}")
    assert cli("query", "graphs", "--data", path).code == 0


def test_a_load_that_fails_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    store, good, bad = tmp_path / "store", tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(GOOD)
    bad.write_text(f"{GOOD}\n]")
    assert cli("load", good, "--store", store).code == 0
    before = json.loads(cli("info", "-f", "json", "--store", store).out)
    for files in ((bad,), (good, bad), (tmp_path / "none.ttl",)):
        refused(cli("load", *files, "--store", store), 3)
    assert json.loads(cli("info", "-f", "json", "--check", "--store", store).out) == {
        **before,
        "check": "whole",
    }
    other = tmp_path / "other"
    refused(cli("load", good, bad, "--store", other), 3, "bad.ttl:2:1")
    assert not other.exists()
    other.mkdir()
    refused(cli("load", good, bad, "--store", other), 3)
    assert list(other.iterdir()) == []
    refused(cli("query", "graphs", "--store", other), 4, "there is no store")


def test_loading_again_replaces_in_one_step(cli: Cli, tmp_path: Path) -> None:
    store, one, two = tmp_path / "store", tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(GOOD)
    two.write_text("<urn:c> <urn:p> <urn:d> .")
    for path in (one, two):
        assert cli("load", path, "--no-inferred", "--store", store).code == 0
    told = json.loads(cli("info", "-f", "json", "--store", store).out)
    assert "graph:two" in told["graphs"]
    assert "graph:one" not in told["graphs"]
    asked = cli("query", "-", "--store", store, stdin=b"ASK { <urn:a> ?p ?o }")
    assert asked.out == "no\n"
    assert (told["generation"], told["quads"]) == ("2", str(sum(told["graphs"].values())))


def test_a_damaged_store_is_named(cli: Cli, tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "a.ttl"
    path.write_text(GOOD)
    assert cli("load", path, "--no-inferred", "--store", store).code == 0
    folder = max(store.glob("g-*"))
    tables = sorted(folder.glob("*.sst"))
    assert tables
    for table in tables:
        kept = table.read_bytes()
        for middle in (len(kept) // 2, len(kept) - 60):
            table.write_bytes(kept[:middle] + bytes([kept[middle] ^ 1]) + kept[middle + 1 :])
            refused(cli("info", "-q", "--check", "--store", store), 4, str(store))
            asked = cli("export", "-f", "nquads", "--store", store)
            assert asked.code in (0, 4), asked
        table.write_bytes(kept)
    assert cli("info", "--check", "--store", store).code == 0


_ANSWERS = {
    "yes": b'{"head":{},"boolean":true}',
    "columns": b'{"head":{"vars":["x","y"]},"results":{"bindings":[]}}',
    "count": b'{"head":{"vars":["g","n"]},"results":{"bindings":[{"g":{"type":"uri","value":'
    b'"urn:g"},"n":{"type":"literal","value":"x"}}]}}',
    "escape": b"\x1b[31m\0",
}


class _Server(BaseHTTPRequestHandler):
    """Answers that are no answers, by the first step of the path."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        name = self.path.split("/")[1]
        if name == "hang":
            time.sleep(3)
        body = _ANSWERS.get(name, b"")
        self.send_response(500 if name == "escape" else 200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = _answer  # noqa: N815
    do_POST = _answer  # noqa: N815

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with QuietServer(("127.0.0.1", 0), _Server) as running:
        running.daemon_threads = True
        running.block_on_close = False
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.mark.parametrize("words", [("info",), ("query", "observers"), ("search", "GSEF")])
@pytest.mark.parametrize("kind", ["yes", "columns", "escape"])
def test_a_server_that_answers_something_else(
    cli: Cli, server: str, kind: str, words: tuple[str, ...]
) -> None:
    done = cli(*words, "--store", f"{server}/{kind}/sparql")
    refused(done, 4)
    assert "\x1b" not in done.err
    assert "\0" not in done.err


def test_a_server_that_cannot_count(cli: Cli, server: str) -> None:
    for words in (("info",), ("export", "-f", "nquads")):
        refused(cli(*words, "--store", f"{server}/count/sparql"), 4, 'counts "x"')


def test_a_server_that_hangs(cli: Cli, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSEFGRAPH_TIMEOUT", "0.5")
    began = time.monotonic()
    refused(cli("query", "observers", "--store", f"{server}/hang/sparql"), 4, "0.5 s")
    assert time.monotonic() - began < 5


ADDRESSES = [
    "ftp://ada:s3cret@127.0.0.1:9/",
    "http:/ada:s3cret@127.0.0.1:9/",
    "http://ada:s3/cret@127.0.0.1:9/",
    "http://ada:s3cret@127.0.0.1:99999/",
    "http://ada:s3cret@127.0.0.1:9/a b",
    "http://ada:s3cret@[::1/",
    "http://ada:s3#cret@127.0.0.1/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_password_is_never_printed(cli: Cli, address: str) -> None:
    done = cli("info", "-v", "--store", address)
    refused(done, 2)
    assert "s3" not in done.err
    assert "cret@" not in done.err


def test_settings_of_an_endpoint(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ("info", "--store", "http://ada:s3cret@127.0.0.1:9/sparql")
    monkeypatch.setenv("GSEFGRAPH_TIMEOUT", "inf")
    done = cli(*here)
    refused(done, 4, "could not be reached")
    assert "s3cret" not in done.err
    for token in ("tokén", "a\nb", " "):
        monkeypatch.setenv("GSEFGRAPH_TOKEN", token)
        refused(cli(*here), 2, "token")


def test_a_fault_in_a_query_names_its_file(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.rq"
    for text, code, said in (
        ("SELECT * {\n ?x }", 3, ":2:5: not SPARQL"),
        ("SELECT * {\n SERVICE <http://127.0.0.1:9/> {} }", 2, ":2:2: SERVICE"),
        ("LOAD <http://127.0.0.1:9/>", 2, ": this is an update"),
        ("", 3, ": the query is empty"),
        ("ASK {} \0", 3, ":1:8: not SPARQL: unexpected \\u0000"),
    ):
        path.write_text(text)
        refused(cli("query", path), code, f"{path}{said}")
    refused(cli("query", "-", stdin=b"SELECT * {\n ?x }"), 3, "<stdin>:2:5: not SPARQL")


USAGE = [
    (("query", "observers", "--timeout", "nan"), "no number of seconds"),
    (
        ("query", "events-by-goal", "-p", "goal=-1"),
        "nothing is named '-1' among Sustainable Development Goal (sdgo:Goal)",
    ),
    (("info", "--data", ""), "--data '' is no file"),
    (("info", "--data", "-"), "--data '-' is no file"),
    (("export", "--graph", "graph:inferred", "--no-inferred"), "leave out --no-inferred"),
    (("explain", "GSEF", "skos:prefLabel", '"x'), "is not a literal; write"),
    (("explain", "GSEF", "skos:prefLabel", '"x", "y"'), "is not a literal; write"),
    (("explain", "GSEF", "gsef:a b", "OECD"), "'gsef:a b' is not an IRI"),
    (
        ("explain", "GSEF", "colaboratedWith", "OECD"),
        "did you mean gsef:collaboratedWith, gsef:collaboratesWith?",
    ),
    (("explain", "GSEF", "acronym", "GSEF"), '"GSEF"@en, "GSEF"@es, "GSEF"@fr; write one'),
    (
        ("explain", "habitat-iii", "startDate", "2016-10-18"),
        'gsef:startDate "2016-10-18"^^xsd:date, and it does not follow; of id-event:habitat-iii '
        'gsef:startDate it says "2016-10-17"^^xsd:date',
    ),
    (("explain", "habitat-iii", "skos:prefLabel", "Foo"), 'it says "Habitat III"@en, '),
    (("explain", "habitat-iii", "gsef:isoCode", "FR"), "has no gsef:isoCode: "),
    (
        ("explain", "habitat-iii", "gsef:place", "Qito"),
        "nothing is named 'Qito'; did you mean Quito",
    ),
    (("query", "observers", "--limit", "-1"), "not in the range x>=0; see"),
    (("show", "http://127.0.0.1:9/x"), "`gsefgraph search` finds names"),
    (("query", "\x1b[31m\u202e"), "\\x1b[31m\\u202e"),
    (("query", "observers", "extra\x1b[31m"), "extra\\u001B[31m"),
]


@pytest.mark.parametrize(("words", "said"), USAGE, ids=[" ".join(u[0]) for u in USAGE])
def test_wrong_usage(cli: Cli, words: tuple[str, ...], said: str) -> None:
    refused(cli(*words), 2, said)


def test_without_a_command_the_help_is_shown(cli: Cli) -> None:
    done = cli()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: gsefgraph")
    assert len(done.err.splitlines()) > 10


def test_a_literal_may_be_written_plainly(cli: Cli) -> None:
    done = cli("explain", "habitat-iii", "startDate", "2016-10-17")
    assert done.code == 0
    assert "graph:gsef-advocacy-fr [1]" in done.out
    assert cli("explain", "id-org:gsef", "a", "gsef:Organisation").code == 0


def test_a_stored_query_as_json(cli: Cli) -> None:
    told = json.loads(cli("show", "observers", "-f", "json", "--lang", "fr").out)
    assert told["name"] == "observers"
    assert told["title"] == "Qui a le statut d’observateur"
    assert told["parameters"][0]["optional"] is True
    assert "(facultatif)" in cli("show", "observers", "--lang", "fr").out


def test_verbose_tells_what_is_asked_and_quiet_wins(cli: Cli) -> None:
    words = ("query", "observers", "-p", "organisation=UNTFSSE")
    plain, told = cli(*words), cli("-v", *words)
    assert told.out == plain.out
    assert plain.err == ""
    assert "<https://w3id.org/gsefgraph/id/org/untfsse>" in told.err
    assert f"project {ROOT}" in told.err
    assert "#+" not in told.err
    assert cli("-v", "-q", *words).err == ""


def test_nothing_to_add(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "empty.ttl"
    path.write_text("# nothing\n")
    refused(cli("add", path, "--dry-run"), 2, f"{path}: there is nothing in it to add")


def test_the_base_of_a_project(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    setting = tmp_path / "base.txt"
    for content, code in ((b"\xff\xfe", 3), (b"not an IRI", 2), (b"", 2)):
        setting.write_bytes(content)
        refused(cli("info", "--project", tmp_path), code, str(setting))


@pytest.mark.parametrize(
    "journal", ["garbage", "{}", "[1]", '[["x","../out"]]', '[["x","/tmp/out"]]', '[["../x","y"]]']
)
def test_a_journal_that_lies_moves_nothing(tmp_path: Path, journal: str) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (root / "x").write_text("evil")
    (tmp_path / "x").write_text("evil")
    (root / ".gsefgraph-journal.json").write_text(journal)
    if journal == "{}":
        recover(root)
    else:
        with pytest.raises(InputError, match="no journal of ours; remove it"):
            recover(root)
    assert (root / "x").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "x"]


def test_writing_to_devices(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gsefgraph", "query", "observers", "-f", "csv", "-o"]
    done = subprocess.run(
        [*command, "/dev/stdout"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("observer,")
    full = subprocess.run(
        [*command, "/dev/full"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    refused(Done(full.returncode, full.stdout, full.stderr), 3, "/dev/full: cannot be written")


def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    data, shapes = tmp_path / os.fsdecode(b"b\xe9.ttl"), tmp_path / "s.ttl"
    data.write_text("<urn:a> <urn:p> 1 .")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetNode <urn:a> ; "
        "sh:property [ sh:path <urn:p> ; sh:maxCount 0 ] ."
    )
    base = [sys.executable, "-m", "gsefgraph"]
    words = ["validate", str(data), "--shapes", str(shapes), "--alone", "-f"]
    for form in ("turtle", "jsonld"):
        done = subprocess.run([*base, *words, form], capture_output=True, cwd=ROOT, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
        assert rb"b\\udce9.ttl" in done.stdout
    loaded = subprocess.run(
        [*base, "--data", str(data), "info"], capture_output=True, cwd=ROOT, check=False
    )
    assert (loaded.returncode, loaded.stderr) == (0, b"")


def test_a_project_whose_names_are_no_text(cli: Cli, tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"p\xe9")
    questions, documents = root / "queries" / "own", root / "data" / "documents"
    questions.mkdir(parents=True)
    shutil.copytree(ROOT / "data", root / "data")
    name = os.fsdecode(b"q\xe9")
    (questions / f"{name}.rq").write_text("#+ summary: one\nASK {}")
    for _ in range(2):  # read, and then from the cache
        assert "q\\uDCE9" in cli("queries", "--project", root).out
        listed = json.loads(cli("queries", "--project", root, "-f", "json").out)
        assert sum(entry["name"] == name for entry in listed) == 1
    assert cli("query", name, "--project", root).out == "yes\n"
    assert "q\\uDCE9: one" in cli("query", name, "--help", "--project", root).out
    for stem, graph in ((os.fsdecode(b"d\xe9"), "d"), ("a b", "a-b"), ("<a>", "a")):
        odd = documents / f"{stem}.ttl"
        odd.write_text(GOOD)
        done = cli("info", "--project", root)
        assert (done.code, f"graph:{graph} " in done.out) == (0, True)
        assert cli("validate", "--project", root, "-q").code in (0, 1)
        odd.unlink()


def _without(stream: int, *words: str) -> tuple[int, bytes]:
    """Run a command that was started with one of its streams closed."""
    child = subprocess.run(
        [sys.executable, "-c", "import os, sys; os.close(int(sys.argv[1]));"
         "os.execv(sys.executable, [sys.executable, '-m', 'gsefgraph', *sys.argv[2:]])",
         str(stream), *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        cwd=ROOT, check=False,
    )  # fmt: skip
    return child.returncode, child.stdout


def test_closed_streams(tmp_path: Path) -> None:
    code, said = _without(1, "queries")
    assert code == 3
    assert said.startswith(b"gsefgraph: error: ")
    target = tmp_path / "a.csv"
    assert _without(1, "query", "observers", "-f", "csv", "-o", str(target)) == (0, b"")
    assert target.stat().st_size > 0
    code, said = _without(0, "query", "-")
    assert code == 3
    assert b"<stdin>: no query" in said
    assert _without(2, "query", "nope") == (2, b"")


def test_a_pipe_that_nobody_reads_ends_quietly() -> None:
    for words in (("queries",), ("--help",), ("query", "-")):
        reader, writer = os.pipe()
        os.close(reader)
        child = subprocess.run(
            [sys.executable, "-m", "gsefgraph", *words],
            input=b"ASK {}", stdout=writer, stderr=subprocess.PIPE, cwd=ROOT, check=False,
        )  # fmt: skip
        os.close(writer)
        assert (child.returncode, child.stderr) == (0, b""), words


@pytest.mark.parametrize(
    "words", ["queries", "info", "query observers -h", "validate -f html", "fmt --check --help"]
)
def test_a_stream_that_takes_nothing_is_one_line(words: str) -> None:
    code, said = _without(1, *words.split(), "--lang", "fr")
    assert (code, said.count(b"\n")) == (3, 1)
    assert said.decode().startswith("gsefgraph: erreur\xa0: entrée ou sortie\xa0: flux fermé")
    with open("/dev/full", "wb") as full:
        child = subprocess.run(
            [sys.executable, "-m", "gsefgraph", *words.split()],
            stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False,
        )  # fmt: skip
    assert child.returncode == 3
    assert child.stderr == b"gsefgraph: error: input or output: No space left on device\n"


LOOPS = [
    "validate --alone loop.ttl",
    "validate loop.ttl",
    "validate --remove loop.ttl",
    "validate --alone --shapes loop.ttl good.ttl",
    "validate --alone --shapes loop good.ttl",
    "validate --baseline loop.ttl",
    "--data loop.ttl info",
    "query loop.rq",
    "load loop.ttl --store store",
    "load good.ttl --store loop",
    "export -o loop.ttl",
    "export -o loop/x.ttl",
    "--project loop info",
]


@pytest.mark.parametrize("words", LOOPS)
def test_a_link_to_itself_is_one_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("loop", "loop.ttl", "loop.rq"):
        (tmp_path / name).symlink_to(name)
    (tmp_path / "good.ttl").write_text(GOOD)
    done = cli(*words.split(), "--lang", "es")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1), done
    assert "en círculo" in done.err or "esta carpeta no existe" in done.err
    assert (tmp_path / "loop.ttl").is_symlink()


@pytest.mark.parametrize(
    "words",
    ["validate", "export -o x.ttl", "info --project .", "--store s load", "validate --alone x.ttl"],
)
def test_a_folder_that_is_gone_is_one_line(tmp_path: Path, words: str) -> None:
    here = tmp_path / "gone"
    here.mkdir()
    child = subprocess.run(
        [sys.executable, "-c", "import os, sys; os.rmdir(os.getcwd());"
         "os.execv(sys.executable, [sys.executable, '-m', 'gsefgraph', *sys.argv[1:]])",
         *words.split(), "--lang", "fr"],
        capture_output=True, cwd=here, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert (child.returncode, child.stderr.count(b"\n")) == (3, 1), child
    said = "n’existe pas" if words.endswith(("--alone x.ttl", "load")) else "le dossier de départ"
    assert said in child.stderr.decode()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found in /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_query_ends_with_the_command_that_asked_it(how: signal.Signals) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", "query", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    assert child.stdin is not None
    child.stdin.write(SLOW)
    child.stdin.close()
    children = Path(f"/proc/{child.pid}/task/{child.pid}/children")
    forked: list[str] = []
    until = time.monotonic() + 10
    while not forked and time.monotonic() < until:
        time.sleep(0.02)
        forked = children.read_text().split()
    time.sleep(0.2)
    child.send_signal(how)
    child.wait()
    (pid,) = map(int, forked)
    until = time.monotonic() + 3
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _alive(pid)


def test_only_the_parent_answers_an_interrupt(capfd: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        return 0

    assert worker.guarded(lambda: caught(interrupted)) == 0
    assert capfd.readouterr().err == ""


def test_an_interrupt_ends_a_slow_stored_query(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    folder = tmp_path / "queries" / "quality"
    folder.mkdir(parents=True)
    (folder / "slow.rq").write_bytes(b"#+ summary: slow\n" + SLOW)
    words = ("query", "slow", "--project", str(tmp_path))
    done = process(*words, "--timeout", "0.5")
    refused(done, 4, "no answer within 0.5 s")
    child = subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    with child:
        time.sleep(1.5)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        try:
            out, err = child.communicate(timeout=20)
        finally:
            child.kill()
    assert time.monotonic() - began < 5
    assert (child.returncode, out) == (4, b"")
    assert err.strip() == b"gsefgraph: error: stopped"


def test_what_is_stopped_while_it_loads_ends_without_a_word(tmp_path: Path) -> None:
    slow = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)\n"
    (tmp_path / "click.py").write_text(slow)
    done = process("info", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert (done.code, done.out, done.err) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("given", [{}, {"COMP_WORDS": "gsefgraph q", "COMP_CWORD": "x"}])
def test_a_shell_that_says_too_little_is_no_fault(shell: str, given: dict[str, str]) -> None:
    done = process(_GSEFGRAPH_COMPLETE=f"{shell}_complete", **given)
    assert done.out or "no command 'q'" in done.err
    assert "Traceback" not in done.err


def test_a_system_without_fork_locks_and_limits_says_so(tmp_path: Path) -> None:
    start = (
        "import os, sys; del os.fork; sys.modules['fcntl'] = sys.modules['resource'] = None; "
        "from gsefgraph.cli import main; main()"
    )

    def run(*words: str | Path) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-c", start, *map(str, words)], capture_output=True, text=True
        )
        return done.returncode, done.stdout, done.stderr

    code, out, err = run("query", "is-member", "-p", "agent=GSEF", "-p", "organisation=UNTFSSE")
    assert code == 0
    assert out.startswith("No: the graph does not say that")
    assert [line.split(":")[1] for line in err.splitlines()] == [
        " this system has no fork",
        " this system has no file locks",
        " this system has no limits of memory",
    ]
    code, _, err = run("load", "--store", tmp_path / "store")
    assert code == 4
    assert err.splitlines()[-1].endswith(
        "this system has no file locks; use Linux, macOS or WSL, or --store memory:"
    )


NESTED = "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 20_000 + "<urn:b>" + " )>>" * 20_000 + " ."


@pytest.mark.parametrize("words", [("load",), ("--data", "FILE", "info"), ("validate", "--alone")])
def test_a_file_that_kills_its_reader_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    file, store = tmp_path / "nested.ttl", tmp_path / "store"
    file.write_text(NESTED)
    given = [str(file) if word == "FILE" else word for word in words]
    given += [] if "FILE" in words else [str(file)]
    done = process("--store", str(store), *given) if "load" in words else process(*given)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("gsefgraph: error: the process that did the work died (SIGSEGV)")
    assert done.err.count("\n") == 1
    asked = process("--store", str(store), "query", "speakers")
    assert (asked.code, asked.out) == (4, "")


@pytest.mark.parametrize(
    "words", [("load", "FILE"), ("--data", "FILE", "info"), ("validate", "FILE"), ("add", "FILE")]
)
@pytest.mark.parametrize("what", ["/dev/zero", "fifo.ttl"])
def test_what_has_no_end_is_no_file(tmp_path: Path, words: tuple[str, ...], what: str) -> None:
    file = str(tmp_path / what)
    if what == "fifo.ttl":
        os.mkfifo(file)
    store = ("--store", str(tmp_path / "store")) if "load" in words else ()
    project = ("--project", str(own_project(tmp_path))) if "add" in words else ()
    done = process(*store, *project, *(file if w == "FILE" else w for w in words), timeout=20)
    assert (done.code, done.out) == (3, "")
    assert f"{file}: this is a device or a pipe" in done.err
    assert not (tmp_path / "store").exists()


def own_project(folder: Path) -> Path:
    (folder / "own" / "data").mkdir(parents=True)
    return folder / "own"


def test_a_limit_of_memory_that_is_there_is_taken() -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

    done = subprocess.run(
        [sys.executable, "-m", "gsefgraph", "validate", "-q"],
        capture_output=True, preexec_fn=limit, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_validation_has_a_deadline() -> None:
    done = process("validate", "--timeout", "0.05", "--lang", "fr")
    assert (done.code, done.out) == (4, "")
    assert "pas de réponse en 0.05 s" in done.err


def test_whoever_writes_may_tidy_up(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    left = tmp_path / "left"

    def write() -> int:
        worker.gently()
        left.touch()
        with worker.ended(), worker.scratch() as folder:
            (folder / "part").touch()
            (tmp_path / "scratch").write_text(str(folder))
            try:
                os.kill(os.getppid(), signal.SIGTERM)
                time.sleep(20)
            finally:
                left.unlink()
        return 0

    start = time.monotonic()
    with pytest.raises(SystemExit) as end, worker.ended():
        worker.guarded(write)
    assert end.value.code == 128 + signal.SIGTERM
    assert time.monotonic() - start < 5
    assert not left.exists()
    assert not Path((tmp_path / "scratch").read_text()).exists()
    capfd.readouterr()


def test_what_was_killed_leaves_no_scratch(tmp_path: Path) -> None:
    def write() -> int:
        worker.deadline(0.3)
        with worker.scratch() as folder:
            (folder / "part").touch()
            (tmp_path / "scratch").write_text(str(folder))
            time.sleep(20)
        return 0

    with pytest.raises(QueryTimeout, match=r"0\.3 s"):
        worker.guarded(write)
    assert not Path((tmp_path / "scratch").read_text()).exists()

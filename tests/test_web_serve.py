"""`gsefgraph serve` as a person runs it: a port, a change of the graph, Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from gsefgraph.graph.graph import Graph
from gsefgraph.web import rendering, server
from gsefgraph.web.served import Served
from tests.commands import ROOT, Cli
from tests.web import Web, serving

EXAMPLE = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with serving() as started:
        yield started


def read(address: str, **headers: str) -> str:
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.read().decode())


def test_it_prints_its_address_and_ends_on_ctrl_c() -> None:
    with serving("--lang", "fr") as (process, address):
        assert "<h1>" in read(address)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "", "")


def test_it_answers_to_the_names_that_it_was_told_of() -> None:
    with serving("--name", "graph.example", "--proxy", "127.0.0.1") as (_, address):
        assert "Sitemap: https://graph.example/" in read(
            f"{address}robots.txt", Host="graph.example", **{"X-Forwarded-Proto": "https"}
        )
        with pytest.raises(urllib.error.HTTPError, match="421"):
            read(address, Host="evil.example")


def test_a_query_in_an_address_may_be_as_long_as_one_that_is_sent(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    _, address = served
    asked = f"{address}sparql?query={quote('# ' + 'é' * 25_000)}"  # 150 KB
    assert '"boolean":true' in read(f"{asked}%0AASK%7B%7D")
    with pytest.raises(urllib.error.HTTPError, match="414"):
        read(f"{asked}{quote('é' * 50_000)}")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET http://127.0.0.1/robots.txt HTTP/1.1\r\nHost: evil.example\r\n\r\n", 200),
        (b"GET http://evil.example/robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
        (b"GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET /robots.txt HTTP/1.1\r\n\r\n", 400),
        (b"GET /robots.txt HTTP/1.0\r\n\r\n", 200),
        (b"GET /a b HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"OPTIONS /%00 HTTP/1.1\r\nHost: [::1]\r\n\r\n", 404),
    ],
)
def test_odd_requests_are_answered_without_a_word_on_the_terminal(
    served: tuple[subprocess.Popen[str], str], sent: bytes, status: int
) -> None:
    process, address = served
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 80), 20) as connection:
        connection.sendall(sent)
        assert connection.recv(100).startswith(f"HTTP/1.1 {status} ".encode())
    assert process.stderr is not None
    assert not select.select([process.stderr], [], [], 0)[0]


def test_a_name_that_is_none_is_refused(cli: Cli) -> None:
    done = cli("serve", "--name", "https://graph.example/", "--port", "0")
    assert done.code == 2
    assert "https://graph.example/ is no name of a host; such as graph.example.org" in done.err


def test_a_port_that_is_taken_is_told_with_one_that_is_free() -> None:
    with serving() as (process, address):
        port = address.rstrip("/").rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "gsefgraph", "serve", "--port", port],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
        )
        assert done.returncode == 2
        assert f"port {port} is taken by process {process.pid}" in done.stderr
        assert re.search(r"port \d+ is free: --port \d+", done.stderr)
        assert "Traceback" not in done.stderr


def test_a_system_that_cannot_cut_off_the_network_is_told_of(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsefgraph.cli.serve.isolates", lambda: False)
    monkeypatch.setattr("gsefgraph.web.server.run", lambda *_: None)
    done = cli("serve", "--port", "0", "--lang", "fr")
    assert (done.code, done.err) == (
        0,
        "gsefgraph: le réseau ne peut pas être coupé pour les requêtes\u202f; SERVICE est refusé\n",
    )


@pytest.mark.parametrize(
    ("token", "store", "said"),
    [("", "STORE", "GSEFGRAPH_TOKEN"), ("short", "STORE", "GSEFGRAPH_TOKEN"),
     ("long enough, with spaces", "STORE", "GSEFGRAPH_TOKEN"),
     ("long-enough-to-be-one", "memory:", "store on disk")],
)  # fmt: skip
def test_writing_needs_a_token_and_a_store(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, token: str, store: str, said: str
) -> None:
    monkeypatch.setenv("GSEFGRAPH_TOKEN", token)
    done = cli("serve", "--port", "0", "--writable", "--store", store)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not token or token not in done.err


def test_pages_are_made_anew_after_an_add(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    with serving("--project", str(tmp_path)) as (_, address):
        before = read(address)
        subprocess.run(
            [sys.executable, "-m", "gsefgraph", "--project", str(tmp_path), "add", str(EXAMPLE)],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        end = time.monotonic() + 30
        while read(address) == before:
            assert time.monotonic() < end, "the page is as it was"
            time.sleep(0.2)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Exception, match=r"cannot listen at 192\.0\.2\.1"):
        server.bind("192.0.2.1", 8000)


def test_a_graph_that_cannot_be_read_now_is_read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = [Graph.open(), FileNotFoundError("gone"), Graph.open()]

    def opening() -> Graph:
        found = opened.pop(0)
        if isinstance(found, OSError):
            raise found
        return found

    served = Served(opening)
    monkeypatch.setattr(served, "_signs", lambda: {"changed": (0, 0)})
    assert [served.refresh() for _ in range(3)] == [False, True, False]
    assert served.now[1] == 2


def test_answers_are_sent_at_once() -> None:
    # asyncio asks for it where a connection is known to be TCP; else each answer waits 40 ms.
    with server.bind("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("large", [False, True])
def test_pages_that_people_begin_with_are_made_before(
    large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, made = Web(), []
    page = rendering.page
    monkeypatch.setattr(rendering, "page", lambda *given: made.append(given) or page(*given))
    if large:
        monkeypatch.setattr(server, "_LARGE", 0.0)
    asyncio.run(server.prepare(web.app))
    before = len(made)
    for path in ("/", "/sources", "/model"):
        for lang in ("en", "fr", "es"):
            web.get(path, headers={"accept-language": lang})
    assert (before, len(made)) == ((1, 9) if large else (18, 18))


def test_its_address_for_others_is_the_one_it_is_told(tmp_path: Path) -> None:
    with serving("--base-url", "https://Graph.example/") as (_, address):
        for asked in ({}, {"Host": "graph.example"}):
            assert "Sitemap: https://graph.example/" in read(f"{address}robots.txt", **asked)
            told = read(f"{address}api/queries", **asked)
            assert '"address": "https://graph.example/api/queries/' in told
        with pytest.raises(urllib.error.HTTPError, match="421"):
            read(address, Host="evil.example")


@pytest.mark.parametrize(("trusted", "scheme"), [("127.0.0.0/8", "https"), ("10.0.0.1", "http")])
def test_only_a_named_proxy_says_who_asks_and_how(
    trusted: str, scheme: str, tmp_path: Path
) -> None:
    with serving("--proxy", trusted) as (_, address):
        heads = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        assert f"Sitemap: {scheme}://127.0.0.1" in read(f"{address}robots.txt", **heads)
    with serving() as (_, address):
        assert "Sitemap: http://127.0.0.1" in read(f"{address}robots.txt", **heads)


def test_a_proxy_tells_clients_apart() -> None:
    """One of them takes all the processes but one, whatever stands before the server."""
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    def ask(address: str, query: str, client: str) -> float:
        began = time.monotonic()
        with suppress(urllib.error.HTTPError):
            read(f"{address}sparql?query={quote(query)}", **{"X-Forwarded-For": client})
        return time.monotonic() - began

    options = ("--timeout", "4", "--proxy", "127.0.0.1")
    with serving(*options) as (_, address), ThreadPoolExecutor(8) as many:
        # All processes are there before it is looked at who waits for one.
        first = [
            many.submit(ask, address, f"ASK {{ ?s ?p {n} }}", f"192.0.2.{n}") for n in range(8)
        ]
        assert all(one.result() for one in first)
        # The same would be asked once for all.
        taken = [many.submit(ask, address, f"{slow} # {n}", "192.0.2.1") for n in range(6)]
        time.sleep(1)
        assert ask(address, "ASK { ?s ?p 'other' }", "192.0.2.2") < 2
        assert all(one.result() > 1 for one in taken)


def wait_for(file: Path, lines: int) -> None:
    """A line is written after its answer is sent."""
    until = time.monotonic() + 20
    while not file.exists() or file.read_text().count("\n") < lines:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("kept", ["file", "-"])
def test_a_line_for_each_request_says_nothing_of_who_asks(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "access.jsonl"
    secret = {"User-Agent": "secret", "Cookie": "lang=secret", "Authorization": "Bearer secret"}
    with serving("--access-log", str(file) if kept == "file" else "-") as (process, address):
        read(f"{address}page/org/oecd?name=secret", **secret)
        for missing in ("page/org/secret", "secret", "static/secret/x.css"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                read(f"{address}{missing}", **secret)
        moved = tmp_path / "old.jsonl"
        if kept == "file":
            wait_for(file, 4)
            file.rename(moved)
        read(f"{address}api/queries/speakers?limit=1")
        if kept == "file":
            wait_for(file, 1)
            lines = [*moved.read_text().splitlines(), *file.read_text().splitlines()]
        else:
            process.send_signal(signal.SIGINT)
            lines = process.communicate(timeout=20)[0].splitlines()
    told = [json.loads(line) for line in lines]
    assert "secret" not in "".join(lines)
    assert "127.0.0.1" not in "".join(lines)
    assert [(one["route"], one.get("path"), one["status"]) for one in told] == [
        ("/page/{kind}/{name}", "/page/org/oecd", 200),
        ("/page/{kind}/{name}", None, 404),
        ("", None, 404),
        ("/static", None, 404),
        ("/api/queries/{name}", "/api/queries/speakers", 200),
    ]
    assert all(one["bytes"] > 0 and one["ms"] > 0 for one in told)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--base-url", "graph.example"), "graph.example is no address of a server"),
        (("--base-url", "https://graph.example/sub"), "without a path"),
        (("--proxy", "proxy.example"), "neither an IP address nor a network"),
        (("--access-log", "/proc/no/file"), "/proc/no/file: cannot be written"),
    ],
)
def test_what_it_cannot_be_told_is_said(cli: Cli, given: tuple[str, str], said: str) -> None:
    done = cli("serve", *given)
    assert done.code == 2
    assert said in done.err

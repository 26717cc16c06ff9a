"""Whoever asks: requests that mean harm, each answered in time by a server that stays.

What a query could fetch or read stands where it would be noticed: a listener that nobody may
reach, a file whose words nobody may see. `make test-long` sends all, `make test` some of each kind.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import pytest

from tests.commands import process
from tests.web import serving

T = TypeVar("T")
SECONDS = 1.5
WORDS = "words that nobody may see"
TOKEN = "a-token-of-the-tests"
MANY = bool(os.environ.get("GSEFGRAPH_ROUNDS"))
"""Whether all are sent, as `make test-long` does."""
LATER = 0.25 if MANY else 3
"""Seconds after the deadline in which there is an answer; more where other tests run beside."""
_DEPTHS = (50, 99, 101, 500, 2_200, 6_000)
_OPEN = "?a{0} ?b{0} ?c{0} ."


def nested(depth: int) -> Iterator[str]:
    """Brackets of all kinds, so deep that an engine falls over its own stack."""
    yield f"ASK {{ {'{' * depth} {'}' * depth} }}"
    yield f"ASK {{ FILTER({'(' * depth}1{')' * depth}) }}"
    yield f"ASK {{ FILTER({'!' * depth}true) }}"
    yield f"ASK {{ ?s {'(' * depth}<urn:p>{')*' * depth} ?o }}"
    yield f"ASK {{ {'FILTER EXISTS { ' * depth} {'}' * depth} }}"
    yield f"ASK {{ BIND({'IF(true, ' * depth}1{', 2)' * depth} AS ?x) }}"
    yield f"SELECT * {{ {'{ SELECT * { ' * depth} {'} }' * depth} }}"
    yield f"ASK {{ ?s ?p {'[ <urn:p> ' * depth}1{' ]' * depth} }}"
    yield f"ASK {{ ?s ?p {'( ' * depth}{' )' * depth} }}"


def long(count: int) -> Iterator[str]:
    """Flat, and many."""
    yield f"ASK {{ {'MINUS { ?s ?p ?o } ' * count} }}"
    yield f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * count} }}"
    yield f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * count)} }}"
    yield f"ASK {{ ?s {'/'.join(['<urn:p>'] * count)} ?o }}"
    yield f"ASK {{ ?s {'|'.join(['<urn:p>'] * count)} ?o }}"
    yield f"ASK {{ FILTER({'+'.join(['1'] * count)} > 0) }}"
    yield f"ASK {{ FILTER(1 IN ({','.join(map(str, range(count)))})) }}"
    yield f"ASK {{ {''.join(f'BIND({n} AS ?x{n}) ' for n in range(count))} }}"


def slow() -> Iterator[str]:
    """Work without end, in time or in memory."""
    for width in (3, 4, 5):
        open_ = " ".join(map(_OPEN.format, range(width)))
        yield f"SELECT (COUNT(*) AS ?n) {{ {open_} }}"
        yield f"SELECT * {{ {open_} }} ORDER BY ?a1 ?c0"
        yield f"SELECT DISTINCT ?a0 ?a1 ?a2 {{ {open_} }}"
        yield f"SELECT (GROUP_CONCAT(STR(?a0)) AS ?x) {{ {open_} }}"
        yield f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {open_} }}"
        yield f"ASK {{ {open_} FILTER(STR(?a0) = 'no') }}"
    yield "SELECT * { ?s (!<urn:a>|^!<urn:b>)* ?o . ?o (!<urn:a>)* ?z }"
    yield "SELECT (COUNT(*) AS ?n) { ?a !<urn:x>+ ?b . ?b !<urn:x>+ ?c . ?c !<urn:y>+ ?d }"
    doubled = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
    yield f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('x' AS ?x0) {doubled} }}"
    yield f"SELECT * {{ BIND(REGEX('{'a' * 40}!', '^(a+)+$') AS ?x) }}"
    yield f"SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{'(x*)*' * 50}y')) }}"
    many = " ".join(map(str, range(3_000)))
    yield f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} ?s ?p ?o }}"
    yield "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(CONTAINS(STR(?a), STR(?f))) }"


def reaching(canary: str, secret: str) -> Iterator[str]:
    """What would fetch or read, in every disguise."""
    for place in (canary, f"file://{secret}"):
        for word in (
            "SERVICE", "service", "SeRvIcE", r"\u0053ERVICE", r"S\u0045RVICE", r"\U00000053ERVICE",
            "SERVICE SILENT", "SERVICE#x\n", "SERVICE\t\r\n", r"SERVICE\u0020",
        ):  # fmt: skip
            yield f"SELECT * {{ {word} <{place}> {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ SERVICE<{place}>{{?s ?p ?o}} }}"
        yield f"PREFIX x: <{place}> SELECT * {{ SERVICEx:{{?s ?p ?o}} }}"
        yield f"SELECT * {{ VALUES ?g {{ <{place}> }} SERVICE ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ {{ SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }} }}"
        yield f"ASK {{ FILTER EXISTS {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }}"
        yield f"SELECT * FROM <{place}> {{ ?s ?p ?o }}"
        yield f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ GRAPH <{place}> {{ ?s ?p ?o }} }}"
        yield f"DESCRIBE <{place}>"
        yield f"LOAD <{place}>"
        yield f"LOAD <{place}> INTO GRAPH <urn:g>"
        yield f'define get:soft "replace" SELECT * FROM <{place}> {{ ?s ?p ?o }}'
        yield f"BASE <{place}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}"
        yield f"SELECT (<http://www.w3.org/2005/xpath-functions#doc>('{place}') AS ?x) {{}}"
        yield f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{place}> {{ ?s ?p ?o }} }}"


def uploads(canary: str, secret: str) -> Iterator[tuple[str, str]]:
    """Files to be checked that name others: a name, and the content."""
    for place in (canary, f"file://{secret}", secret):
        yield "a.jsonld", f'{{"@context": "{place}", "@id": "urn:a", "x": "y"}}'
        yield "a.jsonld", f'{{"@context": ["{place}", {{"@import": "{place}"}}], "@id": "urn:a"}}'
        yield (
            "a.rdf",
            (
                f'<!DOCTYPE r [<!ENTITY x SYSTEM "{place}">]><rdf:RDF '
                'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
                "<rdf:Description rdf:about='urn:a'><e:p>&x;</e:p></rdf:Description></rdf:RDF>"
            ),
        )
        yield "a.ttl", f"@base <{place}> . <> <http://www.w3.org/2002/07/owl#imports> <{place}> ."
        yield "a.html", f'<script type="application/ld+json" src="{place}"></script>'
    yield "a.jsonld", '{"a":' * 4_000 + "1" + "}" * 4_000
    yield "a.ttl", "<urn:a> <urn:p> " + "( " * 20_000 + ") " * 20_000 + "."
    yield (
        "a.ttl",
        "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 20_000 + "1" + " )>>" * 20_000 + ".",
    )
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "a.rdf",
        f'<!DOCTYPE r [<!ENTITY e0 "x">{entities}]><rdf:RDF xmlns:rdf="urn:r">&e9;</rdf:RDF>',
    )


def spoken(host: str) -> Iterator[bytes]:
    """What is no good HTTP, or tries what a server makes of it."""
    get = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {host}\r\n"
    post = f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/sparql-query\r\n"
    end = "Connection: close\r\n\r\n"
    texts = [
        f"{get}X: {'x' * 2**17}\r\n{end}",
        "".join([get, *(f"X{n}: y\r\n" for n in range(5_000)), end]),
        f"GET /sparql HTTP/1.1\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: evil.example\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: a b\r\n{end}",
        f"GET http://evil.example/sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /static/x/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql?lang=%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql?query=ASK%7B%7D&format=csv%0d%0aX:%20y HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"{get}If-None-Match: {chr(34) * 2**15}\r\n{end}",
        f"{get}Accept: {'text/csv;q=0.1,' * 5_000}\r\n{end}",
        f"{get}Accept: text/csv;q=NaN, */*;q=inf\r\n{end}",
        f"{get}Range: bytes=0-1,2-3,4-\r\n{end}",
        f"{get}Expect: 100-continue\r\n{end}",
        f"{get}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n{end}",
        f"{get}X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil.example\r\n{end}",
        f"{post}Content-Length: 99999999999\r\n{end}ASK {{}}",
        f"{post}Content-Length: -1\r\n{end}ASK {{}}",
        f"{post}Content-Length: 7\r\nContent-Length: 8\r\n{end}ASK {{}}x",
        f"{post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n{end}0\r\n\r\n{get}",
        f"{post}Transfer-Encoding: chunked\r\n{end}FFFFFFFF\r\nASK {{}}",
        f"{post}Transfer-Encoding: chunked\r\n{end}zz\r\nASK {{}}",
        f"{post}Content-Encoding: gzip\r\nContent-Length: 6\r\n{end}ASK {{}}",
        f"{post}Content-Length: 6\r\n\r\nASK {{}}garbage\r\n\x00\x01\r\n\r\n{get}{end}",
        f"BREW /sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"CONNECT evil.example:80 HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"TRACE / HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql HTTP/9.9\r\nHost: {host}\r\n{end}",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "\r\n" * 1_000,
    ]
    yield from (text.encode("latin-1") for text in texts)
    for bad in (b"%FF%FE", b"%00", b"%C0%AF", b"%ED%A0%80", b"%F5%80%80%80", b"%", b"%zz", b"\xff"):
        yield (
            b"GET /sparql?query=ASK%7B%7D"
            + bad
            + b" HTTP/1.1\r\nHost: "
            + host.encode()
            + (b"\r\nConnection: close\r\n\r\n")
        )
        yield (
            b"GET /page/org/"
            + bad
            + b" HTTP/1.1\r\nHost: "
            + host.encode()
            + (b"\r\nConnection: close\r\n\r\n")
        )
    sent = b"query=ASK+%7B%7D" + b"&a=b" * 20_000
    yield (
        b"POST /sparql HTTP/1.1\r\nHost: "
        + host.encode()
        + (
            b"\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n" % len(sent)
        )
        + sent
    )


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address that nobody may reach, and who did."""
    reached: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hear() -> None:
            while True:
                try:
                    sender, address = listening.accept()
                except OSError:
                    return
                reached.append(str(address))
                sender.close()

        threading.Thread(target=hear, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x", reached


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("secret") / "secret.ttl"
    file.write_text(f'<urn:secret> <urn:p> "{WORDS}" .\n')
    return str(file)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = str(tmp_path_factory.mktemp("store") / "store")
    assert process("load", "--store", store).code == 0
    options = ("--store", store, "--writable", "--timeout", str(SECONDS))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GSEFGRAPH_TOKEN", TOKEN)
        with serving(*options) as (running, address):
            httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=30)
            yield address
            assert running.poll() is None, "the server has ended"


def some(every: Iterable[T]) -> list[T]:
    """All of them, or where few are wanted some, drawn alike each time."""
    found = list(every)
    return found if MANY or len(found) < 9 else random.Random(7).sample(found, 9)


def in_time(began: float) -> None:
    assert time.monotonic() - began < SECONDS + LATER


def test_queries(server: str, canary: tuple[str, list[str]], secret: str) -> None:
    address, reached = canary
    deep = [query for depth in _DEPTHS for query in nested(depth)]
    flat = [query for count in (100, 700, 3_000) for query in long(count)]
    asked = ([*deep], [*flat], [*slow()], [*reaching(address, secret)])
    every = [query for kind in asked for query in some(kind)]
    statuses = set()
    with httpx.Client(timeout=30) as client:
        for query in every:
            began = time.monotonic()
            answer = client.post(f"{server}sparql", content=query.encode(), headers={
                "content-type": "application/sparql-query"})  # fmt: skip
            in_time(began)
            assert answer.status_code in (200, 400, 413, 500, 503), query
            assert "Traceback" not in answer.text
            assert WORDS not in answer.text
            statuses.add(answer.status_code)
            began = time.monotonic()
            # On a busy machine a process that takes the place of another may start too late.
            while client.get(f"{server}sparql?query=ASK%7B%7D").status_code != 200:
                assert time.monotonic() - began < 4 * LATER, query
            assert time.monotonic() - began < 4 * LATER, query
    assert {400, 503} <= statuses
    assert not reached


def test_updates_and_guessed_tokens(
    server: str, canary: tuple[str, list[str]], secret: str
) -> None:
    address, reached = canary
    update = {"content-type": "application/sparql-update"}
    for token in ("guess", TOKEN[:-1], TOKEN.upper(), f"{TOKEN}x", "é" * 20, "x" * 10_000):
        sent: dict[str, Any] = {**update, "authorization": f"Bearer {token}".encode()}
        answer = httpx.post(f"{server}sparql", content="DROP ALL", headers=sent)
        assert answer.status_code == 401, token
        assert TOKEN not in answer.text
    sent = {**update, "authorization": f"Bearer {TOKEN}"}
    for place in (address, f"file://{secret}"):
        fetching = f"{{ SERVICE <{place}> {{ ?s ?p ?o }} }}"
        for text in (
            f"LOAD <{place}>",
            f"LOAD SILENT <{place}> INTO GRAPH <urn:g>",
            f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} WHERE {fetching}",
            "INSERT DATA { <urn:a> <urn:p> 1 }",
            "INSERT DATA { GRAPH <urn:gsefgraph:generation:1> { <urn:a> <urn:p> 1 } }",
        ):
            answer = httpx.post(f"{server}sparql", content=text, headers=sent)
            assert answer.status_code == 400, text
    assert not reached


def test_files_that_name_others(server: str, canary: tuple[str, list[str]], secret: str) -> None:
    address, reached = canary
    for name, content in some(uploads(address, secret)):
        answer = httpx.post(f"{server}check", files={"file": (name, content.encode())}, timeout=60)
        assert answer.status_code in (200, 400, 413, 503), content[:80]
        assert "Traceback" not in answer.text
        assert WORDS not in answer.text
    assert not reached


def test_what_is_no_good_http(server: str) -> None:
    host, port = server.removeprefix("http://").rstrip("/").split(":")
    for sent in some(spoken(f"{host}:{port}")):
        with socket.create_connection((host, int(port)), 5) as speaking:
            speaking.settimeout(15)
            began = time.monotonic()
            try:
                speaking.sendall(sent)
                speaking.shutdown(socket.SHUT_WR)
                heard = b""
                while piece := speaking.recv(2**16):
                    heard += piece
            except OSError:
                pass
            assert time.monotonic() - began < 12, sent
            head = heard.partition(b"\r\n\r\n")[0].lower()
            assert b"\r\nset-cookie: x=y" not in head
            assert b"\r\nx: y" not in head
            assert b"traceback" not in heard.lower()
            assert b"root:" not in heard
    assert httpx.get(f"{server}sparql?query=ASK%7B%7D").status_code == 200


def test_who_sends_slowly_is_not_waited_for(server: str) -> None:
    host, port = server.removeprefix("http://").rstrip("/").split(":")
    head = f"POST /sparql HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 1000\r\n\r\nASK "
    with socket.create_connection((host, int(port)), 5) as speaking:
        speaking.settimeout(15)
        speaking.sendall(head.encode())
        began = time.monotonic()
        assert httpx.get(f"{server}sparql?query={quote('ASK {}')}").status_code == 200
        assert speaking.recv(2**16).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began < 10 + 2

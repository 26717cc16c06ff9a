"""Whoever asks: requests that mean harm, each answered in time by a server that stays.

What a query could fetch or read stands where it would be noticed: a listener that nobody may
reach, a file whose words nobody may see. `make test-long` sends all, `make test` some of each kind.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import random
import re
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

import httpx
import pytest

from gsefgraph.web.app import _Kept, _takes
from gsefgraph.web.connection import _Flow
from tests import hostile
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


@dataclass(frozen=True)
class Canary:
    """An address that nobody may reach, a file that nobody may read, and who did."""

    address: str
    file: str
    touched: list[str]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    touched: list[str] = []
    file = tmp_path_factory.mktemp("secret") / "secret.ttl"
    # Whoever opens a pipe to read it lets whoever writes into it go on.
    os.mkfifo(file)

    def written() -> None:
        while True:
            with open(file, "w") as pipe:
                touched.append(str(file))
                pipe.write(f'<urn:secret> <urn:p> "{WORDS}" .\n')
            time.sleep(0.2)  # until who reads is done with it

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hear() -> None:
            while True:
                try:
                    sender, address = listening.accept()
                except OSError:
                    return
                touched.append(str(address))
                sender.close()

        for watch in (hear, written):
            threading.Thread(target=watch, daemon=True).start()
        place = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        yield Canary(place, str(file), touched)


def test_the_canary_sings(tmp_path_factory: pytest.TempPathFactory, canary: Canary) -> None:
    with contextlib.suppress(httpx.HTTPError):
        httpx.get(canary.address)
    assert WORDS in Path(canary.file).read_text()
    time.sleep(0.3)
    assert len(canary.touched) == 2
    canary.touched.clear()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = str(tmp_path_factory.mktemp("store") / "store")
    assert process("load", "--store", store).code == 0
    options = ("--store", store, "--writable", "--timeout", str(SECONDS), "--proxy", "127.0.0.1")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GSEFGRAPH_TOKEN", TOKEN)
        with serving(*options) as (running, address):
            httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=30)
            yield address
            assert running.poll() is None, "the server has ended"


@pytest.fixture
def place(server: str) -> tuple[str, int]:
    host, port = server.removeprefix("http://").rstrip("/").split(":")
    return host, int(port)


def heard(speaking: socket.socket) -> bytes:
    """All that is answered, until the connection is closed."""
    return b"".join(iter(lambda: speaking.recv(2**16), b""))


def some(every: Iterable[T]) -> list[T]:
    """All of them, or where few are wanted some, drawn alike each time."""
    found = list(every)
    return found if MANY or len(found) < 7 else random.Random(7).sample(found, 7)


_NUMBERS = count(1)


def elsewhere() -> dict[str, str]:
    """A client of its own: one that brings processes down is behind all others for a minute, and
    nearly without a processor where other tests run beside."""
    return {"x-forwarded-for": f"10.0.{next(_NUMBERS) % 250}.{next(_NUMBERS) % 250}"}


def in_time(began: float) -> None:
    assert time.monotonic() - began < SECONDS + LATER


def queries(canary: str, secret: str) -> list[list[str]]:
    deep = [query for depth in hostile.DEPTHS for query in hostile.nested(depth)]
    flat = [query for count in (100, 700, 3_000) for query in hostile.long(count)]
    return [deep, flat, [*hostile.slow()], [*hostile.reaching(canary, secret)]]


def test_they_are_as_many_as_are_wanted() -> None:
    one, other = "http://127.0.0.1:9/x", "/x.ttl"
    kinds = [
        *queries(one, other), [*hostile.updates(one, other)], [*hostile.uploads(one, other)],
        [*hostile.graphs(one, other)], [*hostile.values()], [*hostile.bodies()],
        [*hostile.spoken("localhost")],
    ]  # fmt: skip
    assert all(len({*map(repr, kind)}) == len(kind) for kind in kinds)
    assert sum(map(len, kinds)) >= 500


def harmless(answer: httpx.Response, about: object) -> None:
    """What no answer has, whatever was asked."""
    assert "Traceback" not in answer.text, about
    assert WORDS not in answer.text, about
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "<script>alert" not in answer.text, about
        assert "onerror=alert(1)>" not in answer.text, about
        # In its field a value stays as it was typed.
        assert "\u202e" not in re.sub(r'value="[^"]*"', "", answer.text), about
    assert "x=y" not in answer.headers.get("set-cookie", ""), about


def test_queries(server: str, canary: Canary) -> None:
    every = [query for kind in queries(canary.address, canary.file) for query in some(kind)]
    statuses = set()
    with httpx.Client(timeout=30) as client:
        for query in every:
            began = time.monotonic()
            answer = client.post(f"{server}sparql", content=query.encode(), headers={
                "content-type": "application/sparql-query", **elsewhere()})  # fmt: skip
            in_time(began)
            assert answer.status_code in (200, 400, 413, 500, 503), query
            harmless(answer, query)
            statuses.add(answer.status_code)
            began = time.monotonic()
            # On a busy machine a process that takes the place of another may start too late.
            while client.get(f"{server}sparql?query=ASK%7B%7D").status_code != 200:
                assert time.monotonic() - began < 4 * LATER, query
            assert time.monotonic() - began < 4 * LATER, query
    assert {400, 503} <= statuses
    assert not canary.touched


def test_updates_and_guessed_tokens(server: str, canary: Canary) -> None:
    update = {"content-type": "application/sparql-update"}
    for token in ("guess", TOKEN[:-1], TOKEN.upper(), f"{TOKEN}x", "é" * 20, "x" * 10_000):
        sent: dict[str, Any] = {**update, "authorization": f"Bearer {token}".encode()}
        answer = httpx.post(f"{server}sparql", content="DROP ALL", headers=sent)
        assert answer.status_code == 401, token
        assert TOKEN not in answer.text
    sent = {**update, "authorization": f"Bearer {TOKEN}"}
    before = httpx.get(f"{server}health").json()["quads"]
    for text in hostile.updates(canary.address, canary.file):
        answer = httpx.post(f"{server}sparql", content=text.encode(), timeout=60,
                            headers={**sent, **elsewhere()})  # fmt: skip
        assert answer.status_code in (204, 400, 413, 503), text[:80]
        harmless(answer, text[:80])
        if canary.address in text or canary.file in text or "gsefgraph:" in text:
            assert answer.status_code == 400, text
    assert not canary.touched
    # Those that were done were nested and not too deep, and put in nothing but the last of them.
    assert httpx.get(f"{server}sparql?query=ASK%7B%7D").status_code == 200
    drop, until = "DROP SILENT GRAPH <urn:g>", time.monotonic() + 20
    while httpx.post(f"{server}sparql", content=drop, headers=sent).status_code != 204:
        assert time.monotonic() < until, "what was ended holds up what comes after it"
    assert httpx.get(f"{server}health").json()["quads"] == before


def test_files_that_name_others(server: str, canary: Canary) -> None:
    media = {".jsonld": "application/ld+json", ".rdf": "application/rdf+xml", ".ttl": "text/turtle"}
    for name, content in some(hostile.uploads(canary.address, canary.file)):
        file = {"file": (name, content.encode())}
        answers = [httpx.post(f"{server}check", files=file, timeout=60, headers=elsewhere())]
        kind = media.get(name[name.index(".") :])
        if kind:
            answers.append(httpx.post(f"{server}api/validate", content=content.encode(), timeout=60,
                                      headers={"content-type": kind, **elsewhere()}))  # fmt: skip
        for answer in answers:
            assert answer.status_code in (200, 400, 413, 500, 503), content[:80]
            harmless(answer, content[:80])
    assert not canary.touched


def test_addresses_that_would_be_more(server: str, canary: Canary) -> None:
    asked = [*some(hostile.graphs(canary.address, canary.file)), *some(hostile.values())]
    with httpx.Client(timeout=30, headers={"accept": "text/html, */*;q=0.8"}) as client:
        for path in asked:
            began = time.monotonic()
            answer = client.get(f"{server.rstrip('/')}{path}")
            in_time(began)
            assert answer.status_code < 500, path
            harmless(answer, path)
    assert not canary.touched


def test_bodies_that_are_not_what_they_say(server: str) -> None:
    for media, body in some(hostile.bodies()):
        began = time.monotonic()
        answer = httpx.post(f"{server}sparql", content=body, headers={"content-type": media})
        in_time(began)
        assert answer.status_code in (200, 400, 413, 415), (media, body[:40])
        harmless(answer, (media, body[:40]))


def test_what_is_no_good_http(server: str, place: tuple[str, int]) -> None:
    for sent in some(hostile.spoken("{}:{}".format(*place))):
        with socket.create_connection(place, 5) as speaking:
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


def test_who_sends_slowly_is_not_waited_for(server: str, place: tuple[str, int]) -> None:
    host = f"Host: {place[0]}:{place[1]}\r\n"
    head = f"POST /sparql HTTP/1.1\r\n{host}"
    form = f"POST /check HTTP/1.1\r\n{host}Content-Type: multipart/form-data; boundary=x\r\n"
    after = f"POST /graphs HTTP/1.1\r\n{host}Content-Length: 100000000\r\n\r\n"
    with contextlib.ExitStack() as stack:
        began = time.monotonic()
        speaking = {}
        for name, sent in {
            "body": f"{head}Content-Length: 1000\r\n\r\nASK ",
            "upload": f"{form}Content-Length: 1000\r\n\r\n--x",
            "unended": head,
            "silent": "",
            "refused": after,
            "empty": f"GET /health HTTP/1.1\r\n{host}\r\n",
        }.items():
            one = stack.enter_context(socket.create_connection(place, 5))
            one.settimeout(15)
            one.sendall(sent.encode())
            speaking[name] = one
        assert speaking["empty"].recv(2**16).startswith(b"HTTP/1.1 200 ")
        speaking["empty"].sendall(b"\r\n")
        assert httpx.get(f"{server}sparql?query={quote('ASK {}')}").status_code == 200
        assert speaking["body"].recv(2**16).startswith(b"HTTP/1.1 408 ")
        assert speaking["upload"].recv(2**16).startswith(b"HTTP/1.1 408 ")
        assert heard(speaking["refused"]).startswith(b"HTTP/1.1 401 ")
        assert heard(speaking["unended"]) == heard(speaking["silent"]) == b""
        heard(speaking["empty"])
        assert time.monotonic() - began < 10 + 3


def test_a_head_without_end_is_not_read_to_its_end(place: tuple[str, int]) -> None:
    with socket.create_connection(place, 5) as speaking:
        speaking.sendall(f"GET /sparql HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\nX: ".encode())
        sent = 0
        with contextlib.suppress(OSError):  # it is closed while more comes
            while sent < 64 * 2**20:
                sent += speaking.send(b"x" * 2**16)
    assert sent < 16 * 2**20  # as much as the system keeps on the way, and the bound


def test_fields_after_a_body_change_nothing(place: tuple[str, int]) -> None:
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\nConnection: close\r\n"
        "Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(place, 5) as speaking:
        speaking.sendall(f"{head}6\r\nASK {{}}\r\n0\r\nHost: evil.example\r\n\r\n".encode())
        said = heard(speaking)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.endswith(b'"boolean":true}\n')


def test_who_has_sent_too_much_reads_why(place: tuple[str, int]) -> None:
    for path, kind in (("/check", "multipart/form-data; boundary=x"), ("/sparql", "text/plain")):
        client = http.client.HTTPConnection(*place, timeout=20)
        client.request("POST", path, b"x" * 5_000_000, {"content-type": kind})
        assert client.getresponse().status == 413
        client.close()


def test_requests_that_wait_for_answers_are_answered(place: tuple[str, int]) -> None:
    many = 12_000
    one = f"GET /robots.txt HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n"
    with socket.create_connection(place, 60) as speaking:
        sent = one.encode() + b"\r\n"
        end = f"{one}Connection: close\r\n\r\n".encode()
        threading.Thread(target=speaking.sendall, args=(sent * many + end,), daemon=True).start()
        assert heard(speaking).count(b"HTTP/1.1 200 OK\r\n") == many + 1


def test_no_more_is_read_while_requests_wait() -> None:
    class Reading:
        paused = False

        def pause_reading(self) -> None:
            self.paused = True

        def resume_reading(self) -> None:
            self.paused = False

    reading, waiting = Reading(), [1]
    flow = _Flow(cast(asyncio.Transport, reading), waiting)
    flow.pause_reading()
    flow.resume_reading()
    assert reading.paused
    waiting.clear()
    flow.resume_reading()
    assert not reading.paused


@pytest.mark.parametrize("field", ["Accept", "Accept-Language", "Accept-Encoding", "X"])
def test_fields_have_a_bound(server: str, field: str) -> None:
    began = time.monotonic()
    assert httpx.get(server, headers={field: "a," * 40_000}).status_code == 400
    assert httpx.get(f"{server}?{'a&' * 100_000}"[:65_000]).status_code == 414
    in_time(began)


@pytest.mark.parametrize("charset", ["punycode", "undefined", "utf-7", "unicode_escape"])
def test_a_form_is_in_utf_8(server: str, charset: str) -> None:
    sent = b'--x\r\nContent-Disposition: form-data; name="text-"\r\n\r\n-' + b"a" * 400_000
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    began = time.monotonic()
    answer = httpx.post(f"{server}check", content=sent + b"\r\n--x--\r\n",
                        headers={"content-type": kind})  # fmt: skip
    assert answer.status_code == 415
    in_time(began)


def test_what_is_kept_counts_with_what_was_asked() -> None:
    kept = _Kept(200, {}, b"12345", packs=False)
    assert _takes((1, "x" * 1_000, None), kept) >= 1_005 + 1_000


def test_there_are_no_more_connections_than_files_allow() -> None:
    with contextlib.ExitStack() as stack:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        try:
            process, address = stack.enter_context(serving())
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        there = urlsplit(address)
        assert httpx.get(f"{address}health").status_code == 200
        with contextlib.ExitStack() as opened:
            many = [
                opened.enter_context(socket.create_connection((there.hostname, there.port), 5))
                for _ in range(300)
            ]
            time.sleep(1)
            taken = 0
            for speaking in many:
                speaking.setblocking(False)
                try:
                    speaking.recv(1)
                except BlockingIOError:
                    taken += 1
                except ConnectionError:
                    pass
            assert 100 < taken <= 128
        assert httpx.get(f"{address}health").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[1] == ""


def test_what_wants_another_protocol_ends_with_its_answer(place: tuple[str, int]) -> None:
    one = f"GET /robots.txt HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n"
    with socket.create_connection(place, 20) as speaking:
        speaking.sendall(f"{one}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n{one}\r\n".encode())
        said = heard(speaking)
    assert (said.count(b"HTTP/1.1 200 OK\r\n"), b"connection: close" in said) == (1, True)


@pytest.mark.skipif(not MANY, reason="it takes half a minute; make test-long waits for it")
def test_who_takes_no_answer_is_given_up(place: tuple[str, int]) -> None:
    many = 10
    with socket.socket() as speaking:
        speaking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        speaking.connect(place)
        line = f"GET /data.nq HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n\r\n"
        speaking.sendall(line.encode() * many)
        time.sleep(30)
        speaking.settimeout(5)
        said = b""
        with contextlib.suppress(OSError):
            while piece := speaking.recv(2**20):
                said += piece
    assert said.count(b"HTTP/1.1 200 OK\r\n") < many

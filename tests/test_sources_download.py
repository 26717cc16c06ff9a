"""What stands at an address that the user named, and what is not fetched, from a server of ours."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gsefgraph.cli import _fetches
from gsefgraph.engine.download import Download, _stays, download
from gsefgraph.errors import EndpointError, GsefgraphError, QueryTimeout, UsageError
from tests.commands import Cli, process

PAGE = "<html lang=fr><h1>Le forum</h1><p>Il a eu lieu à Dakar.</p></html>"


class Answers(BaseHTTPRequestHandler):
    """A server with a page, and with what pages are not."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/page":
            self.give(PAGE.encode("cp1252"), "text/html; charset=windows-1252")
        elif path == "/moved":
            self.lead("/page")
        elif path == "/away":
            self.lead("http://localhost.example/page")
        elif path == "/back":
            self.lead("file:///etc/passwd")
        elif path == "/odd":
            self.lead("http://[::1/page")
        elif path == "/circle":
            self.lead("/circle")
        elif path == "/nowhere":
            self.send_response(302)
            self.end_headers()
        elif path == "/bomb":
            self.give(gzip.compress(b"a" * 3_000_000), "text/plain", **{"Content-Encoding": "gzip"})
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(0.02)
        elif path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"a")
        else:
            self.send_response(404)
            self.end_headers()

    def give(self, data: bytes, kind: str, **more: str) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def lead(self, target: str) -> None:
        self.send_response(301)
        self.send_header("Location", target)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    served.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()


def test_what_stands_there_comes_with_what_the_server_says(server: str) -> None:
    found = download(f"{server}/page?a=b#part", most=1000)
    data = PAGE.encode("cp1252")
    assert found == Download(data, "text/html", "windows-1252", f"{server}/page?a=b")


def test_a_redirect_on_the_same_host_is_followed(server: str) -> None:
    assert download(f"{server}/moved", most=1000).address == f"{server}/page"


@pytest.mark.parametrize(
    ("path", "said", "kind"),
    [
        ("/away", "leads on to http://localhost.example/page; name that address", EndpointError),
        ("/back", "leads on to file:///etc/passwd", EndpointError),
        ("/odd", "could not be reached", EndpointError),
        ("/circle", "too often", EndpointError),
        ("/nowhere", "answers 302", EndpointError),
        ("/none", "answers 404", EndpointError),
        ("/bomb", "larger than 1 MB", EndpointError),
        ("/slow", "within 0.2 s", QueryTimeout),
        ("/broken", "could not be reached", EndpointError),
    ],
)
def test_what_is_not_fetched_says_why(
    server: str, path: str, said: str, kind: type[GsefgraphError]
) -> None:
    with pytest.raises(kind) as caught:
        download(f"{server}{path}", most=2**20, seconds=0.2 if path == "/slow" else 10)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["ftp://a.example/b", "https:///a", "http://a b/", "a.example", "http://[::1", "http://[x]/",
     "http://a.example:99999/", "http://a.example:x/", f"http://{'a' * 64}.example/",
     "http://a..example/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address of http"):
        download(address, most=1)


@pytest.mark.parametrize(
    ("at", "target", "stays"),
    [
        ("http://a.example/b", "https://a.example/c", True),
        ("https://a.example/b", "https://a.example/c", True),
        ("https://a.example/b", "http://a.example/b", False),
        ("https://a.example/b", "https://b.example/b", False),
        ("http://a.example:80/b", "http://a.example:81/b", False),
        ("http://a.example/b", "http://u:p@a.example/b", False),
        ("http://a.example/b", "gopher://a.example/b", False),
    ],
)
def test_redirects_lead_to_the_same_host_and_never_down(at: str, target: str, stays: bool) -> None:
    assert _stays(at, target) == stays


def test_an_address_that_the_user_names_is_stored(server: str, cli: Cli, tmp_path: object) -> None:
    project = f"{tmp_path}/p"
    assert cli("init", project, "--lang", "fr").code == 0
    done = process("source", "add", f"{server}/moved", "--project", project, "--lang", "fr")
    assert done.code == 0, done.err
    assert f"{server}/moved a renvoyé à {server}/page" in done.err
    with open(f"{project}/data/documents/le-forum.ttl", encoding="utf-8") as file:
        assert f"dcterms:source <{server}/moved>" in file.read()
    with open(f"{project}/data/sources/le-forum.txt", encoding="utf-8") as file:
        assert file.read() == "Le forum\nIl a eu lieu à Dakar.\n"
    again = process("source", "add", f"{server}/moved", "--project", project, "--lang", "fr")
    assert "rien de nouveau" in again.err


def test_nothing_else_has_the_network() -> None:
    assert _fetches(["source", "add", "HTTPS://a.example/"])
    assert _fetches(["--project", "p", "source", "add", "http://a.example/"])
    assert not _fetches(["source", "add", "a.html"])
    assert not _fetches(["source", "add", "a.html", "--published", "https://a.example/"])
    assert not _fetches(["source", "add", "a.html", "--published=https://a.example/"])
    assert not _fetches(["add", "https://a.example/"])

"""Endpoints: the laws on Oxigraph's server and on Virtuoso; what the wire does when it fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest
from pyoxigraph import Literal, NamedNode

from gsefgraph.engine import Engine, Solutions, connect
from gsefgraph.engine.endpoint import VENDORS, Endpoint, recognise
from gsefgraph.errors import EndpointError, QueryTimeout, UnknownName, UsageError
from tests.engine_suite import EX, ONE, TWO, EngineSuite, iri, load, number, triple, union
from tests.servers import NotInstalled, QuietServer, oxigraph_url, virtuoso_endpoint

_opened: list[Engine] = []


def connected(target: str | Endpoint) -> Engine:
    """An engine that is closed when its test ends."""
    _opened.append(connect(target))
    return _opened[-1]


def generic(url: str, *, vendor: str = "generic", **settings: Any) -> Engine:
    return connected(Endpoint(url, vendor=vendor, **settings))


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    try:
        with oxigraph_url() as url:
            yield url
    except NotInstalled as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def virtuoso() -> Iterator[Endpoint]:
    try:
        with virtuoso_endpoint() as endpoint:
            yield endpoint
    except NotInstalled as absent:
        pytest.skip(str(absent))


class TestOxigraph(EngineSuite):
    differs: ClassVar = {"from": "Oxigraph answers FROM of several graphs as a bag"}

    @pytest.fixture
    def engine(self, oxigraph: str) -> Engine:
        engine = connected(oxigraph)
        engine.update("DROP ALL")
        return engine


class TestGenericUpdates(EngineSuite):
    """The same server, spoken to as one of which nothing is known but the standards."""

    differs: ClassVar = {
        **TestOxigraph.differs,
        "zero": "Oxigraph gives paths of length zero from nodes of the graph alone",
    }

    @pytest.fixture
    def engine(self, oxigraph: str) -> Engine:
        engine = connected(
            Endpoint(f"{oxigraph}query", update_url=f"{oxigraph}update", vendor="generic")
        )
        engine.update("DROP ALL")
        return engine


class TestVirtuoso(EngineSuite):
    differs: ClassVar = {
        "set": "Virtuoso's default graph is a bag: a triple of two graphs is two rows",
        "from": "Virtuoso answers FROM of several graphs as a bag",
    }

    @pytest.fixture
    def engine(self, virtuoso: Endpoint) -> Engine:
        engine = connected(virtuoso)
        for graph in engine.graphs():
            engine.replace(graph, [])
        return engine


def test_the_server_is_recognised_and_its_addresses_derived(
    oxigraph: str, virtuoso: Endpoint
) -> None:
    engine = connected(oxigraph)
    found = engine.info()
    assert found["vendor"] == "oxigraph"
    assert found["version"].startswith("Oxigraph/")
    assert found["place"] == f"{oxigraph}query"
    assert found["update"] == f"{oxigraph}update"
    assert found["graph store"] == f"{oxigraph}store"
    found = connected(virtuoso).info()
    assert found["vendor"] == "virtuoso"
    assert found["update"].endswith("/sparql-auth")
    assert "bag" in found["union"]
    assert virtuoso.password is not None
    assert virtuoso.password not in repr([virtuoso, found])


def test_a_wrong_password_is_refused_in_one_line(virtuoso: Endpoint) -> None:
    engine = connected(Endpoint(virtuoso.query_url, user="dba", password="wrong-one"))
    assert number(engine, f"?s <{EX}none> ?o") == 0
    with pytest.raises(EndpointError, match=r"401.*GSEFGRAPH_PASSWORD") as caught:
        engine.replace(ONE, [triple("a", "b")])
    assert "wrong-one" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_a_server_does_not_take_is_its_own_words(virtuoso: Endpoint) -> None:
    # Legal SPARQL that Virtuoso refuses: a path with both ends open.
    engine = connected(virtuoso)
    with pytest.raises(EndpointError, match=r"answers \d+: Virtuoso \w+ Error") as caught:
        engine.query(f"SELECT * WHERE {{ ?a <{EX}p>* ?b }}")
    assert "\n" not in str(caught.value)


def test_graphs_of_the_server_itself_are_not_ours(virtuoso: Endpoint) -> None:
    engine = connected(virtuoso)
    for graph in engine.graphs():
        engine.replace(graph, [])
    assert engine.graphs() == ()
    assert engine.count() == 0
    assert list(engine.dump()) == []


def test_a_large_graph_is_replaced_and_dumped_whole(oxigraph: str, virtuoso: Endpoint) -> None:
    wanted = {triple(f"s{n}", Literal(f"x {n}", language="fr")) for n in range(12_000)}
    for target in (oxigraph, virtuoso):
        engine = connected(target)
        engine.replace(ONE, wanted)
        assert {quad.triple for quad in engine.dump(ONE)} == wanted
        engine.replace(ONE, [])


def test_a_stale_union_is_mended_by_an_update(oxigraph: str) -> None:
    engine = connected(oxigraph)
    engine.update("DROP ALL")
    import httpx

    # Somebody else writes beside us, and does not keep the union.
    httpx.post(
        f"{oxigraph}update",
        trust_env=False,
        headers={"Content-Type": "application/sparql-update"},
        content=f"INSERT DATA {{ GRAPH {ONE} {{ <{EX}a> <{EX}p> <{EX}b> }}"
        f" <{EX}x> <{EX}p> <{EX}y> }}",
    )
    engine.update(f"INSERT DATA {{ GRAPH {TWO} {{ <{EX}a> <{EX}p> <{EX}c> }} }}")
    assert union(engine) == {triple("a", "b"), triple("a", "c")}


# The wire, against a server that does as it is told.


class Script:
    """Answers in turn, the last for ever; keeps what was asked."""

    def __init__(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    def next(self) -> tuple[int, dict[str, str], bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


Serve = Callable[..., tuple[str, Script]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[QuietServer] = []

    def start(*answers: tuple[int, dict[str, str], bytes], pause: float = 0) -> tuple[str, Script]:
        script = Script(*answers)

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                script.asked.append((self.command, self.path, dict(self.headers), body))
                status, headers, said = script.next()
                if not status:
                    self.close_connection = True
                    return
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                try:
                    for byte in said if pause else ():
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        time.sleep(pause)
                    self.wfile.write(b"" if pause else said)
                except OSError:
                    pass  # the client has left

            do_GET = do_POST = do_PUT = answer  # noqa: N815  # the handler's own names

            def log_message(self, *args: object) -> None:
                pass

        server = QuietServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/sparql", script

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def rows_of(*cells: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    body = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": cell} for cell in cells]}}
    return 200, {"Content-Type": "application/sparql-results+json"}, json.dumps(body).encode()


BUSY = (503, {}, b"busy\nvery busy")
ASKED = "SELECT ?x WHERE { ?x ?p ?o }"


def test_a_read_is_tried_again(serve: Serve) -> None:
    url, script = serve(BUSY, BUSY, rows_of({"type": "uri", "value": EX + "a"}))
    assert generic(url).query(ASKED) == Solutions(("x",), ((iri("a"),),))
    assert len(script.asked) == 3


def test_a_read_is_not_tried_for_ever(serve: Serve) -> None:
    url, script = serve(BUSY)
    with pytest.raises(EndpointError, match=r"answers 503: busy$"):
        generic(url, retries=1).query(ASKED)
    assert len(script.asked) == 2


def test_a_write_is_tried_once(serve: Serve) -> None:
    url, script = serve(BUSY)
    with pytest.raises(EndpointError, match="503"):
        generic(url).update(f"INSERT DATA {{ GRAPH {ONE} {{ <{EX}a> <{EX}p> 1 }} }}")
    assert len(script.asked) == 1


def test_a_connection_that_breaks_is_tried_again_for_a_read_alone(serve: Serve) -> None:
    url, script = serve((0, {}, b""))
    with pytest.raises(EndpointError, match="could not be reached"):
        generic(url).query(ASKED)
    assert len(script.asked) == 3
    with pytest.raises(EndpointError, match="could not be reached"):
        generic(url).update(f"INSERT DATA {{ GRAPH {ONE} {{ <{EX}a> <{EX}p> 1 }} }}")
    assert len(script.asked) == 4


def test_a_server_that_is_not_there(serve: Serve) -> None:
    with pytest.raises(EndpointError, match="could not be reached") as caught:
        generic("http://127.0.0.1:9/sparql", retries=1).query(ASKED)
    assert "\n" not in str(caught.value)


def test_an_answer_that_trickles_is_late_all_the_same(serve: Serve) -> None:
    url, _ = serve(rows_of({"type": "uri", "value": EX + "a"}), pause=0.05)
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.3 s"):
        generic(url).query(ASKED, timeout=0.3)
    assert time.monotonic() - start < 5


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    elsewhere, other = serve(rows_of())
    url, _ = serve((302, {"Location": elsewhere}, b""))
    with pytest.raises(EndpointError, match="not followed") as caught:
        generic(url).query(ASKED)
    assert elsewhere in str(caught.value)
    assert other.asked == []


def test_no_proxy_is_taken_from_the_surroundings(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, other = serve((500, {}, b"proxied"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    url, _ = serve(rows_of())
    assert generic(url).query(ASKED) == Solutions(("x",), ())
    assert other.asked == []


def test_credentials_are_sent_as_told(serve: Serve) -> None:
    url, script = serve(rows_of())
    generic(url, user="ada", password="secret").query(ASKED)
    generic(url, user="ada", password="secret", token="t0ken").query(ASKED)
    generic(url).query(ASKED)
    sent = [headers.get("Authorization") for _, _, headers, _ in script.asked]
    assert sent == ["Basic YWRhOnNlY3JldA==", "Bearer t0ken", None]


def test_a_page_is_not_an_answer(serve: Serve) -> None:
    url, _ = serve((200, {"Content-Type": "text/html"}, b"<html>hello"))
    for text in (ASKED, "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(EndpointError, match=r"text/html.*SPARQL endpoint") as caught:
            generic(url).query(text)
        assert "\n" not in str(caught.value)


def test_a_server_is_asked_once_what_it_is(serve: Serve) -> None:
    url, script = serve(
        (200, {"Server": "Virtuoso/07.20"}, b""),
        rows_of(
            {
                "type": "typed-literal",
                "value": "1",
                "datatype": "http://www.w3.org/2001/XMLSchema#boolean",
            },
            {"type": "bnode", "value": "nodeID://b10"},
        ),
    )
    engine = connected(url)
    assert script.asked == []
    for _ in range(2):
        found = engine.query(ASKED)
        assert isinstance(found, Solutions)
        assert found.rows[0][0] == Literal(True)
        assert str(found.rows[1][0]) == "_:b10"
    assert len(script.asked) == 3


def test_rows_that_a_server_cut_are_told(serve: Serve) -> None:
    status, headers, body = rows_of({"type": "literal", "value": "a"})
    url, _ = serve((status, headers | {"X-SPARQL-MaxRows": "1"}, body))
    found = generic(url, vendor="virtuoso").query(ASKED)
    assert isinstance(found, Solutions)
    assert found.warnings == ("the server gives 1 rows at the most: some are missing",)


def test_a_part_of_an_answer_is_none(serve: Serve) -> None:
    _status, headers, body = rows_of({"type": "literal", "value": "a"})
    url, _ = serve((206, headers, body))
    with pytest.raises(EndpointError, match="not whole"):
        generic(url).query(ASKED)


def test_a_server_that_gives_up_in_time_is_a_timeout(serve: Serve) -> None:
    url, _ = serve((500, {}, b"Virtuoso S1T00 Error SR171: Transaction timed out"))
    with pytest.raises(QueryTimeout):
        generic(url, vendor="virtuoso").query(ASKED)


# Settings


def test_a_target_takes_the_rest_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Endpoint.from_target("https://example.org/sparql")
    assert plain == Endpoint("https://example.org/sparql")
    for name, value in {
        "USER": "ada",
        "PASSWORD": "p",
        "TOKEN": "t",
        "UPDATE_URL": "https://example.org/u",
        "GRAPH_URL": "https://example.org/g",
        "TIMEOUT": "2.5",
        "VENDOR": "generic",
    }.items():
        monkeypatch.setenv(f"GSEFGRAPH_{name}", value)
    assert Endpoint.from_target("https://example.org/sparql") == Endpoint(
        "https://example.org/sparql",
        "https://example.org/u",
        "https://example.org/g",
        "ada",
        "p",
        "t",
        2.5,
        2,
        "generic",
    )
    assert Endpoint.from_target("https://b%C3%A9a:x%3Ay@[::1]:8890/sparql").user == "béa"
    assert Endpoint.from_target("https://b:x%3Ay@[::1]:8890/sparql").password == "x:y"
    assert (
        Endpoint.from_target("https://b:x@[::1]:8890/s?a=b").query_url == "https://[::1]:8890/s?a=b"
    )
    monkeypatch.setenv("GSEFGRAPH_TIMEOUT", "soon")
    with pytest.raises(UsageError, match=r"GSEFGRAPH_TIMEOUT.*soon"):
        Endpoint.from_target("https://example.org/sparql")


@pytest.mark.parametrize(
    "target", ["http://", "http:///sparql", "http://host:99999/", "http://[::1/"]
)
def test_an_address_that_is_none(target: str) -> None:
    with pytest.raises(UsageError, match="endpoint's address"):
        connected(target)


def test_a_password_in_an_address_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSEFGRAPH_TOKEN", "t0ken")
    engine = connected("http://ada:s3cret@127.0.0.1:9/sparql")
    with pytest.raises(EndpointError) as caught:
        engine.query("ASK {}", timeout=0.1)
    shown = str(caught.value) + repr(Endpoint.from_target("http://ada:s3cret@127.0.0.1:9/sparql"))
    assert "s3cret" not in shown
    assert "t0ken" not in shown


def test_a_kind_of_server_that_is_not_known() -> None:
    with pytest.raises(UnknownName, match="did you mean oxigraph"):
        connected(Endpoint("http://127.0.0.1:9/", vendor="oxygraph"))


def test_a_timeout_of_nothing_is_refused() -> None:
    for settings in ({"timeout": 0}, {"retries": -1}):
        with pytest.raises(UsageError, match="timeout is above 0"):
            generic("http://127.0.0.1:9/", **settings)


def test_each_vendor_is_recognised_by_its_header() -> None:
    for vendor in VENDORS.values():
        assert recognise(f"{vendor.server}/1.0" if vendor.server else "") == vendor


def test_a_graph_name_of_our_own_is_refused() -> None:
    with pytest.raises(UsageError, match="urn:gsefgraph:"):
        generic("http://127.0.0.1:9/").replace(NamedNode("urn:gsefgraph:x"), [])


def test_loading_nothing_sends_nothing(serve: Serve) -> None:
    status, headers, body = rows_of()
    url, script = serve((status, headers, body.replace(b'["x"]', b'["g", "n"]')))
    assert load(generic(url), ONE, []) == 0
    assert [method for method, _, _, _ in script.asked] == ["POST"]

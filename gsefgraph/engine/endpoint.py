"""The settings of a SPARQL endpoint: where it is, who asks, and how patient we are."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.wording import say

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/*")


def without_password(target: str) -> str:
    """The name of a store as it may be shown: an address without who asks and the password.

    >>> without_password("https://ada:s/e@cret@host/sparql"), without_password("stores/a@b")
    ('https://host/sparql', 'stores/a@b')
    """
    scheme = _SCHEME.match(target)
    return scheme[0] + target[scheme.end() :].rpartition("@")[2] if scheme else target


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The settings of an endpoint; what is None is derived from the query address by its vendor.

    Parameters:
        query_url: where queries go; the bare address of a server will do for a known vendor.
        update_url: where updates go (SPARQL 1.1 Protocol).
        graph_url: where graphs are put and got (SPARQL 1.1 Graph Store HTTP Protocol).
        user, password: sent as the vendor takes them, basic or digest.
        token: sent as a bearer token instead.
        timeout: seconds for an answer; writing graphs is given twenty times that.
        retries: how often a read is tried again when no connection is made, or on 502, 503, 504.
        vendor: ``auto`` asks the server; else ``oxigraph``, ``virtuoso`` or ``generic``.

    >>> Endpoint("https://example.org/sparql", user="ada", password="secret")  # doctest: +ELLIPSIS
    Endpoint(query_url='https://example.org/sparql', ..., user='ada', timeout=30.0, ...)
    """

    query_url: str
    update_url: str | None = None
    graph_url: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    retries: int = 2
    vendor: str = "auto"

    @classmethod
    def from_target(cls, target: str) -> Endpoint:
        """The endpoint of an address such as ``https://user:password@host/sparql``.

        What the address does not say is taken from GSEFGRAPH_USER, GSEFGRAPH_PASSWORD,
        GSEFGRAPH_TOKEN, GSEFGRAPH_UPDATE_URL, GSEFGRAPH_GRAPH_URL, GSEFGRAPH_TIMEOUT (seconds) and
        GSEFGRAPH_VENDOR.

        Errors:
            UsageError for an address without a host, or a timeout that is no number.

        >>> Endpoint.from_target("http://ada:s%40cret@localhost:7878/query").query_url
        'http://localhost:7878/query'
        """
        if re.search(r"[\x00-\x20\x7f]", target):
            raise UsageError(
                say("endpoint.space", target=without_password(target)),
                hint=say("endpoint.write-space"),
            )
        try:
            parts = urlsplit(target)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            # What Python says quotes the address, and a password with it.
            raise UsageError(
                say("endpoint.wrong", target=without_password(target)),
                hint=say("endpoint.form"),
            ) from None
        if not parts.hostname:
            raise UsageError(say("endpoint.no-host"), hint=say("endpoint.example"))
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        given = os.environ.get
        timeout = given("GSEFGRAPH_TIMEOUT") or "30"
        try:
            seconds = float(timeout)
        except ValueError:
            raise UsageError(
                say("endpoint.timeout", timeout=timeout), hint=say("endpoint.seconds")
            ) from None
        return cls(
            query_url=urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, "")),
            update_url=given("GSEFGRAPH_UPDATE_URL"),
            graph_url=given("GSEFGRAPH_GRAPH_URL"),
            user=unquote(parts.username) if parts.username else given("GSEFGRAPH_USER"),
            password=unquote(parts.password) if parts.password else given("GSEFGRAPH_PASSWORD"),
            token=given("GSEFGRAPH_TOKEN"),
            timeout=seconds,
            vendor=given("GSEFGRAPH_VENDOR") or "auto",
        )

    def settled(self, vendor: Vendor) -> Endpoint:
        """These settings with every address that a vendor lets derive.

        >>> from gsefgraph.engine.endpoint import vendor
        >>> here = Endpoint("http://localhost:7878/").settled(vendor("oxigraph"))
        >>> here.update_url, here.graph_url
        ('http://localhost:7878/update', 'http://localhost:7878/store')
        """
        query = self.query_url
        if self.is_bare and vendor.query:
            query = urljoin(query, vendor.query)
        update = self.update_url or (urljoin(query, vendor.update) if vendor.update else query)
        graphs = self.graph_url or (urljoin(query, vendor.graphs) if vendor.graphs else None)
        return replace(
            self, query_url=query, update_url=update, graph_url=graphs, vendor=vendor.name
        )

    @property
    def is_bare(self) -> bool:
        """True when the query address names a server and nothing on it."""
        return urlsplit(self.query_url).path in ("", "/")


@dataclass(frozen=True, slots=True)
class Vendor:
    """One kind of server.

    Parameters:
        name: what settings call it.
        server: how the `Server` header of its answers begins; empty matches none.
        query, update, graphs: its addresses, relative to the last step of the query address; an
            empty one is unknown.
        digest: True where a user's password is sent by digest, False where as it is.
        keeps_union: True where the default graph is the server's own view of all graphs, so that
            nothing is to be done; False where it is a graph of its own, in which we keep the union
            as a set.
        whole_dataset: True where one request may carry quads of many graphs, all or nothing.
        puts: True where a graph is replaced by the Graph Store Protocol, False where by one update.
        own_graphs: named graphs of the server itself, which are nobody's data; a path is one at its
            host.
        describe: what is put before a DESCRIBE.
        nodes_only: True where a path of length zero gives a term only where it is a node of the
            graph, though it is asked of that term (SPARQL 1.1, section 18.4).
        digit_booleans: True where results write xsd:boolean as 1 and 0.
        late: texts of an error that mean the server's own time limit.
        row_limit: the header of an answer that tells after how many rows it was cut.
    """

    name: str
    server: str = ""
    query: str = ""
    update: str = ""
    graphs: str = ""
    digest: bool = False
    keeps_union: bool = False
    whole_dataset: bool = False
    puts: bool = False
    own_graphs: tuple[str, ...] = ()
    describe: str = ""
    nodes_only: bool = False
    digit_booleans: bool = False
    late: tuple[str, ...] = ()
    row_limit: str = ""


VENDORS = {
    vendor.name: vendor
    for vendor in (
        # SPARQL 1.1 Protocol: an update goes where its address says, by default that of the query.
        Vendor("generic"),
        # 0.5.13: an update request is one transaction, and so is a POST of N-Quads to the store. It
        # is the embedded engine, and so are its paths.
        Vendor(
            "oxigraph",
            server="Oxigraph",
            query="query",
            update="update",
            graphs="store",
            whole_dataset=True,
            nodes_only=True,
        ),
        # 7.2.5: the default graph is all graphs as a bag: a triple of two graphs is two rows. It
        # includes the server's own, which patterns of variables alone see; leaving them out by its
        # input:default-graph-exclude breaks GRAPH with an IRI. An update is committed statement by
        # statement. PUT of a graph deletes, then inserts. DESCRIBE alone finds nothing without
        # FROM.
        Vendor(
            "virtuoso",
            server="Virtuoso",
            query="sparql",
            update="sparql-auth",
            graphs="sparql-graph-crud-auth",
            digest=True,
            keeps_union=True,
            puts=True,
            own_graphs=(
                "http://www.openlinksw.com/schemas/virtrdf#",
                "http://www.w3.org/ns/ldp#",
                "http://localuriqaserver/sparql",
                "http://localhost:8890/sparql",
                "http://localhost:8890/DAV/",
                "/sparql",
                "/DAV/",
            ),
            describe='DEFINE sql:describe-mode "CBD"\n',
            digit_booleans=True,
            late=("S1T00", "SR171"),
            row_limit="X-SPARQL-MaxRows",
        ),
    )
}


def vendor(name: str) -> Vendor:
    """The vendor of a name.

    Errors:
        UnknownName, with the names that there are.

    >>> vendor("oxigraph").update
    'update'
    """
    try:
        return VENDORS[name]
    except KeyError:
        raise UnknownName(
            say("endpoint.no-vendor", name=name), hint=nearest(name, [*VENDORS, "auto"])
        ) from None


def recognise(server: str) -> Vendor:
    """The vendor that an answer's `Server` header speaks of; `generic` when it is none we know.

    >>> recognise("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").name
    'virtuoso'
    >>> recognise("nginx").name
    'generic'
    """
    for each in VENDORS.values():
        if each.server and server.startswith(each.server):
            return each
    return VENDORS["generic"]

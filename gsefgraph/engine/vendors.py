"""How SPARQL servers differ, as data: addresses, credentials, the union, and what their answers
need.

Each entry is what was seen of the version named in it; `generic` is what the standards promise.
"""

from __future__ import annotations

from dataclasses import dataclass

from gsefgraph.errors import UnknownName, nearest
from gsefgraph.wording import say


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
    digit_booleans: bool = False
    late: tuple[str, ...] = ()
    row_limit: str = ""


VENDORS = {
    vendor.name: vendor
    for vendor in (
        # SPARQL 1.1 Protocol: an update goes where its address says, by default that of the query.
        Vendor("generic"),
        # 0.5.13: an update request is one transaction, and so is a POST of N-Quads to the store.
        Vendor(
            "oxigraph",
            server="Oxigraph",
            query="query",
            update="update",
            graphs="store",
            whole_dataset=True,
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

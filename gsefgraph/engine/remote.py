"""Any SPARQL 1.1 endpoint behind the same protocol as the embedded engine.

Where the server's default graph is a graph of its own, the union of the named graphs is kept there,
as a set, with each write; where it is the server's view of all graphs, nothing is done
(`endpoint.py`).

A write is all or nothing as far as the server makes one request a transaction: Oxigraph does for
each of ours; Virtuoso commits statement by statement, so a replace that the server ends midway may
leave a graph empty, and a load the first of several graphs. Running it again mends either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import cast
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from gsefgraph.engine import dataset, lookup, responses, union
from gsefgraph.engine.base import Boolean, Pattern, Result, Solutions, Triples
from gsefgraph.engine.endpoint import Endpoint, Vendor, recognise, vendor
from gsefgraph.engine.wire import Reply, Wire
from gsefgraph.errors import EndpointError, EngineError, QueryTimeout, UsageError
from gsefgraph.sparql.form import form
from gsefgraph.sparql.guard import guard
from gsefgraph.sparql.prologue import prologue
from gsefgraph.sparql.terminals import significant
from gsefgraph.sparql.zerolength import rewritten
from gsefgraph.wording import say

_TRIPLES = "application/n-triples"
_QUADS = "application/n-quads"
_UPDATE = "application/sparql-update"
# Loading and replacing may take this many times longer than an answer.
_WRITING = 20


_FOLLOW = f"""
DELETE {{ ?s ?p ?o }} WHERE {{ {union.STRAY} }} ;
INSERT {{ ?s ?p ?o }} WHERE {{ {union.ABSENT} }}
"""
_REPLACE = """
DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }}
  FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {graph}) }} }} ;
"""
_FOLLOW_ONE = " ;\nINSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"


class Remote:
    """An engine that speaks to an endpoint.

    Parameters:
        endpoint: its settings; nothing is sent before the first call.

    >>> Remote(Endpoint("https://example.org/sparql")).close()
    """

    def __init__(self, endpoint: Endpoint) -> None:
        if not endpoint.timeout > 0 or endpoint.retries < 0:
            raise UsageError(say("endpoint.settings"))
        if endpoint.token is not None and not re.fullmatch(r"[!-~]+", endpoint.token):
            raise UsageError(say("endpoint.token"), hint=say("endpoint.ascii"))
        self._given = endpoint
        self._settled: tuple[Endpoint, Vendor, Wire] | None = None
        self._server = ""
        self._own: frozenset[str] = frozenset()
        self._closed = False
        if endpoint.vendor != "auto":
            vendor(endpoint.vendor)

    def query(self, text: str, *, timeout: float | None = None) -> Result:
        """Answer a query at the server; as `Engine.query`, its deadline for the whole exchange.

        Errors:
            SyntaxFault, RefusedAccess, QueryTimeout, EndpointError.
        """
        guard(text)
        warnings = self._absent(text)
        from gsefgraph.engine.embedded import syntax_fault

        if self._open()[1].nodes_only and dataset.asked(text) == ((), ()):
            changed = rewritten(text, lambda term, graph: self._lacking(text, term, graph))
            if changed.text == text or syntax_fault(changed.text) is None:
                text, warnings = changed.text, warnings + dataset.left_out(changed)
        return self._ask(text, timeout, warnings)

    def update(self, text: str, *, timeout: float | None = None) -> None:
        """Run an update at the server; as `Engine.update`.

        What it writes into the default graph does not stay where we keep the union there, and is
        refused where the server has none.

        Errors:
            SyntaxFault, RefusedAccess, QueryTimeout, EndpointError.
        """
        guard(text, update=True)
        vendor = self._open()[1]
        followed = text if vendor.keeps_union else _followed(text)
        reply = self._post_update(followed, timeout)
        if reply.status == 400:
            self._refuse_syntax(text, update=True)
        self._check(reply)

    def replace(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        """Make a named graph hold exactly these triples; the union follows."""
        union.refuse_mark(graph)
        wanted = tuple(dict.fromkeys(triples))
        settings, vendor, wire = self._open()
        if vendor.puts and settings.graph_url and wanted:
            self._check(
                wire.send(
                    "PUT",
                    settings.graph_url,
                    read=False,
                    params={"graph": graph.value},
                    content=serialize(wanted, format=RdfFormat.N_TRIPLES),
                    kind=_TRIPLES,
                    timeout=settings.timeout * _WRITING,
                )
            )
            return
        text = _replacing(graph, wanted, follow=not vendor.keeps_union)
        self._check(self._post_update(text, settings.timeout * _WRITING))

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove quads and add others in one request; the union follows."""
        come = dict.fromkeys(list(union.both(added))[::2])
        gone = [quad for quad in dict.fromkeys(removed) if quad not in come]
        settings, vendor, _ = self._open()
        if gone or come:
            text = union.text(gone, (), come, ())
            text = text if vendor.keeps_union else _followed(text)
            self._check(self._post_update(text, settings.timeout * _WRITING))

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads in bulk; those in the default graph are refused. Returns the new count."""
        both = list(union.both(quads))
        named = both[::2]
        settings, vendor, wire = self._open()
        allowed = settings.timeout * _WRITING
        if not named:
            pass
        elif vendor.whole_dataset and settings.graph_url:
            lines = named if vendor.keeps_union else both
            self._check(
                wire.send(
                    "POST",
                    settings.graph_url,
                    read=False,
                    kind=_QUADS,
                    timeout=allowed,
                    content=serialize(lines, format=RdfFormat.N_QUADS),
                )
            )
        elif settings.graph_url and vendor.keeps_union:
            named.sort(key=lambda quad: str(quad.graph_name))
            for graph, group in groupby(named, key=lambda quad: quad.graph_name):
                triples = (quad.triple for quad in group)
                self._check(
                    wire.send(
                        "POST",
                        settings.graph_url,
                        read=False,
                        params={"graph": cast(NamedNode, graph).value},
                        content=serialize(triples, format=RdfFormat.N_TRIPLES),
                        kind=_TRIPLES,
                        timeout=allowed,
                    )
                )
        else:
            text = union.text((), (), named, ())
            text = text if vendor.keeps_union else _followed(text)
            self._check(self._post_update(text, allowed))
        return self.count()

    def dump(self, graph: NamedNode | None = None) -> Iterator[Quad]:
        """The quads of one named graph, or of all; never the union. One request for each graph."""
        settings, _, wire = self._open()
        for name in self.graphs() if graph is None else (graph,):
            if settings.graph_url:
                reply = wire.send(
                    "GET",
                    settings.graph_url,
                    read=True,
                    params={"graph": name.value},
                    accept=_TRIPLES,
                    timeout=settings.timeout * _WRITING,
                )
                if reply.status == 404:
                    continue
                found: Iterable[Triple] = responses.triples(reply)
            else:
                answer = self._ask(
                    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}",
                    settings.timeout * _WRITING,
                )
                found = cast(Triples, answer).triples
            for triple in found:
                yield Quad(triple.subject, triple.predicate, triple.object, name)

    def lookup(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
        limit: int | None = None,
    ) -> Iterator[Quad]:
        """The quads of named graphs that match any of some patterns, as `Engine.lookup`."""
        left_out, wanted = self._left_out(without), lookup.checked(patterns)
        return islice(lookup.ask(self._rows, wanted, graph, left_out, limit), limit)

    def stated(
        self,
        patterns: Iterable[Pattern],
        *,
        graph: NamedNode | None = None,
        without: Iterable[str] = (),
    ) -> set[Pattern]:
        """Those of some patterns that a quad matches, as `Engine.stated`."""
        wanted = lookup.checked(patterns)
        return set(lookup.ask_stated(self._rows, wanted, graph, self._left_out(without)))

    def graphs(self) -> tuple[NamedNode, ...]:
        """The named graphs that hold something, sorted by IRI; none of the server's own."""
        return tuple(sorted(self._sizes(), key=lambda name: name.value))

    def count(self) -> int:
        """How many quads the named graphs hold, counted by the server."""
        return sum(self._sizes().values())

    def info(self) -> dict[str, str]:
        """Kind, place, version, addresses, count; never a password or a token."""
        settings, vendor, _ = self._open()
        sizes = self._sizes()
        return {
            "engine": "endpoint",
            "place": settings.query_url,
            "version": self._server or say("endpoint.not-told"),
            "vendor": vendor.name,
            "update": settings.update_url or settings.query_url,
            "graph store": settings.graph_url or say("word.none"),
            "union": say("endpoint.bag") if vendor.keeps_union else say("endpoint.kept"),
            "quads": str(sum(sizes.values())),
            "graphs": str(len(sizes)),
        }

    def close(self) -> None:
        """Close the connections; calling it twice is fine."""
        self._closed = True
        if self._settled is not None:
            self._settled[2].close()
            self._settled = None

    def _open(self) -> tuple[Endpoint, Vendor, Wire]:
        """The settings with all addresses; the server is asked what it is, once."""
        if self._closed:
            raise EngineError(say("endpoint.closed"))
        if self._settled is None:
            given = self._given
            known = None if given.vendor == "auto" else vendor(given.vendor)
            wire = self._wire(known)
            if known is None:
                params = None if given.is_bare else {"query": "ASK {}"}
                reply = wire.send("GET", given.query_url, read=True, params=params)
                self._server = reply.headers.get("server", "").strip()
                known = recognise(self._server)
                wire.close()
                wire = self._wire(known)
            settings = given.settled(known)
            self._own = frozenset(
                urljoin(settings.query_url, graph) if graph.startswith("/") else graph
                for graph in known.own_graphs
            )
            self._settled = settings, known, wire
        return self._settled

    def _wire(self, vendor: Vendor | None) -> Wire:
        import httpx

        given = self._given
        auth: httpx.Auth | None = None
        if given.user is not None and given.token is None:
            way = httpx.DigestAuth if vendor and vendor.digest else httpx.BasicAuth
            auth = way(given.user, given.password or "")
        return Wire(auth, given.token, given.timeout, given.retries)

    def _ask(self, text: str, timeout: float | None, warnings: tuple[str, ...] = ()) -> Result:
        settings, vendor, wire = self._open()
        asked = form(text)
        triples = asked in ("construct", "describe")
        reply = wire.send(
            "POST",
            settings.query_url,
            read=True,
            timeout=timeout,
            accept=_TRIPLES if triples else responses.JSON,
            form={"query": vendor.describe + text if asked == "describe" else text},
        )
        if reply.status == 400:
            self._refuse_syntax(text, update=False)
        self._check(reply)
        self._server = reply.headers.get("server", "").strip()
        if triples:
            return Triples(tuple(dict.fromkeys(responses.triples(reply))), warnings)
        found = responses.as_asked(responses.solutions(reply, vendor), text)
        if isinstance(found, Boolean):
            return Boolean(found.value, warnings)
        return Solutions(found.variables, found.rows, warnings + found.warnings)

    def _left_out(self, without: Iterable[str]) -> set[str]:
        self._open()
        return {*without, *self._own}

    def _rows(self, text: str) -> Solutions:
        """The answer to a question of our own, which needs none of the checks of `query`."""
        settings, vendor, wire = self._open()
        reply = wire.send(
            "POST", settings.query_url, read=True, accept=responses.JSON, form={"query": text}
        )
        self._check(reply)
        found = responses.solutions(reply, vendor)
        if isinstance(found, Boolean):
            raise EndpointError(say("endpoint.yes-no"))
        return found

    def _sizes(self) -> dict[NamedNode, int]:
        counts = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        return {
            graph: responses.number(number)
            for graph, number in cast(Solutions, self._ask(counts, None)).rows
            if isinstance(graph, NamedNode) and graph.value not in self._own
        }

    def _absent(self, text: str) -> tuple[str, ...]:
        plain, named = dataset.asked(text)
        return tuple(
            dataset.warning(graph)
            for graph in dict.fromkeys(plain + named)
            if not cast(Boolean, self._ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}", None)).value
        )

    def _lacking(self, text: str, term: str, graph: str | None) -> list[str]:
        """Whether a graph does not have a term, as `zerolength.Absent`; of many graphs unknown."""
        if graph is not None and graph[0] in "?$":
            return []
        literal = term[0] in "\"'+-.0123456789" or term.lower() in ("true", "false")
        ends = f"{{ ?s ?p {term} }}" + ("" if literal else f" UNION {{ {term} ?p ?o }}")
        there = f"{{ {ends} }}" if graph is None else f"GRAPH {graph} {{ {ends} }}"
        known = graph is not None and not self._holds(text, f"GRAPH {graph} {{ ?s ?p ?o }}")
        return [] if known or self._holds(text, there) else [""]

    def _holds(self, text: str, pattern: str) -> bool:
        answer = self._ask(f"{prologue(text)} ASK {{ {pattern} }}", None)
        return cast(Boolean, answer).value

    def _post_update(self, text: str, timeout: float | None) -> Reply:
        settings, _, wire = self._open()
        return wire.send(
            "POST",
            settings.update_url or settings.query_url,
            read=False,
            timeout=timeout,
            content=text.encode(),
            kind=_UPDATE,
        )

    def _check(self, reply: Reply) -> None:
        """Raise for an answer that is a refusal or a failure."""
        settings, vendor, _ = self._open()
        if reply.status in (200, 201, 202, 204):
            return
        said = say(
            "endpoint.answers",
            address=settings.query_url,
            status=reply.status,
            reply=reply.said or say("endpoint.nothing"),
        )
        if any(text in reply.said for text in vendor.late):
            raise QueryTimeout(said, hint=say("engine.ask-less"))
        hint = None
        if reply.status in (401, 403):
            hint = say("endpoint.credentials")
        elif reply.status == 206:
            hint = say("endpoint.gave-up")
        elif reply.status in (404, 405):
            hint = say("endpoint.is-sparql")
        raise EndpointError(said, hint=hint)

    def _refuse_syntax(self, text: str, *, update: bool) -> None:
        """Raise SyntaxFault when it is the text that is wrong, rather than the server's reading."""
        from gsefgraph.engine.embedded import syntax_fault

        fault = syntax_fault(text, update=update)
        if fault is not None:
            raise fault


def _replacing(graph: NamedNode, triples: Sequence[Triple], *, follow: bool) -> str:
    """An update that makes a graph hold exactly some triples; with `follow` the union as well."""
    text = _REPLACE.format(graph=graph) if follow else ""
    text += f"DROP SILENT GRAPH {graph}"
    if triples:
        quads = [Quad(t.subject, t.predicate, t.object, graph) for t in triples]
        text += " ;\n" + union.text((), (), quads, ())
        text += _FOLLOW_ONE.format(graph=graph) if follow else ""
    return text


def _followed(text: str) -> str:
    """An update and, after it, what makes the union follow."""
    # A `;` that ends it would stand before the next one.
    reading = significant(text)
    ended = bool(reading) and reading[-1].text == ";"
    return f"{text[: reading[-1].start] if ended else text}\n;{_FOLLOW}"

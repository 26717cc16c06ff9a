"""Clients that ask what never ends, from an address of their own."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from bench.peers import Server

HOSTILE, ELSEWHERE = 20, "127.0.0.2"  # Linux has all of 127.0.0.0/8 for this machine
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?s (!<urn:a>|^!<urn:b>)* ?o . ?o (!<urn:a>)* ?z }",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
)


@contextmanager
def hostile(server: Server) -> Iterator[Counter[int]]:
    """Twenty of them for as long as a `with` lasts, each of which asks again when it is answered.

    Gives the statuses of the answers; 0 for a connection that was closed.
    """
    statuses: Counter[int] = Counter()
    place = urlsplit(server.address)
    stopped = threading.Event()
    speaking: set[http.client.HTTPConnection] = set()

    def ask(number: int) -> None:
        turn = number
        while not stopped.is_set():
            client = http.client.HTTPConnection(
                str(place.hostname), place.port, source_address=(ELSEWHERE, 0)
            )
            speaking.add(client)
            status = 0
            with suppress(OSError, http.client.HTTPException):
                client.request("GET", server.asks(f"{ENDLESS[turn % len(ENDLESS)]} # {turn}"))
                answer = client.getresponse()
                answer.read()
                status = answer.status
            client.close()
            speaking.discard(client)
            if not stopped.is_set():
                statuses[status] += 1
            turn += HOSTILE

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(HOSTILE)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stopped.set()
        for client in list(speaking):
            with suppress(OSError, AttributeError):
                client.sock.shutdown(2)
        for thread in threads:
            thread.join(5)

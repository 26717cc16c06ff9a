"""A client of the application in this process, and the server as a person starts it."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from gsefgraph.graph.graph import Graph
from gsefgraph.web.app import application
from gsefgraph.web.hosts import Hosts
from gsefgraph.web.served import Served
from gsefgraph.web.workers import Workers
from tests.commands import ROOT


class Web:
    """Asks the application of a graph; the shipped one, where none is given."""

    def __init__(
        self,
        graph: Graph | None = None,
        hosts: Hosts | None = None,
        workers: Workers | None = None,
    ) -> None:
        opened = graph or Graph.open()
        self.graph = opened
        self.app = application(Served(lambda: opened), hosts, workers)

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("POST", path, **given)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **given))

    def raw(self, path: str) -> tuple[httpx.Headers, bytes]:
        """Heads and body as they are sent to who accepts them packed."""
        return asyncio.run(self._raw(path))

    async def _ask(
        self, method: str, path: str, *, faults: bool = False, **given: Any
    ) -> httpx.Response:
        """`faults`: see what is answered where the application raises."""
        async with self.client(faults) as client:
            return await client.request(method, path, **given)

    async def _raw(self, path: str) -> tuple[httpx.Headers, bytes]:
        async with self.client() as client, client.stream("GET", path) as found:
            return found.headers, b"".join([part async for part in found.aiter_raw()])

    def client(self, faults: bool = False) -> httpx.AsyncClient:
        """For several requests at a time."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=not faults)
        browser = {"accept": "text/html,*/*;q=0.8"}
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=browser)


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`gsefgraph serve` at a free port: its process, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gsefgraph", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A shell that starts a test in the background has it ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/", line)
        assert found, line
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()

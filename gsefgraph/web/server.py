"""Running the application: a port of this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Message

from gsefgraph.errors import UsageError, reason
from gsefgraph.limits import files
from gsefgraph.web import rendering
from gsefgraph.web.app import application
from gsefgraph.web.connection import PATIENCE, Connection
from gsefgraph.web.hosts import Hosts
from gsefgraph.web.served import Served
from gsefgraph.web.workers import Workers
from gsefgraph.wording import LANGUAGES, say

_EVERY: Final = 1.0  # seconds between looks at what the graph is made of
_TRIED: Final = 20  # ports after one that is taken
_FIRST: Final = ("/", *(f"/{place}" for place in rendering.PLACES))
_WAITING: Final = 128  # connections that are not taken yet
_LARGE: Final = 1.0  # seconds of one of these, from which on each is left until it is asked for
_LISTENS: Final = "0A"  # /proc/net/tcp: TCP_LISTEN


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at an address.

    Parameters:
        port: 0 for any that is free.

    Errors:
        UsageError: it is taken, by whom as far as this system tells, and which one is free; or the
        address is none of this machine's.

    >>> with bind("127.0.0.1", 0) as listening:
    ...     listening.getsockname()[0]
    '127.0.0.1'
    """
    try:
        return _listening(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise UsageError(
                say("serve.no-address", host=host, port=port, reason=reason(error)),
                hint=say("serve.this-machine"),
            ) from None
    by, free = holder(port), next(filter(None, map(_free(host), range(port + 1, port + _TRIED))), 0)
    raise UsageError(
        say("serve.taken-by", port=port, by=by) if by else say("serve.taken", port=port),
        hint=say("serve.try-port", port=free) if free else None,
    )


def _free(host: str) -> Callable[[int], int]:
    def free(port: int) -> int:
        try:
            with _listening(host, port):
                return port
        except (OSError, OverflowError):
            return 0

    return free


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named: else 40 ms are lost.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_WAITING)
    except BaseException:
        found.close()
        raise
    return found


def holder(port: int) -> str:
    """The process that listens at a port, as far as Linux tells (proc(5)); else empty.

    >>> holder(1)
    ''
    """
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                parts = line.split()
                if parts[3] == _LISTENS and int(parts[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{parts[9]}]")
    for process in sorted(Path("/proc").glob("[0-9]*")) if inodes else ():
        with suppress(OSError):
            for held in (process / "fd").iterdir():
                with suppress(OSError):
                    if str(held.readlink()) in inodes:
                        words = (process / "cmdline").read_bytes().decode("utf-8", "replace")
                        said = re.sub(r"\0+", " ", words).strip()
                        return f"{process.name} ({said[:60]})"
    return ""


def run(
    served: Served,
    listening: socket.socket,
    ready: Callable[[], None],
    names: tuple[str, ...] = (),
    workers: Workers | None = None,
    shares: bool = True,
    base: str = "",
    proxies: tuple[str, ...] = (),
    log: Callable[[str], None] | None = None,
) -> None:
    """Answer requests until the process is told to end.

    Parameters:
        served: the graph.
        listening: as `bind` gives it; closed at the end.
        ready: called once requests are answered.
        names: that it answers to, as `Hosts.of` has it.
        workers: where strangers' queries run; they end when it does.
        shares: whether pages of other origins may read data.
        base: its address for others, as `hosts.based` gives it.
        proxies: addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
        log: told a line of JSON of each request.
    """
    workers = workers or Workers()
    hosts = Hosts.of(listening.getsockname()[0], names, base)
    app = application(served, hosts, workers, shares, log)
    # What a client sends that is no HTTP, or no form, is its own affair.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=int(PATIENCE),
        # So many are taken at once, before the first of them is asked whether it may stay.
        backlog=min(_WAITING, files() // 8),
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )
    server = _Server(config, served, ready)
    with listening, closing(workers), suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that says when it is ready, and looks whether its graph has changed."""

    def __init__(self, config: uvicorn.Config, served: Served, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._served = served
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        await self._prepare()
        while not self.should_exit:
            await asyncio.sleep(_EVERY)
            if await asyncio.to_thread(self._served.refresh):
                await self._prepare()

    async def _prepare(self) -> None:
        if self._served.lasting:
            await prepare(self.config.loaded_app, lambda: self.should_exit)


async def prepare(app: ASGIApp, ending: Callable[[], bool] = lambda: False) -> None:
    """Make the pages that people begin with before they are asked for, and what others need.

    Parameters:
        app: the application; of a large graph it is left to make them when they are asked for.
        ending: whether it is too late for that.
    """
    for path in _FIRST:
        for lang in LANGUAGES:
            began = time.monotonic()
            await _ask(app, path, lang)
            if ending() or time.monotonic() - began > _LARGE:
                return
    await asyncio.to_thread(rendering.compiled)


async def _ask(app: ASGIApp, path: str, lang: str) -> None:
    """Ask for a page as a browser in a language does, to have it kept."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    await app({**scope, "headers": [(b"accept-language", lang.encode())]}, receive, send)

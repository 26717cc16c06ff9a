"""A line of JSON for each request, without anything of who has made it.

What a client sends stays out of it, but for the address of a page that there is: no address of a
client, no query, no header.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTE: Final = "gsefgraph.route"
"""Where the scope of a request says which page it is about."""
_WELL: Final = (200, 304)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


class Logged:
    """An application, each request to which is told to a log when it is answered.

    Parameters:
        log: told a line of JSON: ``time`` of the beginning (UTC), ``method``, ``route``, ``path``
            where that was answered well, ``status`` (0 where the client did not wait), ``bytes`` of
            the body, ``ms``.
    """

    def __init__(self, app: ASGIApp, log: Callable[[str], None]) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell."""
        if scope["type"] != "http" or "client" not in scope:  # what the server asks itself
            await self._app(scope, receive, send)
            return
        status = size = 0

        async def heard(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        at, began = datetime.now(UTC), time.perf_counter()
        try:
            await self._app(scope, receive, heard)
        finally:
            route = scope.get(ROUTE, "")
            told = {
                "time": at.isoformat(timespec="milliseconds"),
                "method": scope["method"] if scope["method"] in _METHODS else "",
                "route": route,
                **({"path": scope["path"]} if route and status in _WELL else {}),
                "status": status,
                "bytes": size,
                "ms": round(1000 * (time.perf_counter() - began), 1),
            }
            self._log(json.dumps(told, ensure_ascii=False))

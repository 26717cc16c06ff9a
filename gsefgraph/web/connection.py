"""One connection of a client, whatever it sends: bounds that the parser of HTTP does not have."""

from __future__ import annotations

import re
from asyncio import TimerHandle, Transport
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE: Final = 10.0
"""Seconds in which the head of a request, and what is sent with it, must have come."""
_HEAD: Final = 2**20  # bytes of a head, but for those that came with its end
_WHOLE: Final = re.compile(rb"https?://([^/]*)(.*)", re.I | re.S)
_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """HTTP/1.1 as llhttp reads it.

    The head of a request is bounded in bytes and in time, fields after a body are nobody's, and who
    goes on to send what was answered is not listened to.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._heading = True
        self._size = 0
        self._late: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for a request, not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._wait_no_more()

    def data_received(self, data: bytes) -> None:
        """Read on, unless there is no end to it."""
        super().data_received(data)
        if not self._heading:
            self._size = 0
            self._wait_no_more()
            return
        self._size += len(data)
        if self._late is None:
            self._wait()
        if self._size > _HEAD:
            self.transport.write(_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request has begun."""
        self._heading = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; what follows a body is none (RFC 9112, section 7.1.2)."""
        if self._heading:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; of a target that is a whole address the host is the one that counts
        (RFC 9112, section 3.2.2)."""
        self._heading = False
        if whole := _WHOLE.fullmatch(self.url):
            self.url = whole[2] or b"/"
            others = [(name, value) for name, value in self.headers if name != b"host"]
            self.headers[:] = [*others, (b"host", whole[1])]
        # The parser of addresses has none of more than 64 KiB, as a query may need.
        self.url, _, query = self.url.partition(b"#")[0].partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query

    def on_response_complete(self) -> None:
        """An answer was sent; what is still to come of its request is not waited for."""
        if not self.pipeline and self.cycle.more_body:
            self.transport.close()
        super().on_response_complete()

    def _wait(self) -> None:
        self._late = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

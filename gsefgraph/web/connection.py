"""One connection of a client, whatever it sends: bounds that the parser of HTTP does not have."""

from __future__ import annotations

import re
from asyncio import TimerHandle, Transport
from collections.abc import Collection
from typing import Any, Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gsefgraph.limits import files

PATIENCE: Final = 10.0
"""Seconds in which the head of a request, and what is sent with it, must have come."""
_HEAD: Final = 2**20  # bytes between two heads, or bodies: of a longest query, and of what is none
_FIELDS: Final = 2**16  # bytes of the fields of a head
_FIELD: Final = 32  # what each takes besides
_AFTER: Final = 2**25  # bytes of a body that are let pass after its answer
_TAKEN: Final = 2**13  # bytes of an answer that a client takes in `PATIENCE`, at least
_WHOLE: Final = re.compile(rb"https?://([^/]*)(.*)", re.I | re.S)
_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """HTTP/1.1 as llhttp reads it.

    A head is bounded in bytes and in time, fields after a body are nobody's, requests that are sent
    before others were answered wait unread, and who takes no answer is given up. What is sent on
    after an answer is let pass for a while: to close at once would take the answer from who has not
    read it (RFC 9112, section 9.6).
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most = files() // 2  # others are open for processes, and for the graph
        self._heading = True
        self._size = self._fields = self._after = 0
        self._late: TimerHandle | None = None
        self._looks: TimerHandle | None = None
        self._left, self._fresh = 0, False  # bytes to be sent at the last look, an answer since

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for a request, not for ever; where there are too many, for none."""
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        if len(self.connections) > self._most:
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._wait_no_more()

    def data_received(self, data: bytes) -> None:
        """Read on, unless there is no end to it."""
        super().data_received(data)
        self._size += len(data)
        if self._size > _HEAD:
            self.transport.write(_LONG)
            self.transport.close()
        elif self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()  # who is not answered yet may take its time with the next request

    def on_message_begin(self) -> None:
        """A request has begun."""
        self._heading, self._fields, self._after = True, 0, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; what follows a body is none (RFC 9112, section 7.1.2)."""
        if self._heading:
            self._fields += len(name) + len(value) + _FIELD
            if self._fields > _FIELDS:
                raise ValueError  # which is answered as any other bad request
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; of a target that is a whole address the host is the one that counts
        (RFC 9112, section 3.2.2)."""
        self._heading, self._size = False, 0
        self._wait_no_more()
        if whole := _WHOLE.fullmatch(self.url):
            self.url = whole[2] or b"/"
            others = [(name, value) for name, value in self.headers if name != b"host"]
            self.headers[:] = [*others, (b"host", whole[1])]
        # The parser of addresses has none of more than 64 KiB, as a query may need.
        self.url, _, query = self.url.partition(b"#")[0].partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query
        if self.parser.should_upgrade():  # what follows is not read as requests
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._size = 0
        if self.cycle.response_complete:
            self._after += len(body)
            if self._after > _AFTER:
                self.transport.close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has ended, maybe after its answer: then the next is waited for anew."""
        if self.cycle.response_complete:
            self._wait_no_more()
            self._wait()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer was made; it must be taken, and what its request still has to send must end."""
        super().on_response_complete()
        if not self.pipeline and self.cycle.more_body:
            self._unset_keepalive_if_required()
            self._wait()
        self._left, self._fresh = self.transport.get_write_buffer_size(), True
        if self._left and self._looks is None:
            self._looks = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        """Give up who does not take what is sent."""
        left, self._looks = self.transport.get_write_buffer_size(), None
        if left and not self._fresh and left > self._left - _TAKEN:
            self.transport.abort()
        elif left:
            self._left, self._fresh = left, False
            self._looks = self.loop.call_later(PATIENCE, self._look)

    def _wait(self) -> None:
        self._late = self.loop.call_later(PATIENCE, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class _Flow(FlowControl):
    """Reads no more while requests wait that were read."""

    def __init__(self, transport: Transport, waiting: Collection[object]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()

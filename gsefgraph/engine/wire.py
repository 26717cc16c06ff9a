"""HTTP to an endpoint: one deadline for the whole answer, retries of reads, errors of one line.

Redirects are not followed and no proxy or credential is taken from the surroundings: what is spoken
to is the address that the user gave, and what derives from it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gsefgraph.errors import EndpointError, QueryTimeout, reason
from gsefgraph.wording import say

if TYPE_CHECKING:
    import httpx

_TRY_AGAIN = frozenset({502, 503, 504})
_PAUSE = 0.2
_LONGEST = 1e6  # seconds; sockets take no endless timeout


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer, complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> str:
        """The first line of the body that says something, short enough for a message; of a page
        none does."""
        if "html" in self.headers.get("content-type", ""):
            return ""
        text = self.body[:2000].decode("utf-8", "replace")
        lines = [" ".join(line.split()) for line in text.splitlines()]
        return next((line for line in lines if line), "")[:200]


class Wire:
    """A connection to one server.

    Parameters:
        auth: what httpx takes as `auth`, or None.
        token: sent as a bearer token, or None.
        timeout: seconds for a whole answer, where a call does not say.
        retries: how often a read is tried again.
    """

    def __init__(
        self, auth: httpx.Auth | None, token: str | None, timeout: float, retries: int
    ) -> None:
        import httpx

        self._timeout = timeout
        self._retries = retries
        self._client = httpx.Client(
            auth=auth,
            headers={"Authorization": f"Bearer {token}"} if token else None,
            trust_env=False,
            follow_redirects=False,
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        read: bool,
        timeout: float | None = None,
        accept: str = "*/*",
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        kind: str | None = None,
    ) -> Reply:
        """One request, and its answer whatever its status.

        Parameters:
            read: True for what changes nothing, and may be tried again.
            timeout: seconds for the whole answer, tries included.
            kind: the media type of `content`.

        Errors:
            QueryTimeout past the deadline; EndpointError when no answer came, or a redirect.
        """
        allowed = self._timeout if timeout is None else timeout
        deadline = time.monotonic() + allowed
        headers = {"Accept": accept}
        if kind is not None:
            headers["Content-Type"] = kind
        failure = ""
        for attempt in range(1 + self._retries if read else 1):
            if attempt:
                pause = _PAUSE * 2 ** (attempt - 1)
                if time.monotonic() + pause >= deadline:
                    break
                time.sleep(pause)
            reply, failure = self._once(
                deadline, method, url, headers=headers, params=params, data=form, content=content
            )
            if failure == "late":
                break
            if reply is None:
                continue
            if read and reply.status in _TRY_AGAIN and attempt < self._retries:
                continue
            if 300 <= reply.status < 400:
                target = reply.headers.get("location", "elsewhere")
                raise EndpointError(
                    say("endpoint.redirects", url=url, target=target),
                    hint=say("endpoint.give-address"),
                )
            return reply
        if time.monotonic() >= deadline or failure == "late":
            raise QueryTimeout(
                say("endpoint.no-answer", url=url, allowed=allowed),
                hint=say("engine.ask-less-allow"),
            )
        raise EndpointError(
            say("endpoint.unreached", url=url, failure=failure),
            hint=say("endpoint.running"),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _once(
        self, deadline: float, method: str, url: str, **request: object
    ) -> tuple[Reply | None, str]:
        import httpx

        left = min(max(0.001, deadline - time.monotonic()), _LONGEST)
        try:
            with self._client.stream(
                method,
                url,
                timeout=left,
                **request,  # type: ignore[arg-type]
            ) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    # httpx's timeout is for each piece: a slow trickle must end as well.
                    if time.monotonic() > deadline:
                        return None, "late"
                return Reply(answer.status_code, answer.headers, bytes(body)), ""
        except httpx.ConnectTimeout:
            return None, say("endpoint.silent")
        except httpx.TimeoutException:
            return None, "late"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, failure_of(error)


def failure_of(error: Exception) -> str:
    """What the system says of a connection, else what the library says.

    >>> failure_of(ValueError("no such thing"))
    'no such thing'
    """
    inner: BaseException | None = error
    while inner is not None and not isinstance(inner, ConnectionError):
        inner = inner.__cause__ or inner.__context__
    return reason(inner) if inner is not None else str(error) or type(error).__name__

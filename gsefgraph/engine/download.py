"""What stands at an address that the user named: one request, bounded in time and size.

A redirect is followed on the same host only, from http to https too, and never back; of any other
the target is told, so that the user may name it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from gsefgraph.engine.wire import failure_of
from gsefgraph.errors import EndpointError, QueryTimeout, UsageError
from gsefgraph.terms import VERSION, is_iri
from gsefgraph.wording import say

if TYPE_CHECKING:
    import httpx

_HOPS: Final = 5
_WANTED: Final = "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Download:
    """What stands at an address.

    Attributes:
        data: the bytes.
        media_type, charset: as the server says; each may be empty.
        address: where they stood, after redirects.
    """

    data: bytes
    media_type: str
    charset: str
    address: str


def download(address: str, *, most: int, seconds: float = 60.0) -> Download:
    """Fetch what stands at an address.

    Parameters:
        address: http or https, without a name and password.
        most: bytes that it may have, unpacked.
        seconds: for all of it.

    Errors:
        UsageError: no such address. QueryTimeout. EndpointError: it cannot be reached, answers
        otherwise than with a text, redirects elsewhere, or is larger.

    >>> download("https://user:secret@example.org/", most=1)
    Traceback (most recent call last):
    gsefgraph.errors.UsageError: an address with a name or a password in it is not fetched; leave them out, or save the page and name the file
    """  # noqa: E501
    import httpx

    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets, or a port that is none
        known = False
    if not known or not is_iri(address):
        raise UsageError(say("download.not-address", address=address))
    if "@" in parts.netloc:
        raise UsageError(say("download.password"), hint=say("download.leave-out"))
    deadline = time.monotonic() + seconds
    at = urldefrag(address).url
    headers = {"Accept": _WANTED, "User-Agent": f"gsefgraph/{VERSION}"}
    with httpx.Client(trust_env=False, follow_redirects=False, headers=headers) as client:
        for _ in range(_HOPS):
            target, found = _once(client, at, most, deadline, seconds)
            if found is not None:
                return found
            target = urldefrag(urljoin(at, target)).url
            if not _stays(at, target):
                raise EndpointError(
                    say("download.redirects", address=at, target=target),
                    hint=say("download.name-target"),
                )
            at = target
    raise EndpointError(say("download.circle", address=address))


def _stays(at: str, target: str) -> bool:
    """Whether a redirect leads to the same host, and to nothing less safe."""
    try:
        one, two = urlsplit(at), urlsplit(target)
        same = one.port == two.port or one.scheme != two.scheme
    except ValueError:
        return False
    upwards = (one.scheme, two.scheme) in (("http", "http"), ("http", "https"), ("https", "https"))
    return upwards and same and one.hostname == two.hostname and "@" not in two.netloc


def _once(
    client: httpx.Client, at: str, most: int, deadline: float, seconds: float
) -> tuple[str, Download | None]:
    """One request: where it redirects to, or what it gives."""
    import httpx

    late = QueryTimeout(say("endpoint.no-answer", url=at, allowed=seconds))
    try:
        with client.stream("GET", at, timeout=max(0.001, deadline - time.monotonic())) as answer:
            if answer.has_redirect_location:
                return answer.headers["location"], None
            if answer.status_code != 200:
                raise EndpointError(say("download.status", address=at, status=answer.status_code))
            data = bytearray()
            for piece in answer.iter_bytes(65536):
                data += piece
                if len(data) > most:
                    hint = say("download.save")
                    raise EndpointError(say("download.large", address=at, most=most >> 20),
                                        hint=hint)  # fmt: skip
                if time.monotonic() > deadline:
                    raise late
            kind, _, _ = answer.headers.get("content-type", "").partition(";")
            return "", Download(bytes(data), kind.strip().lower(), answer.charset_encoding or "",
                                str(answer.url))  # fmt: skip
    except httpx.TimeoutException:
        raise late from None
    except (UnicodeError, httpx.InvalidURL):  # a name that no host has
        raise UsageError(say("download.not-address", address=at)) from None
    except httpx.HTTPError as error:
        raise EndpointError(say("endpoint.unreached", url=at, failure=failure_of(error))) from None

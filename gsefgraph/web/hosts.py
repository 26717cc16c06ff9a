"""The names that requests are answered under, and the address of the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gsefgraph.web import language
from gsefgraph.wording import say

_HOST: Final = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{0,5})?", re.I)
_BASE: Final = re.compile(r"(https?)://([^/?#@]+)/?", re.I)
_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True)
class Hosts:
    """The hosts that the header Host may name (RFC 9110, section 7.2).

    A page of the web can have its own name lead to this machine (DNS rebinding), and its scripts
    then read what is answered. So a server that only this machine reaches answers to the names that
    lead nowhere else, and to those it was told of.

    Attributes:
        names: answered besides those of this machine.
        every: whether all others are, too.
        base: the address of the server for others, without a slash at its end; where it is empty
            each answer names the one that it was asked at.

    >>> own, named = Hosts.of("127.0.0.1"), Hosts.of("0.0.0.0", ["Graph.example"])
    >>> [own.answer(host) for host in ("localhost:8000", "127.0.0.1", "[::1]:80", "evil.example")]
    [True, True, True, False]
    >>> [named.answer(host) for host in ("graph.example", "::1", "evil.example")]
    [True, False, False]
    >>> Hosts.of("0.0.0.0").answer("any.example")
    True
    """

    names: frozenset[str] = frozenset()
    every: bool = False
    base: str = ""

    @classmethod
    def of(cls, address: str, names: tuple[str, ...] | list[str] = (), base: str = "") -> Hosts:
        """The hosts of a server that listens at an address of this machine.

        Parameters:
            names: that it is to answer to. Without them and a base, and where other machines reach
                it, it answers whoever does.
            base: its address for others, as `based` gives it.
        """
        names = (*names, urlsplit(base).netloc) if base else tuple(names)
        every = not names and not _loopback(address)
        own = f"[{address}]" if ":" in address else address
        known = (hostname(name) for name in names)
        return cls(frozenset((own.lower(), *known)), every, base)

    def answer(self, host: str) -> bool:
        """Whether a request to a host, with a port or without, is answered."""
        name = hostname(host)
        return bool(name) and (self.every or name in self.names or _loopback(name.strip("[]")))

    def address(self, request: Request) -> str:
        """The address of the server, as who makes a request is told it."""
        if self.base:
            return self.base
        scheme = request.scope.get("scheme")
        scheme = scheme if scheme in _SCHEMES else _SCHEMES[0]
        return f"{scheme}://{request.headers.get('host') or request.url.netloc}"


def based(url: str) -> str:
    """The address of a server for others, from what somebody has typed; empty where it is none.

    >>> based("https://Graph.example/"), based("http://[::1]:8000")
    ('https://graph.example', 'http://[::1]:8000')
    >>> based("graph.example"), based("https://graph.example/sub"), based("https://a@b")
    ('', '', '')
    """
    found = _BASE.fullmatch(url)
    return f"{found[1]}://{found[2]}".lower() if found and hostname(found[2]) else ""


@lru_cache(maxsize=64)  # a server is asked under few names
def hostname(host: str) -> str:
    """The name in a header Host, in small letters; empty where it holds none.

    >>> hostname("LOCALHOST.:80"), hostname("[::1]:8000"), hostname("a b"), hostname("a:b@c")
    ('localhost', '[::1]', '', '')
    """
    found = _HOST.fullmatch(host)
    return found[1].lower().removesuffix(".") if found else ""


def network(address: str) -> bool:
    """Whether a text is an IP address, or a network of them (RFC 4632, section 3.1).

    >>> network("127.0.0.1"), network("10.0.0.1/8"), network("proxy.example")
    (True, True, False)
    """
    try:
        ip_network(address, strict=False)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


class Answering:
    """An application that sees only requests to hosts that are answered."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or tell which name is not known (421, RFC 9110, section 15.5.20)."""
        app = self._app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            named = headers.getlist("host") or [""]
            # HTTP/1.0 may be without the header; a browser is not (RFC 9112, section 3.2).
            without = named == [""] and scope.get("http_version", "1.0") == "1.0"
            if not without and (len(named) > 1 or not self._hosts.answer(named[0])):
                accepted = headers.get("accept-language", "")
                app = _refused(" ".join(named), language.chosen(accepted=accepted))
        await app(scope, receive, send)


def _refused(host: str, lang: str) -> ASGIApp:
    name = hostname(host)
    problem = say("serve.other-host", host=name) if name else say("serve.no-host", host=host[:80])
    headers = {"x-content-type-options": "nosniff", "content-language": lang}
    status = 421 if name else 400
    return PlainTextResponse(f"{problem.text(lang)}\n", status, headers)

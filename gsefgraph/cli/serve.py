"""`gsefgraph serve`: the graph in a browser."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Final

import click

from gsefgraph.cli.screen import complain, tell
from gsefgraph.cli.settings import Seconds, Settings, Size, alone, common
from gsefgraph.errors import GsefgraphError, UsageError, reason
from gsefgraph.limits import isolates
from gsefgraph.wording import say

_SHORTEST: Final = 16  # characters of a token
_TOKEN: Final = re.compile(rf"[!-~]{{{_SHORTEST},}}")


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen at. There requests to localhost, 127.0.0.1 and [::1] are answered; "
    "at one that other machines reach (0.0.0.0) those to any name.",
)
@click.option(
    "--name",
    "names",
    metavar="NAME",
    multiple=True,
    help="A name to answer to besides those of this machine, and no other; as of a proxy that "
    "passes requests on. May be repeated.",
)
@click.option(
    "--base-url",
    "base",
    metavar="URL",
    help="The address of the server for others, such as https://graph.example.org; without it each "
    "answer names the one that it was asked at.",
)
@click.option(
    "--proxy",
    "proxies",
    metavar="ADDRESS",
    multiple=True,
    help="The address or network of a proxy whose X-Forwarded-For and X-Forwarded-Proto are "
    "believed; nobody else’s are. May be repeated.",
)
@click.option(
    "--port",
    type=click.IntRange(min=0, max=65535),
    default=8000,
    show_default=True,
    help="The port; 0 for any that is free.",
)
@click.option(
    "--writable",
    is_flag=True,
    help="Let who knows the token of GSEFGRAPH_TOKEN change the store: SPARQL Update at /sparql, "
    "graphs at /graphs.",
)
@click.option(
    "--cors/--no-cors",
    "shares",
    default=True,
    help="Whether scripts of other sites may read data, without credentials; with --no-cors a "
    "graph on this machine is for the pages of this machine alone.",
)
@click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Seconds that a query may take.",
)
@click.option(
    "--memory",
    type=Size(2**30),
    default=3 * 2**30,
    show_default="3GB",
    metavar="SIZE",
    help="Memory of each process in which queries run.",
)
@click.option(
    "--longest",
    type=Size(2**16),
    default=2**16,
    show_default="64KB",
    metavar="SIZE",
    help="Length that a query may have.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    help="Rows that an answer may have.",
)
@click.option(
    "--access-log",
    "log",
    metavar="FILE",
    help="Write a line of JSON for each request, without addresses, queries or headers; - for "
    "stdout. A file that is moved away is begun anew.",
)
@click.option("--open", "opens", is_flag=True, help="Open the browser.")
@alone
@common
@click.pass_obj
def serve(
    settings: Settings,
    host: str,
    names: tuple[str, ...],
    base: str | None,
    proxies: tuple[str, ...],
    port: int,
    writable: bool,
    shares: bool,
    timeout: float,
    memory: int,
    longest: int,
    rows: int,
    log: str | None,
    opens: bool,
) -> None:
    """Show the graph in a browser, until Ctrl-C.

    Pages are made anew when the graph changes, as after `gsefgraph add`.
    """
    try:
        from gsefgraph.web import hosts, server
        from gsefgraph.web.served import Served
        from gsefgraph.web.workers import Workers
    except ModuleNotFoundError as error:
        if error.name not in ("anyio", "starlette", "uvicorn", "python_multipart"):
            raise
        raise UsageError(
            say("serve.not-installed", name=error.name), hint=say("serve.install")
        ) from None
    lang = settings.language
    for name in names:
        if hosts.hostname(name) != name.lower():
            raise UsageError(say("serve.no-name", value=name), hint=say("serve.a-name"))
    if base and not hosts.based(base):
        raise UsageError(say("serve.no-base", value=base), hint=say("serve.a-base"))
    for proxy in proxies:
        if not hosts.network(proxy):
            raise UsageError(say("serve.no-proxy", value=proxy), hint=say("serve.a-proxy"))

    token = os.environ.get("GSEFGRAPH_TOKEN", "") if writable else ""
    if writable and not _TOKEN.fullmatch(token):
        raise UsageError(say("serve.no-token"), hint=say("serve.a-token", least=_SHORTEST))
    if writable and (settings.store == "memory:" or "://" in settings.store):
        raise UsageError(say("serve.no-store"), hint=say("serve.a-store"))

    if not isolates():
        settings.warn(say("serve.not-isolated"))

    def changed(error: GsefgraphError) -> None:
        complain(say("serve.as-before", problem=error.text(lang)).text(lang))

    with server.bind(host, port) as listening:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}/"
        served = Served(settings.open, changed, token)

        def ready() -> None:
            tell(say("serve.serving", address=address).text(lang) + "\n")
            if opens:
                import webbrowser

                webbrowser.open(address)

        workers = Workers(seconds=timeout, memory=memory, rows=rows, longest=longest)
        server.run(
            served,
            listening,
            ready,
            names,
            workers,
            shares,
            hosts.based(base or ""),
            proxies,
            None if log is None else _logging(log),
        )


def _logging(target: str) -> Callable[[str], None]:
    """What writes a line to a file, or to stdout.

    Errors:
        UsageError: the file cannot be written.
    """
    import logging
    from logging.handlers import WatchedFileHandler

    try:
        handler = logging.StreamHandler(sys.stdout) if target == "-" else WatchedFileHandler(target)
    except OSError as error:
        problem = say("file.unwritable", reason=reason(error))
        raise UsageError(problem, file=target) from None
    # Whoever asks is answered, though the disk be full.
    handler.handleError = lambda record: None  # type: ignore[method-assign]  # noqa: ARG005
    logger = logging.Logger("gsefgraph.access")
    logger.addHandler(handler)
    return logger.info

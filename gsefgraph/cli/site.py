"""`gsefgraph site`: all pages as files in a folder."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from gsefgraph.cli.screen import bar
from gsefgraph.cli.settings import Settings, alone, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import UsageError
from gsefgraph.files import named, seen
from gsefgraph.web.addresses import outside
from gsefgraph.wording import LANGUAGES, say


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    help="A new or an empty folder, or one that holds an earlier site.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    default="",
    help="A SPARQL endpoint with the same graph, for the page that says where one is.",
)
@click.option(
    "--base-url",
    metavar="URL",
    default="",
    help="Where the folder will be on the web; sitemap.xml needs it.",
)
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    help="At most so many things of each kind.",
)
@alone
@common
@click.pass_obj
def site(settings: Settings, output: str, endpoint: str, base_url: str, most: int) -> None:
    """Write all pages into a folder, which any web server shows, or a browser that opens it.

    In English, French and Spanish, or only in the language of --lang. Pages, pictures, data and
    search work without a server; index.html is where it begins.
    """
    try:
        from gsefgraph.site import crawl
    except ModuleNotFoundError as error:
        if error.name not in ("jinja2", "starlette"):
            raise
        raise UsageError(
            say("serve.not-installed", name=error.name), hint=say("serve.install")
        ) from None
    for address in (endpoint, base_url):
        if address and not outside(address):
            raise UsageError(say("site.no-address", value=address), hint=say("site.an-address"))
    gently()
    target, lang = named(output, "file.write-here"), settings.language
    shown = sys.stderr.isatty() and not settings.quiet
    with (
        settings.open() as graph,
        bar(say("site.pages").text(lang)) if shown else nullcontext() as tell,
    ):
        written = crawl.write(
            graph,
            Path(target),
            languages=(settings.lang,) if settings.lang else LANGUAGES,
            endpoint=endpoint,
            base=base_url,
            most=most,
            progress=tell or (lambda _: None),
        )
    for kind, count in written.left_out.items():
        settings.warn(say("site.left-out-of", count=count, kind=kind))
    size = f"{written.size / 1e6:.1f}"
    settings.warn(
        say("site.written", pages=written.pages, files=written.files, size=size, place=seen(target))
    )

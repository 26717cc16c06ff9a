"""`gsefgraph source add` and `cite`: the texts that records rest on, and how they are cited."""

from __future__ import annotations

from typing import Any

import click

from gsefgraph.cli.check import labels, write
from gsefgraph.cli.screen import emit, emit_json, tell
from gsefgraph.cli.settings import Settings, alone, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import UnknownName, nearest
from gsefgraph.files import seen
from gsefgraph.wording import LANGUAGES, say


class _Source(click.Group):
    """What is done with sources."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            name = f"source {args[0]}"
            known = [f"source {each}" for each in self.commands]
            raise UnknownName(say("cli.no-command", name=name), hint=nearest(name, known))
        return super().resolve_command(ctx, args)


@click.group(cls=_Source)
def source() -> None:
    """Store the text that records rest on."""


@source.command("add")
@click.argument("given", metavar="FILE|URL")
@click.option("--title", metavar="TEXT", default="", help="Its name, where it has no title of its "
              "own or another one is wanted.")  # fmt: skip
@click.option("--id", "slug", metavar="SLUG", default="", help="The end of its IRI, and the name "
              "of its file; by default from the title.")  # fmt: skip
@click.option("--published", metavar="URL", default="", help="Where it is published.")
@click.option("--issued", metavar="DATE", default="", help="When it was issued, as in records.")
@click.option("--issued-by", "issued_by", metavar="NAME", default="",
              help="The organisation or person that issued it.")  # fmt: skip
@click.option("--licence", metavar="TEXT", default="", help="The licence under which it may be "
              "used, or whose it is.")  # fmt: skip
@click.option("--lang-of-text", "language", type=click.Choice(LANGUAGES), default=None,
              help="Its language, where a page does not say that itself.")  # fmt: skip
@click.option("--by", metavar="NAME", help="Who does it, for the history; git's user.name by "
              "default.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check, write nothing.")
@common
@click.pass_obj
def add(
    settings: Settings, given: str, title: str, slug: str, published: str, issued: str,
    issued_by: str, licence: str, language: str | None, by: str | None, dry_run: bool,
) -> int:  # fmt: skip
    """Store the text of a web page, a PDF or a text file, so that it can be quoted and cited.

    The text goes to data/sources/, what is said of its document to data/: both, or nothing. An
    address is fetched only where it is named here, and nothing else is.
    """
    from gsefgraph.graph.sources import About, store

    gently()
    about = About(title, slug, published, issued, issued_by, licence, language or "")
    with settings.open() as graph:
        stored = store(graph, given, about, by=by, dry_run=dry_run)
        report, compact = stored.added.report, graph.names.compact(stored.document.value)
        if not report.conforms or report.findings:
            write(report, "text", settings, labels(graph, report, settings))
    if not report.conforms:
        settings.warn(say("cli.not-done"))
        return 1
    what = {"file": str(seen(stored.path)), "document": compact, "title": stored.label}
    if not stored.added.files:
        settings.warn(say("stored.there", **what))
    elif dry_run:
        settings.warn(say("stored.would", count=stored.characters, **what))
    else:
        settings.warn(say("stored.done", count=stored.characters, **what))
    return 0


@click.command()
@click.argument("document", metavar="DOC")
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "bibtex", "csl"]),
              default="text")  # fmt: skip
@alone
@common
@click.pass_obj
def cite(settings: Settings, document: str, wanted: str) -> None:
    """How a document is cited: a sentence, an entry of BibTeX, or CSL-JSON."""
    from gsefgraph.graph.citation import cite as cited

    with settings.open(once=True) as graph:
        found = cited(graph, document)
    if wanted == "csl":
        emit_json([found.to_csl()])
    elif wanted == "bibtex":
        emit(found.to_bibtex().encode())
    else:
        tell(f"{found.to_text(settings.language)}\n")

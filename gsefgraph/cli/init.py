"""`gsefgraph init`, `new` and `schema`: a project of one's own, and what helps to write records."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from gsefgraph.cli.screen import emit
from gsefgraph.cli.settings import Settings, common
from gsefgraph.errors import UsageError
from gsefgraph.files import seen
from gsefgraph.graph.skeleton import NEW, skeleton
from gsefgraph.wording import say


@click.command()
@click.argument("folder", metavar="DIR")
@common
@click.pass_obj
def init(settings: Settings, folder: str) -> None:
    """Make a folder for records of your own, with a record to copy.

    --base is what your things are named under.
    """
    from gsefgraph.graph.beginning import begin

    for path in begin(folder, settings.language, settings.base):
        click.echo(str(seen(path)))
    settings.warn(say("init.next", folder=shlex.quote(folder)))


@click.command()
@click.argument("kind", metavar="KIND", type=click.Choice([*NEW]))
@click.option("--from", "source", metavar="DOCUMENT", help="The document that says it.")
@click.option("-o", "--output", metavar="FILE", help="Where it goes, in place of stdout.")
@common
@click.pass_obj
def new(settings: Settings, kind: str, source: str | None, output: str | None) -> None:
    """A record to fill in: event, document, organisation, person, membership or place."""
    from gsefgraph.graph.entering import keys_of

    if output not in (None, "-") and Path(output).is_file():
        raise UsageError(say("cli.is-there", file=output), hint=say("cli.another-file"))
    with settings.open() as graph:
        document = graph.resolver.label(graph.resolver.resolve(source)) if source else None
        keys, model = keys_of(graph.project), graph.checks.union_model
        text = skeleton(kind, keys, model, settings.language, document=document)
    emit(text.encode(), output)


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Where it goes, in place of stdout.")
@common
@click.pass_obj
def schema(settings: Settings, output: str | None) -> None:
    """A JSON Schema of records, with which an editor completes keys and checks values."""
    from gsefgraph.graph.entering import keys_of
    from gsefgraph.graph.schema import schema as made

    with settings.open() as graph:
        found = made(keys_of(graph.project), graph.checks.union_model, settings.language)
    emit(f"{json.dumps(found, ensure_ascii=False, indent=1)}\n".encode(), output)

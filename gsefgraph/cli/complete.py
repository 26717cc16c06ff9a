"""Shell completion: query names, their parameters, formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gsefgraph.cli.settings import Settings
from gsefgraph.errors import GsefgraphError
from gsefgraph.wording import line

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from gsefgraph.queries.catalogue import StoredQuery


def _catalogue(context: click.Context) -> dict[str, StoredQuery]:
    from gsefgraph.queries.catalogue import of_project

    settings = context.ensure_object(Settings)
    try:
        return dict(of_project(settings.open_project(), lambda _: None))
    except GsefgraphError:
        return {}


def queries(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of stored queries, with their titles as help; files by the shell."""
    del parameter
    from click.shell_completion import CompletionItem

    language = context.ensure_object(Settings).language
    found = [
        CompletionItem(name, help=line(query.title.get(language) or query.summary))
        for name, query in sorted(_catalogue(context).items())
        if name.startswith(incomplete)
    ]
    return found or [CompletionItem(incomplete, type="file")]


def parameters(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """``name=`` for the parameters of the query on the line, then its listed values."""
    del parameter
    from click.shell_completion import CompletionItem

    language = context.ensure_object(Settings).language
    # While an option waits for its value, click has not yet named the arguments.
    words = [context.params.get("question"), *context.args]
    query = _catalogue(context).get(next((word for word in words if word), ""))
    if query is None:
        return []
    name, given, _ = incomplete.partition("=")
    if given:
        choices = [c for p in query.parameters if p.name == name for c in p.choices]
        return [CompletionItem(f"{name}={c}") for c in choices if f"{name}={c}" >= incomplete]
    return [
        CompletionItem(f"{item.name}=", help=line(item.takes.text(language)))
        for item in query.parameters
        if item.name.startswith(incomplete)
    ]

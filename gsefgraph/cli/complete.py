"""Shell completion: query names, their parameters, names of things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from gsefgraph.cli.settings import Settings
from gsefgraph.errors import GsefgraphError
from gsefgraph.wording import line

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from gsefgraph.queries.catalogue import StoredQuery
    from gsefgraph.queries.parameters import Parameter

_MOST = 40  # things that are offered


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
        CompletionItem(name, help=line(query.titled(language)))
        for name, query in sorted(_catalogue(context).items())
        if name.startswith(incomplete)
    ]
    return found or [CompletionItem(incomplete, type="file")]


def parameters(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """``name=`` for the parameters of the query on the line, then its listed values, or things of
    the class that it takes, by any of their names."""
    del parameter
    from click.shell_completion import CompletionItem

    language = context.ensure_object(Settings).language
    # While an option waits for its value, click has not yet named the arguments.
    words = [context.params.get("question"), *context.args]
    query = _catalogue(context).get(next((word for word in words if word), ""))
    if query is None:
        return []
    name, given, value = incomplete.partition("=")
    if given:
        wanted = next((item for item in query.parameters if item.name == name), None)
        if wanted is None:
            return []
        found = _things(context, wanted, value) if not wanted.choices else {
            choice: "" for choice in wanted.choices if choice.startswith(value)
        }  # fmt: skip
        return [CompletionItem(f"{name}={c}", help=line(label)) for c, label in found.items()]
    return [
        CompletionItem(f"{item.name}=", help=line(item.takes.text(language)))
        for item in query.parameters
        if item.name.startswith(incomplete)
    ]


def _things(context: click.Context, wanted: Parameter, text: str) -> dict[str, str]:
    """What can be written for a parameter, with what it is called; those first that begin as what
    has been typed, and others, found by another name, only where there are none."""
    if wanted.type not in ("iri", "goal"):
        return {}
    settings = context.ensure_object(Settings)
    settings.quiet = True
    within = {"kind": wanted.kind, "scheme": wanted.scheme}
    try:
        with settings.open(once=True) as graph:
            suggest, short = graph.resolver.suggest, graph.resolver.short
            hits = suggest(text.rpartition(":")[2], settings.language, _MOST, **within)
            found = {short(hit.iri, **within): hit.label for hit in hits}
            if ":" in text:
                found = {graph.names.compact(hit.iri.value): hit.label for hit in hits}
    except GsefgraphError:
        return {}
    begun = {word: label for word, label in found.items() if word.startswith(text)}
    return begun or found


def bash() -> None:
    """Have click see words of bash as they were typed: bash takes them apart at = and :, and puts
    in only what comes after the last of these."""
    from click.shell_completion import BashComplete, add_completion_class

    class Joined(BashComplete):
        cut = ""

        def get_completion_args(self) -> tuple[list[str], str]:
            apart, last = super().get_completion_args()
            words: list[str] = []
            joins = False
            for word in (*apart, last):
                joint = bool(re.fullmatch("[=:]+", word))
                if words and (joins or joint):
                    words[-1] += word
                else:
                    words.append(word)
                joins = joint
            if len(words) <= len(apart):
                last = words[-1]
                self.cut = last[: max(map(last.rfind, "=:")) + 1]
            return words[:-1], last

        def format_completion(self, item: CompletionItem) -> str:
            item.value = item.value.removeprefix(self.cut)
            return super().format_completion(item)

    add_completion_class(Joined)

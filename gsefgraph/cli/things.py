"""`gsefgraph show`, `search` and `explain`: one thing, many things, one triple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gsefgraph.cli import complete
from gsefgraph.cli.screen import draw, emit, emit_json, tell
from gsefgraph.cli.settings import Settings, alone, common
from gsefgraph.errors import UnknownName, closest
from gsefgraph.wording import say, visible

if TYPE_CHECKING:
    from gsefgraph.evidence import Passage
    from gsefgraph.graph.graph import Graph
    from gsefgraph.queries.catalogue import StoredQuery

_QUOTES = 5  # passages that are listed after the names


@click.command()
@click.argument("name", metavar="NAME_OR_IRI", shell_complete=complete.queries)
@click.option(
    "-f", "--format", "wanted", type=click.Choice(["text", "json", "html"]), default="text"
)
@alone
@common
@click.pass_obj
def show(settings: Settings, name: str, wanted: str) -> None:
    """Everything known of one thing with its passages; or what a stored query asks."""
    with settings.open(once=True) as graph:
        if name in graph.catalogue:
            _show_query(graph.catalogue.get(name), settings.language, wanted)
            return
        from gsefgraph.graph import profile

        try:
            if wanted == "json":
                emit_json(profile.to_json(graph.show(name)))
                return
            page = graph.page(name)
        except UnknownName as error:
            known = closest(name, graph.catalogue)
            near = say("names.did-you-mean", near=known) if known else say("cli.search-finds")
            raise UnknownName(error.message, hint=error.hint or near) from None
        if wanted == "html":
            emit(profile.to_html(page, settings.language).encode())
        else:
            tell(profile.to_text(page, settings.language))


def _show_query(query: StoredQuery, lang: str, wanted: str) -> None:
    from gsefgraph.queries.page import to_json, to_text

    if wanted == "json":
        emit_json(to_json(query, lang))
    else:
        tell(to_text(query, lang) + "\n")
        emit(visible(f"{query.text.rstrip()}\n").encode())


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, metavar="N", show_default=True)
@click.option("-f", "--format", "wanted", type=click.Choice(["table", "json"]), default="table")
@alone
@common
@click.pass_obj
def search(settings: Settings, text: tuple[str, ...], limit: int, wanted: str) -> None:
    """Find things by name: labels, acronyms and other names, accents and case aside.

    Where no name holds the text, those spelled much like it are given. Then come the passages of
    the sources that hold all its words.
    """
    words = " ".join(text)
    lang = settings.language
    with settings.open(once=True) as graph:
        found = graph.search(words, limit=limit)
        entries = [_entry(graph, hit) for hit in found]
        quotes = [_quote(graph, one) for one in graph.passages(words, limit=min(limit, _QUOTES))]
    if not entries and not quotes:
        settings.warn(say("cli.nothing-named", text=words[:80]))
    elif entries and found[0].near:
        settings.warn(say("cli.only-near", text=words[:80]))
    if wanted == "json":
        emit_json([*entries, *quotes])
        return
    if entries:
        names = [e["label"] + (f" ({e['name']})" if e["name"] else "") for e in entries]
        heads = ("word.name", "word.kind", "word.iri")
        _table(heads, [names, *([e[key] for e in entries] for key in ("kind", "compact"))], lang)
    if entries and quotes:
        tell("\n")
    if quotes:
        heads = ("page.passage", "search.document", "word.iri")
        _table(heads, [[e[key] for e in quotes] for key in ("label", "name", "compact")], lang)


def _table(heads: Sequence[str], columns: Sequence[Sequence[str]], lang: str) -> None:
    from gsefgraph.answers.tables import Cell, Sheet

    rows = tuple(tuple(map(Cell, row)) for row in zip(*columns, strict=True))
    draw(Sheet(tuple(say(key).text(lang) for key in heads), rows, (False,) * len(heads), ()))


def _quote(graph: Graph, passage: Passage) -> dict[str, str]:
    document = passage.document
    return {
        "label": passage.quote,
        "name": graph.resolver.label(document, graph.lang) if document else "",
        "kind": say("page.passage").text(graph.lang),
        "iri": passage.evidence.value,
        "compact": graph.names.compact(passage.evidence.value),
    }


def _entry(graph: Graph, hit: Any) -> dict[str, str]:
    kind = graph.resolver.label(hit.kind, graph.lang) if hit.kind else ""
    return {
        "label": hit.label,
        "name": hit.name,
        "kind": kind,
        "iri": hit.iri.value,
        "compact": graph.names.compact(hit.iri.value),
    }


@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("value", metavar="OBJECT")
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json"]), default="text")
@alone
@common
@click.pass_obj
def explain(settings: Settings, subject: str, predicate: str, value: str, wanted: str) -> None:
    """Prove a triple, down to what is stated and the words that it rests on.

    \b
    gsefgraph explain GSEF collaboratedWith OECD
    """
    with settings.open(once=True) as graph:
        proof = graph.explain(subject, predicate, value)
        if wanted == "json":
            emit_json(proof.to_json())
            return
        lang = settings.language

        def label(iri: str) -> str:
            return graph.resolver.label(iri, lang)

        tell(proof.to_text(lang, label, graph.names, graph.sentences(proof, lang)))

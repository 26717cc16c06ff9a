"""`gsefgraph show`, `search` and `explain`: one thing, many things, one triple."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from gsefgraph.cli import complete
from gsefgraph.cli.screen import draw, emit, is_terminal
from gsefgraph.cli.settings import Settings, common
from gsefgraph.errors import UnknownName, closest
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.queries.catalogue import StoredQuery


@click.command()
@click.argument("name", metavar="NAME_OR_IRI", shell_complete=complete.queries)
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json"]), default="text")
@common
@click.pass_obj
def show(settings: Settings, name: str, wanted: str) -> None:
    """Everything known of one thing with its passages; or what a stored query asks."""
    with settings.open(once=True) as graph:
        if name in graph.catalogue:
            _show_query(graph.catalogue.get(name), settings.language, wanted)
            return
        try:
            thing = graph.show(name)
        except UnknownName as error:
            known = closest(name, graph.catalogue)
            near = say("names.did-you-mean", near=known) if known else say("cli.search-finds")
            raise UnknownName(error.message, hint=error.hint or near) from None
        from gsefgraph.graph.profile import to_json, to_text

        if wanted == "json":
            emit((json.dumps(to_json(thing), ensure_ascii=False, indent=1) + "\n").encode())
        else:
            emit(to_text(thing, graph.names, graph.resolver, settings.language).encode())


def _show_query(query: StoredQuery, lang: str, wanted: str) -> None:
    title = query.title.get(lang) or query.summary
    told = query.help.get(lang) or query.description
    if wanted == "json":
        entry = {
            "family": query.family,
            "name": query.name,
            "title": title,
            "description": told,
            "parameters": [
                {"name": p.name, "label": p.label.get(lang) or p.name, "takes": p.takes}
                | {"optional": p.optional}
                for p in query.parameters
            ],
            "query": query.text,
        }
        emit((json.dumps(entry, ensure_ascii=False, indent=1) + "\n").encode())
        return
    optional_word = say("cli.optional").text(lang)
    colon = say("word.colon").text(lang)
    lines = [f"{query.family}/{query.name}: {title}"]
    if told:
        lines += ["", told]
    if query.parameters:
        lines.append("")
    for item in query.parameters:
        optional = f" ({optional_word})" if item.optional else ""
        label = item.label.get(lang) or item.name
        lines.append(f"  -p {item.name}=…  {label}{colon} {item.takes.text(lang)}{optional}")
    lines += ["", query.text.rstrip(), ""]
    emit("\n".join(lines).encode())


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, metavar="N", show_default=True)
@click.option("-f", "--format", "wanted", type=click.Choice(["table", "json"]), default="table")
@common
@click.pass_obj
def search(settings: Settings, text: tuple[str, ...], limit: int, wanted: str) -> None:
    """Find things by name: labels, acronyms and other names, accents and case aside.

    Where no name holds the text, those spelled much like it are given.
    """
    from gsefgraph.answers.tables import Cell, Sheet, to_text

    words = " ".join(text)
    with settings.open(once=True) as graph:
        found = graph.search(words, limit=limit)
        entries = [_entry(graph, hit) for hit in found]
    if not entries:
        settings.warn(say("cli.nothing-named", text=words[:80]))
    elif found[0].near:
        settings.warn(say("cli.only-near", text=words[:80]))
    if wanted == "json":
        emit((json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode())
        return
    heads = tuple(
        say(key).text(settings.language) for key in ("word.name", "word.kind", "word.iri")
    )
    rows = tuple(
        (
            Cell(e["label"] + (f" ({e['name']})" if e["name"] else "")),
            Cell(e["kind"]),
            Cell(e["compact"]),
        )
        for e in entries
    )
    sheet = Sheet(heads, rows, (False,) * 3, ())
    if is_terminal():
        draw(sheet)
    else:
        emit(to_text(sheet).encode())


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
            emit((json.dumps(proof.to_json(), ensure_ascii=False, indent=1) + "\n").encode())
            return
        lang = settings.language

        def label(iri: str) -> str:
            return graph.resolver.label(iri, lang)

        emit(proof.to_text(lang, label).encode())

"""`gsefgraph queries`: the stored questions."""

from __future__ import annotations

import json

import click

from gsefgraph.cli.screen import draw, emit, is_terminal
from gsefgraph.cli.settings import Settings, common
from gsefgraph.wording import say

_HEADS = ("word.family", "word.name", "word.question", "word.parameters")


@click.command()
@click.option("-f", "--format", "wanted", type=click.Choice(["table", "json"]), default="table")
@common
@click.pass_obj
def queries(settings: Settings, wanted: str) -> None:
    """List the stored queries; optional parameters stand in brackets."""
    from gsefgraph.answers.tables import Cell, Sheet, to_text
    from gsefgraph.queries.catalogue import of_project

    catalogue = of_project(settings.open_project())
    lang = settings.language
    found = [query for group in catalogue.families().values() for query in group]
    if wanted == "json":
        entries = [
            {
                "family": query.family,
                "name": query.name,
                "title": query.title,
                "parameters": [
                    {"name": p.name, "type": p.type, "optional": p.optional, "example": p.example}
                    for p in query.parameters
                ],
            }
            for query in found
        ]
        emit((json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode())
        return
    rows = tuple(
        (
            Cell(query.family),
            Cell(query.name),
            Cell(query.title.get(lang) or query.title.get("en") or query.summary),
            Cell(" ".join(f"[{p.name}]" if p.optional else p.name for p in query.parameters)),
        )
        for query in found
    )
    heads = tuple(say(key).text(lang) for key in _HEADS)
    sheet = Sheet(heads, rows, (False,) * 4, ())
    if is_terminal():
        draw(sheet)
    else:
        emit(to_text(sheet).encode())

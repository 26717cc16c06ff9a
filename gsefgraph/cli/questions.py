"""Questions about names: asked on a terminal, or written into a file for a colleague."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gsefgraph.cli.settings import Settings
from gsefgraph.files import seen, text, write_atomically
from gsefgraph.graph.entering import keys_of
from gsefgraph.records import decisions
from gsefgraph.records.keys import called
from gsefgraph.terms import Names, key
from gsefgraph.wording import say, visible

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.records.naming import Question

Questions = Mapping[str, tuple["Question", ...]]


def answered(settings: Settings, graph: Graph, questions: Questions) -> bool:
    """Ask on the terminal, where there is one, and keep what is decided beside each record.

    Returns:
        Whether all is answered, so that the records can be read again.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    whole = True
    for name, asked in questions.items():
        decided = _known(graph, name)
        before = dict(decided)
        for question in asked:
            at = question.kind, key(question.text)
            if at not in decided:
                meant = _ask(question, graph.names, settings.language)
                if meant is None:
                    whole = False
                else:
                    decided[at] = meant
        if decided != before:
            path = _keep(settings, graph, name, asked, decided)
            settings.warn(say("decisions.kept", file=seen(path)))
    return whole


def left(settings: Settings, graph: Graph, questions: Questions, *, keep: bool) -> None:
    """Say that questions are open, or write them into a file beside each record."""
    if not keep:
        count = sum(map(len, questions.values()))
        settings.warn(say("decisions.open", count=count))
        return
    for name, asked in questions.items():
        path = _keep(settings, graph, name, asked, _known(graph, name))
        settings.warn(say("decisions.questions", file=seen(path)))


def _known(graph: Graph, name: str) -> dict[tuple[str, str], str]:
    return decisions.of_record(name, keys_of(graph.project), graph.names)


def _keep(
    settings: Settings, graph: Graph, name: str, asked: tuple[Question, ...],
    decided: Mapping[tuple[str, str], str],
) -> Path:  # fmt: skip
    path = decisions.beside(name)
    before = text(path) if path.is_file() else ""
    keys, lang = keys_of(graph.project), settings.language
    said = decisions.written(asked, decided, keys, graph.names, lang, before)
    write_atomically(path, said.encode())
    return path


def _ask(question: Question, names: Names, lang: str) -> str | None:
    """The IRI that a person chooses; empty for something new, None where it is left open."""
    last = len(question.choices) + 1
    kind = called(question.kind)
    lines = [say("decisions.ask", name=visible(question.text), kind=kind).text(lang)]
    for number, choice in enumerate(question.choices, 1):
        compact = names.compact(choice.iri)
        lines.append(f"  {number}  {visible(choice.label)} ({compact}): {choice.reason.text(lang)}")
    lines.append(f"  {last}  {say('decisions.something-new').text(lang)}")
    click.echo("\n".join(lines), err=True)
    while True:
        which = say("decisions.which", last=str(last)).text(lang)
        said = click.prompt(which, default="", show_default=False, err=True).strip()
        if not said:
            return None
        if said.isdecimal() and 1 <= int(said) <= last:
            return question.choices[int(said) - 1].iri if int(said) < last else ""
        click.echo(say("decisions.no-number", last=str(last)).text(lang), err=True)

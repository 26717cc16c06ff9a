"""`gsefgraph add` and `evidence`: what is checked before it counts."""

from __future__ import annotations

import click

from gsefgraph.cli import folders
from gsefgraph.cli.check import labels, write
from gsefgraph.cli.questions import answered, left
from gsefgraph.cli.screen import emit_json, tell
from gsefgraph.cli.settings import Settings, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import ReadOnlyProject
from gsefgraph.files import seen
from gsefgraph.terms import GSEF
from gsefgraph.wording import say

_QUOTES = f"SELECT DISTINCT ?e {{ ?e a <{GSEF}Evidence> }}"
_WITHOUT_TEXT = (
    f"SELECT DISTINCT ?e {{ ?e a <{GSEF}Evidence> ; <{GSEF}checked> false"
    f" FILTER NOT EXISTS {{ ?e <{GSEF}start> ?at }} }}"
)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Check and place, write nothing.")
@click.option("--document", metavar="NAME", help="The document that states what the files say.")
@click.option("--quote-unchecked", "unchecked", is_flag=True,
              help="Let quotes stand whose sources have no stored text.")  # fmt: skip
@click.option("--questions", is_flag=True,
              help="Write open questions about names to RECORD.decisions.yaml.")  # fmt: skip
@common
@click.pass_obj
def add(
    settings: Settings, files: tuple[str, ...], dry_run: bool, document: str | None,
    unchecked: bool, questions: bool,
) -> int:  # fmt: skip
    """Put records where they belong, if they conform: into data/, or the store that is open."""
    files = folders.settled(settings, files)
    gently()
    with settings.open() as graph:
        while True:
            added = graph.add(*files, document=document, dry_run=dry_run, unchecked=unchecked)
            if not added.questions or not answered(settings, graph, added.questions):
                break
        report = added.report
        if not report.conforms or report.findings:
            write(report, "text", settings, labels(graph, report, settings))
        if added.questions:
            left(settings, graph, added.questions, keep=questions)
    if not report.conforms:
        settings.warn(say("cli.not-added"))
        return 1
    if not added.count:
        settings.warn(say("cli.nothing-new"))
        return 0
    where = [f"{seen(path)} ({count})" for path, count in added.files.items()] or [settings.place]
    key = "cli.would-add" if dry_run else "cli.added"
    settings.warn(say(key, count=added.count, places=where))
    return 0


@click.command()
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json"]), default="text")
@common
@click.pass_obj
def evidence(settings: Settings, wanted: str) -> int:
    """Check again that every quote stands in its source at its code points."""
    with settings.open() as graph:
        faults = graph.evidence()
        without = len(graph.query(_WITHOUT_TEXT))
        count = len(graph.query(_QUOTES)) - without
    if wanted == "json":
        entries = [fault.to_json() for fault in faults]
        emit_json(entries)
    else:
        tell("".join(f"{fault.to_text(settings.language)}\n" for fault in faults))
        wrong = say("cli.wrong", count=len({fault.evidence for fault in faults} - {None}))
        settings.warn(say("cli.quotes", checked=say("cli.checked", count=count), wrong=wrong))
        if without:
            settings.warn(say("cli.without-text", count=without))
    return 1 if faults else 0


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; leave with 1 if a file would change.")
@common
@click.pass_obj
def fmt(settings: Settings, check: bool) -> int:
    """Write data/ and ontology/ in their canonical layout, stable for diffs."""
    from gsefgraph.files import content, locked, reading, write_all
    from gsefgraph.records import layout

    project = settings.open_project()
    changed = {}
    gently()
    with reading(project.root) if check else locked(project.root):
        for path in layout.files(project):
            canonical = layout.canonical(path, project.names, settings.reading)
            if canonical != content(path):
                changed[path] = canonical
        tell("".join(f"{path.relative_to(project.root)}\n" for path in changed))
        if changed and not check:
            if not project.writable:
                raise ReadOnlyProject(
                    say("cli.package", root=project.root), hint=say("cli.project-folder")
                )
            write_all(project.root, changed)
    return 1 if changed and check else 0

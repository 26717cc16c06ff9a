"""`gsefgraph add` and `evidence`: what is checked before it counts."""

from __future__ import annotations

import click

from gsefgraph.cli import folders
from gsefgraph.cli.changes import told
from gsefgraph.cli.questions import answered, left
from gsefgraph.cli.screen import emit_json, tell
from gsefgraph.cli.settings import Settings, common
from gsefgraph.cli.worker import gently
from gsefgraph.errors import ReadOnlyProject, UsageError
from gsefgraph.terms import GSEF
from gsefgraph.wording import say

_QUOTES = f"SELECT DISTINCT ?e {{ ?e a <{GSEF}Evidence> }}"
_WITHOUT_TEXT = (
    f"SELECT DISTINCT ?e {{ ?e a <{GSEF}Evidence> ; <{GSEF}checked> false"
    f" FILTER NOT EXISTS {{ ?e <{GSEF}start> ?at }} }}"
)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Check and place, say what would change, write "
              "nothing.")  # fmt: skip
@click.option("--diff", is_flag=True, help="Say what is stated now that was not.")
@click.option("--replace", is_flag=True, help="Put the records in the place of what their "
              "documents state of the same things.")  # fmt: skip
@click.option("--document", metavar="NAME", help="The document that states what the files say.")
@click.option("--quote-unchecked", "unchecked", is_flag=True,
              help="Let quotes stand whose sources have no stored text.")  # fmt: skip
@click.option("--questions", is_flag=True,
              help="Write open questions about names to RECORD.decisions.yaml.")  # fmt: skip
@click.option("--by", metavar="NAME", help="Who does it, for the history; git's user.name by "
              "default.")  # fmt: skip
@common
@click.pass_obj
def add(
    settings: Settings, files: tuple[str, ...], dry_run: bool, diff: bool, replace: bool,
    document: str | None, unchecked: bool, questions: bool, by: str | None,
) -> int:  # fmt: skip
    """Put records where they belong, if they conform: into data/, or the store that is open."""
    files = folders.settled(settings, files)
    gently()
    with settings.open() as graph:
        while True:
            added = graph.add(
                *files, document=document, dry_run=dry_run, unchecked=unchecked, replace=replace,
                by=by,
            )  # fmt: skip
            asking = added.questions and not dry_run  # an answer is kept in a file
            if not asking or not answered(settings, graph, added.questions):
                break
        code = told(settings, graph, added, dry_run=dry_run, diff=diff or dry_run or replace)
        if added.questions:
            left(settings, graph, added.questions, keep=questions)
    return code


@click.command()
@click.option("--drift", "newer", metavar="NEWTEXT", help="Tell which quotes of a source no longer "
              "stand in a new version of its text, and where the nearest words are.")  # fmt: skip
@click.option("--document", metavar="NAME", help="With --drift: the source; by default the one "
              "that the file is named after.")  # fmt: skip
@click.option("-f", "--format", "wanted", type=click.Choice(["text", "json"]), default="text")
@common
@click.pass_obj
def evidence(settings: Settings, newer: str | None, document: str | None, wanted: str) -> int:
    """Check again that every quote stands in its source at its code points.

    With --drift, in a new version of one source: a page, a PDF or a text; -v lists what has only
    moved, too.
    """
    if newer is not None:
        return _drift(settings, newer, document, wanted)
    if document is not None:
        raise UsageError(say("drift.alone"), hint=say("drift.add"))
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


def _drift(settings: Settings, newer: str, document: str | None, wanted: str) -> int:
    from gsefgraph.graph.sources import compare

    with settings.open(once=True) as graph:
        node, found = compare(graph, newer, document)
        compact = graph.names.compact
        name = graph.resolver.label(node, settings.language)
    gone = [one for one in found if one.state == "gone"]
    if wanted == "json":
        emit_json([one.to_json() for one in found])
    else:
        tell("".join(
            f"{compact(one.passage.evidence.value)}: {one.sentence().text(settings.language)}\n"
            for one in found if one.state == "gone" or (one.state == "moved" and settings.verbose)
        ))  # fmt: skip
        moved = say("drift.of-these", count=sum(one.state == "moved" for one in found))
        lost = say("drift.lost", count=len(gone))
        stand = say("drift.stand", count=len(found) - len(gone))
        settings.warn(say("drift.all", name=name, stand=stand, moved=moved, lost=lost))
    return 1 if gone else 0


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

"""`gsefgraph validate`: records, files or the graph against shapes, and the report in any form."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from gsefgraph.cli import folders, formats
from gsefgraph.cli.formats import REPORTS, Formats
from gsefgraph.cli.screen import complain, emit, tell
from gsefgraph.cli.settings import Seconds, Settings, Size, common
from gsefgraph.errors import UsageError
from gsefgraph.wording import say, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from gsefgraph.graph.graph import Graph
    from gsefgraph.project import Meaning
    from gsefgraph.shacl.report.report import Report


@click.command()
@click.argument("files", metavar="[FILE|-]...", nargs=-1)
@click.option("--shapes", metavar="FILE|DIR", multiple=True, help="Shapes to use instead of the "
              "project's, in any format of RDF; may be repeated. A file named per-graph.ttl "
              "holds on each named graph alone.")  # fmt: skip
@click.option("--lenient", is_flag=True, help="With --shapes: leave out what is not legal in them, "
              "name it, and check the rest.")  # fmt: skip
@click.option("--alone", is_flag=True, help="Check these files alone, without the graph.")
@click.option("--remove", metavar="FILE", multiple=True,
              help="Check the graph as it would be without the triples of a file.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Take what the files describe as replacing what the "
              "graph states of it.")  # fmt: skip
@click.option("-f", "--format", "wanted", type=Formats(REPORTS))
@formats.output
@click.option("--severity", metavar="NAME", help="Show only findings at least as grave: violation, "
              "warning or info.")  # fmt: skip
@click.option("--shape", metavar="NAME", multiple=True, help="Show only findings of this shape.")
@click.option("--rule", metavar="NAME", multiple=True,
              help="Show only findings of this rule, such as MinCount.")  # fmt: skip
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N findings.")
@click.option("--baseline", metavar="FILE", help="Report only what an earlier report, in JSON or "
              "SARIF, does not hold.")  # fmt: skip
@click.option("--memory", type=Size(128 * 2**20), help="Memory for large graphs, such as 4GB; what "
              "does not fit goes to disk. Half of the machine's by default.")  # fmt: skip
@click.option("--second-opinion", "second", is_flag=True, help="With --alone: pySHACL checks the "
              "same files too, and what differs is shown.")  # fmt: skip
@click.option("--timeout", type=Seconds(min=0, min_open=True), metavar="S",
              help="Give up after S seconds.")  # fmt: skip
@click.option("--quote-unchecked", "unchecked", is_flag=True,
              help="Let quotes stand whose sources have no stored text.")  # fmt: skip
@click.option("--inferred", is_flag=True, help="Count derived triples as facts.")
@common
@click.pass_obj
def validate(
    settings: Settings,
    /,
    files: tuple[str, ...],
    shapes: tuple[str, ...],
    alone: bool,
    wanted: str | None,
    output: str | None,
    severity: str | None,
    shape: tuple[str, ...],
    rule: tuple[str, ...],
    limit: int | None,
    baseline: str | None,
    second: bool,
    timeout: float | None,
    **how: Any,
) -> int:
    """Check new records together with the graph, so that links to known things count as known.

    Without files, the graph itself is checked. With --shapes, any RDF against any shapes. Exits
    with 1 when something does not conform; with --baseline, when something new does not. With -q
    warnings are counted, not shown, but for the gravest. --second-opinion changes neither. With
    --lenient the verdict says where validation is not complete. What was not checked is told on
    stderr where a format has no place for it.
    """
    if files and not alone:
        # Its own data are judged by other shapes as files, beside no graph.
        whole: tuple[Meaning, ...] = ("store",) if shapes else ("project", "store")
        files = folders.settled(settings, files, whole, inside="data" if shapes else None)
    elif files:
        files = folders.settled(settings, files, inside="data")
    shapes = folders.settled(settings, shapes, inside="shapes")
    how["remove"] = folders.settled(settings, how["remove"])
    if alone and (settings.data or settings.store != "memory:"):
        raise UsageError(say("cli.alone-graph"), hint=say("cli.no-store-data"))
    if how["replace"] and not files:
        raise UsageError(say("cli.replace-files"), hint=say("cli.name-some"))
    if how["lenient"] and not shapes:
        raise UsageError(say("cli.lenient-shapes"), hint=say("cli.name-shapes"))
    if [*files, *shapes].count("-") > 1:
        raise UsageError(say("cli.stdin-once"), hint=say("cli.dash-once"))
    if alone and not files:
        raise UsageError(say("cli.alone-files"), hint=say("cli.name-some"))
    if alone and (how["remove"] or how["replace"] or how["inferred"] or how["unchecked"]):
        raise UsageError(say("cli.about-graph"), hint=say("cli.no-alone"))

    if second and (not alone or "-" in files):
        raise UsageError(say("cli.second-alone"), hint=say("cli.add-alone"))

    form = wanted or formats.of_file(output, REPORTS) or "text"

    def check_alone() -> int:
        from gsefgraph.graph import validation
        from gsefgraph.limits import Limits

        project = settings.open_project()
        with _progress(settings) as progress:
            limits = Limits(how["memory"], how["folder"], progress=progress)
            reading = validation.telling(settings.reading.looking(), settings.warn)
            checks = validation.checks_alone(
                shapes, project, lenient=how["lenient"], reading=reading
            )
            found = validation.alone(files, checks, limits=limits, reading=reading)
        code = show(chosen(found), None)
        if second:
            opinion = validation.second_opinion(found, files, checks, reading)
            text = opinion.to_text(found.names, settings.language)
            if form == "text" and output is None:
                tell(text)
            else:
                click.echo(visible(text), nl=False, err=True)
        return code

    def check() -> int:
        graph = settings.open()
        with _progress(settings) as progress:
            found = graph.validate(*files, shapes=shapes, progress=progress, **how)
        report = chosen(found)
        return show(report, labels(graph, report, settings))

    def chosen(report: Report) -> Report:
        if baseline is not None:
            report = report.since(baseline)
        return report.choose(severity=severity, shapes=shape, rules=rule, limit=limit)

    def show(report: Report, label: Callable[[str], str] | None) -> int:
        write(report, form, settings, label, output)
        return 0 if report.conforms else 1

    from gsefgraph.cli import worker

    worker.deadline(timeout)
    with worker.scratch() as folder:
        how["folder"] = folder
        return check_alone() if alone else check()


def labels(graph: Graph, report: Report, settings: Settings) -> Callable[[str], str]:
    """Names of what a report mentions, looked up at once."""
    known = graph.resolver.labels(sorted(report.nodes()), settings.language)
    return lambda iri: known.get(iri, iri)


def write(
    report: Report,
    form: str,
    settings: Settings,
    label: Callable[[str], str] | None,
    output: str | None = None,
) -> None:
    """Write a report in one of `formats.REPORTS`, in the language of the settings."""
    pieces = report.pieces(form, settings.language, label, warnings=not settings.quiet)
    if form == "text":
        tell(b"".join(pieces).decode(), output)
    else:
        emit(pieces, output)
    for text in report.unchecked(form, settings.language, warnings=not settings.quiet):
        complain(text)


def _progress(settings: Settings) -> Any:
    if settings.quiet or not sys.stderr.isatty():
        return nullcontext()
    from gsefgraph.cli.screen import stages

    return stages(settings.language)

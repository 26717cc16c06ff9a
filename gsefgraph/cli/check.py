"""`gsefgraph validate`: records, files or the graph against shapes, and the report in any form."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from gsefgraph.cli.screen import emit
from gsefgraph.cli.settings import Seconds, Settings, common
from gsefgraph.errors import UsageError
from gsefgraph.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from gsefgraph.graph.graph import Graph
    from gsefgraph.shacl.report.report import Report

FORMS = ("text", "json", "turtle", "jsonld", "sarif", "junit", "html")
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(?:i?b)?", re.I)
_LEAST, _MOST = 128 * 2**20, 2**50


class Size(click.ParamType[int]):
    """An amount of memory: ``4GB``, ``512M``, or bytes; from 128 MB on."""

    name = "SIZE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(say("cli.not-size", value=value), param, ctx)
        size = int(float(match[1]) * _UNITS[match[2].lower()])
        if not _LEAST <= size <= _MOST:
            self.fail(say("cli.size-range", value=value), param, ctx)
        return size


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
@click.option("-f", "--format", "wanted", type=click.Choice(FORMS), default="text")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of stdout.")
@click.option("--severity", metavar="NAME", help="Show only findings at least as grave: violation, "
              "warning or info.")  # fmt: skip
@click.option("--shape", metavar="NAME", multiple=True, help="Show only findings of this shape.")
@click.option("--rule", metavar="NAME", multiple=True,
              help="Show only findings of this rule, such as MinCount.")  # fmt: skip
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Show at most N findings.")
@click.option("--baseline", metavar="FILE", help="Report only what an earlier report, in JSON or "
              "SARIF, does not hold.")  # fmt: skip
@click.option("--memory", type=Size(), help="Memory for large graphs, such as 4GB; what does not "
              "fit goes to disk. Half of the machine's by default.")  # fmt: skip
@click.option("--second-opinion", "second", is_flag=True, help="With --alone: pySHACL checks the "
              "same files too, and what differs is shown.")  # fmt: skip
@click.option("--timeout", type=Seconds(min=0, min_open=True), metavar="S",
              help="Give up after S seconds.")  # fmt: skip
@click.option("--inferred", is_flag=True, help="Count derived triples as facts.")
@common
@click.pass_obj
def validate(
    settings: Settings,
    /,
    files: tuple[str, ...],
    shapes: tuple[str, ...],
    alone: bool,
    wanted: str,
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
    warnings are counted, not shown. --second-opinion changes neither. With --lenient the verdict
    says where validation is not complete.
    """
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
    if alone and (how["remove"] or how["replace"] or how["inferred"]):
        raise UsageError(say("cli.about-graph"), hint=say("cli.no-alone"))

    if second and (not alone or "-" in files):
        raise UsageError(say("cli.second-alone"), hint=say("cli.add-alone"))

    def check_alone() -> int:
        from gsefgraph.graph import validation
        from gsefgraph.limits import Limits

        project = settings.open_project()
        with _progress(settings) as progress:
            limits = Limits(how["memory"], how["folder"], progress=progress)
            checks = validation.checks_alone(shapes, project, lenient=how["lenient"])
            found = validation.alone(files, checks, limits=limits)
        code = show(chosen(found), None)
        if second:
            opinion = validation.second_opinion(found, files, checks)
            text = opinion.to_text(found.names, settings.language)
            click.echo(text, nl=False, err=wanted != "text" or output is not None)
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
        shown = not settings.quiet
        emit(report.pieces(wanted, settings.language, label, warnings=shown), output)
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


def _progress(settings: Settings) -> Any:
    if settings.quiet or not sys.stderr.isatty():
        return nullcontext()
    from gsefgraph.cli.screen import stages

    return stages(settings.language)

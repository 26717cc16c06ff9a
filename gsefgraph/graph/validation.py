"""Validating: records beside a graph, the graph itself, or any files against any shapes.

>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.records.foreign import read_records
>>> graph = Graph.open()
>>> place = graph.project.ontology / "examples" / "place-within-a-country.ttl"
>>> placed(read_records([place])[0], graph.names).quads[0].graph_name.value.rpartition("/")[2]
'entities'
>>> checks = checks_of(graph.checks, ())
>>> check([place], graph.engine, lambda: checks, names=graph.names).conforms
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from gsefgraph.engine.base import Engine
from gsefgraph.errors import UsageError
from gsefgraph.files import seen
from gsefgraph.graph.removal import replaced
from gsefgraph.limits import NO_LIMITS, Limits
from gsefgraph.project import Project, shipped
from gsefgraph.rdf import packed
from gsefgraph.rdf.reading import AS_DOCUMENTS, Reading, address_of
from gsefgraph.records import placement
from gsefgraph.records.rdf import RecordFile
from gsefgraph.shacl.checks import Checks
from gsefgraph.terms import GSEF, Term
from gsefgraph.wording import ByLanguage, Wording, say, spoken

if TYPE_CHECKING:
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.foreign import Record
    from gsefgraph.shacl.opinion.compare import Opinion
    from gsefgraph.shacl.report.finding import Finding
    from gsefgraph.shacl.report.report import Report
    from gsefgraph.terms import Names


def check(
    records: Sequence[Record],
    engine: Engine,
    checks: Callable[[], Checks],
    *,
    names: Names,
    remove: Record | Sequence[Record] = (),
    replace: bool = False,
    gone: Sequence[Quad] = (),
    inferred: bool = False,
    sources: Callable[[], Iterable[RecordFile]] | None = None,
    stated: Callable[[], Iterable[Quad]] | None = None,
    rules: Callable[[], Sequence[Rule]] = tuple,
    texts: Path | None = None,
    limits: Limits = NO_LIMITS,
    reading: Reading = AS_DOCUMENTS,
) -> Report:
    """Check records together with a graph, each quad where `add` would put it; or the graph itself.

    Parameters:
        records: files, or as read; one that does not say by which document it is stated is judged
            as it is.
        engine: what is known.
        checks: gives what is checked, once the records have been read.
        names: prefixes.
        remove: triples that are to be taken for gone.
        replace: whether what the records describe replaces what the graph states of it: where each
            quad has its graph, as `removal.replaced` has it, else all of it.
        gone: quads that are to be taken for gone, each from its own graph only.
        inferred: whether derived triples count as facts.
        sources: gives the files that the graph was built from, to say where findings stand.
        stated: gives what they state, where an engine keeps some of it in another form.
        rules: gives what derives, for `inferred`.
        texts: the folder of the source texts, in which quotes must stand.
        limits: of a large graph.
        reading: base, contexts, bound, and what tells.

    Errors:
        As `shacl.run.validate`.
    """
    from gsefgraph.records.foreign import read_records
    from gsefgraph.shacl.report.report import Report
    from gsefgraph.shacl.run import validate

    given = [_judged(record, names, engine) for record in read_records(records, reading)]
    if faults := [each for record in given for each in _typed(record)]:
        return Report.of(
            faults, names=names
        )  # what shapes would say of the rest may be due to them
    if replace and all(isinstance(q.graph_name, NamedNode) for each in given for q in each.quads):
        replace, gone = False, [*gone, *replaced(engine, names, given)]
    return validate(
        given,
        engine,
        checks(),
        remove=read_records(_several(remove), reading),
        replace=replace,
        gone=gone,
        inferred=inferred,
        sources=sources,
        stated=stated,
        rules=rules,
        also=partial(_quotes, engine=engine, texts=texts) if texts else None,
        limits=limits,
    )


def _typed(record: RecordFile) -> Iterator[Finding]:
    """What is wrong with what is typed in a record."""
    from gsefgraph.shacl.own import unreadable

    focus = NamedNode(address_of(record.name) or "urn:stdin")
    for fault in record.faults:
        rule = "name" if fault.question else "record"
        message = ByLanguage(partial(_sentence, fault.message))
        hint = ByLanguage(partial(spoken, fault.hint)) if fault.hint else {}
        place = record.name, fault.line, fault.column
        yield unreadable(focus, message, place, rule=rule, hint=hint)


def _sentence(text: str, language: str) -> str:
    said = spoken(text, language)
    return f"{said[:1].upper()}{said[1:]}{'' if said[-1:] in '.?!' else '.'}"


def _quotes(quads: Sequence[Quad], *, engine: Engine, texts: Path) -> list[Finding]:
    """What the source texts do not bear out of what a record quotes."""
    from gsefgraph.evidence import verify_new
    from gsefgraph.shacl.own import unlike_source

    said: dict[tuple[object, str], Term] = {
        (quad.subject, quad.predicate.value): quad.object  # type: ignore[misc]
        for quad in quads
    }
    found = []
    for fault in verify_new(quads, engine, texts):
        focus = fault.evidence or fault.document
        names = ("quote", "start", "end", "source") if fault.evidence else ("textDigest",)
        # What the record says of the passage, since it may give some of it only.
        prop = next((p for n in names if (focus, p := f"{GSEF}{n}") in said), f"{GSEF}{names[0]}")
        if focus is not None:
            found.append(unlike_source(focus, prop, said.get((focus, prop)), fault.message))
    return found


def alone(
    files: str | Path | Sequence[str | Path],
    checks: Checks,
    *,
    limits: Limits = NO_LIMITS,
    reading: Reading = AS_DOCUMENTS,
) -> Report:
    """Check files against shapes, without any graph beside them.

    Parameters:
        files: RDF in any format, folders of it, ``-`` for standard input.
        checks: as `checks_alone` gives them.
        limits, reading: as for `check`.

    Errors:
        InputError, SyntaxFault: a file. EngineError: out of memory or disk.

    >>> from gsefgraph.project import find
    >>> place = find().ontology / "examples" / "place-within-a-country.ttl"
    >>> alone([place], checks_alone((), find())).conforms
    True
    """
    from gsefgraph.shacl.run import of_files

    found = packed.found(_several(files), reading.bound, reading.note)
    if not found:
        raise UsageError(say("graph.nothing-to-check"), hint=say("graph.name-rdf"))
    return of_files(found, checks, limits=limits, reading=reading)


def second_opinion(
    report: Report,
    files: str | Path | Sequence[str | Path],
    checks: Checks,
    reading: Reading = AS_DOCUMENTS,
) -> Opinion:
    """What pySHACL, in a process of its own, finds in files that were checked alone.

    Parameters:
        report: what `alone` found, all of it.
        files, checks, reading: as they were given to `alone`.

    Errors:
        InputError, SyntaxFault: as for `alone`.

    >>> from gsefgraph.project import find
    >>> place = find().ontology / "examples" / "place-within-a-country.ttl"
    >>> checks = checks_alone((), find())
    >>> second_opinion(alone([place], checks), [place], checks).differences
    ()
    """
    from gsefgraph.records.rdf import read
    from gsefgraph.shacl.opinion.compare import compare
    from gsefgraph.shacl.written import labelled

    found = packed.found(_several(files), reading.bound)
    quads, _ = labelled([read(file, reading=reading) for file in found])
    return compare(report, checks, [quad.triple for quad in quads])


def checks_of_project(project: Project, reading: Reading = AS_DOCUMENTS) -> Checks:
    """A project's shapes and ontology.

    Parameters:
        project: the package's shapes are added to its own.
        reading: tells which of its own files take the place of another, and which are not read.

    Errors:
        InputError, SyntaxFault: shapes that are not legal. RefusedAccess: that would fetch.

    >>> from gsefgraph.project import find
    >>> checks_of_project(find()).own
    True
    """
    for own, other in project.replaced.items():
        reading.note(say("shape.replaced", file=str(seen(own)), other=str(seen(other))))
    shapes = packed.among(project.shapes, reading.bound, reading.note, every=True)
    general = () if project.root == shipped().root else shapes
    general = [path for path in general if shipped().root in path.parents]
    return Checks.of_project(shapes, project.ontology, project.names, general)


def checks_alone(
    shapes: str | Path | Sequence[str | Path],
    project: Project,
    *,
    lenient: bool = False,
    reading: Reading = AS_DOCUMENTS,
) -> Checks:
    """What files are checked against without a graph beside them.

    Parameters:
        shapes: files or folders of shapes; none for the project's, with its ontology.
        project: prefixes for the report, and the shapes where none are given.
        lenient: whether given shapes that are not legal are left out, not refused.
        reading: of given shapes, as for `check`; also tells as for `checks_of_project`.

    Errors:
        InputError, SyntaxFault: shapes that are not legal, or would fetch.

    >>> from gsefgraph.project import find
    >>> checks_alone((), find()).own
    True
    """
    given = _several(shapes)
    if given:
        return Checks.of_files(given, project.names, lenient=lenient, reading=reading)
    return checks_of_project(project, reading)


def checks_of(
    checks: Checks,
    shapes: str | Path | Sequence[str | Path],
    *,
    lenient: bool = False,
    reading: Reading = AS_DOCUMENTS,
) -> Checks:
    """A project's shapes, or other ones, where they are named, on its ontology."""
    files = _several(shapes)
    if not files:
        return checks
    return Checks.of_files(files, checks.names, checks.ontology, lenient=lenient, reading=reading)


def _several(given: Any) -> Sequence[Any]:
    """One thing as a list of it: a text is no list of letters."""
    return given if isinstance(given, list | tuple) else [given]


def _judged(record: RecordFile, names: Names, engine: Engine) -> RecordFile:
    """A record with each quad where `add` would put it, or as it is where that cannot be told."""
    try:
        return placed(record, names, engine=engine)
    except UsageError:
        return record


def placed(
    record: RecordFile,
    names: Names,
    document: str | None = None,
    engine: Engine | None = None,
) -> RecordFile:
    """The record with each quad in the named graph where it belongs.

    Errors:
        UsageError: something is stated, and it cannot be told by which document.
    """
    return replace(record, quads=placement.place([record], names, document=document, engine=engine))


def telling(reading: Reading, warn: Callable[[str], None]) -> Reading:
    """The same, telling what should be known of files; that one is empty is told otherwise.

    >>> reading = telling(AS_DOCUMENTS, print)
    >>> reading.note(say("rdf.direction-left", file="a.jsonld"))
    a.jsonld: the base direction of text is left out, which RDF 1.1 does not have
    """
    told: set[str] = set()

    def note(wording: Wording) -> None:
        if wording.key != "rdf.no-triple" and wording not in told:
            told.add(wording)
            warn(wording)

    return replace(reading, note=note)

"""The process that works on what strangers send: a job at a time, little memory, no network.

No engine can be told to stop, and a query can bring one down; so whoever asks (`workers.py`) can
end this process at any time. It is started anew instead of forked, and opens the graph itself: a
database that a process has inherited is not one that it may read.

It reads lines of JSON: first what it may have, then a job each. It answers each with a line of JSON
and, after that, as many bytes as the line says.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeAlias, cast

from pyoxigraph import NamedNode

from gsefgraph.errors import GsefgraphError, InputError, SyntaxFault
from gsefgraph.limits import bound, end_with, isolate
from gsefgraph.sparql.guard import allow
from gsefgraph.wording import say, spoken

_SHORT: Final = 0.1  # seconds that a question may take before it steps back
_BACK: Final = 10  # how far: to a tenth of what others get, where there is not enough for all
_LAST: Final = 19  # the least that there is
_STACK: Final = 8 * 2**20  # bytes, as of a first thread: nesting that the guard passes needs them


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: SPARQL 1.1 Query.
        format: of the answer, as `answers.answer.write` and `Constructed.write` name it.
        lang: language of names, and of what is said.
        default, named: IRIs of graphs in place of those that the text names.
        base: what relative IRIs are resolved against, where the graph has no base.
        rows: that the answer may have; 0 for what `Workers` allows.
        notes: whether what there is to say to who wrote it is wanted, too.
        seconds: that an endpoint is given, as far as it is not 0; what runs here is ended from
            outside.
    """

    text: str
    format: str
    lang: str = "en"
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None
    rows: int = 0
    notes: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """RDF that somebody sends, to be read.

    Attributes:
        content: in Base64.
        format: a name of `rdf.formats.FORMATS`.
        base: what its relative IRIs are resolved against.
        lang: of what is said.
    """

    content: str
    format: str
    base: str
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Record:
    """A record that somebody hands in, to be judged with the graph.

    Attributes:
        content: in Base64.
        name: of its file.
        form: of the report, as `Report.pieces` names it.
        lang: of the report.
        limit: findings of the report.
        about: a SELECT that is asked of the record alone, if it conforms; empty for none.
    """

    content: str
    name: str
    form: str
    lang: str = "en"
    limit: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """A change of the store, all or nothing.

    Attributes:
        text: SPARQL 1.1 Update, with all its prefixes.
        longest: bytes that it may have.
        lang: of what is said.
    """

    text: str
    longest: int
    lang: str = "en"


Job: TypeAlias = Question | Sent | Record | Update
"""What a process is given to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is asked of: a folder with a store, or an endpoint, of a project.

    Attributes:
        base, contexts, bound: how files are read, as `Reading` has them.
    """

    store: str
    project: str | None
    generation: int
    base: str | None
    contexts: Mapping[str, str]
    bound: int


def main(watched: int) -> None:
    """Do jobs until there are no more, or whoever gives them is gone.

    Parameters:
        watched: a pipe that closes when that process ends.
    """
    given = json.loads(sys.stdin.buffer.readline())
    bound(given["memory"])
    allow(given["longest"])
    cut_off = given["network"] or isolate()
    end_with(watched)
    # What a library prints is no answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _write(out, {"isolated": cut_off})
    _answer(out, _Pace(given["behind"]))


def _answer(out: BinaryIO, pace: _Pace) -> None:
    """Answer questions; a thread that had to step back has no way forward, and another follows."""
    held, more = _Held(), True

    def run() -> None:
        nonlocal more
        more = False  # unless it steps back: a fault of ours ends the process
        while not pace.back:
            line = sys.stdin.buffer.readline()
            if not line:
                return
            with pace:
                _answered(held, json.loads(line), out)
        more = True

    threading.stack_size(_STACK)
    while more:
        pace.back = False
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()


class _Pace:
    """Has a thread that works for long step back behind what takes less.

    Parameters:
        last: whether it steps back as far as it can. Not by a policy (SCHED_IDLE): what wakes up
            beside that was seen to wait for two ticks, since the scheduler owes it nothing yet.

    Attributes:
        back: whether it has; there is no way forward but for who may do anything (sched(7)).
    """

    def __init__(self, last: bool) -> None:
        self.back = False
        self._last = last
        self._thread = 0
        self._since: float | None = None
        self._working = threading.Event()
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            threading.Thread(target=self._watch, daemon=True, name="gsefgraph-pace").start()

    def __enter__(self) -> None:
        self._thread = threading.get_native_id()
        self._since = time.monotonic()
        if not self._working.is_set():
            self._working.set()

    def __exit__(self, *_: object) -> None:
        self._since = None

    def _watch(self) -> None:
        while self._working.wait():
            since = self._since
            if since is None:
                self._working.clear()
                if self._since is None:  # nor has anything begun meanwhile
                    continue
                self._working.set()
            elif not self.back and time.monotonic() - since > _SHORT:
                self.back = True
                with suppress(OSError):  # it is gone
                    priority = _LAST if self._last else _BACK
                    os.setpriority(os.PRIO_PROCESS, self._thread, priority)
            time.sleep(_SHORT / 2)


def _answered(held: _Held, given: Mapping[str, Any], out: BinaryIO) -> None:
    job: Job = _JOBS[given["job"]](**given["given"])
    try:
        body, notes = held.done(Opened(**given["opened"]), job)
    except GsefgraphError as problem:
        _write(out, {"fault": _told(problem, job.lang)})
    except MemoryError:
        os._exit(4)
    else:
        _write(out, {"size": len(body), "notes": notes}, body)


class _Held:
    """The graph that was asked last."""

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._graph: Any = None

    def done(self, opened: Opened, job: Job) -> tuple[bytes, list[str]]:
        """What came of a job, and what there is to say of it.

        Errors:
            as `Graph.query`, `Graph.validate`, `Engine.update`; InputError: what was sent.
        """
        if isinstance(job, Question):
            return self.answer(opened, job)
        if isinstance(job, Record):
            return _judged(self._open(opened), job), []
        if isinstance(job, Update):
            from gsefgraph.engine import connect

            before = allow(job.longest)
            try:
                with closing(connect(opened.store)) as engine:
                    engine.update(job.text)
            finally:
                allow(before)
            return b"", []
        return _read(job), []

    def answer(self, opened: Opened, question: Question) -> tuple[bytes, list[str]]:
        """The answer as bytes, and what the engine had to say.

        Errors:
            as `Graph.query`; UsageError: more rows than it may have.
        """
        from gsefgraph.engine.embedded import Embedded
        from gsefgraph.graph.reply import reply
        from gsefgraph.sparql.protocol import asked_of

        graph = self._open(opened)
        base = opened.base or question.base
        noted = question.notes or not isinstance(graph.engine, Embedded)

        def ask(text: str) -> tuple[bytes, list[str]]:
            if noted:
                return _noted(graph, text, question, base)
            body = reply(graph, graph.engine, text, question.format, most=question.rows, base=base)
            return body, []

        text = question.text
        chosen = asked_of(text, question.default, question.named)
        try:
            return ask(chosen)
        except SyntaxFault:
            if chosen != text:
                ask(text)  # which says where in what was written
            raise

    def _open(self, opened: Opened) -> Any:
        if self._opened != opened:
            from gsefgraph.graph.graph import Graph
            from gsefgraph.rdf.reading import Reading

            if self._graph is not None:
                self._graph.close()
            # The address of a file of ours is nobody's affair.
            base = opened.base or "file:///"
            reading = Reading(base, contexts=opened.contexts, bound=opened.bound)
            self._graph = Graph.open(
                opened.store, project=opened.project, reading=reading, warn=lambda _: None
            )
            self._opened = opened
        return self._graph


def _noted(graph: Any, text: str, question: Question, base: str | None) -> tuple[bytes, list[str]]:
    """The answer of any engine, and what there is to say to who wrote the query."""
    from gsefgraph.answers.answer import Answer, write
    from gsefgraph.graph.reply import too_many

    remote = question.seconds or None if "://" in graph.store else None
    # One line without braces would read as the name of a stored query.
    found = graph.query(f"{text}\n", timeout=remote, lang=question.lang, base=base)
    notes = [spoken(note, question.lang) for note in found.warnings]
    if not isinstance(found, Answer):
        return found.write(question.format, lang=question.lang), notes
    if len(found) > question.rows:
        raise too_many(question.rows)
    return write(found, question.format), notes


def _judged(graph: Any, record: Record) -> bytes:
    """The report on a record, and what was asked of it, as JSON."""
    from base64 import b64decode
    from pathlib import Path

    from gsefgraph.answers.answer import Answer, write
    from gsefgraph.graph.graph import Graph

    file = Path(record.name)  # in a folder of this process
    file.write_bytes(b64decode(record.content))
    try:
        report = graph.validate(file).choose(limit=record.limit or None)
        names = graph.resolver.labels(sorted(report.nodes()), record.lang)
        pieces = report.pieces(
            record.form, record.lang, lambda iri: names.get(iri, iri), warnings=True
        )
        told = {"conforms": report.conforms, "report": b"".join(pieces).decode(), "rows": ""}
        if report.conforms and record.about:
            with Graph.open(
                data=[file], project=graph.project.root, reading=graph.reading, alone=True
            ) as own:
                told["rows"] = write(cast(Answer, own.query(record.about)), "json").decode()
    finally:
        file.unlink()
    return json.dumps(told).encode()


def _read(sent: Sent) -> bytes:
    """The triples of what was sent, as N-Triples.

    Errors:
        InputError, SyntaxFault: it is no RDF of its format, or names graphs.
    """
    from base64 import b64decode

    from gsefgraph.rdf.formats import FORMATS
    from gsefgraph.rdf.reading import Reading
    from gsefgraph.records.rdf import read

    name = f"sent{FORMATS[sent.format].suffixes[0]}"
    found = read(name, data=b64decode(sent.content), reading=Reading(base=sent.base))
    if any(isinstance(quad.graph_name, NamedNode) for quad in found.quads):
        raise InputError(say("protocol.names-graphs"))
    return "".join(dict.fromkeys(f"{quad.triple} .\n" for quad in found.written)).encode()


def _told(problem: GsefgraphError, lang: str) -> dict[str, object]:
    """An error as data: its class, its text without the place, and the place."""
    return {
        "kind": type(problem).__name__,
        "message": problem.said(lang),
        "line": problem.line,
        "column": problem.column,
    }


def _write(out: BinaryIO, said: Mapping[str, object], body: bytes = b"") -> None:
    out.write(_line(said) + body)
    out.flush()


_JOBS: Final = {kind.__name__: kind for kind in (Question, Sent, Record, Update)}


def give(opened: Opened, job: Job) -> bytes:
    """The line that gives a job to a process."""
    return _line({"job": type(job).__name__, "given": _data(job), "opened": _data(opened)})


def _line(said: Mapping[str, object]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _data(told: Opened | Job) -> dict[str, object]:
    """As `dataclasses.asdict`, without copies."""
    return {name: getattr(told, name) for name in told.__slots__}


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Strangers' queries in processes of their own: ended in time, replaced, shared out."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad

from gsefgraph.errors import EngineError, QueryTimeout, RefusedAccess, SyntaxFault, UsageError
from gsefgraph.graph.graph import Graph
from gsefgraph.web.process import Process
from gsefgraph.web.turns import Busy
from gsefgraph.web.worker import Question
from gsefgraph.web.workers import Workers

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d a ?f }"
LATER = 2.0  # seconds after the deadline; test_web_hostile.py has less, on a quiet machine


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.open()


@pytest.fixture(scope="module")
def calm(graph: Graph) -> Iterator[Workers]:
    """For what brings none of them down."""
    made = Workers(1)
    yield made
    made.close()


@pytest.fixture
def workers(graph: Graph) -> Iterator[Workers]:
    made = Workers(2)
    ask(made, graph, "ASK {}")  # the graph is on disk, and one process is there
    yield made
    made.close()


def answer(
    workers: Workers, graph: Graph, question: Question, generation: int = 1, client: str = ""
) -> bytes:
    return asyncio.run(workers.answer(graph, generation, question, client)).body


@contextmanager
def taken(workers: Workers, client: str) -> Iterator[None]:
    """A place that somebody has."""
    turn = workers._turns.take(client, list)
    assert turn.has
    yield
    workers._turns.leave(turn)


def ask(workers: Workers, graph: Graph, text: str, client: str = "", **more: object) -> object:
    question = Question(text, "json", **more)  # type: ignore[arg-type]
    found = json.loads(answer(workers, graph, question, client=client))
    return found.get("boolean", found.get("results"))


def rows(workers: Workers, graph: Graph, generation: int) -> int:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    return int(answer(workers, graph, Question(text, "csv"), generation).split()[1])


def children() -> set[int]:
    """Processes that work for this one."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if b"gsefgraph.web.worker" in words and int(parent) == os.getpid():
            found.add(int(process.name))
    return found


def test_what_is_asked_is_what_the_graph_answers(calm: Workers, graph: Graph) -> None:
    text = "SELECT ?s ?l { ?s a gsef:Event ; skos:prefLabel ?l } ORDER BY ?s ?l"
    from gsefgraph.answers.answer import Answer, write

    here = graph.query(text)
    assert isinstance(here, Answer)
    assert answer(calm, graph, Question(text, "json")) == write(here, "json")


def test_a_query_ends_at_its_deadline_and_leaves_nothing(workers: Workers, graph: Graph) -> None:
    workers.seconds = 0.5
    before, began = children(), time.monotonic()
    with pytest.raises(QueryTimeout):
        ask(workers, graph, SLOW)
    assert time.monotonic() - began < 0.5 + LATER
    gone = time.monotonic() + 5
    while before <= children() and time.monotonic() < gone:
        time.sleep(0.05)
    assert len(before - children()) == 1
    workers.seconds = 10
    assert ask(workers, graph, "ASK {}") is True


def test_who_works_may_die_and_nobody_else_notices(workers: Workers, graph: Graph) -> None:
    told: list[object] = []

    def wait() -> None:
        try:
            ask(workers, graph, SLOW, "a")
        except EngineError as error:
            told.append(error)

    one = workers._idle[0]._process.pid
    waiting = threading.Thread(target=wait)
    waiting.start()
    while workers._idle:  # it has what to do
        time.sleep(0.01)
    time.sleep(0.2)
    assert ask(workers, graph, "ASK {}", "b") is True
    os.kill(one, signal.SIGKILL)
    waiting.join(5)
    assert [type(error) for error in told] == [EngineError]
    assert "brought down the process" in str(told[0])
    assert ask(workers, graph, "ASK {}", "a") is True


def test_one_that_died_with_nothing_to_do_is_replaced(workers: Workers, graph: Graph) -> None:
    idle = workers._idle[0]
    os.kill(idle._process.pid, signal.SIGKILL)
    idle._process.wait(5)
    assert ask(workers, graph, "ASK {}") is True


def test_a_start_that_nobody_waits_for_is_there_for_who_comes_next(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process starts in 0.15 s: ended each time, there would never be one."""
    made, started, start = Workers(1, seconds=0.15), [], Process.start

    async def counted(*given: Any) -> Process:
        started.append(given)
        return await start(*given)

    monkeypatch.setattr(Process, "start", counted)

    async def until_one_answers() -> int:
        late = 0
        while late < 100:
            try:
                await made.answer(graph, 1, Question("ASK {}", "json"))
            except QueryTimeout:
                late += 1
                made.seconds = 60.0  # what is asked of the process now shall not be late
            else:
                return late
        return late

    try:
        assert 0 < asyncio.run(until_one_answers()) < 100
        assert len(children()) >= 1
        assert not made._downs
        assert len(started) == 1
    finally:
        made.close()


def test_a_start_that_ends_with_its_loop_leaves_no_process(graph: Graph) -> None:
    made, before = Workers(1, seconds=0.001), children()
    for _ in range(3):
        with pytest.raises(QueryTimeout):
            ask(made, graph, "ASK {}")
        gc.collect()  # a process that nobody holds would be told of
    until = time.monotonic() + 10
    while children() - before and time.monotonic() < until:
        time.sleep(0.05)
    assert children() <= before
    made.close()


def test_where_no_process_can_start_one_may_ask_later(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    made = Workers(1)
    with monkeypatch.context() as patched:
        patched.setattr("gsefgraph.web.process.subprocess.Popen", full)
        for _ in range(3):
            with pytest.raises(Busy):
                ask(made, graph, "ASK {}")
    assert ask(made, graph, "ASK {}") is True
    made.close()


def test_memory_has_a_bound(graph: Graph) -> None:
    few = Workers(1, memory=3 * 2**29, seconds=60)
    long = f"CONCAT(STR(?a), '{'x' * 2000}', STR(?d))"
    text = f"SELECT ?x {{ ?a ?b ?c . ?d ?e ?f BIND({long} AS ?x) }} ORDER BY ?x"
    try:
        with pytest.raises(EngineError) as caught:
            ask(few, graph, text)
        assert type(caught.value) is EngineError
        assert ask(few, graph, "ASK {}") is True
    finally:
        few.close()


def test_one_client_leaves_a_process_to_others(workers: Workers, graph: Graph) -> None:
    workers.seconds = 5
    late: list[object] = []

    def wait() -> None:
        try:
            ask(workers, graph, SLOW, "greedy")
        except QueryTimeout as error:
            late.append(type(error))

    greedy = [threading.Thread(target=wait) for _ in range(4)]
    for thread in greedy:
        thread.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert ask(workers, graph, "ASK {}", "modest") is True
    assert time.monotonic() - began < 4
    for thread in greedy:
        thread.join()
    # One was ended; most of the others did not have their turn in time.
    assert len(late) == 4
    assert {QueryTimeout, Busy} == {*late}


def test_a_queue_has_an_end(calm: Workers, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gsefgraph.web.turns.EACH", 0)
    with taken(calm, "a"):
        began = time.monotonic()
        with pytest.raises(Busy):
            ask(calm, graph, "ASK {}", "a")
        assert time.monotonic() - began < 0.9


def test_many_wait_and_no_thread_does(calm: Workers, graph: Graph) -> None:
    ask(calm, graph, "ASK {}")

    async def together() -> list[bytes]:
        asked = [
            calm.answer(graph, 1, Question(f"SELECT ({n} AS ?n) {{}}", "csv"), "a")
            for n in range(100)
        ]
        answers = asyncio.gather(*asked)
        await asyncio.sleep(0)
        assert threading.active_count() - before < 3
        return [answer.body for answer in await answers]

    before = threading.active_count()
    assert asyncio.run(together()) == [f"n\r\n{n}\r\n".encode() for n in range(100)]


def test_an_answer_may_be_more_than_a_pipe_holds(calm: Workers, graph: Graph) -> None:
    question = Question("SELECT * { ?s ?p ?o }", "json")
    large = answer(calm, graph, question)
    assert len(large) > 2**17
    assert large == answer(calm, graph, question)
    with pytest.raises(SyntaxFault):
        ask(calm, graph, "ASK {")


def test_a_turn_that_does_not_come_in_time_is_no_turn(calm: Workers, graph: Graph) -> None:
    async def waiting() -> None:
        await calm.answer(graph, 1, Question("ASK {}", "json"), "a")

    ask(calm, graph, "ASK {}")
    with pytest.MonkeyPatch.context() as patch, taken(calm, "a"):
        patch.setattr(calm, "seconds", 0.2)
        with pytest.raises(Busy):
            asyncio.run(waiting())
    asyncio.run(waiting())


def test_who_brings_processes_down_has_others_to_itself_that_step_back(graph: Graph) -> None:
    few = Workers(3)
    try:
        for _ in range(2):
            few.seconds = 2
            with pytest.raises(QueryTimeout):
                ask(few, graph, SLOW, "greedy")
            few.seconds = 10
            assert ask(few, graph, "ASK {}", "modest") is True
        (modest,) = few._idle
        assert not modest.behind
        for client in ("greedy", "modest", "greedy", "other", "greedy"):
            assert ask(few, graph, "ASK {}", client) is True
        assert len(few._idle) == 2
        greedy = next(process for process in few._idle if process is not modest)
        assert greedy.behind
        pids = greedy._process.pid, modest._process.pid
        behind, before = (os.getpriority(os.PRIO_PROCESS, pid) for pid in pids)
        assert behind > before
        if sys.platform == "linux":
            cores, own = map(os.sched_getaffinity, pids)
            assert len(cores) == 1
            assert own == os.sched_getaffinity(0)
    finally:
        few.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own here")
def test_what_takes_long_steps_back_and_what_follows_does_not(graph: Graph) -> None:
    few = Workers(1, seconds=120)
    try:
        ask(few, graph, "ASK {}")
        tasks = Path("/proc", str(few._idle[0]._process.pid), "task")

        def back() -> set[str]:
            found = set()
            for stat in tasks.glob("*/stat"):
                with suppress(OSError):  # it has ended meanwhile
                    if stat.read_text().rpartition(")")[2].split()[16] == "10":
                        found.add(stat.parent.name)
            return found

        def comes(wanted: Callable[[], bool]) -> bool:
            until = time.monotonic() + 5
            while not wanted() and time.monotonic() < until:
                time.sleep(0.01)
            return wanted()

        # Where opening the graph takes long, threads of the engine begin behind, and stay.
        time.sleep(0.3)
        before = back()
        asking = threading.Thread(target=lambda: ask(few, graph, LONG))
        asking.start()
        assert comes(lambda: bool(back() - before))
        asking.join()
        assert ask(few, graph, "ASK {}") is True
        assert comes(lambda: back() <= before)
    finally:
        few.close()


@pytest.mark.parametrize(
    ("text", "error", "place"),
    [
        ("ASK {\n ?s FILTRE }", SyntaxFault, (2, 5)),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", RefusedAccess, (1, 12)),
        ("DELETE WHERE { ?s ?p ?o }", UsageError, None),
        ("observers", SyntaxFault, (1, 1)),
        ("SELECT * { ?s ?p ?o }", UsageError, None),
        (f"ASK {{ {'{' * 2200} {'}' * 2200} }}", UsageError, (1, 106)),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_found(
    calm: Workers, graph: Graph, text: str, error: type[Exception], place: tuple[int, int] | None
) -> None:
    with pytest.raises(error) as caught:
        ask(calm, graph, text, rows=100)
    found = caught.value
    assert (found.line, found.column) == (place or (None, None))  # type: ignore[attr-defined]


def test_a_graph_that_has_changed_is_asked_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<urn:a> <urn:p> 'x' .\n".replace("'", '"'))
    one = Graph.open(data=[file], alone=True)
    few = Workers(1)
    try:
        assert rows(few, one, 1) == 1
        a = NamedNode("urn:a")
        two = Graph.open(data=[file], alone=True)
        two.engine.load([Quad(a, a, a, NamedNode("urn:g"))])
        assert rows(few, two, 2) == 2
    finally:
        few.close()


def test_a_process_has_no_network() -> None:
    """Neither in a network of its own nor, where that is not allowed, by a filter."""
    code = (
        "import ctypes, socket, sys; from gsefgraph import limits\n"
        "cut = limits.isolate() if sys.argv[1] == 'both' else "
        "limits._without_sockets(ctypes.CDLL(None, use_errno=True))\n"
        "print(cut)\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[2])), 2); print('reached')\n"
        "except OSError as error: print('refused')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        for way in ("both", "filter"):
            done = subprocess.run(
                [sys.executable, "-c", code, way, port], capture_output=True, text=True, check=True
            )
            if done.stdout.split()[0] == "False":
                pytest.skip(f"this system does not allow it ({way})")
            assert done.stdout.split() == ["True", "refused"], way

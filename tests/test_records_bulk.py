"""The reader of large files: its cases in readers_suite.py, and that it holds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Quad

from gsefgraph.errors import SyntaxFault
from gsefgraph.records import bulk
from tests.readers_suite import ReaderSuite, write


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LARGE", 0)


class TestBulk(ReaderSuite):
    reader = "bulk"

    def read(self, file: Path) -> Iterator[tuple[Quad, None]]:
        return ((quad, None) for quad in bulk.quads(file))


def test_it_comes_quad_by_quad(tmp_path: Path) -> None:
    stream = bulk.quads(write(tmp_path, "<a:s> <a:p> <a:o> .\n" * 2 + "broken"))
    assert next(stream).subject.value == "a:s"
    with pytest.raises(SyntaxFault, match=r"a.nq:3:1: not N-Quads"):
        list(stream)

from __future__ import annotations

from pathlib import Path

import pytest

from gsefgraph.errors import InputError, SyntaxFault
from gsefgraph.records import bulk, rdf


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bulk, "LARGE", 10)
    return tmp_path / "large.nq"


def test_a_large_file_is_read_as_a_small_one(large: Path) -> None:
    large.write_text("".join(f'<a:s{n}> <a:p> "é{n}"@fr <a:g> .\n' for n in range(500)))
    assert tuple(bulk.quads(large)) == rdf.read(large).quads


def test_it_comes_quad_by_quad(large: Path) -> None:
    large.write_text("<a:s> <a:p> <a:o> .\n" * 2 + "broken")
    stream = bulk.quads(large)
    assert next(stream).subject.value == "a:s"
    with pytest.raises(SyntaxFault, match=r"large.nq:3:1: not N-Quads"):
        list(stream)


def test_what_it_is_not_is_said_first(large: Path) -> None:
    large.write_text('{"@id": "https://e.example/a"}')
    with pytest.raises(InputError, match="looks like JSON-LD"):
        list(bulk.quads(large))
    with pytest.raises(InputError, match="no such file"):
        list(bulk.quads(large.with_name("none.nq")))
    page = large.with_suffix(".jsonld")
    page.write_text('{"@context": "https://127.0.0.1/x"}')
    with pytest.raises(Exception, match="would have to be fetched"):
        list(bulk.quads(page))

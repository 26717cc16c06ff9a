"""The guides show what their commands print, one page each, and their Python runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from gsefgraph.docs import guides

GUIDES = guides.guides()


@pytest.mark.parametrize("path", GUIDES, ids=[path.name for path in GUIDES])
def test_what_a_guide_shows_is_what_is_printed(path: Path) -> None:
    text = path.read_text("utf-8")
    assert guides.written(text) == text


@pytest.mark.parametrize("path", GUIDES, ids=[path.name for path in GUIDES])
def test_a_guide_has_a_title_and_is_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(r"# [^\n]+\n\n", text)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    assert len(prose.split()) < 450


def test_the_three_readers_have_theirs() -> None:
    names = {path.name for path in GUIDES}
    officer = {
        f"{name}.{lang}.md" for lang in ("en", "fr", "es") for name in ("officer", "records")
    }
    assert names == officer | {"researcher.md", "steward.md"}


def test_the_python_of_the_researcher_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    root = GUIDES[0].parent.parent
    monkeypatch.chdir(root)
    monkeypatch.delenv("GSEFGRAPH_LANG", raising=False)
    failed, tried = doctest.testfile(str(root / "docs" / "researcher.md"), module_relative=False)
    assert (failed, tried > 5) == (0, True)

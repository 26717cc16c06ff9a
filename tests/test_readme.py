"""The tour in the README shows what the commands print, and its Python runs."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TOUR = re.search(r"```\n(\$ .*?)```", README, re.S)
STEPS = re.findall(r"\$ ([^\n]+)\n(.*?)(?=\$ |\Z)", TOUR[1], re.S) if TOUR else []


def test_the_two_commands_come_first() -> None:
    first, second = README.splitlines()[:2]
    assert first.strip().startswith("make demo")
    assert second.strip().startswith("make test")
    assert len(STEPS) == 4


@pytest.mark.parametrize(("command", "output"), STEPS, ids=[step[0][:50] for step in STEPS])
def test_the_tour(command: str, output: str) -> None:
    folder = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=env, check=True
    )
    assert done.stdout.rstrip("\n") == output.rstrip("\n")


def test_the_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (failed, tried > 4) == (0, True)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_page_of_the_tests_names_each_file() -> None:
    page = (ROOT / "tests" / "README.md").read_text("utf-8")
    general, _, validation = page.partition("\nOf `test_shacl_*`:")
    rows = "".join(re.findall(r"^\| (.*?) \|", general, re.M))
    globs = set(re.findall(r"`(test_[\w*]+)`", rows)) - {"test_shacl_*"}
    rows = "".join(re.findall(r"^\| (.*?) \|", validation, re.M))
    globs |= {f"test_shacl_{name}" for name in re.findall(r"`([\w*]+)`", rows)}
    found = {glob: set((ROOT / "tests").glob(f"{glob}.py")) for glob in globs}
    assert {glob for glob, files in found.items() if not files} == set()
    assert set().union(*found.values()) == set((ROOT / "tests").glob("test_*.py"))

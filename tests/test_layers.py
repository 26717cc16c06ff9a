"""Imports point downward only, modules stay small, and nothing heavy loads before its time."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gsefgraph"
PLAN = re.compile(r"^    ([a-z_]+(?: [a-z_]+)*)(?:  .*)?$")
LONG: dict[str, str] = {}  # modules above 600 lines, each with the reason


def layers() -> list[list[str]]:
    """The rooms of each line of the plan in CONTRIBUTING.md, from the top down."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    plan = text.partition("from the top down")[2].partition("`tests/test_layers.py`")[0]
    return [m[1].split() for line in plan.splitlines() if (m := PLAN.match(line))]


LAYERS = layers()
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def level(name: str) -> int:
    for number, layer in enumerate(LAYERS):
        if name in layer:
            return number
    raise AssertionError(f"{name} has no place in the plan of CONTRIBUTING.md")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gsefgraph"):
            for alias in node.names:
                below = PACKAGE.joinpath(*(node.module or "").split(".")[1:])
                inner = (below / f"{alias.name}.py").is_file() or (below / alias.name).is_dir()
                found.add(f"{node.module}.{alias.name}" if inner else node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("gsefgraph")}
    return found


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downward(path: Path) -> None:
    own = room(name_of(path))
    for target in imports(path):
        assert level(room(target)) >= level(own), f"{name_of(path)} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_small_and_documented(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 600 or name_of(path) in LONG, "what is the noun?"
    assert not text or ast.get_docstring(ast.parse(text)), "what is this module about?"


def test_few_modules_stand_in_no_room() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8, "which room is it of?"


def test_each_library_has_its_one_door() -> None:
    doors = {
        r"pyoxigraph import [^\n]*\bStore\b|\bpyoxigraph\.Store\b|\box\.Store\b": {"engine"},
        r"^\s*(?:import|from) click\b": {"cli", "docs"},
        r"^\s*(?:import|from) rich\b": {"cli"},
        r"^\s*(?:import|from) httpx\b": {"engine"},
        r"^\s*(?:import|from) duckdb\b": {"columns"},
        r"^\s*(?:import|from) sqlite3\b": {"engine"},
        r"^\s*(?:import|from) re2\b": {"shacl"},
        r"^\s*(?:import|from) anyascii\b": {"terms"},
        r"^\s*(?:import|from) (?:starlette|uvicorn)\b": {"site", "web"},
        r"^\s*(?:import|from) xlsxwriter\b": {"answers"},
        r"^\s*(?:import|from) (?:pypdf|selectolax)\b": {"evidence"},
        r"^\s*(?:import|from) rapidfuzz\b": {"engine", "evidence", "records"},
    }
    for path in MODULES:
        for pattern, rooms in doors.items():
            if re.search(pattern, path.read_text("utf-8"), re.M):
                assert room(name_of(path)) in rooms, f"{name_of(path)}: {pattern}"


@pytest.mark.parametrize(
    ("module", "also"),
    [
        ("gsefgraph", "pyoxigraph"),
        ("gsefgraph.cli", "pyoxigraph"),
        ("gsefgraph.queries.catalogue", ""),
    ],
)
def test_start_is_light(module: str, also: str) -> None:
    heavy = (
        "rdflib owlrl pyshacl duckdb sqlite3 re2 ruamel httpx jinja2 rich pandas starlette "
        f"uvicorn xlsxwriter rapidfuzz anyascii {also}"
    )
    code = f"import sys, {module}; print(*(n for n in '{heavy}'.split() if n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.split() == []


def test_the_package_shows_its_public_names_only() -> None:
    import gsefgraph

    assert dir(gsefgraph) == ["Graph", "GsefgraphError", "__version__", "open"]


@pytest.mark.parametrize(
    "command",
    [
        "validate {example}",
        "validate",
        "--project {project} add {example}",
        "explain GSEF collaboratedWith OECD",
    ],
)
def test_what_was_asked_before_needs_no_rdflib(command: str, tmp_path: Path) -> None:
    example = ROOT / "ontology" / "examples" / "event-with-a-session.ttl"
    for _ in range(2):
        shutil.rmtree(tmp_path, ignore_errors=True)
        shutil.copytree(ROOT / "data", tmp_path / "data")
        arguments = command.format(example=example, project=tmp_path).split()
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "gsefgraph", *arguments],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "gsefgraph.cli" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("rdflib", "owlrl", "pyparsing")}


@pytest.mark.parametrize(
    ("command", "needless"),
    [
        ("--help", "hashlib gsefgraph.project gsefgraph.rdf"),
        ("query speakers", "gsefgraph.engine.syntax gsefgraph.sparql.sentences traceback"),
        ("query speakers", "gsefgraph.records.rdf gsefgraph.records.where gsefgraph.records.bulk"),
    ],
)
def test_what_a_start_does_not_need_is_not_loaded(command: str, needless: str) -> None:
    for _ in range(2):  # the first fills the cache
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "gsefgraph", *command.split()],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "gsefgraph.cli" in loaded
    assert not loaded & set(needless.split())


RECORD = """
import sys, gsefgraph
from pathlib import Path
with gsefgraph.open() as graph:
    assert graph.validate(Path("ontology/examples/place-within-a-country.ttl")).conforms
heavy = "owlrl pyshacl duckdb ruamel httpx jinja2 rich pandas selectolax rapidfuzz"
print(*(name for name in heavy.split() if name in sys.modules))
print(*(name for name in ("gsefgraph.shacl.shapes.reading", "gsefgraph.queries.catalogue")
        if name in sys.modules))
"""


def test_a_record_is_checked_with_little() -> None:
    command = [sys.executable, "-c", RECORD]
    for _ in range(2):  # the first fills the cache
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n") == ["", "", ""]

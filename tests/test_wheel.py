"""The built wheel, installed elsewhere, is the same command with its data inside."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    built = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(built, check=True, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own that sees our dependencies, and this checkout nowhere."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    python = home / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (site,) = (home / "lib").glob("python3*/site-packages")
    # Plain paths are added without their .pth files, so an editable install does not come along.
    site.joinpath("dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def run(home: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(home / "bin" / "gsefgraph"), *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        check=False,
    )


def test_the_wheel_holds_what_the_command_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern in (("ontology", "*.ttl"), ("ontology", "*.rq"), ("data", "*.*")):
        for path in (ROOT / folder).rglob(pattern):
            assert f"gsefgraph/_project/{path.relative_to(ROOT)}" in names
    assert {"gsefgraph/py.typed", "gsefgraph/shacl/differences.md"} <= names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    # What is not in git goes along where `make assets` has made it, its licence with it.
    pages = ROOT / "gsefgraph/web"
    for path in (*(pages / "static").rglob("*.*"), *(pages / "templates").rglob("*.html")):
        assert str(path.relative_to(ROOT)) in names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_the_installed_command_answers(elsewhere: Path, tmp_path: Path) -> None:
    where = run(elsewhere, "info", "-f", "json", cwd=tmp_path)
    assert where.returncode == 0, where.stderr
    asked = run(elsewhere, "query", "observers", "-f", "csv", "--lang", "fr", cwd=tmp_path)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "id/org/gsef" in asked.stdout
    valid = run(elsewhere, "validate", cwd=tmp_path)
    assert valid.returncode == 0, valid.stderr
    quotes = run(elsewhere, "evidence", cwd=tmp_path)
    assert quotes.returncode == 0, quotes.stderr


def test_an_installed_wheels_data_is_read_only(elsewhere: Path, tmp_path: Path) -> None:
    record = ROOT / "ontology" / "examples" / "place-within-a-country.ttl"
    done = run(elsewhere, "add", str(record), cwd=tmp_path)
    assert done.returncode == 2
    assert "came with the package and is not written" in done.stderr
    (tmp_path / "own" / "data").mkdir(parents=True)
    done = run(elsewhere, "add", str(record), "--project", "own", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list((tmp_path / "own" / "data").rglob("*.ttl"))


def test_the_package_is_found_in_the_wheel_alone(elsewhere: Path, tmp_path: Path) -> None:
    code = "import gsefgraph, gsefgraph.project as p; print(gsefgraph.__file__, p.find().root)"
    done = subprocess.run(
        [str(elsewhere / "bin" / "python"), "-c", code],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    file, root = done.stdout.split()
    assert str(elsewhere) in file
    assert root.endswith("_project")
    assert str(elsewhere) in root

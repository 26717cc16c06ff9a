"""What the rooms offer is shown: every public function and method in an example that runs."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "gsefgraph"
ROOMS = ("graph", "queries", "answers", "engine", "columns")
FILES = [PACKAGE / "__init__.py", PACKAGE / "shacl" / "run.py"]
FILES += [file for room in ROOMS for file in sorted((PACKAGE / room).rglob("*.py"))]
# Classes whose methods no example can run, with the reason.
EXCEPT = {
    "Engine": "a protocol: `Embedded` shows what it asks for",
    "Passage": "a protocol",
    "Remote": "it speaks to a server; tests/engine_suite.py holds it to the protocol",
    "Resolves": "a protocol",
    "Wire": "it speaks to a server",
}


def code(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """The examples of a docstring."""
    found = doctest.DocTestParser().get_examples(ast.get_docstring(node) or "")
    return "".join(example.source for example in found)


def functions(node: ast.Module | ast.ClassDef) -> list[ast.FunctionDef]:
    """The public ones; properties are no calls."""
    return [
        item
        for item in node.body
        if isinstance(item, ast.FunctionDef)
        and not item.name.startswith("_")
        and not any(ast.unparse(mark).endswith("property") for mark in item.decorator_list)
    ]


def missing(module: ast.Module) -> Iterator[str]:
    """What no example in its own docstring, its class's or its module's calls."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    for holder in (module, *classes):
        name = holder.name if isinstance(holder, ast.ClassDef) else ""
        shared = code(module) + code(holder)
        for function in functions(holder) if not name.startswith("_") else ():
            called = re.search(rf"\b{function.name}\(", shared)
            if not called and not code(function) and name not in EXCEPT:
                yield f"{name}.{function.name}".removeprefix(".")


def test_everything_public_has_an_example() -> None:
    trees = {str(file.relative_to(PACKAGE)): ast.parse(file.read_text("utf-8")) for file in FILES}
    lacking = {file: list(missing(tree)) for file, tree in trees.items()}
    assert {file: names for file, names in lacking.items() if names} == {}
    classes = {n.name for tree in trees.values() for n in tree.body if isinstance(n, ast.ClassDef)}
    assert set(EXCEPT) <= classes


def test_an_example_must_call_what_it_shows() -> None:
    tree = ast.parse(
        '"""\n>>> shown()\n"""\ndef shown(): ...\ndef not_shown(): ...\n'
        'class C:\n  """\n  >>> C().m()\n  """\n  def m(self): ...\n  def n(self): ...\n'
        "  @property\n  def p(self): ...\n  def _q(self): ...\n"
    )
    assert list(missing(tree)) == ["not_shown", "C.n"]

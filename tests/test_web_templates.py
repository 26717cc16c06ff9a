"""A template receives one documented dataclass: what it reads is there, and what is there is read.

Templates are followed as they would run, with annotations for values: through loops, macros and
what they import. What a dataclass of the web room has and no template reads was made for nothing.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, ClassVar, Union

import pytest
from jinja2 import nodes

import gsefgraph.web
from gsefgraph.web import rendering
from gsefgraph.web.addresses import Addresses
from gsefgraph.web.rendering import Frame
from gsefgraph.web.shown import Asked, Shown
from tests.browser import PAGES, STATUS
from tests.web import Web

ROOM = Path(gsefgraph.web.__file__).parent
FOLDER = ROOM / "templates"
TEMPLATES = sorted(path.name for path in FOLDER.glob("*.html"))
RECEIVES = re.compile(r"Receives pages\.([a-z_]+)\.([A-Z][A-Za-z]+)")
GLOBALS: Mapping[str, Any] = {"frame": Frame, "lang": str, "to": Addresses}
KEPT = ("list", "sort", "reverse", "reject", "select", "rejectattr", "selectattr", "unique")
ENTRY = ("first", "last")


def receives(name: str) -> type | None:
    """The dataclass that a template says it receives."""
    found = RECEIVES.search((FOLDER / name).read_text("utf-8"))
    if not found:
        return None
    module = importlib.import_module(f"gsefgraph.web.pages.{found[1]}")
    return typing.cast(type, getattr(module, found[2]))


PAGED = [name for name in TEMPLATES if receives(name)]


@cache
def hints(cls: type) -> Mapping[str, Any]:
    found = {}
    for base in reversed(cls.__mro__):
        for name, told in inspect.get_annotations(base).items():
            found[name] = meant(told, vars(sys.modules[base.__module__]))
    return found


def meant(told: Any, space: Mapping[str, Any], deep: int = 0) -> Any:
    """The type of an annotation; one that names itself is followed twice."""
    if not isinstance(told, str):
        return told
    names = [name for name in re.findall(r"\w+", told) if isinstance(space.get(name), str)]
    known = {name: meant(space[name], space, deep + 1) if deep < 2 else Any for name in names}
    try:
        return eval(told, {**space, **known})
    except NameError as error:  # what is imported for annotations alone
        return meant(told, {**space, error.name: _class(error.name)}, deep)


def _class(name: str) -> Any:
    made = [vars(module).get(name) for key, module in sys.modules.items() if key[:9] == "gsefgraph"]
    return next(one for one in made if isinstance(one, type))


def alternatives(kind: Any) -> Iterator[Any]:
    """The types that a value may have, None left out."""
    if typing.get_origin(kind) in (Union, UnionType):
        for one in typing.get_args(kind):
            yield from alternatives(one)
    elif kind is ClassVar or typing.get_origin(kind) is ClassVar:
        yield from typing.get_args(kind) or (Any,)
    elif kind is not NoneType:
        yield kind


def either(kinds: list[Any]) -> Any:
    known = [one for kind in kinds for one in alternatives(kind)]
    return Union[tuple(known)] if known else Any  # noqa: UP007


def entry(kind: Any) -> Any:
    """The type of what a loop over a value gives."""
    found = []
    for one in alternatives(kind):
        given = [arg for arg in typing.get_args(one) if arg is not Ellipsis]
        found.append(given[0] if isinstance(typing.get_origin(one), type) and given else Any)
        if typing.get_origin(one) is tuple:
            found[-1] = either(given)
    return either(found)


@dataclass(frozen=True)
class Macro:
    node: nodes.Macro
    scope: dict[str, Any]


@dataclass(frozen=True)
class Method:
    gives: Any


@dataclass
class Reading:
    """What templates read of dataclasses, and what is not there."""

    read: set[tuple[type, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _done: set[tuple[int, str]] = field(default_factory=set)
    _name: str = ""

    def template(self, name: str, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Follow a template; returns what its end knows, macros among it."""
        source = (FOLDER / name).read_text("utf-8")
        before, self._name = self._name, name
        known = dict(scope)
        if name != "parts.html" and "parts" not in known:
            known["parts"] = self.template("parts.html", GLOBALS)
        self._all(rendering._environment().parse(source).body, known)
        self._name = before
        return known

    def _all(self, found: list[Any], scope: dict[str, Any]) -> None:
        for node in found:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        match node:
            case nodes.For():
                inner = dict(scope) | {"loop": Any}
                self._bind(node.target, entry(self.value(node.iter, scope)), inner)
                if node.test:
                    self.value(node.test, inner)
                self._all(node.body, inner)
                self._all(node.else_, scope)
            case nodes.If():
                self.value(node.test, scope)
                self._all([*node.body, *node.elif_, *node.else_], scope)
            case nodes.Assign():
                self._bind(node.target, self.value(node.node, scope), scope)
            case nodes.AssignBlock():
                self._all(node.body, scope)
                self._bind(node.target, str, scope)
            case nodes.Macro():
                scope[node.name] = Macro(node, scope)
            case nodes.Import():
                name = typing.cast(nodes.Const, node.template).value
                known = {key: scope[key] for key in ("parts",) if key in scope}
                scope[node.target] = self.template(name, {**GLOBALS, **known})
            case nodes.Extends():
                pass
            case nodes.Block():
                self._all(node.body, dict(scope))
            case nodes.Output():
                for one in node.nodes:
                    self.value(one, scope)
            case nodes.TemplateData():
                pass
            case _:
                raise AssertionError(f"{self._name}: a {type(node).__name__} is not followed yet")

    def _bind(self, target: nodes.Node, kind: Any, scope: dict[str, Any]) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            for place, item in enumerate(target.items):
                self._bind(item, self._item(kind, place), scope)

    @staticmethod
    def _item(kind: Any, place: int) -> Any:
        found = []
        for one in alternatives(kind):
            given = typing.get_args(one)
            if typing.get_origin(one) is tuple and given and given[-1] is not Ellipsis:
                found.append(given[place])
            else:
                found.append(entry(one))
        return either(found)

    def value(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        """The type of an expression, all that it reads noted."""
        match node:
            case nodes.Name():
                return scope.get(node.name, Any)
            case nodes.Const():
                return type(node.value)
            case nodes.Getattr():
                return self._attribute(self.value(node.node, scope), node.attr)
            case nodes.Getitem():
                self.value(node.arg, scope)
                kind = self.value(node.node, scope)
                known = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int)
                return self._item(kind, node.arg.value) if known else entry(kind)  # type: ignore[attr-defined]
            case nodes.Call():
                return self._call(node, scope)
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.CondExpr():
                self.value(node.test, scope)
                both = [one for one in (node.expr1, node.expr2) if one]
                return either([self.value(one, scope) for one in both])
            case nodes.And() | nodes.Or():
                return either([self.value(one, scope) for one in (node.left, node.right)])
        for one in node.iter_child_nodes():
            self.value(one, scope)
        return Any

    def _attribute(self, kind: Any, name: str) -> Any:
        if isinstance(kind, dict):  # an imported template
            return kind[name]
        found, missing = [], []
        for one in alternatives(kind):
            if typing.get_origin(one) in (Mapping, dict) and name == "items":
                found.append(Method(tuple[tuple[typing.get_args(one)], ...]))  # type: ignore[misc]
            elif one is Any or not isinstance(one, type) or one.__module__ == "builtins":
                found.append(Any)
            elif name in hints(one):
                self.read.add((one, name))
                found.append(hints(one)[name])
            elif (own := inspect.getattr_static(one, name, None)) is not None:
                self.read.add((one, name))
                found.append(_given(own))
            else:
                missing.append(one)
        if missing and not found:
            self.faults.append(f"{self._name}: {missing[0].__name__} has no {name!r}")
        methods = [one for one in found if isinstance(one, Method)]
        return methods[0] if methods else either(found)

    def _call(self, node: nodes.Call, scope: dict[str, Any]) -> Any:
        called = self.value(node.node, scope)
        given = [self.value(one, scope) for one in node.args]
        named = {one.key: self.value(one.value, scope) for one in node.kwargs}
        if isinstance(called, Method):
            return called.gives
        if not isinstance(called, Macro):
            return Any
        key = (id(called.node), repr((given, named)))
        if key not in self._done:
            self._done.add(key)
            names = [one.name for one in called.node.args]
            rest = names[len(names) - len(called.node.defaults) :]
            known = {
                name: self.value(one, called.scope)
                for name, one in zip(rest, called.node.defaults, strict=True)
            }
            known |= dict(zip(names, given, strict=False)) | named
            self._all(called.node.body, {**called.scope, **known})
        return str

    def _filter(self, node: nodes.Filter, scope: dict[str, Any]) -> Any:
        kind = self.value(node.node, scope) if node.node else Any
        for one in node.args:
            self.value(one, scope)
        named = {one.key: one.value for one in node.kwargs}
        attribute = named.get("attribute") or (
            node.args[0] if node.args and node.name in ("selectattr", "rejectattr") else None
        )
        read = Any
        if isinstance(attribute, nodes.Const) and isinstance(attribute.value, str):
            read = self._attribute(entry(kind), attribute.value)
        if node.name == "map":
            return tuple[read, ...]  # type: ignore[valid-type]
        return kind if node.name in KEPT else entry(kind) if node.name in ENTRY else Any


def _given(own: Any) -> Any:
    """The type of a property, or what a method gives."""
    if isinstance(own, property) and own.fget:
        return typing.get_type_hints(own.fget).get("return", Any)
    if callable(own):
        return Method(_returns(own))
    return Any


def _returns(called: Callable[..., Any]) -> Any:
    try:
        return typing.get_type_hints(called).get("return", Any)
    except (NameError, TypeError):
        return Any


@pytest.fixture(scope="module")
def reading() -> Reading:
    found = Reading()
    found.template("base.html", {**GLOBALS, "view": Any})
    for name in PAGED:
        found.template(name, {**GLOBALS, "view": receives(name)})
    return found


def test_what_templates_read_is_there(reading: Reading) -> None:
    assert not reading.faults
    assert len(reading.read) > 100


def test_what_is_made_for_templates_is_read(reading: Reading) -> None:
    reached = {cls for cls, _ in reading.read} | {receives(name) for name in PAGED}
    unread = [
        f"{cls.__module__}.{cls.__name__}.{one.name}"
        for cls in reached
        if cls and dataclasses.is_dataclass(cls) and cls.__module__.startswith("gsefgraph.web.")
        for one in dataclasses.fields(cls)
        if (cls, one.name) not in reading.read and (cls.__name__, one.name) not in ELSEWHERE
    ]
    assert not sorted(unread)


ELSEWHERE = {
    ("Addresses", "names"),
    ("Example", "classes"),  # chosen by
    ("Shown", "template"),
    ("Shown", "view"),
    ("Shown", "place"),
    ("Shown", "status"),
    ("Shown", "kept"),
}
"""Read by the page itself, `rendering` and `app`."""


@pytest.mark.parametrize("name", PAGED)
def test_what_a_template_receives_is_documented(name: str) -> None:
    cls = receives(name)
    assert cls
    assert dataclasses.is_dataclass(cls)
    text = cls.__doc__ or ""
    fields = [one.name for one in dataclasses.fields(cls)]
    silent = [one for one in fields if not re.search(rf"\b{one}\b", text)]
    assert not silent or len(fields) == 1, f"{cls.__name__} does not say what {silent} are"
    named = re.findall(r"^        ((?:[a-z_]+, )*[a-z_]+):", text, re.M)
    assert {one for line in named for one in line.split(", ")} <= {*fields, *dir(cls)}


OFFLINE = {"elsewhere.html", "everything.html", "languages.html"}
"""Of a site of files, which has tests of its own."""


def test_every_template_is_tried_in_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, type] = {}
    page = rendering.page

    def noting(shown: Shown, asked: Asked) -> str:
        made[f"{shown.template}.html"] = type(shown.view)
        return page(shown, asked)

    monkeypatch.setattr(rendering, "page", noting)
    web = Web()
    for name, path in PAGES.items():
        assert web.get(path).status_code == STATUS.get(name, 200), path
    assert made == {name: receives(name) for name in PAGED if name not in OFFLINE}

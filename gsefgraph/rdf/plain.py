"""Plain data as JSON: dataclasses, named tuples, tuples, sets, maps by text, and terms of RDF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode


def dump(value: object) -> bytes:
    """Data as JSON in UTF-8.

    Errors:
        TypeError: something in it is no plain data.
    """
    return json.dumps(_written(value), ensure_ascii=False, separators=(",", ":")).encode()


def load(content: bytes, classes: Iterable[type]) -> Any:
    """What `dump` was given.

    Parameters:
        content: as `dump` gave it.
        classes: the dataclasses and named tuples that may stand in it.

    Errors:
        ValueError, TypeError, LookupError: anything else.

    >>> load(dump(({"a": NamedNode("a:b")}, frozenset([1]))), [])
    ({'a': <NamedNode value=a:b>}, frozenset({1}))
    """
    makers: dict[str, Any] = {cls.__name__: cls for cls in classes}

    def read(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: read(value) for key, value in node.items()}
        if not isinstance(node, list):
            return node
        kind, *parts = node
        if kind == "iri":
            return NamedNode(*parts)
        if kind == "tuple":
            return tuple([read(part) for part in parts])
        if kind == "set":
            return frozenset([read(part) for part in parts])
        if kind == "literal":
            return _literal(*parts)
        if kind == "blank":
            return BlankNode(*parts)
        return makers[kind](*[read(part) for part in parts])

    return read(json.loads(content))


def _literal(value: str, datatype: str, language: str | None, direction: str | None) -> Literal:
    if language is None:
        return Literal(value, datatype=NamedNode(datatype))
    towards = None if direction is None else BaseDirection(direction)
    return Literal(value, language=language, direction=towards)


def _written(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, NamedNode):
        return ["iri", value.value]
    if isinstance(value, Literal):
        direction = None if value.direction is None else value.direction.value
        return ["literal", value.value, value.datatype.value, value.language, direction]
    if isinstance(value, BlankNode):
        return ["blank", value.value]
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return ["set", *sorted(map(_written, value), key=repr)]
    if isinstance(value, tuple):
        kind = type(value).__name__ if hasattr(value, "_fields") else "tuple"
        return [kind, *map(_written, value)]
    if is_dataclass(value):
        return [type(value).__name__, *(_written(getattr(value, f.name)) for f in fields(value))]
    raise TypeError(f"{type(value).__name__} is no plain data")

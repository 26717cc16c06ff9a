"""A JSON Schema of records, from the ontology and the shapes, so that an editor completes keys and
checks values while one types.

Keys are those of one language and the names of the context; what a schema cannot know, such as
whether a name is known, is told by `validate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gsefgraph.graph.skeleton import ROLES, messages
from gsefgraph.rdf.lexical import LANGSTRING
from gsefgraph.records.keys import RECORDS, WORDS, Keys, Property, called
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import GSEF, XSD
from gsefgraph.wording import LANGUAGES, say

_LANGUAGE: Final = "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema(keys: Keys, model: Model, lang: str) -> dict[str, Any]:
    """The schema, as JSON values.

    Parameters:
        model: the project's shapes.
        lang: of the keys and of what is said of them.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> made = schema(Keys.of(graph.project), graph.checks.union_model, "fr")
    >>> list(made["$defs"])[:3], made["$defs"]["Event"]["required"]
    (['value', 'text', 'Event'], ['événement'])
    >>> made["$defs"]["Event"]["properties"]["date de début"]["description"][:13]
    'La date de dé'
    """
    own = lang if lang in LANGUAGES else "en"
    kinds = {name: _record(name, keys, model, own) for name in RECORDS}
    record = {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in RECORDS]}
    return {
        "$schema": _DIALECT,
        "title": say("schema.title").text(own),
        "$defs": {"value": _VALUE, "text": _TEXT, **kinds},
        "anyOf": [record, {"type": "array", "items": record}],
    }


_VALUE: Final[Mapping[str, Any]] = {
    "description": "A name, an IRI, a record of its own, or several of these.",
    "anyOf": [
        {"type": ["string", "number", "null"]},
        {"type": "object"},
        {"type": "array", "items": {"type": ["string", "number", "object"]}},
    ],
}
_TEXT: Final[Mapping[str, Any]] = {
    "description": "A text, several, or texts by language.",
    "anyOf": [
        {"type": ["string", "number", "null"]},
        {"type": "array", "items": {"type": ["string", "number"]}},
        {"type": "object", "patternProperties": {_LANGUAGE: {}}, "additionalProperties": False},
    ],
}


def _record(name: str, keys: Keys, model: Model, lang: str) -> dict[str, Any]:
    class_ = f"{GSEF}{name}"
    first, said = called(class_)[lang], messages(model, name)
    properties: dict[str, Any] = {first: {"$ref": "#/$defs/text"}}
    for word in WORDS:
        for text in say(f"key.{word}").text(lang).split("|"):
            properties.setdefault(text, {"$ref": "#/$defs/value"})
    if name == "Event":
        plural = (say(f"key.{role}").text(lang) for role in ROLES)
        for text in (*plural, *sorted(keys.called), *(f"{text}s" for text in sorted(keys.called))):
            properties.setdefault(text, {"$ref": "#/$defs/value"})
    for prop in keys.all(class_):
        told = said.get(prop.iri.value, {}).get(lang)
        for text in dict.fromkeys((prop.called(lang), prop.name)):
            properties[text] = {**_type(prop), **({"description": told} if told else {})}
    return {
        "title": first,
        "type": "object",
        "properties": properties,
        "required": [first],
        "additionalProperties": False,
    }


def _type(prop: Property) -> dict[str, Any]:
    if prop.datatype == LANGSTRING:
        return {"$ref": "#/$defs/text"}
    if prop.datatype == f"{XSD}boolean":
        return {"type": ["boolean", "string", "null"]}
    if prop.datatype in (f"{XSD}integer", f"{XSD}decimal"):
        return {"anyOf": [{"type": ["number", "null"]}, {"type": "string", "pattern": "[0-9]"}]}
    return {"$ref": "#/$defs/value"}

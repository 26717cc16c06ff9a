"""The API described for programs that write programs: OpenAPI 3.1, made from the stored queries.

Each query has a path of its own, since each takes other parameters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from gsefgraph.queries.catalogue import StoredQuery
from gsefgraph.queries.parameters import Parameter, Type
from gsefgraph.rdf.lexical import LANGUAGE_TAG
from gsefgraph.terms import VERSION
from gsefgraph.web.protocol import queries, suggestions, validation
from gsefgraph.web.protocol.refused import PROBLEM
from gsefgraph.web.shown import Asked, File
from gsefgraph.wording import say

Json: TypeAlias = dict[str, Any]

_TEXT: Final[Json] = {"type": "string"}
_NUMBER: Final[Json] = {"type": "integer"}
_MANY: Final[Json] = {"type": "integer", "minimum": 0}
_PERHAPS: Final[Json] = {"type": ["string", "null"]}
_NAMED: Final[Json] = {"type": "string", "pattern": r"\S"}
_SCHEMAS: Final[Mapping[Type, Json]] = {
    "iri": _NAMED,
    "goal": _NAMED,
    "date": {
        "anyOf": [
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": "^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$"},
            {"type": "string", "pattern": "^(?!0000)[0-9]{4}$"},
        ]
    },
    "integer": {"type": "integer", "exclusiveMinimum": -(10**18), "exclusiveMaximum": 10**18},
    # Without control characters, and without what is no character of XML.
    "text": {
        "type": "string",
        "pattern": "^[\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*$",
    },
    "language": {"type": "string", "pattern": f"^(?:{LANGUAGE_TAG})$"},
}


def description(asked: Asked) -> File:
    """The API as OpenAPI 3.1, in the language of the page."""
    lang = asked.lang
    catalogue = asked.graph.catalogue
    every = {
        f"/api/queries/{query.name}": {"get": _question(query, lang)}
        for family in catalogue.families().values()
        for query in family
    }
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "gsefgraph",
            "version": VERSION,
            "description": say("api.about").text(lang),
        },
        "servers": [{"url": asked.address}],
        "paths": {**_fixed(lang), **every},
        "components": {"schemas": _COMPONENTS, "responses": _refusals(lang)},
    }
    return File(f"{json.dumps(body, ensure_ascii=False)}\n".encode(), "application/json")


description.addressed = True  # type: ignore[attr-defined]


def _fixed(lang: str) -> Json:
    """What is asked for whatever queries there are."""
    language = _parameter(queries.LANGUAGE, say("api.lang").text(lang))
    typed, of, _ = suggestions.TAKES
    report = _parameter(validation.OF_REPORT[1], say("api.format").text(lang))
    return {
        "/api/queries": {
            "get": _operation(
                "listQueries",
                say("api.list").text(lang),
                [language],
                {"application/json": _ref("Queries")},
                ("400", "414"),
            )
        },
        "/api/suggest": {
            "get": _operation(
                "suggest",
                say("api.suggest").text(lang),
                [
                    {**_parameter(typed, say("api.q").text(lang)), "schema": _TEXT},
                    {**_parameter(of, say("api.class").text(lang)), "schema": _TEXT},
                    language,
                ],
                {"application/json": {"type": "array", "items": _ref("Suggestion")}},
                ("400", "404", "414", "502", "503"),
            )
        },
        "/api/validate": {
            "post": {
                **_operation(
                    "validate",
                    say("api.validate").text(lang),
                    [language, report],
                    {media: {"type": "object"} for media in validation.FORMS.values()},
                    ("400", "406", "408", "413", "414", "415", "500", "502", "503"),
                ),
                "requestBody": {
                    "required": True,
                    "content": {media: {} for media in validation.TAKEN},
                },
            }
        },
        "/health": {
            "get": _operation(
                "health",
                say("api.health").text(lang),
                [],
                {"application/json": _ref("Health")},
                (),
            )
        },
    }


def _question(query: StoredQuery, lang: str) -> Json:
    triples = query.form in ("construct", "describe")
    offered = queries.offered(query)
    said = {item.name: say(f"api.{item.name}").text(lang) for item in queries.OF_ANSWER}
    own = {item.name for item in query.parameters}
    parameters = [
        _parameter(item, " ".join(filter(None, (item.called(lang) + ".", _help(item, lang)))))
        for item in query.parameters
        if item.name != "lang"
    ]
    for item in queries.OF_ANSWER:
        if item.name == "lang" or item.name not in own:
            parameters.append(_parameter(item, said[item.name], tuple(offered)))
    media = dict.fromkeys(offered.values(), _TEXT)
    if "json" in offered and not triples:
        media[offered["json"]] = _ref("Truth" if query.form == "ask" else "Answer")
    if "srj" in offered:
        media[offered["srj"]] = {"type": "object"}
    if "jsonld" in offered:
        media[offered["jsonld"]] = {"type": ["object", "array"]}
    return {
        **_operation(
            query.name,
            query.titled(lang),
            parameters,
            media,
            ("400", "404", "406", "414", "502", "503"),
        ),
        "description": query.described(lang),
        "tags": [query.family] if query.family else [],
    }


def _help(item: Parameter, lang: str) -> str:
    text = item.explained(lang) or item.takes.text(lang)
    return say("lede.sentence", text=text).text(lang)


def _parameter(item: Parameter, about: str, choices: tuple[str, ...] = ()) -> Json:
    schema = dict(_SCHEMAS[item.type])
    if item.name in ("page", "limit") and item in queries.OF_ANSWER:
        most = queries.PAGES if item.name == "page" else queries.LARGEST
        schema = {"type": "integer", "minimum": 1, "maximum": most}
    if item.type == "text" and item.choices:
        named = choices if item.name == "format" and choices else item.choices
        schema = {"type": "string", "enum": list(named)}
    if item.default is not None:
        schema["default"] = int(item.default) if item.type == "integer" else item.default
    if item.example is not None:
        schema["examples"] = [int(item.example) if item.type == "integer" else item.example]
    return {
        "name": item.name,
        "in": "query",
        "required": item.required and item not in queries.OF_ANSWER,
        "description": about,
        "schema": schema,
    }


def _operation(
    name: str,
    summary: str,
    parameters: Iterable[Json],
    media: Mapping[str, Json],
    refused: Iterable[str],
) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": {
                "description": summary,
                "content": {kind: {"schema": schema} for kind, schema in media.items()},
            },
            **{status: {"$ref": f"#/components/responses/{status}"} for status in refused},
        },
    }


def _refusals(lang: str) -> Json:
    content = {PROBLEM: {"schema": _ref("Problem")}}
    keys = ("400", "404", "406", "408", "413", "414", "415", "500", "502", "503")
    return {
        key: {"description": say(f"status.{key}").text(lang), "content": content} for key in keys
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(texts: str, optional: Mapping[str, Json] | None = None, /, **fields: Json) -> Json:
    """An object; the words of `texts` name those that are text."""
    known = {**dict.fromkeys(texts.split(), _TEXT), **fields}
    return {
        "type": "object",
        "required": list(known),
        "properties": {**known, **(optional or {})},
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_COMPONENTS: Final[Json] = {
    "Problem": _object(
        "title detail", {"line": _NUMBER, "column": _NUMBER}, status={**_NUMBER, "minimum": 400}
    ),
    "Queries": _object("", queries=_list(_ref("Query"))),
    "Query": _object(
        "name title description family form address page",
        parameters=_list(_ref("Parameter")),
        columns=_list(_ref("Column")),
        evidence={"type": "boolean"},
        formats=_list(_TEXT),
    ),
    "Parameter": _object(
        "name type label description",
        required={"type": "boolean"},
        default=_PERHAPS,
        example=_PERHAPS,
        choices=_list(_TEXT),
    ),
    "Column": _object("name head"),
    "Term": {
        "type": "object",
        "required": ["type", "value"],
        "properties": {
            "type": {"enum": ["uri", "bnode", "literal", "triple"]},
            "value": {"type": ["string", "object"]},
            "label": _TEXT,
            "xml:lang": _TEXT,
            "datatype": _TEXT,
        },
        "additionalProperties": False,
    },
    "Answer": _object(
        "query sentence",
        {"evidence": _ref("Evidence"), "next": _TEXT, "prev": _TEXT},
        columns=_list(_ref("Column")),
        rows=_list({"type": "object", "additionalProperties": _ref("Term")}),
        count=_MANY,
        page=_NUMBER,
        limit=_NUMBER,
    ),
    "Truth": _object("query sentence", boolean={"type": "boolean"}),
    "Evidence": _object("", passages=_list(_ref("Passage")), rows=_list(_list(_MANY))),
    "Passage": _object(
        "id document quote note",
        start={"type": ["integer", "null"]},
        end={"type": ["integer", "null"]},
    ),
    "Suggestion": _object("label kind name href"),
    "Health": _object("status version digest", quads=_MANY, generation=_NUMBER),
}

"""A client of reconciliation services, which knows the specification alone.

It reads the manifest, builds every other address from it, and holds each answer to what the prose
of the Reconciliation Service API 0.2 says of its shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx
import jsonschema_rs

Ask: TypeAlias = Callable[..., httpx.Response]
"""Sends a request: a method, an address, and what `httpx.Client.request` takes besides."""

TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": "^https?://[^ {}]+$"}
TEMPLATE = {"type": "string", "pattern": r"^https?://[^{} ]*\{\{id\}\}[^{} ]*$"}


def shape(required: str, optional: str = "", **own: Any) -> dict[str, Any]:
    """An object with some members and no others, texts where nothing else is said of them."""
    names = [*required.split(), *optional.split()]
    return {
        "type": "object",
        "required": required.split(),
        "properties": {name: own.get(name, TEXT) for name in names},
        "additionalProperties": False,
    }


def many(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


TYPE = shape("id name", "description broader", broader=many(shape("id name")))
ENTITY = shape("id name", "description")
SUGGEST = shape(
    "service_url service_path",
    "flyout_service_url flyout_service_path",
    service_url=URI,
    service_path={"type": "string", "pattern": "^/"},
    flyout_service_path={"type": "string", "pattern": r"\$\{id\}"},
)
SETTING = {
    "type": "object",
    "required": ["name", "label", "type"],
    "properties": {
        "name": TEXT,
        "label": TEXT,
        "type": {"enum": ["number", "text", "checkbox", "select"]},
        "help_text": TEXT,
        "choices": many(shape("value name")),
    },
}
MANIFEST = shape(
    "versions name identifierSpace schemaSpace",
    "defaultTypes documentation logo serviceVersion view feature_view preview suggest extend "
    "batchSize authentication",
    versions={"type": "array", "contains": {"const": "0.2"}},
    identifierSpace=URI,
    schemaSpace=URI,
    documentation=URI,
    logo=URI,
    defaultTypes={**many(TYPE), "minItems": 1, "uniqueItems": True},
    view=shape("url", url=TEMPLATE),
    preview=shape(
        "url width height",
        url=TEMPLATE,
        width={"type": "integer", "minimum": 1},
        height={"type": "integer", "minimum": 1},
    ),
    suggest=shape("", "entity type property", entity=SUGGEST, type=SUGGEST, property=SUGGEST),
    extend=shape(
        "",
        "propose_properties property_settings",
        propose_properties=shape("service_url service_path", service_url=URI),
        property_settings=many(SETTING),
    ),
    batchSize={"type": "integer", "minimum": 1},
)
CANDIDATE = shape(
    "id name type score match",
    "description features",
    type=many(TYPE),
    score={"type": "number", "minimum": 0, "maximum": 100},
    match={"type": "boolean"},
    features=many(shape("id value", value={"type": ["boolean", "number"]})),
)
RESULTS = {
    "type": "object",
    "additionalProperties": shape("result", result=many(CANDIDATE)),
}
SUGGESTED = {
    "entity": shape("id name", "description notable", notable=many(TYPE)),
    "type": TYPE,
    "property": shape("id name", "description"),
}
PROPOSALS = shape(
    "properties type",
    "limit",
    properties=many(shape("id name")),
    type={"type": "string"},
    limit={"type": "integer"},
)
TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$"
VALUE = {
    "oneOf": [
        shape(""),
        ENTITY,
        shape("str", str={"type": "string"}),
        shape("int", int={"type": "integer"}),
        shape("float", float={"type": "number"}),
        shape("date", date={"type": "string", "pattern": TIME}),
    ]
}
VALUES = shape(
    "meta rows",
    meta=many(
        shape("id name", "type service", type=shape("id", "name"), service=URI),
    ),
    rows={
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": many(VALUE)},
    },
)


class Client:
    """Speaks to one service.

    Parameters:
        url: of the service, which is all that a person types.
        ask: sends requests.
    """

    def __init__(self, url: str, ask: Ask) -> None:
        self.url = url
        self._ask = ask
        self.manifest: dict[str, Any] = self._json("GET", url, MANIFEST)

    def match(self, queries: dict[str, Any], method: str = "POST") -> dict[str, list[Any]]:
        """The candidates of each query (section 4.3)."""
        found = self._form(method, "queries", queries, RESULTS)
        assert found.keys() == queries.keys()
        for result in found.values():
            scores = [one["score"] for one in result["result"]]
            assert scores == sorted(scores, reverse=True)
            for one in result["result"]:
                names = [feature["id"] for feature in one["features"]]
                assert len(names) == len({*names})
        return {name: result["result"] for name, result in found.items()}

    def one(self, text: str = "", **more: Any) -> list[Any]:
        """The candidates of one query."""
        return self.match({"q": {**({"query": text} if text else {}), **more}})["q"]

    def extend(self, ids: list[str], *properties: Any, method: str = "POST") -> dict[str, Any]:
        """Values of properties of things (section 7.3)."""
        wanted = [{"id": one} if isinstance(one, str) else one for one in properties]
        told = {"ids": ids, "properties": wanted}
        found = self._form(method, "extend", told, VALUES)
        names = [one["id"] for one in wanted]
        assert [one["id"] for one in found["meta"]] == names
        assert found["rows"].keys() == {*ids}
        assert all(row.keys() == {*names} for row in found["rows"].values())
        return found

    def suggest(self, what: str, prefix: str, **more: Any) -> dict[str, Any]:
        """What may be meant by what is typed (section 6.2)."""
        told = shape("result", "cursor", result=many(SUGGESTED[what]), cursor={"type": "integer"})
        meta = self.manifest["suggest"][what]
        return self._json("GET", self._full(meta), told, params={"prefix": prefix, **more})

    def flyout(self, what: str, name: str) -> str:
        """What is shown beside a suggestion (section 6.5)."""
        meta = self.manifest["suggest"][what]
        base = meta.get("flyout_service_url", meta["service_url"])
        path = meta["flyout_service_path"].replace("${id}", quote(name, safe=""))
        told = self._json("GET", base + path, shape("id html"))
        assert told["id"] == name
        return str(told["html"])

    def proposed(self, kind: str, **more: Any) -> list[Any]:
        """The properties that things of a class may have (section 7.2)."""
        address = self._full(self.manifest["extend"]["propose_properties"])
        told = self._json("GET", address, PROPOSALS, params={"type": kind, **more})
        assert told["type"] == kind
        return list(told["properties"])

    def view(self, name: str) -> str:
        """The address of a thing for people (section 2.1)."""
        return self._filled(self.manifest["view"]["url"], name)

    def preview(self, name: str) -> str:
        """The address of what a frame shows (section 5.1)."""
        return self._filled(self.manifest["preview"]["url"], name)

    def send(self, method: str, address: str, **given: Any) -> httpx.Response:
        """An answer, which a page of any origin may read (section 3.3)."""
        origin = {"origin": "http://refine.example", "accept": "application/json"}
        answer = self._ask(method, address, headers=origin, **given)
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer

    def _form(self, method: str, field: str, told: Any, wanted: dict[str, Any]) -> Any:
        fields = {field: json.dumps(told)}
        if method == "POST":
            return self._json(method, self.url, wanted, data=fields)
        address = httpx.URL(self.url)
        return self._json(method, str(address.copy_merge_params(fields)), wanted)

    def _json(self, method: str, address: str, wanted: dict[str, Any], **given: Any) -> Any:
        if given.get("params"):
            address = str(httpx.URL(address).copy_merge_params(given.pop("params")))
        answer = self.send(method, address, **given)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/json")
        found = answer.json()
        faults = [*jsonschema_rs.validator_for(wanted).iter_errors(found)]
        assert not faults, (address, faults[0].instance_path, faults[0].message)
        return found

    @staticmethod
    def _full(meta: dict[str, str]) -> str:
        return meta["service_url"] + meta["service_path"]

    @staticmethod
    def _filled(template: str, name: str) -> str:
        return template.replace("{{id}}", quote(name, safe=""))

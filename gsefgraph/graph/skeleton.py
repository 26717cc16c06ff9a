"""A record to fill in: its keys, what each takes, and an example, from the shapes.

The keys are those that the ontology calls the properties by, in the user's language; what stands
behind `#` is what the shape of each property says, and an example that would be accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from gsefgraph.records.keys import KINDS, RECORDS, Keys, Property, called
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import GSEF, SHAPES, XSD
from gsefgraph.wording import LANGUAGES, Wording, say

NEW: Final = {name.lower(): name for name in RECORDS}
"""What a skeleton may be of, and the local name of its class."""
_FIRST: Final = ("kind", "dates", "place", "partOf", "online", "organisation", "role")
ROLES: Final = ("organiser", "partner", "speaker", "moderator")
"""Roles that the skeleton of an event asks for."""
_ASIDE: Final = frozenset(
    ("prefLabel", "startDate", "endDate", "evidence", "textDigest", "agent", "asOf", "mentions")
)


def skeleton(kind: str, keys: Keys, model: Model, lang: str, *, document: str | None = None) -> str:
    """A record without content.

    Parameters:
        kind: one of `NEW`.
        model: the project's shapes.
        lang: of the keys and of what is said of them.
        document: name or IRI of the source; its own keys stand there where it is not given.

    >>> from gsefgraph.graph.graph import Graph
    >>> graph = Graph.open()
    >>> text = skeleton("person", Keys.of(graph.project), graph.checks.union_model, "fr")
    >>> print(text.splitlines()[1].partition(". ")[0])
    personne: # le nom, tel que la source l’écrit
    """
    own = lang if lang in LANGUAGES else "en"
    lines = [f"# {say('skeleton.head').text(own)}"]
    lines += [_line(*row, own) for row in _rows(NEW[kind], keys, model, own)]
    lines += _source(document, keys, own)
    return "\n".join(lines) + "\n"


def _rows(
    name: str, keys: Keys, model: Model, lang: str
) -> Iterator[tuple[str, str, Wording | str]]:
    class_ = f"{GSEF}{name}"
    agent = name == "Membership"
    yield called(class_)[lang], _said("agent" if agent else "name", lang), _example(
        "person" if agent else KINDS[name])  # fmt: skip
    yield say("key.lang").text(lang).partition("|")[0], _said("lang", lang), lang
    shaped = {prop.name: prop for prop in keys.all(class_) if prop.name not in _ASIDE}
    said = messages(model, name)
    if name in ("Event", "Membership"):
        yield say("key.dates").text(lang).partition("|")[0], _said("dates", lang), _example("date")
    for each in sorted(shaped, key=lambda n: (_FIRST.index(n) if n in _FIRST else 99, n)):
        prop = shaped[each]
        if prop.iri.value in said:
            yield prop.called(lang), said[prop.iri.value][lang], _of(prop, name)
    if name == "Event":
        for role in ROLES:
            example = _example("org" if role in ROLES[:2] else "speaker")
            yield say(f"key.{role}").text(lang), _said(role, lang), example
        yield say("key.goals").text(lang).partition("|")[0], _said("goals", lang), "8"


def _source(document: str | None, keys: Keys, lang: str) -> list[str]:
    lines = [f"{say('key.source').text(lang)}:"]
    if document is None:
        named = {prop.name: prop for prop in keys.all(f"{GSEF}Document")}
        rows = [
            (called(f"{GSEF}Document")[lang], _said("document", lang), _example("doc")),
            (named["publishedAt"].called(lang), _said("address", lang), _example("address")),
            (named["language"].called(lang), _said("language", lang), lang),
        ]
        lines += [f"  {_line(*row, lang)}" for row in rows]
    else:
        lines.append(f"  {called(f'{GSEF}Document')[lang]}: {_written(document)}")
    quote = next(prop for prop in keys.all(f"{GSEF}Evidence") if prop.name == "quote")
    lines.append(f"  {_line(quote.called(lang), _said('quote', lang), _example('quote'), lang)}")
    return lines


def _line(key: str, said: str, example: Wording | str, lang: str) -> str:
    shown = _written(example.text(lang) if isinstance(example, Wording) else example)
    return f"{key}: # {say('skeleton.line', said=said.rstrip('.'), example=shown).text(lang)}"


def _written(text: str) -> str:
    return text if text.replace(".", "").isdecimal() else json.dumps(text, ensure_ascii=False)


def _said(name: str, lang: str) -> str:
    return say(f"skeleton.{name}").text(lang)


def _example(name: str) -> Wording:
    return say(f"example.{name}")


def _of(prop: Property, class_: str) -> Wording | str:
    """A value that a property takes."""
    if prop.name == "kind":
        return _example(_KIND_OF[class_])
    if prop.name in _OWN:
        return _example(prop.name)
    if prop.is_date:
        return _example("day")
    if prop.datatype == f"{XSD}boolean":
        return _example("boolean")
    if prop.datatype in (f"{XSD}integer", f"{XSD}decimal"):
        return "5"
    if prop.datatype:
        return _example("text")
    kind = prop.range[0].removeprefix(GSEF) if prop.range else ""
    return _example(_OTHER.get(kind, "org"))


def messages(model: Model, class_: str) -> Mapping[str, Mapping[str, str]]:
    """What the shapes of a class say of its properties.

    Parameters:
        class_: its local name.

    Returns:
        Property -> language -> sentence.

    >>> from gsefgraph.graph.graph import Graph
    >>> model = Graph.open().checks.union_model
    >>> messages(model, "Event")[f"{GSEF}online"]["en"][:40]
    'Whether an event was held online is said'
    """
    found: dict[str, dict[str, str]] = {}
    about_ = (class_, "Named", *(("Coordinates",) if class_ == "Place" else ()))
    for name, shape in model.shapes.items():
        about, dash, _ = name.removeprefix(SHAPES).partition("-")
        path = shape.path.predicate if shape.path is not None else None
        if dash and about in about_ and path is not None:
            texts = {text.language or "en": text.value for text in shape.messages}
            if set(LANGUAGES) <= texts.keys():
                found.setdefault(path, texts)
    return found


_KIND_OF: Final = {
    "Event": "event-kind", "Document": "doc-kind", "Organisation": "org-kind",
    "Place": "place-kind",
}  # fmt: skip
_OTHER: Final = {
    "Event": "other-event", "Document": "other-doc", "Organisation": "other-org",
    "Place": "other-place", "Topic": "other-topic",
}  # fmt: skip
_OWN: Final = frozenset(
    ("language", "isoCode", "lat", "long", "acronym", "role", "sameAs", "publishedAt")
)

"""How to contribute, until records can be entered on screen: the steps, and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Final

from gsefgraph.errors import UnknownName
from gsefgraph.graph.words import Ref, Words, told
from gsefgraph.terms import GSEF, SKOS, Names
from gsefgraph.web.shown import Asked, File, Link, Shown
from gsefgraph.wording import LANGUAGES, say

_DESCRIBED: Final = re.compile(r"\ba gsef:([A-Z][A-Za-z]+)\b")
_MARKS: Final = tuple(f"{tag}: " for tag in LANGUAGES)
_CLASSES: Final = (
    "Organisation", "Person", "Event", "Document", "Place", "Topic", "Participation", "Membership",
    "GoalLink", "Evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One of the project's examples.

    Attributes:
        name: of its file, without the suffix.
        about: what it shows, by language, as its head says: a line in English, others marked so.
        text: the record.
        classes: what it describes.
    """

    name: str
    about: Mapping[str, str]
    text: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Contribute:
    """What the template receives.

    Attributes:
        about: which thing something is known of, as a sentence; empty where none was named.
        record: a record to begin with.
        kinds: classes, each with its page, the number of its examples, and whether it is this one.
        examples: those of the class, or all.
    """

    about: Words
    record: str
    kinds: tuple[tuple[Link, int, bool], ...]
    examples: tuple[Example, ...]


def page(asked: Asked) -> Shown:
    """The steps; with a class in the path its examples, with ``?about=`` a record about that.

    Errors:
        UnknownName: no such class, or thing.
    """
    every = _examples(asked.graph.project.ontology / "examples")
    chosen = _class(asked.named.get("class", ""))
    about = _about(asked)
    graph = asked.graph
    labels = graph.resolver.labels([f"{GSEF}{name}" for name in _CLASSES], asked.lang)
    given = asked.values.get("about") or None
    kinds = tuple(
        (
            Link(labels[f"{GSEF}{name}"], asked.to.to(f"/contribute/{name.lower()}", about=given)),
            sum(name in each.classes for each in every.values()),
            name == chosen,
        )
        for name in _CLASSES
    )
    examples = tuple(e for e in every.values() if not chosen or chosen in e.classes)
    view = Contribute(
        about=told("contribute.about", asked.lang, thing=about) if about else (),
        record=_record(graph.names, about.iri if about else "", asked.lang),
        kinds=kinds,
        examples=examples,
    )
    title = say("web.contribute").text(asked.lang)
    trail = (Link(title, asked.to.to("/contribute")),) if chosen else ()
    heading = title
    if chosen:
        named = labels[f"{GSEF}{chosen}"]
        heading = say("contribute.of-class", kind=named).text(asked.lang)
    return Shown(
        "contribute",
        view,
        heading,
        description=say("contribute.lede").text(asked.lang),
        place="contribute",
        trail=trail,
        indexed=about is None,
    )


def example(asked: Asked) -> File:
    """An example, as a file.

    Errors:
        UnknownName: no such example.
    """
    name = asked.named["name"]
    found = _examples(asked.graph.project.ontology / "examples").get(name)
    if found is None:
        raise UnknownName(say("check.no-example", name=name[:80]))
    return File(found.text.encode(), "text/turtle; charset=utf-8", f"{name}.ttl")


def _class(slug: str) -> str:
    found = next((name for name in _CLASSES if name.lower() == slug), "")
    if slug and not found:
        raise UnknownName(say("contribute.no-class", name=slug[:80]))
    return found


def _about(asked: Asked) -> Ref | None:
    iri = asked.values.get("about", "")
    if not iri:
        return None
    node = asked.graph.resolver.resolve(f"<{iri}>")
    text, tag = asked.graph.resolver.tagged([node.value], asked.lang)[node.value]
    return Ref(node.value, text, "" if tag == asked.lang else tag)


def _record(names: Names, about: str, lang: str) -> str:
    """A record that states one thing, with the words that it rests on."""
    subject = names.compact(about) if about else "id-org:my-organisation"
    needed = {
        "gsef": GSEF,
        "skos": SKOS,
        **{f"id-{kind}": names.prefixes[f"id-{kind}"] for kind in ("doc", "evidence")},
    }
    prefix = subject.partition(":")[0]
    if prefix in names.prefixes:
        needed[prefix] = names.prefixes[prefix]
    head = "".join(f"@prefix {key}: <{value}> .\n" for key, value in sorted(needed.items()))
    return f"""{head}
{subject}
    skos:prefLabel "…"@{lang} ;
    gsef:evidence id-evidence:my-source.0-24 .

id-evidence:my-source.0-24 a gsef:Evidence ;
    gsef:source id-doc:my-source ;
    gsef:quote "…"@{lang} ;
    gsef:start 0 ;
    gsef:end 24 .
"""


def _is_comment(line: str) -> bool:
    return line.startswith("#")


@cache
def _examples(folder: Path) -> Mapping[str, Example]:
    """The examples of an ontology, by name."""
    found = {}
    for path in sorted(folder.glob("*.ttl")):
        text = path.read_text("utf-8")
        head = [line.lstrip("# ") for line in takewhile(_is_comment, text.splitlines())]
        about = {"en": head[0] if head else path.stem}
        about |= {line[:2]: line[4:] for line in head if line[:4] in _MARKS}
        classes = frozenset(_DESCRIBED.findall(text))
        found[path.stem] = Example(path.stem, about, text, classes)
    return found

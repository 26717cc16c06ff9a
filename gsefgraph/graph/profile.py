"""The page of a thing as text for a terminal, as plain values, and as one HTML file.

>>> from gsefgraph.graph.graph import Graph
>>> graph = Graph.open()
>>> print(to_text(graph.page("GSEF"), "en").splitlines()[0])
Global Social Economy Forum (GSEF) — id-org:gsef
>>> to_json(graph.show("GSEF"))["label"]
'Global Social Economy Forum'
>>> html = to_html(graph.page("GSEF", "fr"), "fr")
>>> html.count("<blockquote"), html.count("<script")
(56, 0)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.answers.footnotes import place
from gsefgraph.answers.page import template
from gsefgraph.answers.rows import plain as plain_term
from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Fact, Page, Section, When
from gsefgraph.graph.things import Statement, Thing
from gsefgraph.graph.words import Ref, Words, plain
from gsefgraph.terms import Value
from gsefgraph.wording import line, say, visible

_TEMPLATES: Final = Path(__file__).parent / "templates"


class _Notes:
    """The passages of a page, each with the number by which its facts refer to it."""

    def __init__(self) -> None:
        self.passages: dict[NamedNode, Passage] = {}

    def numbers(self, fact: Fact) -> list[int]:
        """The numbers of the passages of a fact; new ones for those that have none yet."""
        for passage in fact.passages:
            self.passages.setdefault(passage.evidence, passage)
        known = list(self.passages)
        return [known.index(passage.evidence) + 1 for passage in fact.passages]


def to_text(page: Page, lang: str) -> str:
    """A page for a terminal, passages numbered and quoted at the end.

    Parameters:
        page: in that language.
        lang: en, fr or es.
    """
    notes = _Notes()
    lines = [f"{_named(page)} — {page.compact}"]
    kinds = ", ".join(filter(None, (page.kind, *page.kinds)))
    lines += [kinds] if kinds else []
    names = [f"{tag}{say('word.colon').text(lang)} {text}" for tag, text in page.names]
    lines += [" · ".join(names)] if names else []
    if page.also_known:
        lines.append(say("page.also", names=list(page.also_known)).text(lang))
    if page.lede:
        lines += ["", _told(page.lede)]
    for section in page.sections:
        lines += ["", *_section(section, notes, lang)]
    if page.missing:
        lines += ["", say("section.missing").text(lang)]
        lines += [f"  - {gap.text}" for gap in page.missing]
    if notes.passages:
        lines.append("")
    for number, passage in enumerate(notes.passages.values(), 1):
        lines.append(f"[{number}] {_quoted(page, passage, lang)}")
    return visible("\n".join(map(_one_line, lines))) + "\n"


def _one_line(text: str) -> str:
    indent = text[: len(text) - len(text.lstrip(" "))]
    return f"{indent}{line(text.lstrip(' '))}" if text else ""


def _named(page: Page) -> str:
    return f"{page.title} ({page.acronym})" if page.acronym else page.title


def _section(section: Section, notes: _Notes, lang: str) -> Iterator[str]:
    yield f"{section.title} ({section.note})" if section.note else section.title
    for group in section.groups:
        indent = "  "
        if group.title:
            yield f"{indent}{group.title}"
            indent = "    "
        for fact in group.facts:
            for number, text in enumerate(_fact(fact, notes, lang)):
                yield f"{indent}{'    ' if number else ''}{text}"


def _fact(fact: Fact, notes: _Notes, lang: str) -> Iterator[str]:
    marks = "".join(f" [{number}]" for number in notes.numbers(fact))
    number = f"{fact.number}. " if fact.number else ""
    when, stance = _beside(fact, lang)
    yield f"{number}{when}{_told(fact.what)}{stance}{marks}"
    yield from map(_told, fact.more)
    if fact.reason and fact.reason.text:
        yield fact.reason.text
    if fact.reason and fact.reason.objection:
        yield say("page.objection", text=fact.reason.objection).text(lang)
    if fact.derivation:
        yield say("page.because", rule=fact.derivation.rule).text(lang)
        for count, premise in enumerate(fact.derivation.premises, 1):
            yield f"  {count}. {_told(premise)}"


def _beside(fact: Fact, lang: str) -> tuple[str, str]:
    """What stands before a sentence and after it: its date, and who says so."""
    stance = _stance(fact, lang)
    return f"{_when(fact.when)} — " if fact.when else "", f" ({stance})" if stance else ""


def _told(words: Words) -> str:
    """A sentence; names and titles in another language than the page's say which."""
    return "".join(
        part if isinstance(part, str) else f"{part.label}{f' ({part.lang})' if part.lang else ''}"
        for part in words
    )


def _when(when: When) -> str:
    return f"{when.text} ({when.note})" if when.note else when.text


def _stance(fact: Fact, lang: str) -> str:
    """The word for who says so; empty for what is stated, which goes without saying."""
    if fact.stance == "concluded":
        return say("page.concluded").text(lang)
    return say("page.is-derived").text(lang) if fact.stance == "derived" else ""


def _quoted(page: Page, passage: Passage, lang: str) -> str:
    document = page.document(passage)
    where = ", ".join(filter(None, (document.label if document else "", place(passage))))
    quote = say("word.quoted", quote=line(passage.quote)).text(lang) if passage.quote else ""
    text = " — ".join(filter(None, (quote, where))) or str(passage.evidence)
    note = passage.note(lang)
    return say("error.hinted", problem=text, hint=note).text(lang) if note else text


def to_html(page: Page, lang: str) -> str:
    """A page as one HTML file without scripts or other files; quotes unfold.

    Parameters:
        page: in that language.
        lang: en, fr or es.
    """

    def words(key: str, **values: object) -> str:
        return say(key, **values).text(lang)

    return template(_TEMPLATES, "page.html").render(
        page=page,
        lang=lang,
        w=words,
        plain=plain,
        place=place,
        stance=lambda fact: _stance(fact, lang),
        link=_link,
        title=_named(page),
    )


def _link(iri: str) -> str:
    """An IRI that may be a link: others, such as ``javascript:``, never are."""
    return iri if iri.startswith(("http://", "https://")) else ""


def to_fragment(page: Page, lang: str) -> str:
    """A page as a piece of HTML, for a notebook: its sentences, and links to what they name.

    >>> from gsefgraph.graph.graph import Graph
    >>> print(to_fragment(Graph.open().page("GSEF"), "en")[:40])
    <p><b>Global Social Economy Forum (GSEF)
    """
    from html import escape  # slow to import, and only a notebook needs it

    def shown(part: str | Ref) -> str:
        text = escape(visible(part if isinstance(part, str) else part.label))
        address = "" if isinstance(part, str) else escape(_link(part.iri))
        return f'<a href="{address}">{text}</a>' if address else text

    def told(words: Words) -> str:
        return "".join(map(shown, words))

    kinds = shown(", ".join(filter(None, (page.kind, *page.kinds))))
    pieces = [f"<p><b>{shown(_named(page))}</b> {kinds}</p>\n<p>{told(page.lede)}</p>\n"]
    for section in page.sections:
        facts = ((f.what, *_beside(f, lang)) for group in section.groups for f in group.facts)
        lines = "".join(
            f"<li>{shown(when)}{told(what)}{shown(stance)}</li>\n" for what, when, stance in facts
        )
        pieces.append(f"<p><b>{shown(section.title)}</b></p>\n<ul>\n{lines}</ul>\n")
    return "".join(pieces)


def to_json(thing: Thing) -> dict[str, Any]:
    """A thing as plain values: statements with their graphs, passages by node, and its page."""

    def statement(item: Statement) -> dict[str, Any]:
        found: dict[str, Any] = {
            "property": item.predicate,
            "value": _plain(item.value),
            "graphs": list(item.graphs),
        }
        if item.details:
            found["details"] = [{"property": p, "value": _plain(v)} for p, v in item.details]
        return found

    return {
        "iri": thing.iri,
        "label": thing.label,
        "kinds": list(thing.kinds),
        "stated": [statement(item) for item in thing.stated],
        "links": [statement(item) for item in thing.links],
        "derived": [statement(item) for item in thing.derived],
        "passages": {
            node: [
                {
                    "document": p.document.value if p.document else None,
                    "quote": p.quote,
                    "start": p.start,
                    "end": p.end,
                }
                for p in found
            ]
            for node, found in sorted(thing.passages.items())
        },
        "page": _page_json(thing.page),
    }


def _page_json(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "acronym": page.acronym,
        "kind": page.kind,
        "kinds": list(page.kinds),
        "names": [{"language": tag, "text": text} for tag, text in page.names],
        "alsoKnown": list(page.also_known),
        "lede": _words_json(page.lede),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "note": section.note,
                "count": section.count,
                "groups": [
                    {"title": group.title, "facts": [_fact_json(fact) for fact in group.facts]}
                    for group in section.groups
                ],
            }
            for section in page.sections
        ],
        "missing": [gap.text for gap in page.missing],
        "redirectedTo": page.redirected_to or None,
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {"stance": fact.stance, "text": _words_json(fact.what)}
    if fact.more:
        found["more"] = [_words_json(words) for words in fact.more]
    if fact.when:
        found["when"] = {
            "text": fact.when.text, "date": fact.when.datetime, "note": fact.when.note
        }  # fmt: skip
    if fact.passages:
        found["evidence"] = [passage.evidence.value for passage in fact.passages]
    if fact.reason:
        found["reason"] = {
            "text": fact.reason.text,
            "objection": fact.reason.objection,
            "language": fact.reason.lang,
            "by": fact.reason.by.iri if fact.reason.by else None,
        }
    if fact.derivation:
        premises = [_words_json(words) for words in fact.derivation.premises]
        found["derivation"] = {"rule": fact.derivation.rule, "premises": premises}
    if fact.triple:
        found["triple"] = list(fact.triple)
    return found


def _words_json(words: Words) -> dict[str, Any]:
    links = [
        {"iri": part.iri, "label": part.label, "language": part.lang or None}
        for part in words
        if isinstance(part, Ref) and part.iri
    ]
    return {"text": plain(words), "things": links}


def _plain(term: Value) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"iri": term.value}
    if isinstance(term, Literal):
        extra = {"language": term.language} if term.language else {"datatype": term.datatype.value}
        return {"text": term.value, **extra}
    return {"triple": plain_term(term)} if isinstance(term, Triple) else {"blank": term.value}

"""Makes the page of a thing: its head, its sections in a person's order, and what is missing.

>>> from gsefgraph.graph.graph import Graph
>>> with Graph.open() as graph:
...     made = graph.page("GSEF", "fr")
...     made.title, made.acronym, [section.key for section in made.sections][:3]
('Forum mondial de l’économie sociale', 'GSEF', ['events', 'people', 'partners'])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.answers.footnotes import place
from gsefgraph.engine.base import Engine
from gsefgraph.evidence import Passage
from gsefgraph.graph.page import Page, Section
from gsefgraph.graph.pages import gaps, ledes, order
from gsefgraph.graph.pages.around import DCTERMS, Around, gsef
from gsefgraph.graph.pages.sentences import statement, term_name
from gsefgraph.graph.pages.teller import Follows, Rules, nothing
from gsefgraph.graph.words import Ref, plain
from gsefgraph.records.resolve import Resolver
from gsefgraph.terms import SKOS
from gsefgraph.wording import LANGUAGES, say

IN_PLACE: Final = 40
"""Facts of a page that carry their words and proofs; the others have pages of their own."""


def page(
    engine: Engine,
    resolver: Resolver,
    node: NamedNode,
    lang: str,
    rule: Rules = lambda name: name,
    follows: Follows = nothing,
) -> Page:
    """The page of a thing.

    Parameters:
        engine, resolver: the graph.
        node: the thing.
        lang: en, fr or es.
        rule: gives the sentence of a rule by its name.
        follows: gives what is derived from triples, and whether that may not be all.
    """
    around = Around(engine, resolver, node, lang).look()
    cls = resolver.kind(node)
    stays = around.thing(node, f"{DCTERMS}isReplacedBy")
    told = order.sections(around, rule, follows)
    title, tag = around.label(node)
    sentence = statement(around, node)
    if sentence and not around.named(node):
        title, tag = plain(sentence), ""
    elif around.is_a(node, "Evidence"):
        passage = next(iter(around.passages.get(node, ())), None)
        if passage:
            title, tag = _passage_title(around, passage), ""
    names: dict[str, str] = {}
    for literal in around.values(node, f"{SKOS}prefLabel"):
        if isinstance(literal, Literal) and literal.language and literal.value != title:
            names.setdefault(literal.language, literal.value)
    order_of = {language: number for number, language in enumerate(LANGUAGES)}
    acronym = around.text(node, gsef("acronym"))[0]
    also = dict.fromkeys(
        literal.value
        for literal in around.texts(node, f"{SKOS}altLabel")
        if literal.value not in (title, acronym)
    )
    kinds = tuple(around.label(kind)[0] for kind in around.things(node, gsef("kind")))
    code = around.text(node, f"{SKOS}notation")[0]
    if code:
        title = say("question.goal", code=code, name=title).text(lang)
    count = sum(len(group.facts) for each in told for group in each.groups)
    return Page(
        iri=node.value,
        kind=term_name(around, cls.value) if cls else "",
        kinds=kinds,
        title=title,
        title_lang=tag or lang,
        acronym="" if acronym == title else acronym,
        names=tuple(sorted(names.items(), key=lambda n: (order_of.get(n[0], 9), n[0]))),
        also_known=tuple(also),
        lede=ledes.lede(around, told),
        sections=tuple(told),
        missing=tuple(gaps.missing(around, told)),
        compact=resolver.names.compact(node.value),
        redirected_to=stays.value if stays else "",
        many=count > IN_PLACE,
        documents=_documents(around, told),
    )


def _passage_title(around: Around, passage: Passage) -> str:
    """What a passage is called: where in which text."""
    where = place(passage)
    document = around.label(passage.document)[0] if passage.document else ""
    if where and document:
        return say("page.passage-of", place=where, document=document).text(around.lang)
    return document or say("page.passage").text(around.lang)


def _documents(around: Around, sections: Iterable[Section]) -> tuple[Ref, ...]:
    found = {
        passage.document: around.ref(passage.document)
        for section in sections
        for group in section.groups
        for fact in group.facts
        for passage in fact.passages
        if passage.document is not None
    }
    return tuple(sorted(found.values(), key=lambda ref: ref.iri))

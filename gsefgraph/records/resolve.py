"""Names and IRIs: which thing a name means, and what a thing is called.

A name is a preferred or alternative label, an acronym, or the slug of an IRI; accents, case and
punctuation do not count. Labels are asked of the engine once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Boolean, Engine, Row, Solutions, batches
from gsefgraph.errors import AmbiguousName, UnknownName, UsageError, closest
from gsefgraph.queries.parameters import goal_iri, looks_like_iri
from gsefgraph.rdf.digraph import reached
from gsefgraph.terms import FOREIGN, GSEF, RDFS, SKOS, Names, fold, is_iri, loosely
from gsefgraph.wording import LANGUAGES, say

# What names a thing, best first; rdfs:label is derived from the first, or all that other data has.
_NAMING = (f"{SKOS}prefLabel", f"{GSEF}acronym", f"{SKOS}altLabel", f"{RDFS}label")
# What a person is shown, best first.
_SHOWN = (
    f"{SKOS}prefLabel",
    f"{RDFS}label",
    f"{FOREIGN['schema']}name",
    f"{FOREIGN['foaf']}name",
    f"{FOREIGN['dcterms']}title",
    f"{SKOS}notation",
)
_PREFERRED = f"?thing <{_SHOWN[0]}> ?label BIND(<{_SHOWN[0]}> AS ?naming)"
_ANY_NAME = f"?thing ?naming ?label FILTER(?naming IN (<{'>, <'.join(_SHOWN[1:])}>))"
_META = ("http://www.w3.org/2002/07/owl#", RDFS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
_GOALS = (f"{FOREIGN['sdgo']}Goal", f"{FOREIGN['sdgo']}Target")
_LISTED = 6
_SHORTEST = 4  # letters of a word that is looked for with a mistake in it
_LONGEST = 80  # characters of a text that is
_NEARLY = 0.15  # of the likeness of the likest that a name may have less
_WORDS = re.compile(r"\w+")


class Found(NamedTuple):
    """One hit of a search: the thing, its label, its most specific class.

    Attributes:
        name: the name by which it was found, where its label does not hold that.
        near: whether no name holds the text, and this one is spelled much like it.
    """

    iri: NamedNode
    label: str
    kind: NamedNode | None
    name: str = ""
    near: bool = False


class _Name(NamedTuple):
    iri: str
    text: str
    key: str


def key(text: str) -> str:
    """What two spellings of one name share: its words without accents, case and punctuation.

    >>> key("Économie  sociale (et Solidaire)") == key("economie-sociale et solidaire")
    True
    """
    folded = fold(text)
    return " ".join(_WORDS.findall(folded.replace("_", " "))) or folded


class Resolver:
    """Turns names into IRIs and IRIs into labels, over any engine.

    Parameters:
        engine: answers SPARQL 1.1; its default graph is the union.
        names: the project's prefixes.
    """

    def __init__(self, engine: Engine, names: Names | None = None) -> None:
        self.engine = engine
        self.names = names or Names()
        self.forget()

    def forget(self) -> None:
        """Drop what was kept of labels and classes, as after a change of the graph."""
        self._kept: dict[tuple[str | None, str | None], tuple[_Name, ...]] = {}
        self._labels = Labels(self.names)
        self._super: dict[str, set[str]] | None = None

    def resolve(
        self, text: str, *, kind: str | None = None, scheme: str | None = None
    ) -> NamedNode:
        """The one thing that a text means.

        Parameters:
            text: an IRI, a compact IRI, the number of a goal ("ODD 8", "SDG 8.3"; "8" where a goal
                is asked for), a label, an acronym, or a slug such as ``antonella-noya``.
            kind: IRI of a class that the thing must belong to, sub-classes included.
            scheme: IRI of the SKOS concept scheme that it must be in.

        Errors:
            UnknownName: nothing bears it, with the nearest names; or an IRI that the graph does not
            know. AmbiguousName: several things bear it, listed with label and compact IRI.
        """
        wanted = text.strip()
        if looks_like_iri(wanted, self.names):
            return self._known(wanted)
        goal = goal_iri(wanted, self.names, bare=kind in _GOALS)
        if goal and (kind is None or kind in _GOALS):
            return self._known(goal)
        table = self._table(kind, scheme)
        wanted_key = key(wanted)
        # A number below none is no goal's, though names are compared without their marks.
        below = kind in _GOALS and wanted[:1] in ("-", "−")
        matches = [name for name in table if name.key == wanted_key and not below]
        exact = {name.iri for name in matches if name.text == wanted}
        things = sorted(exact if len(exact) == 1 else {name.iri for name in matches})
        if kind is None and len(things) > 1:
            # A class or property may be called like a thing; a name means the thing.
            things = [iri for iri in things if not iri.startswith(GSEF)] or things
        if len(things) == 1:
            return NamedNode(things[0])
        if things:
            raise AmbiguousName(
                say(
                    "names.ambiguous",
                    name=_short(wanted),
                    count=len(things),
                    things=self._listed(things),
                ),
                hint=say("names.give-compact"),
            )
        within = scheme or kind
        near = self._near(wanted_key, table)
        meant = self._recased(wanted)
        hint = self.beside(meant) if meant else self._listed(near) if near else None
        raise UnknownName(
            say("names.unknown-among", name=_short(wanted), within=self._listed([within]))
            if within
            else say("names.unknown", name=_short(wanted)),
            hint=say("names.did-you-mean", near=hint) if hint else None,
        )

    def _recased(self, text: str) -> NamedNode | None:
        """The IRI of a compact one whose prefix is in another case."""
        prefix, colon, local = text.partition(":")
        for known, space in self.names.prefixes.items():
            if colon and known.casefold() == prefix.casefold() and is_iri(space + local):
                return NamedNode(space + local)
        return None

    def search(self, text: str, lang: str = "en", limit: int = 20) -> list[Found]:
        """Things whose names hold a text: equal names first, then beginnings, words, any part.

        Where there are none, those whose names are spelled much like it, the likest first.

        Parameters:
            text: accents, case and punctuation do not count.
            lang: language of the labels in the answer.
            limit: most hits.

        Returns:
            Hits by rank, then by label, then by IRI; near ones by nearness.
        """
        wanted = key(text)
        words = wanted.split()
        if not words:
            return []
        found: dict[str, tuple[int, str]] = {}
        goal = goal_iri(text, self.names, bare=False)
        if goal:
            found[goal] = 0, ""
        table = self._table(None, None)
        for name in table:
            rank = _rank(name.key, wanted, words)
            if rank is not None and rank < found.get(name.iri, (4, ""))[0]:
                found[name.iri] = rank, name.text
        near = not found
        if near:
            names = self._near(wanted, table, limit)
            found = {iri: (rank, name) for rank, (iri, name) in enumerate(names.items())}
        labels = self.labels(list(found), lang)
        ordered = sorted(found, key=lambda iri: (found[iri][0], fold(labels[iri]), iri))[:limit]
        kinds = self._kinds(ordered)

        def other(iri: str) -> str:
            name = found[iri][1]
            return "" if key(name) in key(labels[iri]) or iri.endswith(name) else name

        return [Found(NamedNode(i), labels[i], kinds.get(i), other(i), near) for i in ordered]

    def label(self, iri: str | NamedNode, lang: str = "en") -> str:
        """What a thing is called: in the language, else English, French, any; else its compact IRI.

        Parameters:
            iri: a full IRI.
            lang: a language tag; a label in ``fr-CA`` serves ``fr``.
        """
        text = iri.value if isinstance(iri, NamedNode) else iri
        return self.labels([text], lang)[text]

    def named(self, iri: str | NamedNode, lang: str = "en") -> str:
        """What a thing is called and what it can be written as: its label and its compact IRI."""
        text = iri.value if isinstance(iri, NamedNode) else iri
        label, compact = self.label(text, lang), self.names.compact(text)
        return label if label == compact else f"{label} ({compact})"

    def labels(self, iris: Iterable[str | NamedNode], lang: str = "en") -> dict[str, str]:
        """What several things are called; a query or two for each few hundred.

        Returns:
            Full IRI -> label, as `label` chooses it, in the order given.
        """
        wanted = [iri.value if isinstance(iri, NamedNode) else iri for iri in iris]
        return self._labels.of(wanted, lang, self._rows)

    def kinds(self, iris: Iterable[str]) -> dict[str, NamedNode]:
        """The classes of several things, as `kind` chooses them."""
        return self._kinds(list(iris))

    def tagged(self, iris: Iterable[str], lang: str = "en") -> dict[str, tuple[str, str]]:
        """As `labels`, each with its language: empty where it has none."""
        return self._labels.tagged(iris, lang, self._rows)

    def kind(self, iri: str | NamedNode) -> NamedNode | None:
        """The most specific class of a thing, of the ontology's own where it has one."""
        text = iri.value if isinstance(iri, NamedNode) else iri
        return self._kinds([text]).get(text)

    def _known(self, text: str) -> NamedNode:
        try:
            iri = self.names.expand(text)
            node = NamedNode(iri) if is_iri(iri) else None
        except ValueError:
            node = None
        if node is None:
            raise UsageError(
                say("names.shown-not-iri", text=_short(text)), hint=say("names.write-iri")
            )
        answer = self.engine.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} }}")
        if isinstance(answer, Boolean) and answer.value:
            return node
        held = self.engine.query(f"ASK {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        compact = self.names.compact(node.value)
        if isinstance(held, Boolean) and held.value:
            raise UnknownName(
                say("names.is-graph", compact=compact),
                hint=say("names.look-graph", compact=compact),
            )
        near = self.beside(node)
        raise UnknownName(
            say("names.unknown-compact", compact=compact),
            hint=say("names.did-you-mean", near=near) if near else None,
        )

    def beside(self, node: NamedNode) -> dict[str, str] | None:
        """The known things, or graphs, that are spelled much like an IRI, in each language; None
        where none. One that differs in no more than case, scheme or a final slash is meant.
        """
        from difflib import get_close_matches

        graphs = self.names.graph("")
        if node.value.startswith(graphs):
            every = {graph.value for graph in self.engine.graphs()}
        else:
            every = {name.iri for name in self._table(None, None)}
        spelt: dict[str, list[str]] = {}
        for iri in sorted(every):
            spelt.setdefault(loosely(iri), []).append(iri)
        text = loosely(node.value)
        space = text[: max(text.rfind("/"), text.rfind("#")) + 1]
        local = {iri.removeprefix(space): iri for iri in spelt if iri.startswith(space)}
        near = [text] if text in spelt else [local[n] for n in closest(text[len(space) :], local)]
        if not near and not node.value.startswith(graphs):
            near = get_close_matches(text, spelt, n=3, cutoff=0.9)
        return self._listed(iri for each in near for iri in spelt[each]) if near else None

    def _table(self, kind: str | None, scheme: str | None) -> tuple[_Name, ...]:
        """Every name of the things of a class, of a scheme, or of all."""
        if (kind, scheme) not in self._kept:
            pattern = ""
            if kind is not None:
                classes = [kind, *(c for c, above in self._classes().items() if kind in above)]
                pattern += (
                    f"VALUES ?class {{ {references(sorted(set(classes)))} }} ?thing a ?class . "
                )
            if scheme is not None:
                pattern += f"?thing <{SKOS}inScheme> {NamedNode(scheme)} . "
            found: dict[_Name, None] = {}
            slugs: dict[str, None] = {}
            for thing, label in self._rows(
                f"SELECT DISTINCT ?thing ?label WHERE {{ {pattern}"
                f" VALUES ?naming {{ {references(_NAMING)} }} ?thing ?naming ?label }}"
            ):
                if isinstance(thing, NamedNode) and isinstance(label, Literal):
                    found[_Name(thing.value, label.value, key(label.value))] = None
                    slugs[thing.value] = None
            for iri in slugs:
                slug = re.split("[/#]", iri)[-1]
                found[_Name(iri, slug, key(slug))] = None
            self._kept[kind, scheme] = tuple(sorted(name for name in found if name.key))
        return self._kept[kind, scheme]

    def _classes(self) -> dict[str, set[str]]:
        """Class -> every class above it."""
        if self._super is None:
            above: dict[str, set[str]] = {}
            for lower, upper in self._rows(
                f"SELECT DISTINCT ?lower ?upper WHERE {{ ?lower <{RDFS}subClassOf> ?upper }}"
            ):
                if isinstance(lower, NamedNode) and isinstance(upper, NamedNode) and lower != upper:
                    above.setdefault(lower.value, set()).add(upper.value)
            self._super = {
                start: set(reached([start], lambda each: above.get(each, ()))) - {start}
                for start in above
            }
        return self._super

    def _kinds(self, iris: list[str]) -> dict[str, NamedNode]:
        classes: dict[str, set[str]] = {}
        for batch in batches([iri for iri in iris if is_iri(iri)]):
            for thing, kind in self._rows(
                f"SELECT DISTINCT ?thing ?class WHERE {{ VALUES ?thing {{ {references(batch)} }}"
                " ?thing a ?class }"
            ):
                if isinstance(thing, NamedNode) and isinstance(kind, NamedNode):
                    classes.setdefault(thing.value, set()).add(kind.value)
        above = self._classes()
        found = {}
        for iri, kinds in classes.items():
            own = [k for k in kinds if k.startswith((GSEF, FOREIGN["sdgo"]))] or [
                k for k in kinds if not k.startswith(_META)
            ] or list(kinds)  # fmt: skip
            lowest = [k for k in own if not any(k in above.get(other, ()) for other in own)]
            found[iri] = NamedNode(min(lowest or own))
        return found

    def _near(self, wanted: str, table: tuple[_Name, ...], most: int = _LISTED) -> dict[str, str]:
        """Things with a name that is spelled much like the text, or that has a word much like each
        of the text's, by that name: the likest, and what is nearly as like.
        """
        from difflib import SequenceMatcher, get_close_matches

        def alike(text: str, known: Iterable[str]) -> dict[str, float]:
            text = text[:_LONGEST]
            close = get_close_matches(text, known, n=_LISTED, cutoff=0.7)
            return {each: SequenceMatcher(None, each, text).ratio() for each in close}

        whole = alike(wanted, {name.key for name in table})
        words = wanted.split()[:_LISTED]
        known = {word for name in table for word in name.key.split()}
        # To the shortest words any is near, so they are looked for, and found, as they are.
        longer = {word for word in known if len(word) >= _SHORTEST}
        every = [
            alike(word, longer) if len(word) >= _SHORTEST else dict.fromkeys({word} & known, 1.0)
            for word in words
        ]
        scores: dict[_Name, float] = {}
        for name in table:
            held = name.key.split()
            each = [max((near.get(word, 0.0) for word in held), default=0.0) for near in every]
            score = sum(each) / len(each) if each and all(each) else 0.0
            score = max(score, whole.get(name.key, 0.0))
            if score:
                scores[name] = score
        least = max(scores.values(), default=0.0) - _NEARLY
        near = [name for name, score in scores.items() if score >= least]

        def order(name: _Name) -> tuple[float, int, bool, _Name]:
            # A mistake is seldom in the last letter.
            return -scores[name], len(name.key), name.key[-1] != wanted[-1:], name

        found: dict[str, str] = {}
        for name in sorted(near, key=order):
            found.setdefault(name.iri, name.text)
        return dict(list(found.items())[:most])

    def _listed(self, iris: Iterable[str]) -> dict[str, str]:
        """Things by label and compact IRI, in each language: who reads an error may ask for any."""
        every = list(iris)
        wanted, more = every[:_LISTED], ", …" if len(every) > _LISTED else ""

        def listed(language: str) -> str:
            return ", ".join(self.named(iri, language) for iri in wanted) + more

        return {language: listed(language) for language in LANGUAGES}

    def _rows(self, text: str) -> Iterator[Row]:
        answer = self.engine.query(text)
        if isinstance(answer, Solutions):
            yield from answer.rows


def _rank(name: str, wanted: str, words: list[str]) -> int | None:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if set(words) <= set(name.split()):
        return 2
    return 3 if all(word in name for word in words) else None


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:79]}…")


class Labels:
    """Labels of things, by IRI.

    Parameters:
        names: the project's prefixes, for things that have no label.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[str, tuple[tuple[int, str, str], ...]] = {}

    def of(
        self, iris: Iterable[str], lang: str, ask: Callable[[str], Iterable[Row]]
    ) -> dict[str, str]:
        """What things are called: in a language, else English, French, any, else compact IRIs.

        Parameters:
            iris: full IRIs.
            lang: a language tag; a label in ``fr-CA`` serves ``fr``.
            ask: answers a SELECT.

        Returns:
            IRI -> label, in the order given.
        """
        return {iri: label for iri, (label, _) in self.tagged(iris, lang, ask).items()}

    def tagged(
        self, iris: Iterable[str], lang: str, ask: Callable[[str], Iterable[Row]]
    ) -> dict[str, tuple[str, str]]:
        """As `of`, each label with its language tag in small letters."""
        wanted = dict.fromkeys(iris)
        missing = [iri for iri in wanted if iri not in self._known and is_iri(iri)]
        for batch in batches(missing):
            found: dict[str, list[tuple[int, str, str]]] = {iri: [] for iri in batch}
            # Most things have a preferred name, which is looked up; a filter serves the rest.
            for naming in (_PREFERRED, _ANY_NAME):
                nameless = [iri for iri in batch if not found[iri]]
                if nameless:
                    self._ask(nameless, naming, ask, found)
            self._known.update({iri: tuple(sorted(texts)) for iri, texts in found.items()})
        return {iri: self._best(iri, lang.lower()) for iri in wanted}

    def _ask(
        self,
        iris: list[str],
        naming: str,
        ask: Callable[[str], Iterable[Row]],
        found: dict[str, list[tuple[int, str, str]]],
    ) -> None:
        things = f"VALUES ?thing {{ {references(iris)} }}"
        rows = ask(f"SELECT DISTINCT ?thing ?naming ?label WHERE {{ {things} {naming} }}")
        for thing, name, label in rows:
            if isinstance(thing, NamedNode) and isinstance(name, NamedNode):
                if not isinstance(label, Literal) or not label.value.strip():
                    continue
                tag = (label.language or "").lower()
                found[thing.value].append((_SHOWN.index(name.value), tag, label.value))

    def _best(self, iri: str, lang: str) -> tuple[str, str]:
        texts = self._known.get(iri, ())
        for language in dict.fromkeys((lang, "en", "fr")):
            for _, tag, text in texts:
                if tag == language:
                    return text, tag
            for _, tag, text in texts:
                if tag.split("-")[0] == language.split("-")[0]:
                    return text, tag
        return (texts[0][2], texts[0][1]) if texts else (self.names.compact(iri), "")


def references(iris: Iterable[str]) -> str:
    """IRIs as SPARQL writes them.

    >>> references(["a:b", "a:c"])
    '<a:b> <a:c>'
    """
    return " ".join(f"<{iri}>" for iri in iris)

"""Names and IRIs: which thing a name means, and what a thing is called.

A name is a preferred or alternative label, an acronym, or the slug of an IRI; accents, case and
punctuation do not count. The embedded engine has an index of them, in memory and on disk. An
endpoint has none: of that all names are read, once for each class that a name is looked for in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.base import Boolean, Engine, Pattern, Row, rows
from gsefgraph.engine.embedded import Embedded
from gsefgraph.engine.names import CAP, Among, NameIndex
from gsefgraph.engine.words import NAMING, QUOTE, Name, edits, slug
from gsefgraph.errors import AmbiguousName, UnknownName, UsageError, closest
from gsefgraph.queries.parameters import goal_iri, looks_like_iri
from gsefgraph.rdf.digraph import reached
from gsefgraph.records.labels import Labels
from gsefgraph.terms import FOREIGN, GSEF, RDF, RDFS, SKOS, Names, fold, is_iri, key, loosely
from gsefgraph.wording import LANGUAGES, say

_META = ("http://www.w3.org/2002/07/owl#", RDFS, RDF)
_TYPE, _SCHEME = NamedNode(f"{RDF}type"), NamedNode(f"{SKOS}inScheme")
_GOALS = (f"{FOREIGN['sdgo']}Goal", f"{FOREIGN['sdgo']}Target")
_LISTED = 6
_SORTED = 250  # things found that are put in the order of their labels, and
_TYPED = 50  # those suggested at each key
_LONGEST = 80  # characters of a text that is looked for with mistakes in it
_SHORT = 3  # letters of a word that may be missing beside longer ones
_VOCABULARIES = (GSEF, FOREIGN["sdgo"])
_Ranked: TypeAlias = tuple[int, bool, int, str, str]
"""A rank, whether a term of a vocabulary has it, how many words the name has, its key, the name."""


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
        self._read: dict[tuple[str | None, str | None], NameIndex] = {}
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
        index, among = self._index(kind, scheme)
        wanted_key = key(wanted)
        # A number below none is no goal's, though names are compared without their marks.
        below = kind in _GOALS and wanted[:1] in ("-", "−")
        matches = [] if below else index.exact(wanted_key, among)
        if len(matches) == CAP:
            matches += index.exact(wanted_key, among, wanted)
        if len({name.iri for name in matches}) <= _LISTED:
            held = self.held([(name.iri, name.text) for name in matches])
            matches = [name for name in matches if name.iri in held]
        exact = {name.iri for name in matches if wanted in (name.text, slug(name.iri))}
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
        near = _near(wanted_key, index.near(_words(wanted_key), among))
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
            text: accents, case and punctuation do not count. A word of one or two letters is
                looked for where words begin.
            lang: language of the labels in the answer.
            limit: most hits.

        Returns:
            Hits by rank, terms of vocabularies after things, then those with the fewest words, by
            label and by IRI; near ones by nearness. Of each rank so many candidates as `names.CAP`
            are looked at, and of more than 250 things those whose name is first.
        """
        wanted = key(text)
        words = wanted.split()
        if not words:
            return []
        index, _ = self._index(None, None)
        found = self._ranked(
            text,
            limit,
            lambda: index.exact(wanted) + index.beginning(wanted),
            lambda: index.holding(words),
            lambda: index.parts(words),
        )
        if found:
            return self._found(found, lang, limit, words)
        likest = _near(wanted, index.near(_words(wanted)), limit)
        near = {iri: (rank, False, 0, "", name) for rank, (iri, name) in enumerate(likest.items())}
        return self._found(near, lang, limit, near=True)

    def suggest(
        self,
        text: str,
        lang: str = "en",
        limit: int = 10,
        *,
        kind: str | None = None,
        scheme: str | None = None,
    ) -> list[Found]:
        """Things with a name that begins with what has been typed so far, or with words that do.

        Parameters:
            text: accents, case and punctuation do not count; where there is none, all things of
                the class or scheme.
            lang, limit: as `search`.
            kind, scheme: as `resolve`.

        Returns:
            Hits in the order of `search`.

        >>> engine = Embedded()
        >>> engine.update(f'INSERT DATA {{ GRAPH <a:g> {{ <a:b> <{NAMING[0]}> "Big City"@en }} }}')
        >>> [hit.label for hit in Resolver(engine).suggest("ci")]
        ['Big City']
        """
        wanted = key(text)
        words = wanted.split()
        if not words:
            return self._found(self._all(kind, scheme), lang, limit)
        index, among = self._index(kind, scheme)
        found = self._ranked(
            text,
            limit,
            lambda: index.exact(wanted, among) + index.beginning(wanted, among),
            lambda: index.completing(words, among),
            goals=kind is None and scheme is None,
            most=_TYPED,
        )
        return self._found(found, lang, limit, words)

    def passages(self, text: str, limit: int = 20) -> list[NamedNode]:
        """The pieces of evidence whose quote holds all words of a text; the last may be begun.

        Returns:
            First those that have the words in this order and beside each other, then those that
            have the last one whole; among them the shortest first.

        >>> engine = Embedded()
        >>> engine.update(f'INSERT DATA {{ GRAPH <a:g> {{ <a:e> <{QUOTE}> "So it says." }} }}')
        >>> Resolver(engine).passages("it sa")
        [<NamedNode value=a:e>]
        """
        words = key(text).split()
        if not words:
            return []
        index, _ = self._index(None, None)

        def order(quote: Name) -> tuple[bool, bool, int, str]:
            held = f" {quote.key} "
            together = f" {' '.join(words)}" not in held
            return together, f" {words[-1]} " not in held, len(held), quote.iri

        found = sorted(index.quoted(words), key=order)
        first = list(dict.fromkeys(quote.iri for quote in found if is_iri(quote.iri)))[:limit]
        return [NamedNode(iri) for iri in first]

    def alike(self, text: str, *, kind: str | None = None) -> list[Name]:
        """Names that a text may mean: those that it is, and those that have all of its words; where
        there are none, those that have these within others, or words spelled much like some.

        Parameters:
            text: accents, case and punctuation do not count.
            kind: as `resolve`.

        >>> engine = Embedded()
        >>> engine.update(f'INSERT DATA {{ GRAPH <a:g> {{ <a:b> <{NAMING[0]}> "Big City"@en }} }}')
        >>> resolver = Resolver(engine)
        >>> [[n.text for n in resolver.alike(text)] for text in ("City, big", "Bigg City Club")]
        [['Big City'], ['Big City']]
        """
        wanted = key(text)
        words = wanted.split()
        if not words:
            return []
        index, among = self._index(kind, None)
        found = index.exact(wanted, among) + index.holding(words, among)
        if not found:
            parts = index.parts(words, among) if len(words) <= _LISTED else []
            found = parts + index.near(_words(wanted), among)
        return list(dict.fromkeys(found))

    def held(self, found: Sequence[tuple[str, str]]) -> set[str]:
        """The things that the graph knows by the names given, which may be the last part of an IRI
        or none: a large file of names is believed when it is opened, whatever a disk did to it."""
        if not isinstance(self.engine, Embedded):
            return {iri for iri, _ in found}
        held: dict[str, set[str]] = {}
        asked: list[Pattern] = [
            (NamedNode(iri), NamedNode(naming), None)
            for iri, name in found
            if name and is_iri(iri)
            for naming in NAMING
        ]
        for quad in self.engine.lookup(asked) if asked else ():
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                held.setdefault(quad.subject.value, set()).add(quad.object.value)
        return {
            iri
            for iri, name in found
            if not name or name in held.get(iri, ()) or (iri in held and name == slug(iri))
        }

    def short(self, iri: NamedNode, *, kind: str | None = None, scheme: str | None = None) -> str:
        """The shortest that `resolve` takes for a thing without quotes in a shell: the last part
        of its IRI, else its compact IRI."""
        last, compact = slug(iri.value), self.names.compact(iri.value)
        goal = goal_iri(last, self.names, bare=kind in _GOALS)
        if goal and (kind is None or kind in _GOALS):
            return last if goal == iri.value else compact
        index, among = self._index(kind, scheme)
        same = {name.iri for name in index.exact(key(last), among)}
        return last if same == {iri.value} else compact

    def _ranked(
        self,
        text: str,
        limit: int,
        *looks: Callable[[], list[Name]],
        goals: bool = True,
        most: int = _SORTED,
    ) -> dict[str, _Ranked]:
        """Things with their rank, and the name that has it; each look is for lower ranks than those
        before, and not needed where these found enough."""
        wanted = key(text)
        words = wanted.split()
        found: dict[str, _Ranked] = {}
        goal = goal_iri(text, self.names, bare=False) if goals else None
        if goal:
            found[goal] = 0, False, 0, "", ""
        for look in looks:
            for name in look():
                term, length = name.iri.startswith(_VOCABULARIES), len(name.key.split())
                rank = _rank(name.key, wanted, words), term, length, name.key, name.text
                found[name.iri] = min(rank, found.get(name.iri, rank))
            if len(found) >= limit:
                break
        most = max(limit, most)
        if len(found) > most:
            first = nsmallest(most, found.items(), key=lambda item: (*item[1][:4], item[0]))
            return dict(first)
        return found

    def _found(
        self,
        found: dict[str, _Ranked],
        lang: str,
        limit: int,
        words: Sequence[str] = (),
        *,
        near: bool = False,
    ) -> list[Found]:
        labels = self.labels(list(found), lang)
        ordered = sorted(found, key=lambda iri: (*found[iri][:3], fold(labels[iri]), iri))[:limit]
        held = self.held([(iri, found[iri][4]) for iri in ordered])
        ordered = [iri for iri in ordered if iri in held]
        kinds = self._kinds(ordered)

        def other(iri: str) -> str:
            name, label = found[iri][4], key(labels[iri])
            shown = words and all(word in label for word in words)
            return "" if shown or key(name) in label or iri.endswith(name) else name

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
        """What several things are called.

        Returns:
            Full IRI -> label, as `label` chooses it, in the order given.
        """
        wanted = [iri.value if isinstance(iri, NamedNode) else iri for iri in iris]
        return self._labels.of(wanted, lang, self.engine.lookup)

    def kinds(self, iris: Iterable[str]) -> dict[str, NamedNode]:
        """The classes of several things, as `kind` chooses them."""
        return self._kinds(list(iris))

    def tagged(self, iris: Iterable[str], lang: str = "en") -> dict[str, tuple[str, str]]:
        """As `labels`, each with its language: empty where it has none."""
        return self._labels.tagged(iris, lang, self.engine.lookup)

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
            index, _ = self._index(None, None)
            last = key(slug(node.value.rstrip("/#")))
            alike = index.exact(last) + index.beginning(last) + index.near(_words(last))
            every = {name.iri for name in alike}
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

    def _index(self, kind: str | None, scheme: str | None) -> tuple[NameIndex, Among]:
        """An index of names, and what narrows a look at it to a class and a scheme, where it has
        other things too."""
        if isinstance(self.engine, Embedded):
            groups = [self._lower(kind)] if kind is not None else []
            return self.engine.names(), [*groups, *([[scheme]] if scheme is not None else [])]
        if (kind, scheme) not in self._read:
            naming = f"VALUES ?naming {{ {references(NAMING)} }} ?thing ?naming ?label"
            self._read[kind, scheme] = NameIndex.of(
                self._pairs(f"{self._pattern(kind, scheme)} {naming}"),
                self._pairs(f"?thing <{QUOTE}> ?label") if kind is scheme is None else (),
            )
        return self._read[kind, scheme], ()

    def _lower(self, kind: str) -> list[str]:
        """A class and every class below it."""
        return sorted({kind, *(c for c, above in self._classes().items() if kind in above)})

    def _pattern(self, kind: str | None, scheme: str | None) -> str:
        pattern = ""
        if kind is not None:
            pattern += f"VALUES ?class {{ {references(self._lower(kind))} }} ?thing a ?class . "
        if scheme is not None:
            pattern += f"?thing {_SCHEME} {NamedNode(scheme)} . "
        return pattern

    def _pairs(self, pattern: str) -> Iterator[tuple[str, str]]:
        for thing, label in self._rows(f"SELECT DISTINCT ?thing ?label WHERE {{ {pattern} }}"):
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                yield thing.value, label.value

    def _all(self, kind: str | None, scheme: str | None) -> dict[str, _Ranked]:
        """Things of a class and a scheme, at most so many as candidates."""
        pattern = self._pattern(kind, scheme)
        found = self._rows(f"SELECT DISTINCT ?thing WHERE {{ {pattern} }} LIMIT {CAP}")
        things = (thing for (thing,) in found) if pattern else ()
        return {
            thing.value: (0, False, 0, "", "") for thing in things if isinstance(thing, NamedNode)
        }

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
        asked: list[Pattern] = [(NamedNode(iri), _TYPE, None) for iri in iris if is_iri(iri)]
        for quad in self.engine.lookup(asked) if asked else ():
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                classes.setdefault(quad.subject.value, set()).add(quad.object.value)
        above = self._classes()
        found = {}
        for iri, kinds in classes.items():
            own = [k for k in kinds if k.startswith((GSEF, FOREIGN["sdgo"]))] or [
                k for k in kinds if not k.startswith(_META)
            ] or list(kinds)  # fmt: skip
            lowest = [k for k in own if not any(k in above.get(other, ()) for other in own)]
            found[iri] = NamedNode(min(lowest or own))
        return found

    def _listed(self, iris: Iterable[str]) -> dict[str, str]:
        """Things by label and compact IRI, in each language: who reads an error may ask for any."""
        every = list(iris)
        wanted, more = every[:_LISTED], ", …" if len(every) > _LISTED else ""

        def listed(language: str) -> str:
            return ", ".join(self.named(iri, language) for iri in wanted) + more

        return {language: listed(language) for language in LANGUAGES}

    def _rows(self, text: str) -> tuple[Row, ...]:
        return rows(self.engine, text)


def _near(wanted: str, table: Iterable[Name], most: int = _LISTED) -> dict[str, str]:
    """Things with a name that the text may mean, or with one that has for each of the text's words
    one that it may mean, by that name: those with the fewest wrong letters, and one more. A short
    word that is not there, such as an article, is as one wrong letter; beside each longer one
    there may be one.
    """
    table = set(table)
    known = {word for name in table for word in name.key.split()}
    long = _words(wanted)
    wrong = [
        {other: count for other in known if (count := edits(word, other)) is not None}
        for word in long
    ]
    short = set(wanted[:_LONGEST].split()) - set(long)
    costs: dict[Name, int] = {}
    for name in table:
        held = set(name.key.split())
        ways = [edits(wanted[:_LONGEST], name.key)]
        missing = len(short - held)
        if missing <= len(long) and all(held & near.keys() for near in wrong):
            each = [min(near[word] for word in held & near.keys()) for near in wrong]
            ways.append(sum(each) + missing)
        if found := [cost for cost in ways if cost is not None]:
            costs[name] = min(found)
    least = min(costs.values(), default=0)

    def order(name: Name) -> tuple[int, int, bool, Name]:
        # A mistake is seldom in the last letter.
        return costs[name], len(name.key), name.key[-1] != wanted[-1:], name

    things: dict[str, str] = {}
    for name in sorted((name for name in costs if costs[name] <= least + 1), key=order):
        things.setdefault(name.iri, name.text)
    return dict(list(things.items())[:most])


def _words(wanted: str) -> list[str]:
    """The words of a text that are looked for with mistakes in them: as many as may be, and none
    of two or three letters beside longer ones; a number is never too short."""
    words = wanted[:_LONGEST].split()
    return [word for word in words if len(word) > _SHORT or not word.isalpha()][:_LISTED] or words


def _rank(name: str, wanted: str, words: list[str]) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if set(words) <= set(name.split()) else 3


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:79]}…")


def references(iris: Iterable[str]) -> str:
    """IRIs as SPARQL writes them.

    >>> references(["a:b", "a:c"])
    '<a:b> <a:c>'
    """
    return " ".join(f"<{iri}>" for iri in iris)

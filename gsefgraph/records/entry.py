"""Records in short forms, as people type them, on their way to quads.

One record is about one thing: an event with who spoke, a document, an organisation, a person, a
place, a membership. Names become things (`naming.py`), dates dates (`dates.py`), and what a source
states rests on the words that are quoted. What cannot be read is a fault at its place, and the rest
is read on; what is not certain is a question.

A record that has a source becomes one file of quads for each source, since the predicate and the
source decide the graph (`placement.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import product, takewhile
from typing import Final

from pyoxigraph import Literal, NamedNode

from gsefgraph.engine.words import slug
from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.queries.parameters import goal_iri
from gsefgraph.rdf.lexical import LANGSTRING
from gsefgraph.rdf.tree import Mapping, Node, Scalar
from gsefgraph.records import dates
from gsefgraph.records.keys import KINDS, RECORDS, Keys, Property, called
from gsefgraph.records.naming import Naming
from gsefgraph.records.quotes import NAMING, Passage, Quotes
from gsefgraph.records.statements import Statements, Texts
from gsefgraph.records.values import empty, items
from gsefgraph.terms import FOREIGN, GSEF, RDF, SKOS, Term, key
from gsefgraph.wording import LANGUAGES, ByLanguage, say

_TYPE: Final = NamedNode(f"{RDF}type")
_LABEL: Final = NamedNode(f"{SKOS}prefLabel")
_ALSO: Final = NamedNode(f"{SKOS}altLabel")
_BRACKETS: Final = re.compile(r"(?P<name>[^()]+?)\s*\((?P<inside>[^()]+)\)\s*\Z")
_HOSTS: Final = frozenset(("organiser", "co-organiser", "partner", "host"))
"""Roles that organisations have, where nothing else is known."""
_STANCES: Final = ("stated", "curated", "suggested")
_DATED: Final = frozenset(f"{GSEF}{name}" for name in ("Event", "Document", "Membership"))
_PROSE: Final = ("note", "rationale", "objection")
_LINKS: Final = frozenset(f"{GSEF}{name}" for name in ("Participation", "Membership", "GoalLink"))


class Entry(Quotes):
    """The records of one file.

    Parameters:
        keys, naming, texts, unchecked, order: as for `Quotes`.
        document: the source of what names none.
    """

    def __init__(
        self, keys: Keys, naming: Naming, texts: Texts, *, unchecked: bool = False,
        document: NamedNode | None = None, order: dates.Order | None = None,
    ) -> None:  # fmt: skip
        super().__init__(keys, naming, texts, unchecked=unchecked, order=order)
        self._document = document

    def statements(self, record: Mapping, lang: str | None = None) -> list[Statements]:
        """What a record states, by each of its sources.

        Parameters:
            lang: of texts for which the record names no language.
        """
        lang = self._lang(record, lang)
        sources = [value for name, value in record.entries if self.keys.word(name.text) == "source"]
        found = []
        given: list[Node | None] = [item for value in sources for item in items(value)]
        for source in given or [None]:
            made = Statements(self._document)
            passages = self._source(made, source, lang) if source is not None else []
            node = self._record(made, record, "", lang, passages)
            if made.document is None and self._about(record, "")[0] == f"{GSEF}Document":
                made.document = node  # which tells of itself
            self._name_no_more(made)
            found.append(made)
        return found

    # A record and what it is about.

    def _record(
        self, made: Statements, record: Mapping, kind: str, lang: str | None,
        passages: Sequence[Passage], beside: Iterable[NamedNode] = (),
    ) -> NamedNode | None:  # fmt: skip
        lang = self._lang(record, lang)
        kind, name = self._about(record, kind)
        if not kind:
            return None
        if kind in _LINKS:
            return self._link(made, record, kind, name, lang, passages)
        node = self._thing_of(made, record, kind, name, lang, beside)
        if node is None:
            return None
        for key_, value in record.entries:
            self._said(made, node, kind, key_, value, lang, passages)
        self._rests(made, node, passages)
        return node

    def _about(self, record: Mapping, kind: str) -> tuple[str, Node | None]:
        """The class of a record, and the name of what it is about."""
        name: Node | None = None
        for at, (key_, value) in enumerate(record.entries):
            word = self.keys.word(key_.text)
            if word == "type" and isinstance(value, Scalar) and self.keys.kind(value.text):
                kind = kind or self.keys.kind(value.text)
            elif word == "name":
                name = value
            elif word != "type" and (named := self.keys.kind(key_.text)) and (
                named == kind or (at == 0 and kind in ("", *self.keys.above.get(named, ())))
            ):  # fmt: skip
                kind, name = named, value
        if not kind:
            first = record.entries[0][0] if record.entries else record
            near = self.keys.near(first.text, "") if isinstance(first, Scalar) else []
            begin = say("entry.begin", keys=_begin())
            hint = say("names.did-you-mean", near=near) if near else begin
            self.fault(first, say("entry.about"), hint)
        return kind, name

    def _id(self, record: Mapping) -> Scalar | None:
        """The IRI that a record gives to what it is about."""
        given = (value for name, value in record.entries if self.keys.word(name.text) == "id")
        return next((each for each in given if isinstance(each, Scalar) and not empty(each)), None)

    def _thing_of(
        self, made: Statements, record: Mapping, kind: str, name: Node | None, lang: str | None,
        beside: Iterable[NamedNode],
    ) -> NamedNode | None:  # fmt: skip
        given = self._id(record)
        before = len(self.faults)
        labels = list(self._texts_of(name, lang)) if name is not None else []
        if not labels and given is None:
            if len(self.faults) == before:
                self.fault(record, say("entry.nameless"), say("entry.name"))
            return None
        if given is not None:
            node, first = self._iri(given), labels[0][1] if labels else given
            new = node is not None and self.naming.resolver.kind(node) is None
        else:
            # What is known by its name in one language has another one in another.
            places = [place for _, place in labels]
            first = next((each for each in places if self._is_known(each.text, kind)), places[0])
            node, new = self._meant(first, [kind], beside)
        if node is None:
            return None
        if new:
            self._new(made, node, kind, labels, first)
        elif isinstance(name, Mapping):
            self._more_names(made, node, labels)
        return node

    def _more_names(
        self, made: Statements, node: NamedNode, labels: Iterable[tuple[Literal, Scalar]]
    ) -> None:
        """What something known is called in further languages, or is called, too."""
        names = [(node, NamedNode(iri), None) for iri in NAMING]
        stated = [*self.engine.lookup(names)]
        known = {quad.object for quad in stated}
        spoken = {
            quad.object.language
            for quad in stated
            if quad.predicate == _LABEL and isinstance(quad.object, Literal)
        }
        for label, place in labels:
            if label not in known:
                made.add(node, _ALSO if label.language in spoken else _LABEL, label, place)

    def _new(
        self, made: Statements, node: NamedNode, kind: str,
        labels: Iterable[tuple[Literal, Scalar]], at: Node,
    ) -> None:  # fmt: skip
        made.add(node, _TYPE, NamedNode(kind), at)
        for label, place in labels:
            made.add(node, _LABEL, label, place)
            self.naming.name(node, kind, [label.value])

    # What a record says of it.

    def _said(
        self, made: Statements, node: NamedNode, kind: str, key_: Scalar, value: Node,
        lang: str | None, passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        word = self.keys.word(key_.text)
        if word in ("id", "name", "source", "lang") or self.keys.kind(key_.text) == kind:
            return
        if word == "type" and isinstance(value, Scalar) and self.keys.kind(value.text):
            return
        if empty(value):
            return
        prop = self.keys.property(key_.text, kind)
        role = self.keys.role(key_.text) if kind == f"{GSEF}Event" else None
        if word == "dates" and kind in _DATED:
            names = ["issued"] if kind == f"{GSEF}Document" else ["startDate", "endDate"]
            self._dates(made, node, names, value, passages)
        elif word == "goals" and (prop is None or self._are_goals(value)):
            self._goals(made, node, value, lang, passages)
        elif prop is not None:
            self._values(made, node, kind, prop, value, lang, passages)
        elif role is not None:
            self._participations(made, node, role, value, lang, passages)
        else:
            near = self.keys.near(key_.text, kind)
            hint = say("names.did-you-mean", near=near) if near else None
            self.fault(key_, say("entry.unknown-key", key=key_.text, kind=called(kind)), hint)

    def _values(
        self, made: Statements, node: NamedNode, kind: str, prop: Property, value: Node,
        lang: str | None, passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        if prop.datatype == LANGSTRING:
            for text, at in self._texts_of(value, lang, prose=prop.name in _PROSE):
                made.add(node, prop.iri, text, at)
                if prop.iri.value in NAMING:
                    self.naming.name(node, kind, [text.value])
            return
        if prop.is_date:
            for item in items(value):
                self._dates(made, node, [prop.name], item, passages)
            return
        for item in items(value):
            term: Term | None
            if prop.datatype:
                term = self._literal(prop, item)
            else:
                term = self._thing(made, item, self._concrete(prop.range), lang)
            if term is not None:
                made.add(node, prop.iri, term, item)

    def _concrete(self, kinds: Sequence[str]) -> list[str]:
        """Classes of which something new may be."""
        agents = [f"{GSEF}Organisation", f"{GSEF}Person"]
        found = [each for kind in kinds for each in (agents if kind == f"{GSEF}Agent" else [kind])]
        return list(dict.fromkeys(found))

    def _thing(
        self, made: Statements, item: Node, kinds: Sequence[str], lang: str | None,
        beside: Iterable[NamedNode] = (),
    ) -> NamedNode | None:  # fmt: skip
        """What a value means: a name, an IRI, or a record of its own."""
        if isinstance(item, Mapping):
            return self._record(made, item, kinds[0] if kinds else "", lang, (), beside)
        if not isinstance(item, Scalar):
            self.fault(item, say("entry.nested"))
            return None
        if not kinds:
            return self._iri(item)
        node, new = self._meant(item, kinds, beside)
        if node is not None and new:
            labels = list(self._texts_of(item, lang))
            self._new(made, node, kinds[0], labels, item)
        return node

    # Dates and goals.

    def _dates(
        self, made: Statements, node: NamedNode, names: Sequence[str], value: Node,
        passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        """A date, or the first and the last of a time, as properties; notes go to the passage.

        Where nothing is quoted a note would be lost, which is a fault: an exact date needs none.
        """
        if not isinstance(value, Scalar):
            self.fault(value, say("entry.one-value"))
            return
        with self._placed(value):
            found = self._date(value, self._year(made, node))
            if found is None:
                return
            if len(names) == 1 and (found.start is None or found.end is not None):
                raise InputError(say("dates.one", text=value.text))
            for name, literal in zip(names, found[:2], strict=False):
                if literal is not None:
                    made.add(node, NamedNode(f"{GSEF}{name}"), literal, value)
            if found.notes and not passages:
                ends = [literal.value if literal else ".." for literal in found[:2]]
                exact = "/".join(ends if found.end or not found.start else ends[:1])
                hint = say("entry.note-place", date=exact)
                self.fault(value, say("entry.note-lost", note=found.notes), hint)
            for note, passage, language in product(found.notes, passages[:1], LANGUAGES):
                text = note.text(language)
                said = Literal(f"{text[:1].upper()}{text[1:]}.", language=language)
                made.add(passage.node, NamedNode(f"{GSEF}note"), said, value)

    def _are_goals(self, value: Node) -> bool:
        """Whether values are numbers of goals: an objective is called like one."""
        texts = (item.text if isinstance(item, Scalar) else "8" for item in items(value))
        return all(goal_iri(text, self.names) for text in texts)

    def _goals(
        self, made: Statements, node: NamedNode, value: Node, lang: str | None,
        passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        for item in items(value):
            goal, stance = item, "stated"
            rest: Mapping | None = None
            if isinstance(item, Mapping):
                rest = item
                goal = item.get("goal") or item
                said = item.get("stance")
                stance = said.text.rpartition(":")[2] if isinstance(said, Scalar) else stance
            if not isinstance(goal, Scalar):
                self.fault(item, say("entry.one-value"))
                continue
            iri, _ = self._meant(goal, [f"{FOREIGN['sdgo']}Goal"], ())
            if iri is None:
                continue
            if stance not in _STANCES:
                known = say("names.known", names=_STANCES)
                self.fault(goal, say("entry.stance", stance=stance), known)
                continue
            if stance == "stated" and not passages:
                self.fault(goal, say("entry.goal-unsaid"), say("entry.goal-say"))
                continue
            link = self._made("goallink", slug(node.value), slug(iri.value), stance)
            said_as = NamedNode(f"{GSEF}{stance}")
            made.node(link, "GoalLink", goal, subject=node, goal=iri, stance=said_as)
            for key_, more in rest.entries if rest else ():
                if key_.text not in ("goal", "stance"):
                    self._said(made, link, f"{GSEF}GoalLink", key_, more, lang, passages)
            self._rests(made, link, passages)

    # Who took part, and who belongs where.

    def _participations(
        self, made: Statements, event: NamedNode, role: NamedNode, value: Node, lang: str | None,
        passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        for item in items(value):
            name: Node | None = item
            posts, title = list[Scalar](), None
            if isinstance(item, Mapping):
                name, posts, title = self._person_of(item)
            elif isinstance(item, Scalar) and (match := _BRACKETS.match(item.text)):
                name = _part(item, match, "name")
                posts = [_part(item, match, "inside")]
            if name is None or not isinstance(name, Scalar):
                self.fault(item, say("entry.who"))
                continue
            organisations, title = self._post(made, posts, title, lang)
            kinds = [f"{GSEF}Person", f"{GSEF}Organisation"]
            if slug(role.value) in _HOSTS and not organisations and title is None:
                kinds.reverse()
            agent = self._thing(made, name, kinds, lang, organisations)
            if agent is None:
                continue
            link = self._made(
                "participation", slug(event.value), slug(agent.value), slug(role.value)
            )
            made.node(link, "Participation", name, agent=agent, event=event, role=role)
            for organisation in organisations:
                made.add(
                    link, NamedNode(f"{GSEF}onBehalfOf"), organisation, posts[0] if posts else name
                )
            own = self._quotes(made, item, lang) if isinstance(item, Mapping) else []
            self._position(made, link, agent, organisations, title, lang, own or passages)
            self._rests(made, link, own or passages)

    def _person_of(self, item: Mapping) -> tuple[Node | None, list[Scalar], Scalar | None]:
        """The name, the organisations and the position in a mapping about who took part."""
        name, posts, title = None, list[Scalar](), None
        for key_, value in item.entries:
            word = self.keys.word(key_.text)
            kind = self.keys.kind(key_.text)
            prop = self.keys.property(key_.text, f"{GSEF}Participation")
            if word == "name" or kind == f"{GSEF}Person" or (prop and prop.name == "agent"):
                name = value
            elif (
                word == "organisations"
                or kind == f"{GSEF}Organisation"
                or (prop and prop.name == "onBehalfOf")
            ):
                if name is None and kind and len(item.entries) == 1:
                    name = value
                else:
                    posts += [each for each in items(value) if isinstance(each, Scalar)]
            elif (word == "title" or (prop and prop.name == "positionTitle")) and isinstance(
                value, Scalar
            ):
                title = value
            elif not (prop and prop.datatype == LANGSTRING) and not self._quoting(key_):
                near = ["name", "organisation", "title", "quote"]
                self.fault(key_, say("entry.unknown-key", key=key_.text, kind=say("entry.who-is")),
                            say("names.known", names=near))  # fmt: skip
        return name, posts, title

    def _post(
        self, made: Statements, posts: Sequence[Scalar], title: Scalar | None, lang: str | None
    ) -> tuple[list[NamedNode], Scalar | None]:
        """The organisations that somebody speaks for, and the position there.

        In brackets the position stands first, where there is one: it begins with the name of a role
        or in small letters. What follows are organisations, and the last is one in any case.
        """
        organisations: list[NamedNode] = []
        for post in posts:
            parts = [each.strip() for each in post.text.split(",")]
            if title is None and (self._role_in(parts[0]) or parts[0][:1].islower()):
                count = sum(1 for _ in takewhile(self._is_known, reversed(parts))) or 1
                count = min(count, len(parts) - 1)
                words = ", ".join(parts[: len(parts) - count])
                title, parts = Scalar(words, post.line, post.column), parts[len(parts) - count :]
            for text in parts:
                scalar = Scalar(text, post.line, post.column)
                node = self._thing(made, scalar, [f"{GSEF}Organisation"], lang)
                organisations += [node] if node is not None else []
        return organisations, title

    def _is_known(self, text: str, kind: str = f"{GSEF}Organisation") -> bool:
        """Whether a text is the name of something of a class that is known."""
        with suppress(GsefgraphError):
            return self.naming.known(text, kind)
        return False

    def _role_in(self, title: str) -> NamedNode | None:
        """The role with which a position begins: president in “Présidente du conseil”."""
        words = key(title).split()
        heads = (self.keys.role(" ".join(words[:n])) for n in range(min(len(words), 4), 0, -1))
        return next(filter(None, heads), None)

    def _position(
        self, made: Statements, link: NamedNode, agent: NamedNode,
        organisations: Sequence[NamedNode], title: Scalar | None, lang: str | None,
        passages: Sequence[Passage],
    ) -> None:  # fmt: skip
        """A position on a participation, and as a membership where it is that of a known role."""
        if title is None:
            return
        for text, at in self._texts_of(title, lang):
            made.add(link, NamedNode(f"{GSEF}positionTitle"), text, at)
            role = self._role_in(text.value)
            if role is None:
                continue
            for organisation in organisations:
                post = self._made("membership", slug(organisation.value), slug(agent.value),
                                  slug(role.value))  # fmt: skip
                made.node(
                    post, "Membership", at, agent=agent, organisation=organisation, role=role,
                    positionTitle=text,
                )  # fmt: skip
                self._rests(made, post, passages)

    def _link(
        self, made: Statements, record: Mapping, kind: str, name: Node | None, lang: str | None,
        passages: Sequence[Passage],
    ) -> NamedNode | None:  # fmt: skip
        """A participation, a membership or a goal link, named by what it joins."""
        parts = {
            f"{GSEF}Participation": ("event", "agent", "role"),
            f"{GSEF}Membership": ("organisation", "agent", "role"),
            f"{GSEF}GoalLink": ("subject", "goal", "stance"),
        }[kind]
        found: dict[str, tuple[NamedNode, Node]] = {}
        rest, before = [], len(self.faults)
        given = [(Scalar("agent", name.line, name.column), name)] if name is not None else []
        for key_, value in (*given, *record.entries):
            prop = self.keys.property(key_.text, kind)
            if value is name and key_.text != "agent":
                continue
            if prop is None or prop.name not in parts or prop.name in found:
                rest.append((key_, value))
                continue
            kinds = self._concrete(prop.range)
            if prop.name == "agent":
                kinds.reverse()
            others = [node for node, _ in found.values()]
            thing = self._thing(made, value, kinds, lang, others)
            if thing is not None:
                found[prop.name] = thing, value
        lacking = [each for each in parts if each not in found]
        if lacking:
            if len(self.faults) == before:
                self.fault(record, say("entry.lacks", keys=lacking))
            return None
        slugs = [slug(found[each][0].value) for each in parts]
        own = self._id(record)
        node = (self._iri(own) if own is not None else None) or self._made(
            KINDS[kind.removeprefix(GSEF)], *slugs
        )
        made.add(node, _TYPE, NamedNode(kind), record)
        for each in parts:
            thing, at = found[each]
            made.add(node, NamedNode(f"{GSEF}{each}"), thing, at)
        for key_, value in rest:
            self._said(made, node, kind, key_, value, lang, passages)
        self._rests(made, node, passages)
        return node

    # Sources and the words that a record rests on.

    def _source(self, made: Statements, source: Node, lang: str | None) -> list[Passage]:
        """The document that states a record, and the passages that it quotes."""
        kinds = [f"{GSEF}Document"]
        if isinstance(source, Scalar):
            made.document = self._published(source) or self._thing(made, source, kinds, lang)
            return []
        if not isinstance(source, Mapping):
            self.fault(source, say("entry.nested"))
            return []
        about = tuple(pair for pair in source.entries if not self._quoting(pair[0]))
        kept = Mapping(about, source.line, source.column)
        _, name = self._about(kept, kinds[0])
        address = next((v for k, v in about if self._is(k, "publishedAt")), None)
        known = self._published(address) if isinstance(address, Scalar) else None
        if known is not None and name is None:
            made.document = known
        elif about or self._document is None:
            made.document = self._record(made, kept, kinds[0], lang, ())
        if made.document is None:
            return []
        return self._quotes(made, source, lang, made.document)


def _begin() -> ByLanguage:
    """The keys that a record may begin with, in each language."""
    called_ = [called(f"{GSEF}{kind}") for kind in RECORDS]
    return ByLanguage(lambda lang: ", ".join(f"{each[lang]}:" for each in called_))


def _part(item: Scalar, match: re.Match[str], name: str) -> Scalar:
    shift = match.start(name) if item.plain else match.start(name) + 1
    return Scalar(match[name].strip(), item.line, item.column + shift, item.plain)

"""What would be right, where something is wrong: a form, a name, a property to add."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.engine.base import Engine, rows
from gsefgraph.rdf import lexical, mending
from gsefgraph.rdf.digraph import reached
from gsefgraph.shacl.own import like
from gsefgraph.shacl.report import sentences
from gsefgraph.shacl.report.finding import Texts, spell
from gsefgraph.shacl.report.reasons import Facts
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.components import COMPONENTS, values
from gsefgraph.shacl.shapes.model import Model, Shape
from gsefgraph.shacl.shapes.pattern import matcher, translate
from gsefgraph.sparql.path import Path
from gsefgraph.terms import GSEF, KINDS, RDF, RDFS, SKOS, XSD, Names, Term, fold
from gsefgraph.wording import LANGUAGES

_SHOWN = 3
_CODE = 11  # characters of a code such as zh-Hant-TW
_MEMBERS = 500  # of a list in which a near one is looked for
# The class of what each kind of IRI names.
_SPELLED = {"org": "Organisation", "doc": "Document", "goallink": "GoalLink"}
_CLASSES = {kind: f"{GSEF}{_SPELLED.get(kind, kind.title())}" for kind in KINDS}

Matches = Callable[[str], bool]
Suggest = Callable[[Term], Sequence[str]]


@dataclass(frozen=True)
class Hints:
    """Hints for results of some shapes; the attributes are those of `results.Speaker`."""

    model: Model
    names: Names
    facts: Facts
    similar: Suggest
    _same: dict[tuple[str, str, str | None], Texts] = field(
        default_factory=dict, compare=False, repr=False
    )
    _known: dict[tuple[str, str], list[Term]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _lists: dict[str, Members] = field(default_factory=dict, compare=False, repr=False)

    def of(self, result: Result) -> Texts:
        """What would be right, in every language; empty when that cannot be known."""
        try:
            return self._of(result)
        except (AttributeError, LookupError, TypeError, ValueError):
            return {}  # a finding is worth more than its hint

    def _of(self, result: Result) -> Texts:
        component = COMPONENTS.get(result.kind)
        if component is None or (component.more and not component.counts):
            return self._of_value(result)
        key = (result.shape, result.kind, result.constraint)
        found = self._same.get(key)
        if found is None:
            found = self._same[key] = self._of_constraint(result)
        return found

    def _of_constraint(self, result: Result) -> Texts:
        kind = result.kind
        path = self._path(result.path) if result.path is not None else ""
        if not COMPONENTS[kind].more and result.path is not None and result.path.operator:
            return {}  # nobody types what stands at the end of a longer path
        if kind in ("MinCount", "QualifiedMinCount") and path:
            return sentences.of("add", value=f"{path}{self._example(result)}")
        if kind == "HasValue":
            wanted = self._wanted(result, "hasValue")
            return sentences.of("add" if path else "write", value=f"{path} {wanted}".strip())
        if kind == "MaxCount":
            most = next((node.value for node in self._values(result.shape, "maxCount")), "1")
            if most in ("0", "1"):
                return sentences.of("remove" if most == "0" else "keep")
            return sentences.of("keep-some", value=most)
        return {}

    def _of_value(self, result: Result) -> Texts:
        kind = result.kind
        value = result.value if result.value is not None else result.focus
        if kind == "UniqueLang":
            return sentences.of("keep")
        if kind == "Class" and isinstance(value, NamedNode):
            return self._class_hint(result, value)
        if kind in ("NodeKind", "Class") and isinstance(value, Literal):
            return self._exists(value)
        if kind in ("Datatype", "Or", "Xone", "Pattern") and isinstance(value, Literal):
            return self._literal_hint(result, value) or self._exists(value)
        if kind in ("In", "LanguageIn"):
            return self._member_hint(result, value)
        if kind == "Closed" and result.path is not None:
            return self._closed_hint(result, result.path)
        if kind in ("Node", "Or", "Xone", "Pattern") and value != result.focus:
            if isinstance(value, Literal):
                return self._exists(value)
            return sentences.write(self.similar(value))
        return {}

    def _exists(self, value: Literal) -> Texts:
        """Text where a thing is wanted that bears it as a name."""
        near = self.similar(value)
        if not near:
            return {}
        found = sentences.either(near)
        return sentences.of("exists", text=spell(value, self.names), value=found)

    def _example(self, result: Result) -> str:
        """A blank to fill with a value of the kind that is missing, where the shape tells it."""
        shapes = [result.shape]
        if result.kind == "QualifiedMinCount":
            shapes = [node.value for node in self._values(result.shape, "qualifiedValueShape")]
            # What an inner shape asks of another property is no value of this one.
            shapes = [shape for shape in shapes if self._shape(shape).path is None]
        for shape in shapes:
            for tag in self._tags(shape)[:1]:
                return f' "…"@{tag}'
            for node in self._values(shape, "hasValue")[:1]:
                return f" {self._spelled(node)}"
        return ""

    def _class_hint(self, result: Result, value: NamedNode) -> Texts:
        if self._of_another_kind(result, value):
            return {}
        near = self.similar(value)
        if near:
            return sentences.write(near)
        if (value, f"{RDF}type") in self.facts:
            return {}
        wanted = self._wanted(result, "class")
        return sentences.of("describe", value=spell(value, self.names), type=wanted)

    def _of_another_kind(self, result: Result, value: NamedNode) -> bool:
        """Whether an IRI is one of a place, say, where an organisation is wanted."""
        spaces = self.names.prefixes
        kind = next((k for k in KINDS if value.value.startswith(spaces[f"id-{k}"])), None)
        if kind is None:
            return False
        own = NamedNode(_CLASSES[kind])
        given = self._values(result.shape, "class")
        wanted = [node for node in given if result.constraint in (None, node.value)] or given
        return any(
            own not in above and not above.isdisjoint(map(NamedNode, _CLASSES.values()))
            for above in map(self._above, wanted)
        )

    def _above(self, cls: Term) -> set[Term]:
        """A class with all that are known to be above it."""
        return {cls, *reached([cls], lambda item: self.facts.get((item, f"{RDFS}subClassOf"), ()))}

    def _literal_hint(self, result: Result, value: Literal) -> Texts:
        for datatype, patterns in self._datatypes(result):
            if datatype == lexical.LANGSTRING:
                if value.language is None and value.value.strip():
                    return self._tag_hint(result, value)
                continue
            form = value.value
            if lexical.fault_of(form, datatype) is not None:
                form = lexical.mend_of(form, datatype) or ""
            right = Literal(form, datatype=NamedNode(datatype))
            fits = form and lexical.fault_of(form, datatype) is None
            if fits and right != value and all(matches(form) for matches in patterns):
                return sentences.write([spell(right, self.names)])
        return self._code_hint(result, value)

    def _datatypes(self, result: Result) -> Iterator[tuple[str, list[Matches]]]:
        """The datatypes that a shape allows, each with the patterns that go with it."""
        shapes = [result.shape]
        for name in ("or", "xone"):
            shapes += [node.value for node in self._values(result.shape, name)]
        for shape in shapes:
            patterns = self._patterns(*dict.fromkeys((result.shape, shape)))
            for node in self._values(shape, "datatype"):
                yield node.value, patterns

    def _patterns(self, *shapes: str) -> list[Matches]:
        """What tells whether a text matches the patterns of some shapes."""
        found = []
        for shape in shapes:
            flags = "".join(node.value for node in self._values(shape, "flags"))
            for node in self._values(shape, "pattern"):
                found.append(matcher(translate(node.value, flags).re2))
        return found

    def _tag_hint(self, result: Result, value: Literal) -> Texts:
        """Text without a language: which one it is, its author knows."""
        first, *others = self._tags(result.shape) or LANGUAGES
        tagged = spell(Literal(value.value, language=first), self.names)
        return sentences.of("tag", value=", ".join([tagged, *(f"@{tag}" for tag in others), "…"]))

    def _code_hint(self, result: Result, value: Literal) -> Texts:
        """A language named in words where its code is wanted; text with spaces to collapse; a code
        in the wrong case."""
        collapsed = " ".join(value.value.split())
        cases = (collapsed.lower(), collapsed.upper()) if len(collapsed) <= _CODE else ()
        patterns = self._patterns(result.shape)
        for form in (mending.language_code(value.value), collapsed, *cases):
            fits = form and form != value.value and all(matches(form) for matches in patterns)
            if form and fits and patterns:
                return sentences.write([spell(like(value, form), self.names)])
        return {}

    def _member_hint(self, result: Result, value: Term) -> Texts:
        if result.kind == "LanguageIn":
            return self._language_hint(value, self._tags(result.shape)[:_MEMBERS])
        members = self._lists.get(result.shape)
        if members is None:
            members = self._lists[result.shape] = Members(self._values(result.shape, "in"))
        code = mending.language_code(value.value) if isinstance(value, Literal) else None
        alike = members.like(value, code)
        return sentences.write([spell(member, self.names) for member in alike if member != value])

    def _language_hint(self, value: Term, wanted: list[str]) -> Texts:
        """A tag that is a language in words, or of three letters: ``@francais``, ``@fra``."""
        if not isinstance(value, Literal):
            return {}
        if value.language is None:
            if value.datatype.value != f"{XSD}string":
                return {}  # a number has no language
            if not wanted:
                return {}
            tagged = spell(Literal(value.value, language=wanted[0]), self.names)
            return sentences.of(
                "tag", value=", ".join([tagged, *(f"@{tag}" for tag in wanted[1:])])
            )
        code = mending.language_code(value.language.partition("-")[0])
        by_tag = {tag.lower(): tag for tag in wanted}
        if code not in by_tag:
            return {}
        return sentences.write([spell(Literal(value.value, language=by_tag[code]), self.names)])

    def _tags(self, shape: str) -> list[str]:
        """The languages that a shape allows, as far as its ranges are tags: ``*`` is none."""
        given = (member.value for member in self._values(shape, "languageIn"))
        return [tag for tag in given if lexical.language_tag(tag)]

    def _closed_hint(self, result: Result, wrong: Path) -> Texts:
        allowed = {
            path.predicate
            for shape in self._values(result.shape, "property")
            if (path := self._shape(shape.value).path) is not None and not path.operator
        }
        by_local = {_local(NamedNode(iri)): iri for iri in sorted(allowed, reverse=True)}
        near = Near(by_local).of(_local(NamedNode(wrong.predicate)), _SHOWN)
        return sentences.write([self.names.compact(by_local[local]) for local in near])

    def _shape(self, shape: str) -> Shape:
        return self.model.shapes.get(shape) or Shape(shape)

    def _values(self, shape: str, name: str) -> list[Term]:
        known = self._known.get((shape, name))
        if known is None:
            known = self._known[shape, name] = values(self._shape(shape), name)
        return known

    def _wanted(self, result: Result, name: str) -> str:
        given = self._values(result.shape, name)
        own = [v for v in given if result.constraint in (v.value, str(v))]
        return ", ".join(map(self._spelled, own or given))

    def _spelled(self, node: Term) -> str:
        """A node of the shapes as a person may write it."""
        return "[]" if isinstance(node, BlankNode) else spell(node, self.names)

    def _path(self, path: Path) -> str:
        return path.text(self.names.compact)


def _local(term: Term) -> str:
    """The last part of an IRI, or the text of a literal."""
    if not isinstance(term, NamedNode):
        return term.value
    return term.value[max(term.value.rfind("#"), term.value.rfind("/")) + 1 :]


_LIMIT = 20_000
_LARGE = 1_000_000  # quads; looking through all names of a larger graph takes too long for a hint
_NAMESPACES = 40  # each costs a query
_CANDIDATES = 12
_LOOKED = 3000  # entries of the index looked at for one word
_SEARCHES = 300  # for hints of one report; what is misspelt more often has another cause
_CUTOFF = 0.6

_BEARS = f"?s <{SKOS}prefLabel>|<{SKOS}altLabel>|<{GSEF}acronym> ?name"


class Near:
    """Words that resemble a given one, found by the groups of three letters that they share.

    Parameters:
        words: those that are known.

    >>> Near(["startDate", "endDate", "place"]).of("startDat")
    ['startDate']
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._by_part: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            for part in _parts(word):
                self._by_part.setdefault(part, []).append(number)

    def of(self, word: str, count: int = 3) -> list[str]:
        """The nearest words, nearest first."""
        shared: Counter[int] = Counter()
        # The rarest groups tell most; those that every word has tell nothing and cost most.
        lists = sorted((self._by_part.get(part, []) for part in _parts(word)), key=len)
        looked = 0
        for numbers in lists:
            if looked and looked + len(numbers) > _LOOKED:
                break
            shared.update(numbers)
            looked += len(numbers)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(word)
        scored = []
        most = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        for number, _ in most:
            matcher.set_seq1(self._words[number])
            if matcher.quick_ratio() >= _CUTOFF and (ratio := matcher.ratio()) >= _CUTOFF:
                scored.append((-ratio, self._words[number]))
        return [found for _, found in sorted(scored)[:count]]


class Members:
    """The members of a list, to find those that resemble a value; of a long one the first.

    >>> Members([Literal("Quito"), Literal("Lima")]).like(Literal("quito"))
    [<Literal value=Quito datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>]
    """

    def __init__(self, members: Iterable[Term]) -> None:
        self._by_text: dict[str, Term] = {}
        self._by_local: dict[str, Term] = {}
        self._folded: dict[str, list[Term]] = {}
        # A blank node has no name that anybody could write.
        named = (member for member in members if not isinstance(member, BlankNode))
        for member in islice(named, _MEMBERS):
            self._by_text.setdefault(member.value, member)
            self._by_local.setdefault(_local(member), member)
            self._folded.setdefault(fold(_local(member)), []).append(member)
        self._near = Near(self._by_local)

    def like(self, value: Term, text: str | None = None) -> list[Term]:
        """The member of a text, where one is given and there is one, else what resembles a value,
        nearest first."""
        if text in self._by_text:
            return [self._by_text[text]]
        local = _local(value)
        found = self._folded.get(fold(local))
        return found or [self._by_local[each] for each in self._near.of(local, _SHOWN)]


class Similar:
    """Asks the engine once for each namespace of IRIs, and once for names."""

    def __init__(
        self, engine: Engine, names: Names, own: Iterable[str], timeout: float | None
    ) -> None:
        self._engine = engine
        self._names = names
        self._own = sorted(own)
        self._timeout = timeout
        self._known: dict[str, tuple[frozenset[str], Near]] = {}
        self._named: Mapping[str, Sequence[str]] | None = None
        self._found: dict[Term, Sequence[str]] = {}

    def __call__(self, term: Term) -> Sequence[str]:
        """Compact IRIs, likeliest first: like the IRI, or named like the text; at most three."""
        if term not in self._found:
            self._found[term] = [self._names.compact(iri) for iri in self._find(term)[:3]]
        return self._found[term]

    def _find(self, term: Term) -> Sequence[str]:
        if isinstance(term, Literal):
            return self._bearers(term.value)
        if not isinstance(term, NamedNode):
            return []
        cut = max(term.value.rfind("/"), term.value.rfind("#")) + 1
        namespace, local = term.value[:cut], term.value[cut:]
        if not namespace:
            return []
        known, near = self._within(namespace)
        if term.value in known or len(self._found) > _SEARCHES:
            return []
        # id-org:ocde, where OCDE is another name of id-org:oecd
        named = [iri for iri in self._bearers(local) if iri.startswith(namespace)]
        close = [namespace + word for word in near.of(local)]
        return list(dict.fromkeys([*named, *close]))

    def _within(self, namespace: str) -> tuple[frozenset[str], Near]:
        if namespace not in self._known:
            rows: Sequence[tuple[Term | None, ...]] = ()
            if len(self._known) < _NAMESPACES:
                rows = self._rows(
                    f"SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "
                    f"{Literal(namespace)})) }} LIMIT {_LIMIT}"
                )
            found = {row[0].value for row in rows if isinstance(row[0], NamedNode)}
            found |= {iri for iri in self._own if iri.startswith(namespace)}
            near = Near(iri[len(namespace) :] for iri in found)
            self._known[namespace] = frozenset(found), near
        return self._known[namespace]

    def _bearers(self, text: str) -> Sequence[str]:
        if self._named is None:
            named: dict[str, set[str]] = {}
            found = self._rows(f"SELECT DISTINCT ?s ?name WHERE {{ {_BEARS} }} LIMIT {_LIMIT}")
            for subject, name in found:
                if isinstance(subject, NamedNode) and isinstance(name, Literal):
                    named.setdefault(_key(name.value), set()).add(subject.value)
            self._named = {key: sorted(iris) for key, iris in named.items() if key}
        return self._named.get(_key(text), ())

    def _rows(self, text: str) -> Sequence[tuple[Term | None, ...]]:
        if self._engine.count() > _LARGE:
            return ()
        return rows(self._engine, text, timeout=self._timeout)


def _key(text: str) -> str:
    """A name without case, accents, points and hyphens: ``O.C.D.É.`` is ``ocde``."""
    return " ".join(
        re.sub(r"[^\w\s]+", " ", re.sub(r"(?<=\w)\.(?=\w|\s|$)", "", fold(text))).split()
    )


def _parts(word: str) -> set[str]:
    folded = f"^{word.casefold()}$"
    return {folded[start : start + 3] for start in range(len(folded) - 2)} or {folded}

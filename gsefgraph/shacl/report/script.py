"""What the results of one constraint say, made once for each language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode

from gsefgraph.rdf import lexical
from gsefgraph.shacl.report.conditions import Condition, Conditions
from gsefgraph.shacl.report.finding import Texts, by_language, ended, pick, spell
from gsefgraph.shacl.report.reasons import Facts, Reasons
from gsefgraph.shacl.report.sentences import COMPONENTS
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes import components, order
from gsefgraph.shacl.shapes.model import BLANK, Custom, Model, Shape, Sparql, variable
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import significant
from gsefgraph.terms import OURS, RDF, SH, Names, Term
from gsefgraph.wording import LANGUAGES

_FIELD = re.compile(r"\{(\w+)\}")
_EMPTY = {
    "In": "In-empty", "LanguageIn": "LanguageIn-empty", "Or": "Or-empty", "Xone": "Xone-empty",
}  # fmt: skip
_BLANK = re.compile(rf"( ?){BLANK.pattern}")
_COMPARED = 500  # values of another property of which those to name are chosen
_FAULTS = 2  # of an inner shape that a sentence names
_TYPE = f"{RDF}type"
SPARQL = f"{SH}SPARQLConstraintComponent"


class Script:
    """Sentences for the results of one shape, component and constraint.

    Parameters:
        model, names, facts, labels: as of `results.Speaker`.
        reasons: why a value does not meet another shape.
        scripts: gives the script of such a reason.
        result: one of the results.

    Attributes:
        rule: full IRI of the nearest named shape.
        languages: those that it can speak.
    """

    def __init__(
        self,
        model: Model,
        names: Names,
        facts: Facts,
        labels: Mapping[str, Texts],
        reasons: Reasons,
        scripts: Callable[[Result], Script],
        result: Result,
    ) -> None:
        self.rule = model.rule(result.shape)
        self._model = model
        self._names = names
        self._facts = facts
        self._labels = labels
        self._shape = model.shapes.get(result.shape) or Shape(result.shape)
        self._component = result.component
        self._kind = result.kind if result.kind in COMPONENTS else "SPARQL"
        self._reads = components.COMPONENTS[self._kind].reads
        self._condition = Condition(
            model, self._shape, self._kind, result.component, result.constraint
        )
        told = result.constraint
        self._empty = told == "" or (told is None and not self._condition.values())
        self._messages = _messages(self._shape, result)
        self._by_language = by_language(self._messages)
        self._open = _open(self._shape, result)
        own = [tag for tag in self._by_language if tag and tag not in LANGUAGES]
        self.languages = (*LANGUAGES, *own)
        self._static: dict[tuple[str, str], str] = {}
        self._leads: dict[str, str] = {}
        self._paths: dict[tuple[Path, str], str] = {}
        self._reasons = reasons
        self._script_of = scripts
        self._compared: tuple[object, Sequence[Term]] = ((), ())  # the last one
        self._faults: dict[Term, list[Result]] = {}  # of one value, in every language

    def say(self, result: Result, lang: str) -> str:
        """What is wrong, in one of the languages."""
        lead = self._bound(result, lang) or self._lead(result, lang)
        if lang not in LANGUAGES or (lead and self._kind == "SPARQL"):
            return lead
        own = self._own(result, lang)
        return f"{lead} {own}" if lead else own

    def messages(self, result: Result) -> list[tuple[str, str]]:
        """The messages that the shape brings, as tags and texts, their blanks filled."""
        bound = _solution(result)
        given = self._messages if bound is None else (bound,)
        found = []
        for text in given:
            tag = text.language or ""
            found.append((tag, self._fill(result, text.value, self._nearest(tag))))
        return found

    def sentence(self, result: Result) -> Texts:
        """Our own sentence in every language; empty where the shape says all there is to say."""
        if self._kind == "SPARQL" and (self._messages or _solution(result)):
            return {}
        return {lang: self._own(result, lang) for lang in LANGUAGES}

    @staticmethod
    def _nearest(tag: str) -> str:
        """The language in which names are told in a message of some language."""
        lang = tag.lower().partition("-")[0]
        return lang if lang in LANGUAGES else LANGUAGES[0]

    def _bound(self, result: Result, lang: str) -> str:
        """What the solution of a SPARQL constraint says itself."""
        if not result.bound:
            return ""
        bound = _solution(result)
        return self._fill(result, bound.value, lang) if bound is not None else ""

    def _lead(self, result: Result, lang: str) -> str:
        """The shape's own message, its blanks filled, with a full stop."""
        text = self._leads.get(lang)
        if text is None:
            text = pick(self._by_language, lang)
            if text and self._kind != "SPARQL":
                text = ended(text)
            self._leads[lang] = text
        return self._fill(result, text, lang)

    def _fill(self, result: Result, text: str, lang: str) -> str:
        """A message with its blanks filled."""
        if "{" not in text:
            return text

        def fill(blank: re.Match[str]) -> str:
            filled = self._filled(result, blank[2], lang)
            if filled:
                return blank[1] + filled
            # What may have no value goes with the blank before it; any other name is a slip.
            return "" if blank[2] in self._open else blank[0]

        return _BLANK.sub(fill, text)

    def _filled(self, result: Result, name: str, lang: str) -> str | None:
        """What a blank of a message stands for (SHACL, sections 5.3.2 and 6.2.3)."""
        given = self._parameters(name)
        bound = result.bound.get(name)
        if bound is not None and not (isinstance(bound, BlankNode) and given):
            return self.term(bound, lang)
        if name == "this":
            return self.term(result.focus, lang)
        if name in ("path", "PATH") and result.path is not None:
            return self.path(result.path, lang)
        if name == "value" and result.value is not None:
            return self.term(result.value, lang)
        return ", ".join(self._parameter(node, lang) for node in given) or None

    def _parameter(self, node: Term, lang: str) -> str:
        """A value of a parameter; a shape without a name by what it says."""
        if isinstance(node, NamedNode) and not node.value.startswith(OURS):
            return spell(node, self._names)
        return self.term(node, lang)

    def _parameters(self, name: str) -> list[Term]:
        """The values that the shape gives to a parameter of its components."""
        given = components.values(self._shape, name)
        for constraint in self._shape.constraints:
            if constraint.component == self._component and isinstance(constraint.value, Custom):
                lists = dict(constraint.value.lists)
                given += [
                    member
                    for full, value in constraint.value.parameters
                    for member in lists.get(value, (value,))
                    if variable(full) == name and member not in given
                ]
        return given

    # Our own sentence.

    def _own(self, result: Result, lang: str) -> str:
        key = self._key(result)
        text = COMPONENTS[key][lang]
        values = {name: self._value(name, result, lang) for name in _FIELD.findall(text)}
        sentence = text.format_map(values)
        return f"{sentence}{self._why(result, lang)}" if key == "Node" else sentence

    def _why(self, result: Result, lang: str) -> str:
        """Why a value does not meet another shape, or what that asks for where we cannot tell."""
        value = result.value if result.value is not None else result.focus
        shapes = [node.value for node in self._condition.values()]
        if not shapes:
            return ""
        if value not in self._faults:
            found = [fault for shape in shapes for fault in self._reasons.of(shape, value)]
            self._faults = {value: found[:_FAULTS]}
        sentences = [self._script_of(fault).say(fault, lang) for fault in self._faults[value]]
        if not sentences:
            made = self._static.get(("asks", lang))
            if made is None:
                wanted = self._conditions(lang).in_full(shapes)
                made = COMPONENTS["Node-asks"][lang].format(wanted=wanted) if wanted else ""
                self._static["asks", lang] = made
            sentences = [made] if made else []
        return "".join(f" {text}" for text in dict.fromkeys(sentences))

    def _key(self, result: Result) -> str:
        """Which of the component's sentences fits what is known."""
        kind, value = self._kind, result.value
        if kind in _EMPTY and self._empty:
            return _EMPTY[kind]
        if kind == "MinCount":
            return "MinCount" if self._count(result) else "MinCount-none"
        if kind == "MaxCount" and self._condition.least() == "0":
            return "MaxCount-zero"
        if kind == "MaxCount":
            return "MaxCount" if _value_nodes(self._facts, result) else "MaxCount-bare"
        if kind in ("QualifiedMinCount", "QualifiedMaxCount"):
            return kind if result.count is not None else f"{kind}-bare"
        if kind == "UniqueLang":
            if _value_nodes(self._facts, result):
                return kind
            return "UniqueLang-tag" if result.constraint else "UniqueLang-bare"
        if kind in ("LessThan", "LessThanOrEquals"):
            others = self._others(result)
            if not others:
                return f"{kind}-bare"
            return "incomparable-other" if _incomparable(result.value, others[0]) else kind
        if kind in ("Equals", "HasValue") and result.path is None:
            return f"{kind}-node"
        if self._reads == "text" and isinstance(value or result.focus, BlankNode):
            return "no-text"
        if kind == "Datatype":
            return self._datatype_key(value if value is not None else result.focus)
        if self._reads == "order" and not self._comparable(
            value if value is not None else result.focus
        ):
            return "incomparable"
        if kind == "Class" and any(n.value in self._labels for n in self._condition.values()):
            return "Class-named"
        return kind

    def _datatype_key(self, value: Term) -> str:
        if not isinstance(value, Literal):
            return "NodeKind"
        datatypes = {node.value for node in self._condition.values()}
        return "Datatype-ill" if value.datatype.value in datatypes else "Datatype"

    def _comparable(self, value: Term) -> bool:
        return isinstance(value, Literal) and not any(
            isinstance(bound, Literal) and _incomparable(value, bound)
            for bound in self._condition.values()
        )

    def _value(self, name: str, result: Result, lang: str) -> str:
        value = result.value if result.value is not None else result.focus
        if name == "value":
            return self.term(value, lang)
        if name == "path":
            return self.path(result.path, lang) if result.path else self.term(result.focus, lang)
        if name == "count":
            return str(self._count(result))
        if name == "values":
            return self._conditions(lang).listed(_value_nodes(self._facts, result))
        if name == "others":
            return self._conditions(lang).listed(self._others(result))
        if name == "types":
            return self._types(value, lang)
        if name == "found":
            return self._found(value, lang)
        if name == "fault":
            fault = lexical.fault(value) if isinstance(value, Literal) else None
            return fault.text(lang) if fault else COMPONENTS["literal"][lang]
        if name == "length":
            return str(len(value.value))
        if name == "tag":
            return result.constraint or ""
        # What is left does not depend on the node.
        made = self._static.get((name, lang))
        if made is None:
            if name == "least":
                made = self._condition.least()
            else:
                term = partial(self.term, lang=lang)
                made = self._condition.text(self._conditions(lang), term, lang)
            self._static[name, lang] = made
        return made

    def _conditions(self, lang: str) -> Conditions:
        return Conditions(
            self._model, partial(self.term, lang=lang), partial(self.path, lang=lang), lang
        )

    def term(self, term: Term, lang: str) -> str:
        """A term, by name with its IRI where it has one; a blank node has no label that lasts."""
        if isinstance(term, BlankNode):
            return "[]"
        if not isinstance(term, NamedNode):
            return spell(term, self._names)
        if term.value.startswith(OURS):
            return self._conditions(lang).shape(term.value)
        known = self._labels.get(term.value)
        text = " ".join(pick(known, lang).split()) if known else ""
        iri = spell(term, self._names)
        return f"{text} ({iri})" if text else iri

    def path(self, path: Path, lang: str) -> str:
        """A property path, by name."""
        text = self._paths.get((path, lang))
        if text is None:
            text = path.text(lambda iri: self.term(NamedNode(iri), lang))
            if (
                not path.operator
                and path.predicate not in self._labels
                and path == self._shape.path
            ):
                # What has no name of its own is called as the shape calls it.
                name = " ".join(_in(self._shape.name, lang).split())
                text = f"{name} ({text})" if name else text
            self._paths[path, lang] = text
        return text

    def _others(self, result: Result) -> Sequence[Term]:
        """Values of the property that a value is compared with, those that it does not precede."""
        key = result.focus, result.value
        if self._compared[0] != key:
            self._compared = key, self._wrong(result)
        return self._compared[1]

    def _wrong(self, result: Result) -> Sequence[Term]:
        properties = self._condition.values()
        found = [n for p in properties for n in self._facts.get((result.focus, p.value), ())]
        value = result.value
        if not isinstance(value, Literal):
            return found
        allowed = (-1,) if result.kind == "LessThan" else (-1, 0)
        wrong = [
            item for item in found[:_COMPARED]
            if not isinstance(item, Literal) or order.compare(value, item) not in allowed
        ]  # fmt: skip
        # Those that can be compared tell more.
        return [item for item in wrong if not _incomparable(value, item)] or wrong

    def _count(self, result: Result) -> int:
        """How many values the property of a result has."""
        return len(_value_nodes(self._facts, result)) if result.count is None else result.count

    def _types(self, value: Term, lang: str) -> str:
        if isinstance(value, Literal):
            return COMPONENTS["literal"][lang]
        types = self._facts.get((value, _TYPE), ())
        if not types:
            return COMPONENTS["untyped"][lang]
        named = any(item.value in self._labels for item in types)
        return COMPONENTS["types-named" if named else "types"][lang].format(
            value=self._conditions(lang).listed(types)
        )

    def _found(self, value: Term, lang: str) -> str:
        if isinstance(value, Literal):
            if self._kind == "Datatype":
                return self._names.compact(value.datatype.value)
            return COMPONENTS["Literal"][lang]
        return COMPONENTS["IRI" if isinstance(value, NamedNode) else "BlankNode"][lang]


def _in(texts: Texts, lang: str) -> str:
    """The text in a language or one of its regions, else without a language; empty else."""
    near = {tag: text for tag, text in texts.items() if tag.lower().partition("-")[0] == lang}
    return pick(near or {"": texts.get("", "")}, lang)


def _messages(shape: Shape, result: Result) -> tuple[Literal, ...]:
    """The messages of the SPARQL constraint, else of the shape, else of the component; each once.

    SHACL, sections 2.1.5, 5.3.2 and 6.3: they are the messages of all results.
    """
    own: list[Literal] = []
    component: list[Literal] = []
    for constraint in shape.constraints:
        value = constraint.value
        if isinstance(value, Sparql) and value.id == result.constraint:
            own += value.messages
        elif isinstance(value, Custom) and value.component == result.component:
            component += value.messages
    return tuple(dict.fromkeys(own or shape.messages or component))


def _open(shape: Shape, result: Result) -> frozenset[str]:
    """The variables of a query that may have no value, and those of parameters left out."""
    found: set[str] = set()
    for constraint in shape.constraints:
        value = constraint.value
        if isinstance(value, Custom) and value.component == result.component:
            found |= {*value.absent, *_variables(value.query)}
        elif isinstance(value, Sparql) and value.id == result.constraint:
            found.update(_variables(value.select))
    return frozenset(found)


def _variables(query: str) -> set[str]:
    return {token.value[1:] for token in significant(query) if token.kind == "variable"}


def _solution(result: Result) -> Literal | None:
    """What a solution binds to ``?message``, which goes before all others (section 5.3.2)."""
    bound = result.bound.get("message")
    return bound if isinstance(bound, Literal) else None


def _value_nodes(facts: Facts, result: Result) -> Sequence[Term]:
    """The values that a result is about; none for a longer path.

    >>> from pyoxigraph import NamedNode
    >>> from gsefgraph.sparql.path import Path
    >>> node = NamedNode("a:n")
    >>> result = Result("a:s", "", "", node, Path.of("a:p"), None)
    >>> _value_nodes({(node, "a:p"): [Literal("x")]}, result)
    [<Literal value=x datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>]
    """
    if result.path is None or result.path.operator:
        return ()
    found = facts.get((result.focus, result.path.predicate), ())
    if result.kind != "UniqueLang":
        return found
    texts = [item for item in found if isinstance(item, Literal) and item.language]
    tags = [(item.language or "").lower() for item in texts]
    wanted = (result.constraint or "").lower()
    return [
        item
        for item, tag in zip(texts, tags, strict=True)
        if (tag == wanted if wanted else tags.count(tag) > 1)
    ]


def _incomparable(value: Term | None, other: Term) -> bool:
    """Whether two values have no order between them.

    >>> _incomparable(Literal(5), Literal("a")), _incomparable(Literal(5), Literal(6))
    (True, False)
    """
    if not isinstance(value, Literal) or not isinstance(other, Literal):
        return True
    return order.compare(value, other) is None

"""The ``#+`` header of a stored query: YAML in comment lines, after grlc's decorators.

Scalars are read as text, so that ``no`` and ``1.10`` stay what was written; aliases, tags and
repeated keys are refused. Every fault names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from gsefgraph.errors import GsefgraphError, InputError, SyntaxFault, UsageError, nearest
from gsefgraph.queries import sentence
from gsefgraph.queries.parameters import TYPES, Parameter
from gsefgraph.rdf import tree
from gsefgraph.terms import Names
from gsefgraph.wording import say

KEYS = (
    "summary", "title", "help", "description", "tags", "parameters", "defaults", "enumerate",
    "columns", "evidence", "ordered", "per-graph", "answer", "count", "picture",
)  # fmt: skip
# grlc's, which say how a server would run the query: no concern of ours, and no fault.
_FOREIGN = ("endpoint", "endpoint_in_url", "method", "pagination", "mime", "licence", "license")
_PARAMETER_KEYS = (
    "type", "optional", "default", "example", "class", "scheme", "bound", "label", "help",
)  # fmt: skip
_FORMS = ("none", "one", "other")
_TRUTHS = ("yes", "no")
PICTURES: Mapping[str, tuple[str, ...]] = {
    "timeline": ("start", "end"),
    "map": ("lat", "long", "value"),
    "bars": ("value", "part"),
    "network": ("weight", "centre"),
}
"""What can be drawn of an answer: the kinds of pictures, and what each may take beside things."""

_FOLDED = re.compile(r"[ \t\r\n]+")  # spaces that hold words together stay
_DEEPEST = 12
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Picture:
    """How an answer is drawn.

    Attributes:
        kind: one of `PICTURES`.
        columns: what is drawn -> the column that holds it. ``thing`` is what each mark stands for;
            a network has ``one`` and ``other`` instead, or, where all hangs together with one
            thing, ``other`` and as ``centre`` the parameter that holds that thing. ``start`` and
            ``end`` are dates, ``lat`` and ``long`` degrees, ``value`` and ``weight`` numbers;
            ``part`` divides the bar of a thing.
    """

    kind: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says; texts for people are by language.

    Attributes:
        answer: language -> form -> text with places (`queries.sentence`).
        shown: column that is named -> the line where.
        told: the line of the answer.
    """

    summary: str
    title: Mapping[str, str]
    help: Mapping[str, str]
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, Mapping[str, str]]
    evidence: tuple[str, ...]
    ordered: bool
    per_graph: bool
    answer: Mapping[str, Mapping[str, str]]
    count: tuple[str, ...]
    picture: Picture | None
    shown: Mapping[str, int]
    told: int


@dataclass(frozen=True, slots=True)
class _Node:
    """A YAML value and the line of the file that it begins on."""

    value: str | list[_Node] | dict[str, _Node]
    line: int


def without(text: str) -> str:
    """A stored query without its header.

    >>> without("#+ summary: All\\nASK {}")
    'ASK {}'
    """
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+"))


def read(text: str, file: str, names: Names) -> Header:
    """The header of a stored query.

    Parameters:
        text: the whole file; the header is its lines that begin with ``#+``, before the query.
        file: its name, for errors.
        names: expands the compact IRIs of ``class`` and ``scheme``.

    Errors:
        InputError, SyntaxFault: what is missing or wrong, with file and line.

    >>> read("#+ summary: All\\nSELECT * {}", "all.rq", Names()).title
    {'en': 'All'}
    """
    lines = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line[2:].removeprefix(" ") if line.startswith("#+") else "")
    if not any(line.strip() for line in lines):
        raise InputError(
            say("header.none"),
            file=file,
            line=1,
            hint=say("header.begin"),
        )
    root = _tree("\n".join(lines) + "\n", file)
    return _Reader(file, names).header(root)


def _tree(yaml: str, file: str) -> _Node:
    documents = tree.of_yaml(yaml, file, deepest=_DEEPEST)
    if not documents:
        raise SyntaxFault(say("header.empty"), file=file, line=1)
    return _node(documents[0])


def _node(node: tree.Node) -> _Node:
    if isinstance(node, tree.Scalar):
        return _Node(node.text, node.line)
    if isinstance(node, tree.Sequence):
        return _Node([_node(item) for item in node.items], node.line)
    return _Node({key.text: _node(value) for key, value in node.entries}, node.line)


class _Reader:
    """Turns the tree of one file's header into a `Header`."""

    def __init__(self, file: str, names: Names) -> None:
        self.file = file
        self.names = names
        self.shown: dict[str, int] = {}

    def fail(self, node: _Node, message: str, hint: str = "") -> NoReturn:
        raise InputError(message, file=self.file, line=node.line, hint=hint or None)

    def header(self, root: _Node) -> Header:
        if not isinstance(root.value, dict):
            self.fail(root, say("header.not-mapping"), say("header.write-lines"))
        entries = self.mapping(root, say("header.header"), (*KEYS, *_FOREIGN))
        if "summary" not in entries:
            self.fail(root, say("header.no-summary"), say("header.add-summary"))
        summary = self.text(entries["summary"], "summary")
        if not summary:
            self.fail(entries["summary"], say("header.empty-summary"), say("header.what-asked"))
        defaults = self.per_name(entries.get("defaults"), "defaults")
        choices = self.per_name(entries.get("enumerate"), "enumerate")
        parameters = []
        for name, node in self.mapping(entries.get("parameters"), "parameters").items():
            parameters.append(self.parameter(name, node, defaults, choices))
        declared = [parameter.name for parameter in parameters]
        for name, node in [*defaults.items(), *choices.items()]:
            if name not in declared:
                self.fail(node, say("header.not-parameter", name=name), nearest(name, declared))
        columns = self.mapping(entries.get("columns"), "columns")
        for name, node in columns.items():
            self.shown.setdefault(name, node.line)
        answer = entries.get("answer")
        return Header(
            summary=summary,
            title=self.texts(entries.get("title"), "title") or {"en": summary},
            help=self.texts(entries.get("help"), "help"),
            description=self.text(entries["description"], "description")
            if "description" in entries
            else "",
            tags=self.words(entries.get("tags"), "tags"),
            parameters=tuple(parameters),
            columns={name: self.texts(node, f"column {name!r}") for name, node in columns.items()},
            evidence=self.named(entries.get("evidence"), "evidence"),
            ordered=self.truth(entries.get("ordered"), "ordered"),
            per_graph=self.truth(entries.get("per-graph"), "per-graph"),
            answer=self.answer(answer, parameters),
            count=self.named(entries.get("count"), "count"),
            picture=self.picture(entries.get("picture"), declared),
            shown=self.shown,
            told=answer.line if answer else 0,
        )

    def answer(self, node: _Node | None, parameters: list[Parameter]) -> dict[str, dict[str, str]]:
        """The sentence in each language: three forms by number, or those of a truth value."""
        found = {}
        for language, forms in self.mapping(node, "answer").items():
            self.language(language, forms, "answer")
            what = f"answer, {language}"
            if isinstance(forms.value, str):
                text = self.sentence(forms, what, parameters, counts=True)
                found[language] = dict.fromkeys(_FORMS, text)
                continue
            entries = self.mapping(forms, what, (*_FORMS, *_TRUTHS))
            needed = _TRUTHS if "yes" in entries or "no" in entries else _FORMS
            for form in (*needed, *entries):
                if form not in entries:
                    self.fail(
                        forms,
                        say("header.no-form", what=what, form=form),
                        say("header.write-forms", forms=needed),
                    )
                if form not in needed:
                    self.fail(
                        entries[form],
                        say("header.no-key", key=form, what=what),
                        say("header.write-forms", forms=needed),
                    )
            found[language] = {
                form: self.sentence(text, f"{what}, {form}", parameters, counts=form in _FORMS)
                for form, text in entries.items()
            }
        return found

    def sentence(self, node: _Node, what: str, parameters: list[Parameter], *, counts: bool) -> str:
        text = self.text(node, what)
        if not text or sentence.stray(text):
            self.fail(node, say("header.stray", what=what), say("header.places"))
        known = {item.name: item.optional and item.default is None for item in parameters}
        if counts:
            known["count"] = False
        for name, free in sentence.places(text):
            if name not in known:
                hint = nearest(name, known)
                self.fail(node, say("header.no-place", what=what, name=name), hint)
            if known[name] and not free:
                self.fail(
                    node,
                    say("header.may-lack", what=what, name=name),
                    say("header.brackets", name=name),
                )
        return text

    def picture(self, node: _Node | None, parameters: list[str]) -> Picture | None:
        if node is None or node.value == "none":
            return None
        if not isinstance(node.value, dict):
            self.fail(node, say("header.no-picture"), say("header.write-picture"))
        kinds = [key for key in node.value if key in PICTURES]
        known = PICTURES[kinds[0]] if kinds else (*PICTURES,)
        for key, value in node.value.items():
            if key not in (*kinds[:1], *known):
                self.fail(
                    value,
                    say("header.no-key", key=key, what="picture"),
                    nearest(key, known),
                )
        if not kinds:
            self.fail(node, say("header.no-picture"), say("header.write-picture"))
        kind = kinds[0]
        columns: dict[str, str] = {}
        for key, value in node.value.items():
            if key == kind == "network" and isinstance(value.value, list):
                pair = self.words(value, "network")
                if len(pair) != 2:
                    self.fail(value, say("header.pair"))
                columns |= zip(("one", "other"), pair, strict=True)
            else:
                part = key if key != kind else "other" if kind == "network" else "thing"
                columns[part] = self.text(value, key)
            if key == "centre" and columns[key] not in parameters:
                hint = nearest(columns[key], parameters)
                self.fail(value, say("header.not-parameter", name=columns[key]), hint)
            for part, name in columns.items():
                if part != "centre":
                    self.shown.setdefault(name, value.line)
        return Picture(kind, columns)

    def named(self, node: _Node | None, what: str) -> tuple[str, ...]:
        """Columns, by a list or one alone; their lines are kept until the query is known."""
        if node is not None and isinstance(node.value, str) and node.value:
            node = _Node([node], node.line)
        found = self.words(node, what)
        for item in node.value if node and isinstance(node.value, list) else ():
            self.shown.setdefault(self.text(item, what), item.line)
        return found

    def parameter(
        self, name: str, node: _Node, defaults: dict[str, _Node], choices: dict[str, _Node]
    ) -> Parameter:
        if not _NAME.match(name):
            self.fail(node, say("header.parameter-name", name=name), say("header.letters"))
        entries = self.mapping(node, f"parameter {name!r}", _PARAMETER_KEYS)
        if "type" not in entries:
            self.fail(node, say("header.no-type", name=name), say("names.one-of", names=TYPES))
        kind = self.text(entries["type"], "type")
        if kind not in TYPES:
            self.fail(entries["type"], say("header.unknown-type", kind=kind), nearest(kind, TYPES))
        bound = self.text(entries["bound"], "bound") if "bound" in entries else "start"
        if bound not in ("start", "end"):
            self.fail(entries["bound"], say("header.bound", bound=bound))
        default = entries.get("default", defaults.get(name))
        allowed = choices.get(name)
        example = entries.get("example")
        result = Parameter(
            name=name,
            type=kind,
            optional=self.truth(entries.get("optional"), "optional"),
            default=self.text(default, "default") if default else None,
            example=self.text(example, "example") if example else None,
            choices=self.words(allowed, "enumerate"),
            kind=self.iri(entries.get("class"), "class"),
            scheme=self.iri(entries.get("scheme"), "scheme"),
            bound="end" if bound == "end" else "start",
            label=self.texts(entries.get("label"), "label"),
            help=self.texts(entries.get("help"), "help"),
        )
        self.check(result, node, default, example)
        return result

    def check(self, parameter: Parameter, node: _Node, *given: _Node | None) -> None:
        """Default, example and choices must be values that the parameter takes."""
        if parameter.type == "iri":
            return  # may be names, which only a graph knows
        values = [(parameter.default, given[0]), (parameter.example, given[1])]
        for value, place in [*values, *((choice, node) for choice in parameter.choices)]:
            if value is None:
                continue
            try:
                parameter.term(value, self.names)
            except GsefgraphError as error:
                self.fail(place or node, error.message, error.hint or "")

    def mapping(
        self, node: _Node | None, what: str, known: tuple[str, ...] = ()
    ) -> dict[str, _Node]:
        if node is None or node.value == "":
            return {}
        if not isinstance(node.value, dict):
            self.fail(node, say("header.part-not-mapping", what=what), say("header.name-value"))
        for key, value in node.value.items():
            if known and key not in known:
                self.fail(value, say("header.no-key", key=key, what=what), nearest(key, known))
        return node.value

    def per_name(self, node: _Node | None, what: str) -> dict[str, _Node]:
        """A mapping, or grlc's other way to write one: a list of mappings."""
        if node is None or not isinstance(node.value, list):
            return self.mapping(node, what)
        merged: dict[str, _Node] = {}
        for item in node.value:
            if not isinstance(item.value, dict):
                self.fail(item, say("header.no-values", what=what), say("header.parameter-value"))
            merged.update(item.value)
        return merged

    def text(self, node: _Node, what: str) -> str:
        if not isinstance(node.value, str):
            self.fail(node, say("header.not-text", what=what))
        return " ".join(_FOLDED.split(node.value)).strip(" ")

    def texts(self, node: _Node | None, what: str) -> dict[str, str]:
        if node is not None and isinstance(node.value, str) and node.value:
            return {"en": self.text(node, what)}
        found = {}
        for language, value in self.mapping(node, what).items():
            self.language(language, value, what)
            found[language] = self.text(value, what)
        return found

    def language(self, language: str, node: _Node, what: str) -> None:
        if not _LANGUAGE.match(language):
            self.fail(
                node,
                say("header.not-language", what=what, language=language),
                say("header.write-language"),
            )

    def words(self, node: _Node | None, what: str) -> tuple[str, ...]:
        if node is None or node.value == "":
            return ()
        if not isinstance(node.value, list):
            self.fail(node, say("header.not-list", what=what), say("header.write-list"))
        return tuple(self.text(item, what) for item in node.value)

    def truth(self, node: _Node | None, what: str) -> bool:
        if node is None:
            return False
        word = self.text(node, what).casefold()
        if word not in _TRUTH:
            self.fail(node, say("header.is-word", what=what, word=word), say("header.write-truth"))
        return _TRUTH[word]

    def iri(self, node: _Node | None, what: str) -> str | None:
        if node is None:
            return None
        try:
            return self.names.expand(self.text(node, what))
        except UsageError as error:
            self.fail(node, say("header.about", what=what, problem=error.message), error.hint or "")

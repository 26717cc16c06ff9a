"""Reading JSON-LD 1.1: with pyoxigraph's processor, or with PyLD what that one does not do.

Nothing is dropped: an IRI or a language tag that is not well-formed is an error, where the standard
(JSON-LD 1.1 API, section 8.2) would leave out the value or the node; only keys that no context
defines say nothing, and are named. No context is fetched: those of `rdf.contexts` are known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from gsefgraph.errors import GsefgraphError, InputError, RefusedAccess, SyntaxFault
from gsefgraph.rdf import contexts, packed, tags
from gsefgraph.rdf.faults import Ill, ill_iri, ill_tag
from gsefgraph.rdf.reading import NOWHERE, Reading, address_of, relative
from gsefgraph.rdf.tags import Tags
from gsefgraph.rdf.tree import Lines
from gsefgraph.records import where
from gsefgraph.terms import absolute
from gsefgraph.wording import Wording, heard, say

MAX_DEPTH = 200  # what we write takes up to 160; pyoxigraph's reader dies at about 4,000

_CONTEXT = re.compile(r'"@context"\s*:\s*')
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.S)
_LABEL = re.compile(r"_:[\w][\w.·-]*(?<!\.)")
_ODD_LABEL = re.compile(r'"_:(?:[^"\\\w][^"]*|[^"]*[^"\w.·-][^"]*|[^"]*\.)?"')
_IDS: tuple[str, ...] = ("@id", "@type", "id", "type")
_MEANING = frozenset({"@context", *_IDS})
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F]|u(?P<half>[dD][89a-fA-F][0-9A-Fa-f]{2})|.)",
    re.S,
)
_SHOWN = 10  # keys in one line


def read(
    text: str, name: str, reading: Reading, note: Callable[[Wording], None] = lambda _: None
) -> tuple[list[Quad], dict[str, str], Tags]:
    """What a text of JSON-LD says, its prefixes, and language tags written with capital letters.

    Parameters:
        text: JSON.
        name: of the file.
        reading: the base, and contexts that the user named.
        note: told what a person should know.

    Errors:
        SyntaxFault: not JSON, not JSON-LD, an IRI or a language tag that is not well-formed.
        RefusedAccess: a context that would be fetched.

    >>> text = '{"@context": "https://schema.org", "@id": "a:b", "name": "x"}'
    >>> [str(quad.predicate) for quad in read(text, "a.jsonld", Reading())[0]]
    ['<http://schema.org/name>']
    """
    document = _Document(text, name, reading, note)
    content = document.content()
    try:
        quads, written = document.read(content)
    except SyntaxFault as fault:
        raise document.placed(fault) from None
    return quads, _prefixes(content), written


def contexts_beside(path: Path, bound: int) -> set[Path]:
    """The files beside one of JSON-LD, or below, that it names as contexts, and that those name.

    Errors:
        InputError: it cannot be read.
    """
    found: set[Path] = set()
    left = [path]
    while left:
        file = left.pop()
        text, home = packed.content(file, bound).decode("utf-8", "replace"), address_of(str(file))
        for match in _CONTEXT.finditer(text):
            with suppress(ValueError, RecursionError):
                context, _ = json.JSONDecoder().raw_decode(text, match.end())
                named = (urljoin(home or "", word) for word in _remote(context, context=True))
                files = {contexts.beside(address, home) for address in named}
                left += (fresh := {file for file in files if file} - found)
                found |= fresh
    return found


def _prefixes(document: Any) -> dict[str, str]:
    """Prefixes that the outermost contexts of a document declare.

    >>> _prefixes({"@context": {"ex": "http://ex.org/", "name": "ex:name"}})
    {'ex': 'http://ex.org/'}
    """
    context = document.get("@context") if isinstance(document, dict) else None
    entries = context if isinstance(context, list) else [context]
    return {
        key: value
        for entry in entries
        if isinstance(entry, dict)
        for key, value in entry.items()
        if isinstance(value, str) and not key.startswith("@") and value[-1:] in "/#"
    }


class _Document:
    def __init__(
        self,
        text: str,
        name: str,
        reading: Reading,
        note: Callable[[Wording], None] = lambda _: None,
    ) -> None:
        self.text = text
        self.name = name
        self.reading = reading
        self.note = note
        self.turned = False  # whether it has text with a base direction
        self.left: dict[str, None] = {}  # keys that no context defines
        self.spelt: list[str] = []  # how a term that is wrong may be written
        self.keys = _IDS  # under which keys
        self.contexts = reading.contexts
        self.home = address_of(name)
        self.base = reading.base_of(name) or NOWHERE

    def read(self, content: Any) -> tuple[list[Quad], Tags]:
        if not isinstance(content, dict | list):
            return [], {}
        found, written = self._quads(content)
        if self.turned:
            self.note(say("rdf.direction-left", file=self.name))
        if self.left:
            keys = [*self.left]
            more = ["…"] if keys[_SHOWN:] else []
            self.note(
                say("rdf.keys-left", file=self.name, count=len(keys), keys=keys[:_SHOWN] + more)
            )
        return found, written

    def _quads(self, content: Any) -> tuple[list[Quad], Tags]:
        known: dict[str, Any] = {}
        unknown: list[str] = []
        for address in dict.fromkeys(_remote(content)):
            _, context = self._known(address)
            if context is None:
                unknown.append(address)
            else:
                known[address] = context
        contexts = [*known.values()]
        if any(map(_beyond, (content, contexts))) or any(_remote(contexts, context=True)):
            return self._processed()
        data = _inlined(self.text, known) if known else self.text
        try:
            found = list(parse(data.encode(), RdfFormat.JSON_LD, base_iri=self.base))
        except SyntaxError as error:
            if unknown:  # but for one in a JSON literal, which nobody fetches
                raise self._fetched(unknown[0]) from None
            with suppress(GsefgraphError):  # it is stricter than the standard here and there
                return self._processed()
            self._refuse_what(str(error.msg))
        lenient = list(parse(data.encode(), RdfFormat.JSON_LD, base_iri=self.base, lenient=True))
        predicates = dict.fromkeys(quad.predicate.value for quad in lenient)
        self.left = dict.fromkeys(filter(_meaningless, predicates))
        right = _Right()
        if not all(map(right, found)) or not all(map(right, filter(_meant, lenient))):
            for predicate in predicates:
                if "://" in predicate:  # and no words with a colon, which are no IRI
                    self._check(ill_iri(predicate), predicate)
            # What is wrong may yet stand under a key that says nothing.
            self._check_expanded(self._expanded())
        return found, tags.of(lenient)

    def _check_keys(self) -> None:
        for word, places in where.strings(self.text).items():
            if "://" in word and any(written.key is None for written in places):
                self._check(ill_iri(word), word)

    def content(self) -> Any:
        if self.text.count("{") + self.text.count("[") > MAX_DEPTH:
            self._check_depth()
        self._check_labels()
        try:
            found = json.loads(
                self.text,
                object_pairs_hook=self._object,
                parse_int=str,
                parse_float=str,
                parse_constant=self._no_constant,
            )
        except json.JSONDecodeError as error:
            raise SyntaxFault(
                say("file.not-json", problem=heard(error.msg)), **self._place(error.pos)
            ) from None
        for match in _ESCAPE.finditer(self.text):
            if match["half"]:  # of a surrogate pair, which is no character
                code = f"U+{match['half'].upper()}"
                problem = say("parser.escape-code", escape=match[0], code=code)
                raise SyntaxFault(
                    say("file.not-json", problem=problem), **self._place(match.start())
                )
        return found

    def _check_depth(self) -> None:
        depth = 0
        for match in _BRACKET.finditer(self.text):
            depth += (match[0] in "[{") - (match[0] in "]}")
            if depth > MAX_DEPTH:
                raise InputError(say("file.nested", depth=MAX_DEPTH), **self._place(match.start()))

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            written = [one for one in where.strings(self.text)[twice] if one.key is None]
            self._refuse(
                say("rdf.key-twice", key=twice), offset=written[1].offset if written[1:] else None
            )
        return found

    def _check_labels(self) -> None:
        """Refuse labels of blank nodes that are none, which processors leave out."""
        if not _ODD_LABEL.search(self.text):
            return
        for word, places in where.strings(self.text).items():
            at = next((one.offset for one in places if one.key in _IDS), None)
            if at is not None and word.startswith("_:") and not _LABEL.fullmatch(word):
                self._refuse(say("rdf.bad-label", label=word), say("rdf.a-label"), offset=at)

    def _no_constant(self, word: str) -> NoReturn:
        at = next((m.start() for m in re.finditer(rf'"(?:[^"\\]|\\.)*"|{word}', self.text, re.S)
                   if m[0] == word), None)  # fmt: skip
        raise SyntaxFault(say("file.not-json", problem=word), **self._place(at))

    def _known(self, written: str) -> tuple[str, Any]:
        """A context and its address, which the document's own, not its base, makes whole (JSON-LD
        1.1 API, section 9.1); the user may have named it by its base, or as it is written."""
        for base in (self.home or "", self.base, ""):
            address = urljoin(base, written)
            try:
                found = contexts.known(address, self.contexts, self.home)
            except InputError as error:
                what = {"remote": written, "file": error.file, "problem": error.message}
                problem = say("rdf.context-unread", **what)
                raise InputError(problem, **self._spelt(written), hint=error.hint) from None
            if found is not None:
                return address, found
        return written, None

    def _fetched(self, address: str) -> RefusedAccess:
        return RefusedAccess(
            say("rdf.context-fetched", remote=address),
            **self._spelt(address),
            hint=say("rdf.give-context", remote=address),
        )

    def _spelt(self, address: str) -> dict[str, Any]:
        """The place of a context's address."""
        spelt = where.strings(self.text).get(address)
        return self._place(spelt[0].offset if spelt else None)

    def _processed(self) -> tuple[list[Quad], Tags]:
        """The quads as PyLD gives them, which writes tags small, and tags as the text has them."""
        from pyld import jsonld

        expanded = self._expanded()
        self._check_keys()
        self._check_expanded(expanded)
        lines = jsonld.to_rdf(expanded, {"format": "application/n-quads"})
        found = list(parse(lines.encode(), RdfFormat.N_QUADS))
        capital = [
            word for word in where.strings(self.text) if not word.islower() and len(word) < 36
        ]
        written = {word.lower(): word for word in capital}
        literals = (quad.object for quad in found)
        return found, {
            (literal.value, literal.language): written[literal.language]
            for literal in literals
            if isinstance(literal, Literal) and literal.language in written
        }

    def _expanded(self) -> Any:
        import warnings

        from pyld import jsonld
        from pyld.context_resolver import ContextResolver

        home = self.home or self.base

        def load(address: str, _options: object) -> dict[str, Any]:
            written = where.strings(self.text)
            spelt = next(
                (word for word in [address, *relative(address, home)] if word in written), address
            )
            found, context = self._known(spelt)
            if context is None:
                raise self._fetched(spelt)
            document = {"@context": context}
            return {"contextUrl": None, "documentUrl": found, "document": document}

        def dropped(key: str | None) -> None:
            if key is not None:  # which a context says
                self.left[key] = None

        options = {"base": self.base, "documentLoader": load}
        resolver = ContextResolver({}, load)
        resolve = resolver.resolve

        def at_home(active: Any, context: Any, base: str, cycles: Any = None) -> Any:
            return resolve(active, context, home if base == self.base else base, cycles)

        resolver.resolve = at_home
        options["contextResolver"] = resolver
        self.left = {}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return jsonld.expand(json.loads(self.text), options, on_property_dropped=dropped)
        except jsonld.JsonLdError as error:
            cause: BaseException | None = error
            while cause is not None and not isinstance(cause, GsefgraphError):
                cause = cause.__context__
            if cause is not None:
                raise cause from None
            self._refuse_what(" ".join(str(error.args[0]).split()).rstrip("."))
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            self._refuse(heard(error))  # what it makes of values of a kind that it does not expect

    def _check_expanded(self, node: Any) -> None:
        """Refuse what PyLD would leave out."""
        if isinstance(node, list):
            for item in node:
                self._check_expanded(item)
        if not isinstance(node, dict):
            return
        self.turned = self.turned or "@direction" in node
        for key, value in node.items():
            if key == "@language":
                self._check_tag(value)
            elif key in ("@id", "@type"):
                for iri in value if isinstance(value, list) else [value]:
                    if isinstance(iri, str) and not iri.startswith(("_:", "@")):
                        self._check(ill_iri(iri), iri)
            elif key not in ("@value", "@index", "@direction"):
                if absolute(key):
                    self._check(ill_iri(key), key)
                self._check_expanded(value)

    def _check(self, ill: Ill | None, iri: str) -> None:
        if ill is not None:
            self.spelt = [iri, *relative(iri, self.base)]
            self._refuse(ill.what, ill.hint)

    def _check_tag(self, tag: str) -> None:
        if ill_tag(tag) is None:
            return
        self.keys = ("@language",)
        # A processor may have written it small.
        self.spelt = [word for word in where.strings(self.text) if word.lower() == tag.lower()]
        ill = ill_tag(self.spelt[0] if self.spelt else tag) or ill_tag(tag)
        if ill is not None:
            self._refuse(ill.what, ill.hint)

    def _refuse_what(self, said: str) -> NoReturn:
        """Refuse what a processor does, which may quote an IRI."""
        quoted = re.search(r"'([^']*)'(?: must be an IRI)?: ", said)
        if quoted:
            self._check(ill_iri(quoted[1]), quoted[1])
        self._refuse(heard(said))

    def _refuse(
        self, what: str, hint: Wording | None = None, *, offset: int | None = None
    ) -> NoReturn:
        problem = say("rdf.not-format", format="JSON-LD", problem=what)
        raise SyntaxFault(problem, **self._place(offset), hint=hint) from None

    def placed(self, fault: SyntaxFault) -> SyntaxFault:
        """A fault with its place: in the least of the document that still has it."""
        if fault.line is None:
            fault.line, fault.column = Lines(self.text).place(self._cause(fault))
        return fault

    def _cause(self, fault: SyntaxFault) -> int:
        iri = self.spelt[0] if self.spelt else ""
        words = where.strings(self.text)
        for word, places in words.items():  # a prefix, or a vocabulary
            if iri.startswith(word) and iri != word and absolute(word) and ill_iri(word):
                return places[0].offset
        way = self._least(fault)
        parts = [where.member(self.text, way[:n]) for n in range(len(way), -1, -1)]
        offset = self._blamed(parts) if self.spelt else None
        if offset is not None:
            return offset
        start, end = parts[0]
        inside = where.strings(self.text[start:end])
        said = [
            word for word in inside if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", fault.message)
        ]
        if said:
            return start + inside[max(said, key=len)][0].offset
        return start + (self.text[start] == '"')

    def _blamed(self, parts: Sequence[tuple[int, int]]) -> int | None:
        """Where what is spelt stands, in the least part or one around it: as a value of a key that
        takes such terms, as a key, or else as any value; a compact IRI by what follows its prefix.
        """

        @cache
        def found(start: int, end: int) -> dict[str, list[where.Written]]:
            return where.strings(self.text[start:end])

        def ranked(words: Iterable[str], faulty: bool) -> list[str]:
            compact = {word: local for word in words if (local := _local(word))}
            fits = [word for word, local in compact.items() if self.spelt[0].endswith(local)]
            if faulty:  # what is wrong is not in the prefix
                fits = [word for word in fits if ill_iri(f"x:{compact[word]}") is not None]
            return [*self.spelt, *sorted(fits, key=lambda word: -len(compact[word]))]

        # What is wrong with a subject is brought by a member beside it, which is the least part.
        kinds: list[list[Callable[[str | None], bool]]] = [
            [lambda key: key in self.keys],
            [lambda key: key is None, lambda key: key != "@value"],
        ]
        for faulty, kind, (start, end) in product((True, False), kinds, parts):
            words = found(start, end)
            for fits, word in product(kind, ranked(words, faulty)):
                for written in words.get(word, ()):
                    if fits(written.key):
                        return start + written.offset
        return None

    def _least(self, fault: SyntaxFault) -> list[str | int]:
        """The way to the least part of a document that alone brings the same fault.

        Of objects what gives their other members a meaning stays.
        """
        around: list[tuple[dict[str, Any] | None, str | int]] = []

        def fails(node: Any) -> bool:
            for kept, key in reversed(around):
                node = [node] if kept is None else {**kept, key: node}
            try:
                _Document(json.dumps(node), self.name, self.reading).read(node)
            except GsefgraphError as other:
                return other.message == fault.message
            return False

        def one(node: Any, kept: dict[str, Any] | None, keys: Sequence[Any]) -> Any:
            def only(part: Sequence[Any]) -> bool:
                chosen = {k: node[k] for k in part}
                return fails([*chosen.values()] if kept is None else {**kept, **chosen})

            # The first that has the term is looked at alone, since every half is a large text.
            named = (k for k in keys if any(t in json.dumps({str(k): node[k]}) for t in terms))
            if len(keys) > 1 and only(first := [*islice(named, 1)]):
                keys = first
            while len(keys) > 1:
                half = len(keys) // 2
                keys = next(filter(only, (keys[:half], keys[half:])), ())
            return keys[0] if keys else None

        terms = [json.dumps(word) for word in self.spelt]
        node = json.loads(self.text)
        while isinstance(node, list) or (isinstance(node, dict) and "@value" not in node):
            kept: dict[str, Any] | None = None
            keys: Sequence[Any] = range(len(node))
            if isinstance(node, dict):
                kept = {key: value for key, value in node.items() if key in _MEANING}
                if fails(kept):
                    node, kept = kept, {}
                keys = [key for key in node if key not in kept]
            key = one(node, kept, keys)
            if key is None:
                break
            around.append((kept, key))
            node = node[key]
        return [key for _, key in around]

    def _place(self, offset: int | None) -> dict[str, Any]:
        line, column = None, None
        if offset is not None:
            line, column = Lines(self.text).place(offset)
        return {"file": self.name, "line": line, "column": column}


def _local(word: str) -> str:
    """What of an IRI a compact one, or a name in a vocabulary, has."""
    head, colon, local = word.partition(":")
    return local if colon else head


class _Right:
    """Whether all terms of a quad are well-formed, and none is relative; each is looked at once."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, quad: Quad) -> bool:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, Literal) and term.language is not None:
                if f"@{term.language}" not in self._known:
                    if ill_tag(term.language) is not None:
                        return False
                    self._known.add(f"@{term.language}")
                continue
            node = term.datatype if isinstance(term, Literal) else term
            if isinstance(node, NamedNode) and node.value not in self._known:
                if ill_iri(node.value) is not None:
                    return False
                self._known.add(node.value)
        return True


def _meaningless(predicate: str) -> bool:
    """Whether a predicate of the lenient reader is a key that no context defines."""
    if not absolute(predicate):
        return not predicate.startswith("_:")
    return "://" not in predicate and ill_iri(predicate) is not None


def _meant(quad: Quad) -> bool:
    """Whether a quad of the lenient reader is none of a key that no context defines."""
    return absolute(quad.predicate.value)


def _remote(node: Any, *, context: bool = False) -> Iterator[str]:
    """The addresses that a processor would fetch (JSON-LD 1.1, sections 3.1 and 4.1.10)."""
    if isinstance(node, str):
        if context:
            yield node
    elif isinstance(node, list):
        for item in node:
            yield from _remote(item, context=context)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "@import" and isinstance(value, str):
                yield value
            elif key != "@value":
                yield from _remote(value, context=key == "@context")


def _beyond(node: Any) -> bool:
    """Whether a document or a context has what pyoxigraph's processor does not do, or does wrong:
    base directions, maps by type, imported contexts, a base that is itself relative.
    """
    if isinstance(node, str):
        return _odd("", node)
    if isinstance(node, list):
        return any(map(_beyond, node))
    if not isinstance(node, dict):
        return False
    for key, value in node.items():
        if (
            key in ("@direction", "@import")
            or value == "@direction"
            or (key == "@container" and (value == "@type" or "@type" in value))
            or (key == "@base" and isinstance(value, str) and _odd(key, value))
            or (key not in ("@container", "@value") and _beyond(value))
        ):
            return True
    return False


def _odd(key: str, value: str) -> bool:
    """Whether a base or a reference is one that pyoxigraph resolves otherwise."""
    if key == "@base":
        return not absolute(value) or "/." in value
    return value.startswith("//") and "/." in value


def _inlined(text: str, known: Mapping[str, Any]) -> str:
    """A document with contexts in the place of their addresses."""
    parts, end = [], 0
    decoder = json.JSONDecoder()
    for match in _CONTEXT.finditer(text):
        if match.end() >= end:
            context, after = decoder.raw_decode(text, match.end())
            parts += [text[end : match.end()], json.dumps(_filled(context, known, context=True))]
            end = after
    return "".join([*parts, text[end:]])


def _filled(node: Any, known: Mapping[str, Any], *, context: bool = False) -> Any:
    """A context with others in the place of their addresses."""
    if isinstance(node, str):
        return known.get(node, node) if context else node
    if isinstance(node, list):
        return [_filled(item, known, context=context) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _filled(value, known, context=key == "@context") for key, value in node.items()}

"""Stored questions: a folder of ``<family>/<name>.rq`` files with typed parameters.

A parameter is written ``$name`` in the query and bound by replacing that token, and no other text,
with one RDF term. The file itself, unbound, is legal SPARQL 1.1 that any engine runs.

>>> import tempfile
>>> text = "#+ summary: By name\\n#+ parameters: {name: {type: text}}\\nSELECT ?s { ?s ?p $name }"
>>> with tempfile.TemporaryDirectory() as folder:
...     file = Path(folder) / "by-name.rq"
...     _ = file.write_text(text)
...     catalogue = Catalogue(Path(folder), Names())
...     parse(files.text(file), "by-name.rq", Names()).text == catalogue.get("by-name").text
True
>>> catalogue.get("by-name").titled("fr"), catalogue.get("by-name").described("fr")
('By name', '')
>>> list(catalogue.families()), catalogue.get("by-name").parameter("name").takes
([''], 'a text')
>>> catalogue.get("by-name").said("en")
['by', 'name', 'by', 'name', 'name']
>>> str(catalogue.get("by-name").terms({"name": "GSEF"})["name"])
'"GSEF"'
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

from gsefgraph import files
from gsefgraph.errors import (
    GsefgraphError,
    InputError,
    ParameterError,
    UnknownName,
    nearest,
)
from gsefgraph.files import keep, kept
from gsefgraph.project import Project, cache_folder, content_key
from gsefgraph.queries.binding import bind, check
from gsefgraph.queries.header import Picture
from gsefgraph.queries.header import read as read_header
from gsefgraph.queries.parameters import BoundTerm, Parameter, Resolves, Value
from gsefgraph.sparql.form import Form, form
from gsefgraph.sparql.prologue import missing, without
from gsefgraph.terms import Names, key
from gsefgraph.wording import ByLanguage, say

__all__ = ["Catalogue", "Parameter", "Picture", "StoredQuery", "bind", "parse"]

_CACHE_FORMAT = 4
_SINGULAR = 4  # letters of a word that has no other end


@dataclass(frozen=True)
class StoredQuery:
    """One stored question.

    Attributes:
        name: the file's name without ``.rq``; family: the folder it stands in.
        file: the path as it was read, for messages.
        summary, description: in English; title, help: texts for people by language.
        parameters: in the order of the header.
        columns: column heads by language, for the columns that a table shows.
        evidence: projected variables whose nodes can be footnoted.
        ordered: whether the order of the rows means something.
        per_graph: whether it counts what each graph states, so that the same fact in a second
            graph is a second row.
        text: the whole file.
    """

    name: str
    family: str
    file: str
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
    text: str
    names: Names

    @cached_property
    def form(self) -> Form:
        """The query form: ``select``, ``ask``, ``construct`` or ``describe``."""
        return form(self.text)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Columns that a table leaves out: those of `evidence` without a head of their own."""
        return tuple(name for name in self.evidence if name not in self.columns)

    def titled(self, lang: str) -> str:
        """Its title in a language; in English where it has none in that."""
        return self.title.get(lang) or self.title.get("en") or self.summary

    def described(self, lang: str) -> str:
        """What it answers, as `titled`."""
        return (self.help.get(lang) or self.help.get("en") or self.description).strip()

    def said(self, lang: str) -> list[str]:
        """The words by which it is found, as `terms.key` has them."""
        labels = (item.called(lang) for item in self.parameters)
        texts = (self.titled(lang), self.name, self.described(lang), *labels)
        return key(" ".join(texts)).split()

    def parameter(self, name: str) -> Parameter:
        """The parameter of a name.

        Errors:
            ParameterError: no such parameter, with the nearest names.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        raise ParameterError(
            say("query.no-parameter", query=self.name, name=name),
            hint=nearest(name, known) or say("query.takes-none"),
        )

    def terms(
        self, values: Mapping[str, Value | None], resolver: Resolves | None = None
    ) -> dict[str, BoundTerm]:
        """The RDF terms that the parameters are bound to, defaults included.

        Parameters:
            values: parameter -> value; None means not given.
            resolver: turns names into IRIs; without one only IRIs are taken.

        Errors:
            ParameterError: an undeclared, missing or ill-typed value, naming the parameter and what
            it takes. UnknownName, AmbiguousName: from the resolver.
        """
        for name in values:
            self.parameter(name)
        found: dict[str, BoundTerm] = {}
        for parameter in self.parameters:
            value = values.get(parameter.name)
            if value is None:
                value = parameter.default
            if value is not None:
                found[parameter.name] = parameter.term(value, self.names, resolver)
            elif not parameter.optional:
                raise ParameterError(
                    say("query.needs", query=self.name, name=parameter.name),
                    hint=say("query.takes", takes=parameter.takes),
                )
        return found

    def bind(
        self, values: Mapping[str, Value | None] | None = None, resolve: Resolves | None = None
    ) -> str:
        """The query with its parameters bound: SPARQL 1.1 text for any engine.

        Parameters, errors: as `terms`.

        >>> query = parse('''#+ summary: By name
        ... #+ parameters: {name: {type: text}}
        ... SELECT ?s { ?s ?p $name } # not $name''', "by-name.rq", Names())
        >>> query.bind({"name": 'a "b" } SERVICE'}).splitlines()[-1]
        'SELECT ?s { ?s ?p "a \\\\"b\\\\" } SERVICE" } # not $name'
        """
        return bind(self.text, self.terms(values or {}, resolve))


def parse(text: str, file: str, names: Names, *, family: str = "") -> StoredQuery:
    """A stored query from the text of its file.

    Parameters:
        text: header and query.
        file: path or name of the file; the query is named after it.
        names: the project's prefixes.
        family: the folder's name.

    Errors:
        InputError, SyntaxFault: what the header lacks or gets wrong, and parameters that the query
        writes otherwise than the rules allow; with file and line.
    """
    from gsefgraph.engine.embedded import syntax_fault

    header = read_header(text, file, names)
    of_query = [field.name for field in fields(header) if field.name not in ("shown", "told")]
    query = StoredQuery(
        name=Path(file).stem,
        family=family,
        file=file,
        text=text,
        names=names,
        **{name: getattr(header, name) for name in of_query},
    )
    declared = {parameter.name for parameter in query.parameters}
    check(text, file, declared, header.shown)
    if any(("yes" in forms) != (query.form == "ask") for forms in query.answer.values()):
        wanted = ("yes", "no") if query.form == "ask" else ("none", "one", "other")
        hint = say("header.write-forms", forms=wanted)
        raise InputError(say("header.other-form"), file=file, line=header.told, hint=hint)
    before = missing(text, names.prefixes)
    fault = syntax_fault(before + text, functions=False)
    if fault is not None:
        fault.file = file
        raise without(before, fault, names.prefixes)
    return query


class Catalogue(Mapping[str, StoredQuery]):
    """The stored queries of a folder, or of several, by name.

    Reading the headers takes a YAML library that is slow to import, so what was read can be kept as
    JSON, by the content of the files.

    Parameters:
        folder: holds ``<family>/<name>.rq``, or ``.rq`` files themselves; other files are not
            looked at. A folder that is not there is an empty catalogue. Of queries of one name in
            several folders there is that of the last.
        names: the project's prefixes.
        cache: the folder where that is; None keeps nothing.
        warn: told of a faulty file, which is then left out; None has it raised.

    Errors:
        InputError, SyntaxFault: a faulty query file, with file and line; two files of one name.
    """

    def __init__(
        self,
        folder: Path | Sequence[Path],
        names: Names | None = None,
        *,
        cache: Path | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self.folders = (folder,) if isinstance(folder, Path) else tuple(folder)
        self.names = names or Names()
        self._warn = warn
        self._faults: dict[str, GsefgraphError] = {}
        known = place = None
        if cache is not None:
            with suppress(InputError):  # reading names the file
                place = self._place(cache)
                known = self._kept(place)
        if known is None:
            known = self._read()
            if cache is not None and place is not None and not self._faults:
                self._keep(cache, place, known)
        self._queries = {query.name: query for query in known}
        self._said: dict[str, list[tuple[StoredQuery, list[str]]]] = {}

    @property
    def replaced(self) -> tuple[StoredQuery, ...]:
        """The queries that stand in place of one of the same name in another folder."""
        held = Counter(
            name for folder in self.folders for name in {path.stem for path in _files(folder)}
        )
        return tuple(query for query in self.values() if held[query.name] > 1)

    def __getitem__(self, name: str) -> StoredQuery:
        query = self._queries.get(name)
        if query is None:
            raise KeyError(name)
        return query

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def get(self, name: str, default: object = None) -> StoredQuery:  # noqa: ARG002
        """The query of a name; unlike a dict's, an unknown name is an error.

        Errors:
            UnknownName: with the nearest names. InputError, SyntaxFault: a faulty file.
        """
        query = self._queries.get(name)
        if query is None and name in self._faults:
            raise self._faults[name]
        if query is None:
            raise UnknownName(say("query.unknown", name=name), hint=nearest(name, self._queries))
        return query

    def families(self) -> dict[str, tuple[StoredQuery, ...]]:
        """The queries of each family, both in alphabetical order."""
        found: dict[str, tuple[StoredQuery, ...]] = {}
        for query in sorted(self._queries.values(), key=lambda query: (query.family, query.name)):
            found[query.family] = (*found.get(query.family, ()), query)
        return found

    def search(self, text: str, lang: str = "en") -> list[StoredQuery]:
        """The queries that ask with the words of a text, those first that have most in their title.

        Parameters:
            text: accents, case, punctuation, a plural and words of one or two letters do not
                count; a word may be begun. Of four words one may be another.
            lang: of titles, descriptions and labels of parameters.

        >>> from gsefgraph.project import find
        >>> [query.name for query in of_project(find()).search("speakers")][:1]
        ['speakers']
        """
        words = [word for word in key(text).split() if len(word) > 2]
        if not words:
            return []
        if lang not in self._said:
            self._said[lang] = [(query, query.said(lang)) for query in self.values()]
        found = []
        for query, said in self._said[lang]:
            if sum(_among(word, said) for word in words) >= len(words) - len(words) // 4:
                title = key(f"{query.titled(lang)} {query.name}").split()
                found.append((-sum(_among(word, title) for word in words), query.name, query))
        return [query for *_, query in sorted(found, key=lambda each: each[:2])]

    def _read(self) -> list[StoredQuery]:
        found: dict[str, StoredQuery] = {}
        for folder in self.folders:
            here: dict[str, StoredQuery] = {}
            for path in _files(folder):
                try:
                    query = self._parse(path, folder, here)
                except GsefgraphError as fault:
                    if self._warn is None:
                        raise
                    self._warn(say("query.left-out", problem=ByLanguage(fault.text)))
                    # Another query of that name would answer something else.
                    if path.stem not in here:
                        self._faults[path.stem] = fault
                    continue
                here[query.name] = query
            found |= here
        return [query for name, query in found.items() if name not in self._faults]

    def _parse(self, path: Path, folder: Path, here: Mapping[str, StoredQuery]) -> StoredQuery:
        family = path.parent.relative_to(folder).as_posix()
        query = parse(
            files.text(path), str(path), self.names, family="" if family == "." else family
        )
        if query.name in here:
            raise InputError(
                say("query.second", name=query.name, file=here[query.name].file),
                file=str(path),
                hint=say("query.rename"),
            )
        return query

    def _kept(self, cache: Path) -> list[StoredQuery] | None:
        # Whatever is wrong with a cache, the files are there to be read.
        with suppress(ValueError, TypeError, KeyError):
            return [self._from_json(entry) for entry in json.loads(kept(cache) or b"")]
        return None

    def _from_json(self, entry: dict[str, object]) -> StoredQuery:
        lists = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
        parameters = []
        for one in entry["parameters"]:  # type: ignore[attr-defined]
            parameters.append(Parameter(**{**one, "choices": tuple(one["choices"])}))
        lists["parameters"] = tuple(parameters)
        if entry["picture"] is not None:
            lists["picture"] = Picture(**entry["picture"])  # type: ignore[arg-type]
        return StoredQuery(names=self.names, **lists)  # type: ignore[arg-type]

    def _place(self, cache: Path) -> Path:
        paths = [path for folder in self.folders for path in _files(folder)]
        salt = f"{_CACHE_FORMAT} {self.names.base} {[str(path) for path in paths]}"
        return cache / f"queries-{content_key(paths, salt=salt)}.json"

    def _keep(self, cache: Path, place: Path, queries: list[StoredQuery]) -> None:
        entries = []
        for query in queries:
            entry = {
                field.name: getattr(query, field.name)
                for field in fields(query)
                if field.name != "names"
            }
            entry["picture"] = query.picture and asdict(query.picture)
            entry["parameters"] = [asdict(parameter) for parameter in query.parameters]
            entries.append(entry)
        # The name of a file may be no text.
        content = json.dumps(entries, ensure_ascii=False).encode("utf-8", "surrogatepass")
        keep(place, content, lambda: self._place(cache))


def _among(word: str, words: Sequence[str]) -> bool:
    """Whether one of some words begins with a word, or with what it is without a plural's end."""
    stem = word.removesuffix("s") if len(word) > _SINGULAR else word
    stem = stem.removesuffix("e") if stem != word and len(stem) > _SINGULAR else stem
    return any(each.startswith(stem) for each in words)


def _files(folder: Path) -> list[Path]:
    """The queries of a folder, and what only bears the name of one: a folder, a link to nothing."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".rq")


def of_project(project: Project, warn: Callable[[str], None] | None = None) -> Catalogue:
    """The stored queries of a project, from the cache when they are as they were.

    Parameters:
        project: its own queries go before the package's of the same name.
        warn: told of a faulty file, as for `Catalogue`.

    >>> from gsefgraph.project import find
    >>> of_project(find()).get("observers").family
    'organisations'
    """
    return Catalogue(project.queries, project.names, cache=cache_folder(), warn=warn)

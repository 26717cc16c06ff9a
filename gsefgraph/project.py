"""Where ontology/, data/ and queries/ are: a folder of the user's, a checkout, or the wheel.

A user's own project needs data/ only: the ontology, the shapes and the queries of the package serve
it. Shapes and queries of its own are added to them; an ontology of its own takes the place of the
package's. Which file goes into which named graph is said here, and nowhere else.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

from gsefgraph import files
from gsefgraph.errors import InputError, UsageError
from gsefgraph.terms import BASE, NOT_DATA, Names, slug
from gsefgraph.wording import heard, say

_PACKAGE = Path(__file__).resolve().parent
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_SUFFIXES = re.compile(r"\.[a-z]+(?:\.(?:gz|bz2|xz))?\Z", re.I)
_TEXT = re.compile(r"\.(?:md|txt)\Z|~\Z", re.I)  # and what editors leave
_ENTITIES = "entities"
_LONGEST = 2_000  # characters of a base, and those of what is none that are told
_SHOWN = 80
_MOST = 16_000  # characters of project.toml


@dataclass(frozen=True, slots=True)
class Source:
    """One file of triples and the named graph that it fills.

    Attributes:
        given: whether the user named it, instead of the project's data.
    """

    graph: str
    path: Path
    given: bool = False


@dataclass(frozen=True)
class Project:
    """A project's folders.

    Attributes:
        root: the folder that holds data/.
        writable: whether `add` may write there; an installed package's data may not be written.
        base: the IRI that things and graphs live under, from ``base.txt`` beside data/ if present.
    """

    root: Path
    writable: bool
    base: str = BASE

    @cached_property
    def names(self) -> Names:
        """The project's prefixes."""
        return Names(self.base)

    @property
    def data(self) -> Path:
        """The folder of the project's facts."""
        return self.root / "data"

    @property
    def ontology(self) -> Path:
        """The folder of the project's ontology, where it has one of its own, or of the package's.

        Shapes and rules alone are no ontology.
        """
        own = self.root / "ontology"
        return own if any(own.glob("*.ttl")) else shipped().root / "ontology"

    @property
    def context(self) -> Path:
        """The JSON-LD context: the ontology's, or the package's."""
        own = self.ontology / "context.jsonld"
        return own if own.is_file() else shipped().root / "ontology" / "context.jsonld"

    @property
    def queries(self) -> tuple[Path, ...]:
        """The folders of stored queries: the package's, and the project's own, which go before."""
        return tuple(dict.fromkeys((shipped().root / "queries", self.root / "queries")))

    @property
    def shapes(self) -> tuple[Path, ...]:
        """The files that may hold SHACL shapes, by name: the package's and the project's own, at
        any depth of ontology/shapes/ or shapes/."""
        return _layered(self._shapes)

    @property
    def replaced(self) -> Mapping[Path, Path]:
        """The project's own files of shapes that take the place of another of their name."""
        named = self._shapes.values()
        return {paths[-1]: paths[-2] for paths in named if len(paths) > 1}

    @property
    def _shapes(self) -> Mapping[str, Sequence[Path]]:
        own = (self.root / "ontology" / "shapes", self.root / "shapes")
        return _by_name(shipped().root / "ontology" / "shapes", *own)

    @cached_property
    def people_indexed(self) -> bool:
        """Whether search engines may list the pages of people: what project.toml says, or no.

        Errors:
            InputError: project.toml is not TOML, or says something else.
        """
        path = self.root / "project.toml"
        if not path.is_file():
            return False
        import tomllib

        text = files.text(path)
        if len(text) > _MOST:
            raise InputError(say("project.long", most=_MOST), file=str(path))
        try:
            told = tomllib.loads(text).get("web", {})
        except ValueError as error:  # of a number of thousands of figures, too
            raise InputError(
                say("project.not-toml", problem=heard(error)), file=str(path)
            ) from None
        except RecursionError:
            raise InputError(say("file.too-deep"), file=str(path)) from None
        value = told.get("index-people", False) if isinstance(told, dict) else None
        if not isinstance(value, bool):
            raise InputError(say("project.not-truth"), file=str(path))
        return value

    @property
    def rules(self) -> tuple[Path, ...]:
        """The CONSTRUCT rules, by name: the ontology's, and the project's own."""
        named = _by_name(self.ontology / "rules", self.root / "ontology" / "rules")
        return tuple(path for path in _layered(named) if path.suffix.lower() == ".rq")

    @property
    def source_texts(self) -> Path:
        """The folder of the texts that evidence points into."""
        return self.data / "sources"

    def ontology_sources(self) -> tuple[Source, ...]:
        """The files of graph/ontology and graph/vocabulary, in a fixed order."""
        graphs = {
            "gsef.ttl": "ontology",
            "alignments.ttl": "ontology",
            "concepts.ttl": "vocabulary",
            "sdg.ttl": "vocabulary",
        }
        return tuple(
            Source(self.names.graph(graphs.get(path.name, "vocabulary")), path)
            for path in sorted(self.ontology.glob("*.ttl"))
        )

    def ontology_beside(self) -> tuple[Path, ...]:
        """The files of an ontology of its own that are not looked at: all but Turtle and the
        context."""
        own = sorted((self.root / "ontology").glob("*"))
        known = (self.context, *(source.path for source in self.ontology_sources()))
        return tuple(path for path in own if path not in known and not path.is_dir())

    def data_sources(self) -> tuple[Source, ...]:
        """The files of data/ that may hold facts, and their graphs, in a fixed order.

        What data/curation.ttl and the files in data/entities/ hold goes to the graphs of these
        names, what any other file holds to a graph that is named by the file. What is not looked at
        (`data_files`) and the description of the dataset hold no facts.

        Errors:
            InputError: a document's file has a name that no IRI can end in.

        >>> {source.path.name: source.graph for source in find().data_sources()}["curation.ttl"]
        'https://w3id.org/gsefgraph/graph/curation'
        """
        return tuple(map(self.source, self.data_files()[0]))

    def data_files(self) -> tuple[Sequence[Path], Sequence[Path]]:
        """The files of data/ that may hold facts, as for `data_sources`, and those that are not
        looked at: texts, data/sources/, and what is hidden.

        >>> found, aside = find().data_files()
        >>> found[0].name, "gsef-advocacy-fr.txt" in [path.name for path in aside]
        ('curation.ttl', True)
        """
        found, aside = [], []
        for path in sorted(_below(self.data)):
            parts = path.relative_to(self.data).parts
            if _aside(parts) or parts[0] == self.source_texts.name:
                aside.append(path)
            elif path != self.data / "dataset.nt":
                found.append(path)
        return sorted(found, key=self._order), aside

    def source(self, path: Path) -> Source:
        """A file of data/, or one in an archive there, and its graph; as for `data_sources`."""
        return Source(self.names.graph(self._graph_of(path)), path)

    def _order(self, path: Path) -> tuple[int, Path]:
        """Conclusions first, then documents, entities, and whatever else there is."""
        part = path.relative_to(self.data).parts
        ranks = {"documents": 1, _ENTITIES: 2} if len(part) > 1 else {"curation.ttl": 0}
        return ranks.get(part[0], 3), path

    def _graph_of(self, path: Path) -> str:
        if path.relative_to(self.data).parts[0] == _ENTITIES:
            return _ENTITIES
        stem = _SUFFIXES.sub("", path.name)
        try:
            name = stem if _NAME.match(stem) else slug(stem)
        except UsageError:
            return "file"  # a name without Latin letters
        return f"data-{name}" if name in NOT_DATA else name

    def check(self) -> None:
        """Refuse a folder that is no project.

        Errors:
            InputError: naming what is missing.
        """
        if not self.root.is_absolute() and files.adrift():
            raise InputError(say("file.gone"), file=str(self.root))
        if not self.root.is_dir():
            raise InputError(say("file.no-folder"), file=str(self.root))
        if not self.data.is_dir():
            raise InputError(
                say("project.no-data"), file=str(self.root), hint=say("project.create-data")
            )


def _below(folder: Path) -> Iterator[Path]:
    """The files at all levels of a folder, and the links to folders, which are not followed."""
    for above, inner, names in os.walk(folder):
        links = [name for name in inner if os.path.islink(os.path.join(above, name))]
        for name in (*links, *names):
            yield Path(above, name)


def _aside(parts: Sequence[str]) -> bool:
    """Whether a file is hidden, a text, or what an editor leaves, by its path."""
    return any(part.startswith(".") for part in parts) or bool(_TEXT.search(parts[-1]))


def _by_name(*folders: Path) -> dict[str, list[Path]]:
    """The files of some folders by their path there, those of one name in the folders' order."""
    found: dict[str, list[Path]] = {}
    for folder in dict.fromkeys(folders):
        for path in _below(folder):
            name = path.relative_to(folder)
            if not _aside(name.parts):
                found.setdefault(str(name), []).append(path)
    return found


def _layered(named: Mapping[str, Sequence[Path]]) -> tuple[Path, ...]:
    """Of files of one name the last."""
    return tuple(paths[-1] for _, paths in sorted(named.items()))


def find(folder: str | Path | None = None) -> Project:
    """The project to work on.

    Parameters:
        folder: the user's choice; otherwise the environment variable ``GSEFGRAPH_PROJECT``,
            otherwise what the package came with: its checkout, or the wheel's copy.

    Errors:
        InputError: the folder is no project, or what a crash interrupted in it cannot be ended.
        UsageError: what its base.txt says is no IRI.

    >>> find().ontology.joinpath("gsef.ttl").is_file()
    True
    """
    chosen = folder or os.environ.get("GSEFGRAPH_PROJECT")
    if not chosen:
        project = shipped()
    else:
        root = files.named(chosen, "file.write-here")
        project = Project(root, writable=True, base=_base(root / "base.txt"))
        project.check()
    if project.writable:
        files.recover(project.root)
    return project


def around() -> Path | None:
    """The project of a person's own in which the working folder is; None where it is in none.

    Such a folder has data/ and base.txt, as `gsefgraph init` makes it.

    >>> around() is None or (around() / "base.txt").is_file()
    True
    """
    try:
        here = Path.cwd()
    except OSError:  # it is gone
        return None
    for folder in (here, *here.parents):
        if (folder / "base.txt").is_file() and (folder / "data").is_dir():
            return folder
    return None


Meaning: TypeAlias = Literal["columns", "store", "project", "files"]
"""What a folder may be."""
COLUMNS, STORE = "columns.json", "record.json"
"""The files that make a folder one of columns, and a store."""
_GENERATION = re.compile(r"g-[0-9]+|lock")


def meaning(folder: str | Path) -> Meaning | None:
    """What a folder is, by the first of these that holds; None where there is no folder.

    A ``columns.json`` in it: columns. A store's record, and beside it a generation or the lock of
    a store (`engine/store.py`): a store. ``data/`` or ``base.txt``: a project. Else it is its files
    of RDF.

    >>> meaning(shipped().root), meaning(shipped().data), meaning("nowhere")
    ('project', 'files', None)
    """
    root = Path(folder)
    if not root.is_dir():
        return None
    if (root / COLUMNS).is_file():
        return "columns"
    if (root / STORE).is_file() and any(
        _GENERATION.fullmatch(each.name) for each in root.iterdir()
    ):
        return "store"
    if (root / "data").is_dir() or (root / "base.txt").is_file():
        return "project"
    return "files"


def _base(setting: Path) -> str:
    if not setting.is_file():
        return BASE
    base = files.text(setting).strip()
    try:
        Names(base if len(base) <= _LONGEST else f"{base[:_SHOWN]}…")
    except UsageError as error:
        raise UsageError(
            error.message, file=str(setting), line=1, hint=say("project.base-example")
        ) from None
    return base


def shipped() -> Project:
    """The project that the package came with: writable in a checkout, read-only in a wheel."""
    inside = _PACKAGE / "_project"
    if inside.is_dir():
        return Project(inside, writable=False)
    return Project(_PACKAGE.parent, writable=True)


READY = Path(__file__).resolve().parent / "ready"
"""What a first start would make of the shipped ontology, shapes and rules: `docs/ready.py`."""


def cache_folder() -> Path:
    """Where what can be made again is kept: ``GSEFGRAPH_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("GSEFGRAPH_CACHE")
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "gsefgraph"


def content_key(paths: Iterable[Path], *, salt: str = "") -> str:
    """A name for exactly this content: files' names and bytes, and what reads them.

    Parameters:
        paths: any number; their order does not count.
        salt: what else the result depends on, such as versions.

    Returns:
        32 hexadecimal digits.

    Errors:
        InputError: a file that cannot be read.
    """
    digest = hashlib.sha256(salt.encode())
    for path in sorted(paths):
        content = files.content(path)
        name = f"\0{path.parent.name}/{path.name}\0{len(content)}\0"
        digest.update(name.encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:32]

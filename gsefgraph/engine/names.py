"""The index of a graph's names and quoted words, in memory or on disk.

What is asked of it stops at `CAP` candidates; they come in the order of the IRIs, or of the names
where it is their beginning that is looked for.

A store on disk has a file of all names, which no write touches, and beside it that of the things
whose names have changed since (`store.py` seals both with the generation). What is in a file:
`words.py`.

>>> index = NameIndex.of([("a:1", "Économie sociale"), ("a:2", "Socios")], [("e:1", "So it says")])
>>> [name.text for name in index.exact("economie sociale")]
['Économie sociale']
>>> [name.iri for name in index.completing(["soc"])], [name.iri for name in index.parts(["cial"])]
(['a:1', 'a:2'], ['a:1'])
>>> [name.text for name in index.quoted(["says", "it"])]
['So it says']
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad

from gsefgraph.engine.words import (
    END,
    MOST,
    NAMING,
    QUOTE,
    VERSION,
    Name,
    Row,
    Words,
    quoted,
    texts,
    tokens,
)
from gsefgraph.files import oldest

CAP = 1000
"""Candidates of a kind that are ranked at most, and"""
FEW = 200
"""those that take longer: near ones, which are compared letter by letter, and those that must be
looked up in the graph."""

FILE, SINCE = "names.base", "names.since"
"""All names of a store, and those of the things that have changed since."""
_INDEXED = frozenset({*NAMING, QUOTE})
_LOT = 100  # candidates that a restriction looks at together
_BESIDE = 20_000  # things that are kept apart from the file of all names, or
_SHARE = 50  # one in so many of its names
_OPEN = 200_000  # changed things that are followed one by one; from there on all is made anew
Accept: TypeAlias = Callable[[Sequence[str]], Collection[str]]
"""Those of some things that count."""
_Wanted: TypeAlias = "tuple[str, tuple[str, ...]] | None"


class Touched:
    """The things whose names or quotes a write may change.

    >>> touched = Touched()
    >>> from pyoxigraph import Literal
    >>> touched.see([Quad(NamedNode("a:b"), NamedNode(QUOTE), Literal("x"))])
    >>> touched.things, touched.many
    ({'a:b'}, False)
    """

    def __init__(self) -> None:
        self.things: set[str] = set()
        self.many = False

    def see(self, quads: Iterable[Any]) -> None:
        """Note quads, or triples, that come or go."""
        for quad in quads:
            self.note(quad)

    def note(self, quad: Any) -> None:
        """Note one."""
        if quad.predicate.value in _INDEXED and not self.many:
            if isinstance(quad.subject, NamedNode):
                self.things.add(quad.subject.value)
            self.many = len(self.things) > _OPEN

    def passing(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Quads as they come, each noted."""
        for quad in quads:
            self.note(quad)
            yield quad

    def compare(self, before: pyoxigraph.Store, after: pyoxigraph.Store) -> None:
        """Note what two stores have differently; both give their quads in the same order."""
        for predicate in map(NamedNode, sorted(_INDEXED)):
            old, new = (
                store.quads_for_pattern(None, predicate, None, DefaultGraph())
                for store in (before, after)
            )
            one, other = next(old, None), next(new, None)
            while one is not None or other is not None:
                if one == other:
                    one, other = next(old, None), next(new, None)
                elif one is not None and (other is None or one not in after):
                    self.note(one)
                    one = next(old, None)
                elif other is not None and (one is None or other not in before):
                    self.note(other)
                    other = next(new, None)
                else:  # never, while the order is the same
                    self.many = True
                    return


class NameIndex:
    """What names and quotes hold some words.

    Parameters:
        layers: the file of all names first, then what has changed since.
        again: makes the index anew where a file turns out to be damaged.

    Every method that looks something up takes `accept`, which tells the things that count: it is
    asked before the cap, so that no match is lost behind it.
    """

    def __init__(
        self, layers: Sequence[Words], again: Callable[[], NameIndex] | None = None
    ) -> None:
        self._layers = list(layers)
        self._again = again

    @classmethod
    def of(
        cls, names: Iterable[Row], quotes: Iterable[Row] = (), path: Path | None = None
    ) -> NameIndex:
        """An index of some names and quotes.

        Parameters:
            names, quotes: IRIs with their texts, in any order; read one by one.
            path: a new file; none is in memory.
        """
        layer = Words(path)
        layer.fill({"name": names, "quote": quotes})
        return cls([layer])

    @classmethod
    def of_store(cls, store: pyoxigraph.Store, path: Path | None = None) -> NameIndex:
        """An index of all that a store has in its default graph, as `of`."""
        names = (row for predicate in NAMING for row in texts(store, predicate))
        return cls.of(names, texts(store, QUOTE), path)

    @classmethod
    def beside(cls, path: Path, store: pyoxigraph.Store) -> NameIndex:
        """An index as `of_store`, in a file that can be made again; in memory where it cannot be
        written. What is there already is taken."""
        import sqlite3

        def again() -> NameIndex:
            return cls.of_store(store)

        there = cls.open([path], again) if path.exists() else None
        if there is not None:
            return there
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            cls.of_store(store, temporary).close()
            os.replace(temporary, path)
            for old in oldest(path):
                old.unlink(missing_ok=True)
        except (OSError, sqlite3.Error):
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return again()
        return cls.open([path], again) or again()

    @classmethod
    def of_bytes(cls, content: bytes) -> NameIndex | None:
        """What `to_bytes` gave; None where that was of another version."""
        layer = Words(None, content)
        return cls([layer]) if layer.version() == VERSION else None

    def to_bytes(self) -> bytes:
        """An index in memory as a file would hold it."""
        return self._layers[0].connection.serialize()

    @classmethod
    def open(cls, files: Sequence[Path], again: Callable[[], NameIndex]) -> NameIndex | None:
        """The index in some files, which nobody writes; None where they hold none."""
        import sqlite3

        try:
            layers = [Words(path, reading=True) for path in files]
            if all(layer.version() == VERSION for layer in layers):
                newer = [layer for layer in layers[1:] if layer.voided(most=1)]
                return cls([*layers[:1], *newer], again)
        except (sqlite3.Error, OSError):
            pass
        return None

    def close(self) -> None:
        """Give up the files."""
        for layer in self._layers:
            layer.connection.close()

    def exact(
        self, wanted: str, accept: Accept | None = None, text: str | None = None
    ) -> list[Name]:
        """Names with this key, or those of them that are written so."""
        if text is None:
            return self._find("name", lambda _: ("WHERE key = ?", (wanted,)), accept)
        where = "WHERE key = ? AND text = ?", (wanted, text)
        return self._find("name", lambda _: where, accept)

    def beginning(self, wanted: str, accept: Accept | None = None) -> list[Name]:
        """Names whose key begins with this and goes on."""
        where = "WHERE key > ? AND key < ? ORDER BY key", (wanted, wanted + END)
        return self._find("name", lambda _: where, accept, CAP if accept is None else FEW)

    def holding(self, words: Sequence[str], accept: Accept | None = None) -> list[Name]:
        """Names that hold each of some words."""
        return self._match("name", lambda _, word: [word], words, accept)

    def completing(self, words: Sequence[str], accept: Accept | None = None) -> list[Name]:
        """Names that hold, for each of some texts, a word that begins with it."""
        return self._match("name", lambda layer, word: layer.begun("name", word), words, accept)

    def parts(self, words: Sequence[str], accept: Accept | None = None) -> list[Name]:
        """Names that hold, for each of some texts, a word that has it within; one or two letters
        are looked for where words begin."""
        return self._match("name", lambda layer, word: layer.within(word), words, accept)

    def near(self, words: Sequence[str], accept: Accept | None = None) -> list[Name]:
        """Names that hold words spelled much like some: first those that do of all, then others."""

        def like(layer: Words, word: str) -> list[str]:
            return layer.near(word)

        every = self._match("name", like, words, accept, most=FEW)
        return [*every, *self._match("name", like, words, accept, most=FEW, every=False)]

    def quoted(self, words: Sequence[str]) -> list[Name]:
        """Passages that hold each of some words, or one that begins with the last."""

        def expand(layer: Words, word: str) -> list[str]:
            return layer.begun("quote", word) if word == words[-1] else [word]

        return self._match("quote", expand, words, None)

    def change(self, store: pyoxigraph.Store, things: Iterable[str]) -> None:
        """Let an index in memory follow what a store now says of some things."""
        self._layers[-1].put(store, things)

    def _match(
        self,
        area: str,
        expand: Callable[[Words, str], list[str]],
        words: Sequence[str],
        accept: Accept | None,
        *,
        most: int = CAP,
        every: bool = True,
    ) -> list[Name]:
        def where(layer: Words) -> _Wanted:
            # What is nothing but marks is no word of any name.
            apart = dict.fromkeys(words)
            groups = [expand(layer, word) if tokens(word) == {word} else [] for word in apart]
            if every and not all(groups):
                return None
            text = (" AND " if every else " OR ").join(
                # Each word has a list to be opened: of many texts the most common ones must do.
                f"({' OR '.join(map(quoted, group[: max(20, MOST // len(groups))]))})"
                for group in groups
                if group
            )
            match = f"JOIN {area} n ON n.id = w.rowid WHERE {area}_words MATCH ?"
            return (match, (text,)) if text else None

        return self._find(area, where, accept, most if accept is None else FEW)

    def _find(
        self,
        area: str,
        ask: Callable[[Words], _Wanted],
        accept: Accept | None,
        most: int = CAP,
    ) -> list[Name]:
        import sqlite3

        try:
            return self._look(area, ask, accept, most)
        except sqlite3.Error:
            if self._again is None:
                raise
        made, self._again = self._again(), None
        self._layers = made._layers
        return self._look(area, ask, accept, most)

    def _look(
        self, area: str, ask: Callable[[Words], _Wanted], accept: Accept | None, most: int
    ) -> list[Name]:
        found: list[Name] = []
        for number, layer in enumerate(self._layers):
            wanted = ask(layer)
            if wanted is None:
                continue
            newer = self._layers[number + 1 :]
            for lot in layer.rows(area, *wanted, size=most if accept is None else _LOT):
                good = [n for n in lot if not any(over.voids(n.iri) for over in newer)]
                if accept is not None and good:
                    counted = accept(list(dict.fromkeys(name.iri for name in good)))
                    good = [name for name in good if name.iri in counted]
                found += good
                if len(found) >= most:
                    return found[:most]
        return found


def follow(folder: Path, store: pyoxigraph.Store, touched: Touched) -> None:
    """Bring the index files of a draft up to what its database now holds.

    Parameters:
        folder: has the files of the last generation, or none of them.
        store: the draft's database.
        touched: things that the write has changed.

    Errors:
        OSError: the disk is full.
    """
    import sqlite3

    base, since = folder / FILE, folder / SINCE
    try:
        if touched.many or not (base.exists() and since.exists()):
            _remake(base, since, store)
        elif touched.things:
            try:
                _add(base, since, store, touched.things)
            except sqlite3.DatabaseError:  # damaged
                _remake(base, since, store)
    except sqlite3.Error as error:
        raise OSError(str(error)) from None


def _remake(base: Path, since: Path, store: pyoxigraph.Store) -> None:
    for file in (base, since):
        file.unlink(missing_ok=True)
    NameIndex.of_store(store, base).close()
    NameIndex.of((), (), since).close()


def _add(base: Path, since: Path, store: pyoxigraph.Store, things: set[str]) -> None:
    newer = Words(since, reopen=True)
    newer.put(store, things, void=True)
    changed = newer.voided()
    all_names = Words(base, reading=True)
    full = len(changed) > max(_BESIDE, all_names.count() // _SHARE)
    for layer in (newer, all_names):
        layer.connection.close()
    if full:
        copy = base.with_suffix(".tmp")
        with open(base, "rb") as source, open(copy, "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
        os.replace(copy, base)  # the old one is a link to what the last generation has
        layer = Words(base, reopen=True)
        layer.put(store, changed)
        layer.connection.close()
        since.unlink()
        NameIndex.of((), (), since).close()

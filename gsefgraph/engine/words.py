"""One SQLite database of names and quotes, and of the words in them.

    name(thing, iri, text, key, among)   every name of a thing, and the last part of its IRI
    quote(thing, iri, text, key, among)  the words of every passage
    *_words                              FTS5: which rows hold a word or a mark
    *_word(text, held)                   each word that there is, and how many rows hold it
    gram(gram, word)                     two or three letters in a row, and the words with them
    void(iri)                            things of which an older database no longer counts

Words are those of `terms.key`, which folds them: the tokenizer only divides at spaces, and `thing`
is a number of the IRI that others may share. What begins with some letters, or has them within, is
looked for among the words, which are few beside the names, and only then among the names: FTS5's
own prefixes and trigrams would be as long as the names for each letter that is typed. `among` has
a mark, which is like no word, for each class and scheme of a thing: few things of a class are found
among many without a look at the many.

>>> words = Words(None)
>>> words.fill({"name": [("a:1", "Économie sociale")], "quote": []})
>>> words.few("name", '"economie"')
True
>>> words.count(), words.begun("name", "so"), words.within("ono"), words.near("socaile")
(2, ['sociale'], ['economie'], ['sociale'])
>>> [name.text for lot in words.rows("name", "text LIKE ?", ("%soc%",), size=9) for name in lot]
['Économie sociale']
>>> store = pyoxigraph.Store()
>>> store.add(pyoxigraph.Quad(NamedNode("a:1"), NamedNode(NAMING[0]), Literal("Économie")))
>>> list(texts(store, NAMING[0]))
[('a:1', 'Économie')]
>>> words.put(store, ["a:1"], void=True)
>>> words.begun("name", "so"), words.voids("a:1"), words.voided(), words.version() == VERSION
([], True, {'a:1'}, True)
"""

from __future__ import annotations

import json
import re
import threading
from bisect import bisect
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode

from gsefgraph.terms import GSEF, RDF, RDFS, SKOS, key, latin

NAMING = (f"{SKOS}prefLabel", f"{GSEF}acronym", f"{SKOS}altLabel", f"{RDFS}label")
"""What names a thing; rdfs:label is derived from the first, or all that other data has."""
QUOTE = f"{GSEF}quote"
AMONG = (f"{RDF}type", f"{SKOS}inScheme")
"""What a thing belongs to, by which a look is narrowed."""
VERSION = 3
"""Of what a database holds: of another it is made anew."""
END = "\U0010ffff"
MOST = 300
"""Words that stand for a few letters: the ones that most rows hold."""
_TOKEN = re.compile(r"[0-9A-Za-z\x80-\U0010ffff]+")
_MARK = "\ue000"  # for private use, so that no word begins with it
_LOOKED = 10_000  # words among which these are looked for
_READ = 5_000  # names of a class that are read one by one
_DIGIT = re.compile("[0-9]")
_DOUBLED = re.compile(r"(.)\1+")
_LENGTHS = (4, 8, 12)  # letters of a word from which on one, two, three of them may be wrong
_FURTHER = 4  # letters that a word meant may have more or less, some of them doubled
_LIKE = 200  # words that are compared with one letter by letter
_STEP = 20_000  # rows that are written together
_SHORT = 6  # letters of a word that is also found by two in a row

Row: TypeAlias = tuple[str, str]
"""An IRI and a text."""
_Given: TypeAlias = "tuple[str, str | None, str | None]"  # an IRI, and a text or a mark

_AREA = """
CREATE TABLE {0}(
    id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, iri TEXT NOT NULL, text TEXT NOT NULL,
    key TEXT NOT NULL, among TEXT NOT NULL);
CREATE VIRTUAL TABLE {0}_words USING fts5(
    key, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE TABLE {0}_word(id INTEGER PRIMARY KEY, text TEXT NOT NULL, held INTEGER NOT NULL);
"""
_INSERT = "INSERT INTO {0}(thing, iri, text, key, among) VALUES (?, ?, ?, ?, ?)"
_INDEXED = "key || ' ' || among"  # what FTS5 has of a row
_COMMON = """
CREATE TABLE gram(gram TEXT, word INTEGER, PRIMARY KEY(gram, word)) WITHOUT ROWID;
CREATE TABLE void(iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Name(NamedTuple):
    """A name of a thing, or the words of a passage, and what is compared of it."""

    iri: str
    text: str
    key: str


class Words:
    """One SQLite database.

    Parameters:
        path: its file; None for memory.
        content: what it holds, for one in memory.
        reading: a file that is there and that nobody writes.
        reopen: a file that is there, to be changed.
    """

    def __init__(
        self,
        path: Path | None,
        content: bytes | None = None,
        *,
        reading: bool = False,
        reopen: bool = False,
    ) -> None:
        import sqlite3
        from urllib.parse import quote

        name = ":memory:" if path is None else f"file:{quote(str(path.absolute()))}"
        if reading:
            name += "?mode=ro&immutable=1"
        # Each statement locks the connection (SQLite is built so), and there is one statement a
        # lot of rows.
        self.connection = sqlite3.connect(
            name, uri=path is not None, check_same_thread=False, isolation_level=None
        )
        self._lock = threading.RLock()
        if content is not None:
            self.connection.deserialize(content)
        elif not reading:
            # A file is a draft's until it is sealed, which puts it on the disk for good.
            journal = "MEMORY" if reopen or path is None else "OFF"
            for pragma in (f"journal_mode={journal}", "synchronous=OFF", "cache_size=-65536"):
                self.connection.execute(f"PRAGMA {pragma}")
            if not reopen:
                for area in ("name", "quote"):
                    self.connection.executescript(_AREA.format(area))
                self.connection.executescript(_COMMON)

    def version(self) -> int:
        """Which version of this module has filled it; 0 where that was not finished."""
        return int(self._one("PRAGMA user_version")[0][0])

    def count(self) -> int:
        """How many names there are."""
        return int(self._one("SELECT coalesce(max(id), 0) FROM name")[0][0])

    def voids(self, iri: str) -> bool:
        """Whether older files have nothing to say of a thing."""
        return bool(self._one("SELECT 1 FROM void WHERE iri = ?", iri))

    def voided(self, most: int = -1) -> set[str]:
        """All things of which older files have nothing to say, or some of them."""
        return {iri for (iri,) in self._one("SELECT iri FROM void LIMIT ?", most)}

    def rows(
        self, area: str, where: str, values: tuple[str, ...], *, size: int
    ) -> Iterator[list[Name]]:
        """Names or quotes, in lots."""
        table = f"{area} n"
        if "MATCH" in where:
            table = f"{area}_words w JOIN {table} ON n.id = w.rowid"
        with self._lock:
            cursor = self.connection.execute(
                f"SELECT n.iri, n.text, n.key FROM {table} WHERE {where}", values
            )
            lot = cursor.fetchmany(size)
        while lot:
            yield [Name(*row) for row in lot]
            with self._lock:
                lot = cursor.fetchmany(size)

    def begun(self, area: str, letters: str) -> list[str]:
        """Words that begin with some letters, those that most rows hold first."""
        return [
            text
            for (text,) in self._one(
                f"SELECT text FROM {area}_word WHERE text >= ? AND text < ?"
                f" ORDER BY held DESC, text LIMIT {MOST}",
                letters,
                letters + END,
            )
        ]

    def few(self, area: str, marks: str) -> bool:
        """Whether what has some marks is so little that it is read rather than looked for."""
        text = f"SELECT 1 FROM {area}_words WHERE {area}_words MATCH ? LIMIT {_READ}"
        return len(self._one(text, marks)) < _READ

    def within(self, letters: str) -> list[str]:
        """Words that have some letters in a row, those that most names hold first."""
        if len(letters) < 3:
            return self.begun("name", letters)
        grams = {letters[at : at + 3] for at in range(len(letters) - 2)}
        rarest = self._seldom(grams)[0]
        return [
            text
            for (text,) in self._one(
                "SELECT text FROM (SELECT text, held FROM gram JOIN name_word ON id = word"
                f" WHERE gram = ? LIMIT {_LOOKED}) WHERE instr(text, ?)"
                f" ORDER BY held DESC, text LIMIT {MOST}",
                rarest,
                letters,
            )
        ]

    def near(self, word: str) -> list[str]:
        """Words that one may mean, as `edits` has it: of those that have the most letters in a row
        in common with it."""
        if not _wrong(word):
            return [t for (t,) in self._one("SELECT text FROM name_word WHERE text = ?", word)]
        grams = self._seldom(_grams(word))
        found = self._one(
            "SELECT text FROM name_word JOIN (SELECT word, count(*) AS shared FROM gram WHERE"
            f" gram IN ({', '.join('?' * len(grams))}) GROUP BY word ORDER BY shared DESC, word"
            f" LIMIT {_LIKE}) ON word = id WHERE length(text) BETWEEN ? AND ?",
            *grams,
            len(word) - _FURTHER,
            len(word) + _FURTHER,
        )
        near = [(count, text) for (text,) in found if (count := edits(word, text)) is not None]
        return [text for _, text in sorted(near)]

    def _seldom(self, grams: Iterable[str]) -> list[str]:
        """The letters in a row that the fewest words have, as far as these are not too many."""
        counted = sorted(
            (self._one(f"SELECT count(*) FROM (SELECT 1 FROM gram WHERE gram = ?"
                       f" LIMIT {_LOOKED})", gram)[0][0], gram)
            for gram in grams
        )  # fmt: skip
        found, words = [], 0
        for count, gram in counted:
            if words > _LOOKED:
                break
            found.append(gram)
            words += count
        return found

    def fill(self, rows: dict[str, Iterable[Row]], among: Iterable[Row] = ()) -> None:
        """Write all rows of an empty database, with memory for a part of them only.

        Parameters:
            rows: names and quotes.
            among: IRIs of things, each with one of a class or scheme.
        """
        run = self.connection.execute
        for area, given in rows.items():
            run("BEGIN")
            run("CREATE TEMP TABLE given(iri TEXT, text TEXT, mark TEXT)")
            self.connection.executemany("INSERT INTO given(iri, text) VALUES (?, ?)", given)
            if area == "name":
                marks = ((iri, mark(end)) for iri, end in among)
                self.connection.executemany("INSERT INTO given(iri, mark) VALUES (?, ?)", marks)
            ordered = run("SELECT DISTINCT iri, text, mark FROM given ORDER BY iri, mark, text")
            written = _written(ordered, slugs=area == "name")
            while lot := list(islice(written, _STEP)):
                self.connection.executemany(_INSERT.format(area), lot)
            run("DROP TABLE given")
            run(f"INSERT INTO {area}_words(rowid, key) SELECT id, {_INDEXED} FROM {area}")
            run(f"INSERT INTO {area}_words({area}_words) VALUES ('optimize')")
            run(f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, {area}_words, row)")
            words = f"SELECT term, doc FROM terms WHERE term NOT GLOB '{_MARK}?*'"
            run(f"INSERT INTO {area}_word(text, held) {words}")
            run("DROP TABLE temp.terms")
            run(f"CREATE INDEX {area}_thing ON {area}(thing)")
            run(f"CREATE UNIQUE INDEX {area}_word_text ON {area}_word(text)")
            run("COMMIT")
        run("BEGIN")
        run("CREATE INDEX name_key ON name(key, among)")
        run("CREATE TEMP TABLE grams(gram TEXT, word INTEGER)")
        self.connection.executemany(
            "INSERT INTO grams VALUES (?, ?)",
            (
                (gram, number)
                for number, text in run("SELECT id, text FROM name_word")
                for gram in _grams(text)
            ),
        )
        run("INSERT INTO gram SELECT gram, word FROM grams ORDER BY gram, word")
        run("DROP TABLE grams")
        run("COMMIT")
        run(f"PRAGMA user_version={VERSION}")

    def put(self, store: pyoxigraph.Store, things: Iterable[str], *, void: bool = False) -> None:
        """Have what a store says of some things, in place of what there is of them.

        Parameters:
            void: whether older files have nothing to say of them from now on.
        """
        with self._lock:
            run = self.connection.execute
            run("BEGIN")
            try:
                for iri in sorted(things):
                    for area, predicates in (("name", NAMING), ("quote", (QUOTE,))):
                        self._forget(area, iri)
                        held = {t for p in predicates for _, t in texts(store, p, iri)}
                        marks = {mark(end) for _, end in ends(store, iri)} if area == "name" else ()
                        rows: list[_Given] = [(iri, text, None) for text in sorted(held)]
                        rows += [(iri, None, each) for each in sorted(marks)]
                        for row in _written(rows, slugs=area == "name"):
                            self._write(area, row)
                    if void:
                        run("INSERT OR IGNORE INTO void VALUES (?)", (iri,))
            except BaseException:
                run("ROLLBACK")
                raise
            run("COMMIT")

    def _write(self, area: str, row: tuple[int, str, str, str, str]) -> None:
        run = self.connection.execute
        number = run(_INSERT.format(area), row).lastrowid
        indexed = f"SELECT id, {_INDEXED} FROM {area} WHERE id = ?"
        run(f"INSERT INTO {area}_words(rowid, key) {indexed}", (number,))
        for word in tokens(row[3]):
            held = run(f"UPDATE {area}_word SET held = held + 1 WHERE text = ?", (word,))
            if held.rowcount:
                continue
            new = run(f"INSERT INTO {area}_word(text, held) VALUES (?, 1)", (word,)).lastrowid
            if area == "name":
                pairs = [(gram, new) for gram in _grams(word)]
                self.connection.executemany("INSERT INTO gram VALUES (?, ?)", pairs)

    def _forget(self, area: str, iri: str) -> None:
        run = self.connection.execute
        rows = f"SELECT id, key FROM {area} WHERE thing = ? AND iri = ?"
        for number, held in run(rows, (_digest(iri), iri)).fetchall():
            indexed = f"SELECT 'delete', id, {_INDEXED} FROM {area} WHERE id = ?"
            run(f"INSERT INTO {area}_words({area}_words, rowid, key) {indexed}", (number,))
            run(f"DELETE FROM {area} WHERE id = ?", (number,))
            for word in tokens(held):
                run(f"UPDATE {area}_word SET held = held - 1 WHERE text = ?", (word,))
                gone = f"SELECT id FROM {area}_word WHERE text = ? AND held = 0"
                for (last,) in run(gone, (word,)).fetchall():
                    run(f"DELETE FROM {area}_word WHERE id = ?", (last,))
                    if area == "name":
                        pairs = [(gram, last) for gram in _grams(word)]
                        self.connection.executemany(
                            "DELETE FROM gram WHERE gram = ? AND word = ?", pairs
                        )

    def _one(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self.connection.execute(text, values).fetchall()


def slug(iri: str) -> str:
    """The last part of an IRI, which names the thing too.

    >>> slug("https://w3id.org/gsefgraph/id/org/oecd")
    'oecd'
    """
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]


def _written(rows: Iterable[_Given], *, slugs: bool) -> Iterator[tuple[int, str, str, str, str]]:
    """Rows as they are kept, those of one thing together; with names of other scripts as Latin
    letters write them, and with the last part of its IRI, where no name of it is the same."""
    for iri, group in groupby(rows, lambda row: row[0]):
        digest, texts, marks = _digest(iri), [], []
        for _, text, each in group:
            if text is not None:
                texts.append(text)
            elif each is not None:
                marks.append(each)
        named = [(text, found) for text in texts if (found := key(text))]
        spelt = ((text, key(latin(text))) for text in texts if slugs and not text.isascii())
        named += [pair for pair in spelt if pair[1] and pair not in named]
        last = key(slug(iri))
        if slugs and texts and last and last not in {found for _, found in named}:
            named.append((slug(iri), last))
        for text, found in named:
            yield digest, iri, text, found, json.dumps(marks, ensure_ascii=False)


def texts(store: pyoxigraph.Store, predicate: str, thing: str | None = None) -> Iterator[Row]:
    """What the default graph of a store has for a predicate: of all things, or of one."""
    node = None if thing is None else NamedNode(thing)
    for quad in store.quads_for_pattern(node, NamedNode(predicate), None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject.value, quad.object.value


def ends(store: pyoxigraph.Store, thing: str | None = None) -> Iterator[Row]:
    """What things of a store are among, as `AMONG` has it: all of them, or one.

    >>> store = pyoxigraph.Store()
    >>> store.add(pyoxigraph.Quad(NamedNode("a:1"), NamedNode(AMONG[0]), NamedNode("a:City")))
    >>> list(ends(store)), list(ends(store, "a:2"))
    ([('a:1', 'a:City')], [])
    """
    node = None if thing is None else NamedNode(thing)
    for predicate in map(NamedNode, AMONG):
        for quad in store.quads_for_pattern(node, predicate, None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                yield quad.subject.value, quad.object.value


def mark(end: str) -> str:
    """What stands in an index for a class or a scheme.

    >>> ascii(mark("a:City"))
    "'\\\\ue000c5e13b031567'"
    """
    return _MARK + blake2b(end.encode(), digest_size=6).hexdigest()


def _digest(iri: str) -> int:
    return crc32(iri.encode())


def tokens(text: str) -> set[str]:
    """The words of a key, as the tokenizer "ascii" of FTS5 takes it apart.

    >>> sorted(tokens("economie 서울 %"))
    ['economie', '서울']
    """
    return set(_TOKEN.findall(text))


def quoted(word: str) -> str:
    """A word as FTS5 takes it.

    >>> print(quoted('a"b'))
    "a""b"
    """
    return '"' + word.replace('"', '""') + '"'


def edits(word: str, other: str) -> int | None:
    """How many letters are wrong in a word, if another one was meant; None where too many are.

    A letter may be another, too much, missing, or stand behind the next one (optimal string
    alignment); which ones are doubled is nearly the same. One may be wrong in words of four
    letters, two in those of eight, three in those of twelve; where several are, the first is not;
    and none in what has a digit.

    >>> edits("oced", "oecd"), edits("kwarc", "kwark"), edits("comitee", "committee")
    (1, 1, 1)
    >>> edits("penang", "opening"), edits("2023", "2030"), edits("oit", "oif"), edits("oit", "oit")
    (None, None, None, 0)
    """
    if word == other:
        return 0
    # One wrong letter is a letter less and another more: most pairs of words need no other look.
    differing = len({*word} ^ {*other})
    if differing > 2 * len(_LENGTHS) or abs(len(word) - len(other)) > _FURTHER:
        return None
    most = min(_wrong(word), _wrong(other))
    if most == 0 or differing > 2 * most:
        return None
    word, other = _DOUBLED.sub(r"\1", word), _DOUBLED.sub(r"\1", other)
    if word == other:
        return 1
    most = most if word[0] == other[0] else 1
    if abs(len(word) - len(other)) > most:
        return None
    from rapidfuzz.distance import OSA  # slow to import, and few words get here

    wrong = OSA.distance(word, other, score_cutoff=most)
    return wrong if wrong <= most else None


def _wrong(word: str) -> int:
    """Letters that may be wrong in a word."""
    return 0 if _DIGIT.search(word) else bisect(_LENGTHS, len(word))


def _grams(word: str) -> list[str]:
    """Letters in a row by which a word is found that is spelled a little otherwise.

    >>> _grams("noyau")
    [' n', ' no', 'au', 'au ', 'no', 'noy', 'oy', 'oya', 'u ', 'ya', 'yau']
    """
    held = f" {word} "
    sizes = (2, 3) if len(word) <= _SHORT else (3,)
    return sorted({held[n : n + size] for size in sizes for n in range(len(held) - size + 1)})

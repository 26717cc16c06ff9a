"""One tree of errors, caught only at the edge (the command line, a server, a notebook).

    GsefgraphError                 everything this package raises on purpose
    ├── UsageError                 2  the call itself is wrong
    │   ├── UnknownName            2  a query, parameter, format, prefix or thing that is not there
    │   ├── AmbiguousName          2  a name that several things bear
    │   ├── ParameterError         2  a value that a parameter does not take
    │   ├── RefusedAccess          2  SERVICE, LOAD, a remote context: nothing is fetched
    │   └── ReadOnlyProject        2  writing into data that may not be written
    ├── InputError                 3  a file or text that cannot be read as what it claims to be
    │   └── SyntaxFault            3  … with the line and column where reading stopped
    └── EngineError                4  the engine failed
        ├── QueryTimeout           4  past its deadline
        ├── StoreBusy              4  a store that somebody else writes
        ├── StoreDamaged           4  an on-disk store that is damaged or not ours
        └── EndpointError          4  a remote endpoint refused, failed or could not be reached

The number is the exit code of the command line.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from gsefgraph.wording import Table, line, say, spoken

_MOST = 2_000  # characters of a line: of a longer one a person reads how it begins and ends


class GsefgraphError(Exception):
    """Base of all errors; `str()` is one line: place, what is wrong, what would be right.

    Parameters:
        message: what is wrong, naming the value; a `Wording` is known in every language.
        file: the file or the name of the input (``<stdin>``).
        line, column: 1-based place in it; a column counts code points.
        hint: what would be right.

    >>> str(InputError("not UTF-8", file="a.ttl", line=3, column=7, hint="save it as UTF-8"))
    'a.ttl:3:7: not UTF-8; save it as UTF-8'
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """The line in ``en``, ``fr`` or ``es``; what a library said in
        a sentence that `texts/` does not know stays in English.

        >>> InputError(say("file.folder"), file="a", hint=say("file.name-files")).text("es")
        'a: es una carpeta; nombrar los archivos que contiene'
        """
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = self.said(language)
        found: str = line(f"{place}: {text}" if place else text)
        if len(found) > _MOST:
            found = f"{found[: _MOST // 2]}…{found[-_MOST // 4 :]}"
        return found

    def said(self, language: str) -> str:
        """The line without the place.

        >>> InputError("not UTF-8", file="a.ttl", line=3).said("en")
        'not UTF-8'
        """
        text: str = spoken(self.message, language)
        if self.hint:
            text = say("error.hinted", problem=self.message, hint=self.hint).text(language)
        return line(text)


class UsageError(GsefgraphError):
    """The call itself is wrong."""

    exit_code = 2


class UnknownName(UsageError):
    """A query, parameter, format, prefix or thing that is not there."""


class AmbiguousName(UsageError):
    """A name that several things bear; the message lists them."""


class ParameterError(UsageError):
    """A value that a parameter does not take."""


class RefusedAccess(UsageError):
    """Something that would fetch from elsewhere: SERVICE, LOAD, a remote context."""


class ReadOnlyProject(UsageError):
    """Writing into data that may not be written, such as an installed package's."""


class InputError(GsefgraphError):
    """A file or text that cannot be read as what it claims to be."""

    exit_code = 3


class SyntaxFault(InputError):
    """Text that breaks its grammar, with the line and column where reading stopped."""


class EngineError(GsefgraphError):
    """The engine failed."""

    exit_code = 4


class QueryTimeout(EngineError):
    """A query past its deadline."""


class StoreBusy(EngineError):
    """A store that somebody else writes; it may be asked again."""


class StoreDamaged(EngineError):
    """An on-disk store that is damaged or that this package did not make."""


class EndpointError(EngineError):
    """A remote endpoint that refused, failed or could not be reached."""


@contextmanager
def placed(name: str) -> Iterator[None]:
    """Name the file in errors about a text that was read from it.

    Parameters:
        name: a path or ``<stdin>``; any other text, such as the name of a stored query, is no file.

    >>> with placed("a.rq"):
    ...     raise SyntaxFault("not SPARQL", line=2, column=1)
    Traceback (most recent call last):
    gsefgraph.errors.SyntaxFault: a.rq:2:1: not SPARQL
    """
    try:
        yield
    except GsefgraphError as error:
        about = isinstance(error, SyntaxFault | RefusedAccess) or type(error) is UsageError
        about = about and error.file is None and name not in error.message
        if about and (name == "<stdin>" or name.lower().endswith(".rq")):
            error.file = name
        raise


def reason(error: OSError) -> str:
    """What the system finds wrong with a file: in every language where that is common.

    >>> reason(IsADirectoryError(errno.EISDIR, "Is a directory")).text("es")
    'es una carpeta'
    >>> reason(OSError("no errno"))
    'no errno'
    """
    name = errno.errorcode.get(error.errno or 0, "")
    if type(error).__name__ == "gaierror":  # of `socket`, which is slow to import
        return say("serve.no-such-host")
    if name in Table("system"):
        return say(f"system.{name}")
    return error.strerror or line(str(error)) or type(error).__name__


def closest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three known words near a misspelt one, the nearest first; none when none is near.

    Those of the same letters in another case go before, all of them.

    >>> closest("tabel", ["table", "json", "csv"]), closest("ROLE", ["role", "Role", "rule"])
    (['table'], ['Role', 'role', 'rule'])
    """
    import difflib  # slow to import, and only a mistake needs it

    words = sorted(set(known))
    folded: dict[str, list[str]] = {}
    for word in words:
        folded.setdefault(word.casefold(), []).append(word)
    same = sorted(folded.get(name.casefold(), []), key=lambda word: word != name)
    close = difflib.get_close_matches(name, words, n=3, cutoff=0.6)
    if not close:
        near = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
        close = [word for each in near for word in folded[each]]
    return list(dict.fromkeys([*same, *close]))[: max(3, len(same))]


def nearest(name: str, known: Iterable[str]) -> str:
    """Hint that names the known words nearest to a misspelt one, or lists a few when none is near.

    Parameters:
        name: what was given.
        known: the words that would be right.

    Returns:
        A clause for `GsefgraphError.hint`, empty when nothing is known.

    >>> nearest("tabel", ["table", "json", "csv"])
    'did you mean table?'
    >>> nearest("zzz", ["table", "json"])
    'known: json, table'
    """
    words = sorted(set(known))
    close = closest(name, words)
    if close:
        return say("names.did-you-mean", near=close)
    if not words:
        return ""
    return say("names.known", names=words[:12] + ["…"] * (len(words) > 12))

"""Regular expressions in RE2's syntax, read into a tree; what only other engines read is named.

The syntax is https://github.com/google/re2/wiki/Syntax: ``\\d``, ``\\w`` and ``\\s`` are ASCII,
``$`` is the end of the text. Only whether there is a match is ever asked, so laziness and the names
of groups do not matter. Left to another engine are word boundaries and lines (``m``); and for texts
beyond ASCII, the categories of Unicode (``\\p{Nd}``) and the case of letters beyond ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

MAX_DEPTH = 100
MAX_REPEAT = 1000  # as in RE2

Ranges: TypeAlias = tuple[tuple[int, int], ...]

_LAST = 0x10FFFF
_REPEAT = re.compile(r"\{([0-9]+)(,([0-9]*))?\}", re.ASCII)
_GROUP = re.compile(r"\?(?:P?<[A-Za-z0-9_]+>|(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<end>[:)]))")
_POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
_HEX = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")
_CATEGORY = re.compile(r"([pP])(?:([A-Z])|\{([A-Z][a-z]?)\})")
_CATEGORIES = frozenset(
    ["C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn",
     "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm",
     "So", "Z", "Zl", "Zp", "Zs"]
)  # fmt: skip
_ESCAPED = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}

_DIGIT = ((48, 57),)
_UPPER, _LOWER = ((65, 90),), ((97, 122),)
_CLASSES: dict[str, Ranges] = {
    "d": _DIGIT,
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": (*_DIGIT, *_UPPER, (95, 95), *_LOWER),
}
_NAMED: dict[str, Ranges] = {
    "alnum": (*_DIGIT, *_UPPER, *_LOWER),
    "alpha": (*_UPPER, *_LOWER),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": _LOWER,
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": _UPPER,
    "word": _CLASSES["w"],
    "xdigit": (*_DIGIT, (65, 70), (97, 102)),
}


class Unreadable(ValueError):
    """An expression that is not of this syntax, or needs another engine."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set, given as sorted ranges of code points that do not touch."""

    ranges: Ranges

    def __contains__(self, char: str) -> bool:
        code = ord(char)
        index = bisect_right(self.ranges, (code, _LAST)) - 1
        return index >= 0 and code <= self.ranges[index][1]


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of the text."""

    end: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts one after the other; none is the empty text."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of some parts."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part some number of times; `most` None is no limit."""

    part: Tree
    least: int
    most: int | None


Tree: TypeAlias = Chars | Edge | Joined | Either | Repeated


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read.

    Attributes:
        tree: what it matches.
        ascii: whether that holds of texts in ASCII alone.
    """

    tree: Tree
    ascii: bool = False


def read(text: str) -> Expression:
    """Read an expression.

    Errors:
        Unreadable.

    >>> read("^[a-c]").tree
    Joined(parts=(Edge(end=False), Chars(ranges=((97, 99),))))
    """
    reader = _Reader(text)
    tree = reader.either("")
    if reader.at < len(text):
        raise Unreadable("a ) without its (")
    return Expression(tree, reader.ascii)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.ascii = False

    def either(self, flags: str) -> Tree:
        """Alternatives up to a closing parenthesis, which is left, or the end."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable("nested too deeply")
        branches: list[Tree] = []
        parts: list[Tree] = []
        while (char := self.text[self.at : self.at + 1]) not in ("", ")"):
            self.at += 1
            if char == "|":
                branches.append(_joined(parts))
                parts = []
            elif char == "(":
                inner = self._group(flags)
                if isinstance(inner, str):
                    flags = inner
                    continue
                parts.append(self._repeated(inner))
            elif char in "*+?":
                raise Unreadable(f"a {char} without anything to repeat")
            elif char == "^" or (char == "$"):
                if "m" in flags:
                    raise Unreadable("lines")
                parts.append(self._repeated(Edge(char == "$")))
            else:
                parts.append(self._repeated(self._one(char, flags)))
        self.depth -= 1
        branches.append(_joined(parts))
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _group(self, flags: str) -> Tree | str:
        """A group behind its parenthesis; or the flags that hold from here on."""
        if self.text.startswith("?", self.at):
            match = _GROUP.match(self.text, self.at)
            if match is None:
                raise Unreadable("a group of a kind that is not read")
            self.at = match.end()
            if match["end"]:
                on, _, off = match["flags"].partition("-")
                flags = "".join(sorted((set(flags) | set(on)) - set(off)))
                if match["end"] == ")":
                    return flags
        tree = self.either(flags)
        if not self.text.startswith(")", self.at):
            raise Unreadable("a ( without its )")
        self.at += 1
        return tree

    def _repeated(self, part: Tree) -> Tree:
        """A part with the quantifier that follows it."""
        char = self.text[self.at : self.at + 1]
        if char and char in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
            self.at += 1
        elif match := _REPEAT.match(self.text, self.at):
            if any(len(number or "") > 4 for number in match.group(1, 3)):
                raise Unreadable("too many repetitions")
            least = int(match[1])
            most = int(match[3]) if match[3] else None if match[2] else least
            if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
                raise Unreadable("too many repetitions, or none")
            self.at = match.end()
        else:
            return part
        if self.text.startswith("?", self.at):
            self.at += 1
        if self.text[self.at : self.at + 1] in tuple("*+?") or _REPEAT.match(self.text, self.at):
            raise Unreadable("a repetition repeated")
        return Repeated(part, least, most)

    def _one(self, char: str, flags: str) -> Tree:
        if char == ".":
            return Chars(((0, _LAST),)) if "s" in flags else Chars(((0, 9), (11, _LAST)))
        if char == "[":
            return self._set(flags)
        if char == "\\":
            if (edge := self.text[self.at : self.at + 1]) in ("A", "z") and edge:
                self.at += 1
                return Edge(edge == "z")
            return Chars(self._folded(self._escape(), flags))
        return Chars(self._folded(((ord(char), ord(char)),), flags))

    def _escape(self) -> Ranges:
        """What an escape stands for, behind its backslash."""
        char = self.text[self.at : self.at + 1]
        if match := _HEX.match(self.text, self.at):
            self.at = match.end()
            code = int(match[1] or match[2], 16)
            if code > _LAST:
                raise Unreadable("no such character")
            return ((code, code),)
        if match := _CATEGORY.match(self.text, self.at):
            name = match[2] or match[3]
            if name not in _CATEGORIES:
                raise Unreadable(f"the category {name}")
            self.at = match.end()
            self.ascii = True
            found = _category(name)
            return _without(found) if match[1] == "P" else found
        self.at += 1
        if char in _ESCAPED:
            return ((_ESCAPED[char], _ESCAPED[char]),)
        if char.lower() in _CLASSES and char:
            found = _CLASSES[char.lower()]
            return found if char.islower() else _without(found)
        if not char or char.isalnum() or not char.isascii():
            raise Unreadable(f"the escape \\{char}")
        return ((ord(char), ord(char)),)

    def _set(self, flags: str) -> Tree:
        """A set in brackets, behind the first."""
        negated = self.text.startswith("^", self.at)
        self.at += negated
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.text.startswith("]", self.at):
            first = False
            if match := _POSIX.match(self.text, self.at):
                if match[2] not in _NAMED:
                    raise Unreadable(match[0])
                self.at = match.end()
                found += _without(_NAMED[match[2]]) if match[1] else _NAMED[match[2]]
                continue
            low = self._member()
            if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                high = self._member()
                if len(low) > 1 or len(high) > 1 or low[0][0] > high[0][1]:
                    raise Unreadable("a range that is none")
                low = ((low[0][0], high[0][1]),)
            found += low
        self.at += 1
        ranges = self._folded(_merged(found), flags)
        return Chars(_without(ranges) if negated else ranges)

    def _folded(self, ranges: Ranges, flags: str) -> Ranges:
        """A set with the other case of its letters, where the flags want that."""
        if "i" not in flags:
            return ranges
        self.ascii = self.ascii or bool(ranges and ranges[-1][1] > 127)
        both = list(ranges)
        for low, high in ranges:
            for base, other in ((65, 32), (97, -32)):
                first, last = max(low, base), min(high, base + 25)
                if first <= last:
                    both.append((first + other, last + other))
        found = Chars(_merged(both))
        # LONG S and KELVIN SIGN are of one case with letters of ASCII.
        for odd, upper, lower in ((0x17F, 83, 115), (0x212A, 75, 107)):
            if chr(lower) in found or chr(odd) in found:
                both += [(odd, odd), (upper, upper), (lower, lower)]
        return _merged(both)

    def _member(self) -> Ranges:
        char = self.text[self.at : self.at + 1]
        if not char:
            raise Unreadable("a [ without its ]")
        self.at += 1
        return self._escape() if char == "\\" else ((ord(char), ord(char)),)


def _joined(parts: Sequence[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Joined(tuple(parts))


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def _without(ranges: Ranges) -> Ranges:
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), _LAST]
    return tuple((low, high) for low, high in zip(starts, ends, strict=True) if low <= high)


@lru_cache(maxsize=64)
def _category(name: str) -> Ranges:
    """The characters of ASCII in a general category of Unicode; those are settled for good."""
    return _merged((c, c) for c in range(128) if unicodedata.category(chr(c)).startswith(name))

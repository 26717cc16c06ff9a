"""Regular expressions of sh:pattern, as RE2 reads them, whose time grows with the text alone.

sh:pattern is SPARQL's REGEX (SPARQL 1.1, section 17.4.3.14), which is XPath's fn:matches
(https://www.w3.org/TR/xpath-functions/#regex-syntax): the expressions of XML Schema with anchors,
lazy repeats and flags. RE2 reads a similar syntax that means other things: its ``\\d`` is ASCII,
and it has no class subtraction. `translate` writes what is meant so that RE2 and Rust's regex read
it alike. What no engine of linear time can do, back-references above all, is refused.

meant                          written
``\\d`` ``\\w`` ``\\s``               by categories: Nd; all but P, Z, C; tab, line ends and space
``\\i`` ``\\c``                     the name characters of XML 1.0
``[a-z-[aeiou]]``                the difference, as ranges
``\\p{IsGreek}``                  the block, as ranges
``.`` without the flag s       any character but the line feed
``^ $`` with the flag m        at line feeds, one at the very end of the text included
flag i                         letters of either case; categories keep theirs
flag x                         white space does not count, save in classes
flag q                         no character is special (XPath 3.0)

Accepted beyond the grammar, since it can mean only one thing: ``(?:…)`` (XPath 3.0), a backslash
before any ASCII punctuation, ``]`` or ``}`` that closes nothing, and ``-`` after a range or class.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from gsefgraph.shacl.shapes import characters
from gsefgraph.shacl.shapes.characters import Ranges, Set, spelled, write
from gsefgraph.shacl.shapes.model import Pattern
from gsefgraph.wording import say

if TYPE_CHECKING:
    import re2

MAX_REPEAT = 1000
"""Largest repeat, nested ones multiplied; RE2's limit."""
MAX_DEPTH = 50
MAX_MEMORY = 7 << 20
"""Bytes for an expression; DuckDB's RE2 has 8 MiB, so it takes whatever is taken here."""

_QUANTITY = re.compile(r"\{([0-9]+)(,([0-9]*))?\}", re.ASCII)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ")
_CONTROLS = {"n": 0x0A, "r": 0x0D, "t": 0x09}
_SPACE: Ranges = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
_WORD = ("L", "M", "N", "S")


def translate(text: str, flags: str = "") -> Pattern:
    """An expression as RE2 and Rust's regex read it.

    Parameters:
        text: XPath's syntax, not anchored.
        flags: of i, m, s, x and q.

    Errors:
        ValueError: one line that says what in it is wrong, and what would be right.

    >>> translate("^[a-z-[aeiou]]+$", "m").re2
    '(?m)^[b-df-hj-np-tv-z]+$'
    >>> translate(r"(a)\\1")
    Traceback (most recent call last):
    ValueError: back-references such as \\1 need an engine that can take for ever; write it without
    """
    for flag in flags:
        if flag not in "imsxq":
            raise ValueError(say("pattern.flag", flag=flag))
    if "q" in flags:
        body = "".join(spelled(ord(char)) for char in text)
    else:
        body = _Reader(_spaceless(text) if "x" in flags else text, flags).whole()
    kept = "".join(sorted(set(flags) & ({"i"} if "q" in flags else set("ims"))))
    written = f"(?{kept}){body}" if kept else body
    _compiled(written)
    return Pattern(text, flags, written)


@lru_cache(maxsize=512)
def matcher(pattern: str) -> Callable[[str], bool]:
    """What tells whether an expression matches somewhere in a text.

    Parameters:
        pattern: in RE2's syntax, as `translate` writes it.

    Errors:
        ValueError: an expression that RE2 refuses.

    >>> matcher("^(a+)+$")("a" * 10_000 + "b")
    False
    >>> matcher("(?i)quito")("San Francisco de QUITO")
    True
    """
    search = _compiled(pattern).search
    return lambda text: search(text) is not None


def _compiled(pattern: str) -> re2._Regexp:
    import re2

    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        fault, _, mark = error.args[0].decode().partition(": ")
    if fault == "invalid repetition size":
        raise ValueError(say("pattern.beyond", mark=mark, most=MAX_REPEAT))
    raise ValueError(say("pattern.large"))


@cache
def _options() -> re2.Options:
    import re2

    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.never_capture = True
    options.log_errors = False
    return options


class _Reader:
    """Recursive descent over an expression."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.fold = "i" in flags

    def whole(self) -> str:
        piece = self.either()
        if self.at < len(self.text):
            raise ValueError(say("pattern.closing", at=self.at + 1))
        return piece

    def either(self) -> str:
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return "|".join(branches)

    def branch(self) -> str:
        pieces: list[str] = []
        while self.peek() not in ("", "|", ")"):
            pieces.append(self.repeated(self.atom()))
        return "".join(pieces)

    def atom(self) -> str:
        char = self.take()
        if char in "*+?":
            raise ValueError(say("pattern.nothing", char=char))
        if char == "{":
            raise ValueError(say("pattern.brace"))
        if char == "(":
            return self.group()
        if char == "[":
            return write(self.bracket(), self.fold)
        if char == "\\":
            found = self.escape()
            return write(found, self.fold) if isinstance(found, Set) else spelled(found)
        return char if char in ".^$" else spelled(ord(char))

    def group(self) -> str:
        if self.peek() == "?":
            head = self.text[self.at : self.at + 3]
            if not head.startswith("?:"):
                if around := re.match(r"\?<?[=!]", head):
                    raise ValueError(say("pattern.around", mark=around[0]))
                hint = (
                    say("pattern.use-flags")
                    if re.match(r"\?[a-z]", head)
                    else say("pattern.use-group")
                )
                raise ValueError(say("pattern.group", head=head[:2], hint=hint))
            self.at += 2
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(say("pattern.groups", depth=MAX_DEPTH))
        inner = self.either()
        self.depth -= 1
        if self.take(say("pattern.opening")) != ")":
            raise ValueError(say("pattern.opening"))
        return f"(?:{inner})"

    def repeated(self, piece: str) -> str:
        char = self.peek()
        quantity = _QUANTITY.match(self.text, self.at)
        if char not in ("*", "+", "?") and not quantity:
            return piece
        mark = written = char
        if quantity:
            mark = quantity[0]
            least, most = _number(quantity[1]), _number(quantity[3]) if quantity[3] else None
            if most is not None and most < least:
                raise ValueError(say("pattern.backwards", mark=mark))
            comma = "," if quantity[2] else ""
            written = f"{{{least}{comma}{'' if most is None else most}}}"
        self.at += len(mark)
        lazy = self.peek() == "?"
        self.at += lazy
        after = self.peek()
        if after and (after in "*+?" or _QUANTITY.match(self.text, self.at)):
            raise ValueError(say("pattern.after", after=after, mark=mark))
        inner = f"(?:{piece})" if piece in ("^", "$") else piece
        return f"{inner}{written}{'?' * lazy}"

    def escape(self) -> Set | int:
        """What follows a backslash: one character, or a set of them."""
        char = self.take(say("pattern.backslash"))
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _PUNCTUATION:
            return ord(char)
        lower = char.lower()
        if lower in "pdwsic" and char.isascii():
            complemented = char != lower
            if lower == "p":
                return self.property(complemented)
            if lower == "d":
                return Set(names=(("Nd", complemented),))
            if lower == "w":
                return Set(names=tuple((name, False) for name in _WORD), negated=complemented)
            ranges = {"s": _SPACE, "i": characters.NAME_START, "c": characters.NAME}[lower]
            return Set(fixed=characters.complement(ranges) if complemented else ranges)
        if char.isdigit():
            raise ValueError(say("pattern.back", char=char))
        raise ValueError(say("pattern.escape", char=char))

    def property(self, complemented: bool) -> Set:
        match = re.compile(r"\{([A-Za-z0-9-]+)\}").match(self.text, self.at)
        if not match:
            raise ValueError(say("pattern.category"))
        self.at = match.end()
        name = match[1]
        if name in characters.CATEGORIES:
            return Set(names=((name, complemented),))
        ranges = characters.block(name[2:]) if name.startswith("Is") else None
        if ranges is None:
            raise ValueError(say("pattern.block", name=name))
        return Set(fixed=characters.complement(ranges) if complemented else ranges)

    def bracket(self) -> Set:
        """A class, its opening bracket read."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(say("pattern.classes", depth=MAX_DEPTH))
        missing = say("pattern.bracket")
        negated = self.peek() == "^"
        self.at += negated
        chars: list[tuple[int, int]] = []
        fixed: list[tuple[int, int]] = []
        names: list[tuple[str, bool]] = []
        start = self.at
        less: Set | None = None
        while (char := self.take(missing)) != "]":
            if char == "-" and self.peek() == "[" and self.at - 1 > start:
                self.at += 1
                less = self.bracket()
                if self.take(missing) != "]":
                    raise ValueError(say("pattern.subtraction"))
                break
            if char == "[":
                raise ValueError(say("pattern.inner"))
            low = self.escape() if char == "\\" else ord(char)
            if isinstance(low, Set):
                inner = low
                if inner.negated:
                    fixed += inner.ranges(False)
                else:
                    fixed += inner.fixed
                    names += inner.names
                continue
            high = low
            following = self.text[self.at : self.at + 2]
            if following[:1] == "-" and following[1:] not in ("]", "[", ""):
                self.at += 1
                char = self.take(missing)
                end = self.escape() if char == "\\" else ord(char)
                if isinstance(end, Set):
                    raise ValueError(say("pattern.range-end"))
                high = end
            if high < low:
                raise ValueError(say("pattern.range", low=chr(low), high=chr(high)))
            chars.append((low, high))
        self.depth -= 1
        if not (chars or fixed or names):
            raise ValueError(say("pattern.empty"))
        found = Set(
            characters.union(chars), characters.union(fixed), tuple(dict.fromkeys(names)), negated
        )
        if less is None:
            return found
        return self.less(found, less)

    def less(self, found: Set, less: Set) -> Set:
        """A class subtraction, character by character."""
        ranges = characters.difference(found.ranges(self.fold), less.ranges(self.fold))
        simple = not (found.fixed or found.names or less.fixed or less.names)
        return Set(chars=ranges) if simple else Set(fixed=ranges)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, missing: str = "") -> str:
        char = self.peek()
        if not char:
            raise ValueError(missing)
        self.at += 1
        return char


def _spaceless(text: str) -> str:
    """An expression without its white space outside of classes (the flag x)."""
    kept = []
    depth = 0
    escaped = False
    for char in text:
        if not depth and char in " \t\n\r":
            continue
        kept.append(char)
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        escaped = char == "\\" and not escaped
    return "".join(kept)


def _number(digits: str) -> int:
    """A number of repeats; RE2 reads none with a zero before it, and refuses long ones."""
    return int(digits.lstrip("0")[:9] or "0")

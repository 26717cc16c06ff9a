"""The terminals of SPARQL 1.1: a query or update as a stream of tokens.

The grammar is https://www.w3.org/TR/sparql11-query/#sparqlGrammar (section 19.8), read longest
first. Codepoint escapes such as ``\\u0053`` are decoded before the grammar sees the text (section
19.2). Every function here takes time linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "iri", "name", "blank", "variable", "language", "string", "number", "word",
    "nil", "anon", "mark", "space", "comment", "other",
]  # fmt: skip


class Token(NamedTuple):
    """One terminal: its kind, the text as written, where it stands, and the text it means.

    `start` and `end` are offsets in code points; `value` is `text` with codepoint escapes decoded.
    Kinds: ``iri`` IRIREF, ``name`` PNAME_NS and PNAME_LN, ``blank`` BLANK_NODE_LABEL, ``variable``
    VAR1 and VAR2, ``language`` LANGTAG, ``string`` (four forms), ``number`` (signed or not),
    ``word`` keywords, ``nil`` and ``anon`` empty brackets, ``mark`` punctuation, ``space``,
    ``comment``, and ``other`` for a character that no terminal begins with.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: str


_token = tuple.__new__  # the half of what a call of the class takes

# Compiling the grammar's character classes would cost a start 30 ms, so the patterns see a shape
# of the text: each character beyond ASCII is one of three stand-ins, which are legal nowhere.
_IN_BASE, _IN_CHARS, _ELSEWHERE, _CONTROL = 1, 2, 3, 4
_STAND_INS = "\1\2\3"
_PN_CHARS_BASE = (
    (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D),
    (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
)  # fmt: skip
_PN_CHARS_MORE = ((0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))

_BASE = r"A-Za-z\x01"
_CHARS = _BASE + r"_0-9\x02\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*,;=/?#@%]"
# Possessive repeats of characters: a terminal is taken or not, never tried again shorter. None of
# groups: Python before 3.11.5 takes too little where what is inside can go back. Each turn of a
# group begins with what the one before it cannot end with, so that is of one reading, too.
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_PLX})(?:\.*+(?:[{_CHARS}:]|{_PLX}))*"
_TERMINAL = re.compile(
    r"(?P<space>[\x20\t\r\n]++)"
    r"|(?P<comment>#[^\r\n]*+)"
    rf"|(?P<variable>[?$][{_BASE}_0-9][{_BASE}_0-9\x02]*+)"
    r"|(?P<iri><[^<>\"{}|^`\\\x00\x04-\x20]*+>)"
    rf"|(?P<name>:(?:{_LOCAL})?)"
    r"|(?P<number>[+-]?(?:[0-9]++\.[0-9]*+[eE][+-]?[0-9]++|\.?[0-9]++[eE][+-]?[0-9]++"
    r"|[0-9]*+\.[0-9]++|[0-9]++))"
    rf"|(?P<blank>_:[{_BASE}_0-9](?:\.*+[{_CHARS}])*)"
    r"|(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*)"
    r"|(?P<nil>\([\x20\t\r\n]*+\))"
    r"|(?P<anon>\[[\x20\t\r\n]*+\])"
    r"|(?P<mark>\^\^|&&|\|\||!=|<=|>=|[\[\](){}<>.;,*/+\-|^=!?~])"
)
_BLANK = "\x20\t\r\n#"
_BLANKS = re.compile(r"(?:[\x20\t\r\n]++|#[^\r\n]*+)++")
_LONG = {
    '"': re.compile(r'"""[^"\\]*+(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*"""'),
    "'": re.compile(r"'''[^'\\]*+(?:(?:\\[\s\S]|'(?!''))[^'\\]*+)*'''"),
}
_SHORT = {
    '"': re.compile(r'"[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*"'),
    "'": re.compile(r"'[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*'"),
}
_LINE_END = re.compile(r"[^\r\n]*+")
# The word that it is where no colon follows, and all that a prefix may be.
_PREFIX_RUN = re.compile(rf"(?:([A-Za-z][A-Za-z0-9_]*+)|\x01)[{_CHARS}.]*+")
_WORD = re.compile("[A-Za-z][A-Za-z0-9_]*+")
_AFTER_PREFIX = re.compile(f":(?:{_LOCAL})?")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def tokens(text: str) -> Iterator[Token]:
    """The terminals of a query or an update, white space and comments among them.

    Lossless: the tokens' `text` joined is the text. Nothing is refused here; a character that
    begins no terminal comes out as ``other``.

    Parameters:
        text: SPARQL 1.1 Query or Update.

    >>> [token.text for token in tokens("ASK {?s a <x>}#!") if token.kind != "space"]
    ['ASK', '{', '?s', 'a', '<x>', '}', '#!']
    >>> next(tokens(r"\\u0041SK {}")).value
    'ASK'
    """
    return _meant(text, blanks=True)


def _meant(text: str, *, blanks: bool) -> Iterator[Token]:
    if not ESCAPE.search(text):
        return read(text, blanks=blanks)
    plain, offsets = _decode(text)

    def placed(token: Token) -> Token:
        start, end = offsets(token.start), offsets(token.end)
        return Token(token.kind, text[start:end], start, end, token.value)

    return map(placed, read(plain, blanks=blanks))


class _Offsets:
    """From an offset in decoded text to the offset in the text as written."""

    def __init__(self) -> None:
        self._at = [0]
        self._shift = [0]

    def after(self, decoded: int, written: int) -> None:
        self._at.append(decoded)
        self._shift.append(written - decoded)

    def __call__(self, decoded: int) -> int:
        return decoded + self._shift[bisect_right(self._at, decoded) - 1]


def _decode(text: str) -> tuple[str, _Offsets]:
    offsets, parts, length, last = _Offsets(), [], 0, 0
    for match in ESCAPE.finditer(text):
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            continue
        parts += [text[last : match.start()], chr(code)]
        length += match.start() - last + 1
        last = match.end()
        offsets.after(length, last)
    parts.append(text[last:])
    return "".join(parts), offsets


def _shape(text: str) -> str:
    if text.isascii() and not any(char in text for char in _STAND_INS):
        return text
    stand_ins = dict.fromkeys((_IN_BASE, _IN_CHARS, _ELSEWHERE), _CONTROL)
    for char in set(text):
        code = ord(char)
        if code > 0x7F:
            if any(low <= code <= high for low, high in _PN_CHARS_BASE):
                stand_ins[code] = _IN_BASE
            elif any(low <= code <= high for low, high in _PN_CHARS_MORE):
                stand_ins[code] = _IN_CHARS
            else:
                stand_ins[code] = _ELSEWHERE
    return text.translate(stand_ins)


def read(text: str, *, blanks: bool = True) -> Iterator[Token]:
    """Like `tokens`, with codepoint escapes left as they stand.

    Parameters:
        blanks: whether white space and comments are among them.

    >>> [token.kind for token in read(r"\\u0041SK")]
    ['other', 'word']
    """
    # What is known not to be there, so that no stretch of text is searched twice: a colon after a
    # run of name characters, the end of a long string, the end of a short one on its line.
    written, text = text, _shape(text)
    no_colon = 0
    no_long: set[str] = set()
    no_short = {'"': 0, "'": 0}
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if not blanks and char in _BLANK and (match := _BLANKS.match(text, at)):
            at = match.end()
            continue
        kind: str = "other"
        end = at + 1
        if char in _SHORT:
            match = None
            if text.startswith(char * 3, at) and char not in no_long:
                match = _LONG[char].match(text, at)
                if match is None:
                    no_long.add(char)
            if match is None and at >= no_short[char]:
                match = _SHORT[char].match(text, at)
                if match is None:
                    line = _LINE_END.match(text, at)
                    no_short[char] = line.end() if line else size
            if match:
                kind, end = "string", match.end()
        # None of them begins with a letter, and each would be tried in vain.
        elif not char.isalpha() and (match := _TERMINAL.match(text, at)):
            kind, end = match.lastgroup or "other", match.end()
        elif at >= no_colon and (match := _PREFIX_RUN.match(text, at)):
            stop = match.end()
            if text.startswith(":", stop) and text[stop - 1] != ".":
                local = _AFTER_PREFIX.match(text, stop)
                kind, end = "name", local.end() if local else stop + 1
            else:
                no_colon = stop
                if match[1]:
                    kind, end = "word", match.end(1)
        if kind == "other" and (match := _WORD.match(text, at)):
            kind, end = "word", match.end()
        part = written[at:end]
        yield _token(Token, (kind, part, at, end, part))
        at = end


def in_turn(text: str) -> Iterator[Token]:
    """The terminals of a text without white space and comments, for who needs but the first.

    >>> next(in_turn(" ASK {} # all")).text
    'ASK'
    """
    return _meant(text, blanks=False)


def significant(text: str) -> tuple[Token, ...]:
    """The terminals of a text without white space and comments.

    A query is looked at several times before it runs, and ours are asked again and again, so those
    of many short texts are kept, and of a few long ones.

    >>> [token.text for token in significant("ASK {} # all")]
    ['ASK', '{', '}']
    """
    return (_kept if len(text) <= _SHORT_TEXT else _kept_long)(text)


def _significant(text: str) -> tuple[Token, ...]:
    return tuple(in_turn(text))


_SHORT_TEXT = 4096
_kept = lru_cache(maxsize=256)(_significant)
_kept_long = lru_cache(maxsize=16)(_significant)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, in code points.

    >>> place("ASK {\\n  ?s", 8)
    (2, 3)
    """
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1

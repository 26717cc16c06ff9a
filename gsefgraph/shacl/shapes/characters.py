"""Sets of characters: those that XPath's regular expressions name, and how engines write them.

Blocks are those of XML Schema Part 2, appendix F.1.1 (Unicode 3.1) with the names that Unicode gave
some of them since; general categories come from the Unicode database that Python carries.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
SURROGATES: Ranges = ((0xD800, 0xDFFF),)
CATEGORIES = frozenset(
    """
    L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So
    C Cc Cf Co Cn
    """.split()  # noqa: SIM905 - a vocabulary reads better as words
)
# XML 1.0 (fifth edition), 2.3 [4] NameStartChar and [4a] NameChar.
NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6),
    (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F),
    (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME_MORE: Ranges = (
    (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040),
)  # fmt: skip
_PLAIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz _/:,;=!@%'\"<>`")
# Categories that engines know by one meaning; C and Cn, the characters to come, they do not.
_NATIVE = CATEGORIES - {"C", "Cn"}
_BLOCKS = """
BasicLatin 0-7F; Latin-1Supplement 80-FF; LatinExtended-A 100-17F; LatinExtended-B 180-24F;
IPAExtensions 250-2AF; SpacingModifierLetters 2B0-2FF; CombiningDiacriticalMarks 300-36F;
Greek 370-3FF; GreekandCoptic 370-3FF; Cyrillic 400-4FF; Armenian 530-58F; Hebrew 590-5FF;
Arabic 600-6FF; Syriac 700-74F; Thaana 780-7BF; Devanagari 900-97F; Bengali 980-9FF;
Gurmukhi A00-A7F; Gujarati A80-AFF; Oriya B00-B7F; Tamil B80-BFF; Telugu C00-C7F; Kannada C80-CFF;
Malayalam D00-D7F; Sinhala D80-DFF; Thai E00-E7F; Lao E80-EFF; Tibetan F00-FFF; Myanmar 1000-109F;
Georgian 10A0-10FF; HangulJamo 1100-11FF; Ethiopic 1200-137F; Cherokee 13A0-13FF;
UnifiedCanadianAboriginalSyllabics 1400-167F; Ogham 1680-169F; Runic 16A0-16FF; Khmer 1780-17FF;
Mongolian 1800-18AF; LatinExtendedAdditional 1E00-1EFF; GreekExtended 1F00-1FFF;
GeneralPunctuation 2000-206F; SuperscriptsandSubscripts 2070-209F; CurrencySymbols 20A0-20CF;
CombiningMarksforSymbols 20D0-20FF; CombiningDiacriticalMarksforSymbols 20D0-20FF;
LetterlikeSymbols 2100-214F; NumberForms 2150-218F; Arrows 2190-21FF;
MathematicalOperators 2200-22FF; MiscellaneousTechnical 2300-23FF; ControlPictures 2400-243F;
OpticalCharacterRecognition 2440-245F; EnclosedAlphanumerics 2460-24FF; BoxDrawing 2500-257F;
BlockElements 2580-259F; GeometricShapes 25A0-25FF; MiscellaneousSymbols 2600-26FF;
Dingbats 2700-27BF; BraillePatterns 2800-28FF; CJKRadicalsSupplement 2E80-2EFF;
KangxiRadicals 2F00-2FDF; IdeographicDescriptionCharacters 2FF0-2FFF;
CJKSymbolsandPunctuation 3000-303F; Hiragana 3040-309F; Katakana 30A0-30FF; Bopomofo 3100-312F;
HangulCompatibilityJamo 3130-318F; Kanbun 3190-319F; BopomofoExtended 31A0-31BF;
EnclosedCJKLettersandMonths 3200-32FF; CJKCompatibility 3300-33FF;
CJKUnifiedIdeographsExtensionA 3400-4DB5; CJKUnifiedIdeographs 4E00-9FFF; YiSyllables A000-A48F;
YiRadicals A490-A4CF; HangulSyllables AC00-D7A3; PrivateUse E000-F8FF; PrivateUseArea E000-F8FF;
CJKCompatibilityIdeographs F900-FAFF; AlphabeticPresentationForms FB00-FB4F;
ArabicPresentationForms-A FB50-FDFF; CombiningHalfMarks FE20-FE2F; CJKCompatibilityForms FE30-FE4F;
SmallFormVariants FE50-FE6F; ArabicPresentationForms-B FE70-FEFE; Specials FEFF-FFFD;
HalfwidthandFullwidthForms FF00-FFEF; OldItalic 10300-1032F; Gothic 10330-1034F;
Deseret 10400-1044F; ByzantineMusicalSymbols 1D000-1D0FF; MusicalSymbols 1D100-1D1FF;
MathematicalAlphanumericSymbols 1D400-1D7FF; CJKUnifiedIdeographsExtensionB 20000-2A6D6;
CJKCompatibilityIdeographsSupplement 2F800-2FA1F; Tags E0000-E007F
"""


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """All characters of some sets, as sorted ranges of code points that do not touch.

    >>> union(((97, 99),), ((100, 101), (48, 57)))
    ((48, 57), (97, 101))
    """
    found: list[tuple[int, int]] = []
    for low, high in sorted(pair for ranges in sets for pair in ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def complement(ranges: Ranges) -> Ranges:
    """All characters that are not in a set.

    >>> complement(((0, 96), (98, 0x10FFFF)))
    ((97, 97),)
    """
    found = []
    start = 0
    for low, high in ranges:
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


def difference(ranges: Ranges, less: Ranges) -> Ranges:
    """The characters of one set that are not in another.

    >>> difference(((97, 122),), ((98, 121),))
    ((97, 97), (122, 122))
    """
    return complement(union(complement(union(ranges)), less))


@cache
def block(name: str) -> Ranges | None:
    """The characters of a block, None for a name that is none.

    >>> block("BasicLatin")
    ((0, 127),)
    """
    for entry in _BLOCKS.split(";"):
        title, span = entry.split()
        if title == name:
            low, _, high = span.partition("-")
            return ((int(low, 16), int(high, 16)),)
    return None


@cache
def category(name: str) -> Ranges:
    """The characters of a general category of Unicode, or of a group of them such as "L".

    >>> category("Zl"), len(category("L")) > 500
    (((8232, 8232),), True)
    """
    return union(*(ranges for key, ranges in _categories().items() if key.startswith(name)))


@cache
def _categories() -> dict[str, Ranges]:
    found: dict[str, list[tuple[int, int]]] = {}
    start, kind = 0, unicodedata.category("\0")
    for code in range(1, LAST + 2):
        now = unicodedata.category(chr(code)) if code <= LAST else ""
        if now != kind:
            found.setdefault(kind, []).append((start, code - 1))
            start, kind = code, now
    return {key: tuple(ranges) for key, ranges in found.items()}


@cache
def variants() -> dict[int, tuple[int, ...]]:
    """The other cases of every character that has some, each one character long."""
    groups: dict[str, set[int]] = {}
    for code in range(LAST + 1):
        char = chr(code)
        folded = char.lower() if len(char.lower()) == 1 else char
        folded = folded.upper().lower() if len(folded.upper().lower()) == 1 else folded
        if folded != char:
            groups.setdefault(folded, {ord(folded)}).add(code)
    return {code: tuple(sorted(group - {code})) for group in groups.values() for code in group}


@dataclass(frozen=True, slots=True)
class Set:
    """Characters: ranges, and categories by name; `negated` means all others.

    Attributes:
        chars: what was written as characters, which the flag i folds.
        fixed: ranges that it does not fold.
        names: categories, such as ("L", False), with whether each is complemented.
    """

    chars: Ranges = ()
    fixed: Ranges = ()
    names: tuple[tuple[str, bool], ...] = ()
    negated: bool = False

    def ranges(self, fold: bool) -> Ranges:
        """The characters one by one."""
        chars = self.chars
        if fold:
            other = variants()
            chars = union(
                chars,
                ((new, new) for code, more in other.items() if _holds(chars, code) for new in more),
            )
        found = union(chars, self.fixed)
        for name, complemented in self.names:
            named = category(name)
            found = union(found, complement(named) if complemented else named)
        return complement(found) if self.negated else found


def write(found: Set, fold: bool) -> str:
    """A set of characters in the syntax that RE2 and Rust's regex share.

    Parameters:
        found: the characters.
        fold: whether the flag i is set around it.

    >>> write(Set(((97, 99),), names=(("Nd", False),)), False)
    '[a-c\\\\p{Nd}]'
    """
    native = all(name in _NATIVE for name, _ in found.names)
    special = bool(found.fixed or found.names)
    if not native or (fold and special and found.chars and found.negated):
        found = Set(fixed=found.ranges(fold))
        special = True
    if fold and special and found.chars:
        parts = [Set(chars=found.chars), Set(fixed=found.fixed, names=found.names)]
        return f"(?:{'|'.join(write(part, fold) for part in parts)})"
    ranges = difference(union(found.chars, found.fixed), SURROGATES)
    if found.names and not ranges and len(found.names) == 1:
        name, complemented = found.names[0]
        text = f"\\{'P' if complemented != found.negated else 'p'}{{{name}}}"
    else:
        members = "".join(map(_range, ranges))
        members += "".join(f"\\{'P' if other else 'p'}{{{name}}}" for name, other in found.names)
        if not members:
            members, found = _EVERY, Set(negated=not found.negated)
        text = f"[{'^' * found.negated}{members}]"
    return f"(?-i:{text})" if fold and special else text


def _range(pair: tuple[int, int]) -> str:
    low, high = pair
    if high <= low + 1:
        return spelled(low) + (spelled(high) if high > low else "")
    return f"{spelled(low)}-{spelled(high)}"


def spelled(code: int) -> str:
    """One character as it stands for itself in both engines, in a class and outside.

    >>> spelled(ord("a")), spelled(ord("."))
    ('a', '\\\\x{2E}')
    """
    char = chr(code)
    return char if char in _PLAIN else f"\\x{{{code:X}}}"


_EVERY = r"\x{0}-\x{10FFFF}"


def _holds(ranges: Ranges, code: int) -> bool:
    return any(low <= code <= high for low, high in ranges)


NAME: Ranges = union(NAME_START, _NAME_MORE)

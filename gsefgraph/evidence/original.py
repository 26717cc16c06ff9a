"""The original of a source text: a web page, a PDF or a text, as people have it."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from gsefgraph import files
from gsefgraph.errors import InputError
from gsefgraph.wording import say

MOST: Final = 20 * 2**20
"""Bytes of an original, and of its text."""
_FORMS: Final = {
    ".htm": "html", ".html": "html", ".xhtml": "html", ".pdf": "pdf",
    ".md": "text", ".markdown": "text", ".text": "text", ".txt": "text",
}  # fmt: skip
_TYPES: Final = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf",
    "text/plain": "text", "text/markdown": "text",
}  # fmt: skip
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_HEADING: Final = re.compile(r"\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Original:
    """What an original says.

    Attributes:
        text: in Normalisation Form C, its lines ending in LF.
        title: what it calls itself; language: as it says; either may be empty.
        form: ``html``, ``pdf`` or ``text``.
    """

    text: str
    title: str
    language: str
    form: str


def of_file(given: str | Path) -> Original:
    """What a file says.

    Parameters:
        given: its path; an address is refused.

    Errors:
        UsageError: an address; pypdf is not installed. InputError: it cannot be read, is none of
        the three, or has no text.
    """
    path = files.named(given)
    if os.path.isfile(path) and os.path.getsize(path) > MOST:
        raise InputError(say("original.large", most=MOST >> 20), file=str(path))
    return read(files.content(path), str(path))


def read(data: bytes, name: str, media_type: str = "", charset: str = "") -> Original:
    """What an original says.

    Parameters:
        data: as it is.
        name: of the file, or the address.
        media_type, charset: what a server says of it.

    Errors:
        as `of_file`.

    >>> read("# Lettre\\r\\nUn mot.\\r\\n".encode(), "a.md")
    Original(text='# Lettre\\nUn mot.\\n', title='Lettre', language='', form='text')
    >>> read(b"<html lang=es><h1>Carta</h1>", "x")
    Original(text='Carta\\n', title='Carta', language='es', form='html')
    """
    form = _form(data, name, media_type)
    title = language = ""
    if form == "pdf":
        from gsefgraph.evidence import pdf

        found = pdf.read(data, name, MOST)
        text, title, language = found.text, found.title, found.language
    else:
        text = _characters(data, name, form, charset)
        if form == "html":
            from gsefgraph.evidence import html

            try:
                said = html.page(text)
            except RecursionError:
                raise InputError(say("original.deep"), file=name) from None
            text, title, language = said.text, said.title, said.language
        elif heading := _HEADING.match(text):
            title = heading[1]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise InputError(say("original.no-words"), file=name, hint=say("original.save-shown"))
    return Original(text, " ".join(unicodedata.normalize("NFC", title).split()), language, form)


def _form(data: bytes, name: str, media_type: str) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    said = _TYPES.get(media_type.lower()) or _FORMS.get(PurePath(name).suffix.lower(), "")
    if said in ("", "text") and _HTML.match(data[:65536]):
        return "html"
    if said == "pdf":
        raise InputError(say("original.not-pdf", problem=say("original.no-mark")), file=name)
    if not said:
        hint = say("original.save-as", suffixes=sorted(_FORMS))
        raise InputError(say("original.unknown-form"), file=name, hint=hint)
    return said


def _characters(data: bytes, name: str, form: str, charset: str) -> str:
    from gsefgraph.evidence import html

    try:
        text = html.decoded(data, charset) if form == "html" else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            say("original.not-encoded", encoding=error.encoding, byte=error.start + 1), file=name,
            hint=say("file.save-utf8"),
        ) from None  # fmt: skip
    if "\0" in text:
        raise InputError(say("original.unknown-form"), file=name,
                         hint=say("original.save-as", suffixes=sorted(_FORMS)))  # fmt: skip
    return text

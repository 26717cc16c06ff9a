"""A PDF as text: the lines of its pages, as they are set. pypdf reads it, of the extra `pdf`."""

from __future__ import annotations

import io
import logging
from typing import Final

from gsefgraph.errors import InputError, UsageError
from gsefgraph.evidence.html import Page, language, tidy
from gsefgraph.wording import say

_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"} | {"\0": ""}
)
"""Forms of letters that only print has."""


def read(data: bytes, name: str, most: int) -> Page:
    """What a PDF says.

    Parameters:
        data: the file.
        name: of the file, for errors.
        most: characters that it may have.

    Errors:
        UsageError: pypdf is not installed. InputError: it cannot be read, or has no text.
    """
    try:
        import pypdf
    except ImportError:
        hint = say("original.install", command="pip install 'gsefgraph[pdf]'")
        raise UsageError(say("original.no-pypdf"), hint=hint) from None
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what is odd is read all the same
    lines: list[str] = []
    length = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(say("original.locked"), file=name, hint=say("original.unlock"))
        told = language(str(reader.root_object.get("/Lang", "")))
        about = reader.metadata
        title = " ".join((about.title or "").split()) if about else ""
        for sheet in reader.pages:
            for line in sheet.extract_text().translate(_LIGATURES).splitlines():
                if said := tidy(line):
                    lines.append(said)
                    length += len(said)
            if length > most:
                raise InputError(say("original.large", most=most >> 20), file=name)
    except InputError:
        raise
    except Exception as error:  # of a file that is not as it should be pypdf may raise anything
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(say("original.not-pdf", problem=problem), file=name) from None
    if not lines:
        raise InputError(say("original.no-words"), file=name, hint=say("original.scanned"))
    return Page("".join(f"{line}\n" for line in lines), title, told)

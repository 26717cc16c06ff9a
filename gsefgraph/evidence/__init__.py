"""Evidence: the passages that facts rest on, found again and checked against their source texts.

Offsets count the code points of a source text, decoded from UTF-8 as it is, from 0; the end is the
first code point after the passage. A text stands in ``data/sources/<slug>.txt`` for the document
``…/id/doc/<slug>``; an item inside a page is found in the text of the document it is part of.
"""

from gsefgraph.evidence.check import verify, verify_new
from gsefgraph.evidence.passages import Note, Passage, linked, naming, passages
from gsefgraph.evidence.source import Mark, Omission, Segment, Source, segments, source_of
from gsefgraph.evidence.texts import Fault, Texts, locate

__all__ = [
    "Fault", "Mark", "Note", "Omission", "Passage", "Segment", "Source", "Texts", "linked",
    "locate", "naming", "passages", "segments", "source_of", "verify", "verify_new",
]  # fmt: skip

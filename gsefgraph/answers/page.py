"""An answer as one HTML page that needs nothing else: sentence, picture, table, notes.

>>> from gsefgraph.answers.answer import Answer
>>> "<h1>" in to_html(Answer(("n",), ()))
True
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gsefgraph.answers import tables
from gsefgraph.wording import say

if TYPE_CHECKING:
    from jinja2 import Template

    from gsefgraph.answers.answer import Answer

_FOLDER = Path(__file__).parent / "templates"


def template(folder: Path, name: str) -> Template:
    """A template of a folder; what all such files have in common stands beside this one's.

    >>> template(_FOLDER, "answer.html").name
    'answer.html'
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader((folder, _FOLDER)), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(name)


def to_html(answer: Answer) -> str:
    """The page, in the answer's language; the picture where the query has one and there are rows.

    Parameters:
        answer: of a SELECT or an ASK.
    """
    from markupsafe import Markup

    from gsefgraph.answers.answer import sheet

    lang, picture = answer.lang[:2], answer.picture() if answer.rows else None
    # The page has the title and the sentence; the picture its kind.
    drawn = replace(picture, title="", said="").svg if picture else ""
    said, table = answer.sentence, ""
    if answer.boolean is not None:
        said = said or say("word.yes" if answer.boolean else "word.no").text(lang)
    elif answer.rows or not said:
        table = tables.to_html(replace(sheet(answer), said=""))
    return template(_FOLDER, "answer.html").render(
        lang=lang,
        title=answer.title or say("word.answer").text(lang),
        sentence=said,
        # Both are made of escaped text.
        picture=Markup(drawn),  # noqa: S704
        table=Markup(table),  # noqa: S704
    )

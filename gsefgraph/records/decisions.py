"""What people have decided of names that were not certain: `<record>.decisions.yaml`.

A colleague can read the file, change it and fill it in; later runs obey it. An entry has the name
as it is written in the record, the class, and what it means: an IRI, or `new`. Where nothing stands
behind `means` the question is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from gsefgraph import files
from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.rdf import tree
from gsefgraph.rdf.tree import Scalar
from gsefgraph.records.keys import Keys, called
from gsefgraph.terms import Names, key
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.records.naming import Question

NEW: Final = "new"
"""What a name means that none of the candidates bears."""


def beside(record: str | Path) -> Path:
    """The file of decisions on the names of a record.

    >>> beside("mails/july.yaml").name
    'july.decisions.yaml'
    """
    path = Path(record)
    return path.with_name(f"{path.stem}.decisions.yaml")


def read(text: str, file: str, keys: Keys, names: Names) -> dict[tuple[str, str], str]:
    """What a text of decisions says, as `Naming.decided` has it.

    Parameters:
        file: its name, for messages.

    Errors:
        InputError: it is no YAML, or an entry is not complete.
    """
    found = {}
    for at, _, means in _entries(text, file, keys):
        said = means.text.strip() if means is not None else ""
        if means is None or not said:
            continue
        try:
            found[at] = "" if said == NEW else names.expand(said)
        except GsefgraphError as error:
            raise InputError(
                error.message, file=file, line=means.line, column=means.column,
                hint=say("decisions.means", new=NEW),
            ) from None  # fmt: skip
    return found


def of_record(record: str | Path, keys: Keys, names: Names) -> dict[tuple[str, str], str]:
    """The decisions beside a record; none where there is no such file.

    Errors:
        InputError: as `read`.
    """
    path = beside(record)
    return read(files.text(path), str(path), keys, names) if path.is_file() else {}


def written(
    questions: Iterable[Question],
    decided: Mapping[tuple[str, str], str],
    keys: Keys,
    names: Names,
    lang: str,
    before: str = "",
) -> str:
    """A file of decisions, with the questions and what is decided of them.

    Parameters:
        lang: of the comments.
        before: what the file holds, which stays; entries that were open are filled in.

    >>> from gsefgraph.project import find
    >>> from gsefgraph.records.naming import Question
    >>> from gsefgraph.terms import GSEF
    >>> asked, keys = [Question("A. Noya", f"{GSEF}Person", ())], Keys.of(find())
    >>> text = written(asked, {}, keys, Names(), "en")
    >>> print(written(asked, {(asked[0].kind, "a noya"): ""}, keys, Names(), "en", text))
    # What names in the record mean: an IRI, or new. Later runs obey what stands behind means.
    - name: "A. Noya"
      class: person
      means: new
    <BLANKLINE>
    """
    lines = (before or f"# {say('decisions.head', new=NEW).text(lang)}").rstrip("\n").split("\n")

    def means(at: tuple[str, str]) -> str:
        said = decided.get(at)
        return "  means:" if said is None else f"  means: {names.compact(said) if said else NEW}"

    there = set()
    for at, key_, value in _entries(before, "", keys):
        there.add(at)
        if at in decided and key_ is not None and not (value and value.text.strip()):
            lines[key_.line - 1] = f"{' ' * (key_.column - 1)}{means(at).strip()}"
    for question in questions:
        at = question.kind, key(question.text)
        if at in there:
            continue
        there.add(at)
        lines += [
            f"- name: {json.dumps(question.text, ensure_ascii=False)}",
            f"  class: {called(question.kind)['en']}",
            means(at),
        ]
        for choice in question.choices:
            reason = choice.reason.text(lang)
            lines.append(f"  # {names.compact(choice.iri)}: {choice.label}, {reason}")
    return "\n".join(lines) + "\n"


_Entry: TypeAlias = tuple[tuple[str, str], Scalar | None, Scalar | None]
"""Class and key of a name, and where what it means stands: the key, and the value."""


def _entries(text: str, file: str, keys: Keys) -> Iterator[_Entry]:
    for document in tree.of_yaml(text, file):
        for item in document.items if isinstance(document, tree.Sequence) else (document,):
            name, kind = _text(item, "name"), _text(item, "class")
            if name is None or kind is None or not keys.kind(kind.text):
                raise InputError(
                    say("decisions.entry"), file=file, line=item.line, column=item.column,
                    hint=say("decisions.write"),
                )  # fmt: skip
            pairs = item.entries if isinstance(item, tree.Mapping) else ()
            at = next((key_ for key_, _ in pairs if key_.text == "means"), None)
            yield (keys.kind(kind.text), key(name.text)), at, _text(item, "means")


def _text(item: tree.Node, name: str) -> Scalar | None:
    found = item.get(name) if isinstance(item, tree.Mapping) else None
    return found if isinstance(found, Scalar) else None

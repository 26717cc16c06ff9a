"""The sentences that findings are made of."""

from __future__ import annotations

from collections.abc import Sequence

from gsefgraph.shacl.report.components import ASKED
from gsefgraph.shacl.report.report import Texts, pick
from gsefgraph.terms import SH
from gsefgraph.wording import ByLanguage, Table, say

SENTENCES = Table("finding")


def of(key: str, **values: object) -> Texts:
    """A sentence in every language, its blanks filled; a value may be texts by language itself.

    >>> of("write", value="fr")["es"]
    'escribir fr'
    """
    return say(f"finding.{key}", **values).texts()


def either(choices: Sequence[str]) -> Texts:
    """Some choices, with "or" between them.

    >>> either(["gsef:startDate", "gsef:endDate"])["es"]
    'gsef:startDate o gsef:endDate'
    """
    word = say("word.or")
    return ByLanguage(lambda language: f" {word.text(language)} ".join(choices))


def write(choices: Sequence[str]) -> Texts:
    """A hint to write one of some texts; empty when there are none.

    >>> write(["gsef:startDate", "gsef:endDate"])["fr"]
    'écrire gsef:startDate ou gsef:endDate'
    """
    return of("write", value=either(choices)) if choices else {}


def component(iri: str, lang: str) -> str:
    """What a constraint component of SHACL asks for, empty for any other.

    >>> component("http://www.w3.org/ns/shacl#MinCountConstraintComponent", "fr")
    'assez de valeurs'
    """
    local = iri.removeprefix(SH).removesuffix("ConstraintComponent")
    return pick(ASKED.get(local, {}), lang)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.terms import KINDS, Names, fold, is_iri, slug

NAMES = Names()


@given(st.sampled_from(KINDS), st.lists(st.text(), min_size=1, max_size=3))
def test_law_minted_iris_compact_and_come_back(kind: str, parts: list[str]) -> None:
    try:
        iri = NAMES.mint(kind, *parts)
    except UsageError:
        assert any(not any(c.isascii() and c.isalnum() for c in fold(p)) for p in parts)
        return
    compact = NAMES.compact(iri)
    assert compact.startswith(f"id-{kind}:")
    assert compact.isascii()
    assert compact == compact.lower()
    assert NAMES.expand(compact) == iri
    assert is_iri(iri)


@given(st.text())
def test_law_a_slug_is_its_own_slug(text: str) -> None:
    try:
        once = slug(text)
    except UsageError:
        return
    assert slug(once) == once


@given(st.text(), st.sampled_from(sorted(NAMES.prefixes)))
def test_law_compact_and_expand_are_inverse(local: str, prefix: str) -> None:
    iri = NAMES.prefixes[prefix] + local
    if is_iri(iri):
        assert NAMES.expand(NAMES.compact(iri)) == iri


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("sdg:8.3", "http://metadata.un.org/sdg/8.3"),
        ("http://metadata.un.org/sdg/8", "http://metadata.un.org/sdg/8"),
        ("urn:x:y", "urn:x:y"),
    ],
)
def test_expand(text: str, iri: str) -> None:
    assert NAMES.expand(text) == iri


def test_expand_refuses() -> None:
    with pytest.raises(UnknownName, match=r"prefix 'id-orgg' .* did you mean id-org"):
        NAMES.expand("id-orgg:oecd")
    with pytest.raises(UsageError, match="'a b' is not an IRI"):
        NAMES.expand("a b")
    with pytest.raises(UnknownName, match="no kind 'organisation'"):
        NAMES.mint("organisation", "x")


def test_names_fold_alike() -> None:
    assert fold("Müller") == fold("Mu\u0308ller") == fold("MULLER")
    assert fold("l’ESS") == fold("l'ess")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Łódź", "lodz"),
        ("Tromsø, Århus", "tromso, arhus"),
        ("STRAẞE Straße", "strasse strasse"),
        ("Đà Nẵng", "da nang"),
        ("Æbelø œuvre", "aebelo oeuvre"),
        ("Diyarbakır İzmir", "diyarbakir izmir"),
        ("Þórður Hafnarfjörður", "thordur hafnarfjordur"),
        ("Ɓarna Ƙasa Ɛwe Ŋgɔ", "barna kasa ewe ngo"),
        ("Москва", "москва"),
    ],
)
def test_letters_that_unicode_does_not_take_apart_fold(text: str, bare: str) -> None:
    assert fold(text) == bare
    assert fold(text.lower()) == fold(text.upper()) == bare

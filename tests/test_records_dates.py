"""Dates as people write them, in three languages, and what is no date."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.answers import dates as answers
from gsefgraph.errors import InputError
from gsefgraph.records import dates
from gsefgraph.wording import LANGUAGES

EXACT = {
    "2019-06-25": "2019-06-25",
    "2019-06": "2019-06",
    "2019": "2019",
    "2019-06-25/2019-06-26": "2019-06-25 2019-06-26",
    "2019-06-25 / 2019-06-25": "2019-06-25",
    "du 25 au 26 juin 2019": "2019-06-25 2019-06-26",
    "DU 25 AU 26 JUIN 2019": "2019-06-25 2019-06-26",
    "les 25 et 26 juin 2019": "2019-06-25 2019-06-26",
    "du mardi 25 juin au mercredi 26 juin 2019": "2019-06-25 2019-06-26",
    "1er mai 2018": "2018-05-01",
    "le 3 févr. 2018": "2018-02-03",
    "mardi 3 mars 2020": "2020-03-03",
    "mar. 3 mars 2020": "2020-03-03",
    "juillet-août 2020": "2020-07 2020-08",
    "de mai 2020 à juin 2021": "2020-05 2021-06",
    "du 30 décembre au 2 janvier 2020": "2019-12-30 2020-01-02",
    "1-3 October 2018": "2018-10-01 2018-10-03",
    "October 1, 2018": "2018-10-01",
    "Oct. 1st – 3rd, 2018": "2018-10-01 2018-10-03",
    "December 30, 2018 to January 2, 2019": "2018-12-30 2019-01-02",
    "from 2019-06-25 to 2019-06-27": "2019-06-25 2019-06-27",
    "18 April 2023": "2023-04-18",
    "3 y 4 de diciembre de 2015": "2015-12-03 2015-12-04",
    "del 1 al 3 de octubre de 2018": "2018-10-01 2018-10-03",
    "1.º de mayo de 2018": "2018-05-01",
    "3 de set. de 2018": "2018-09-03",
    "16/06/2020": "2020-06-16",
    "06/16/2020": "2020-06-16",
    "6.6.2020": "2020-06-06",
    "16-06-2020": "2020-06-16",
    "25-26/06/2019": "2019-06-25 2019-06-26",
    "16.06.2020 – 18.06.2020": "2020-06-16 2020-06-18",
    "2018\u00a0-\u00a02019": "2018 2019",
}
NEARLY = {
    "fin 2017": "2017",
    "à la fin de 2017": "2017",
    "mi-juin 2019": "2019-06",
    "late 2017": "2017",
    "finales de 2017": "2017",
    "été 2020": "2020",
    "vers le 3 mai 2019": "2019-05-03",
    "2017-XX": "2017",
    "2019-06-XX": "2019-06",
    "2019-06~": "2019-06",
    "2019?": "2019",
    "2021-21": "2021",
    "2019-06?/2019-08": "2019-06 2019-08",
    "2019-06-25/..": "2019-06-25",
}
WRONG = {
    "31/09/2021": "that month ends on day 30",
    "31 septembre 2021": "that month ends on day 30",
    "2019-02-30": "that month ends on day 28",
    "2019-13": "names month 13",
    "00/06/2020": "day",
    "26 mai": "no year",
    "mai": "no year",
    "16/06/20": "four figures",
    "201X": "less than a year",
    "le Forum": "“forum”",
    "bientôt 2019": "“bientot”",
    "2019-06-26/2019-06-25": "before",
    "du 3 mai 2019 au 1er mai 2019": "before",
    "3rd, 2018": "is no date",
    "12": "is no date",
    "1 2 3 2019": "is no date",
    "2019 2020": "is no date",
    "2019/20": "is no date",
    "20190625": "is no date",
    "2019-06-25T10:00": "“t”",
    "..": "is no date",
    "/": "is no date",
    "": "is no date",
    "٣ 2019": "is no date",
}


def written(found: dates.Dates) -> str:
    return " ".join(each.value for each in found[:2] if each)


@pytest.mark.parametrize("text", EXACT)
def test_what_is_written_is_read(text: str) -> None:
    found = dates.read(text)
    assert written(found) == EXACT[text]
    assert found.notes == ()
    assert found.other is None


@pytest.mark.parametrize("text", NEARLY)
def test_what_is_only_near_is_noted_as_it_was_written(text: str) -> None:
    found = dates.read(text)
    assert written(found) == NEARLY[text]
    assert [note.key for note in found.notes] == ["dates.written"]
    assert text in found.notes[0].text("fr")


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_date_says_why(text: str) -> None:
    with pytest.raises(InputError, match=re.escape(WRONG[text])) as caught:
        dates.read(text)
    assert len({caught.value.text(language) for language in LANGUAGES}) == 3


def test_an_end_may_be_open() -> None:
    assert dates.read("2019/..")[1] is None
    start, end, notes, _ = dates.read("../2019")
    assert (start, end.value if end else "", len(notes)) == (None, "2019", 1)


def test_the_same_figures_are_two_dates_where_nothing_tells() -> None:
    found = dates.read("03/04/2020")
    assert written(found) == "2020-04-03"
    assert found.other is not None
    assert written(found.other) == "2020-03-04"
    for order, meant in (("dmy", "2020-04-03"), ("mdy", "2020-03-04")):
        told = dates.read("03/04/2020", order=order)  # type: ignore[arg-type]
        assert (written(told), told.other) == (meant, None)
        assert [note.key for note in told.notes] == [f"dates.{order}"]
    with pytest.raises(InputError, match="names month 16"):
        dates.read("16/06/2020", order="mdy")


def test_a_year_is_not_made_up() -> None:
    found = dates.read("26 mai", year=2020)
    assert written(found) == "2020-05-26"
    assert [note.text("fr") for note in found.notes] == ["l’année 2020 est celle de la source"]


DAYS = st.dates(date(1000, 1, 1), date(9990, 12, 31))


@given(DAYS, st.integers(0, 400), st.sampled_from(LANGUAGES), st.booleans())
def test_what_an_answer_writes_is_read_again(
    day: date, more: int, language: str, short: bool
) -> None:
    start, end = str(day), str(day + timedelta(more))
    said = answers.words(start, end, language, short=short)
    assert written(dates.read(said)) == " ".join(dict.fromkeys((start, end)))


@given(DAYS, st.sampled_from([4, 7, 10]), st.integers(0, 40))
def test_a_form_of_iso_is_itself(day: date, length: int, more: int) -> None:
    start, end = str(day)[:length], str(day + timedelta(more * 31))[:length]
    assert written(dates.read(f"{start}/{end}")) == " ".join(dict.fromkeys((start, end)))


PIECES = [
    *"0123456789-/.~?X ,",
    "juin",
    "fin",
    "du",
    "au",
    "2019",
    "25",
    "et",
    "é",
    "mar",
    "..",
    "Y",
]


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_a_date_or_none(text: str) -> None:
    with suppress(InputError):
        found = dates.read(text, year=2020)
        assert found.start or found.end

"""Each form of XML Schema 1.1 Part 2, right and wrong, and what is offered instead."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from gsefgraph.rdf.lexical import (
    DATATYPES,
    LANGSTRING,
    better_datatype,
    fault,
    fault_of,
    language_tag,
    mend,
    mend_of,
)
from gsefgraph.terms import XSD

# datatype: (forms that are right, {form that is wrong: code of the fault})
TABLE: dict[str, tuple[list[str], dict[str, str]]] = {
    "string": (["", "a\tb\nc", "Müller"], {"a\x01b": "control", "\ufffe": "control"}),
    "normalizedString": (["", " a  b "], {"a\tb": "space", "a\n": "space"}),
    "token": (["", "a b"], {" a": "space", "a  b": "space", "a ": "space", "a\tb": "space"}),
    "language": (
        ["fr", "pt-BR", "i-klingon", "x-gsef", "zh-Hant-TW"],
        {"": "form", "français": "form", "fr_FR": "form", "abcdefghi": "form", "1a": "form"},
    ),
    "NMTOKEN": (["-a", "1", "é:b"], {"": "form", "a b": "space", "a/b": "form"}),
    "Name": (["a", ":a", "_é.1-"], {"": "form", "1a": "form", "-a": "form", "a b": "space"}),
    "NCName": (["a", "_é.1-"], {"a:b": "form", "1a": "form", ".a": "form"}),
    "ID": (["a1"], {"1a": "form"}),
    "IDREF": (["a1"], {"a:1": "form"}),
    "ENTITY": (["a1"], {"": "form"}),
    "boolean": (
        ["true", "false", "0", "1"],
        {"TRUE": "form", "yes": "form", "": "form", " true": "space", "01": "form"},
    ),
    "decimal": (
        ["1", "-1.50", "+.5", "5.", "0007", "1" * 5000],
        {"1e3": "form", ".": "form", "": "form", "1,5": "form", "INF": "form", " 1": "space",
         "1 000": "space", "--1": "form", "١": "digits"},
    ),
    "float": (
        ["1", "1.", ".5", "1E3", "-1.5e-10", "INF", "+INF", "-INF", "NaN", "1e999"],
        {"inf": "form", "+NaN": "form", "1e": "form", "e3": "form", "0x1": "form", "1.e1.": "form"},
    ),
    "double": (["INF", "1E3"], {"infinity": "form", "1e1.5": "form"}),
    "integer": (
        ["0", "-0", "+7", "007", "9" * 5000],
        {"7.0": "form", "": "form", "1e3": "form", "٣": "digits", "7 ": "space", "+ 7": "space"},
    ),
    "nonPositiveInteger": (["0", "-1", "-" + "9" * 30], {"1": "range", "9" * 30: "range"}),
    "negativeInteger": (["-1"], {"0": "range", "-0": "range", "1": "range"}),
    "nonNegativeInteger": (["0", "-0", "9" * 30], {"-1": "range", "-" + "9" * 30: "range"}),
    "positiveInteger": (["1", "+1"], {"0": "range", "-1": "range", "1.0": "form"}),
    "long": (
        ["9223372036854775807", "-9223372036854775808", "0" * 40 + "1"],
        {"9223372036854775808": "range", "-9223372036854775809": "range"},
    ),
    "int": (["2147483647", "-2147483648"], {"2147483648": "range", "-2147483649": "range"}),
    "short": (["32767", "-32768"], {"32768": "range", "-32769": "range"}),
    "byte": (["127", "-128"], {"128": "range", "-129": "range"}),
    "unsignedLong": (["18446744073709551615"], {"18446744073709551616": "range", "-1": "range"}),
    "unsignedInt": (["4294967295", "-0"], {"4294967296": "range", "-1": "range"}),
    "unsignedShort": (["65535"], {"65536": "range"}),
    "unsignedByte": (["255"], {"256": "range", "-1": "range"}),
    "date": (
        ["2019-06-25", "2020-02-29", "2000-02-29", "0000-02-29", "-0004-02-29", "12020-02-29",
         "-0001-01-01", "2019-06-25Z", "2019-06-25+14:00", "2019-06-25-05:30"],
        {"2019-02-30": "day", "2019-02-29": "day", "1900-02-29": "day", "2019-04-31": "day",
         "2019-06-00": "day", "2019-13-01": "month", "2019-00-01": "month", "2019-6-25": "form",
         "19-06-25": "form", "02019-06-25": "form", "+2019-06-25": "form", "2019": "form",
         "2019-06": "form", "2019-06-25T00:00:00": "form", "2019/06/25": "form", "": "form",
         "2019-06-25 ": "space", "2019-06-25+14:01": "zone", "2019-06-25+15:00": "zone",
         "2019-06-25+05:60": "zone", "2019-06-25z": "form", "٢٠١٩-٠٦-٢٥": "digits",
         "2019-06-25\n": "space"},
    ),
    "dateTime": (
        ["2019-06-25T09:30:00", "2019-06-25T24:00:00", "2019-06-25T24:00:00.000",
         "2019-06-25T09:30:00.123456789Z", "0000-01-01T00:00:00-14:00"],
        {"2019-06-25": "form", "2019-06-25T9:30:00": "form", "2019-06-25T24:00:01": "hour",
         "2019-06-25T24:00:00.1": "hour", "2019-06-25T25:00:00": "hour", "2019-06-25 09:30:00":
         "form", "2019-06-25T09:60:00": "hour", "2019-06-25T23:59:60": "hour",
         "2019-02-29T09:30:00": "day", "2019-06-25T09:30": "form", "2019-06-25T09:30:00.": "form"},
    ),
    "dateTimeStamp": (
        ["2019-06-25T09:30:00Z", "2019-06-25T09:30:00+02:00"],
        {"2019-06-25T09:30:00": "zone-missing", "2019-06-25T09:30:00+14:30": "zone"},
    ),
    "time": (
        ["09:30:00", "24:00:00", "00:00:00.5", "09:30:00+02:00"],
        {"9:30:00": "form", "24:00:01": "hour", "09:30": "form", "09:30:60": "hour", "": "form"},
    ),
    "gYear": (
        ["2019", "0000", "-0044", "12019", "2019Z", "2019+01:00"],
        {"19": "form", "219": "form", "02019": "form", "2019-06": "form", "+2019": "form",
         "2019+25:00": "zone", "MMXIX": "form", "２０１９": "digits"},
    ),
    "gYearMonth": (
        ["2019-06", "-0044-03", "2019-06Z"],
        {"2019-13": "month", "2019-00": "month", "2019-6": "form", "2019-06-25": "form"},
    ),
    "gMonthDay": (
        ["--06-25", "--02-29", "--06-25Z"],
        {"--02-30": "day", "--06-31": "day", "--13-01": "month", "06-25": "form", "-06-25": "form"},
    ),
    "gDay": (["---01", "---31", "---31Z"], {"---32": "day", "---00": "day", "--1": "form"}),
    "gMonth": (["--01", "--12", "--12Z"], {"--13": "month", "--00": "month", "--12--": "form"}),
    "duration": (
        ["P1Y", "P1M", "PT1M", "-P1Y2M3DT4H5M6.7S", "P0D", "PT0S", "P1YT1S"],
        {"P": "form", "PT": "form", "P1YT": "form", "1Y": "form", "P-1Y": "form", "P1S": "form",
         "P1.5Y": "form", "PT1.S": "form", "P1M1Y": "form", "p1y": "form", "": "form"},
    ),
    "yearMonthDuration": (["P1Y", "-P2M", "P1Y2M"], {"P1D": "form", "P": "form", "P1YT1H": "form"}),
    "dayTimeDuration": (["P1D", "PT1H", "-P1DT2S"], {"P1Y": "form", "P1DT": "form", "P": "form"}),
    "hexBinary": (["", "0F", "0fB7"], {"0": "form", "0G": "form", "0F B7": "space"}),
    "base64Binary": (
        ["", "R1NFRg==", "R1NF RkE=", "R1NF", "R 1 N F"],
        {"R1N": "form", "R1NFRh==": "form", "R1NFRkF=": "form", "=": "form", "R1NF  ": "space",
         "R1NF*": "form"},
    ),
    "anyURI": (
        ["", "https://gsef-net.org/fr/a?b=c#d", "../é", "a%20b", "urn:isbn:1", "a b", "a%zz"], {}
    ),
}  # fmt: skip

RIGHT = [(name, form) for name, (forms, _) in TABLE.items() for form in forms]
WRONG = [(name, form, code) for name, (_, forms) in TABLE.items() for form, code in forms.items()]


def test_the_table_has_every_datatype() -> None:
    assert {XSD + name for name in TABLE} == set(DATATYPES)


@pytest.mark.parametrize(("name", "form"), RIGHT)
def test_right(name: str, form: str) -> None:
    assert fault_of(form, XSD + name) is None
    assert mend_of(form, XSD + name) is None


@pytest.mark.parametrize(("name", "form", "code"), WRONG)
def test_wrong(name: str, form: str, code: str) -> None:
    found = fault_of(form, XSD + name)
    assert found is not None
    assert found.key == f"lexical.{code}"
    texts = {found.text(language) for language in ("en", "fr", "es")}
    assert len(texts) == 3
    assert str(found) == found.text("en") == found.text("de")
    assert not any("{" in text and form not in text for text in texts)
    meant = mend_of(form, XSD + name)
    assert meant is None or fault_of(meant, XSD + name) is None


@pytest.mark.parametrize(
    "tag",
    ["fr", "FR-fr", "pt-BR", "es-419", "zh-Hant-TW", "sl-rozaj-biske", "de-CH-1901", "x-gsef",
     "en-a-bbb-x-a", "i-klingon", "zh-yue", "zh-min-nan", "sgn-BE-FR", "abcd", "francais"],
)  # fmt: skip
def test_language_tags_well_formed(tag: str) -> None:
    assert language_tag(tag)
    assert fault_of("x", LANGSTRING) is not None


@pytest.mark.parametrize(
    "tag", ["", "f", "fr_FR", "français", "fr-", "-fr", "en-x", "abcdefghi", "fr-a", "12", "i-foo"]
)
def test_language_tags_ill_formed(tag: str) -> None:
    assert not language_tag(tag)


@pytest.mark.parametrize(
    ("name", "form", "meant"),
    [
        ("date", "2019-6-25", "2019-06-25"),
        ("date", "2019/06/25", "2019-06-25"),
        ("date", "20190625", "2019-06-25"),
        ("date", "25/06/2019", "2019-06-25"),
        ("date", "06/25/2019", "2019-06-25"),
        ("date", "05/06/2019", None),
        ("date", "06/06/2019", "2019-06-06"),
        ("date", "25 juin 2019", "2019-06-25"),
        ("date", "1er août 2019", "2019-08-01"),
        ("date", "25 de junio de 2019", "2019-06-25"),
        ("date", "June 25th, 2019", "2019-06-25"),
        ("date", "2019-06-25T00:00:00", "2019-06-25"),
        ("date", "2019-06-25T09:00:00", None),
        ("date", " 2019-06-25 ", "2019-06-25"),
        ("date", "2019–06–25", "2019-06-25"),
        ("date", "2019-02-30", None),
        ("date", "2019", None),
        ("date", "soon", None),
        ("gYearMonth", "06/2019", "2019-06"),
        ("gYearMonth", "juin 2019", "2019-06"),
        ("gYear", "２０１９", "2019"),
        ("gYear", "19", None),
        ("boolean", "Oui", "true"),
        ("boolean", "FALSE", "false"),
        ("decimal", "1,5", "1.5"),
        ("decimal", "-0,1962", "-0.1962"),
        ("decimal", "−3.5", "-3.5"),
        ("decimal", "1 234,5", "1234.5"),
        ("integer", "7.0", "7"),
        ("integer", "7.5", None),
        ("integer", "12 000", "12000"),
        ("integer", "1\n2", None),
        ("integer", "1 2", None),
        ("positiveInteger", " 5", "5"),
        ("positiveInteger", "0", None),
        ("double", "-inf", "-INF"),
        ("dateTime", "2019-06-25 9:30", "2019-06-25T09:30:00"),
        ("dateTime", "2019-06-25T09:30:00+0200", "2019-06-25T09:30:00+02:00"),
        ("dateTimeStamp", "2019-06-25T09:30:00", None),
        ("time", "9h30", "09:30:00"),
        ("language", "fr_FR", "fr-FR"),
        ("language", "Français", "fr"),
        ("token", " a  b", "a b"),
        ("hexBinary", "0f:b7", "0fb7"),
        ("duration", "p1y", "P1Y"),
    ],
)
def test_mend(name: str, form: str, meant: str | None) -> None:
    assert mend_of(form, XSD + name) == meant
    assert mend(Literal(form, datatype=NamedNode(XSD + name))) == meant


def test_literals_of_pyoxigraph() -> None:
    assert fault(Literal("Quito", language="fr")) is None
    assert fault(Literal("plain")) is None
    assert fault(Literal("x", datatype=NamedNode("https://example.org/own"))) is None
    wrong = fault(Literal("2019-02-30", datatype=NamedNode(XSD + "date")))
    assert wrong is not None
    assert wrong.text("es") == "es un día que no existe: ese mes termina el 28"


@pytest.mark.parametrize(
    ("form", "name", "better"),
    [("2019", "date", "gYear"), ("2019-06", "date", "gYearMonth"), ("2019-06-25", "gYear", "date"),
     ("1.5", "integer", "decimal"), ("2019-02-30", "date", None), ("x", "boolean", None)],
)  # fmt: skip
def test_better_datatype(form: str, name: str, better: str | None) -> None:
    assert better_datatype(form, XSD + name) == (better and XSD + better)


@given(st.dates())
def test_every_date_of_the_calendar_exists(day: date) -> None:
    assert fault_of(day.isoformat(), XSD + "date") is None
    last = calendar.monthrange(day.year, day.month)[1]
    after = f"{day.year:04}-{day.month:02}-{last + 1:02}"
    found = fault_of(after, XSD + "date")
    assert found is not None
    assert found.values == {"last": last}


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_decimal_number_has_a_form(number: Decimal) -> None:
    assert fault_of(f"{number:f}", XSD + "decimal") is None


@given(st.text(max_size=12), st.sampled_from(sorted(DATATYPES)))
def test_any_text_is_judged_and_a_mend_is_right(text: str, datatype: str) -> None:
    meant = mend_of(text, datatype)
    if fault_of(text, datatype) is None:
        assert meant is None
    elif meant is not None:
        assert fault_of(meant, datatype) is None

"""sh:datatype on each lexical form: the truth by XML Schema 1.1, our two evaluators, pySHACL.

The truth is written by hand from the sections of https://www.w3.org/TR/xmlschema11-2/ that the
table names; white space is never collapsed, as RDF takes lexical forms as they are. Our evaluators
must be right on every row. pySHACL's answer stands beside it in build/lexical-forms.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from gsefgraph.columns.columns import Columns
from gsefgraph.errors import SyntaxFault
from gsefgraph.shacl.result import Result
from gsefgraph.shacl.shapes.graph import Shapes
from gsefgraph.shacl.shapes.model import Model
from gsefgraph.terms import RDF, SH, XSD

BUILD = Path(__file__).resolve().parent.parent / "build"
EX = "https://example.org/"

# Datatype: section, forms in its lexical space that name a value, forms that do not.
TABLE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "string": ("3.3.1", ("", " a\tb\n", "Müller", "\U0001f600"), ("a\x01b", "\ufffe")),
    "boolean": ("3.3.2", ("true", "false", "1", "0"), ("TRUE", "yes", "", " true", "01", "2")),
    "decimal": (
        "3.3.3",
        ("1", "-1.50", "+.5", "5.", "0007", "-0", "1" * 400),
        ("1e3", ".", "", "1,5", "INF", " 1", "1 000", "--1", "\u0661"),
    ),
    "float": ("3.3.4", ("1", ".5", "1E3", "-1.5e-10", "INF", "+INF", "NaN"), ("inf", "+NaN", "1e")),
    "double": ("3.3.5", ("1e0", "-INF", "1e999", "-0"), ("Infinity", "nan", "1e1.5", "0x1", "1 ")),
    "duration": (
        "3.3.6",
        ("P1Y", "PT1M", "-P1Y2M3DT4H5M6.7S", "P0D", "P1YT1S"),
        ("P", "PT", "P1YT", "1Y", "P-1Y", "P1S", "P1.5Y", "P1M1Y", "p1y", ""),
    ),
    "dateTime": (
        "3.3.7",
        ("2019-06-25T09:30:00", "2019-06-25T24:00:00", "2020-02-29T09:30:00.123456789Z",
         "-0044-03-15T00:00:00", "0000-01-01T00:00:00-14:00"),
        ("2019-06-25T24:00:01", "2019-06-25T23:59:60", "2019-02-29T09:30:00", "2019-06-25",
         "2019-06-25T9:30:00", "2019-06-25 09:30:00", "2019-06-25T09:30", "2019-06-25T09:30:00.",
         "2019-06-25T09:30:00+14:01", "2019-06-25t09:30:00z"),
    ),
    "time": (
        "3.3.8",
        ("09:30:00", "24:00:00", "09:30:00.5-05:00"),
        ("9:30:00", "09:30", "09:30:60", "25:00:00"),
    ),
    "date": (
        "3.3.9",
        ("2019-06-25", "2020-02-29", "2000-02-29", "0000-02-29", "-0004-02-29", "12020-02-29",
         "2019-06-25Z", "2019-06-25+14:00"),
        ("2019-02-30", "2019-02-29", "1900-02-29", "2019-04-31", "2019-13-01", "2019-6-25",
         "19-06-25", "02019-06-25", "2019", "2019-06", "2019-06-25T00:00:00", "2019/06/25",
         "２０１９-06-25", "2019-06-25 ", "2019-06-25+15:00", "20190625", "2019-W26-2", "2019-176"),
    ),
    "gYearMonth": (
        "3.3.10",
        ("2019-06", "-0044-03Z"),
        ("2019-13", "2019-6", "2019-06-25", "201906"),
    ),
    "gYear": (
        "3.3.11",
        ("2019", "0000", "-0044", "12019", "2019Z"),
        ("19", "219", "02019", "+2019", "２０１９", "MMXIX"),
    ),
    "gMonthDay": (
        "3.3.12",
        ("--06-25", "--02-29", "--06-25Z"),
        ("--02-30", "--06-31", "06-25", "-06-25"),
    ),
    "gDay": ("3.3.13", ("---01", "---31Z"), ("---32", "---00", "--1", "25")),
    "gMonth": ("3.3.14", ("--01", "--12Z"), ("--13", "--00", "--12--", "06")),
    "hexBinary": ("3.3.15", ("", "0fB7"), ("0", "0G", "0F B7")),
    "base64Binary": ("3.3.16", ("", "R1NFRg==", "R1NF RkE="), ("R1N", "R1NFRh==", "=", "R1NF*")),
    "anyURI": (
        "3.3.17",
        ("", "https://gsef-net.org/é?b=c#d", "../a%20b", "urn:isbn:1", "a b"),
        ("a\x01",),
    ),
    "QName": ("3.3.18", ("a:b",), ()),
    "normalizedString": ("3.4.1", ("", " a  b "), ("a\tb", "a\n")),
    "token": ("3.4.2", ("", "a b"), (" a", "a  b", "a\tb")),
    "language": ("3.4.3", ("fr", "pt-BR", "zh-Hant-TW"), ("", "français", "fr_FR", "abcdefghi")),
    "NMTOKEN": ("3.4.4", ("-a", "1", "é:b"), ("", "a b", "a/b")),
    "Name": ("3.4.6", (":a", "_é.1-"), ("", "1a", "-a", "a b")),
    "NCName": ("3.4.7", ("a", "_é.1-"), ("a:b", "1a", ".a")),
    "integer": (
        "3.4.13",
        ("0", "-0", "+7", "007", "9" * 400),
        ("7.0", "", "1e3", "٣", "7 ", "+ 7"),
    ),
    "nonPositiveInteger": ("3.4.14", ("0", "-" + "9" * 30), ("1",)),
    "negativeInteger": ("3.4.15", ("-1",), ("0", "-0")),
    "long": ("3.4.16", ("-9223372036854775808",), ("9223372036854775808",)),
    "int": ("3.4.17", ("2147483647",), ("2147483648", "-2147483649")),
    "short": ("3.4.18", ("-32768",), ("32768",)),
    "byte": ("3.4.19", ("127", "-128"), ("128", "300", "c")),
    "nonNegativeInteger": ("3.4.20", ("-0", "9" * 30), ("-1", "1.0")),
    "unsignedLong": ("3.4.21", ("18446744073709551615",), ("18446744073709551616", "-1")),
    "unsignedInt": ("3.4.22", ("4294967295",), ("4294967296",)),
    "unsignedShort": ("3.4.23", ("65535",), ("65536",)),
    "unsignedByte": ("3.4.24", ("255", "0"), ("256", "-1")),
    "positiveInteger": ("3.4.25", ("1", "+1"), ("0", "-1")),
    "yearMonthDuration": ("3.4.26", ("P1Y2M", "-P2M"), ("P1D", "P", "P1YT1H")),
    "dayTimeDuration": ("3.4.27", ("-P1DT2S", "PT1H"), ("P1Y", "P1DT", "P1M")),
    "dateTimeStamp": ("3.4.28", ("2019-06-25T09:30:00Z",), ("2019-06-25T09:30:00",)),
}  # fmt: skip
# Datatypes of RDF that are not checked (RDF 1.1 Concepts, 5.2 and 5.3).
OF_RDF = {"HTML": ("<p>a", "a < b"), "XMLLiteral": ("<p>a</p>",)}
# Language tags, well-formed by RFC 5646, 2.1. Ill-formed ones, and rdf:langString without one, are
# no literals of RDF (RDF 1.1 Concepts, 3.3): readers refuse them.
TAGS = ("fr", "FR-fr", "pt-BR", "es-419", "zh-Hant-TW", "de-CH-1901", "x-gsef", "i-klingon")

Row = tuple[Literal, bool]


def _typed(form: str, iri: str) -> Literal:
    return Literal(form, datatype=NamedNode(iri))


ROWS: list[Row] = [
    *((_typed(form, XSD + name), True) for name, (_, forms, _) in TABLE.items() for form in forms),
    *((_typed(form, XSD + name), False) for name, (_, _, forms) in TABLE.items() for form in forms),
    *((_typed(form, RDF + name), True) for name, forms in OF_RDF.items() for form in forms),
    *((Literal("a", language=tag), True) for tag in TAGS),
]


def graph() -> list[Triple]:
    """One node for each row, whose property is named by the datatype."""
    return [
        Triple(NamedNode(f"{EX}row{i}"), NamedNode(f"{EX}{_name(literal)}"), literal)
        for i, (literal, _) in enumerate(ROWS)
    ]


def shapes() -> list[Triple]:
    """For each datatype, a shape whose values have it."""
    found: list[Triple] = []
    for datatype in sorted({literal.datatype.value for literal, _ in ROWS}):
        name = datatype.rpartition("#")[2]
        shape, about = NamedNode(f"{EX}shape-{name}"), NamedNode(f"{EX}{name}")
        for local, value in (
            ("targetSubjectsOf", about), ("path", about), ("datatype", NamedNode(datatype))
        ):  # fmt: skip
            found.append(Triple(shape, NamedNode(SH + local), value))
    return found


def _name(literal: Literal) -> str:
    return literal.datatype.value.rpartition("#")[2]


@cache
def _model() -> Model:
    from gsefgraph.shacl.shapes import reading

    return reading.read(Shapes(shapes()))


@cache
def small() -> frozenset[str]:
    from gsefgraph.shacl.judge.judge import judge
    from gsefgraph.shacl.judge.memory import Memory

    return _faulty(judge(_model(), Memory(graph())))


@cache
def compiled() -> frozenset[str]:
    from gsefgraph.shacl.compiled import evaluate as compiler

    quads = [Quad(*triple, DefaultGraph()) for triple in graph()]
    with Columns.read([], quads=quads) as columns:
        return _faulty(compiler.evaluate(_model(), columns).results)


@cache
def compiled_from_file(folder: Path) -> frozenset[str]:
    """The same from an N-Triples file, which another reader splits into terms."""
    from gsefgraph.shacl.compiled import evaluate as compiler

    file = folder / "forms.nt"
    file.write_text("".join(f"{triple} .\n" for triple in graph()), "utf-8")
    with Columns.read([file]) as columns:
        return _faulty(compiler.evaluate(_model(), columns).results)


@cache
def pyshacl() -> frozenset[str]:
    from tests.oracle import Oracle

    with Oracle() as oracle:
        return frozenset(result["focus"][1] for result in oracle.validate(graph(), shapes()))


def _faulty(results: Iterable[Result]) -> frozenset[str]:
    found = list(results)
    assert {result.kind for result in found} == {"Datatype"}
    assert all(result.path for result in found)
    return frozenset(result.focus.value for result in found)


def _id(number: int) -> str:
    literal, right = ROWS[number]
    form = literal.value if len(literal.value) < 40 else f"{literal.value[:8]}…"
    return f"{_name(literal)}-{form!r}-{'right' if right else 'wrong'}"


@pytest.mark.parametrize("evaluator", [small, compiled], ids=lambda e: e.__name__)
@pytest.mark.parametrize("number", range(len(ROWS)), ids=_id)
def test_form(number: int, evaluator: Callable[[], frozenset[str]]) -> None:
    assert (f"{EX}row{number}" not in evaluator()) is ROWS[number][1]


def test_forms_in_a_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    wrong = {f"{EX}row{i}" for i, (_, right) in enumerate(ROWS) if not right}
    assert compiled_from_file(tmp_path_factory.mktemp("forms")) == wrong


@pytest.mark.parametrize(
    "term", ['"a"@fr_FR', '"a"@abcdefghi', '"a"@', '"a"@1', f'"a"^^<{RDF}langString>']
)
def test_no_literals_at_all(term: str, tmp_path: Path) -> None:
    from gsefgraph.records import rdf

    for name in ("form.nt", "form.ttl"):
        file = tmp_path / name
        file.write_text(f"<{EX}a> <{EX}p> {term} .\n", "utf-8")
        with pytest.raises(SyntaxFault), Columns.read([file]):
            pass
        with pytest.raises(SyntaxFault):
            rdf.read(file)


def test_the_table_is_long_and_has_every_datatype() -> None:
    from gsefgraph.rdf.lexical import DATATYPES

    assert len(ROWS) >= 200
    not_for_rdf = {f"{XSD}{name}" for name in ("ID", "IDREF", "ENTITY")}
    assert {literal.datatype.value for literal, _ in ROWS} >= set(DATATYPES) - not_for_rdf


def test_beside_pyshacl() -> None:
    """pySHACL is wrong on many forms; a table in the build folder shows which."""
    lines = [
        "| datatype | form | XML Schema 1.1 | small | compiled | pySHACL |",
        "|---|---|---|---|---|---|",
    ]
    wrong = 0
    for number, (literal, right) in enumerate(ROWS):
        node = f"{EX}row{number}"
        answers = [node not in found for found in (small(), compiled(), pyshacl())]
        wrong += answers[-1] is not right
        form = f"@{literal.language}" if literal.language else literal.value
        cells = ["right" if answer else "wrong" for answer in (right, *answers)]
        cells[-1] += "" if answers[-1] is right else " ✗"
        shown = ascii(form[:40]) if not form.isprintable() else form[:40]
        lines.append(" | ".join(["", _name(literal), f"`{shown}`", *cells, ""]).strip())
    lines.append(f"\npySHACL is wrong on {wrong} of {len(ROWS)} forms.")
    BUILD.mkdir(exist_ok=True)
    (BUILD / "lexical-forms.md").write_text("\n".join(lines) + "\n", "utf-8")
    print(lines[-1])
    assert wrong >= 14

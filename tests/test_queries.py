"""Headers, typed parameters, binding, and the catalogue with its cache."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from gsefgraph.docs import catalogue as catalogue_page
from gsefgraph.errors import (
    AmbiguousName,
    GsefgraphError,
    InputError,
    ParameterError,
    RefusedAccess,
    SyntaxFault,
    UnknownName,
)
from gsefgraph.files import keep, kept
from gsefgraph.queries import catalogue
from gsefgraph.queries.binding import for_each
from gsefgraph.queries.catalogue import Catalogue, Picture, StoredQuery, bind, parse
from gsefgraph.queries.parameters import Parameter, Value, goal_iri, written
from gsefgraph.sparql.form import projected
from gsefgraph.sparql.terminals import tokens
from gsefgraph.terms import XSD, Names
from gsefgraph.wording import say

NAMES = Names()
SDG = "http://metadata.un.org/sdg/"


def query(text: str, **keywords: str) -> StoredQuery:
    return parse(text, "q.rq", NAMES, **keywords)


def typed(kind: str, value: Value, **keywords: object) -> Literal | NamedNode:
    return Parameter("p", kind, **keywords).term(value, NAMES)  # type: ignore[arg-type]


class Known:
    """A resolver that knows Quito, and two people of one name."""

    def resolve(
        self, text: str, *, kind: str | None = None, scheme: str | None = None
    ) -> NamedNode:
        if text == "Quito":
            return NamedNode("https://e.org/quito")
        if text == "Müller":
            raise AmbiguousName("'Müller' names 2 things: A Müller (x:a), B Müller (x:b)")
        raise UnknownName(
            f"nothing is named {text!r} among {kind}/{scheme}", hint="did you mean Quito?"
        )


# ---------------------------------------------------------------------------------- values

LITERALS = [
    ("date", "2019-06-25", "2019-06-25", "date"),
    ("date", "2019-06", "2019-06-01", "date"),
    ("date", " 2019 ", "2019-01-01", "date"),
    ("date", date(2019, 6, 25), "2019-06-25", "date"),
    ("date", datetime(2019, 6, 25, 9, 30), "2019-06-25", "date"),
    ("date", Literal("2019", datatype=NamedNode(f"{XSD}gYear")), "2019-01-01", "date"),
    ("integer", "007", "7", "integer"),
    ("integer", -7, "-7", "integer"),
    ("integer", Literal(7), "7", "integer"),
    ("text", 'a "b" \\u0041 }', 'a "b" \\u0041 }', "string"),
    ("text", "", "", "string"),
    ("language", "pt-BR", "pt-br", "string"),
    ("language", "zh-Hant-TW", "zh-hant-tw", "string"),
]


@pytest.mark.parametrize(("kind", "value", "lexical", "datatype"), LITERALS)
def test_values_become_typed_literals(kind: str, value: Value, lexical: str, datatype: str) -> None:
    assert typed(kind, value) == Literal(lexical, datatype=NamedNode(f"{XSD}{datatype}"))


@pytest.mark.parametrize(
    ("value", "code"),
    [(8, "8"), ("8", "8"), ("ODD 8", "8"), ("odd8", "8"), ("SDG 8.3", "8.3"), ("ODS 8", "8"),
     ("sdg:8", "8"), ("sdg:8.a", "8.a"), ("8.A", "8.a"), (f"{SDG}17", "17"), ("Objectif 08", "8"),
     ("SDG #8", "8"), (NamedNode(f"{SDG}1"), "1"), ("goal-5", "5"), (" 3 ", "3")],
)  # fmt: skip
def test_goals(value: Value, code: str) -> None:
    assert typed("goal", value) == NamedNode(f"{SDG}{code}")


@pytest.mark.parametrize("text", ["0", "18", "8.333", "8.3.1", "8 9", "ODD", "", "8" * 50, "a8"])
def test_no_goal(text: str) -> None:
    assert goal_iri(text, NAMES) is None
    with pytest.raises(ParameterError, match="goal or target"):
        typed("goal", text)


@pytest.mark.parametrize(
    ("value", "iri"),
    [("id-org:oecd", "https://w3id.org/gsefgraph/id/org/oecd"), ("<a:b>", "a:b"),
     ("https://e.org/é", "https://e.org/é"), (NamedNode("a:b"), "a:b"), ("urn:x:y", "urn:x:y")],
)  # fmt: skip
def test_iris(value: Value, iri: str) -> None:
    assert typed("iri", value) == NamedNode(iri)


def test_partial_dates_take_the_day_that_the_header_says() -> None:
    given = ("2019", "2020-02", "2019-02", "2019-02-03")
    taken = [typed("date", text, bound="end").value for text in given]
    assert taken == ["2019-12-31", "2020-02-29", "2019-02-28", "2019-02-03"]


ILL: list[tuple[str, object]] = [
    ("date", "2019-02-30"), ("date", "2019-13"), ("date", "0000"), ("date", "20190625"),
    ("date", "25/06/2019"), ("date", "2019-06-25Z"), ("date", "２０１９"), ("date", ""),
    ("date", "2019-06-25\n2019"), ("date", True), ("date", 3.5),
    ("date", Literal("x", language="en")), ("integer", "1.5"), ("integer", "ten"), ("integer", "٣"),
    ("integer", True), ("integer", ""),
    ("integer", "9" * 5000), ("integer", 10**30), ("integer", NamedNode("a:b")),
    ("text", "a\x00b"), ("text", "\ud800"), ("text", 3), ("text", BlankNode("b")),
    ("text", NamedNode("a:b")), ("text", Literal("x", language="fr")), ("text", None.__class__),
    ("language", "fr_FR"), ("language", "français"), ("language", ""), ("language", "fr }"),
    ("iri", "GSEF"), ("iri", "a b:c"), ("iri", "<a b>"), ("iri", "https://e.org/a b"), ("iri", ""),
    ("iri", "gsef:a>b"), ("iri", "https://e.org/\ud800"), ("iri", BlankNode("b")), ("iri", 3),
    ("iri", Literal("a:b")), ("iri", "gsef:a\\u0020b"), ("iri", date(2019, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), ILL)
def test_ill_typed_values_name_the_parameter_and_what_it_takes(kind: str, value: object) -> None:
    with pytest.raises(ParameterError) as caught:
        typed(kind, value, example="EXAMPLE")  # type: ignore[arg-type]
    message = str(caught.value)
    assert "'p'" in message
    assert say(f"type.{kind}") in message
    assert "for example EXAMPLE" in message
    message.encode()
    assert len(message) < 400


def test_choices() -> None:
    parameter = Parameter("stance", "iri", choices=("gsef:stated", "gsef:curated"))
    assert parameter.term("gsef:stated", NAMES) == NamedNode(NAMES.expand("gsef:stated"))
    with pytest.raises(
        ParameterError, match=r"one of gsef:stated, gsef:curated.*did you mean gsef:stated"
    ):
        parameter.term("gsef:statd", NAMES)


def test_names_are_resolved_and_errors_name_the_parameter() -> None:
    place = Parameter("place", "iri", kind="k:Place", scheme="s:s")
    assert place.term("Quito", NAMES, Known()) == NamedNode("https://e.org/quito")
    with pytest.raises(UnknownName, match=r"parameter 'place': .*among k:Place/s:s; did you mean"):
        place.term("Quitto", NAMES, Known())
    with pytest.raises(AmbiguousName, match=r"parameter 'place': .*x:a.*x:b"):
        place.term("Müller", NAMES, Known())


# --------------------------------------------------------------------------------- binding

HEAD = """#+ summary: All types
#+ parameters:
#+   i: {type: iri, optional: true}
#+   g: {type: goal, optional: true}
#+   d: {type: date, optional: true}
#+   n: {type: integer, optional: true}
#+   t: {type: text, optional: true}
#+   l: {type: language, optional: true}
"""
TEMPLATE = HEAD + (
    "# $i $t\n"
    'SELECT ?s WHERE { ?s $i ?o ; <http://e.org/$i> \'$t\', """$t""", ?it . ?s a$g .\n'
    "FILTER(?o>$d&&?o<$n||LANG(?o)=$l&&?o!=$t) OPTIONAL{?s ?p$t.?s$i?q}FILTER(?o< $i && ?q>$n-1)}"
)
values_of_any_kind = (
    st.text()
    | st.text(alphabet="\\uU0041'\"`<>{}#?$@^:;.,-_ \n\r\tabSERVICE~\ud800", max_size=20)
    | st.integers()
    | st.dates()
    | st.sampled_from(["2019", "ODD 8", "id-org:oecd", "fr", "gsef:x", "https://e.org/\u202e"])
    | st.booleans()
    | st.floats()
    | st.none()
    | st.text(max_size=5).map(lambda s: Literal(s, language="en") if s.isascii() else BlankNode())
)


@given(st.dictionaries(st.sampled_from("igdntl"), values_of_any_kind))
def test_no_value_changes_the_structure_of_a_query(values: dict[str, Value | None]) -> None:
    stored = query(TEMPLATE)
    taken = {}
    for name, value in values.items():
        with contextlib.suppress(ParameterError):
            stored.terms({name: value})
            taken[name] = value
    terms = stored.terms(taken)
    bound = stored.bind(taken)
    expected: list[str] = []
    for token in tokens(TEMPLATE):
        name = token.value[1:]
        if token.value.startswith("$") and name in terms:
            expected += [part.text for part in tokens(written(terms[name]))]
        elif token.kind not in ("space", "comment"):
            expected.append(token.text)
    assert [t.text for t in tokens(bound) if t.kind not in ("space", "comment")] == expected
    Store().query(bound)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.text(alphabet='\\uU0041"\n'))
@example("\\u0041")
@example("\\\\u0041\\U00000022\\")
def test_a_literal_means_itself_with_and_without_codepoint_escapes(text: str) -> None:
    bound = bind("SELECT ?x { VALUES ?y { 1 } BIND($t AS ?x) }", {"t": Literal(text)})
    decoded = "".join(token.value for token in tokens(bound))
    for reading in (bound, decoded):
        (row,) = Store().query(reading)  # type: ignore[misc, union-attr]
        assert row["x"] == Literal(text)


@pytest.mark.parametrize(
    ("template", "term", "expected"),
    [
        ("?x<$a", NamedNode("a:b"), "?x< <a:b>"),
        ("$a-1", Literal("x", language="en"), '"x"@en -1'),
        ("?x$a.", Literal("x"), '?x "x" .'),
        ("$a$a", NamedNode("a:b"), "<a:b> <a:b>"),
        ("$ab ?a '$a' <$a> #$a", NamedNode("a:b"), "$ab ?a '$a' <$a> #$a"),
        ("$\\u0061", NamedNode("a:b"), "<a:b>"),
    ],
)
def test_a_term_stands_apart_from_its_neighbours(
    template: str, term: Literal | NamedNode, expected: str
) -> None:
    assert bind(template, {"a": term}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s <urn:p> $x }",
        "SELECT DISTINCT ?o { $x <urn:p> ?o }",
        "SELECT ?s ?o { ?s <urn:p> ?o FILTER(?o = $x) }",
        "SELECT ?s ?o { { ?s <urn:p> ?o FILTER(?o = $x) } UNION { ?s <urn:q> ?o } }",
        "SELECT ?s ?o { ?s <urn:p> ?o OPTIONAL { ?o <urn:q> ?z FILTER(?z = $x) } }",
        "SELECT ?s ?z { ?s <urn:p> ?o OPTIONAL { $x <urn:q> ?z } }",
        "SELECT ?s { ?s <urn:p> ?o FILTER NOT EXISTS { ?s <urn:q> $x } }",
        "SELECT ?s { ?s <urn:p> ?o FILTER EXISTS { ?o <urn:q> ?z FILTER(?z = $x) } }",
        "SELECT ?s { ?s <urn:p> ?o MINUS { ?o <urn:q> ?z } FILTER(?s != $x) } ORDER BY STR($x) ?s",
        "SELECT ?s { ?s <urn:p> ?o BIND($x AS ?y) FILTER(?o != ?y) }",
        "SELECT ?o (COUNT(?s) AS ?n) { ?s <urn:p> ?o FILTER(?s != $x) } GROUP BY ?o",
        "SELECT ?s { ?s <urn:p>+ $x { SELECT ?s { ?s <urn:p> ?a } } }",
        "SELECT ?s { GRAPH ?g { ?s <urn:p> $x } }",
        "SELECT ?s { ?s <urn:p> ?o { ?s <urn:p> $x } UNION { ?s <urn:q> $x } }",
    ],
)
def test_all_values_at_once_are_each_value_by_itself(text: str) -> None:
    store = Store()
    store.update(
        "INSERT DATA { <urn:a> <urn:p> <urn:b>, <urn:c> . <urn:b> <urn:p> <urn:c> ; <urn:q> <urn:a>"
        " . <urn:c> <urn:q> <urn:b> GRAPH <urn:g> { <urn:a> <urn:p> <urn:b> } }"
    )
    values = [NamedNode(f"urn:{name}") for name in "abcd"]
    together = for_each(text, "x", values)
    assert together is not None
    found = [tuple(map(str, row)) for row in store.query(together)]  # type: ignore[union-attr]
    for value in values:
        alone = [tuple(map(str, row)) for row in store.query(bind(text, {"x": value}))]  # type: ignore[union-attr]
        assert sorted(row[1:] for row in found if row[0] == str(value)) == sorted(alone), value


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o MINUS { ?s ?q $x } }",
        "SELECT ?s { { SELECT ?s { ?s ?p $x } } }",
        "SELECT ?s { ?s ?p $x } LIMIT 3",
        "SELECT (COUNT(?s) AS ?n) { ?s ?p $x }",
        "SELECT * { ?s ?p $x }",
    ],
)
def test_what_would_be_another_question_is_not_asked_for_all_at_once(text: str) -> None:
    assert for_each(text, "x", [NamedNode("urn:a")]) is None


def test_parameters_left_out_stay_variables() -> None:
    assert query(TEMPLATE).bind({"i": None}) == TEMPLATE


def test_missing_and_undeclared_parameters() -> None:
    stored = query(
        "#+ summary: s\n#+ parameters: {country: {type: iri, example: 'id-place:mexico'}}\n"
        "SELECT * { ?s ?p $country }"
    )
    with pytest.raises(
        ParameterError, match=r"needs parameter 'country'; .*example id-place:mexico"
    ):
        stored.bind()
    with pytest.raises(ParameterError, match=r"no parameter 'contry'; did you mean country\?"):
        stored.bind({"contry": "x"})


@pytest.mark.parametrize(
    "extra",
    [
        "#+ defaults: {l: fr}\n#+ enumerate: {l: [fr, en]}\n",
        "#+ defaults:\n#+   - l: fr\n#+ enumerate:\n#+   - l:\n#+     - fr\n#+     - en\n",
    ],
)
def test_defaults_and_choices_as_grlc_writes_them(extra: str) -> None:
    stored = query(
        f"#+ summary: s\n#+ parameters: {{l: {{type: language}}}}\n{extra}ASK {{ ?s ?p $l }}"
    )
    assert stored.bind().endswith('ASK { ?s ?p "fr" }')
    with pytest.raises(ParameterError, match="one of fr, en"):
        stored.bind({"l": "es"})


# ---------------------------------------------------------------------------------- header

FULL = """#+ summary: Events
#+ title: {en: Events, fr: "Événements: tous"}
#+ help: >-
#+   Two
#+   lines.
#+ tags: [a, no, 1.10]
#+ method: GET
#+ parameters:
#+   from: {type: date, optional: yes, bound: end, label: {en: From}}
#+   kind: {type: iri, class: "gsef:Event", scheme: "gsef:kinds"}
#+ columns:
#+   event: {en: Event}
#+ evidence: [node]
#+ ordered: true
#+ count: event
#+ answer:
#+   en: Events.
#+   fr: {none: "Aucun : {kind}.", one: "{count}.", other: "{count}[ jusqu’au {from}| en tout]."}
#+ picture: {timeline: event, start: node}

SELECT ?event ?node { ?event a $kind ; ?p ?node FILTER(?node > $from) }
"""


def test_a_full_header() -> None:
    stored = query(FULL, family="events")
    first, second = stored.parameters
    assert (stored.name, stored.family, stored.form) == ("q", "events", "select")
    assert stored.title["fr"] == "Événements: tous"
    assert stored.help == {"en": "Two lines."}
    assert stored.tags == ("a", "no", "1.10"), "scalars are text"
    assert (first.optional, first.bound, first.label) == (True, "end", {"en": "From"})
    assert (second.kind, second.scheme) == (NAMES.expand("gsef:Event"), NAMES.expand("gsef:kinds"))
    assert (stored.hidden, stored.ordered, stored.per_graph) == (("node",), True, False)
    assert stored.count == ("event",)
    assert stored.answer["en"] == dict.fromkeys(("none", "one", "other"), "Events.")
    assert stored.answer["fr"]["none"] == "Aucun\u00a0: {kind}.", "no-break spaces stay"
    assert stored.picture == Picture("timeline", {"thing": "event", "start": "node"})


TOLD = """#+ summary: a
#+ parameters: {{x: {{type: iri, optional: true}}}}
#+ answer:
#+   en:
#+     {}
SELECT ?a {{ ?a ?b $x }}"""
DRAWN = """#+ summary: a
#+ parameters: {{x: {{type: iri}}}}
#+ picture: {}
SELECT ?a ?b {{ ?a ?b $x }}"""

FAULTS: list[tuple[str, int | None, str]] = [
    ("SELECT * {}", 1, "no header"),
    ("# only a comment\nSELECT * {}", 1, "no header"),
    ("#+ tags: [a]\nASK {}", 1, "no summary"),
    ("#+ summary: ''\nASK {}", 1, "summary is empty"),
    ("#+ just text\nASK {}", 1, "not a mapping"),
    ("#+ summary: a\n#+ sumary: b\nASK {}", 2, "did you mean summary"),
    ("#+ summary: a\n#+ tags: [a]\n#+ summary: b\nASK {}", 3, "given twice, first on line 1"),
    ("#+ summary: &a x\n#+ description: *a\nASK {}", 1, "aliases"),
    ("#+ summary: !!python/object:os.system x\nASK {}", 1, "tags are not taken"),
    ("# a\n\n#+ summary: a: b\nASK {}", 3, "not YAML"),
    ("#+ summary: [a\nASK {}", None, "not YAML"),
    ("#+ summary: a\n#+ columns: [a]\nASK {}", 2, "not a mapping"),
    ("#+ summary: a\n#+ ordered: perhaps\nASK {}", 2, "true or false"),
    ("#+ summary: a\n#+ title: {English: x}\nASK {}", 2, "not a language"),
    ("#+ summary: a\n#+ tags: a\nASK {}", 2, "not a list"),
    ("#+ summary: " + "[" * 20 + "]" * 20 + "\nASK {}", 1, "too deep"),
    ("#+ summary: a\n#+ parameters:\n#+   x: {optional: true}\nASK {}", 3, "no type"),
    ("#+ summary: a\n#+ parameters: {x: {type: dat}}\nASK {}", 2, "did you mean date"),
    ("#+ summary: a\n#+ parameters: {x-y: {type: date}}\nASK {}", 2, "parameter's name"),
    ("#+ summary: a\n#+ parameters: {x: {type: date, exmple: 1}}\nASK {}",
     2, "did you mean example"),
    ("#+ summary: a\n#+ parameters: {x: {type: date, bound: last}}\nASK {}",
     2, "neither start nor end"),
    ("#+ summary: a\n#+ parameters: {x: {type: iri, class: 'gesf:X'}}\nASK {}",
     2, "did you mean gsef"),
    ("#+ summary: a\n#+ parameters:\n#+   x:\n#+     type: date\n#+     example: 2019-02-30\n"
     "ASK {?s ?p $x}",
     5, "does not take '2019-02-30'"),
    ("#+ summary: a\n#+ defaults: {y: 1}\nASK {}", 2, "'y' is not a parameter"),
    ("#+ summary: a\n#+ parameters: {x: {type: date}}\nASK { ?s ?p ?o }", None, "$x is nowhere"),
    ("#+ summary: a\n#+ parameters: {x: {type: date}}\nASK { ?s ?x $x }",
     3, "shares a parameter's name"),
    ("#+ summary: a\nASK {\n ?s ?p $y }", 3, "$y is not declared"),
    ("#+ summary: a\n#+ columns: {evnt: {en: x}}\nSELECT ?event { ?event ?p ?o }",
     2, "did you mean event"),
    ("#+ summary: a\n#+ evidence: [o]\nSELECT ?event { ?event ?p ?o }",
     2, "'o' is not a column"),
    ("#+ summary: a\n#+ count: o\nSELECT ?event { ?event ?p ?o }", 2, "'o' is not a column of"),
    (TOLD.format("none: a\n#+     one: b"), 5, "answer, en has no form 'other'; write none, one"),
    (TOLD.format("none: a\n#+     many: b"), 6, "no key 'many' in answer, en"),
    (TOLD.format("yes: a\n#+     one: b\n#+     no: c"), 6, "no key 'one' in answer, en; write"),
    (TOLD.format("yes: a\n#+     no: b"), 4, "of another kind of query; write none, one, other"),
    (TOLD.format("none: a\n#+     one: b\n#+     other: '{cuont} of'"), 7, "did you mean count"),
    (TOLD.format("none: a\n#+     one: b\n#+     other: 'of {wher}'"), 7, "no place 'wher'"),
    (TOLD.format("none: a\n#+     one: b {x}\n#+     other: c"), 6, "'x' may be left out; write"),
    (TOLD.format("none: a\n#+     one: b[ {x}\n#+     other: c"), 6, "en, one is empty, or has"),
    (TOLD.format("none: a\n#+     one: b}\n#+     other: c"), 6, "without its other half"),
    (TOLD.format("none: ''\n#+     one: b\n#+     other: c"), 5, "answer, en, none is empty"),
    ("#+ summary: a\n#+ answer: {English: x}\nASK {}", 2, "not a language"),
    ("#+ summary: a\n#+ answer: {en: x}\nASK {}", 2, "of another kind of query; write yes, no"),
    (DRAWN.format("{pie: a}"), 3, "no key 'pie' in picture; known: bars"),
    (DRAWN.format("{brs: a}"), 3, "did you mean bars"),
    (DRAWN.format("bars"), 3, "no such picture; write none, or one of timeline"),
    (DRAWN.format("{}"), 3, "no such picture; write none"),
    (DRAWN.format("{bars: a, map: b}"), 3, "no key 'map' in picture"),
    (DRAWN.format("{bars: a, valeu: b}"), 3, "did you mean value"),
    (DRAWN.format("\n#+   bars: a\n#+   value: c"), 5, "'c' is not a column"),
    (DRAWN.format("{network: [a, b, a]}"), 3, "a network joins two columns"),
    (DRAWN.format("{network: b, centre: y}"), 3, "'y' is not a parameter"),
    ("#+ summary: a\nDELETE {} WHERE {}", None, "does not change"),
    ("#+ summary: a\n", None, "empty"),
    ("#+ summary: a\n\nASK { SERVICE <a:b> {} }", 3, "SERVICE"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_faulty_file_is_named_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises((InputError, RefusedAccess)) as caught:
        query(text)
    assert words in str(caught.value)
    assert caught.value.file == "q.rq"
    assert line is None or caught.value.line == line


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("SELECT $x { ?s ?p $x }", "SELECT"),
        ("SELECT ?s { ?s ?p $x } GROUP BY $x", "GROUP BY"),
        ("SELECT ?s { BIND(1 AS $x) }", "BIND"),
        ("SELECT ?s { VALUES $x { 1 } }", "VALUES"),
        ("SELECT ?s { ?s ?p $x FILTER(BOUND( $x )) }", "BOUND"),
        ("SELECT (COUNT($x) AS ?n) { ?s ?p $x }", "SELECT"),
    ],
)
def test_a_parameter_stands_only_where_a_value_can(body: str, where: str) -> None:
    with pytest.raises(InputError, match=where):
        query(f"#+ summary: a\n#+ parameters: {{x: {{type: text}}}}\n{body}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?a (COUNT(DISTINCT ?b) AS ?c) ?d WHERE { ?x ?y ?z }", ("a", "c", "d")),
        ("PREFIX a: <a:b> SELECT DISTINCT ?b FROM <a:c> { { SELECT ?q { ?q ?r ?s } } }", ("b",)),
        ("SELECT * { ?a ?b ?c }", None),
        ("SELECT (?a * 2 AS ?b) { ?a ?b ?c }", ("b",)),
        ("ASK { ?a ?b ?c }", None),
        ("CONSTRUCT { ?a ?b ?c } WHERE { SELECT ?a { ?a ?b ?c } }", None),
    ],
)
def test_columns_that_a_select_names(text: str, expected: tuple[str, ...] | None) -> None:
    assert projected(text) == expected


# ------------------------------------------------------------------------------- catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "queries"
    (root / "events").mkdir(parents=True)
    (root / "README.md").write_text("not a query")
    (root / "events" / "full.rq").write_text(FULL, "utf-8")
    (root / "own.rq").write_text("#+ summary: Own\nASK {}", "utf-8")
    return root


def test_a_folder_is_a_mapping(folder: Path) -> None:
    catalogue = Catalogue(folder, NAMES)
    assert sorted(catalogue) == ["full", "own"]
    assert {family: [q.name for q in qs] for family, qs in catalogue.families().items()} == {
        "": ["own"],
        "events": ["full"],
    }
    assert catalogue["own"] is catalogue.get("own")
    assert "none" not in catalogue
    with pytest.raises(UnknownName, match=r"no stored query 'ful'; did you mean full\?"):
        catalogue.get("ful")
    assert len(Catalogue(folder / "absent", NAMES)) == 0


def test_two_files_of_one_name_are_refused(folder: Path) -> None:
    (folder / "events" / "own.rq").write_text("#+ summary: Other\nASK {}", "utf-8")
    with pytest.raises(InputError, match="a second query named 'own'"):
        Catalogue(folder, NAMES)


def test_a_file_that_is_not_utf8_is_named(folder: Path) -> None:
    (folder / "bad.rq").write_bytes("#+ summary: é".encode("latin-1"))
    with pytest.raises(InputError, match=r"bad\.rq: not UTF-8 at byte 13"):
        Catalogue(folder, NAMES)


def test_a_byte_order_mark_is_no_part_of_the_header(folder: Path) -> None:
    (folder / "own.rq").write_bytes(b"\xef\xbb\xbf#+ summary: Own\nASK {}")
    assert Catalogue(folder, NAMES)["own"].text.startswith("#+")


WARM = """
import sys
from pathlib import Path
from gsefgraph.queries.binding import for_each
from gsefgraph.queries.catalogue import Catalogue
from gsefgraph.terms import Names
catalogue = Catalogue(Path(sys.argv[1]), Names(), cache=Path(sys.argv[2]))
print(catalogue["full"].bind({"kind": "gsef:Event"}))
print(sorted(name for name in sys.modules if name.split(".")[0] in ("ruamel", "rdflib")))
"""


def test_a_warm_start_reads_no_yaml_and_gives_the_same(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"

    def start() -> list[str]:
        command = [sys.executable, "-W", "error", "-c", WARM, str(folder), str(cache)]
        run = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
        return run.stdout.splitlines()

    cold, warm = start(), start()
    assert "ruamel" in cold[-1]
    assert warm[-1] == "[]"
    assert cold[:-1] == warm[:-1]


def test_the_cache_follows_the_files(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = Catalogue(folder, NAMES, cache=cache)
    again = Catalogue(folder, NAMES, cache=cache)
    assert dict(first) == dict(again)
    (folder / "own.rq").write_text("#+ summary: Changed\nASK {}", "utf-8")
    assert Catalogue(folder, NAMES, cache=cache)["own"].summary == "Changed"


def test_two_projects_in_turn_keep_what_was_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, other = tmp_path / "cache", tmp_path / "other"
    shutil.copytree(folder, other)
    names = Names("https://example.org/data/")
    for base in (NAMES, names):
        for where in (folder, other):
            assert Path(Catalogue(where, base, cache=cache)["own"].file).is_relative_to(where)
    assert len(list(cache.glob("queries-*.json"))) == 4
    monkeypatch.setattr(catalogue, "parse", lambda *_, **__: pytest.fail("a file is read again"))
    for where in (folder, other):
        query = Catalogue(where, names, cache=cache)["own"]
        assert Path(query.file).is_relative_to(where)
        assert query.names is names


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(b"[]"),
        lambda file: keep(file, b"[{}]"),
        lambda file: keep(file, kept(file).replace(b'"summary"', b'"summery"')),
        lambda file: keep(file, b"3"),
    ],
)
def test_a_damaged_cache_is_read_past(
    folder: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    cache = tmp_path / "cache"
    Catalogue(folder, NAMES, cache=cache)
    (file,) = cache.iterdir()
    damage(file)
    assert sorted(Catalogue(folder, NAMES, cache=cache)) == ["full", "own"]


def test_a_cache_that_cannot_be_written_costs_nothing(folder: Path) -> None:
    assert len(Catalogue(folder, NAMES, cache=folder / "own.rq" / "cache")) == 2


# ------------------------------------------------------------------------- shipped queries


def test_a_project_adds_queries_to_those_of_the_package(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine"
    (own / "family").mkdir(parents=True)
    (own / "family" / "more.rq").write_text("#+ summary: More\nASK {}")
    (own / "own.rq").write_text("#+ summary: Other\nASK {}")
    for _ in range(2):  # read, and from the cache
        found = Catalogue((folder, own), NAMES, cache=tmp_path / "cache")
        assert set(found) == {*Catalogue(folder, NAMES), "more"}
        assert found["own"].summary == "Other"
        assert [query.name for query in found.replaced] == ["own"]
    (own / "more.rq").write_text("#+ summary: Twice\nASK {}")
    found = Catalogue((folder, own), NAMES, warn=lambda _: None)
    assert [query.name for query in found.replaced] == ["own"], "two of one name replace nothing"
    assert Catalogue(folder, NAMES).replaced == ()


def linked(path: Path) -> None:
    path.symlink_to(path.name)


FAULTS: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_text("#+ summary: x\nSELECT * { ?s ?p"), ":2:17: not SPARQL"),
    (
        lambda path: path.write_text("#+ summary: x\nASK { ?s skoss:note ?o , gsef:x }"),
        r":2:10: not SPARQL: unexpected skoss:note \(prefix not found\); did you mean skos\?",
    ),
    (lambda path: path.symlink_to("nothing"), ": no such file"),
    (linked, r": cannot be read \(Too many levels of symbolic links\)"),
    (lambda path: path.mkdir(), ": this is a folder"),
]


@pytest.mark.parametrize(("make", "said"), FAULTS)
def test_what_is_no_query_is_named_with_its_file_and_place(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    file = tmp_path / "mine" / "a.rq"
    file.parent.mkdir()
    make(file)
    for _ in range(2):  # nothing faulty is kept
        told: list[str] = []
        found = Catalogue(file.parent, NAMES, cache=tmp_path / "cache", warn=told.append)
        assert list(found) == []
        assert len(told) == 1
        assert re.match(re.escape(str(file)) + said, told[0]), told
        with pytest.raises(InputError, match=re.escape(str(file)) + said):
            found.get("a")


def test_the_suffix_of_a_query_may_be_in_capital_letters(tmp_path: Path) -> None:
    (tmp_path / "OWN.RQ").write_text("#+ summary: x\nASK {}")
    assert list(Catalogue(tmp_path, NAMES)) == ["OWN"]


def test_a_function_of_another_engine_is_no_fault_of_the_file(tmp_path: Path) -> None:
    text = "#+ summary: x\nASK { FILTER(<http://a.example/f>(1)) }"
    (tmp_path / "own.rq").write_text(text)
    assert list(Catalogue(tmp_path, NAMES)) == ["own"]


def test_a_faulty_file_is_named_and_the_others_answer(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    (own / "bad.rq").write_text("ASK {}")
    (own / "good.rq").write_text("#+ summary: Good\nASK {}")
    (own / "own.rq").write_text("#+ summary: [\nASK {}")
    (own / "sub").mkdir()
    (own / "sub" / "good.rq").write_text("#+ summary: Second\nASK {}")
    for _ in range(2):  # what is kept must not be silent
        told: list[str] = []
        found = Catalogue((folder, own), NAMES, cache=tmp_path / "cache", warn=told.append)
        assert [line.partition(".rq")[0].rpartition("/")[2] for line in told] == [
            "bad", "own", "good",
        ]  # fmt: skip
        assert all("this query is left out" in line for line in told)
        assert found["good"].summary == "Good"
        # Another query of the same name would answer something else.
        assert set(found) == ({*Catalogue(folder, NAMES)} - {"own"}) | {"good"}
        for name in ("bad", "own"):
            with pytest.raises(InputError, match=rf"{name}\.rq"):
                found.get(name)
        with pytest.raises(UnknownName):
            found.get("absent")
    with pytest.raises(InputError, match=r"bad\.rq"):
        Catalogue(own, NAMES)


SHIPPED = Catalogue(Path(__file__).parent.parent / "queries", NAMES)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_queries_are_legal_unbound_and_bound(name: str) -> None:
    stored = SHIPPED[name]
    Store().query(stored.text)
    values = {p.name: p.example for p in stored.parameters if p.example}
    try:
        bound = stored.bind(values, Anything())
    except GsefgraphError as error:  # pragma: no cover
        pytest.fail(f"{name}: {error}")
    result = Store().query(bound)
    if isinstance(result, pyoxigraph.QuerySolutions):
        assert projected(stored.text) == tuple(v.value for v in result.variables)


class Anything:
    """A resolver for which every name is known."""

    def resolve(
        self, text: str, *, kind: str | None = None, scheme: str | None = None
    ) -> NamedNode:
        return NamedNode(NAMES.mint("topic", text))


def test_a_query_without_header_says_what_is_missing() -> None:
    with pytest.raises(InputError, match=r"q\.rq:1: no header.*#\+ summary: Events"):
        query("SELECT * { ?s ?p ?o }")
    with pytest.raises(SyntaxFault):
        query("#+ summary: s\nFETCH")


# ------------------------------------------------------------------------- the page of all


def test_the_page_of_all_queries_is_fresh() -> None:
    page = catalogue_page.render(SHIPPED.folders[0])
    hint = "run python -m gsefgraph.docs.catalogue"
    assert (SHIPPED.folders[0] / "README.md").read_text("utf-8") == page, hint
    assert all(f"[{name}]" in page for name in SHIPPED)


def test_the_example_on_the_page_is_a_stored_query(folder: Path) -> None:
    lines = catalogue_page.render(folder).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("    #+ summary"))
    last = next(n for n, line in enumerate(lines) if n > first and not line.startswith("    "))
    example = query("\n".join(line[4:] for line in lines[first:last]))
    assert example.bind({"issuer": "id-org:gsef"}).endswith(
        "issuedBy <https://w3id.org/gsefgraph/id/org/gsef> }"
    )

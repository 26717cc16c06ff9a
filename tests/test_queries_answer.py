"""The sentence of each stored query, and what its picture is drawn of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from pyoxigraph import NamedNode

from gsefgraph.answers.answer import FORMATS, Answer, write
from gsefgraph.answers.sentence import told
from gsefgraph.engine.base import Boolean, Solutions
from gsefgraph.graph.graph import Graph
from gsefgraph.project import find
from gsefgraph.queries.catalogue import StoredQuery, of_project, parse
from gsefgraph.queries.header import PICTURES
from gsefgraph.queries.parameters import BoundTerm
from gsefgraph.sparql.form import projected
from gsefgraph.terms import Names
from gsefgraph.wording import LANGUAGES

QUERIES = of_project(find())
SELECTS = [query for query in QUERIES.values() if query.form == "select"]
VALUES = {
    "iri": NamedNode("urn:thing"),
    "goal": "8",
    "date": "2019-11-01",
    "language": "fr",
}  # fmt: skip


class Known:
    """A resolver that knows every name."""

    def resolve(
        self, text: str, *, kind: str | None = None, scheme: str | None = None
    ) -> NamedNode:
        return NamedNode(Names().expand(text)) if ":" in text else NamedNode(f"urn:{text}")


def named(iris: object, lang: str) -> Mapping[str, str]:
    return dict.fromkeys(iris, "Nom")  # type: ignore[attr-defined]


def given(query: StoredQuery) -> Iterator[Mapping[str, BoundTerm]]:
    """What a query may be asked with: each set of its optional parameters."""
    free = [item.name for item in query.parameters if item.optional and item.default is None]
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            values = {
                item.name: item.choices[0] if item.choices else VALUES[item.type]
                for item in query.parameters
                if item.name not in free or item.name in chosen
            }
            yield query.terms(values, Known())


def table(query: StoredQuery, size: int) -> Solutions:
    columns = projected(query.text) or ()
    rows = [[NamedNode(f"urn:{column}:{n}") for column in columns] for n in range(size)]
    return Solutions(columns, tuple(map(tuple, rows)))


def digits(text: str) -> Counter[str]:
    return Counter(re.findall(r"[0-9]+", re.sub(r"(?<=[0-9])[,\u202f](?=[0-9])", "", text)))


def of_values(values: Mapping[str, BoundTerm]) -> Counter[str]:
    """The numbers that stand in what was asked for: of goals and of days."""
    found = [term.value.rpartition("/")[2] for term in values.values()]
    return Counter(str(int(number)) for text in found for number in re.findall(r"[0-9]+", text))


@pytest.mark.parametrize("query", SELECTS, ids=lambda query: query.name)
def test_the_sentence_holds_the_number_of_the_table(query: StoredQuery) -> None:
    assert set(query.count) <= set(query.columns), "what is counted is shown"
    for values in given(query):
        for size in (0, 1, 2, 1234):
            said = {}
            for lang in LANGUAGES:
                result = table(query, size)
                answer = Answer.of(result, query=query, values=values, labels=named, lang=lang)
                said[lang] = answer.sentence
                found = digits(answer.sentence)
                found.subtract(of_values(values))
                wanted = Counter({str(size): 1}) if size else Counter()
                assert +found == wanted, answer.sentence
                assert re.fullmatch(r"[^][{}|]+\.", answer.sentence)
                assert "  " not in answer.sentence
            assert len(set(said.values())) == len(LANGUAGES)
            assert not re.search(r" [:;!?»]|« |[«\w][:;!?»]", said["fr"]), said["fr"]


def test_the_number_is_that_of_the_shipped_graph() -> None:
    with Graph.open() as graph:
        for query in SELECTS:
            asked = {item.name: item.example for item in query.parameters if item.example}
            answer = graph.query(query.name, asked)
            assert isinstance(answer, Answer)
            places = [answer.columns.index(name) for name in query.count]
            shown = {tuple(row[n] for n in places) if places else row for row in answer.rows}
            shown.discard((None,) * len(places))
            names = " ".join(answer.text_of(term) for term in answer.values.values())
            left = digits(answer.sentence)
            left.subtract(digits(names) + of_values(answer.values))
            assert +left == (Counter({str(len(shown)): 1}) if shown else Counter()), query.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_truth_is_told(lang: str) -> None:
    for query in QUERIES.values():
        if query.form == "ask":
            (values,) = given(query)
            yes, no = (
                Answer.of(Boolean(truth), query=query, values=values, labels=named, lang=lang)
                for truth in (True, False)
            )
            assert yes.sentence != no.sentence
            assert yes.sentence.count("Nom") == no.sentence.count("Nom") == 2


def test_every_query_with_rows_or_a_truth_has_its_sentence_in_every_language() -> None:
    for query in QUERIES.values():
        wanted = set(LANGUAGES) if query.form in ("select", "ask") else set()
        assert set(query.answer) == wanted, query.name


def test_pictures_are_drawn_of_columns() -> None:
    pictures = [query.picture for query in QUERIES.values() if query.picture]
    assert {picture.kind for picture in pictures} == set(PICTURES)
    assert QUERIES["organisation-partners"].picture is not None
    assert QUERIES["organisation-partners"].picture.columns == {
        "other": "partner", "centre": "organisation", "weight": "shared"
    }  # fmt: skip


def test_rows_that_are_left_out_are_counted() -> None:
    with Graph.open() as graph:
        whole = graph.query("goals-not-covered")
        cut = graph.query("goals-not-covered", limit=2)
    assert isinstance(whole, Answer)
    assert isinstance(cut, Answer)
    assert (len(cut), cut.sentence) == (2, whole.sentence)
    assert cut.number == len(whole) > 2


TARGETS = {
    "en": ("target 8.3, Decent jobs.", "target 8.3."),
    "fr": ("la cible 8.3, Decent jobs.", "la cible 8.3."),
    "es": ("la meta 8.3, Decent jobs.", "la meta 8.3."),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_target_stands_by_its_number_and_the_name_that_it_has(lang: str) -> None:
    query = QUERIES["events-by-goal"]
    for name, wanted in zip(("Decent jobs", "SDG target 8.3"), TARGETS[lang], strict=True):
        said = told(query, query.terms({"goal": "8.3"}), 2, lang, lambda _, name=name: name)
        assert said.endswith(f" {wanted}")


OWN = """#+ summary: Own
#+ parameters: {in: {type: iri, optional: true}, day: {type: date}, n: {type: integer}}
#+ count: a
#+ answer:
#+   en: {none: "No[ in {in}| at all].", one: "{count}.", other: "{count}[ in {in}], {day}, {n}."}
SELECT ?a ?b { ?a ?b $in ; ?c $day ; ?d $n }
"""


def test_a_query_of_ones_own_in_one_language() -> None:
    query = parse(OWN, "own.rq", Names())
    rows = Solutions(("a", "b"), ((NamedNode("u:a"), None), (NamedNode("u:a"), NamedNode("u:b"))))
    values = query.terms({"in": NamedNode("u:x"), "day": "2019-06-01", "n": 12345})
    answer = Answer.of(rows, query=query, values=values, lang="fr")
    assert answer.sentence == "1.", "what is there twice counts once"
    assert replace(answer, rows=(), values={}).sentence == "No at all."
    assert replace(answer, rows=()).sentence == "No in u:x."
    more = replace(answer, whole=2)
    assert more.sentence == "2 in u:x, 1 June 2019, 12,345."
    assert Answer.of(rows, query=replace(query, answer={}), values=values).sentence == ""
    assert Answer.of(rows).sentence == ""
    assert Answer.of(rows).number == 2


@pytest.mark.parametrize("form", FORMATS)
def test_formats_for_people_have_the_sentence(form: str) -> None:
    query = QUERIES["statistics"]
    for size in (0, 3):
        answer = Answer.of(table(query, size), query=query, lang="es")
        page = write(answer, form).decode("utf-8", "replace")
        assert (answer.sentence in page) == (form in ("table", "md", "html"))
        if form == "table":
            assert page.startswith(f"{answer.sentence}\n\nClase" if size else answer.sentence)
    if form == "html":
        assert answer.sentence in answer._repr_html_()

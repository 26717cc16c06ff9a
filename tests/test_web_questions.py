"""Questions on screen: the form and its counts, the answer, what is said where there is none."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from html import unescape
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest

from gsefgraph.answers.answer import Answer
from gsefgraph.errors import QueryTimeout
from gsefgraph.graph import choices
from gsefgraph.graph.graph import Graph
from gsefgraph.web import shown
from gsefgraph.web.form import RESERVED
from gsefgraph.web.pages import questions
from gsefgraph.wording import number
from tests.web import Web

GOAL = "/questions/events-by-goal"
LOOKED_AT = ("events-by-goal", "speakers", "collaboration-graph", "is-member", "places-of-events")


@pytest.fixture(scope="module")
def web() -> Web:
    return Web()


@pytest.fixture(scope="module")
def graph(web: Web) -> Graph:
    return web.graph


def names() -> list[str]:
    with Graph.open() as graph:
        return sorted(graph.catalogue)


def rows(page: str) -> list[str]:
    """The rows of the answer's table."""
    table = re.search(r'<table class="cards">.*?</table>', page, re.S)
    return re.findall(r"<tr>.*?</tr>", table[0].partition("<tbody>")[2], re.S) if table else []


def text(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page))


def sentence(page: str) -> str:
    found = re.search(r'<div class="answer"><p>(.*?)</p>', page, re.S)
    return text(found[1]) if found else ""


def test_the_names_of_the_site_are_no_parameters(graph: Graph) -> None:
    for query in graph.catalogue.values():
        taken = {item.name for item in query.parameters if item.name != "lang"}
        assert not taken & RESERVED, query.name


@pytest.mark.parametrize("name", names())
def test_every_count_is_what_the_page_of_its_value_says(graph: Graph, name: str) -> None:
    query = graph.catalogue.get(name)
    given = {
        item.name: item.example
        for item in query.parameters
        if item.example and not item.optional and item.default is None
    }
    for item in query.parameters:
        if item.name == "lang" or not (item.kind or item.choices):
            continue
        others = {key: value for key, value in given.items() if key != item.name}
        asked = {"lang": "fr"} if any(p.name == "lang" for p in query.parameters) else {}
        terms = {
            key: query.parameter(key).term(value, graph.names, graph.resolver)
            for key, value in {**others, **asked}.items()
        }
        found = choices.counted(graph, query, item, terms, "fr", seconds=60)
        assert found
        if len(found) > choices.LISTED:
            assert {choice.count for choice in found} == {None}
            continue
        for choice in found:
            answer = graph.query(name, {**others, item.name: choice.value}, lang="fr")
            wanted = getattr(answer, "number", None) if query.form == "select" else None
            assert choice.count == wanted, (item.name, choice.value)


@pytest.mark.parametrize("name", names())
def test_each_question_has_a_page_that_agrees_with_its_table(web: Web, name: str) -> None:
    query = web.graph.catalogue.get(name)
    for lang in ("en", "fr", "es") if name in LOOKED_AT else ("es",):
        found = web.get(f"/questions/{name}?lang={lang}")
        page = found.text
        assert found.status_code == 200
        assert f'<html lang="{lang}">' in page
        assert query.title[lang] in text(page)
        assert not [one for one, n in Counter(re.findall(r'\bid="([^"]+)"', page)).items() if n > 1]
        assert set(re.findall(r'href="#(\w+)"', page)) <= set(re.findall(r'\bid="(\w+)"', page))
        assert set(re.findall(r'for="([^"]+)"', page)) <= set(re.findall(r'\bid="([^"]+)"', page))
        assert len(re.findall("<h1", page)) == 1
    needed = {
        item.name: item.example
        for item in query.parameters
        if item.example and not item.optional and item.default is None
    }
    answer = web.graph.query(name, needed, lang="es")
    if query.form == "select" and len(answer):
        assert len(rows(page)) == min(len(answer), 100)
        assert number(answer.number, "es") in sentence(page)  # type: ignore[union-attr]


def test_the_first_column_of_things_heads_the_rows(web: Web) -> None:
    page = web.get(f"{GOAL}?goal=17&lang=fr").text
    for row in rows(page):
        assert row.count('<th scope="row"') == 1
        assert "/page/event/" in row.partition("</th>")[0]
    assert re.findall(r'aria-sort="(\w+)"', page) == []


@pytest.mark.parametrize(
    "written",
    ["17", "ODD 17", "SDG 17", "http://metadata.un.org/sdg/17", "sdg:17", " 17 "],
)
def test_a_goal_may_be_given_in_many_ways(web: Web, written: str) -> None:
    found = web.get(f"{GOAL}?goal={quote(written)}&lang=fr")
    assert found.status_code == 200
    assert "objectif 17" in sentence(found.text)
    assert '<option value="17" selected>' in found.text


@pytest.mark.parametrize(
    "written",
    [
        "GSEF",
        "id-org:gsef",
        "https://w3id.org/gsefgraph/id/org/gsef",
        "Global Social Economy Forum",
    ],
)
def test_a_thing_may_be_given_by_any_name(web: Web, written: str) -> None:
    found = web.get(f"/questions/organisation-partners?organisation={quote(written)}&lang=en")
    assert found.status_code == 200
    assert '<option value="id-org:gsef" selected>' in found.text
    assert "Global Social Economy Forum" in sentence(found.text)


@pytest.mark.parametrize(
    ("path", "field", "meant"),
    [
        (f"{GOAL}?goal=99", "goal", "goal=9"),
        (f"{GOAL}?goal=18", "goal", "goal=1"),
        ("/questions/organisation-partners?organisation=GESF", "organisation", "id-org%3Agsef"),
        ("/questions/goal-links?stance=curatd", "stance", "gsef%3Acurated"),
        ("/questions/events-between?from=juin+2019", "from", "from=2019"),
        ("/questions/thing-description?thing=Laurence+Kwack", "thing", "laurence-kwark"),
    ],
)
def test_a_misspelt_value_stays_with_what_may_be_meant(
    web: Web, path: str, field: str, meant: str
) -> None:
    for lang in ("en", "fr", "es"):
        found = web.get(f"{path}&lang={lang}")
        assert found.status_code == 400
        control = re.search(rf'<input id="f-{field}"[^>]*>', found.text)
        assert control
        assert 'aria-invalid="true"' in control[0]
        assert f'aria-describedby="e-{field}' in control[0]
        problem = re.search(rf'<p class="err" id="e-{field}">.*?</p>', found.text, re.S)
        assert problem
        assert meant in problem[0]
        assert 1 <= problem[0].count("<a ") <= 3
        typed = path.partition("=")[2].replace("+", " ")
        assert f'value="{typed}"' in control[0]
        assert not rows(found.text)
        for href in re.findall(r'href="([^"]+)"', problem[0]):
            assert web.get(unescape(href)).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        '"><script>alert(1)</script>',
        "x\x00y",
        "\x1b[31m",
        "a" * 3000,
        "} DROP ALL #",
        "javascript:alert(1)",
        "<urn:x> } SERVICE <http://127.0.0.1/> { ?s ?p ?o",
        "\u202eFESG",
        "%s{count}",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "http://[",
        "-9z",
    ],
)
def test_no_value_breaks_a_page(web: Web, value: str) -> None:
    for name, parameter in (
        ("events-by-goal", "goal"),
        ("organisation-partners", "organisation"),
        ("events-between", "from"),
        ("missing-labels", "language"),
        ("thing-description", "thing"),
        ("goal-links", "stance"),
    ):
        found = web.get(f"/questions/{name}?{parameter}={quote(value, safe='')}&lang=fr")
        assert found.status_code == 400, (name, value)
        assert "<script>alert" not in found.text
        assert "Traceback" not in found.text
        found = web.get(f"/questions/{name}.csv?{parameter}={quote(value, safe='')}")
        assert found.status_code in (400, 404)


def test_without_a_value_the_answer_is_for_an_example_and_says_so(web: Web) -> None:
    found = web.get(f"{GOAL}?lang=en")
    assert found.status_code == 200
    assert "This is the answer for an example (Goal or target: 8. Decent work" in text(found.text)
    assert rows(found.text)
    chosen = web.get(f"{GOAL}?goal=8&lang=en").text
    assert "for an example" not in chosen
    assert sentence(chosen) == sentence(found.text)


def test_an_example_stands_by_its_name(web: Web) -> None:
    page = web.get("/questions/thing-description").text
    assert "For example: Laurence Kwark" in page
    assert "For example: id-" not in page


def test_a_value_that_is_needed_is_asked_for(web: Web) -> None:
    found = web.get("/questions/shared-events?organisation=&partner=GSEF&lang=en")
    assert found.status_code == 400
    assert 'id="e-organisation">Give a value here.' in found.text


def test_no_answer_says_why_and_leads_on(web: Web) -> None:
    found = web.get(f"{GOAL}?goal=5&lang=fr")
    assert found.status_code == 200
    assert sentence(found.text).startswith("Aucun événement ne sert l’objectif 5")
    gap = found.text.partition('<div class="gap">')[2].partition("</div>")[0]
    assert "5. Égalité entre les sexes" in text(gap)
    links = [unescape(href) for href in re.findall(r'href="([^"]+)"', gap)]
    assert len(links) >= 2
    assert any(link.startswith("/contribute") for link in links)
    for link in links:
        if link.startswith("/questions"):
            assert rows(web.get(link).text)


def test_a_period_that_ends_before_it_begins_is_told(web: Web) -> None:
    page = web.get("/questions/events-between?from=2020&to=2019&lang=es").text
    assert "«Desde» es posterior a «Hasta»." in page
    assert "posterior" not in web.get("/questions/events-between?from=1990&to=1991&lang=es").text


def test_zeros_cannot_be_chosen_and_say_so(web: Web) -> None:
    page = web.get(f"{GOAL}?goal=17&lang=fr").text
    options = re.findall(r'<option value="(\d+)"([^>]*)>(.*?)</option>', page)
    assert len(options) == 17
    for _, marks, words in options:
        assert ("disabled" in marks) == words.endswith("(0)")


def test_a_target_that_the_list_does_not_hold_is_shown_in_it(web: Web) -> None:
    page = web.get(f"{GOAL}?goal=17.17&lang=fr").text
    assert re.search(r'<option value="17\.17" selected>17\.17', page)
    assert "17.17" in sentence(page)


def test_a_long_answer_comes_in_pages(web: Web) -> None:
    path = "/questions/document-evidence?document=id-doc:gsef-advocacy-fr&lang=en"
    found: list[str] = []
    first = page = web.get(path).text
    for _ in range(20):
        found += rows(page)
        after = re.search(r'<a href="([^"]+)" rel="next"', page)
        if not after:
            break
        page = web.get(unescape(after[1]).partition("#")[0]).text
    answer = web.graph.query("document-evidence", document="id-doc:gsef-advocacy-fr", lang="en")
    assert len(found) == len(answer) > 200
    assert f"Rows 1 to 100 of {len(answer):,}." in text(first)
    assert 'id="picture"' not in page
    assert len(rows(web.get(f"{path}&page=99999").text)) <= 100
    assert len(rows(web.get(f"{path}&page=-1").text)) == 100


def test_a_table_is_sorted_by_its_heads(web: Web) -> None:
    path = "/questions/events-between?lang=en"
    up, down = (web.get(f"{path}&sort={by}").text for by in ("start", "-start"))
    assert re.findall(r'aria-sort="(\w+)"', up + down) == ["ascending", "descending"]

    def dates(page: str) -> list[str]:
        return re.findall(r'data-h="Start"><time datetime="([^"]+)"', page)

    assert dates(up) == sorted(dates(up))
    assert dates(down) == sorted(dates(down), reverse=True)
    assert len(rows(up)) == len(rows(down))
    assert 'content="noindex"' in up
    assert web.get(f"{path}&sort=nothing").status_code == 200


def test_reasons_stand_with_their_objections_and_words(web: Web) -> None:
    page = web.get(f"{GOAL}?goal=17&lang=fr").text
    notes = page.partition('<ol class="notes">')[2].partition("</ol>")[0]
    assert notes.count("<li id=") == len(rows(page)) == 2
    assert len(re.findall(r"<b><span lang=\"fr\">Objection possible\.", notes)) == 2
    assert notes.count("<blockquote") == 2
    assert "Justification" not in text("".join(rows(page)))


def test_every_file_that_is_offered_is_there(web: Web) -> None:
    for name in sorted({*names()} - {"document-says"}):  # which takes long
        page = web.get(f"/questions/{name}?lang=fr").text
        offered = re.search(r'<p class="get">(.*?)</p>', page, re.S)
        links = re.findall(r'href="([^"]+)"', offered[1]) if offered else []
        assert links, name
        for link in map(unescape, links):
            found = web.get(link)
            assert found.status_code == 200, link
            assert found.content
            assert f'filename="{name}.' in found.headers["content-disposition"]


def test_a_file_has_all_rows(web: Web) -> None:
    given = "document=id-doc:gsef-advocacy-fr"
    found = web.get(f"/questions/document-evidence.csv?{given}").text
    lines = list(csv.reader(io.StringIO(found)))
    answer = web.graph.query("document-evidence", document="id-doc:gsef-advocacy-fr")
    assert len(lines) == len(answer) + 1
    told = web.get(f"/questions/document-evidence.json?{given}").json()
    assert len(told["results"]["bindings"]) == len(answer)


def test_json_ld_describes_the_things_of_an_answer(web: Web) -> None:
    found = json.loads(web.get(f"{GOAL}.jsonld?goal=17").content)
    text = json.dumps(found)
    for row in web.graph.query("events-by-goal", goal=17):
        assert row["event"].value.rpartition("/")[2] in text


@pytest.mark.parametrize(
    "path",
    [
        f"{GOAL}.svgz?goal=17",
        f"{GOAL}.ttl?goal=17",
        "/questions/is-member.svg?agent=GSEF&organisation=CEPES",
        "/questions/goals-not-covered.svg",
        "/questions/collaboration-graph.csv",
        "/questions/nothing-such.csv",
        "/questions/events-by-gaol",
    ],
)
def test_what_is_not_there_is_not_found(web: Web, path: str) -> None:
    assert web.get(path).status_code == 404


def test_a_picture_is_laid_out_once_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    web, drawn = Web(), []
    picture = Answer.picture
    monkeypatch.setattr(Answer, "picture", lambda answer: drawn.append(answer) or picture(answer))
    assert "<svg" in web.get(f"{GOAL}?goal=17").text
    assert len(drawn) == 1


def test_an_unknown_question_leads_to_what_is_near(web: Web) -> None:
    assert "/questions/events-by-goal" in web.get("/questions/events-by-gaol").text


def test_a_question_that_takes_too_long_is_stopped(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise QueryTimeout("late")

    monkeypatch.setattr(questions, "_ask", late)
    found = web.get(f"{GOAL}?goal=16&lang=fr&page=7")
    assert found.status_code == 503
    assert int(found.headers["retry-after"]) > 0
    assert 'role="alert"' in found.text
    assert "gsefgraph query events-by-goal -p goal=16" in found.text
    assert "--timeout 60" in found.text


def test_what_takes_too_long_is_not_asked_by_many_at_a_time(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "SECONDS", 0.05)
    begun, over = [], Event()

    def slow(*_: object, **__: object) -> None:
        begun.append(1)
        over.wait(10)

    monkeypatch.setattr(web.graph, "query", slow)
    for page in range(12):
        assert web.get(f"{GOAL}?goal=16&page={page}&lang=en").status_code == 503
    assert len(begun) == 8
    over.set()


def test_counts_that_take_too_long_are_not_asked_for_again(graph: Graph) -> None:
    query = graph.catalogue.get("document-says")
    begun = []

    class Slow:
        def query(self, text: str, **given: float) -> object:
            if "VALUES $document" not in text:
                return graph.engine.query(text)
            begun.append(given["timeout"])
            raise QueryTimeout("late")

    with Graph.open() as other:
        monkey = pytest.MonkeyPatch()
        monkey.setattr(other, "engine", Slow())
        for _ in range(5):
            found = choices.counted(other, query, query.parameter("document"), {}, "en")
            assert {choice.count for choice in found} == {None}
        monkey.undo()
    assert begun == [0.2] * 3


def test_a_question_is_asked_without_a_script(web: Web) -> None:
    page = web.get(f"{GOAL}?goal=17&lang=fr").text
    form = page.partition('<form class="ask"')[2].partition("</form>")[0]
    assert 'action="/questions/events-by-goal"' in form
    assert '<input type="hidden" name="lang" value="fr">' in form
    assert form.count("<button>") == 1
    assert "lang" not in re.findall(r'id="f-(\w+)"', form)


def test_the_same_question_elsewhere_is_the_same(web: Web, graph: Graph) -> None:
    page = web.get("/questions/events-between?from=2018&to=2019&lang=fr").text
    boxes = [unescape(box) for box in re.findall(r"<pre>(.*?)</pre>", page, re.S)]
    terminal, python, curl, sparql = boxes
    assert terminal == "gsefgraph query events-between -p from=2018 -p to=2019 --lang fr --evidence"
    assert '"events-between", {"from": 2018, "to": 2019}' in python
    address = re.search(r'curl "http://[^/]+(/[^"]+)"', curl)
    assert address
    assert web.get(address[1]).status_code == 200
    answer = graph.query("events-between", {"from": 2018, "to": 2019})
    assert len(graph.query(sparql)) == len(answer)
    assert "/sparql?query=" in page


def test_all_questions_are_listed_by_family(web: Web, graph: Graph) -> None:
    for lang in ("en", "fr", "es"):
        page = web.get(f"/questions?lang={lang}").text
        for query in graph.catalogue.values():
            assert f'href="/questions/{query.name}?lang={lang}"' in page
            assert query.title[lang] in text(page)


def test_a_node_between_things_is_told_as_a_sentence(web: Web) -> None:
    page = web.get("/questions/document-says?lang=en&page=2").text
    told = text("".join(rows(page)))
    assert "id-participation:" not in told
    assert "Global Social Economy Forum was invited to" in told


def test_numbers_below_zero_have_a_minus(web: Web) -> None:
    text = web.get("/questions/places-of-events?lang=fr").text
    assert "−13,9833" in text
    assert ">-13" not in text
    assert ",-13.9833," in web.get("/questions/places-of-events.csv?lang=fr").text


def test_goals_of_a_picture_go_by_number_and_name(web: Web) -> None:
    text = web.get("/questions/goals-covered?lang=fr").text
    bars = text.partition('<table class="bars">')[2].partition("</table>")[0]
    names = re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', bars)
    assert names
    assert all(re.match(r"\d+\. ", name) for name in names)


def test_quotes_of_a_table_lead_to_their_text(web: Web) -> None:
    for name in ("document-says", "document-evidence", "curated-facts"):
        found = rows(web.get(f"/questions/{name}?lang=fr").text)
        for row in found:
            assert ('<q class="said"' in row) == ("/page/evidence/" in row), row
    first = re.search(r'href="(/page/evidence/[^"]+)#p"', found[0])
    assert first
    assert web.get(unescape(first[1])).status_code == 200


def test_named_graphs_have_no_page(web: Web) -> None:
    page = web.get("/questions/graphs?lang=en").text
    assert "graph:inferred" in page
    assert "graph%2Finferred" not in page.replace("/sparql?query=", "")


def test_questions_without_their_examples_have_a_form(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    web = Web(Graph.open(project=tmp_path))
    for name in web.graph.catalogue:
        found = web.get(f"/questions/{name}?lang=fr")
        assert found.status_code == 200
        assert "for an example" not in found.text


def test_more_values_than_a_list_holds_are_typed(tmp_path: Path) -> None:
    file = tmp_path / "many.ttl"
    file.write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        + "".join(
            f'<https://e.org/{n}> a gsef:Organisation ; skos:prefLabel "Guild no {n}"@en .\n'
            for n in range(60)
        )
    )
    web = Web(Graph.open(data=[file]))
    path = "/questions/organisation-partners"
    for value in ("Guild no 7", "https://e.org/7", "guild NO 7"):
        found = web.get(f"{path}?organisation={quote(value)}&lang=en")
        assert found.status_code == 200
        control = re.search(r'<input id="f-organisation"[^>]*>', found.text)
        assert control
        assert 'value="Guild no 7"' in control[0]
        assert 'data-suggest="/api/suggest?class=gsef%3AOrganisation&amp;lang=en"' in control[0]
        assert found.text.count("<option") == 60
    assert "Guild no 7" in web.get(f"{path}?organisation=Giuld+no+7&lang=en").text

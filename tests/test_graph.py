from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import gsefgraph
from gsefgraph import project as projects
from gsefgraph.answers.answer import Answer
from gsefgraph.errors import ReadOnlyProject, UnknownName, UsageError
from gsefgraph.graph import build
from gsefgraph.graph.graph import Graph
from gsefgraph.records import jsonld
from tests.rdfs import same
from tests.test_cli_records import EVENT, QUOTE


@pytest.fixture(scope="module")
def g() -> Iterator[Graph]:
    with gsefgraph.open(lang="fr") as opened:
        yield opened


def test_rows_have_column_names(g: Graph) -> None:
    answer = g.query("events-by-goal", goal=8)
    assert isinstance(answer, Answer)
    assert len(answer) > 0
    row = answer[0]
    assert row.event.label == row["event"].label
    assert row.event.value.startswith("https://w3id.org/gsefgraph/id/event/")


def test_the_language_of_the_graph_reaches_the_query(g: Graph) -> None:
    french = g.query("goal-links", goal=8)
    english = g.query("goal-links", goal=8, lang="en")
    assert {row.rationale.term.language for row in french} == {"fr"}
    assert {row.rationale.term.language for row in english} == {"en"}


def test_pandas(g: Graph) -> None:
    frame = g.query("organisation-partners", organisation="GSEF").to_pandas()
    assert "Organisation de coopération et de développement économiques" in set(frame.partner)
    assert frame[frame.columns[-1]].notna().any()
    assert len(frame) == len(g.query("organisation-partners", organisation="GSEF"))


def test_notebooks_see_a_table(g: Graph) -> None:
    page = g.query("observers")._repr_html_()
    assert page.startswith("<p>1 observateur d’une organisation est connu.</p>\n<table")
    assert "Forum mondial de l’économie sociale" in page
    assert "<pre>" in g.query("collaboration-graph")._repr_html_()


def test_text_and_files_can_be_asked(g: Graph, tmp_path: Path) -> None:
    assert g.query("ASK { ?s ?p ?o }").boolean is True
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?x { BIND(1 AS ?x) }")
    assert [row.x.value for row in g.query(path)] == [1]
    with pytest.raises(UsageError, match="SPARQL text takes no parameters, goal given"):
        g.query("ASK { ?s ?p ?o }", goal=8)
    with pytest.raises(UnknownName, match="did you mean observers"):
        g.query("observer")


def test_evidence(g: Graph) -> None:
    answer = g.query("person-appearances", person="Antonella Noya", evidence=True)
    text = (g.project.source_texts / "gsef-advocacy-fr.txt").read_text("utf-8")
    assert answer.footnotes is not None
    assert answer.footnotes.passages
    for passage in answer.footnotes.passages:
        assert text[passage.start : passage.end] == passage.quote
    assert all(row for row in answer.footnotes.rows)


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # rdflib's own
def test_rdflib_in_and_out(g: Graph) -> None:
    dataset = g.dataset()
    assert isinstance(dataset, rdflib.Dataset)
    assert len(list(dataset.quads())) == g.engine.count()
    record = rdflib.Graph().parse(data=EVENT, format="turtle")
    assert g.validate(record).conforms
    wrong = rdflib.Graph().parse(data=EVENT.replace("id-org:ilo ;", "id-org:illo ;"))
    assert not g.validate(wrong).conforms
    named = rdflib.Dataset()
    named.parse(data=EVENT, format="turtle")
    assert g.validate(named).conforms
    with pytest.raises(UsageError, match="a list is no record"):
        g.validate([])


def test_exports_keep_or_join_graphs(g: Graph) -> None:
    names = {name.value for name in g.engine.graphs()}
    assert b"graph:curation {" in g.export("trig")
    nquads = g.export("nquads").decode().splitlines()
    assert {line.split(" ")[-2].strip("<>") for line in nquads} == names
    kept = json.loads(g.export("jsonld"))["@graph"]
    assert len([node for node in kept if "@graph" in node]) == len(names)
    union = g.export("ntriples").decode().splitlines()
    assert len(union) == len(set(union))
    joined = [Quad(*quad.triple) for quad in parse(g.export("nquads"), RdfFormat.N_QUADS)]
    assert same(joined, parse(g.export("ntriples"), RdfFormat.N_TRIPLES))
    stated = g.export("nquads", inferred=False).decode()
    assert "graph/inferred" not in stated
    one = g.export("nquads", graph="graph:curation").decode().splitlines()
    assert 0 < len(one) < 300
    with Graph.open(once=True) as again:
        for name in ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"):
            assert g.export(name) == again.export(name), name


def test_show_and_search(g: Graph) -> None:
    thing = g.show("GSEF")
    assert thing.label == "Forum mondial de l’économie sociale"
    assert any(item.predicate.endswith("#collaboratedWith") for item in thing.derived)
    assert thing.passages
    assert g.search("seoul")[0].label.startswith("S")


def test_a_proof_ends_in_passages(g: Graph) -> None:
    proof = g.explain("GSEF", "collaboratedWith", "OCDE")
    assert proof.rule is not None
    leaves = list(proof.leaves())
    assert leaves
    assert all(leaf.graphs for leaf in leaves)
    assert any(leaf.passages for leaf in leaves)
    stated = g.explain("sdg:8", "skos:notation", '"8"')
    assert stated.rule is None


DERIVED = """
gsef:participatedIn gsef:hasParticipant gsef:memberOf gsef:hasMember gsef:observerOf
gsef:contributesTo gsef:hasPart gsef:country gsef:earliest gsef:latest gsef:collaboratedWith
rdfs:label schema:name foaf:name schema:startDate schema:location schema:superEvent
schema:organizer org:member org:organization oa:hasSelector
"""


def test_every_derived_term_of_the_model_holds_on_the_data(g: Graph) -> None:
    inferred = g.names.graph("inferred")
    for term in DERIVED.split():
        asked = f"ASK {{ GRAPH <{inferred}> {{ ?s <{g.names.expand(term)}> ?o }} }}"
        assert g.query(asked).boolean, term


def test_adding_in_python(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "data", tmp_path / "data")
    record = tmp_path / "event.ttl"
    record.write_text(EVENT)
    with gsefgraph.open(project=tmp_path) as own:
        before = own.engine.count()
        would = own.add(record, dry_run=True)
        assert own.engine.count() == before
        added = own.add(record)
        assert added == would
        assert (added.conforms, added.count) == (True, 23)
        assert {path.name: count for path, count in added.files.items()} == {
            "mail-2022.ttl": (14, 0), "documents.ttl": (5, 0), "events.ttl": (4, 0)
        }  # fmt: skip
        assert own.engine.count() > before
        assert (own.add(record).count, own.add(record).files) == (0, {})
        assert own.show("hlpf-2022-side-event").label == "Side event of 22 July 2022"
    with gsefgraph.open(data=[record]) as files, pytest.raises(ReadOnlyProject):
        files.add(record)


def test_a_record_is_placed_by_what_others_have_added_meanwhile(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "data", tmp_path / "data")
    words = "En collaboration avec des organisations intern"
    mail = "@prefix dcterms: <http://purl.org/dc/terms/> ." + EVENT.replace(QUOTE, words)
    item = mail + "id-doc:mail-2022 dcterms:isPartOf id-doc:gsef-advocacy-fr ."
    with gsefgraph.open(project=tmp_path) as early, gsefgraph.open(project=tmp_path) as other:
        assert other.add(_written(tmp_path / "item.ttl", item)).conforms
        later = mail.replace("hlpf-2022-side-event", "hlpf-2022-second-event")
        added = early.add(_written(tmp_path / "later.ttl", later))
    assert "gsef-advocacy-fr.ttl" in {path.name for path in added.files}
    assert "mail-2022.ttl" not in {path.name for path in added.files}


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_store_older_than_its_files_is_told(tmp_path: Path, root: Path) -> None:
    from gsefgraph.graph.loading import load
    from gsefgraph.project import find

    shutil.copytree(root / "data", tmp_path / "own" / "data")
    store = str(tmp_path / "store")
    load(find(tmp_path / "own"), store)
    told: list[str] = []
    Graph.open(store, project=tmp_path / "own", warn=told.append).close()
    assert told == []
    (tmp_path / "own" / "data" / "curation.ttl").unlink()
    Graph.open(store, project=tmp_path / "own", warn=told.append).close()
    assert len(told) == 1
    assert "was made from other files" in told[0]


def test_the_second_start_reads_the_cache(tmp_path: Path, monkeypatch) -> None:
    from gsefgraph.graph import build
    from gsefgraph.project import find

    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path))
    first = build.Given(find()).memory()
    quads = list(first.dump())
    monkeypatch.setattr(build, "stated", lambda files: pytest.fail("the files are read again"))
    assert same(build.Given(find()).memory().dump(), quads)
    monkeypatch.undo()
    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path))
    assert same(build.Given(find()).reader().dump(), quads)
    (folder,) = tmp_path.glob("*.store")
    for table in folder.rglob("*.sst"):
        table.write_bytes(b"damaged")
    assert same(build.Given(find()).reader().dump(), quads)


def test_without_a_cache_folder_it_works_all_the_same(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path / "file" / "below"))
    with gsefgraph.open() as graph:
        assert len(graph.query("observers")) == 1
    with Graph.open(once=True) as graph:
        assert len(graph.query("observers")) == 1


def test_a_damaged_cache_is_made_again(tmp_path: Path, monkeypatch) -> None:
    from gsefgraph.graph import build
    from gsefgraph.project import find

    monkeypatch.setenv("GSEFGRAPH_CACHE", str(tmp_path))
    count = build.Given(find()).memory().count()
    assert build.Given(find()).reader().count() == count
    (lines,) = tmp_path.glob("[0-9a-f]*.nq")
    lines.write_bytes(lines.read_bytes()[:100_000])
    assert build.Given(find()).memory().count() == count
    for table in tmp_path.glob("*.store/g-*/*.sst"):
        data = bytearray(table.read_bytes())
        data[len(data) // 2] ^= 1
        table.write_bytes(bytes(data))
    asked = "SELECT ?s ?p ?o { ?s ?p ?o }"
    whole = len(build.Given(find()).memory().query(asked).rows)
    assert len(build.Given(find()).reader().query(asked).rows) == whole


def test_blank_nodes_of_two_files_are_two_nodes(tmp_path: Path) -> None:
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(f"_:n <urn:p> {value} .")
    data = [tmp_path / "a" / "x.ttl", tmp_path / "b" / "x.ttl"]
    with gsefgraph.open(data=data) as graph:
        rows = graph.query("SELECT DISTINCT ?s ?g { GRAPH ?g { ?s <urn:p> ?o } }")
        assert len({row.s.term for row in rows}) == 2
        names = {row.g.value.rpartition("/")[2] for row in rows}
        assert names == {"x", "x-2"}


def test_many_blank_nodes_do_not_hold_up_an_export(tmp_path: Path) -> None:
    path = tmp_path / "chain.ttl"
    path.write_text("".join(f"_:n{i} <urn:p> _:n{i + 1} .\n" for i in range(2000)))
    with gsefgraph.open(data=[path]) as graph:
        assert len(graph.export("ntriples", graph="graph:chain").splitlines()) == 2000
        assert graph.export("trig", graph="graph:chain").count(b"urn:p") == 2000


def test_what_is_shown_of_one_who_took_part_often_and_without_names(tmp_path: Path) -> None:
    """More than one query can hold; blank participations; a base of the project's own."""
    head = (
        "PREFIX gsef: <https://w3id.org/gsefgraph/ontology#> PREFIX id: <https://example.org/id/> "
    )
    many = " ".join(f"id:p{n} gsef:agent id:me ; gsef:event id:e{n} ." for n in range(1_000))
    (tmp_path / "data" / "documents").mkdir(parents=True)
    (tmp_path / "base.txt").write_text("https://example.org/")
    (tmp_path / "data" / "documents" / "d.ttl").write_text(
        f"{head} id:me a gsef:Person . {many} [ gsef:agent id:me ; gsef:role id:guest ] ."
        " id:p7 a gsef:Participation ; gsef:role <https://w3id.org/gsefgraph/id/role/speaker> ."
    )
    with Graph.open(project=tmp_path) as graph:
        thing = graph.show("https://example.org/id/me")
    held = {str(item.value): dict(item.details) for item in thing.links if item.details}
    assert len(held) == 1_001
    assert [details for value, details in held.items() if value.startswith("_:")] == [
        {"https://w3id.org/gsefgraph/ontology#role": NamedNode("https://example.org/id/guest")}
    ]
    assert set(held["<https://example.org/id/p7>"]) == {
        "https://w3id.org/gsefgraph/ontology#event", "https://w3id.org/gsefgraph/ontology#role"
    }  # fmt: skip


def test_contexts_are_looked_for_once_and_kept_an_eye_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, first, second = (tmp_path / name for name in ("a.jsonld", "c.jsonld", "d.jsonld"))

    def write(context: Path, iri: str) -> None:
        file.write_text(json.dumps({"@context": context.name, "@id": "a:s", "p": "x"}))
        context.write_text(json.dumps({"@context": {"p": iri}}))

    def predicates() -> list[str]:
        return [quad.predicate.value for quad in given.memory().dump()]

    looked: list[Path] = []
    found = jsonld.contexts_beside
    monkeypatch.setattr(
        jsonld, "contexts_beside", lambda path, bound: (looked.append(path), found(path, bound))[1]
    )
    write(first, "a:p")
    given = build.Given(projects.find(), [file], alone=True)
    assert predicates() == ["a:p"]
    assert given.unchanged()
    assert looked == [file]
    write(first, "a:q")
    assert not given.unchanged()
    assert predicates() == ["a:q"]
    write(second, "a:r")
    assert predicates() == ["a:r"]
    write(second, "a:s")
    assert not given.unchanged()
    assert predicates() == ["a:s"]
    second.unlink()
    assert not given.unchanged()

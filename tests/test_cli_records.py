from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from gsefgraph.engine.embedded import Embedded
from gsefgraph.records import rdf
from gsefgraph.records.placement import place
from gsefgraph.terms import Names
from tests.commands import Cli, process

HEAD = """@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .
@prefix id-doc: <https://w3id.org/gsefgraph/id/doc/> .
@prefix id-event: <https://w3id.org/gsefgraph/id/event/> .
@prefix id-evidence: <https://w3id.org/gsefgraph/id/evidence/> .
@prefix id-kind: <https://w3id.org/gsefgraph/id/kind/> .
@prefix id-org: <https://w3id.org/gsefgraph/id/org/> .
@prefix id-participation: <https://w3id.org/gsefgraph/id/participation/> .
@prefix id-place: <https://w3id.org/gsefgraph/id/place/> .
@prefix id-role: <https://w3id.org/gsefgraph/id/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
QUOTE = "On 22 July 2022 Spain, UNCTAD and ILO held one"
# Told in a mail: the side event of 22 July 2022 in New York.
EVENT = f"""{HEAD}
id-doc:mail-2022 a gsef:Document ;
    skos:prefLabel "Mail of 2022"@en , "Courriel de 2022"@fr ; gsef:kind id-kind:report ;
    gsef:issuedBy id-org:gsef .
id-event:hlpf-2022-side-event a gsef:Event ;
    skos:prefLabel "Side event of 22 July 2022"@en , "Événement parallèle du 22 juillet 2022"@fr ;
    gsef:kind id-kind:side-event ;
    gsef:startDate "2022-07-22"^^xsd:date ;
    gsef:place id-place:new-york ;
    gsef:evidence id-evidence:mail-2022.0-46 .
id-participation:hlpf-2022-side-event.ilo.organiser a gsef:Participation ;
    gsef:event id-event:hlpf-2022-side-event ; gsef:agent id-org:ilo ; gsef:role id-role:organiser ;
    gsef:evidence id-evidence:mail-2022.0-46 .
id-evidence:mail-2022.0-46 a gsef:Evidence ; gsef:source id-doc:mail-2022 ;
    gsef:start 0 ; gsef:end 46 ; gsef:quote "{QUOTE}"@en .
"""


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A copy of the shipped data that a test may write to."""
    shutil.copytree(root / "data", tmp_path / "own" / "data")
    return tmp_path / "own"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.ttl"
    path.write_text(EVENT)
    return path


def test_a_record_is_judged_with_the_graph(cli: Cli, event: Path) -> None:
    done = cli("validate", event)
    assert (done.code, done.err) == (0, "")
    assert "Conforms" in done.out
    alone = event.with_name("wrong.ttl")
    alone.write_text(EVENT.replace("id-org:ilo ;", "id-org:illo ;"))
    done = cli("validate", alone, "--lang", "fr")
    assert done.code == 1
    assert "wrong.ttl:23:59: erreur" in done.out
    assert "id-org:illo" in done.out
    assert "id-org:ilo" in done.out.replace("id-org:illo", "")


def test_formats_of_a_report(cli: Cli, event: Path) -> None:
    event.write_text(EVENT.replace("2022-07-22", "2022-7-22"))
    done = cli("validate", event, "-f", "json", "--lang", "es")
    assert done.code == 1
    report = json.loads(done.out)
    assert report["conforms"] is False
    (finding,) = [f for f in report["findings"] if f["severity"] == "Violation"]
    assert finding["source"]["line"] == 19
    assert "2022-07-22" in json.dumps(finding["hint"])
    turtle = cli("validate", event, "-f", "turtle")
    assert turtle.code == 1
    assert "sh:ValidationReport" in turtle.out
    assert "sh:conforms false" in turtle.out


def test_stdin(cli: Cli) -> None:
    assert cli("validate", "-", stdin=EVENT.encode()).code == 0


BAD = [
    ("2022-07-22", "2019-02-30", 1, "2019-02-30"),
    ("gsef:startDate", "gsef:startDat", 1, "gsef:startDate"),
    ("id-role:organiser", "id-role:organizer", 1, "id-role:organiser"),
    ("id-org:ilo ;", "<https://example.org/a b> ;", 3, "<https://example.org/a b> is not an IRI"),
    ("gsef:start 0", "gsef:start 0 ;;; ]", 3, "not Turtle"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "message"), BAD, ids=[b[1][:30] for b in BAD])
def test_bad_records(cli: Cli, event: Path, project: Path, old, new, code, message) -> None:
    before = contents(project)
    event.write_text(EVENT.replace(old, new, 1))
    for command in ("validate", "add"):
        done = cli(command, event, "--project", project)
        assert done.code == code
        assert message in done.out + done.err
        assert "Traceback" not in done.out + done.err
        assert f"{event}:" in done.out + done.err
    assert contents(project) == before


def test_adding_puts_each_triple_where_it_belongs(cli: Cli, event: Path, project: Path) -> None:
    before = contents(project)
    dry = cli("add", event, "--project", project, "--dry-run")
    assert (dry.code, "dry run" in dry.err) == (0, True)
    assert contents(project) == before
    done = cli("add", event, "--project", project)
    assert done.code == 0
    after = contents(project)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "data/documents/mail-2022.ttl",
        "data/entities/documents.ttl",
        "data/entities/events.ttl",
        "history/000001/added.nq",
        "history/000001/change.ttl",
    }
    document = after["data/documents/mail-2022.ttl"].decode()
    assert "gsef:startDate" in document
    assert "prefLabel" not in document
    assert b"startDate" not in after["data/entities/events.ttl"]
    assert (
        b"graph:mail-2022 prov:hadPrimarySource id-doc:mail-2022"
        in (after["data/entities/documents.ttl"])
    )
    asked = cli("query", "event-participants", "-p", "event=hlpf-2022-side-event", "-f", "csv",
                "--project", project)  # fmt: skip
    assert "id/org/ilo" in asked.out
    assert cli("fmt", "--check", "--project", project).code == 0
    again = cli("add", event, "--project", project)
    assert again.code == 0
    assert contents(project) == after


def test_what_an_item_states_stands_in_the_graph_of_its_page(
    cli: Cli, event: Path, project: Path
) -> None:
    item = "id-doc:gsef-advocacy-fr.ilo-declaration"
    # What stands in a text that is at hand must be its words.
    said = EVENT.replace(QUOTE, "En collaboration avec des organisations intern")
    known = said.replace("gsef:source id-doc:mail-2022", f"gsef:source {item}")
    event.write_text(known)
    told = cli("add", event, "--project", project, "--dry-run").err
    assert "documents/gsef-advocacy-fr.ttl (" in told
    assert "ilo-declaration" not in told
    new = "@prefix dcterms: <http://purl.org/dc/terms/> ." + said
    new += "id-doc:mail-2022 dcterms:isPartOf id-doc:mails .\n"
    both = f"""id-doc:mails a gsef:Document ; gsef:issuedBy id-org:gsef ; gsef:kind id-kind:report ;
    skos:prefLabel "Mails"@en , "Courriels"@fr ; gsef:textDigest "{"0" * 64}" ;
    dcterms:isPartOf id-doc:gsef-advocacy-fr ; gsef:evidence id-evidence:mails.1 .
    id-evidence:mails.1 a gsef:Evidence ; gsef:source id-doc:mails ; gsef:start 0 ; gsef:end 9 ;
    gsef:quote "En collab"@en ."""
    event.write_text(new + both)
    told = cli("add", event, "--project", project, "--dry-run").err
    assert "documents/mails.ttl (" in told
    assert "mail-2022" not in told
    event.write_text(new + "id-doc:mails dcterms:isPartOf id-doc:mail-2022 .\n")
    assert cli("validate", event, "--project", project).code == 1
    event.write_text(known.replace("En coll", "En  oll"))
    assert "stands nowhere in the source" in cli("add", event, "--project", project).out


def test_a_document_is_asked_for_once_however_many_passages_it_has() -> None:
    class Asked(Embedded):
        count = 0

        def lookup(self, patterns, **how):  # type: ignore[no-untyped-def]
            self.count += 1
            return super().lookup(patterns, **how)

    engine = Asked()
    more = "".join(
        f"id-evidence:mail-2022.{n} a gsef:Evidence ; gsef:source id-doc:mail-2022 .\n"
        for n in range(50)
    )
    record = rdf.read("mail", data=(EVENT + more).encode(), format="turtle")
    assert place([record], Names(), engine=engine)
    assert engine.count == 1


def test_adding_needs_to_know_the_document(cli: Cli, event: Path, project: Path) -> None:
    text = EVENT.replace("gsef:source id-doc:mail-2022 ;", "")
    event.write_text(text.replace("gsef:evidence id-evidence:mail-2022.0-46", "gsef:sequence 1"))
    before = contents(project)
    done = cli("add", event, "--project", project)
    assert done.code == 2
    assert "name the document with --document" in done.err
    assert contents(project) == before


def test_adding_to_a_store(cli: Cli, event: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert cli("load", "--store", store).code == 0
    count = int(json.loads(cli("info", "-f", "json", "--store", store).out)["quads"])
    done = cli("add", event, "--store", store)
    assert done.code == 0
    told = json.loads(cli("info", "-f", "json", "--check", "--store", store).out)
    assert int(told["quads"]) > count + 20
    assert told["check"] == "whole"
    words = ("explain", "hlpf-2022-side-event", "country", "id-place:united-states")
    proof = cli(*words, "--store", store)
    assert proof.code == 0, proof.err
    assert "graph:mail-2022" in proof.out
    event.write_text(EVENT.replace("2022-07-22", "2022-7-22"))
    assert cli("add", event, "--store", store).code == 1
    after = json.loads(cli("info", "-f", "json", "--store", store).out)
    assert after["quads"] == told["quads"]


def test_an_installed_packages_data_is_not_written(cli: Cli, event: Path, monkeypatch) -> None:
    from gsefgraph import project as projects

    shipped = projects.shipped()
    sealed = projects.Project(shipped.root, writable=False)
    monkeypatch.setattr(projects, "shipped", lambda: sealed)
    done = cli("add", event)
    assert done.code == 2
    assert "name a folder of yours with --project" in done.err


def test_files_instead_of_data(cli: Cli, event: Path) -> None:
    done = cli("query", "statistics", "-f", "csv", "--data", event)
    assert done.code == 0
    assert "ontology#Event,1" in done.out
    assert cli("add", event, "--data", event).code == 2


def test_evidence_is_checked_again(cli: Cli, project: Path) -> None:
    good = cli("evidence", "--project", project)
    assert (good.code, good.out) == (0, "")
    assert "0 wrong" in good.err
    text = project / "data" / "sources" / "gsef-advocacy-fr.txt"
    text.write_bytes(text.read_bytes().replace(b"26 juin 2019", b"27 juin 2019"))
    bad = cli("evidence", "--project", project, "--lang", "fr")
    assert bad.code == 1
    assert len(bad.lines) > 1
    listed = json.loads(cli("evidence", "--project", project, "-f", "json").out)
    assert len(listed) == len(bad.lines)


def test_quotes_without_a_text_are_counted_apart(cli: Cli, project: Path, root: Path) -> None:
    letter = root / "ontology" / "examples" / "online-meeting-told-in-a-letter.ttl"
    assert cli("add", letter, "--project", project).code == 0
    told = cli("evidence", "--project", project, "--lang", "fr")
    assert told.code == 0
    assert "163 citations vérifiées, 0 erronée" in told.err
    assert "1 citation sans texte conservé" in told.err


def test_quotes_are_counted_and_not_what_is_wrong_with_them(
    cli: Cli, tmp_path: Path, root: Path
) -> None:
    (tmp_path / "data" / "documents").mkdir(parents=True)
    (tmp_path / "data" / "documents" / "d.ttl").write_text(
        "@prefix gsef: <https://w3id.org/gsefgraph/ontology#> .\n"
        '<urn:e> a gsef:Evidence ; gsef:quote "GSEF"@en ; gsef:start 5 ; gsef:end 4 .\n'
    )
    done = cli("evidence", "--project", tmp_path)
    assert (done.code, len(done.lines) > 1) == (1, True), done
    assert "1 quote checked, 1 wrong" in done.err


def test_fmt(cli: Cli, project: Path) -> None:
    path = project / "data" / "curation.ttl"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b" ;\n    gsef:stance", b";gsef:stance"))
    done = cli("fmt", "--check", "--project", project)
    assert (done.code, done.lines) == (1, ["data/curation.ttl"])
    assert cli("fmt", "--project", project).code == 0
    assert path.read_bytes() == kept
    path.write_bytes(kept + b"# lost\n")
    done = cli("fmt", "--project", project)
    assert done.code == 3
    assert "a comment below the head of the file would be lost" in done.err


def test_a_second_start_date_in_one_document_is_not_added(cli: Cli, project: Path) -> None:
    """Shapes of each graph hold on the document that the record goes to."""
    record = project / "second.ttl"
    record.write_text(
        f'{HEAD}id-event:habitat-iii gsef:startDate "2016-10-18"^^xsd:date .\n', "utf-8"
    )
    before = contents(project / "data")
    words = (record, "--project", project, "--document", "id-doc:gsef-advocacy-fr")
    done = cli("add", *words)
    assert done.code == 1
    assert "second.ttl:" in done.out
    assert "gsef-sh:" in done.out
    assert contents(project / "data") == before


def test_four_who_add_at_once_all_count(project: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    running = []
    for number in range(4):
        record = tmp_path / f"place-{number}.ttl"
        record.write_text(
            f"{HEAD}id-place:town-{number} a gsef:Place ; gsef:kind id-kind:city ;\n"
            f'  skos:prefLabel "Town {number}"@en , "Ville {number}"@fr .\n'
        )
        words = ["-m", "gsefgraph", "add", str(record), "--project", str(project)]
        running.append(
            subprocess.Popen(
                [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
    for child in running:
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, out + err
    places = (project / "data" / "entities" / "places.ttl").read_text("utf-8")
    assert [f"id-place:town-{n} " in places for n in range(4)] == [True] * 4


def test_reading_ends_what_a_crash_interrupted(cli: Cli, project: Path) -> None:
    curation = project / "data" / "curation.ttl"
    whole = curation.read_bytes()
    curation.with_name(".curation.ttl.1.tmp").write_bytes(whole)
    curation.write_bytes(b"")
    journal = project / ".gsefgraph-journal.json"
    journal.write_text('[["data/.curation.ttl.1.tmp", "data/curation.ttl"]]')
    assert cli("query", "goals-covered", "--project", project).code == 0
    assert curation.read_bytes() == whole
    assert not journal.exists()


def test_a_load_that_fails_to_derive_changes_nothing(
    cli: Cli, event: Path, tmp_path: Path, monkeypatch
) -> None:
    from gsefgraph.errors import EngineError
    from gsefgraph.graph import build

    store = tmp_path / "store"
    assert cli("load", "--store", store).code == 0
    before = json.loads(cli("info", "-f", "json", "--store", store).out)

    def fails(*_args: object) -> int:
        raise EngineError("no memory for rules")

    monkeypatch.setattr(build, "derive", fails)
    assert cli("load", event, "--store", store).code == 4
    assert cli("add", event, "--store", store).code == 4
    assert json.loads(cli("info", "-f", "json", "--store", store).out) == before


def test_a_network_of_its_own_names_its_own_graphs(cli: Cli, project: Path) -> None:
    assert cli("query", "observers", "--project", project).code == 0
    (project / "base.txt").write_text("https://data.example.org/sse/")
    told = json.loads(cli("info", "-f", "json", "--project", project).out)
    assert told["project"] == "https://data.example.org/sse/"
    assert "graph:inferred" in told["graphs"]


def test_what_is_new_is_told_with_its_files(cli: Cli, project: Path, event: Path) -> None:
    words = ("add", event, "--project", project)
    before = contents(project)
    where = "mail-2022.ttl (14), .*documents.ttl (5), .*events.ttl (4)".replace("(", r"\(")
    where = where.replace(")", r"\)")
    done = cli(*words, "--dry-run")
    assert re.search(f"dry run: 23 triples would be new: .*/{where}\n", done.err)
    assert contents(project) == before
    assert re.search("essai\u00a0: 23 triplets", cli(*words, "--dry-run", "--lang", "fr").err)
    assert re.search(f"gsefgraph: 23 new triples: .*/{where}\n", cli(*words).err)
    after = contents(project)
    assert cli(*words).err == "gsefgraph: nothing is new: all of it is there already\n"
    assert contents(project) == after


def test_what_is_new_in_a_store_is_told(cli: Cli, tmp_path: Path, event: Path) -> None:
    store = tmp_path / "store"
    assert process("load", "--store", store).code == 0
    assert process("add", event, "--store", store, "--dry-run").err.endswith(f": {store}\n")
    said = process("add", event, "--store", store).err.splitlines()
    assert said[1:] == [f"gsefgraph: 23 new triples: {store}"]
    assert "nothing is new" in process("add", event, "--store", store).err

"""What each CONSTRUCT rule derives from a few hand-made facts, in two engines alike."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from tests.ontology_terms import FOLDER, NAMES, RULES

E = "http://example.org/"
HEAD = f"@prefix e: <{E}> .\n" + "".join(
    f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items()
)
CONCEPTS = (FOLDER / "concepts.ttl").read_text("utf-8")
# A role of somebody's own, narrower than one that a rule names.
OWN_ROLES = """
e:standing-observer skos:broader id-role:observer .
e:lead-partner skos:broader id-role:partner .
"""

Facts = set[tuple[str, str, str]]
Construct = Callable[[str, str], Facts]


def short(text: str) -> str:
    return f"e:{text.removeprefix(E)}" if text.startswith(E) else NAMES.compact(text).strip("<>")


def in_pyoxigraph(rule: str, data: str) -> Facts:
    store = pyoxigraph.Store()
    store.load(CONCEPTS.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    store.load((HEAD + OWN_ROLES + data).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    answer = store.query((FOLDER / "rules" / f"{rule}.rq").read_text("utf-8"))
    assert isinstance(answer, pyoxigraph.QueryTriples)
    return {(short(t.subject.value), short(t.predicate.value), written(t.object)) for t in answer}


def written(node: pyoxigraph.Term) -> str:
    if isinstance(node, pyoxigraph.Literal):
        if node.language is not None:
            return f'"{node.value}"@{node.language}'
        return f'"{node.value}"^^{NAMES.compact(node.datatype.value)}'
    assert isinstance(node, pyoxigraph.NamedNode)
    return short(node.value)


def in_rdflib(rule: str, data: str) -> Facts:
    graph = rdflib.Graph().parse(data=CONCEPTS, format="turtle")
    graph.parse(data=HEAD + OWN_ROLES + data, format="turtle")
    found: Facts = set()
    for triple in graph.query((FOLDER / "rules" / f"{rule}.rq").read_text("utf-8")):
        s, p, o = triple  # type: ignore[misc]
        if isinstance(o, rdflib.Literal):
            datatype = NAMES.compact(str(o.datatype or rdflib.XSD.string))
            kind = f"@{o.language}" if o.language else f"^^{datatype}"
            found.add((short(str(s)), short(str(p)), f'"{o}"{kind}'))
        else:
            found.add((short(str(s)), short(str(p)), short(str(o))))
    return found


@pytest.fixture(params=[in_pyoxigraph, in_rdflib], ids=["pyoxigraph", "rdflib"])
def construct(request: pytest.FixtureRequest) -> Construct:
    return request.param  # type: ignore[no-any-return]


PARTICIPATIONS = """
e:p1 gsef:agent e:a ; gsef:event e:session ; gsef:role id-role:organiser .
e:p2 gsef:agent e:b ; gsef:event e:session ; gsef:role id-role:partner .
e:p3 gsef:agent e:c ; gsef:event e:session ; gsef:role id-role:speaker ; gsef:onBehalfOf e:d .
e:p4 gsef:agent e:d ; gsef:event e:other ; gsef:role id-role:co-organiser .
e:p5 gsef:agent e:f ; gsef:event e:other ; gsef:role e:lead-partner .
e:p6 gsef:agent e:c ; gsef:event e:other ; gsef:role id-role:opening-speaker .
e:p7 gsef:agent e:person ; gsef:event e:session ; gsef:role id-role:organiser .
e:p8 gsef:agent e:a ; gsef:event e:session ; gsef:role id-role:partner .
e:p9 gsef:agent e:h ; gsef:event e:session ; gsef:role id-role:host .
e:p10 gsef:agent e:b ; gsef:event e:other ; gsef:role id-role:invitee .
e:p11 gsef:agent e:c ; gsef:event e:other ; gsef:role id-role:invitee .
e:p12 gsef:agent e:i ; gsef:event e:third ; gsef:role id-role:partner .
e:p13 gsef:agent e:j ; gsef:event e:third ; gsef:role id-role:partner .
e:i a gsef:Organisation . e:j a gsef:Organisation .
e:a a gsef:Organisation . e:b a gsef:Organisation . e:d a gsef:Organisation .
e:f a gsef:Organisation . e:h a gsef:Organisation . e:c a gsef:Person . e:person a gsef:Person .
"""
MEMBERSHIPS = """
e:m1 gsef:agent e:a ; gsef:organisation e:network ; gsef:role id-role:member .
e:m2 gsef:agent e:b ; gsef:organisation e:network ; gsef:role id-role:observer .
e:m3 gsef:agent e:c ; gsef:organisation e:network ; gsef:role e:standing-observer .
e:m4 gsef:agent e:d ; gsef:organisation e:network ; gsef:role id-role:secretary-general .
e:m5 gsef:agent e:f ; gsef:organisation e:network .
e:m6 gsef:agent e:person ; gsef:organisation e:network ; gsef:role id-role:founding-member .
e:m7 gsef:agent e:person ; gsef:organisation e:council ; gsef:role id-role:director .
e:person a gsef:Person .
"""
LINKS = """
e:l1 gsef:subject e:a ; gsef:goal sdg:8 ; gsef:stance gsef:stated .
e:l2 gsef:subject e:b ; gsef:goal sdg:11.3 ; gsef:stance gsef:curated .
e:l3 gsef:subject e:c ; gsef:goal sdg:5 ; gsef:stance gsef:suggested .
e:l4 gsef:subject e:d ; gsef:goal sdg:6 .
sdg:11.3 skos:broader sdg:11 .
"""
PLACES = """
e:session gsef:place e:quito ; gsef:partOf e:whole . e:congress gsef:place e:ecuador .
e:other gsef:place e:nowhere . e:quito gsef:within e:pichincha ; gsef:kind id-kind:city .
e:pichincha gsef:within e:ecuador ; gsef:kind id-kind:region .
e:ecuador gsef:within e:america ; gsef:kind id-kind:country . e:america gsef:kind id-kind:region .
"""
EVIDENCE = """
e:x gsef:quote "« citée »"@fr ; gsef:start 12 ; gsef:end 21 . e:y gsef:start 3 .
"""


@pytest.mark.parametrize(
    ("rule", "data", "expected"),
    [
        (
            "participated-in",
            PARTICIPATIONS + MEMBERSHIPS,
            "e:a session, e:b session, e:c session, e:d other, e:f other, e:c other, "
            "e:person session, e:h session, e:i third, e:j third",
        ),
        ("invited-to", PARTICIPATIONS + MEMBERSHIPS, "e:b other"),
        ("member-of", MEMBERSHIPS + PARTICIPATIONS, "e:a network, e:person network"),
        (
            "affiliated-with",
            MEMBERSHIPS + PARTICIPATIONS,
            "e:a network, e:d network, e:person network, e:person council",
        ),
        ("schema-affiliation", MEMBERSHIPS, "e:person network, e:person council"),
        ("observer-of", MEMBERSHIPS + PARTICIPATIONS, "e:b network, e:c network"),
        ("country", PLACES, "e:session ecuador, e:congress ecuador"),
        ("collaborated-with", PARTICIPATIONS, "e:a b, e:a h, e:h a, e:h b, e:d f"),
    ],
)
def test_paths_between_things(construct: Construct, rule: str, data: str, expected: str) -> None:
    names = {
        "participated-in": "gsef:participatedIn",
        "member-of": "gsef:memberOf",
        "observer-of": "gsef:observerOf",
        "country": "gsef:country",
        "collaborated-with": "gsef:collaboratedWith",
        "affiliated-with": "gsef:affiliatedWith",
        "schema-affiliation": "schema:affiliation",
        "invited-to": "gsef:invitedTo",
    }
    pairs = (pair.split() for pair in expected.split(", "))
    assert construct(rule, data) == {(s, names[rule], f"e:{o}") for s, o in pairs}


POSTS = """
e:m1 gsef:organisation e:o ; gsef:evidence e:v1 . e:v1 gsef:source e:dated .
e:m2 gsef:organisation e:o ; gsef:evidence e:v2 . e:v2 gsef:source e:item .
e:m3 gsef:organisation e:o ; gsef:evidence e:v3 . e:v3 gsef:source e:page .
e:m4 gsef:organisation e:o ; gsef:evidence e:v4 . e:v4 gsef:source e:undated .
e:m5 gsef:organisation e:o ; gsef:evidence e:v1 ; gsef:startDate "2001"^^xsd:gYear .
e:dated dcterms:isPartOf e:page ; gsef:issued "2019-07-23"^^xsd:date .
e:item dcterms:isPartOf e:page . e:page gsef:issued "2020"^^xsd:gYear .
"""


def test_a_post_has_the_date_of_the_text_that_gives_it(construct: Construct) -> None:
    assert construct("as-of", POSTS) == {
        ("e:m1", "gsef:asOf", '"2019-07-23"^^xsd:date'),
        ("e:m2", "gsef:asOf", '"2020"^^xsd:gYear'),
        ("e:m3", "gsef:asOf", '"2020"^^xsd:gYear'),
    }


def test_only_what_a_source_or_a_curator_says_contributes(construct: Construct) -> None:
    assert construct("contributes-to", LINKS) == {
        ("e:a", "gsef:contributesTo", "sdg:8"),
        ("e:b", "gsef:contributesTo", "sdg:11.3"),
    }


def test_other_vocabularies_by_role(construct: Construct) -> None:
    assert construct("event-organizer", PARTICIPATIONS) == {
        ("e:session", "schema:organizer", "e:a"),
        ("e:session", "schema:organizer", "e:person"),
        ("e:other", "schema:organizer", "e:d"),
    }
    assert construct("event-performer", PARTICIPATIONS) == {
        ("e:session", "schema:performer", "e:c"),
        ("e:other", "schema:performer", "e:c"),
    }


def test_memberships_in_org_and_participations_not(construct: Construct) -> None:
    both = MEMBERSHIPS + PARTICIPATIONS
    members = [*zip("12345", "abcdf", strict=True), ("6", "person"), ("7", "person")]
    assert construct("org-member", both) == {
        (f"e:m{number}", "org:member", f"e:{agent}") for number, agent in members
    }
    assert construct("org-role", both) == {
        ("e:m1", "org:role", "id-role:member"),
        ("e:m2", "org:role", "id-role:observer"),
        ("e:m3", "org:role", "e:standing-observer"),
        ("e:m4", "org:role", "id-role:secretary-general"),
        ("e:m6", "org:role", "id-role:founding-member"),
        ("e:m7", "org:role", "id-role:director"),
    }


def test_web_annotation_selectors(construct: Construct) -> None:
    assert construct("quote-selector", EVIDENCE) == {
        ("e:x", "oa:hasSelector", "e:x#quote"),
        ("e:x#quote", "rdf:type", "oa:TextQuoteSelector"),
        ("e:x#quote", "oa:exact", '"« citée »"^^xsd:string'),
    }
    assert construct("position-selector", EVIDENCE) == {
        ("e:x", "oa:hasSelector", "e:x#position"),
        ("e:x#position", "rdf:type", "oa:TextPositionSelector"),
        ("e:x#position", "oa:start", '"12"^^xsd:integer'),
        ("e:x#position", "oa:end", '"21"^^xsd:integer'),
    }


# --- first and last day ------------------------------------------------------------------------

DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def event(starts: list[str], ends: list[str]) -> str:
    facts = ["e:event a gsef:Event ."]
    for prop, values in (("startDate", starts), ("endDate", ends)):
        for value in values:
            bare = value.removesuffix("Z").removesuffix("-05:00")
            facts.append(f'e:event gsef:{prop} "{value}"^^xsd:{DATATYPES[len(bare)]} .')
    return "\n".join(facts)


def day(construct: Construct, rule: str, data: str) -> str | None:
    found = construct(rule, data)
    assert len(found) <= 1, found
    for subject, predicate, value in found:
        assert (subject, predicate) == ("e:event", f"gsef:{rule}")
        assert value.endswith("^^xsd:date")
        return value.split('"')[1]
    return None


@pytest.mark.parametrize(
    ("starts", "ends", "earliest", "latest"),
    [
        ("2017", "", "2017-01-01", "2017-12-31"),
        ("2017-06", "", "2017-06-01", "2017-06-30"),
        ("2017-06-02", "", "2017-06-02", "2017-06-02"),
        ("2020-02", "", "2020-02-01", "2020-02-29"),
        ("2019-02", "", "2019-02-01", "2019-02-28"),
        ("2000-02", "", "2000-02-01", "2000-02-29"),
        ("1900-02", "", "1900-02-01", "1900-02-28"),
        ("2017-10-17", "2017-10-20", "2017-10-17", "2017-10-20"),
        ("2018", "2019-04", "2018-01-01", "2019-04-30"),
        # One part of a source's own dates may be less precise than the other.
        ("2019", "2019-06-26", "2019-01-01", "2019-06-26"),
        ("2019-06-25", "2019-06", "2019-06-25", "2019-06-30"),
        # An end alone says nothing of the beginning.
        ("", "2019-06", None, "2019-06-30"),
        ("", "", None, None),
        # Two sources, one less precise: no disagreement.
        ("2013 2013-11-05", "2013-11-07", "2013-11-05", "2013-11-07"),
        ("2013 2013-11", "", "2013-11-01", "2013-11-30"),
        # Two sources that disagree: the widest span.
        ("2016-09-06 2016-09-07", "2016-09-09", "2016-09-06", "2016-09-09"),
        ("2016-09-06", "2016-09-08 2016-09-09", "2016-09-06", "2016-09-09"),
        ("2017 2016-09-06", "2016-09-09", "2016-09-06", "2017-12-31"),
        ("2019-06-25", "2019-06 2019-06-10", "2019-06-25", "2019-06-25"),
        # Time zones go; a zone is not a more precise date.
        ("2019Z", "", "2019-01-01", "2019-12-31"),
        ("2019-06-25-05:00", "2019-06-25Z", "2019-06-25", "2019-06-25"),
        ("2019-05:00", "", "2019-01-01", "2019-12-31"),
    ],
)
def test_the_days_that_the_dates_allow(
    construct: Construct, starts: str, ends: str, earliest: str | None, latest: str | None
) -> None:
    data = event(starts.split(), ends.split())
    assert day(construct, "earliest", data) == earliest
    assert day(construct, "latest", data) == latest


def test_a_membership_has_no_first_or_last_day(construct: Construct) -> None:
    data = 'e:event a gsef:Membership ; gsef:startDate "2019"^^xsd:gYear .'
    assert construct("earliest", data) == construct("latest", data) == set()


def last_day(value: str) -> str:
    year, *rest = value.split("-")
    if not rest:
        return f"{value}-12-31"
    if len(rest) == 1:
        return f"{value}-{calendar.monthrange(int(year), int(rest[0]))[1]:02d}"
    return value


def first_day(value: str) -> str:
    return value + "-01-01"[len(value) - 4 :]


def expected_days(starts: set[str], ends: set[str]) -> tuple[str | None, str | None]:
    """The rules' heads once more, in Python, to hold the SPARQL against."""
    begin = [s for s in starts if not any(o.startswith(f"{s}-") for o in starts)]
    finish = [s for s in starts if not any(o.startswith(f"{s}-") for o in starts | ends)]
    finish += [x for x in ends if not any(o.startswith(f"{x}-") for o in ends)]
    return min(map(first_day, begin), default=None), max(map(last_day, finish), default=None)


days = st.dates(min_value=datetime.date(1899, 1, 1)).map(str)
few = st.sampled_from(["2000", "2000-02", "2000-02-28", "2000-02-29", "2000-03", "2001", "2001-01"])
dates = st.one_of(days, days.map(lambda x: x[:7]), days.map(lambda x: x[:4]), few, few, few)


@given(st.sets(dates, max_size=3), st.sets(dates, max_size=3))
def test_the_days_hold_for_any_dates(starts: set[str], ends: set[str]) -> None:
    data = event(sorted(starts), sorted(ends))
    found = tuple(day(in_pyoxigraph, rule, data) for rule in ("earliest", "latest"))
    assert found == expected_days(starts, ends)
    if starts:
        assert str(found[0]) <= str(found[1])


# --- all together ------------------------------------------------------------------------------


NAMED = """
e:forum a gsef:Event ; skos:prefLabel "Forum"@en , "Foro"@es .
e:director a gsef:Role ; skos:prefLabel "director"@en .
"""


def test_what_is_no_concept_has_its_label_as_its_name(construct: Construct) -> None:
    assert construct("name", NAMED) == {
        ("e:forum", prop, name)
        for prop in ("schema:name", "foaf:name")
        for name in ('"Forum"@en', '"Foro"@es')
    }


def test_a_second_round_derives_nothing_new() -> None:
    store = pyoxigraph.Store()
    sample = [PARTICIPATIONS, MEMBERSHIPS, LINKS, PLACES, EVIDENCE, POSTS, NAMED]
    facts = "".join([*sample, event(["2013"], ["2014-02"])])
    store.load((HEAD + OWN_ROLES + facts).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    store.load(CONCEPTS.encode(), format=pyoxigraph.RdfFormat.TURTLE)

    def derive() -> None:
        for path in RULES:
            answer = store.query(path.read_text("utf-8"))
            assert isinstance(answer, pyoxigraph.QueryTriples)
            triples = list(answer)
            assert triples, f"{path.stem} derives nothing from the sample"
            store.extend(pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in triples)

    derive()
    once = set(store)
    derive()
    assert set(store) == once

"""The stored queries as texts: legal SPARQL 1.1, complete headers, only what every engine runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from rdflib.paths import InvPath, MulPath, SequencePath
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable
from ruamel.yaml import YAML

from gsefgraph.terms import Names

FOLDER = Path(__file__).parent.parent / "queries"
FILES = sorted(FOLDER.glob("*/*.rq"))
FAMILIES = {"documents", "organisations", "people", "events", "goals", "quality"}
LANGUAGES = {"en", "fr", "es"}
TYPES = {"iri", "goal", "date", "integer", "text", "language"}
KEYS = [
    "summary",
    "description",
    "tags",
    "title",
    "help",
    "parameters",
    "defaults",
    "enumerate",
    "columns",
    "evidence",
    "ordered",
    "per-graph",
    "count",
    "answer",
    "picture",
]
PARAMETER_KEYS = {"type", "optional", "bound", "class", "scheme", "example", "label"}
# What an engine may refuse, fetch, or answer in its own way; and what changes from run to run.
FORBIDDEN = (
    "SERVICE|LOAD|FROM|GROUP_CONCAT|SAMPLE|DESCRIBE|NOW|RAND|UUID|STRUUID|BNODE|INSERT|DELETE"
)
# Strings and IRIs: a character in them is no syntax.
OPAQUE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>')


def header(text: str) -> dict[str, Any]:
    """The YAML of the ``#+`` lines at the head of a query."""
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    found = YAML(typ="safe", pure=True).load("\n".join(lines))
    assert isinstance(found, dict)
    return found


def body(text: str) -> str:
    """The query without comments, and with strings and IRIs emptied."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return re.sub(r"#.*", "", OPAQUE.sub(lambda found: found[0][0] + found[0][-1], kept))


@cache
def algebra(text: str) -> CompValue:
    """The query as rdflib's algebra."""
    return translateQuery(parseQuery(text)).algebra


def nodes(value: object) -> Iterator[CompValue]:
    """Every node of an algebra, from the top down."""
    if isinstance(value, CompValue):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from nodes(item)


def triples(text: str) -> Iterator[tuple[object, object, object]]:
    """Every triple pattern of a query, of its EXISTS parts too."""
    for node in nodes(algebra(text)):
        for found in dict.get(node, "triples", ()):
            # An EXISTS inside a larger expression stays as it was parsed: one flat list.
            for start in range(0, len(found), 3):
                subject, predicate, value = found[start : start + 3]
                yield subject, predicate, value


def open_paths(text: str, bound: set[str]) -> Iterator[str]:
    """The path patterns with a variable at both ends, apart from the variables in `bound`."""
    for subject, predicate, value in triples(text):
        ends = [
            end for end in (subject, value) if isinstance(end, Variable) and str(end) not in bound
        ]
        if isinstance(predicate, PropertyPath) and len(ends) == 2:
            yield f"{subject} {predicate} {value}"


def groups(text: str, opening: str) -> Iterator[str]:
    """What stands in braces after each `opening`, nested braces included."""
    for found in re.finditer(opening + r"\s*\{", text, re.IGNORECASE):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[found.end() : end - 1]


def projected(text: str) -> list[str]:
    """The variables that a SELECT projects, in the order written; none for ASK and CONSTRUCT."""
    form = algebra(text)
    return [str(variable) for variable in form["PV"]] if form.name == "SelectQuery" else []


def faults(text: str) -> list[str]:
    """What is wrong with the SPARQL of a stored query."""
    bare, head = body(text), header(text)
    parameters: Mapping[str, Mapping[str, Any]] = head.get("parameters") or {}
    found = [f"{word}" for word in re.findall(rf"(?i)(?<![?$\w:-])(?:{FORBIDDEN})\b", bare)]

    used = set(re.findall(r"\$(\w+)", bare))
    found += [f"${name} is not declared" for name in used - set(parameters)]
    found += [f"parameter {name} is not used" for name in set(parameters) - used]
    found += [
        f"?{name} is a parameter's name"
        for name in re.findall(r"\?(\w+)", bare)
        if name in parameters
    ]
    for where, pattern in {
        "SELECT": r"(?i)\bSELECT\b[^{]*\$",
        "GROUP BY": r"(?i)\bGROUP\s+BY\b((?!ORDER)[^{}])*\$",
        "AS": r"(?i)\bAS\s+\$",
        "VALUES": r"(?i)\bVALUES\s+(\$|\([^)]*\$|\S+\s*\{[^}]*\$)",
        "BOUND": r"(?i)\bBOUND\s*\(\s*\$",
    }.items():
        if re.search(pattern, bare):
            found.append(f"a parameter in {where}")

    for select in re.findall(r"(?i)\bSELECT\b\s*(\S+)", bare):
        # A count by graph is a count inside one graph, where a triple stands once.
        if select.upper() != "DISTINCT" and not head.get("per-graph"):
            found.append("SELECT without DISTINCT")
    if re.search(r"(?i)\bSELECT\s+(DISTINCT\s+)?\*", bare):
        found.append("SELECT *")
    for count in re.findall(r"(?i)\bCOUNT\s*\(\s*(\S+)", bare):
        if count.upper() != "DISTINCT" and not head.get("per-graph"):
            found.append("COUNT without DISTINCT")

    required = {name for name, spec in parameters.items() if not spec.get("optional")}
    found += [f"a path open at both ends: {path}" for path in open_paths(text, required)]
    for absent in groups(bare, r"NOT\s+EXISTS"):
        if "/" in absent or len(re.findall(r"\?\w+\s+[\w-]+:", absent)) > 1:
            found.append("a path of two steps in NOT EXISTS")
    for _, predicate, _ in triples(text):
        if isinstance(predicate, SequencePath | InvPath) or (
            isinstance(predicate, MulPath) and isinstance(predicate.path, PropertyPath)
        ):
            found.append(f"a path that is more than one step repeated: {predicate}")
    if "[" in bare or "_:" in bare:
        found.append("a blank node")
    if head.get("ordered") and not re.search(r"(?i)\bORDER\s+BY\b", bare):
        found.append("ordered without ORDER BY")
    return found


def pages(value: object) -> bool:
    """Whether a text is there in each language, and nothing else."""
    return (
        isinstance(value, dict)
        and set(value) == LANGUAGES
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    """Each stored query in turn."""
    path = request.param
    assert isinstance(path, Path)
    return path


def test_there_are_enough_and_each_name_is_one_of_a_kind() -> None:
    assert len(FILES) >= 30
    assert {path.parent.name for path in FILES} == FAMILIES
    assert [name for name, n in Counter(path.stem for path in FILES).items() if n > 1] == []
    assert [path.stem for path in FILES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", path.stem)] == []


def test_unbound_it_is_legal_for_two_parsers(file: Path) -> None:
    text = file.read_text("utf-8")
    pyoxigraph.Store().query(text)
    parseQuery(text)


def test_it_says_only_what_every_engine_runs(file: Path) -> None:
    assert faults(file.read_text("utf-8")) == []


def test_prefixes_are_the_projects_and_are_used(file: Path) -> None:
    text = file.read_text("utf-8")
    declared = dict(re.findall(r"(?m)^PREFIX ([\w-]+): <([^>]+)>$", text))
    known = Names().prefixes
    assert {prefix: known.get(prefix) for prefix in declared} == declared
    rest = re.sub(r"(?m)^PREFIX .*$", "", body(text))
    assert set(re.findall(r"(?<![\w?$-])([\w-]+):", rest)) == set(declared)


def test_the_header_is_complete_in_three_languages(file: Path) -> None:
    head = header(file.read_text("utf-8"))
    assert [key for key in KEYS if key in head] == list(head), "known keys, in the usual order"
    for key in ("summary", "description"):
        assert isinstance(head[key], str)
        assert head[key].strip()
    assert head["tags"]
    assert [tag for tag in head["tags"] if not re.fullmatch(r"[a-z]+", tag)] == []
    assert [key for key in ("title", "help") if not pages(head[key])] == []
    assert len(set(head["title"].values())) == len(LANGUAGES), "a title was not translated"
    assert [name for name, text in (head.get("columns") or {}).items() if not pages(text)] == []


def test_parameters_say_what_they_take(file: Path) -> None:
    head = header(file.read_text("utf-8"))
    names = Names()
    parameters = head.get("parameters") or {}
    for name, spec in parameters.items():
        assert re.fullmatch(r"[a-z]+", name)
        assert set(spec) <= PARAMETER_KEYS
        assert spec["type"] in TYPES
        assert isinstance(spec["optional"], bool)
        assert pages(spec["label"])
        assert spec["optional"] or "example" in spec, f"{name} has no example"
        for key in {"class", "scheme"} & set(spec):
            assert names.compact(names.expand(spec[key])) == spec[key]
        if spec["type"] == "iri" and "example" in spec:
            assert names.compact(names.expand(spec["example"])) == spec["example"]
        assert spec.get("bound", "start") in {"start", "end"}
        if spec["type"] == "date" and "example" in spec:
            assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", spec["example"])
    assert set(head.get("defaults") or {}) <= set(parameters)
    assert set(head.get("enumerate") or {}) <= set(parameters)


def test_columns_and_evidence_are_what_is_projected(file: Path) -> None:
    text = file.read_text("utf-8")
    head = header(text)
    shown, noted = list(head.get("columns") or {}), head.get("evidence") or []
    variables = projected(text)
    assert [variable for variable in variables if variable in shown] == shown
    assert set(variables) == set(shown) | set(noted)
    hidden = [variable for variable in variables if variable not in shown]
    assert variables == shown + hidden, "what is not shown stands last"
    assert ("ordered" in head) == bool(variables)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT ?x { ?x a $class }", "without DISTINCT"),
        ("SELECT DISTINCT $class { ?x a $class }", "in SELECT"),
        ("SELECT DISTINCT (COUNT(?x) AS ?n) { ?x a $class }", "COUNT without"),
        ("SELECT DISTINCT (COUNT(DISTINCT ?x) AS ?n) { ?x a $class } GROUP BY $class", "GROUP BY"),
        ("SELECT DISTINCT ?x { ?x a $class, ?y BIND(?y AS $z) }", "$z is not declared"),
        ("SELECT DISTINCT ?x { ?x a ?y BIND(?y AS $class) }", "a parameter in AS"),
        ("SELECT DISTINCT ?x { ?x a $class VALUES $class { 1 } }", "in VALUES"),
        ("SELECT DISTINCT ?x { ?x a $class FILTER(BOUND($class)) }", "in BOUND"),
        ("SELECT DISTINCT ?x { ?x a $class SERVICE <http://e.example/> { ?x a ?y } }", "SERVICE"),
        ("SELECT DISTINCT (GROUP_CONCAT(?y) AS ?z) { ?y a $class }", "GROUP_CONCAT"),
        ("SELECT DISTINCT * { ?x a $class }", "SELECT *"),
        ("SELECT DISTINCT ?x { ?x a $class, ?class }", "?class is a parameter's name"),
        ("SELECT DISTINCT ?x { ?x a 'x' }", "class is not used"),
        ("SELECT DISTINCT ?x { ?x a $class FILTER NOT EXISTS { ?x a/a ?y } }", "two steps"),
        ("SELECT DISTINCT ?x { ?x a* ?y ; a $class }", "open at both ends"),
        (
            "SELECT DISTINCT ?x { ?x a $class FILTER(?x = 1 || NOT EXISTS { ?x a* ?y }) }",
            "open at both ends",
        ),
        ("SELECT DISTINCT ?x { ?x (a/a)+ $class }", "more than one step"),
        ("SELECT DISTINCT ?x { ?x a $class ; a [] }", "blank node"),
        ("SELECT DISTINCT ?x { ?x a $class FILTER(?x < NOW()) }", "NOW"),
    ],
)
def test_a_fault_is_seen(query: str, fault: str) -> None:
    head = "#+ parameters: {class: {type: iri, optional: false}}\n#+ ordered: true\n"
    assert any(fault in found for found in faults(f"{head}{query} ORDER BY ?x"))
    assert "ordered without ORDER BY" in faults(head + query)

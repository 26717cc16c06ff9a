"""The prologue of a SPARQL text, and the IRIs that its names mean (SPARQL 1.1, section 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gsefgraph import terms
from gsefgraph.errors import GsefgraphError, nearest
from gsefgraph.sparql.terminals import Token, significant

_NO_PREFIX = re.compile(r"\b([\w-]+):\S* \(prefix not found\)")


class Mention(NamedTuple):
    """An IRI that a text mentions: where it stands among the significant tokens, which, the IRI."""

    at: int
    token: Token
    iri: str


def mentions(text: str) -> Iterator[Mention]:
    """The IRIs of a text in the order written, those that PREFIX and BASE declare aside.

    Prefixed names are resolved by the text's own PREFIX lines and relative IRIs by its BASE; a name
    whose prefix is not declared is left out, since no engine takes that query.

    Parameters:
        text: SPARQL 1.1 Query or Update.

    >>> [one.iri for one in mentions("BASE <http://a/> PREFIX g: <g#> ASK { <c> g:d _:e , h:f }")]
    ['http://a/c', 'http://a/g#d']
    """
    prefixes: dict[str, str] = {}
    base = ""
    declared = ""  # what the next IRI or name is of: "BASE", "PREFIX", or a prefix with its colon
    for index, token in enumerate(significant(text)):
        if token.kind == "iri":
            iri = absolute(token.value[1:-1], base)
            if declared == "BASE":
                base = iri
            elif declared.endswith(":"):
                prefixes[declared[:-1]] = iri
            else:
                yield Mention(index, token, iri)
        elif token.kind == "name" and declared != "PREFIX":
            prefix, _, local = token.value.partition(":")
            if prefix in prefixes:
                yield Mention(index, token, prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))
        word = token.value.upper() if token.kind == "word" else ""
        if token.kind == "name" and declared == "PREFIX":
            declared = token.value
        else:
            declared = word if word in ("BASE", "PREFIX") else ""


def absolute(iri: str, base: str) -> str:
    """An IRI reference against a base (SPARQL 1.1, section 4.1.1.2).

    >>> absolute("b", "http://e/a/c"), absolute("b", "")
    ('http://e/a/b', 'b')
    """
    if not base or terms.absolute(iri):
        return iri
    from urllib.parse import urljoin

    joined = urljoin(base, iri)
    return joined + "#" * (iri.endswith("#") and not joined.endswith("#"))


def missing(text: str, prefixes: Mapping[str, str]) -> str:
    """The PREFIX declarations that a text needs and does not have, as one line to put before it.

    Parameters:
        text: SPARQL 1.1 Query or Update; a prefix that it declares means what it says.
        prefixes: what is known.

    Returns:
        the line with its end, empty where nothing is missing.

    >>> missing("PREFIX a: <urn:own:> ASK { a:s b:p c:o }", {"a": "urn:a:", "b": "urn:b:"})
    'PREFIX b: <urn:b:>\\n'
    """
    used: dict[str, None] = {}
    declared: set[str] = set()
    before = ""
    for token in significant(text):
        if token.kind == "name":
            prefix = token.value.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            else:
                used[prefix] = None
        before = token.value.upper()
    lines = [f"PREFIX {p}: <{prefixes[p]}>" for p in used if p in prefixes and p not in declared]
    return " ".join(lines) + "\n" if lines else ""


def relative(text: str) -> bool:
    """Whether a base changes what a text may mean: it has a relative IRI, or makes IRIs of text.

    >>> relative("ASK { <a:b> ?p ?o }"), relative("ASK { <b> ?p ?o }")
    (False, True)
    >>> relative("SELECT (IRI('b') AS ?iri) {}")
    True
    """
    return any(
        not terms.absolute(token.value[1:-1])
        if token.kind == "iri"
        else token.kind == "word" and token.value.upper().endswith(("IRI", "URI"))
        for token in significant(text)
    )


def without(declared: str, fault: GsefgraphError, prefixes: Mapping[str, str]) -> GsefgraphError:
    """The fault of a text that lines of declarations were put before, as of the text alone.

    Parameters:
        declared: those lines.
        fault: changed in place; where it is about a prefix that is not declared, it names the
            nearest of those that are known.
        prefixes: what is known.

    >>> str(without("PREFIX a: <urn:a:>\\n", GsefgraphError("no", line=2), {}))
    '1: no'
    """
    if fault.line is not None:
        fault.line -= declared.count("\n")
    prefix = _NO_PREFIX.search(fault.message)
    if prefix:
        fault.hint = nearest(prefix[1], prefixes)
    return fault


def prologue(text: str) -> str:
    """The BASE and PREFIX declarations that a text begins with.

    >>> prologue("BASE <a:> PREFIX b: <c> ASK {}")
    'BASE <a:> PREFIX b: <c> '
    """
    reading = significant(text)
    at = 0
    while at < len(reading) and reading[at].value.upper() in ("BASE", "PREFIX"):
        at += 2 if reading[at].value.upper() == "BASE" else 3
    return text[: reading[at].start] if at < len(reading) else text

"""Requests that mean harm, by kind: what `test_web_hostile.py` sends.

`canary` is an address that nobody may reach, `secret` a file that nobody may read.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

DEPTHS = (50, 99, 101, 500, 2_200, 6_000)
_OPEN = "?a{0} ?b{0} ?c{0} ."


def nested(depth: int) -> Iterator[str]:
    """Brackets of all kinds, so deep that an engine falls over its own stack."""
    yield f"ASK {{ {'{' * depth} {'}' * depth} }}"
    yield f"ASK {{ FILTER({'(' * depth}1{')' * depth}) }}"
    yield f"ASK {{ FILTER({'!' * depth}true) }}"
    yield f"ASK {{ ?s {'(' * depth}<urn:p>{')*' * depth} ?o }}"
    yield f"ASK {{ {'FILTER EXISTS { ' * depth} {'}' * depth} }}"
    yield f"ASK {{ BIND({'IF(true, ' * depth}1{', 2)' * depth} AS ?x) }}"
    yield f"SELECT * {{ {'{ SELECT * { ' * depth} {'} }' * depth} }}"
    yield f"ASK {{ ?s ?p {'[ <urn:p> ' * depth}1{' ]' * depth} }}"
    yield f"ASK {{ ?s ?p {'( ' * depth}{' )' * depth} }}"
    yield f"ASK {{ FILTER({'STR(' * depth}1{')' * depth} = '1') }}"
    yield f"ASK {{ FILTER({'COALESCE(1, ' * depth}1{')' * depth} = 1) }}"
    yield f"ASK {{ FILTER({'- ' * depth}1 = 1) }}"
    yield f"ASK {{ {'GRAPH ?g { ' * depth} {'}' * depth} }}"
    yield f"ASK {{ {'OPTIONAL { ?s ?p ?o ' * depth} {'}' * depth} }}"
    yield f"ASK {{ {'{} UNION { ' * depth} {'}' * depth} }}"
    yield f"ASK {{ ?s {'^(' * depth}<urn:p>{')' * depth} ?o }}"
    yield f"CONSTRUCT {{ ?s ?p {'( ' * depth}{' )' * depth} }} {{ ?s ?p ?o }}"
    yield f"ASK {{ ?s ?p {'<<( <urn:a> <urn:p> ' * depth}1{' )>>' * depth} }}"


def long(count: int) -> Iterator[str]:
    """Flat, and many."""
    yield f"ASK {{ {'MINUS { ?s ?p ?o } ' * count} }}"
    yield f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * count} }}"
    yield f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * count)} }}"
    yield f"ASK {{ ?s {'/'.join(['<urn:p>'] * count)} ?o }}"
    yield f"ASK {{ ?s {'|'.join(['<urn:p>'] * count)} ?o }}"
    yield f"ASK {{ FILTER({'+'.join(['1'] * count)} > 0) }}"
    yield f"ASK {{ FILTER(1 IN ({','.join(map(str, range(count)))})) }}"
    yield f"ASK {{ {''.join(f'BIND({n} AS ?x{n}) ' for n in range(count))} }}"


def slow() -> Iterator[str]:
    """Work without end, in time or in memory."""
    for width in (3, 4, 5):
        open_ = " ".join(map(_OPEN.format, range(width)))
        yield f"SELECT (COUNT(*) AS ?n) {{ {open_} }}"
        yield f"SELECT * {{ {open_} }} ORDER BY ?a1 ?c0"
        yield f"SELECT DISTINCT ?a0 ?a1 ?a2 {{ {open_} }}"
        yield f"SELECT (GROUP_CONCAT(STR(?a0)) AS ?x) {{ {open_} }}"
        yield f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {open_} }}"
        yield f"ASK {{ {open_} FILTER(STR(?a0) = 'no') }}"
    yield "SELECT * { ?s (!<urn:a>|^!<urn:b>)* ?o . ?o (!<urn:a>)* ?z }"
    yield "SELECT (COUNT(*) AS ?n) { ?a !<urn:x>+ ?b . ?b !<urn:x>+ ?c . ?c !<urn:y>+ ?d }"
    doubled = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
    yield f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('x' AS ?x0) {doubled} }}"
    yield f"SELECT * {{ BIND(REGEX('{'a' * 40}!', '^(a+)+$') AS ?x) }}"
    yield f"SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{'(x*)*' * 50}y')) }}"
    many = " ".join(map(str, range(3_000)))
    yield f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} ?s ?p ?o }}"
    yield "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(CONTAINS(STR(?a), STR(?f))) }"
    yield "SELECT * { ?a (<urn:a>|!<urn:b>|^<urn:c>)* ?b . ?c (!<urn:d>)+ ?d } ORDER BY RAND()"
    yield "SELECT (SHA512(GROUP_CONCAT(CONCAT(STR(?a), STR(?f)))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
    yield "DESCRIBE * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    yield "SELECT * { { SELECT * { ?a ?b ?c } ORDER BY ?c } { SELECT * { ?d ?e ?f } ORDER BY ?f } }"
    yield "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f FILTER(?c > ?f) } ?g ?h ?i }"
    yield "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?f !<urn:x>* ?c FILTER(?d != ?a) } }"
    yield "SELECT ?a (COUNT(DISTINCT ?f) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a HAVING(?n > 9)"
    grown = "".join(f"BIND(REPLACE(?y{n}, 'x', 'xx') AS ?y{n + 1}) " for n in range(40))
    yield f"SELECT (STRLEN(?y40) AS ?n) {{ BIND('x' AS ?y0) {grown} }}"
    yield "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '(.{0,500}){0,500}y')) }"
    yield "SELECT * { ?s ?p ?o . ?s ?p2 ?o2 . ?s2 ?p ?o2 . ?s2 ?p3 ?o3 . ?o3 ?p4 ?o4 }"


def reaching(canary: str, secret: str) -> Iterator[str]:
    """What would fetch or read, in every disguise."""
    for place in (canary, f"file://{secret}"):
        for word in (
            "SERVICE", "service", "SeRvIcE", r"\u0053ERVICE", r"S\u0045RVICE", r"\U00000053ERVICE",
            "SERVICE SILENT", "SERVICE#x\n", "SERVICE\t\r\n", r"SERVICE\u0020",
        ):  # fmt: skip
            yield f"SELECT * {{ {word} <{place}> {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ SERVICE<{place}>{{?s ?p ?o}} }}"
        yield f"PREFIX x: <{place}> SELECT * {{ SERVICEx:{{?s ?p ?o}} }}"
        yield f"SELECT * {{ VALUES ?g {{ <{place}> }} SERVICE ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ {{ SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }} }}"
        yield f"ASK {{ FILTER EXISTS {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }}"
        yield f"SELECT * FROM <{place}> {{ ?s ?p ?o }}"
        yield f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ GRAPH <{place}> {{ ?s ?p ?o }} }}"
        yield f"DESCRIBE <{place}>"
        yield f"LOAD <{place}>"
        yield f"LOAD <{place}> INTO GRAPH <urn:g>"
        yield f'define get:soft "replace" SELECT * FROM <{place}> {{ ?s ?p ?o }}'
        yield f"BASE <{place}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}"
        yield f"SELECT (<http://www.w3.org/2005/xpath-functions#doc>('{place}') AS ?x) {{}}"
        yield f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{place}> {{ ?s ?p ?o }} }}"


def uploads(canary: str, secret: str) -> Iterator[tuple[str, str]]:
    """Files to be checked that name others: a name, and the content."""
    for place in (canary, f"file://{secret}", secret):
        yield "a.jsonld", f'{{"@context": "{place}", "@id": "urn:a", "x": "y"}}'
        yield "a.jsonld", f'{{"@context": ["{place}", {{"@import": "{place}"}}], "@id": "urn:a"}}'
        yield (
            "a.rdf",
            (
                f'<!DOCTYPE r [<!ENTITY x SYSTEM "{place}">]><rdf:RDF '
                'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
                "<rdf:Description rdf:about='urn:a'><e:p>&x;</e:p></rdf:Description></rdf:RDF>"
            ),
        )
        yield "a.ttl", f"@base <{place}> . <> <http://www.w3.org/2002/07/owl#imports> <{place}> ."
        # What some parsers open when they are given it as a text.
        yield "a.ttl", place
        yield "a.jsonld", f'"{place}"'
        yield "a.rdf", place
        yield "a.html", f'<script type="application/ld+json" src="{place}"></script>'
    yield "a.jsonld", '{"a":' * 4_000 + "1" + "}" * 4_000
    yield "a.ttl", "<urn:a> <urn:p> " + "( " * 20_000 + ") " * 20_000 + "."
    yield (
        "a.ttl",
        "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 20_000 + "1" + " )>>" * 20_000 + ".",
    )
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "a.rdf",
        f'<!DOCTYPE r [<!ENTITY e0 "x">{entities}]><rdf:RDF xmlns:rdf="urn:r">&e9;</rdf:RDF>',
    )


def spoken(host: str) -> Iterator[bytes]:
    """What is no good HTTP, or tries what a server makes of it."""
    get = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {host}\r\n"
    post = f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/sparql-query\r\n"
    end = "Connection: close\r\n\r\n"
    texts = [
        f"{get}X: {'x' * 2**17}\r\n{end}",
        "".join([get, *(f"X{n}: y\r\n" for n in range(5_000)), end]),
        f"GET /sparql HTTP/1.1\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: evil.example\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: a b\r\n{end}",
        f"GET http://evil.example/sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /static/x/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql?lang=%0d%0aSet-Cookie:%20x=y HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql?query=ASK%7B%7D&format=csv%0d%0aX:%20y HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"{get}If-None-Match: {chr(34) * 2**15}\r\n{end}",
        f"{get}Accept: {'text/csv;q=0.1,' * 5_000}\r\n{end}",
        f"{get}Accept: text/csv;q=NaN, */*;q=inf\r\n{end}",
        f"{get}Range: bytes=0-1,2-3,4-\r\n{end}",
        f"{get}Expect: 100-continue\r\n{end}",
        f"{get}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n{end}",
        f"{get}X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil.example\r\n{end}",
        f"{post}Content-Length: 99999999999\r\n{end}ASK {{}}",
        f"{post}Content-Length: -1\r\n{end}ASK {{}}",
        f"{post}Content-Length: 7\r\nContent-Length: 8\r\n{end}ASK {{}}x",
        f"{post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n{end}0\r\n\r\n{get}",
        f"{post}Transfer-Encoding: chunked\r\n{end}FFFFFFFF\r\nASK {{}}",
        f"{post}Transfer-Encoding: chunked\r\n{end}zz\r\nASK {{}}",
        f"{post}Content-Encoding: gzip\r\nContent-Length: 6\r\n{end}ASK {{}}",
        f"{post}Content-Length: 6\r\n\r\nASK {{}}garbage\r\n\x00\x01\r\n\r\n{get}{end}",
        f"BREW /sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"CONNECT evil.example:80 HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"TRACE / HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /sparql HTTP/9.9\r\nHost: {host}\r\n{end}",
        f"{get}Accept-Language: {'en;q=0.5,' * 5_000}\r\n{end}",
        f"{get}Cookie: {'lang=fr; ' * 5_000}\r\n{end}",
        f"{get}Cookie: lang=\x01\x02<script>\r\n{end}",
        f"{get}Authorization: Basic Og==\r\n{end}",
        f"{get}Authorization: Bearer\r\n{end}",
        f"{get}Origin: null\r\n{end}",
        f"{get}X: a\r\n b\r\n\tc\r\n{end}",
        f"{get}X\x00: a\r\n{end}",
        f"{get}X : a\r\n{end}",
        f"{get}Content-Length: +0\r\n{end}",
        f"{get}Forwarded: for=1.2.3.4;host=evil.example;proto=https\r\n{end}",
        f"{get}X-HTTP-Method-Override: DELETE\r\n{end}",
        f"{get}If-Modified-Since: {'9' * 9_000}\r\n{end}",
        f"{post}Transfer-Encoding: chunked, identity\r\n{end}",
        f"{post}Transfer-Encoding: xchunked\r\n{end}0\r\n\r\n",
        f"{post}Transfer-Encoding: chunked\r\n{end}6;{'x' * 70_000}\r\nASK {{}}\r\n0\r\n\r\n",
        f"{post}Expect: 100-continue\r\nContent-Length: 6\r\n{end}",
        f"{post}Content-Type: text/turtle\r\nContent-Length: 6\r\n{end}ASK {{}}",
        f"get /sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        "GET /sparql\r\n\r\n",
        f"GET\t/sparql\tHTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET //evil.example/%2f.. HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /page/org/{'x' * 60_000} HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"GET /\\..\\..\\etc\\passwd HTTP/1.1\r\nHost: {host}\r\n{end}",
        f"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n{end}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        f"GET /sparql HTTP/1.1\nHost: {host}\nConnection: close\n\n",
        f"GET /sparql HTTP/1.1\r\nHost: [::1]:99999999\r\n{end}",
        f"GET /sparql HTTP/1.1\r\nHost: user@{host}\r\n{end}",
        f"GET http://user:pass@evil.example:80/sparql HTTP/1.1\r\nHost: {host}\r\n{end}",
        *(f"{get}\r\n" * 50,),
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "\r\n" * 1_000,
    ]
    yield from (text.encode("latin-1") for text in texts)
    for bad in (b"%FF%FE", b"%00", b"%C0%AF", b"%ED%A0%80", b"%F5%80%80%80", b"%", b"%zz", b"\xff"):
        yield (
            b"GET /sparql?query=ASK%7B%7D"
            + bad
            + b" HTTP/1.1\r\nHost: "
            + host.encode()
            + (b"\r\nConnection: close\r\n\r\n")
        )
        yield (
            b"GET /page/org/"
            + bad
            + b" HTTP/1.1\r\nHost: "
            + host.encode()
            + (b"\r\nConnection: close\r\n\r\n")
        )
    sent = b"query=ASK+%7B%7D" + b"&a=b" * 20_000
    yield (
        b"POST /sparql HTTP/1.1\r\nHost: "
        + host.encode()
        + (
            b"\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n" % len(sent)
        )
        + sent
    )


def graphs(canary: str, secret: str) -> Iterator[str]:
    """Addresses of graphs, and of queries of graphs, that would fetch, read or overflow."""
    for place in (canary, f"file://{secret}", secret, "javascript:alert(1)", "data:text/turtle,",
                  "http://[", "urn:a b", "<urn:a>", "", "\x00", "\u202e", "urn:" + "x" * 5_000,
                  "../../etc/passwd", "graph:inferred", "urn:gsefgraph:generation:1"):  # fmt: skip
        yield f"/graphs?graph={quote(place)}"
        yield f"/graphs/{quote(place)}"
        yield f"/sparql?query=ASK%7B%7D&default-graph-uri={quote(place)}"
        yield f"/sparql?query=ASK%7B%7D&named-graph-uri={quote(place)}"
    many = "&".join(f"default-graph-uri=urn:{n}" for n in range(1_000))
    yield f"/sparql?query=ASK%7B%7D&{many}"
    yield "/graphs?default&graph=urn:a"
    yield "/graphs?default&default"
    yield f"/data.ttl?iri={quote(canary)}"
    yield f"/page?iri={quote(canary)}"
    yield f"/why?s={quote(f'<{canary}>')}&p=%3Curn:p%3E&o=%3Curn:o%3E"


VALUES = (
    '" } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #', "'; DROP ALL; --", "8 UNION SELECT", "\\",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "{{7*7}}", "{% raw %}", "${7*7}", "%s%n", "../../etc/passwd", "\x00", "\r\nSet-Cookie: x=y",
    "\u202egnp.exe", "\ufeff8", "\ud83d", "e\u0301" * 500, "x" * 7_000, "9" * 500, "-1", "NaN",
    "<urn:a>", "<http://127.0.0.1:9/>", "gsef:" + "x" * 500, "*", "\u0000SERVICE", "$goal",
)  # fmt: skip
"""Values that would be more than values where they are pasted into something."""


def values() -> Iterator[str]:
    """Addresses of pages and answers with such values."""
    for value in VALUES:
        typed = quote(value.encode("utf-8", "surrogatepass"))
        yield f"/api/queries/events-by-goal?goal={typed}"
        yield f"/questions/events-by-goal?goal={typed}"
        yield f"/api/queries/events-between?from={typed}&format=csv"
        yield f"/search?q={typed}"
        yield f"/api/suggest?q={typed}&class={typed}"
        yield f"/explore/event?name={typed}&page={typed}"


def bodies() -> Iterator[tuple[str, bytes]]:
    """Bodies for /sparql that are not what they are said to be: media type, bytes."""
    query, form = "application/sparql-query", "application/x-www-form-urlencoded"
    text = "SELECT ?s { ?s ?p 'é' }"
    for coding in ("utf-16", "utf-32", "latin-1", "utf-7", "cp037"):
        yield query, text.encode(coding)
        yield f"{query}; charset={coding}", text.encode(coding)
    for bad in (
        b"\xff\xfe",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80",
        b"\x00",
        b"\x1f\x8b",
    ):
        yield query, b"ASK {} #" + bad
        yield form, b"query=ASK+%7B%7D%20%23" + bad
    yield form, b"query=ASK%7B%7D&query=ASK%7B%7D"
    yield form, b"query=ASK%7B%7D&update=CLEAR+ALL"
    yield form, b"&" * 200_000
    yield form, b"query=" + b"%41" * 60_000
    yield form, b"a=b&" * 50_000 + b"query=ASK%7B%7D"
    yield "multipart/form-data; boundary=x", b"--x\r\n\r\nASK {}\r\n--x--"
    yield "multipart/form-data", b"--x\r\n" * 10_000
    yield "application/json", b'{"query": "ASK {}"}'
    yield "", b"ASK {}"
    yield query, b""
    yield query, b"ASK {} #" + b"x" * 2**20
    yield query, b"\xef\xbb\xbfASK {}"


def updates(canary: str, secret: str) -> Iterator[str]:
    """Updates of who may write that fetch, read, reach into what is ours, or are too deep."""
    for place in (canary, f"file://{secret}"):
        fetching = f"{{ SERVICE <{place}> {{ ?s ?p ?o }} }}"
        yield f"LOAD <{place}>"
        yield f"LOAD SILENT <{place}> INTO GRAPH <urn:g>"
        yield f"LOAD<{place}>INTO GRAPH<urn:g>"
        yield f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} WHERE {fetching}"
        yield f"CLEAR SILENT GRAPH <urn:g> ; LOAD <{place}>"
        yield f"DELETE {{ ?s ?p ?o }} USING <{place}> WHERE {fetching}"
    yield "INSERT DATA { <urn:a> <urn:p> 1 }"
    yield "INSERT DATA { GRAPH <urn:gsefgraph:generation:1> { <urn:a> <urn:p> 1 } }"
    for depth in DEPTHS:
        yield f"INSERT {{}} WHERE {{ {'{' * depth} {'}' * depth} }}"
        yield f"DELETE WHERE {{ ?s ?p {'[ <urn:p> ' * depth}1{' ]' * depth} }}"
        yield f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:p> {'( ' * depth}{' )' * depth} }} }}"
        yield ";".join(["INSERT { } WHERE { MINUS { ?s ?p ?o } }"] * depth)

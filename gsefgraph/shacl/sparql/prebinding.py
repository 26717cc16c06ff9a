"""SPARQL constraints: their text made whole, and what pre-binding forbids in it.

A query is asked about one focus node at a time, or about all of them together; that both mean the
same is what the rules of SHACL, appendix A are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.shacl.shapes import legality
from gsefgraph.shacl.shapes.graph import Node, Shapes, is_true
from gsefgraph.shacl.shapes.model import Sparql
from gsefgraph.shacl.shapes.path import Path
from gsefgraph.shacl.shapes.pattern import translate
from gsefgraph.sparql.form import form
from gsefgraph.sparql.terminals import Token, significant, tokens
from gsefgraph.terms import OWL, SH, XSD

PREBOUND = ("this", "shapesGraph", "currentShape")
_FORBIDDEN = ("MINUS", "VALUES", "SERVICE")


def read(shapes: Shapes, shape: str, constraint: str, path: Path | None) -> Sparql | None:
    """The SPARQL constraint of a shape; None where it is deactivated.

    Parameters:
        shape: id of the shape.
        constraint: the value of its sh:sparql.
        path: of the shape, for `$PATH`.

    Errors:
        InputError: not one sh:select, not SPARQL, or not what pre-binding allows.
    """
    if any(is_true(node) for node in shapes.values(constraint, "deactivated")):
        return None
    selects = shapes.values(constraint, "select")
    if len(selects) != 1:
        raise legality.fault(
            shapes, shape, f"its sh:sparql constraint has {len(selects)} values for sh:select",
            predicate=f"{SH}sparql", value=NamedNode(constraint),
            hint="give it one SELECT query",
        )  # fmt: skip
    node = selects[0]
    if not isinstance(node, Literal) or node.datatype.value != f"{XSD}string":
        raise _fault(shapes, shape, constraint, f"sh:select {node} is not a text", None)
    heads = declarations(shapes, shape, constraint)
    reason = forbidden(heads + node.value)
    if reason:
        raise _fault(
            shapes, shape, constraint, f"sh:select: {reason}", "see SHACL, sections 5.2.1 and A"
        )
    text = heads + _bound(shapes, shape, constraint, node.value, path)
    _check_syntax(shapes, shape, constraint, text)
    return Sparql(constraint, text, shapes.messages(NamedNode(constraint)))


def _pattern_fault(reading: Sequence[Token]) -> str | None:
    """Why a pattern that REGEX or REPLACE is given as text is none; None where all are fine."""
    for place, token in enumerate(reading):
        if token.kind != "word" or token.value.upper() not in ("REGEX", "REPLACE"):
            continue
        depth = 0
        arguments: list[list[Token]] = [[]]
        for part in reading[place + 1 :]:
            depth += (part.text == "(") - (part.text == ")")
            if depth == 0:
                break
            if part.text == "," and depth == 1:
                arguments.append([])
            elif part.text != "(" or depth > 1:
                arguments[-1].append(part)
        texts = [
            _text(a[0].value) if [t.kind for t in a] == ["string"] else None for a in arguments
        ]
        at = 2 if token.value.upper() == "REGEX" else 3
        pattern = texts[1] if len(texts) > 1 else None
        flags = texts[at] if len(texts) > at else ""
        if pattern is not None and flags is not None:
            try:
                translate(pattern, flags)
            except ValueError as error:
                return f"the pattern {pattern!r} cannot be used: {error}"
    return None


def _text(spelled: str) -> str:
    """What a string of SPARQL, which is written as in Turtle, says."""
    quads = parse(f"<a:a> <a:a> {spelled} .", format=RdfFormat.TURTLE)
    return str(next(iter(quads)).object.value)


def declarations(shapes: Shapes, shape: str, constraint: str) -> str:
    """PREFIX lines for what sh:prefixes of a constraint leads to (SHACL, section 5.2.1.1).

    Errors:
        InputError: a prefix with two namespaces, or a declaration that is none.
    """
    found: dict[str, str] = {}
    waiting: list[Node] = list(shapes.values(constraint, "prefixes"))
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        facts = shapes.describe(node)
        waiting += facts.get(f"{OWL}imports", ())
        for declaration in facts.get(f"{SH}declare", ()):
            about = shapes.describe(declaration)
            prefixes, spaces = (about.get(f"{SH}{name}", ()) for name in ("prefix", "namespace"))
            if len(prefixes) != 1 or len(spaces) != 1:
                message = (
                    f"sh:declare with {len(prefixes)} sh:prefix and {len(spaces)} sh:namespace"
                )
                raise _fault(shapes, shape, constraint, message, "give it one of each")
            prefix, space = prefixes[0].value, spaces[0].value
            if found.setdefault(prefix, space) != space:
                message = f"the prefix {prefix}: stands for <{found[prefix]}> and <{space}>"
                raise _fault(shapes, shape, constraint, message, "declare it once")
    return "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in found.items())


def forbidden(text: str, bound: Iterable[str] = PREBOUND, *, kind: str = "select") -> str | None:
    """Why pre-binding does not allow a query (SHACL, section 5.2.1 and appendix A), or None.

    Parameters:
        text: a query, its prefixes declared.
        bound: names of the variables that have a value beforehand.
        kind: the form that it must have, "select" or "ask".

    >>> forbidden("SELECT $this WHERE { $this ?p ?o MINUS { $this a ?o } }")
    'MINUS is not allowed where $this is bound beforehand'
    >>> forbidden("SELECT ?s WHERE { ?s ?p ?o }")
    'its SELECT does not give $this'
    """
    try:
        asked = form(text)
    except GsefgraphError as error:
        return error.message
    if asked != kind:
        return f"this is {asked.upper()}, where {kind.upper()} is wanted"
    reading = significant(text)
    wrong = _pattern_fault(reading)
    if wrong:
        return wrong
    for token, after in pairwise(reading):
        word = token.value.upper() if token.kind == "word" else ""
        if word == "GRAPH" and after.value.lstrip("?$") != "shapesGraph":
            return "GRAPH finds nothing, for the data are judged as one graph"
        if word in _FORBIDDEN:
            return f"{word} is not allowed where $this is bound beforehand"
        if word == "AS" and after.kind == "variable" and after.value[1:] in bound:
            return f"AS {after.value} gives a new value to what is bound beforehand"
    depth = 0
    for index, token in enumerate(reading):
        if token.kind == "mark":
            depth += (token.value == "{") - (token.value == "}")
        if (
            token.kind == "word"
            and token.value.upper() == "SELECT"
            and not _gives_this(reading, index)
        ):
            where = "a SELECT inside it" if depth else "its SELECT"
            return f"{where} does not give $this"
    return None


def _gives_this(reading: Sequence[Token], select: int) -> bool:
    """Whether the SELECT at a token projects $this."""
    depth = 0
    for index in range(select + 1, len(reading)):
        token = reading[index]
        if token.value in ("{", "}") or token.value.upper() in ("WHERE", "FROM"):
            return False
        if token.kind == "mark":
            depth += (token.value == "(") - (token.value == ")")
        if depth == 0 and token.value == "*":
            return _in_scope(reading, index)
        if depth == 0 and _is_this(token):
            return True
    return False


def _in_scope(reading: Sequence[Token], start: int) -> bool:
    """Whether the group after a token binds $this outside of filters (SPARQL 1.1, 18.2.1)."""
    braces = brackets = 0
    tested: list[int] = []  # depths of the groups of EXISTS, which bind nothing
    for index in range(start + 1, len(reading)):
        token = reading[index]
        if token.value == "{" and token.kind == "mark":
            braces += 1
            if reading[index - 1].value.upper() == "EXISTS":
                tested.append(braces)
        elif token.value == "}" and token.kind == "mark":
            if tested and tested[-1] == braces:
                tested.pop()
            braces -= 1
            if braces == 0:
                return False
        elif token.kind == "mark" and token.value in ("(", ")"):
            brackets += 1 if token.value == "(" else -1
        elif _is_this(token) and not brackets and not tested:
            return True
    return False


def _is_this(token: Token) -> bool:
    return token.kind == "variable" and token.value[1:] == "this"


def check_validators(shapes: Shapes) -> None:
    """Refuse a query of a component that pre-binding does not allow (SHACL, section 6.2.2).

    Errors:
        InputError.
    """
    for component, parameters in shapes.components.items():
        names = {re.split(r"[#/:]", iri)[-1] for iri in parameters} | {*PREBOUND, "PATH"}
        for local in ("validator", "nodeValidator", "propertyValidator"):
            for node in shapes.values(component, local):
                for kind, more in (("ask", {"value"}), ("select", set())):
                    for text in shapes.describe(node).get(f"{SH}{kind}", ()):
                        reason = forbidden(text.value, names | more, kind=kind)
                        if reason:
                            raise legality.fault(
                                shapes, component, f"sh:{local}: {reason}",
                                predicate=f"{SH}{local}", hint="see SHACL, sections 6.2 and A",
                            )  # fmt: skip


def _bound(shapes: Shapes, shape: str, constraint: str, text: str, path: Path | None) -> str:
    """The query with what is known of its shape put in (SHACL, sections 5.2.1 and 5.3.1)."""
    pieces = []
    inside = False
    for token in tokens(text):
        inside = inside or token.text == "{"
        name = token.value[1:] if token.kind == "variable" else ""
        if name == "PATH":
            if path is None:
                raise _fault(
                    shapes, shape, constraint, "$PATH, and a node shape has no path",
                    "use a predicate, or a property shape",
                )  # fmt: skip
            spelled = path.text(lambda iri: f"<{iri}>")
            pieces.append(f"({spelled})" if path.operator else spelled)
        elif name == "shapesGraph":
            raise _fault(
                shapes, shape, constraint, "$shapesGraph: the shapes cannot be queried here",
                "section 5.3.1 of SHACL leaves that to validators; put what they say in the query",
            )  # fmt: skip
        elif name == "currentShape" and inside:
            pieces.append(f"<{shape}>")
        else:
            pieces.append(token.text)
    return "".join(pieces)


def _check_syntax(shapes: Shapes, shape: str, constraint: str, text: str) -> None:
    from gsefgraph.engine.embedded import syntax_fault

    found = syntax_fault(text)
    if found:
        raise _fault(shapes, shape, constraint, f"sh:select is {found.message}", found.hint)


def _fault(
    shapes: Shapes, shape: str, constraint: str, message: str, hint: str | None
) -> InputError:
    """The error at the constraint's query, or at what leads to the constraint."""
    error = legality.fault(shapes, shape, message, hint=hint)
    place = shapes.place(constraint, f"{SH}select") or (error.file, error.line, error.column)
    error.file, error.line, error.column = place
    return error

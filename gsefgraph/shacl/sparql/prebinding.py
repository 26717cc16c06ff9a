"""SPARQL constraints: their text made whole, and what pre-binding forbids in it.

A query is asked about one focus node at a time, or about all of them together; that both mean the
same is what the rules of SHACL, appendix A are for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Triple

from gsefgraph.errors import GsefgraphError, InputError
from gsefgraph.shacl.shapes import legality
from gsefgraph.shacl.shapes.graph import Shapes, is_true
from gsefgraph.shacl.shapes.model import Sparql, variable
from gsefgraph.shacl.shapes.pattern import translate
from gsefgraph.sparql.algebra import Bgp, Call, Const, Expr, Pattern, Project, walk
from gsefgraph.sparql.form import form
from gsefgraph.sparql.parsing import Unreadable, parse
from gsefgraph.sparql.path import Path
from gsefgraph.sparql.terminals import significant, tokens
from gsefgraph.terms import OWL, SH, XSD, Term
from gsefgraph.wording import Wording, say

PREBOUND = ("this", "shapesGraph", "currentShape")
SHAPES = "urn:gsefgraph:shapes"
"""The shapes graph, where a query reads it."""
_RESERVED = (*PREBOUND, "path", "PATH", "value")
_VARIABLE = re.compile(r"\w+")
_FORBIDDEN = ("MINUS", "VALUES", "SERVICE")


def read(shapes: Shapes, shape: str, constraint: Term, path: Path | None) -> Sparql | None:
    """The SPARQL constraint of a shape; None where it is deactivated.

    Parameters:
        shape: id of the shape.
        constraint: the value of its sh:sparql.
        path: of the shape, for `$PATH`.

    Errors:
        InputError: not one sh:select, not SPARQL, or not what pre-binding allows.
    """
    if any(is_true(node) for node in shapes.values(constraint.value, "deactivated")):
        return None
    selects = shapes.values(constraint.value, "select")
    if len(selects) != 1:
        raise legality.fault(
            shapes, shape, say("select.several", count=len(selects)),
            predicate=f"{SH}sparql", value=constraint,
            hint=say("select.one"),
        )  # fmt: skip
    node = selects[0]
    if not isinstance(node, Literal) or node.datatype.value != f"{XSD}string":
        raise _fault(shapes, shape, constraint, say("select.not-text", node=node), None)
    heads = declarations(shapes, shape, constraint)
    reason = forbidden(heads + node.value)
    if reason:
        raise _fault(
            shapes,
            shape,
            constraint,
            say("shape.about", name="select", problem=reason),
            say("select.see"),
        )
    try:
        text = heads + put_in(node.value, shape, path, ("this",))
    except ValueError as error:
        hint = say("select.predicate")
        raise _fault(shapes, shape, constraint, error.args[0], hint) from None
    check_syntax(shapes, shape, constraint, text)
    return Sparql(constraint.value, text, shapes.messages(constraint), graph_of(shapes, text))


def declarations(shapes: Shapes, shape: str, query: Term) -> str:
    """PREFIX lines for what sh:prefixes of a query leads to (SHACL, section 5.2.1.1).

    Errors:
        InputError: a prefix with two namespaces, or a declaration that is none.
    """
    found: dict[str, str] = {}
    waiting: list[Term] = list(shapes.describe(query).get(f"{SH}prefixes", ()))
    seen: set[Term] = set()
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
                message = say("select.declare", prefixes=len(prefixes), spaces=len(spaces))
                raise _fault(shapes, shape, query, message, say("select.one-of-each"))
            prefix, space = prefixes[0].value, spaces[0].value
            if found.setdefault(prefix, space) != space:
                message = say("select.prefix", prefix=prefix, found=found[prefix], space=space)
                raise _fault(shapes, shape, query, message, say("select.declare-once"))
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
        found = form(text)
    except GsefgraphError as error:
        return error.message
    if found != kind:
        return say("select.form", form=found.upper(), wanted=kind.upper())
    try:
        pattern: Pattern = parse(text).pattern
    except Unreadable:
        pattern = Bgp()  # what is wrong with it is for the engine to say
    wrong = next(filter(None, map(_pattern_fault, walk(pattern))), None)
    if wrong:
        return wrong
    for token, after in pairwise(significant(text)):
        word = token.value.upper() if token.kind == "word" else ""
        if word in _FORBIDDEN:
            return say("select.not-allowed", word=word)
        if word == "AS" and after.kind == "variable" and after.value[1:] in bound:
            return say("select.new-value", variable=after.value)
    selects = [part for part in walk(pattern) if isinstance(part, Project)]
    for number, select in enumerate(selects):
        if "this" not in select.names:
            own = kind == "select" and not number
            where = say("select.its") if own else say("select.inside")
            return say("select.no-this", where=where)
    return None


def _pattern_fault(part: Pattern | Expr) -> str | None:
    """Why a pattern that REGEX or REPLACE is given as text is none; None where it is fine."""
    match part:
        case Call("REGEX", (_, pattern, *flags)) | Call("REPLACE", (_, pattern, _, *flags)):
            texts = [text for text in map(_text, (pattern, *flags)) if text is not None]
            if len(texts) == 1 + len(flags):
                try:
                    translate(*texts)
                except ValueError as error:
                    return say("select.pattern", pattern=texts[0], problem=error.args[0])
    return None


def _text(argument: Expr) -> str | None:
    match argument:
        case Const(Literal(value=value, datatype=datatype)) if datatype.value == f"{XSD}string":
            return value
    return None


def check_component(shapes: Shapes, component: str) -> None:
    """Refuse a component of the shapes graph with a parameter (SHACL, section 6.2.1) or a query
    (6.2.2) that is not legal.

    Parameters:
        component: its IRI.

    Errors:
        InputError.
    """
    names = {*map(variable, shapes.components[component]), *PREBOUND, "PATH"}
    _check_parameters(shapes, component)
    for local in ("validator", "nodeValidator", "propertyValidator"):
        for node in shapes.values(component, local):
            for message in shapes.describe(node).get(f"{SH}message", ()):
                if not legality.FORMS["text"][0](message):
                    raise legality.fault(
                        shapes, component, say("select.message", node=message),
                        predicate=f"{SH}{local}", hint=say("select.see-messages"),
                    )  # fmt: skip
            for kind, more in (("ask", {"value"}), ("select", set())):
                for text in shapes.describe(node).get(f"{SH}{kind}", ()):
                    heads = declarations(shapes, component, node)
                    reason = forbidden(heads + text.value, names | more, kind=kind)
                    if reason:
                        raise legality.fault(
                            shapes, component, say("shape.about", name=local, problem=reason),
                            predicate=f"{SH}{local}", hint=say("select.see-components"),
                        )  # fmt: skip


def _check_parameters(shapes: Shapes, component: str) -> None:
    seen: set[str] = set()
    for parameter in shapes.values(component, "parameter"):
        about = shapes.describe(parameter)
        paths = about.get(f"{SH}path", ())
        name = variable(paths[0].value) if [type(path) for path in paths] == [NamedNode] else ""
        problem = None
        if not _VARIABLE.fullmatch(name):
            problem = say("select.parameter-path")
        elif name in _RESERVED:
            problem = say("select.reserved", iri=paths[0].value, name=name)
        elif name in seen:
            problem = say("select.parameter-twice", name=name)
        for node in about.get(f"{SH}optional", ()):
            if not legality.FORMS["boolean"][0](node):
                problem = say("select.not-boolean", node=node)
        if problem:
            raise legality.fault(
                shapes, component, problem, predicate=f"{SH}parameter", value=parameter,
                hint=say("select.see-parameters" if name not in _RESERVED else "select.rename"),
            )  # fmt: skip
        seen.add(name)


def put_in(text: str, shape: str, path: Path | None, bound: Container[str] = ()) -> str:
    """The query with what is known of its shape put in (SHACL, sections 5.2.1 and 5.3.1).

    Parameters:
        shape, path: its id and its path.
        bound: names of the variables that have a value beforehand. They are constants, so what is
            grouped is grouped by them as well: else HAVING and aggregates would not know them.

    Returns:
        Where it asks for graphs of the data, a query that finds none: the data are one graph.

    Errors:
        ValueError: $PATH, where the shape has none.

    >>> put_in("SELECT $this { $this $PATH ?value FILTER(BOUND($currentShape)) }", "a:s",
    ...        Path.of("a:p"))
    'SELECT $this { $this <a:p> ?value FILTER((true)) }'
    >>> put_in("SELECT $this { ?s ?p $this } GROUP BY $this HAVING(COUNT(?s) < $least)", "a:s",
    ...        None, ("this", "least"))
    'SELECT $this { ?s ?p $this } GROUP BY ?this ?least $this HAVING(COUNT(?s) < $least)'
    """
    known = {"shapesGraph": f"<{SHAPES}>", "currentShape": f"<{shape}>"}
    pieces: list[str] = []
    inside = False
    reading = list(tokens(text))
    stand = dict.fromkeys(token.value[1:] for token in reading if token.kind == "variable")
    constants = "".join(f" ?{name}" for name in stand if name in bound)
    nowhere = named_graphs(text)
    terminals = 0
    before: list[tuple[int, str]] = [(0, ""), (0, "")]  # the last two terminals and their pieces
    for token in reading:
        inside = inside or token.text == "{"
        name = token.value[1:] if token.kind == "variable" else ""
        word = token.value.upper()
        if terminals in nowhere or terminals - 1 in nowhere:
            pieces.append("" if token.kind not in ("space", "comment") else token.text)
        elif terminals - 2 in nowhere and token.text == "{":
            pieces.append("{ FILTER(false)")
        elif name == "PATH":
            if path is None:
                raise ValueError(say("select.no-path"))
            pieces.append(f"({path})" if path.operator else str(path))
        elif name in known and inside:
            (start, first), (_, second) = before
            bare = (first, second) == ("BOUND", "(")  # BOUND takes a variable alone
            if bare:
                pieces[start:] = [""] * (len(pieces) - start)
            pieces.append("(true" if bare else known[name])
        else:
            grouped = word == "BY" and before[1][1] == "GROUP"
            pieces.append(f"{token.text}{constants}" if grouped else token.text)
        if token.kind not in ("space", "comment"):
            before = [before[1], (len(pieces) - 1, word)]
            terminals += 1
    return "".join(pieces)


def named_graphs(text: str) -> list[int]:
    """Where, in its terminals, a query asks for graphs of the data, which have none.

    >>> named_graphs("SELECT $this { GRAPH $shapesGraph { $this a ?c } GRAPH ?g { $this a ?c } }")
    [10]
    """
    pairs = enumerate(pairwise(significant(text)))
    return [
        start
        for start, (token, after) in pairs
        if token.kind == "word"
        and token.value.upper() == "GRAPH"
        and after.value.lstrip("?$") != "shapesGraph"
    ]


def graph_of(shapes: Shapes, text: str) -> tuple[Triple, ...]:
    """The shapes graph, where a query reads it."""
    return tuple(shapes.triples) if f"<{SHAPES}>" in text else ()


def check_syntax(
    shapes: Shapes, shape: str, constraint: Term, text: str, form: str = "select"
) -> None:
    """Refuse a text that is not SPARQL.

    Errors:
        InputError.
    """
    from gsefgraph.engine.embedded import syntax_fault

    found = syntax_fault(text)
    if found is None:
        return
    # What is not SPARQL is said of the text; all else stands for itself.
    plain = isinstance(found.message, Wording) and found.message.key == "sparql.not-sparql"
    problem = say("select.is" if plain else "shape.about", name=form, problem=found.message)
    hint = found.hint
    if say("sparql.no-prefix") in found.message:
        hint = shapes.unread or hint
    for function in shapes.functions:
        if f"<{function}>" in found.message:
            problem = say("select.function", name=form, function=f"<{function}>")
            hint = None
    raise _fault(shapes, shape, constraint, problem, hint)


def _fault(
    shapes: Shapes, shape: str, constraint: Term, message: str, hint: str | None
) -> InputError:
    """The error at the constraint's query, or at what leads to the constraint."""
    error = legality.fault(shapes, shape, message, hint=hint)
    place = shapes.place(constraint, f"{SH}select") or (error.file, error.line, error.column)
    error.file, error.line, error.column = place
    return error

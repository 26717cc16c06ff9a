"""Language tags as they are written: pyoxigraph writes all small, but where it reads JSON-LD.

Tags are the same whatever their case (RDF 1.1, section 3.3), so that nothing but what is written
out depends on this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pyoxigraph import Literal, Quad, RdfFormat, parse

Tags: TypeAlias = Mapping[tuple[str, str], str]
"""Tags as written, by the text that has one and the tag in small letters."""


def of(quads: Iterable[Quad]) -> Tags:
    """The tags of quads that have capital letters.

    >>> text = b'{"a:p": {"@value": "x", "@language": "pt-BR"}}'
    >>> of(parse(text, RdfFormat.JSON_LD, lenient=True))
    {('x', 'pt-br'): 'pt-BR'}
    """
    return {
        (literal.value, literal.language.lower()): literal.language
        for quad in quads
        if isinstance(literal := quad.object, Literal)
        and literal.language is not None
        and literal.language != literal.language.lower()
    }


def restored(quads: list[Quad], tags: Tags) -> list[Quad]:
    """Quads with their tags as written.

    >>> quads = list(parse(b'<a:s> <a:p> "x"@pt-BR .', RdfFormat.TURTLE))
    >>> str(quads[0].object), str(restored(quads, {("x", "pt-br"): "pt-BR"})[0].object)
    ('"x"@pt-br', '"x"@pt-BR')
    """
    if not tags:
        return quads
    nodes = [{"a:a": {"@value": value, "@language": tag}} for (value, _), tag in tags.items()]
    made = parse(json.dumps(nodes).encode(), RdfFormat.JSON_LD, lenient=True)
    literals = dict(zip(tags, (quad.object for quad in made), strict=True))

    def right(term: Any) -> Any:
        if isinstance(term, Literal) and term.language is not None:
            return literals.get((term.value, term.language.lower()), term)
        return term

    return [Quad(q.subject, q.predicate, right(q.object), q.graph_name) for q in quads]

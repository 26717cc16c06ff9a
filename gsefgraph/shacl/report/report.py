"""Report: the findings of one validation, and every form in which they are written.

Text for people, JSON, SARIF and JUnit for programs, HTML for a browser, and the W3C validation
report graph (SHACL, section 3.6) in Turtle and JSON-LD.

Turtle, JSON-LD, JSON and SARIF hold every result as SHACL counts them; text, HTML and JUnit show
what says the same once, and count that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from gsefgraph.files import named
from gsefgraph.shacl.report.finding import Findings, Label


@dataclass(frozen=True, slots=True)
class Report(Findings):
    """The findings of one validation.

    Attributes:
        lang: the language in which a notebook shows it.

    >>> report = Report.of([])
    >>> report.conforms, report.to_text("fr")
    (True, 'Conforme.\\n')
    """

    lang: str = field(default="en", repr=False, compare=False)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from gsefgraph.shacl.report.html import table

        return table(self, self.lang)

    def to_text(
        self, lang: str = "en", label: Label | None = None, *, warnings: bool = True
    ) -> str:
        """A block for each finding and a closing line of counts.

        Parameters:
            lang: en, fr or es; English for any other.
            label: the name of an IRI in that language, or the IRI in any form when it has none.
            warnings: whether to show what is no violation; it is counted all the same. That an
                owl:Class is no target is shown always.
        """
        from gsefgraph.shacl.report.text import write

        return write(self, lang, label, warnings=warnings)

    def to_json(self, lang: str = "en", label: Label | None = None) -> str:
        """An object with ``conforms``, ``counts``, ``findings``, ``warnings``, ``ways``.

        UTF-8, two-space indent. Each finding has full IRIs under ``focus``, ``component``, ``rule``
        (``[]`` where neither its shape nor one around it has a name) and ``severity`` (the local
        name), its property path in SPARQL's notation, ``value`` as an object like those of
        SPARQL 1.1 results in JSON, ``message`` and ``hint`` in `lang`, and ``source``. ``counts``
        are those before any filter; ``more`` and ``known`` stand where a limit cut results off and
        where a baseline holds some already, ``complete`` (false) where shapes were left out.
        """
        from gsefgraph.shacl.report.plain import write

        return "".join(write(self, lang, label))

    def to_sarif(
        self, lang: str = "en", label: Label | None = None, *, folder: File | None = None
    ) -> str:
        """SARIF 2.1.0 (OASIS), for code scanning; `folder`: what file names are made relative to,
        the current folder when it is not given."""
        from gsefgraph.shacl.report.sarif import write

        return "".join(write(self, lang, label, folder=folder))

    def to_junit(self, lang: str = "en", label: Label | None = None) -> bytes:
        """JUnit's XML: a suite for each file, a case for each rule that something breaks in it."""
        from gsefgraph.shacl.report.junit import write

        return write(self, lang, label)

    def to_html(self, lang: str = "en", label: Label | None = None) -> str:
        """One page that needs nothing else: grouped by rule and by node, with counts."""
        from gsefgraph.shacl.report.html import write

        return write(self, lang, label)

    def to_graph(self) -> bytes:
        """A sh:ValidationReport in Turtle, messages in every language; same report, same bytes."""
        from gsefgraph.rdf import turtle
        from gsefgraph.shacl.report.graph import description

        return b"".join(turtle.write_node(description(self), self.names))

    def to_jsonld(self) -> bytes:
        """The same graph as `to_graph` gives, as JSON-LD 1.1 with the report at the top."""
        from gsefgraph.rdf import jsonld
        from gsefgraph.shacl.report.graph import description

        return b"".join(jsonld.write_node(description(self), self.names))

    def pieces(
        self, form: str, lang: str = "en", label: Label | None = None, *, warnings: bool = True
    ) -> Iterator[bytes]:
        """The report in one of `FORMS`, piece by piece, so that a large one need not be held.

        Parameters:
            form: text, json, turtle, jsonld, sarif, junit or html.
            lang, label, warnings: as for `to_text`.

        Errors:
            KeyError: no such form. UsageError: more results than a file can hold.

        >>> [*Report.of([]).pieces("text", "es")]
        [b'Conforme.\\n']
        """
        from gsefgraph.rdf import jsonld, turtle
        from gsefgraph.shacl.report import plain, sarif
        from gsefgraph.shacl.report.graph import description

        def text() -> Iterator[bytes]:
            # The name of a file may be no text.
            return (piece.encode("utf-8", "backslashreplace") for piece in written[form]())

        written: Mapping[str, Callable[[], Iterable[str]]] = {
            "text": lambda: (self.to_text(lang, label, warnings=warnings),),
            "json": lambda: plain.write(self, lang, label),
            "sarif": lambda: sarif.write(self, lang, label),
            "html": lambda: (self.to_html(lang, label),),
        }
        pieces: Mapping[str, Callable[[], Iterator[bytes]]] = {
            **dict.fromkeys(written, text),
            "turtle": lambda: turtle.write_node(description(self), self.names),
            "jsonld": lambda: jsonld.write_node(description(self), self.names),
            "junit": lambda: iter((self.to_junit(lang, label),)),
        }
        return pieces[form]()

    def unchecked(self, form: str, lang: str = "en", *, warnings: bool = True) -> list[str]:
        """Lines on what was not checked, as far as a form does not hold them: those of W3C and
        JUnit have no place for most.

        Parameters:
            form, lang: as for `pieces`.
            warnings: whether all are wanted, not the gravest alone.

        >>> Report.of([], omitted=({"en": "left out: it is none"},)).unchecked("turtle")[1]
        'Validation is not complete: 1 part of the shapes is left out.'
        """
        from gsefgraph.shacl.report.view import View

        return View(self, lang).unchecked(form, quiet=not warnings)

    def choose(
        self,
        *,
        severity: str | None = None,
        shapes: Collection[str] = (),
        rules: Collection[str] = (),
        limit: int | None = None,
    ) -> Report:
        """The report with some findings only; see `choose.apply`."""
        from gsefgraph.shacl.report import choose

        return choose.apply(self, severity=severity, shapes=shapes, rules=rules, limit=limit)

    def since(self, baseline: str | File) -> Report:
        """The report with what an earlier one does not hold; see `baseline.new`."""
        from gsefgraph.shacl.report.baseline import new

        return new(self, named(baseline))

    def name(self, iri: str, lang: str, label: Label | None = None) -> str:
        """The name of an IRI with its compact form, or the compact form alone."""
        from gsefgraph.shacl.report.view import View

        return View(self, lang, label).name(iri)

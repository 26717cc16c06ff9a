"""Graph: the whole flow, from files to answers, in one class.

files -> quads -> derived triples -> engine -> stored questions -> answers with evidence
records -> checked together with the graph -> put where they belong
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, Triple

from gsefgraph import project as projects
from gsefgraph.engine import connect
from gsefgraph.engine.base import Engine
from gsefgraph.errors import UnknownName, nearest
from gsefgraph.graph import build
from gsefgraph.limits import Limits
from gsefgraph.project import Project
from gsefgraph.rdf import tags
from gsefgraph.rdf.reading import AS_RECORDS, Reading
from gsefgraph.records.resolve import Found, Resolver
from gsefgraph.terms import GSEF
from gsefgraph.wording import say

if TYPE_CHECKING:
    import rdflib

    from gsefgraph.answers.answer import Answer
    from gsefgraph.answers.constructed import Constructed
    from gsefgraph.evidence import Fault, Passage
    from gsefgraph.graph.changes import Changes
    from gsefgraph.graph.changing import Changed
    from gsefgraph.graph.page import Page
    from gsefgraph.graph.things import Thing
    from gsefgraph.limits import Progress
    from gsefgraph.queries.catalogue import Catalogue
    from gsefgraph.queries.parameters import Value
    from gsefgraph.rdf.tags import Spelling
    from gsefgraph.reason.proof import Proof
    from gsefgraph.reason.rule import Rule
    from gsefgraph.records.foreign import Record
    from gsefgraph.records.rdf import RecordFile
    from gsefgraph.shacl.checks import Checks
    from gsefgraph.shacl.report.report import Report


_NEAR = 2_000  # triples around those of a page from which it is told what follows


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=3)


class Graph:
    """A graph to ask, check, add to and export.

    >>> graph = Graph.open()
    >>> len(graph.query("goals-not-covered")) > 0, graph.search("OCDE")[0].iri.value[-8:]
    (True, 'org/oecd')
    >>> len(list(graph.quads("graph:curation"))), graph.dataset(inferred=False).default_union
    (144, False)
    >>> graph.close()
    """

    def __init__(
        self,
        engine: Engine,
        project: Project,
        *,
        lang: str = "en",
        store: str = "memory:",
        data: Sequence[str | Path] = (),
        reading: Reading = AS_RECORDS,
        given: build.Given | None = None,
        warn: Callable[[str], None] = _warn,
    ) -> None:
        self.project = project
        self.names = project.names
        self.lang = lang
        self.store = store
        self.data = tuple(data)
        self.reading = reading
        self.warn = warn
        self._given = given  # the files that a graph in memory is made of
        self._hold(engine)

    def _hold(self, engine: Engine) -> None:
        """Speak of an engine from now on, or of one whose content has changed."""
        self.engine = engine
        self.resolver = Resolver(engine, self.names)
        self.__dict__.pop("digest", None)
        self.__dict__.pop("_origin", None)

    @classmethod
    def open(
        cls,
        store: str = "memory:",
        *,
        data: Sequence[str | Path] = (),
        project: str | Path | None = None,
        lang: str = "en",
        reading: Reading = AS_RECORDS,
        alone: bool = False,
        warn: Callable[[str], None] = _warn,
        once: bool = False,
        keeping: bool = False,
    ) -> Graph:
        """Open a graph.

        Parameters:
            store: ``memory:`` (from files), a folder that `load` made, or a SPARQL 1.1 endpoint.
            data: RDF files, or folders of them, to use instead of the project's data; only with
                ``memory:``.
            project: a folder with data/; by default what the package came with.
            lang: language of names and findings: en, fr or es.
            reading: base, contexts and bound of files that are named; where it has no base, what is
                only looked at has that of its own address.
            alone: whether `data` is all there is: no ontology, nothing derived.
            warn: told what a person should know, such as a store older than its files.
            once: for a few questions only; starts faster, cannot be written to.
            keeping: for what is to be kept, an export say: relative IRIs and graphs without an IRI
                are errors, and the forms of a store are of no account.

        Errors:
            InputError: a file. StoreDamaged, EngineError: a store. UsageError: both were named.
        """
        found = projects.find(project)
        engine, given = build.open_engine(
            found,
            store,
            data,
            once=once,
            reading=reading if keeping else reading.looking(),
            alone=alone,
            warn=warn,
        )
        return cls(
            engine,
            found,
            lang=lang,
            store=store,
            data=data,
            reading=reading,
            given=given,
            warn=warn,
        )

    @cached_property
    def catalogue(self) -> Catalogue:
        """The stored queries."""
        from gsefgraph.queries.catalogue import of_project

        return of_project(self.project, self.warn)

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules that derive what follows."""
        return build.rules(self.project)

    def bind(self, question: str, /, **values: Value | None) -> str:
        """The SPARQL text of a stored query with its parameters bound, for any engine.

        Errors:
            UnknownName: no such query. ParameterError: a value that it does not take.

        >>> with Graph.open() as graph:
        ...     "<http://metadata.un.org/sdg/8>" in graph.bind("events-by-goal", goal=8)
        True
        """
        from gsefgraph.sparql.prologue import missing

        text = self.catalogue.get(question).bind(values, self.resolver)
        return missing(text, self.names.prefixes) + text

    def query(
        self,
        question: str | Path,
        given: Mapping[str, Value | None] | None = None,
        /,
        *,
        timeout: float | None = None,
        lang: str | None = None,
        evidence: bool = False,
        limit: int | None = None,
        base: str | None = None,
        **values: Value | None,
    ) -> Answer | Constructed:
        """Ask a stored query, a file of SPARQL, or SPARQL text.

        Parameters:
            question: the name of a stored query, a path ending in .rq, or SPARQL 1.1 Query text.
            given: parameters as a mapping, for any name, beside those given as keywords.
            timeout: seconds; None is no limit.
            lang: language of column heads and labels; the graph's by default.
            evidence: whether to look up the passages that rows rest on.
            limit: at most so many rows.
            base: what relative IRIs of a text are resolved against; that of `reading` by default.
            values: parameters of the query: IRIs, names ("GSEF", "ODD 8"), dates, numbers, text.

        Returns:
            Rows with named columns, in the order that the query gives; triples for CONSTRUCT.

        Errors:
            UnknownName, ParameterError, SyntaxFault, RefusedAccess, QueryTimeout, EngineError.

        >>> with Graph.open(lang="fr") as graph:
        ...     answer = graph.query("observers", organisation="UNTFSSE")
        ...     [row.observer.value for row in answer]
        ['https://w3id.org/gsefgraph/id/org/gsef']
        """
        from gsefgraph.answers.answer import Answer
        from gsefgraph.graph import asking

        asked = asking.settle(question, self.catalogue)
        found = asking.ask(
            asked,
            {**(given or {}), **values},
            self.engine,
            self.resolver,
            self.project,
            lang=lang or self.lang,
            timeout=timeout,
            spelling=self.spelling(),
            base=base or self.reading.base,
        )
        found = asking.cut(found, limit)
        if evidence and isinstance(found, Answer):
            found = asking.with_evidence(found, asked, self.engine)
        return found

    def spelling(self) -> Spelling:
        """How language tags are written that the engine has in small letters.

        >>> Graph.open().spelling()
        {}
        """
        return self._given.notes.tags if self._given is not None else self._origin.tags

    @cached_property
    def _origin(self) -> build.Origin:
        return build.Origin.of("" if "://" in self.store else self.engine.info().get("origin", ""))

    @cached_property
    def digest(self) -> str:
        """What tells this content from any other; empty where it may change without a word.

        >>> len(Graph.open().digest)
        32
        """
        if self._given is not None:
            return self._given.made_of
        return self.engine.info().get("digest", "")

    def search(self, text: str, *, limit: int = 20) -> list[Found]:
        """Things whose names hold a text, the best first."""
        return self.resolver.search(text, self.lang, limit)

    def passages(self, text: str, *, limit: int = 20) -> list[Passage]:
        """Passages of the sources whose words hold a text, the best first.

        >>> with Graph.open() as graph:
        ...     any("observateur" in found.quote for found in graph.passages("OBSERVATEUR"))
        True
        """
        from gsefgraph.evidence import passages

        nodes = self.resolver.passages(text, limit)
        return [one for found in passages(self.engine, nodes).values() for one in found[:1]]

    def show(self, name: str) -> Thing:
        """Everything known of one thing: what is said of it, by whom, and on which passages.

        Parameters:
            name: an IRI, a compact IRI, or a name.

        Errors:
            UnknownName, AmbiguousName.

        >>> with Graph.open(lang="fr") as graph:
        ...     graph.show("OCDE").kinds
        ('Organisation', 'organisation internationale')
        """
        from gsefgraph.graph.things import describe

        return describe(self.engine, self.resolver, self.page(name), self.lang)

    def page(self, name: str, lang: str | None = None) -> Page:
        """Everything known of a thing, in a person's order and told in sentences.

        Parameters:
            name: an IRI, a compact IRI or a name.
            lang: language of the page; that of the graph by default.

        Errors:
            UnknownName, AmbiguousName.

        >>> with Graph.open(lang="fr") as graph:
        ...     graph.page("OCDE").kind
        'Organisation'
        """
        from gsefgraph.graph.pages import page

        language = lang or self.lang
        node = self.resolver.resolve(name)

        def rule(name: str) -> str:
            return next((r.sentence(language) for r in self.rules if r.name == name), "")

        def follows(
            stated: Iterable[Triple], wanted: Callable[[Triple], bool]
        ) -> tuple[list[Triple], bool]:
            from gsefgraph.reason.premises import consequences
            from gsefgraph.reason.rules import inferred

            ours = [r for r in self.rules if any(iri.startswith(GSEF) for iri in r.writes)]
            return consequences(stated, ours, self.engine, inferred(self.names), wanted, _NEAR)

        return page(self.engine, self.resolver, node, language, rule, follows)

    @cached_property
    def checks(self) -> Checks:
        """What records are checked against: the project's shapes and ontology."""
        from gsefgraph.graph.validation import checks_of_project, telling

        return checks_of_project(self.project, telling(self.reading, self.warn))

    def validate(
        self, *records: Record, remove: Record | Sequence[Record] = (), replace: bool = False,
        gone: Sequence[Quad] = (), shapes: str | Path | Sequence[str | Path] = (),
        lenient: bool = False, inferred: bool = False, memory: int | None = None,
        folder: Path | None = None, progress: Progress | None = None, unchecked: bool = False,
    ) -> Report:  # fmt: skip
        """Check new records together with the graph; without any, the graph itself.

        Parameters:
            records, remove: files, or rdflib Graphs and Datasets: what is to be added, and what is
                to be taken for gone.
            replace: whether the records replace what the graph states of the things they describe.
            gone: quads that are to be taken for gone, each from its own graph only.
            shapes: files or folders of SHACL shapes to use instead of the project's.
            lenient: whether shapes of these that are not legal are left out, not refused.
            inferred: whether derived triples count as facts.
            memory: bytes that a large graph may take; what does not fit goes to disk.
            folder: where temporary files go; the system's by default.
            progress: told the stage of long work, and how much of it is done.
            unchecked: as for `add`.

        Returns:
            Findings that the change brings, in the order of the files. `conforms` is false when one
            is a violation.

        Errors:
            InputError, SyntaxFault: a file. RefusedAccess, EngineError.

        >>> with Graph.open() as graph:
        ...     invalid = graph.project.ontology / "examples" / "invalid" / "evidence.ttl"
        ...     graph.validate(invalid).conforms
        False
        """
        from gsefgraph.graph.entering import typing
        from gsefgraph.graph.validation import check, checks_of, telling

        reading = typing(self, telling(self.reading.looking(), self.warn), unchecked=unchecked)
        report = check(
            records,
            self.engine,
            lambda: checks_of(self.checks, shapes, lenient=lenient, reading=reading),
            names=self.names,
            remove=remove,
            replace=replace,
            gone=gone,
            inferred=inferred,
            sources=self._files,
            stated=self._as_read(),
            rules=lambda: self.rules,
            texts=self.project.source_texts,
            limits=Limits(memory, folder, progress=progress),
            reading=reading,
        )
        return dataclasses.replace(report, lang=self.lang)

    def _as_read(self) -> Callable[[], Iterable[Quad]] | None:
        """What gives the terms of the files, where the engine keeps some in another form."""
        given = self._given
        if given is None or not given.notes.rewritten or not given.unchanged():
            return None
        return given.quads

    def _files(self) -> Iterator[RecordFile]:
        """The files that a graph in memory was built from, with the place of each triple."""
        return self._given.files() if self._given else iter(())

    def add(
        self, *records: Record, document: str | None = None, dry_run: bool = False,
        unchecked: bool = False, replace: bool = False, by: str | None = None,
        beside: Mapping[Path, bytes | None] | None = None,
    ) -> Changed:  # fmt: skip
        """Check records and, only if they conform, put them where they belong.

        In memory that is the project's data/ folder; otherwise the store that is open. All of it
        happens or nothing does.

        Parameters:
            records: files, or rdflib Graphs and Datasets.
            document: IRI or name of the document that states what records say that name none.
            dry_run: check and place, write nothing.
            unchecked: whether a quote may stand of whose source no text is stored.
            replace: whether they stand in the place of what their documents state of the same.
            by: the name of who does it, for the history; by default git's user.name.
            beside: further files of the project, written in the same step.

        Errors:
            ReadOnlyProject: the data of an installed package. UsageError: no document is named.
            As `validate`.

        >>> with Graph.open() as graph:
        ...     record = graph.project.ontology / "examples" / "place-within-a-country.ttl"
        ...     graph.add(record, dry_run=True).conforms
        True
        """
        from gsefgraph.graph.entering import typing
        from gsefgraph.graph.validation import telling

        reading = typing(self, telling(self.reading, self.warn), document, unchecked=unchecked)
        return self.changes.add(
            records, reading, document, replace=replace, beside=beside, by=by, dry_run=dry_run
        )

    @property
    def changes(self) -> Changes:
        """What can be done to the graph, and what was done: as ``graph.changes.undo()``."""
        from gsefgraph.graph.changes import Changes

        return Changes(self)

    def refresh(self) -> None:
        """Speak of the files, or the store, as they are now.

        >>> Graph.open().refresh()
        """
        if self._given:
            now = build.Given(self.project, self.data, self._given.reading, alone=self._given.alone)
            if now.key() != self._given.made_of:
                self.engine.close()
                self._given = now
                self._hold(now.memory())
            return
        if "://" not in self.store:
            self.engine.close()
            self.engine = connect(self.store)
        self._hold(self.engine)

    def export(
        self,
        format: str = "turtle",  # noqa: A002
        *,
        graph: str | None = None,
        inferred: bool = True,
    ) -> bytes:
        """The graph as a file of RDF.

        Parameters:
            format: turtle, trig, ntriples, nquads, jsonld or rdfxml; the first, the third and the
                last give the union.
            graph: IRI of one named graph.
            inferred: whether to include derived triples.

        Returns:
            UTF-8 bytes, the same for the same graph.

        Errors:
            UnknownName: no such format or graph.

        >>> with Graph.open() as graph:
        ...     graph.export("ntriples", graph="graph:curation").count(b"GoalLink>")
        12
        """
        from gsefgraph.rdf.export import export

        context = self.project.context
        quads = self.quads(graph, inferred=inferred)
        if self._given is not None and self._given.alone:  # a file alone has its own graphs only
            ours = {NamedNode(source.graph) for source in self._given.sources}
            quads = (Quad(*q.triple) if q.graph_name in ours else q for q in quads)
        return export(quads, format, self.names, context=context, note=self.warn)

    def quads(self, graph: str | None = None, *, inferred: bool = True) -> Iterable[Quad]:
        """The quads of one named graph or of all, never the union; each in no order.

        What a graph in memory states has the terms of its files, which an engine may keep in
        another lexical form.

        Errors:
            UnknownName: no such graph. SyntaxFault: a relative IRI, where no base was given.
        """
        derived = NamedNode(self.names.graph("inferred"))
        known = self.engine.graphs()
        wanted = [held for held in known if inferred or held != derived]
        if graph is not None:
            wanted = [NamedNode(self.names.expand(graph))]
            if wanted[0] not in known:
                compact = [self.names.compact(held.value) for held in known]
                raise UnknownName(say("graph.no-graph", name=graph), hint=nearest(graph, compact))
        if self._given is None or not self._given.unchanged():
            held_quads = (quad for held in wanted for quad in self.engine.dump(held))
            return tags.respelt(held_quads, self.spelling())
        names = set(wanted)
        stated = (q for q in self._given.written(self.reading) if q.graph_name in names)
        return chain(dict.fromkeys(stated), self.engine.dump(derived) if derived in wanted else ())

    def dataset(self, *, inferred: bool = True) -> rdflib.Dataset:
        """A copy as an rdflib Dataset, with the project's prefixes."""
        from gsefgraph.records.foreign import to_rdflib

        return to_rdflib(self.quads(inferred=inferred), self.names)

    def explain(self, subject: str, predicate: str, value: str) -> Proof:
        """Prove a triple: who states it on which passages, or which rule gives it from what.

        Parameters:
            subject, predicate, value: IRIs, compact IRIs or names; a value may be a literal.

        Errors:
            UnknownName: the graph does not hold this triple.

        >>> with Graph.open() as graph:
        ...     proof = graph.explain("GSEF", "observerOf", "UNTFSSE")
        ...     proof.rule.name, len(list(proof.leaves()))
        ('observer-of', 3)
        """
        from gsefgraph.graph.things import read_triple
        from gsefgraph.reason.explain import explain

        triple = read_triple(self.resolver, subject, predicate, value)
        proof = explain(self.engine, self.rules, triple, names=self.names)
        resolver, lang = self.resolver, self.lang

        def told(proof: Proof) -> str:
            return proof.to_text(lang, lambda iri: resolver.label(iri, lang), resolver.names)

        return dataclasses.replace(proof, told=told)

    def sentences(self, proof: Proof, lang: str | None = None) -> Callable[[Triple], str]:
        """What tells the triples of a proof as sentences.

        Parameters:
            proof: as `explain` gives it.
            lang: en, fr or es; that of the graph by default.

        >>> with Graph.open() as graph:
        ...     proof = graph.explain("GSEF", "observerOf", "UNTFSSE")
        ...     graph.sentences(proof)(proof.triple)[:43]
        'Global Social Economy Forum is an observer '
        """
        from gsefgraph.graph.pages.sentences import of_proof

        return of_proof(self.engine, self.resolver, proof, lang or self.lang)

    def evidence(self) -> list[Fault]:
        """Check every quote against the source texts again; returns what is wrong, [] if nothing.

        Errors:
            InputError: a source text that cannot be read.

        >>> with Graph.open() as graph:
        ...     graph.evidence()
        []
        """
        from gsefgraph.evidence import verify

        return verify(self.engine, self.project.source_texts)

    def _repr_html_(self) -> str:
        from gsefgraph.graph.summary import to_html

        return to_html(self)

    def close(self) -> None:
        """Give up the engine's files and connections."""
        self.engine.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

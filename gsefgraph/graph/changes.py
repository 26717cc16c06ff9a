"""What can be done to a graph: add, put in the place of, rename, remove, take back, forget.

Each is looked at as a whole and made whole or not at all (`changing.py`).

>>> import tempfile
>>> from gsefgraph.graph.graph import Graph
>>> from gsefgraph.graph.beginning import begin
>>> from gsefgraph.graph.entering import typing
>>> folder = tempfile.TemporaryDirectory()
>>> root = Path(folder.name, "own")
>>> _ = begin(root, "en")
>>> own = Graph.open(project=root)
>>> reading = typing(own, own.reading)
>>> own.changes.add([root / "records" / "first.yaml"], reading, by="Ana").number
1
>>> own.changes.rename("Ana Ejemplo", "Ana Example").difference.to_text("en")
'~ “Ana Ejemplo” is now called “Ana Example”'
>>> own.changes.undo().conforms, [each.kind for each in own.changes.history().changes]
(True, ['add', 'rename', 'undo'])
>>> past = own.changes.history()
>>> past.cancelled, len(own.changes.about(past.changes[0]))
({2}, 4)
>>> own.changes.forget("Ana Ejemplo").gone
15
>>> folder.cleanup()

The shipped graph, looked at only:

>>> changes = Changes(Graph.open())
>>> done = changes.rename("Seoul", "Séoul", lang="fr", dry_run=True)
>>> done.count, done.gone, [path.name for path in done.files]
(0, 0, [])
>>> gone = changes.remove("Laurence Kwark", also=True, dry_run=True).difference
>>> gone.to_text("en").splitlines()[-1]
'- Laurence Kwark is of the class “Person”'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from gsefgraph import files
from gsefgraph.engine.base import Pattern
from gsefgraph.errors import UnknownName, UsageError
from gsefgraph.graph.changing import Changed, Wish, change, check_writable, history, read
from gsefgraph.graph.entering import typing
from gsefgraph.graph.removal import Removal, replaced, stated
from gsefgraph.history.change import Change
from gsefgraph.history.history import FOLDER, History
from gsefgraph.records import rdf
from gsefgraph.records.foreign import read_records
from gsefgraph.records.naming import cleaned
from gsefgraph.records.rdf import RecordFile
from gsefgraph.records.written import yaml
from gsefgraph.terms import GSEF, KINDS, RDF, SKOS
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.rdf.reading import Reading
    from gsefgraph.records.foreign import Record

_TYPE: Final = NamedNode(f"{RDF}type")
_LABEL: Final = NamedNode(f"{SKOS}prefLabel")
_ALSO: Final = NamedNode(f"{SKOS}altLabel")
_LARGEST: Final = 20_000_000  # bytes of a file in which a name is looked for
_HOLDING: Final = ("agent", "event", "organisation", "subject")
_EDITED: Final = "edited.yaml"


class Changes:
    """What is done to a graph.

    Parameters:
        graph: in memory from a project's files, which are written; or a store.

    Each method takes `by`, the name of who does it (by default git's user.name), and `dry_run`,
    which looks at it as a whole and writes nothing; each gives a `Changed`, whose `conforms` is
    false where what it leads to does not, and nothing was done. Each raises as `changing.change`.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def add(
        self, records: Sequence[Record], reading: Reading, document: str | None = None, *,
        replace: bool = False, beside: Mapping[Path, bytes | None] | None = None,
        by: str | None = None, dry_run: bool = False, kind: str = "",
    ) -> Changed:  # fmt: skip
        """Add records, as `Graph.add` does.

        Parameters:
            records: in any form that is taken.
            reading: how files are read.
            document: IRI or name of the document that states what they say, where they name none.
            replace: whether they stand in the place of what their documents state of the same
                things.
            beside: further files of the project, written in the same step.
            kind: what the history calls it, ``add`` or ``replace`` by default.
        """
        graph = self._graph
        if graph.store == "memory:":
            check_writable(graph.project, graph.data)
        elif beside:
            raise UsageError(say("graph.files-need-project"), hint=say("cli.project-folder"))
        # Read to the end before anyone has to wait; placed by what the graph knows from then on.
        given = tuple(read_records(records, reading))

        def wanted() -> Wish:
            source = graph.resolver.resolve(document).value if document else None
            found = read(given, graph.names, source, graph.engine)
            removed = replaced(graph.engine, graph.names, found) if replace else ()
            called = kind or ("replace" if replace else "add")
            return Wish(called, found, removed, beside or {})

        return change(graph, wanted, by=by, dry_run=dry_run)

    def rename(
        self, name: str, new: str, *, lang: str | None = None, keep: bool = False,
        by: str | None = None, dry_run: bool = False,
    ) -> Changed:  # fmt: skip
        """Give a thing another name; its IRI stays.

        Parameters:
            name: an IRI, a compact IRI, or a name.
            new: the name.
            lang: of the name; by default that of the only name it has, else the graph's.
            keep: whether the old name stays as another name.

        Errors:
            UnknownName, AmbiguousName. UsageError: the name is empty, or one in several graphs.
        """
        graph = self._graph

        def wanted() -> Wish:
            node = graph.resolver.resolve(name)
            labels = self._stated([(node, _LABEL, None)])
            tags = {quad.object.language for quad in labels if isinstance(quad.object, Literal)}
            tag = lang or (tags.pop() if len(tags) == 1 else None) or graph.lang
            text = cleaned(new)
            held = {quad.graph_name for quad in labels} or {
                quad.graph_name for quad in self._stated([(node, _TYPE, None)])
            }
            if not text or len(held) != 1:
                key = "change.no-name" if not text else "change.no-label"
                raise UsageError(say(key, thing=graph.names.compact(node.value)))
            [where] = held
            old = [q for q in labels if isinstance(q.object, Literal) and q.object.language == tag]
            said = [Quad(node, _LABEL, Literal(text, language=tag), where)]
            if keep:
                said += [Quad(node, _ALSO, quad.object, where) for quad in old]
            removed = [*old, *self._stated([(node, _ALSO, Literal(text, language=tag))])]
            return Wish("rename", [_record("", said)], removed)

        return change(graph, wanted, by=by, dry_run=dry_run)

    def remove(
        self, name: str, *, also: bool = False, by: str | None = None, dry_run: bool = False
    ) -> Changed:
        """Remove all that is stated of a thing, or what a file states.

        Parameters:
            name: an IRI, a compact IRI, a name; or a file of records: where the history knows that
                it was added, that is taken back.
            also: whether what refers to it goes, too: who took part, posts, goal links, passages.

        Errors:
            UnknownName, AmbiguousName. UsageError: something refers to it.
        """
        graph, path = self._graph, Path(name)
        if path.is_file() and (number := self._added_by(path)) is not None:
            return self.undo(number, by=by, dry_run=dry_run)
        reading = typing(graph, graph.reading)
        given = tuple(read_records([path], reading)) if path.is_file() else ()

        def wanted() -> Wish:
            removal = Removal(graph.engine, graph.names)
            if given:
                for record in read(given, graph.names, None, graph.engine):
                    removal.take(record.quads)
            else:
                node = graph.resolver.resolve(name)
                removal.thing(node)
                if also:
                    removal.document(node)
                if not removal.quads:
                    named = graph.names.compact(node.value)
                    raise UsageError(say("change.not-stated", thing=named))
            if also:
                removal.also()
            return Wish("remove", removed=[*removal.quads])

        return change(graph, wanted, by=by, dry_run=dry_run)

    def to_edit(self, name: str) -> str:
        """A thing as a record in YAML, with what joins it to others, to be edited.

        Errors:
            UnknownName, AmbiguousName.

        >>> from gsefgraph.graph.graph import Graph
        >>> "id: id-person:laurence-kwark" in Changes(Graph.open()).to_edit("Laurence Kwark")
        True
        """
        graph = self._graph
        node = graph.resolver.resolve(name)
        joins = self._stated([(None, NamedNode(f"{GSEF}{each}"), node) for each in _HOLDING])
        parts = [quad.subject for quad in joins if isinstance(quad.subject, NamedNode)]
        quads = self._stated([(each, None, None) for each in (node, *parts)])
        if not quads:
            raise UsageError(say("change.not-stated", thing=graph.names.compact(node.value)))
        things = [q.object.value for q in quads if isinstance(q.object, NamedNode)]
        labels = graph.resolver.labels(dict.fromkeys(things), graph.lang)
        compact = {iri: graph.names.compact(iri) for iri in labels}

        def label(iri: str) -> str:
            found = labels.get(iri, "")
            return "" if found == compact.get(iri) else found

        head = say("change.edit-head", thing=graph.resolver.label(node, graph.lang))
        lines = "".join(f"# {line}\n" for line in head.text(graph.lang).splitlines())
        return yaml(quads, graph.names, graph.project.context, label, lines)

    def edit(
        self, before: str, after: str, *, by: str | None = None, dry_run: bool = False
    ) -> Changed:
        """Make what a record says after it was edited of what it said before.

        >>> from gsefgraph.graph.graph import Graph
        >>> changes = Changes(Graph.open())
        >>> text = changes.to_edit("Seoul")
        >>> done = changes.edit(text, text.replace("en: Seoul", "en: Soul"), dry_run=True)
        >>> done.difference.to_text("en")
        '~ “Seoul” is now called “Soul”'

        Parameters:
            before: as `to_edit` gave it.
            after: as a person left it.

        Errors:
            InputError, SyntaxFault: it is no record any more.
        """
        reading = typing(self._graph, self._graph.reading.looking())
        old, new = (
            rdf.read(_EDITED, data=text.encode(), reading=reading) for text in (before, after)
        )

        def wanted() -> Wish:
            return Wish("edit", [new], [quad for quad in old.quads if quad not in {*new.quads}])

        return change(self._graph, wanted, by=by, dry_run=dry_run)

    def _added_by(self, path: Path) -> int | None:
        """The number of the last change in force that came from a file; None where none did."""
        past = history(self._graph)
        off = past.cancelled if past else set()
        for each in reversed(past.changes if past else ()):
            same = any(Path(one).resolve() == path.resolve() for one in each.sources)
            if same and each.number not in off and each.kind in ("add", "replace"):
                return each.number
        return None

    def undo(
        self, number: int | None = None, *, by: str | None = None, dry_run: bool = False
    ) -> Changed:
        """Take a change back, also where later ones touched other things.

        Parameters:
            number: of the change; by default the last one that is in force. Taking back what took
                another back puts that in force again.

        Errors:
            UnknownName: there is no such change. UsageError: it is taken back already, or a later
            change did the opposite of it.
        """
        graph = self._graph

        def wanted() -> Wish:
            past = self.history()
            last = past.last()
            if number is None and last is None:
                raise UsageError(say("history.nothing"), hint=say("history.log"))
            chosen = last.number if number is None and last else number or 0
            undoing = past.undoing(chosen)
            if chosen in past.cancelled:
                raise UsageError(
                    say("history.cancelled", number=str(chosen)), hint=say("history.log")
                )
            if past.get(chosen).kind == "forget":
                raise UsageError(say("history.forgotten", number=str(chosen)))
            if undoing.against:
                later = [str(each.number) for each in undoing.against]
                raise UsageError(
                    say("history.against", number=str(chosen), later=later),
                    hint=say("history.first", later=later[-1]),
                )
            name = f"{FOLDER}/{chosen:06}"
            records = [_record(name, undoing.present)] if undoing.present else []
            return Wish("undo", records, undoing.absent, undone=chosen)

        return change(graph, wanted, by=by, dry_run=dry_run)

    def forget(self, name: str, *, by: str | None = None, dry_run: bool = False) -> Changed:
        """Remove a thing and what refers to it from the graph and its history, for good.

        Parameters:
            name: an IRI, a compact IRI, or a name.

        Errors:
            UnknownName, AmbiguousName.
        """
        graph = self._graph

        def wanted() -> Wish:
            node = self._named(name)
            removal = Removal(graph.engine, graph.names)
            removal.thing(node)
            removal.also()
            gone = dict.fromkeys(each.value for each in (node, *removal.lost()))
            return Wish("forget", removed=[*removal.quads], forgotten=tuple(gone))

        return change(graph, wanted, by=by, dry_run=dry_run)

    def called(self, name: str) -> list[str]:
        """All names of a thing; sorted.

        >>> from gsefgraph.graph.graph import Graph
        >>> Changes(Graph.open()).called("Laurence Kwark")
        ['Laurence Kwark']
        """
        names = self._stated([(self._named(name), p, None) for p in (_LABEL, _ALSO)])
        return sorted({q.object.value for q in names if isinstance(q.object, Literal)})

    def naming(self, words: Sequence[str]) -> list[Path]:
        """The files of the project in which some words stand, hidden ones apart; sorted: `forget`
        leaves texts of sources, and records that people wrote, as they are.

        >>> from gsefgraph.graph.graph import Graph
        >>> found = Changes(Graph.open()).naming(["Laurence Kwark"])
        >>> "gsef-advocacy-fr.txt" in [path.name for path in found]
        True
        """
        root = self._graph.project.root
        below = (p for p in sorted(root.rglob("*")) if p.is_file() and not p.is_symlink())
        own = (p for p in below if not any(n[0] == "." for n in p.relative_to(root).parts))
        sought = [word.encode() for word in words]
        return [p for p in own if _small(p) and any(w in files.content(p) for w in sought)]

    def history(self) -> History:
        """What was done to the graph, as it is kept now.

        Errors:
            UsageError: this graph has no history.
        """
        past = history(self._graph)
        if past is None:
            raise UsageError(say("history.none"), hint=say("history.where"))
        return past

    def about(self, entry: Change) -> list[NamedNode]:
        """The things that a change is about: not what joins them; in the order of their IRIs."""
        prefixes = [self._graph.names.prefixes[f"id-{kind}"] for kind in _THINGS]
        nodes = {quad.subject for quad in (*entry.added, *entry.removed, *entry.again)}
        if entry.undone is not None and not nodes:
            return []
        things = (n for n in nodes if isinstance(n, NamedNode))
        return sorted((n for n in things if n.value.startswith(tuple(prefixes))), key=str)

    def _named(self, name: str) -> NamedNode:
        """What a name means, or an IRI that only the history may know."""
        graph = self._graph
        try:
            return graph.resolver.resolve(name)
        except UnknownName:
            iri = graph.names.expand(name) if ":" in name else ""
            past = history(graph)
            known = {
                term
                for each in (past.changes if past else ())
                for quad in (*each.added, *each.removed, *each.again)
                for term in quad.triple
            }
            if iri and NamedNode(iri) in known:
                return NamedNode(iri)
            raise

    def _stated(self, patterns: Sequence[Pattern]) -> list[Quad]:
        return stated(self._graph.engine, self._graph.names, patterns)


_THINGS: Final = tuple(kind for kind in KINDS[: KINDS.index("participation")])


def _small(path: Path) -> bool:
    return path.stat().st_size <= _LARGEST


def _record(name: str, quads: Iterable[Quad]) -> RecordFile:
    """Quads as a record that stands in no file."""
    return RecordFile(name, "nquads", tuple(quads), {}, "", places={})

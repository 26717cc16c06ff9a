"""How a person's RDF is read: against which base, with which contexts, how far unpacked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from gsefgraph.errors import UsageError
from gsefgraph.files import real
from gsefgraph.rdf import packed
from gsefgraph.wording import Wording, heard, say

NOWHERE = "relative://nowhere/"
"""What relative IRIs are resolved against where they may not stand, to be found and refused."""


@dataclass(frozen=True)
class Reading:
    """How files are read.

    Attributes:
        base: what relative IRIs are resolved against (RFC 3986, section 5.1).
        own: whether without a base that is each file's own address; else they are an error.
        contexts: files of JSON-LD contexts by the addresses that documents name them by.
        bound: bytes that what is packed may unpack to.
        entry: makes what turns a file's records in short forms into quads, by its name, where a
            graph is at hand.
        note: told what a person should know of a file that is read as a whole, and which files of
            a folder or an archive are not read.

    Errors:
        UsageError: the base is no absolute IRI.

    >>> Reading(base="http://a.example/b").base_of("c.ttl"), Reading().base_of("c.ttl")
    ('http://a.example/b', None)
    """

    base: str | None = None
    own: bool = False
    contexts: Mapping[str, str | Path] = field(default_factory=dict)
    bound: int = packed.BOUND
    entry: Callable[[str], Any] | None = field(default=None, compare=False, repr=False)
    note: Callable[[Wording], None] = field(default=lambda _: None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.base is not None:
            try:
                NamedNode(self.base)
            except ValueError as error:
                problem = heard(error)
                if isinstance(error, UnicodeError):
                    problem = say("file.not-utf8")
                raise UsageError(
                    say("rdf.not-base", base=self.base, problem=problem),
                    hint=say("rdf.a-base"),
                ) from None

    def looking(self) -> Reading:
        """The same for what is only looked at: without a base, each file's own address."""
        return replace(self, own=True)

    def base_of(self, name: str) -> str | None:
        """What relative IRIs of a file are resolved against; None where they are an error."""
        return self.base if self.base is not None or not self.own else address_of(name)


def address_of(name: str) -> str | None:
    """A file's own address; None for standard input.

    >>> address_of("/a b.ttl"), address_of("<stdin>")
    ('file:///a%20b.ttl', None)
    """
    return None if name in ("-", "<stdin>") else real(Path(name)).as_uri()


AS_RECORDS = Reading()
"""What is to be kept: relative IRIs are an error."""
AS_DOCUMENTS = AS_RECORDS.looking()
"""What is only looked at: relative IRIs are those of the file's address."""


def relative(iri: str, base: str) -> list[str]:
    """References that mean an IRI where a base is in force, as people write them.

    >>> relative("http://a.example/b/c#d", "http://a.example/b/c")
    ['#d', 'c#d', '/b/c#d', '//a.example/b/c#d']
    """
    found = [iri[len(base) :]] if iri.startswith((f"{base}#", f"{base}?")) or iri == base else []
    folder = base[: base.rfind("/") + 1]
    if folder and iri.startswith(folder) and iri != folder:
        found.append(iri[len(folder) :])
    scheme, _, rest = base.partition("://")
    root = f"{scheme}://{rest.partition('/')[0]}"
    if rest and iri.startswith(f"{root}/"):
        found += [iri[len(root) :], iri[len(scheme) + 1 :]]
    return found

"""Formats of what a command writes: by name, or by the suffix of the file that it goes to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import PurePath
from types import MappingProxyType
from typing import Final, TypeAlias

import click

from gsefgraph.errors import UnknownName, UsageError, nearest
from gsefgraph.files import named
from gsefgraph.rdf.formats import FORMATS
from gsefgraph.wording import say

Suffixes: TypeAlias = Mapping[str, tuple[str, ...]]
"""A format's name -> the suffixes that say it."""

ROWS: Final[Suffixes] = {
    "table": (".txt",),
    "json": (".json", ".srj"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "xml": (".xml", ".srx"),
    "md": (".md",),
    "html": (".html", ".htm"),
    "svg": (".svg",),
    "xlsx": (".xlsx",),
}
NETWORKS: Final[Suffixes] = {"graphml": (".graphml",), "gexf": (".gexf",)}
"""Of rows and of triples."""
TRIPLES: Final[Suffixes] = {
    name: FORMATS[name].suffixes
    for name in ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml")
}
REPORTS: Final[Suffixes] = {
    "text": (".txt",),
    "json": (".json",),
    "turtle": (".ttl",),
    "jsonld": (".jsonld",),
    "sarif": (".sarif", ".sarif.json"),
    "junit": (".xml",),
    "html": (".html", ".htm"),
}


def output(command: click.decorators.FC) -> click.decorators.FC:
    """The option that names the file to write, whose suffix says the format (`of_file`)."""
    told = "Write there instead of stdout, in the format of its suffix unless -f names one."
    return click.option("-o", "--output", metavar="FILE", callback=_named, help=told)(command)


def _named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    del context, parameter
    if value is not None and (value.endswith("/") or not PurePath(value).name):
        raise UsageError(say("cli.no-file", value=value), hint=say("cli.a-file"))
    return str(named(value, "file.write-here")) if value is not None else None


def of_file(
    output: str | None, formats: Suffixes, *, beside: Suffixes = MappingProxyType({})
) -> str | None:
    """The format that a file's name says; None for stdout and for a name without a suffix.

    Parameters:
        output: the name.
        formats: those that will do.
        beside: known too, for whoever asks to refuse; of a suffix that both have, such as .json,
            the first is meant.

    Errors:
        UsageError: no format has its suffix; the hint lists what there is.

    >>> of_file("x.NQ", TRIPLES), of_file("a/b.sarif.json", REPORTS), of_file("-", ROWS)
    ('nquads', 'sarif', None)
    """
    file = PurePath(output or "")
    known = _by_suffix(beside, formats)
    for index in range(len(file.suffixes)):
        if name := known.get("".join(file.suffixes[index:]).lower()):
            return name
    if file.suffix:
        raise UsageError(
            say("cli.no-suffix", suffix=file.suffix),
            hint=say("cli.suffixes", suffixes=[*chain(*formats.values())]),
        )
    return None


def _by_suffix(*families: Suffixes) -> dict[str, str]:
    """Names of formats by their suffixes; of a suffix that several have, the last."""
    pairs = chain.from_iterable(family.items() for family in families)
    return {suffix: name for name, suffixes in pairs for suffix in suffixes}


class Formats(click.ParamType[str]):
    """A format's name, or a suffix that says it; a wrong one names the nearest."""

    name = "format"

    def __init__(self, *families: Suffixes) -> None:
        self.names = tuple(name for family in families for name in family)
        self._by_suffix = _by_suffix(*families)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, lower case."""
        del param, ctx
        if value.lower() in self.names:
            return value.lower()
        name = self._by_suffix.get(f".{value.lower()}")
        if name is None:
            raise UnknownName(say("cli.no-format", name=value), hint=nearest(value, self.names))
        return name

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The names that begin so."""
        del ctx, param
        return [
            click.shell_completion.CompletionItem(name)
            for name in self.names
            if name.startswith(incomplete)
        ]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """All names."""
        del param, ctx
        return f"[{'|'.join(self.names)}]"

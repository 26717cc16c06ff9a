"""The options that every command takes, and the graph they open."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gsefgraph.cli.screen import complain
from gsefgraph.errors import UsageError
from gsefgraph.files import named, seen
from gsefgraph.wording import LANGUAGES, say, spoken

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.project import Meaning, Project
    from gsefgraph.rdf.reading import Reading

F = TypeVar("F", bound=Callable[..., Any])
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(?:i?b)?", re.I)
_MOST = 2**50


class Size(click.ParamType[int]):
    """An amount of memory or data: ``4GB``, ``512M``, or bytes.

    Parameters:
        least: bytes that it must be.
    """

    name = "SIZE"

    def __init__(self, least: int = 1) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(say("cli.not-size", value=value), param, ctx)
        size = int(float(match[1]) * _UNITS[match[2].lower()])
        if not self._least <= size <= _MOST:
            least = f"{self._least >> 20}M" if self._least >> 20 else self._least
            self.fail(say("cli.size-range", value=value, least=least), param, ctx)
        return size


class Seconds(click.FloatRange):
    """A number of seconds; what is no number is below none, and refused too."""

    name = "seconds"

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        seconds: float = super().convert(value, param, ctx)
        if seconds != seconds:
            self.fail(say("cli.not-seconds", value=value), param, ctx)
        return seconds


@dataclass
class Settings:
    """What the common options say; a later one on the line overrides an earlier one."""

    store: str = "memory:"
    data: tuple[str, ...] = ()
    project: str | None = None
    lang: str = ""
    quiet: bool = False
    verbose: int = 0
    base: str | None = None
    context: tuple[str, ...] = ()
    unpack: int | None = None
    alone: bool = False
    told: set[str] = field(default_factory=set, repr=False)

    @property
    def reading(self) -> Reading:
        """How files that the command line names are read."""
        from gsefgraph.rdf import packed, reading

        contexts = dict(_pair(text) for text in self.context)
        return reading.Reading(self.base, contexts=contexts, bound=self.unpack or packed.BOUND)

    @property
    def language(self) -> str:
        """The language of people's text: the option, else the locale's, else English."""
        return self.lang or of_locale()

    @property
    def place(self) -> str:
        """The store for a message: an address without its password."""
        if ":" not in self.store:
            return self.store
        from gsefgraph.engine.endpoint import without_password

        return without_password(self.store)

    def open_project(self) -> Project:
        """The project alone, for what needs no graph."""
        from gsefgraph import project

        self._settle()
        return project.find(self.project)

    def open(self, *, once: bool = False, keeping: bool = False) -> Graph:
        """The graph that the options name; the parameters are those of `Graph.open`."""
        from gsefgraph.graph.graph import Graph

        self._settle()
        graph = Graph.open(
            self.store,
            data=self.data,
            project=self.project,
            lang=self.language,
            reading=self.reading,
            alone=self.alone,
            warn=self.warn,
            once=once,
            keeping=keeping,
        )
        if self.verbose:
            self.detail(say("cli.opened", project=graph.project.root, place=self.place))
        return graph

    def _settle(self) -> None:
        """See what the folders mean that the options name, and in which project one stands."""
        from gsefgraph.cli import folders
        from gsefgraph.project import around

        named = self.project or os.environ.get("GSEFGRAPH_PROJECT")
        own = None if named else around()
        if own is not None:
            self.project = str(own)
            self.tell_once(say("folder.project", folder=seen(own)))

        if self.data:
            whole: tuple[Meaning, ...] = () if self.alone else ("project", "store")
            self.data, data = (), self.data
            self.data = folders.settled(self, data, whole, inside="data")
        else:
            folders.stored(self, self.store)

    def tell_once(self, message: str) -> None:
        """As `warn`, each message once."""
        if message not in self.told:
            self.told.add(message)
            self.warn(message)

    def warn(self, message: str) -> None:
        """A message to stderr, unless quiet."""
        if not self.quiet:
            self._say(message)

    def detail(self, message: str) -> None:
        """A message to stderr for those who asked for more."""
        if self.verbose and not self.quiet:
            self._say(message)

    def _say(self, message: str) -> None:
        complain(spoken(message, self.language))


def _pair(text: str) -> tuple[str, str]:
    address, mark, file = text.rpartition("=")
    if not (address and mark and file):
        raise UsageError(say("cli.not-context", value=text), hint=say("cli.a-context"))
    return address, str(named(file))


def asked_for(arguments: list[str]) -> str:
    """The language of a command line, known before it is parsed: what is wrong with it is said so.

    >>> asked_for(["show", "--lang", "fr"]), asked_for(["--lang=es", "show"])
    ('fr', 'es')
    """
    known = [word for word in given(arguments, "--lang") if word in LANGUAGES]
    return known[-1] if known else of_locale()


def given(arguments: list[str], option: str) -> list[str]:
    """The values of an option on a command line that is not parsed yet.

    >>> given(["--store", "a", "show", "--store=b"], "--store")
    ['a', 'b']
    """
    head = f"{option}="
    return [
        after if word == option else word.removeprefix(head)
        for word, after in pairwise([*arguments, ""])
        if word == option or word.startswith(head)
    ]


def of_locale() -> str:
    """The language that the environment asks for, else English."""
    for name in ("GSEFGRAPH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        settings = context.ensure_object(Settings)
        source = context.get_parameter_source(parameter.name or name)
        if source is not click.core.ParameterSource.DEFAULT:
            setattr(settings, name, value)
        return value

    return callback


def _option(*names: str, **given: Any) -> Callable[[F], F]:
    """An option of the settings: it is kept there instead of being a command's parameter."""
    name = names[-1].removeprefix("--")
    return click.option(*names, expose_value=False, callback=_keep(name), **given)


def alone(command: F) -> F:
    """Add an option for commands that look at a graph: only the files of --data, no ontology."""
    return _option(
        "--alone",
        is_flag=True,
        help="With --data: those files and nothing else, without the ontology.",
    )(command)


def common(command: F) -> F:
    """Add the common options to a command; it then takes `Settings` with `@click.pass_obj`."""
    options = [
        _option(
            "--store",
            metavar="memory:|DIR|URL",
            envvar="GSEFGRAPH_STORE",
            default="memory:",
            help="Where the graph is: in memory from data/, a folder, or a SPARQL endpoint.",
        ),
        _option(
            "--data",
            metavar="FILE",
            multiple=True,
            help="Files of RDF, or folders of them, to use instead of the project's data; may be "
            "repeated. One folder may be a project or a store.",
        ),
        _option(
            "--project",
            metavar="DIR",
            default=None,
            help="Folder with data/; its queries/ and shapes/ are added to those of the package.",
        ),
        _option(
            "--base",
            metavar="IRI",
            default=None,
            help="What relative IRIs in files and questions are resolved against.",
        ),
        _option(
            "--context",
            metavar="IRI=FILE",
            multiple=True,
            help="A JSON-LD context that files name by its address; may be repeated.",
        ),
        _option(
            "--unpack",
            metavar="SIZE",
            type=Size(),
            default=None,
            help="How much a packed file may unpack to; 2GB by default.",
        ),
        _option(
            "--lang",
            type=click.Choice(LANGUAGES),
            default=None,
            help="Language of names, heads and findings.",
        ),
        _option(
            "-q",
            "--quiet",
            is_flag=True,
            help="No messages but errors.",
        ),
        _option(
            "-v",
            "--verbose",
            count=True,
            help="More messages.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command

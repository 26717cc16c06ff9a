"""The options that every command takes, and the graph they open."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gsefgraph.wording import LANGUAGES, say, spoken

if TYPE_CHECKING:
    from gsefgraph.graph.graph import Graph
    from gsefgraph.project import Project

F = TypeVar("F", bound=Callable[..., Any])


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

        return project.find(self.project)

    def open(self, *, once: bool = False) -> Graph:
        """The graph that the options name; `once` for a few questions only."""
        from gsefgraph.graph.graph import Graph

        graph = Graph.open(
            self.store,
            data=self.data,
            project=self.project,
            lang=self.language,
            warn=self.warn,
            once=once,
        )
        if self.verbose:
            self.detail(say("cli.opened", project=graph.project.root, place=self.place))
        return graph

    def warn(self, message: str) -> None:
        """A message to stderr, unless quiet."""
        if not self.quiet:
            self._say(message)

    def detail(self, message: str) -> None:
        """A message to stderr for those who asked for more."""
        if self.verbose and not self.quiet:
            self._say(message)

    def _say(self, message: str) -> None:
        from gsefgraph.answers.tables import visible

        click.echo(f"gsefgraph: {visible(spoken(message, self.language))}", err=True)


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


def common(command: F) -> F:
    """Add the common options to a command; it then takes `Settings` with `@click.pass_obj`."""
    options = [
        click.option(
            "--store",
            metavar="memory:|DIR|URL",
            envvar="GSEFGRAPH_STORE",
            default="memory:",
            help="Where the graph is: in memory from data/, a folder, or a SPARQL endpoint.",
            expose_value=False,
            callback=_keep("store"),
        ),
        click.option(
            "--data",
            metavar="FILE",
            multiple=True,
            help="RDF files to use instead of the project's data; may be repeated.",
            expose_value=False,
            callback=_keep("data"),
        ),
        click.option(
            "--project",
            metavar="DIR",
            default=None,
            help="Folder with data/; its queries/ and shapes/ are added to those of the package.",
            expose_value=False,
            callback=_keep("project"),
        ),
        click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            default=None,
            help="Language of names, heads and findings.",
            expose_value=False,
            callback=_keep("lang"),
        ),
        click.option(
            "-q",
            "--quiet",
            is_flag=True,
            help="No messages but errors.",
            expose_value=False,
            callback=_keep("quiet"),
        ),
        click.option(
            "-v",
            "--verbose",
            count=True,
            help="More messages.",
            expose_value=False,
            callback=_keep("verbose"),
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command

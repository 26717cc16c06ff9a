"""The edge: where an error becomes one line on stderr and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import click

from gsefgraph.cli.screen import complain
from gsefgraph.errors import GsefgraphError, reason
from gsefgraph.files import adrift
from gsefgraph.wording import Wording, say


def caught(work: Callable[[], int | None], language: str = "en") -> int:
    """Run work; whatever a user can cause ends as one line and an exit code.

    Parameters:
        work: prints what it has to, and may return an exit code.
        language: of the line: en, fr or es.

    Returns:
        What the work returned, 0 for None; for errors the code that `errors.py` gives them.
    """
    _open_closed_streams()
    stdout = sys.stdout
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # `__main__.py` says why
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = work()
        sys.stdout.flush()
    except GsefgraphError as error:
        return _fail(error.text(language), error.exit_code, language)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        return bare.exit_code
    except click.ClickException as error:
        text = say("usage.see", problem=_problem(error), help=_help_of(error)).text(language)
        return _fail(text, error.exit_code, language)
    except SystemExit:
        # What click makes of a closed pipe, having put something else in the place of stdout.
        if sys.stdout is stdout:
            raise
        sys.stdout = stdout
        _close_quietly()
        return 0
    except (click.Abort, KeyboardInterrupt):
        return _fail(say("cli.stopped").text(language), 4, language)
    except BrokenPipeError:
        _close_quietly()
        return 0
    except MemoryError:
        return _fail(say("cli.out-of-memory").text(language), 4, language)
    except OSError as error:
        file = error.filename or say("file.gone" if adrift() else "cli.input-output")
        text = say("cli.failed", file=file, problem=reason(error)).text(language)
        return _fail(text, 3, language)
    return code or 0


def _open_closed_streams() -> None:
    """Give a process that was started without streams some: writing to stdout then is an error."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _problem(error: click.ClickException) -> str | dict[str, str]:
    """What click found wrong, in English as click says it, and in the other languages."""
    english = " ".join(error.format_message().split()).rstrip(".")
    found = _known(error)
    return {**found.texts(), "en": english} if found else english


def _known(error: click.ClickException) -> Wording | None:
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = parameter.get_error_hint(context) if parameter and context else ""
    if isinstance(error, click.NoSuchOption):
        near = error.possibilities
        key = "usage.no-option-near" if near else "usage.no-option"
        return say(key, name=error.option_name, near=near or [])
    if isinstance(error, click.MissingParameter):
        return say("usage.missing", name=name)
    if isinstance(error, click.BadOptionUsage):
        # click says either "requires an argument" or "does not take a value".
        key = "usage.no-value" if "not take" in error.message else "usage.option-value"
        return say(key, name=error.option_name)
    if isinstance(error, click.BadParameter):
        kind = parameter.type if parameter else None
        problem: str = error.message
        if isinstance(kind, click.Choice):
            problem = say("usage.choice", value=_refused(problem), names=list(kind.choices))
        elif isinstance(kind, click.IntRange | click.FloatRange) and not isinstance(
            problem, Wording
        ):
            problem = say("usage.range", value=_refused(problem), range=kind._describe_range())
        return say("usage.bad-value", name=name, problem=problem)
    if error.message == "Missing command.":
        return say("usage.no-command")
    if error.message.startswith("Got unexpected extra argument"):
        return say("usage.extra", names=error.message.partition("(")[2].rstrip(")"))
    return None


def _refused(problem: str) -> str:
    """The value that a message of click begins with; click has it nowhere else."""
    return problem.partition(" is not ")[0].strip("'")


def _help_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "gsefgraph"
    return f"{path} --help"


def _fail(message: str, code: int, language: str) -> int:
    try:
        complain(f"{say('cli.error').text(language)} {message}")
    except OSError:
        _close_quietly()
    return code


def _close_quietly() -> None:
    """Let the reader of a pipe go: what was not yet written has nowhere to go."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())

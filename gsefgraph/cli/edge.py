"""The edge: where an error becomes one line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

from gsefgraph.errors import GsefgraphError


def caught(work: Callable[[], int | None]) -> int:
    """Run work; whatever a user can cause ends as one line and an exit code.

    Returns:
        What the work returned, 0 for None; for errors the code that `errors.py` gives them.
    """
    _open_closed_streams()
    stdout = sys.stdout
    try:
        code = work()
        sys.stdout.flush()
    except GsefgraphError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        return bare.exit_code
    except click.ClickException as error:
        text = f"{error.format_message().rstrip('.')}; see {_help_of(error)}"
        return _fail(" ".join(text.split()), error.exit_code)
    except SystemExit:
        # What click makes of a closed pipe, having put something else in the place of stdout.
        if sys.stdout is stdout:
            raise
        sys.stdout = stdout
        _close_quietly()
        return 0
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped", 4)
    except BrokenPipeError:
        _close_quietly()
        return 0
    except MemoryError:
        return _fail("out of memory", 4)
    except OSError as error:
        said = error.strerror or " ".join(str(error).split())
        return _fail(f"{error.filename or 'input or output'}: {said}", 3)
    return code or 0


def _open_closed_streams() -> None:
    """Give a process that was started without streams some: writing to stdout then is an error."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _help_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "gsefgraph"
    return f"{path} --help"


def _fail(message: str, code: int) -> int:
    from gsefgraph.answers.tables import visible

    try:
        click.echo(f"gsefgraph: error: {visible(message)}", err=True)
    except OSError:
        _close_quietly()
    return code


def _close_quietly() -> None:
    """Let the reader of a pipe go: what was not yet written has nowhere to go."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())

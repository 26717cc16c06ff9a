"""What a folder means that a command is given: one rule for all of them, `project.meaning`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gsefgraph.errors import UsageError
from gsefgraph.files import named
from gsefgraph.project import Meaning, find, meaning
from gsefgraph.rdf.packed import holds_rdf
from gsefgraph.wording import Wording, say

if TYPE_CHECKING:
    from gsefgraph.cli.settings import Settings

_TOLD: Final[Mapping[Meaning, Callable[[str], Wording]]] = {
    "columns": lambda folder: say("folder.columns", folder=folder),
    "store": lambda folder: say("folder.store", folder=folder),
    "project": lambda folder: say("folder.project", folder=folder),
    "files": lambda folder: say("folder.files", folder=folder),
}


def settled(
    settings: Settings,
    paths: Sequence[str],
    whole: Collection[str] = (),
    *,
    inside: str | None = None,
) -> tuple[str, ...]:
    """The files that a command reads of some paths; what each folder means is told first.

    One folder alone may be all that the command works on: then it is what the settings open, and no
    file is left.

    Parameters:
        paths: files, folders, ``-``.
        whole: what one folder may be in the place of what the settings open.
        inside: the folder of a project that stands for it, where it may not.

    Errors:
        UsageError: a folder that the command cannot take; the hint says what would be right.

    >>> from gsefgraph.cli.settings import Settings
    >>> from gsefgraph.project import shipped
    >>> settings, root = Settings(quiet=True), str(shipped().root)
    >>> settled(settings, [root], ("project",)), settings.project == root
    ((), True)
    >>> settled(Settings(quiet=True), [f"{root}/data/entities", "a.ttl"])[1]
    'a.ttl'
    >>> settled(Settings(quiet=True), [root], inside="data")[0][-18:]
    '/data/curation.ttl'
    """
    found = []
    for path in paths:
        means = _means(path)
        if means is not None:
            settings.tell_once(_TOLD[means](path))
        if means in (None, "files"):
            found.append(path)
        elif means in whole and len(paths) == 1 and _free(settings):
            if means == "store":
                settings.store = path
            else:
                settings.project = path
        elif means == "project" and inside is not None and (named(path) / inside).is_dir():
            found += _inside(path, inside)
        else:
            raise UsageError(_refused(means, path), hint=_right(means, path, whole))
    return tuple(found)


def stored(settings: Settings, store: str, *, new: bool = False) -> None:
    """See that the folder of a store is one, and tell so.

    Parameters:
        store: as `--store` has it.
        new: whether it is about to be made.

    Errors:
        UsageError: it is a project or has columns; the hint says what would be right.

    >>> from gsefgraph.cli.settings import Settings
    >>> from gsefgraph.project import shipped
    >>> try:
    ...     stored(Settings(quiet=True), str(shipped().root))
    ... except UsageError as error:
    ...     print(str(error).partition(" is ")[2])
    a project, and no store; name it with --project
    """
    means = None if store in ("", "memory:") else meaning(store)
    if means in ("columns", "project"):
        problem, right = say("folder.columns", folder=store), say("folder.originals")
        if means == "project":
            problem, right = say("folder.no-store", folder=store), say("folder.with-project")
        right = say("folder.another") if new else right
        raise UsageError(problem, hint=right)
    if means == "store" and not new:
        settings.tell_once(_TOLD["store"](store))


def _means(path: str) -> Meaning | None:
    return None if path in ("", "-") else meaning(named(path))


def _free(settings: Settings) -> bool:
    """Whether nothing else is named as the graph."""
    return settings.store == "memory:" and not settings.data and not settings.project


def _inside(path: str, folder: str) -> list[str]:
    """What stands for a project: its facts, or a folder of it."""
    if folder != "data":
        return [str(named(path) / folder)]
    return [str(file) for file in find(path).data_files()[0] if holds_rdf(file)]


def _refused(means: Meaning | None, path: str) -> Wording:
    if means == "store":
        return say("folder.store-here", folder=path)
    if means == "project":
        return say("folder.project-here", folder=path)
    return say("folder.columns-here", folder=path)


def _right(means: Meaning | None, path: str, whole: Collection[str]) -> Wording:
    """What would be right."""
    if means == "store":
        if "store" in whole:
            return say("folder.one-store")
        return say("folder.export", folder=path)
    if means == "project":
        if "project" in whole:
            return say("folder.one-project")
        return say("folder.inside", folder=str(Path(path) / "data"))
    return say("folder.originals")

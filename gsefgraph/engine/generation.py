"""The database inside a generation of an on-disk store: opened for reading, or made as a draft."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from gsefgraph.engine import union
from gsefgraph.errors import StoreDamaged
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.engine.record import Record
    from gsefgraph.engine.store import Folder

# An empty graph of this name inside a store on disk tells which generation it is.
_MARK = f"{union.MARK}generation:"


def read(folder: Folder, record: Record) -> tuple[Store, Record, int]:
    """Open a generation; one that a writer removed meanwhile gives way to its successor.

    Returns:
        The database, the record that vouches for it, and the descriptor that holds it, to be closed
        when done.

    Errors:
        StoreDamaged.
    """
    while (held := folder.hold(record)) is None:
        latest = folder.read()
        if latest.generation == record.generation:
            raise folder.damaged(say("engine.generation-missing", generation=record.generation))
        record = latest
    try:
        folder.check(record)
        store = Store.read_only(str(folder.generation(record)))
        if not store.contains_named_graph(NamedNode(f"{_MARK}{record.generation}")):
            raise folder.damaged(say("engine.generation-other", generation=record.generation))
    except (OSError, RuntimeError, StoreDamaged) as error:
        os.close(held)
        if isinstance(error, StoreDamaged):
            raise
        raise folder.damaged(say("engine.unopened", error=error)) from None
    return store, record, held


def fill(
    path: Path, number: int, change: union.Change, before: Store, count: int, *, tidy: bool = False
) -> int:
    """Apply a change to the database of a draft, flush it and close it.

    Parameters:
        path: the draft's folder.
        number: the generation that it will be.
        change: what is to be done.
        before, count: the store as it was, and how many quads it held.
        tidy: put its files in order afterwards, which takes a fifth of the time that bulk loading
            takes and halves that of each look-up.

    Returns:
        How many quads it holds.
    """
    store = Store(str(path))
    try:
        found = union.write(store, change, before, count, NamedNode(f"{_MARK}{number}"))
        if tidy:
            store.optimize()
        return found
    except BaseException as error:
        import traceback

        # Frames of the traceback would keep the database open while its folder is removed.
        traceback.clear_frames(error.__traceback__)
        raise
    finally:
        del store

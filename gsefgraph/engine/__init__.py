"""What stores the quads: embedded in memory, embedded in a folder, or any SPARQL 1.1 endpoint.

"memory:"                    nothing yet, in memory
a folder                     an on-disk store that this package made
"https://host/sparql"        an endpoint, its other addresses told by its kind
Endpoint(query_url=…, …)     an endpoint, every setting by hand
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gsefgraph.engine.base import Boolean, Engine, Result, Row, Solutions, Triples
from gsefgraph.errors import UsageError
from gsefgraph.terms import Term
from gsefgraph.wording import say

if TYPE_CHECKING:
    from gsefgraph.engine.endpoint import Endpoint

__all__ = [
    "Boolean",
    "Endpoint",
    "Engine",
    "Result",
    "Row",
    "Solutions",
    "Term",
    "Triples",
    "connect",
]


def __getattr__(name: str) -> object:
    if name == "Endpoint":
        from gsefgraph.engine.endpoint import Endpoint

        return Endpoint
    raise AttributeError(name)


def connect(target: str | Endpoint, *, create: bool = False) -> Engine:
    """The engine behind a name.

    Parameters:
        target: ``memory:``, a folder, the address of an endpoint, or an Endpoint.
        create: begin a new store where the folder is absent or empty; the first write makes it.

    Returns:
        An engine to close when done. Endpoints are not spoken to yet.

    Errors:
        UsageError for a target of no known kind; EngineError or StoreDamaged as `Embedded.open`.

    >>> connect("memory:").count()
    0
    """
    if not isinstance(target, str):
        from gsefgraph.engine.remote import Remote

        return Remote(target)
    if target == "memory:":
        from gsefgraph.engine.embedded import Embedded

        return Embedded()
    if target.lower().startswith(("http://", "https://")):
        from gsefgraph.engine.endpoint import Endpoint
        from gsefgraph.engine.remote import Remote

        return Remote(Endpoint.from_target(target))
    if not target or "://" in target or target.lower().startswith(("http:", "https:")):
        from gsefgraph.engine.endpoint import without_password

        raise UsageError(
            say("engine.no-store-named", target=without_password(target)),
            hint=say("engine.stores"),
        )
    try:
        target.encode()
    except UnicodeEncodeError:
        problem, hint = say("engine.name-not-utf8"), say("engine.rename-utf8")
        raise UsageError(problem, file=target, hint=hint) from None
    from gsefgraph.engine.embedded import Embedded

    return Embedded.open(target, create=create)

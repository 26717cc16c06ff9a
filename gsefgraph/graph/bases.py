"""Things that a project's files name under another base than the project's.

Prefixes such as ``id-org:`` stand for the project's base, so questions do not meet such things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from gsefgraph import files
from gsefgraph.project import Project
from gsefgraph.records import bulk
from gsefgraph.terms import KINDS
from gsefgraph.wording import Wording, say

# Roles and kinds are the ontology's, under a base that stays.
_KINDS = "|".join(kind for kind in KINDS if kind not in ("role", "kind"))
_THING = re.compile(rf"(.+[/#])id/(?:{_KINDS})/[^/]+")


def named(project: Project) -> Iterator[Wording]:
    """A sentence for each file whose things are under another base.

    Errors:
        InputError: a file that cannot be read.

    >>> from gsefgraph.project import find
    >>> list(named(find()))
    []
    """
    # Most files need no parsing to be known to be right.
    other = re.compile(rb"(?<!%s)id/(?:%s)/" % (re.escape(project.base.encode()), _KINDS.encode()))
    for source in project.data_sources():
        if not other.search(files.content(source.path)):
            continue
        subjects = (quad.subject for quad in bulk.quads(source.path))
        found = {
            match[1]: None
            for subject in subjects
            if isinstance(subject, NamedNode) and (match := _THING.fullmatch(subject.value))
        }
        for base in found:
            if base != project.base:
                file = str(files.seen(source.path))
                yield say("project.other-base", file=file, found=base, base=project.base)

"""What a first start would make of the shipped ontology, shapes and rules, kept with the package.

Reading a query takes rdflib's parser, and closing the ontology owlrl: half a second that a machine
without a cache, such as one of a build server, need not spend. `python -m gsefgraph.docs.ready`
writes the folder ``gsefgraph/ready/`` anew; what does not belong to the content at hand, or to the
versions that read it, is passed over.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gsefgraph.project import READY

_KEPT = ("algebra.jsonl", "ontology-*.nt")
_MAKE = """
import gsefgraph.project
gsefgraph.project.READY /= "none"  # as if nothing had been made before
with gsefgraph.open() as graph:
    graph.validate()
    graph.validate(graph.project.ontology / "examples" / "event-with-a-session.ttl")
"""


def make() -> dict[str, bytes]:
    """The files of the folder by name, made without any cache and in one order.

    >>> sorted(name.partition("-")[0] for name in make())
    ['algebra.jsonl', 'ontology']
    """
    with TemporaryDirectory() as folder:
        env = {**os.environ, "GSEFGRAPH_CACHE": folder}
        subprocess.run([sys.executable, "-c", _MAKE], env=env, check=True)  # noqa: S603
        found = {f.name: f.read_bytes() for glob in _KEPT for f in Path(folder).glob(glob)}
    lines = sorted(filter(None, found["algebra.jsonl"].split(b"\n")))
    return {**found, "algebra.jsonl": b"".join(line + b"\n" for line in lines)}


if __name__ == "__main__":
    files = make()
    READY.mkdir(exist_ok=True)
    for old in READY.iterdir():
        old.unlink()
    for name, content in files.items():
        (READY / name).write_bytes(content)

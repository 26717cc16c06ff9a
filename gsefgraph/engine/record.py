"""The record of a store on disk: what it must be, file for file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Record:
    """What vouches for one generation: nothing in the folder counts that it does not name.

    Parameters:
        generation: 1 for the first, one more for each write.
        count: quads in named graphs.
        origin: free text of whoever made the store, such as the content key of its sources.
        files: name -> (size in bytes, sha-256 in hex).
    """

    generation: int
    count: int
    origin: str
    files: dict[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """The sha-256, in hex, over everything the record says, files in order of name.

        >>> Record(1, 0, "", {}).digest[:8]
        '3275a988'
        """
        lines = [f"{FORMAT} {self.generation} {self.count}", json.dumps(self.origin)]
        lines += [
            f"{json.dumps(name)} {size} {digest}"
            for name, (size, digest) in sorted(self.files.items())
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def to_json(self) -> str:
        """The text of record.json: one line for each file, ready for a reader's eye."""
        head = {
            "format": FORMAT,
            "generation": self.generation,
            "count": self.count,
            "origin": self.origin,
            "digest": self.digest,
        }
        lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
        files = [
            f"  {json.dumps(name)}: {json.dumps(list(entry))}"
            for name, entry in sorted(self.files.items())
        ]
        return "{\n" + ",\n".join([*lines, ' "files": {\n' + ",\n".join(files) + "\n }"]) + "\n}\n"

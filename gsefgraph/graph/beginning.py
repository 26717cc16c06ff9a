"""A project of one's own, to begin with: a folder that conforms, with a record to copy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gsefgraph.errors import InputError, reason
from gsefgraph.files import seen, write_atomically
from gsefgraph.terms import Names, slug
from gsefgraph.wording import LANGUAGES, say

_TEMPLATES: Final = Path(__file__).parent / "templates" / "project"
_FILES: Final = {
    ".gitignore": "gitignore",
    ".github/workflows/validate.yml": "workflow.yml",
    ".pre-commit-config.yaml": "pre-commit.yaml",
    "README.md": "{lang}/README.md",
    "data/sources/first-letter.txt": "{lang}/letter.txt",
    "records/first.yaml": "{lang}/record.yaml",
}


def begin(folder: str | Path, lang: str = "en", base: str | None = None) -> list[Path]:
    """Make a project.

    Parameters:
        folder: is made, or is empty.
        lang: of what stands in it.
        base: IRI that its things are named under; of example.org by default, to be changed.

    Returns:
        The files, by name.

    Errors:
        UsageError: the base is no IRI that ends in / or #. InputError: the folder holds something,
        or cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as above:
    ...     found = begin(Path(above, "our-network"), "fr")
    ...     [path.name for path in found][-2:], found[4].read_text()
    (['first-letter.txt', 'first.yaml'], 'https://example.org/our-network/\\n')
    """
    root = Path(folder)
    if base is None:
        base = f"https://example.org/{slug(root.resolve().name)}/"
    Names(base)
    if root.exists() and not root.is_dir():
        raise InputError(say("system.ENOTDIR"), file=str(seen(root)), hint=say("init.empty"))
    if root.exists() and any(root.iterdir()):
        raise InputError(say("init.holds"), file=str(seen(root)), hint=say("init.empty"))
    own = lang if lang in LANGUAGES else "en"
    contents = {name: (_TEMPLATES / file.format(lang=own)).read_bytes()
                for name, file in _FILES.items()}  # fmt: skip
    contents["base.txt"] = f"{base}\n".encode()
    try:
        for name, content in contents.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
    except OSError as error:
        raise InputError(reason(error), file=str(seen(root))) from None
    return sorted(root / name for name in contents)

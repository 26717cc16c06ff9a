"""What is wrong with the links of pages in a folder: a checker of its own, over the files alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "object": "data"}
REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]\Z')  # by Windows, in a name
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.I)


class Page(HTMLParser):
    """Identifiers and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "action", "data", "data-index") or "suggest" in name:
                if value:
                    self.links.append((tag, name, value))
            elif name in ("style", "method") or name.startswith("on"):
                self.links.append((tag, name, ""))


def faults(root: Path) -> Iterator[str]:
    """Each fault in a line: file, and what is wrong there."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    pages = {name: Page((root / name).read_text("utf-8")) for name in files if name[-5:] == ".html"}
    spelled: dict[str, str] = {}
    for name in sorted(files):
        if spelled.setdefault(name.casefold(), name) != name:
            yield f"{name}: differs from {spelled[name.casefold()]} by case alone"
        for part in name.split("/"):
            if REFUSED.search(part) or DEVICES.match(part) or len(part) > 100:
                yield f"{name}: no name on Windows"
    for name, page in sorted(pages.items()):
        if len(page.ids) != len(set(page.ids)):
            yield f"{name}: an id twice"
        for tag, attribute, value in page.links:
            if problem := _fault(root, name, tag, attribute, value, pages):
                yield f"{name}: {tag} {attribute}={value!r}: {problem}"


def _fault(
    root: Path, name: str, tag: str, attribute: str, value: str, pages: dict[str, Page]
) -> str:
    parts = urlsplit(value)
    if parts.scheme or parts.netloc:
        outside = tag == "a" and parts.scheme in ("http", "https")
        return "" if outside else "loads from elsewhere"
    if not value or value.startswith("/"):
        return "needs a server"
    if parts.query:
        return "asks a server"
    target = (root / name).parent / unquote(parts.path) if parts.path else root / name
    target = target.resolve()
    if not target.is_relative_to(root.resolve()):
        return "leads out of the folder"
    if not target.is_file():
        return "no such file"
    there = target.relative_to(root.resolve()).as_posix()
    if parts.fragment and unquote(parts.fragment) not in pages[there].ids:
        return "no such place on the page"
    return ""

"""Web pages, PDFs and texts as the text that is quoted: block by block, and what is refused."""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsefgraph.errors import GsefgraphError, InputError, UsageError
from gsefgraph.evidence import html, original
from gsefgraph.evidence.original import Original, of_file, read

# A page, and its lines.
PAGES = {
    "inline tags break no line": ("<p>a<b>b</b>c <i>d</i><a href=x>e</a>", ["abc de"]),
    "white space collapses": ("<p>a \n\t b\r\n c</p>", ["a b c"]),
    "no-break spaces stay": ("<p>«&nbsp;a&#8239;!&nbsp;»", ["«\u00a0a\u202f!\u00a0»"]),
    "a br breaks": ("<p>a<br>b<br/> <br>c", ["a", "b", "c"]),
    "blocks within blocks": ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
    "lists": ("<ul><li>a<li>b<ol><li>c</ol></ul>d", ["a", "b", "c", "d"]),
    "definitions": ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
    "a row is a line": ("<table><tr><th>a</th><th>b</th></tr><tr><td>c<td><b>d</b></table>",
                        ["a b", "c d"]),
    "a table that lays out a page": ("<table><tr><td><p>a</p><p>b</p></td><td>c</table>",
                                     ["a", "b", "c"]),
    "scripts and styles": ("<style>p{}</style><p>a<script>x()</script>b</p><noscript>n</noscript>",
                           ["ab"]),
    "navigation": ("<nav>m</nav><div role=navigation>m</div><p>a", ["a"]),
    "header and footer of the page": ("<header>h</header><p>a</p><footer>f</footer>", ["a"]),
    "header of an article": ("<article><header>h</header>a<footer>f</footer></article>",
                             ["h", "a", "f"]),
    "header after an article": ("<article>a</article><footer>f</footer>", ["a"]),
    "what is hidden": ("<p hidden>h</p><p style='DISPLAY : none'>h</p><p aria-hidden=true>h</p>"
                       "<dialog>h</dialog><dialog open>a</dialog>", ["a"]),
    "controls of forms": ("<form>a<select><option>o</select><textarea>t</textarea>"
                          "<button>b</button></form>", ["a"]),
    "comments": ("<p>a<!-- c -->b", ["ab"]),
    "lines of pre": ("<pre>a  b\n c</pre><p>d\ne", ["a b", "c", "d e"]),
    "where words may break": ("<p>so&shy;li&#8203;daire<wbr>ment", ["solidairement"]),
    "a svg has no words": ("<p>a<svg><title>t</title><text>x</text></svg>b", ["ab"]),
    "empty blocks": ("<p></p><p> </p><div><div>a</div></div><hr><p>&nbsp;</p>", ["a", "\u00a0"]),
    "what is never closed": ("<div><p>a<div><ul><li>b<p>c", ["a", "b", "c"]),
    "frames": ("<iframe src=x>i</iframe><object>o</object><p>a", ["a"]),
    "text alone": ("a < b & c", ["a < b & c"]),
}  # fmt: skip


@pytest.mark.parametrize("case", PAGES)
def test_a_page_has_these_lines(case: str) -> None:
    given, lines = PAGES[case]
    assert html.page(given).text == "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>T – Site</title><h1>T <b>u</b></h1>", "T u"),
        ("<title>T</title><h1>a</h1><h1>b</h1>", "T"),
        ("<meta property=og:title content=' O '><title>T</title><h1>a</h1><h1>b</h1>", "O"),
        ("<title> T\n u </title><header><h1>Site</h1></header>", "T u"),
        ("<title></title><h1></h1>", ""),
        ("<svg><title>S</title></svg><p>a", ""),
    ],
)
def test_a_page_says_its_title(page: str, title: str) -> None:
    assert html.page(page).title == title


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("es-419", "es"), ("EN_us", "en"), ("", ""), ("x-klingon", ""), ("i", "")],
)
def test_a_page_says_its_language(tag: str, language: str) -> None:
    assert html.page(f"<html lang='{tag}'><p>a").language == language


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("é’".encode(), "", "é’"),
        ("é’".encode("cp1252"), "", "é’"),
        ("é’".encode("cp1252"), "ISO-8859-1", "é’"),
        ("<meta charset='windows-1252'>é".encode("cp1252"), "", "é"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=latin1'>\xe9", "", "é"),
        ("<meta charset=latin1>é".encode(), "utf-8", "é"),
        ("é".encode("utf-16"), "", "é"),
        (b"\xef\xbb\xbf" + "é".encode(), "latin1", "é"),
        ("é".encode(), "no-such", "é"),
        ("é".encode(), "base64", "é"),
    ],
)
def test_a_page_is_in_its_encoding(data: bytes, charset: str, text: str) -> None:
    assert html.decoded(data, charset).endswith(text)
    assert read(b"<html>" + data if data[:1] != b"\xff" and data[:1] != b"\xef" else data,
                "a.html", charset=charset).text.endswith(f"{text}\n")  # fmt: skip


def test_nesting_has_an_end() -> None:
    assert html.page("<div>" * 1000 + "a").text == "a\n"
    with pytest.raises(InputError, match="nested too deeply"):
        read(b"<html>" + b"<b>" * 5000 + b"a", "a.html")
    start = time.monotonic()
    with pytest.raises(InputError, match="nested too deeply"):
        read(b"<html>" + b"<div>" * 200_000 + b"a", "a.html")
    assert time.monotonic() - start < 5  # the parser alone would take minutes
    assert read(b"<html>" + b"<div>a</div>" * 20_000, "a.html").text == "a\n" * 20_000


def test_a_text_stays_as_it_is() -> None:
    data = "\ufeffUne  ligne\u00a0!\r\n\r\n\tE\u0301t\u00e9\rfin".encode()
    assert read(data, "a.txt") == Original("Une  ligne\u00a0!\n\n\tÉté\nfin", "", "", "text")


@pytest.mark.parametrize(
    ("data", "name", "kind", "form"),
    [
        (b"<p>a", "a.HTM", "", "html"),
        (b"<p>a", "a", "text/html", "html"),
        (b"<p>a", "a.txt", "", "text"),
        (b"\n<!-- c --><!doctype HTML><p>a", "a", "", "html"),
        (b"<html><p>a", "a.txt", "", "html"),
        (b'<?xml version="1.0"?>\n<html><p>a', "a", "", "html"),
        (b"# a", "https://example.org/a?b=c", "text/markdown", "text"),
    ],
)
def test_what_it_is_is_told_by_who_serves_it_by_its_name_and_its_beginning(
    data: bytes, name: str, kind: str, form: str
) -> None:
    assert read(data, name, kind).form == form


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04", "a.docx", "neither a web page, nor a PDF, nor a text"),
        (b"a\0b", "a.txt", "neither a web page"),
        (b"a", "a", "with a suffix of .htm, .html"),
        (b"\xff", "a.txt", "byte 1 is not utf-8"),
        (b"<meta charset=utf-8>\xff", "a.html", "byte 21 is not utf-8"),
        (b" \n", "a.txt", "no text is found"),
        (b"<script>x</script>", "a.html", "what the browser shows"),
        (b"x", "a.pdf", "does not begin like one"),
    ],
)
def test_what_cannot_be_read_says_what_would_be_right(data: bytes, name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, name)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{name}: ")
    assert len({caught.value.text(language) for language in ("en", "fr", "es")}) == 3


def test_files_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 11)
    assert of_file(path).text == "a" * 11
    monkeypatch.setattr(original, "MOST", 10)
    with pytest.raises(InputError, match="larger than 0 MB"):
        of_file(path)


def test_an_address_is_no_file() -> None:
    with pytest.raises(UsageError, match="nothing is fetched"):
        of_file("https://example.org/a.html")


def pdf(*lines: str, more: str = "") -> bytes:
    """A PDF of one page with these lines."""
    words = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {words} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Lettre de mai) >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data + b"xref\n0 7\n0000000000 65535 f \n" + table
        + b"trailer\n<< /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    )  # fmt: skip


def test_a_pdf_is_read_by_its_lines() -> None:
    pytest.importorskip("pypdf")
    found = read(pdf("Le forum a eu lieu", "  en  2023."), "a.pdf")
    assert found == Original("Le forum a eu lieu\nen 2023.\n", "Lettre de mai", "fr", "pdf")
    assert read(pdf("x"), "a", "text/html").form == "pdf"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n", "cannot be read as PDF"),
        (pdf("a")[:-300], "PDF"),
        (pdf(), "pictures of pages"),
        (pdf("a").replace(b"/Contents 4 0 R", b"/Contents 9 0 R"), "pictures of pages"),
    ],
)
def test_what_is_wrong_with_a_pdf_is_said(data: bytes, said: str) -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(InputError, match=re.escape(said)):
        read(data, "a.pdf")


def test_without_its_library_a_pdf_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UsageError) as caught:
        read(pdf("a"), "a.pdf")
    assert caught.value.text("en").endswith("install it: pip install 'gsefgraph[pdf]'")
    assert caught.value.exit_code == 2


PIECES = st.sampled_from(
    ["<p>", "</p>", "<td>", "<tr>", "<table>", "<br>", "<li>", "<header>", "</header>", "<article>",
     "</article>", "<b>", "</b>", "<pre>", "</pre>", "<script>", "</script>", "<h1>", "</h1>", "a",
     " ", "\n", "é", "e\u0301", "&amp;", "<!--", "-->", "<", "<nav>", "</nav>", "<svg>", "\u00a0"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=3), max_size=30))
def test_any_page_has_tidy_lines_or_is_refused(pieces: list[str]) -> None:
    data = f"<html>{''.join(pieces)}".encode("utf-8", "ignore")
    try:
        found = read(data, "a.html")
    except GsefgraphError:
        return
    lines = found.text.split("\n")
    assert lines.pop() == ""
    for line in lines:
        assert line
        assert line == re.sub(r"[ \t\r\n\f]+", " ", line).strip(" ")
        assert line == unicodedata.normalize("NFC", line)
    assert read(data, "a.html") == found

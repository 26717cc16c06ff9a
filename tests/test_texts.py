"""Sentences for people: all there in each language, all used, and what a person then sees."""

from __future__ import annotations

import ast
import copy
import errno
import pickle
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from gsefgraph import errors
from gsefgraph.errors import InputError
from gsefgraph.wording import LANGUAGES, Wording, say, spoken
from tests.commands import ROOT, Cli, process

TEXTS = {
    language: tomllib.loads((ROOT / "gsefgraph/texts" / f"{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
KEYS = {
    language: {f"{table}.{name}": text for table in tables for name, text in tables[table].items()}
    for language, tables in TEXTS.items()
}
# Tables whose keys the code makes of a code of its own, as in `say(f"stage.{stage}")`.
FAMILIES = {
    "api", "component", "content", "evidence", "example", "finding", "info", "key", "language",
    "line", "log", "owl", "part", "programme", "property", "report", "section", "served", "serves",
    "skeleton", "stage", "status", "system", "title", "took", "triple", "type", "warning",
    "whole"
}  # fmt: skip
# What the code puts before and after such a code: `rule-`, a plural, a number.
BEFORE, AFTER = re.compile("^(?:rule|way|scm)-"), re.compile("(?:-bare|-node|[0-9]|s)$")
PAGE = ROOT / "gsefgraph/shacl/report/templates/report.html"
TEMPLATES = ROOT / "gsefgraph/web/templates"
THING = ROOT / "gsefgraph/graph/templates/page.html"
# Where errors still bring an English sentence of their own.
UNSAID = ("shacl/opinion/worker",)


def forms(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def places(form: str, key: str) -> set[str]:
    """The places of a sentence; none and one need no number ("source", "2 sources")."""
    return fields(form) | ({"count"} if isinstance(KEYS["en"][key], dict) else set())


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((ROOT / "gsefgraph").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path, node


NODES = list(sources())
CALLS = [
    (path, node)
    for path, node in NODES
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Name)
    and node.func.id in ("say", "told")
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_places(language: str) -> None:
    assert KEYS[language].keys() == KEYS["en"].keys()
    for key, text in KEYS[language].items():
        (wanted,) = {frozenset(places(form, key)) for form in forms(KEYS["en"][key])}
        for form in forms(text):
            assert places(form, key) == wanted, key
        if not isinstance(text, str):
            assert {"one", "other"} == text.keys() - {"none"}, key
            assert ("none" in text) == ("none" in KEYS["en"][key]), key
            assert "count" in wanted, key


def test_every_sentence_is_used() -> None:
    written = {
        node.value
        for _, node in NODES
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    written |= set(re.findall(r"w\('([\w-]+)'", PAGE.read_text("utf-8")))
    for page in TEMPLATES.rglob("*.html"):
        written |= set(re.findall(r"""[("']([\w-]+\.[\w-]+)["']""", page.read_text("utf-8")))
    written |= set(re.findall(r'w\("([\w.-]+)"', THING.read_text("utf-8")))
    for key in KEYS["en"]:
        table, _, name = key.partition(".")
        if table == "parser":  # tests/test_texts_parsers.py has them said
            continue
        if table == "system":  # `errors.reason` looks there
            assert hasattr(errno, name), key
            continue
        stem = AFTER.sub("", name.rpartition("#")[2])
        made = {name, stem, BEFORE.sub("", stem), BEFORE.sub("", name)}
        assert key in written or (table in FAMILIES and made & written), key


def test_every_key_that_is_said_is_there_with_its_values() -> None:
    for path, call in CALLS:
        first = call.args[0]
        if isinstance(first, ast.JoinedStr):
            table = first.values[0].value.rstrip(".")  # type: ignore[attr-defined]
            assert table in FAMILIES & TEXTS["en"].keys(), f"{path}:{call.lineno}"
        keys = {n.value for n in ast.walk(first) if isinstance(n, ast.Constant)}
        for key in keys if isinstance(first, ast.Constant | ast.IfExp) else ():
            assert key in KEYS["en"], f"{path}:{call.lineno}"
            given = {word.arg for word in call.keywords}
            needed = set().union(*map(fields, forms(KEYS["en"][key])))
            if None not in given:
                lacking = needed - given
                assert not lacking, f"{path}:{call.lineno}: {lacking}"
                idle = given - needed - {"count"}
                assert not idle or len(keys) > 1, f"{path}:{call.lineno}: {idle}"


def test_every_error_is_said_by_its_key() -> None:
    names = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.GsefgraphError)
    }
    for path, node in NODES:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            bare = isinstance(first, ast.JoinedStr | ast.Constant)
            if node.func.id in names and bare:
                inside = str(path.relative_to(ROOT / "gsefgraph"))
                assert inside.startswith(UNSAID), f"{path}:{node.lineno}"


def test_marks_stand_as_each_language_sets_them() -> None:
    for key, text in KEYS["fr"].items():
        for form in forms(text):
            assert not re.search(r" [:;?!»](?!\w)|« |[^\s\u00a0(]\?(?![\w{])", form), key
    for key, text in KEYS["es"].items():
        for form in forms(text):
            assert form.count("¿") == len(re.findall(r"(?<!\()\?(?![\w{])", form)), key


def test_what_curators_write_in_french_is_set_as_french() -> None:
    for path in sorted((ROOT / "data").rglob("*.ttl")):
        for quad in pyoxigraph.parse(path=path):
            text, ours = quad.object, quad.predicate.value.endswith(("note", "ale", "objection"))
            if ours and isinstance(text, pyoxigraph.Literal) and text.language == "fr":
                assert not re.search(r" [:;?!»]|« ", text.value), f"{path}: {text.value}"


def test_one_and_many_are_told_apart_as_the_language_does() -> None:
    said = [say("cli.wrong", count=count) for count in (0, 1, 2)]
    french = [text.text("fr").rpartition(" ")[2] for text in said]
    spanish = [text.text("es").rpartition(" ")[2] for text in said]
    assert french == ["erronée", "erronée", "erronées"]
    assert spanish == ["erróneas", "errónea", "erróneas"]
    for language, none in (("en", "No name"), ("fr", "Aucun nom"), ("es", "Ningún nombre")):
        assert say("web.found", count=0, text="x").text(language).startswith(none)


@pytest.mark.parametrize(
    ("key", "values", "one"),
    [
        ("cli.found", {}, "1 row or triple"),
        ("cli.loaded", {"place": "s"}, "1 quad in s"),
        ("cli.written", {"file": "f", "format": "trig"}, "f: 1 byte of trig"),
        ("cli.checked", {}, "1 quote checked"),
        ("engine.other-count", {"recorded": 2}, "it holds 1 quad, not 2"),
        ("engine.part-size", {"name": "n", "size": 2}, "n has 1 byte, its record says 2"),
        ("sparql.row-values", {}, "1 value"),
        ("sparql.row-variables", {}, "1 variable"),
    ],
)
def test_what_is_counted_is_one_or_many_in_every_language(
    key: str, values: dict[str, object], one: str
) -> None:
    assert say(key, count=1, **values) == one
    for language in LANGUAGES:
        texts = [say(key, count=count, **values).text(language) for count in (1, 2)]
        assert texts[0].replace("1", "2", 1) != texts[1], language


def test_sentences_within_sentences_and_lists_follow_the_language() -> None:
    inner = say("file.folder")
    outer = say("error.hinted", problem=inner, hint=[inner, "x"])
    assert outer == "this is a folder; this is a folder, x"
    assert outer.text("es") == "es una carpeta; es una carpeta, x"
    assert outer.text("de") == outer
    assert outer.texts() == {language: outer.text(language) for language in LANGUAGES}
    assert spoken({"en": "one", "fr": "un"}, "es") == "one"


def test_thousands_are_set_apart() -> None:
    loaded = say("cli.loaded", count=1234567, place="s")
    assert loaded == "1,234,567 quads in s"
    assert loaded.text("fr").startswith("1\u202f234\u202f567 quads")
    assert say("cli.loaded", count=1234, place="s").text("es").startswith("1234 ")
    assert say("cli.loaded", count=12345, place="s").text("es").startswith("12\u202f345 ")


def test_a_sentence_survives_a_copy_and_a_pipe() -> None:
    found = say("file.not-utf8-at", byte=3)
    for twin in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert isinstance(twin, Wording)
        assert (twin, twin.text("es")) == (found, found.text("es"))


def test_an_error_keeps_its_place_in_each_language() -> None:
    error = InputError(say("file.nul"), file="a.ttl", line=3, column=7, hint=say("rdf.give-rdf"))
    assert str(error) == "a.ttl:3:7: a NUL byte: this is a binary file; give a text of RDF"
    assert error.message == "a NUL byte: this is a binary file"
    assert error.text("fr") == (
        "a.ttl:3:7: un octet NUL\u00a0: c’est un fichier binaire\u00a0; donner un texte en RDF"
    )


MISTAKES = [
    (["query", "speakrs"], "requête enregistrée", "consulta guardada"),
    (
        ["query", "events-by-goal", "-p", "goal=99"],
        "rien ne s’appelle '99' parmi",
        "nada se llama '99' entre",
    ),
    (["query", "events-by-goal"], "exige le paramètre", "exige el parámetro"),
    (["validate", "no-such.ttl"], "ce fichier n’existe pas", "este archivo no existe"),
    (["validate", "{broken}"], "n’est pas du Turtle\u00a0: ", "no es Turtle: "),
    (["info", "--store", "gopher://x"], "aucun entrepôt ne s’appelle", "ningún almacén se llama"),
    (["query", "speakers", "--limt", "3"], "option inconnue", "opción desconocida"),
    (
        ["query", "speakers", "--limit", "-3"],
        "-3 n’est pas un nombre de l’intervalle",
        "-3 no es un número del intervalo",
    ),
    (["query", "speakers", "--limit"], "demande une valeur", "necesita un valor"),
    (["query", "speakers", "more"], "arguments en trop", "argumentos de más"),
    (["query"], "il manque", "falta"),
    (["show", "GSEF", "-f", "xml"], "l’un de text, json", "uno de text, json"),
    (["validate", "--memory", "much"], "n’est pas une taille", "no es un tamaño"),
    (["tabel"], "aucune commande", "ningún comando"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: " ".join(mistake[0]))
def test_a_mistake_is_told_in_the_language_asked_for(
    mistake: tuple[list[str], str, str], cli: Cli, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b> .\n")
    words = [word.format(broken=broken) for word in mistake[0]]
    at_fault = words[-1] if words[0] == "validate" and "--memory" not in words else ""
    for language, head, wanted in (
        ("fr", "gsefgraph: erreur\u00a0: ", mistake[1]),
        ("es", "gsefgraph: error: ", mistake[2]),
    ):
        done = cli(f"--lang={language}", *words)
        assert done.code in (2, 3)
        assert done.err.startswith(f"{head}{at_fault}"), done.err
        assert wanted in done.err
        assert done.err.count("\n") == 1
    english = cli("--lang", "en", *words).err
    assert english.startswith("gsefgraph: error: ")
    assert "erreur" not in english


def test_the_environment_names_the_language_too() -> None:
    done = process("query", "speakrs", GSEFGRAPH_LANG="es")
    assert done.err.startswith("gsefgraph: error: ninguna consulta guardada «speakrs»; ¿quiso")
    done = process("query", "-", stdin=b"SELECT", GSEFGRAPH_LANG="fr")
    assert done.err.startswith("gsefgraph: erreur\u00a0: <stdin>:1:7: n’est pas du SPARQL\u00a0: ")


@pytest.mark.parametrize("words", [["--help"], ["query", "speakers", "-f", "csv"]])
def test_what_succeeds_reads_no_sentences(words: list[str]) -> None:
    import subprocess
    import sys

    code = (
        f"import sys; from gsefgraph.cli import run; run({words!r}); "
        "from gsefgraph import wording; sys.stderr.write(str(wording._read.cache_info().currsize))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr == "0"

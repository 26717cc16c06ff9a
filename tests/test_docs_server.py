"""What docs/server/ has for those who run it for others: each file is used as it stands, but for
addresses and folders."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.commands import ROOT
from tests.servers import child, free_port
from tests.web import serving

FOLDER = ROOT / "docs" / "server"
NGINX, SYSTEMD = shutil.which("nginx"), shutil.which("systemd-analyze")
GSEFGRAPH = str(Path(sys.executable).with_name("gsefgraph"))
LEAST = """events {{ }}
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{given}
}}
"""


@contextmanager
def started(command: list[str], port: int, **environment: str) -> Iterator[str]:
    """A server of ours from the words of a file."""
    place = f"http://127.0.0.1:{port}/"
    with pytest.MonkeyPatch.context() as given:
        for name, value in environment.items():
            given.setenv(name, value)
        with child([*command, "--port", str(port)], f"{place}health", Path.cwd()):
            yield place


def test_the_unit_is_one_and_its_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (FOLDER / "gsefgraph.service").read_text()
    if SYSTEMD:
        here = tmp_path / "gsefgraph.service"
        here.write_text(text.replace("/opt/gsefgraph/bin/gsefgraph", GSEFGRAPH))
        done = subprocess.run([SYSTEMD, "verify", here], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    unit = configparser.RawConfigParser()
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(text)
    monkeypatch.chdir(tmp_path)
    given = {**os.environ, "STATE_DIRECTORY": str(tmp_path)}

    def words(key: str) -> list[str]:
        line = unit["Service"][key].replace("/opt/gsefgraph/bin/gsefgraph", GSEFGRAPH)
        return shlex.split(line.replace("${STATE_DIRECTORY}", str(tmp_path)))

    for _ in range(2):  # with the store that is there from the second time on
        subprocess.run(words("ExecStartPre"), check=True, env=given, capture_output=True)
    with started(words("ExecStart"), free_port()) as place:
        assert "https://graph.example.org/sitemap.xml" in httpx.get(f"{place}robots.txt").text
    assert getattr(signal, unit["Service"]["KillSignal"])


def test_the_container_starts_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (FOLDER / "Containerfile").read_text()
    for name in re.findall(r"-r (\S+)", text):
        assert (ROOT / name).exists()
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.M)
    command = json.loads(entry)
    monkeypatch.chdir(tmp_path)
    # Other machines are not to reach it here.
    words = [GSEFGRAPH, *command[1:]]
    words[words.index("0.0.0.0")] = "127.0.0.1"
    port = free_port()
    with started(words, port) as place:
        assert httpx.get(place).status_code == 200
        (check,) = re.findall(r"^HEALTHCHECK CMD (.*)$", text, re.M)
        line = [word.replace(":8000", f":{port}") for word in json.loads(check)]
        subprocess.run([sys.executable, *line[1:]], check=True)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """nginx before a server, as the file says: its address, and that of the server."""
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light, or run .ci/servers")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with serving("--proxy", "127.0.0.1", "--base-url", "http://localhost") as (_, own):
        text = (FOLDER / "nginx.conf").read_text()
        text = text.replace("127.0.0.1:8000", own.removeprefix("http://").rstrip("/"))
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
        text = text.replace("/var/cache/nginx", str(folder))
        text = re.sub(r" *ssl_certificate.*\n", "", text)
        text = text.replace("$host;", "localhost;").replace("200 10s", "200 1s")
        (folder / "nginx.conf").write_text(LEAST.format(folder=folder, given=text))
        command = [NGINX, "-c", str(folder / "nginx.conf"), "-g", "daemon off;", "-e", "stderr"]
        with child(command, f"http://127.0.0.1:{port}/health", folder):
            yield f"http://127.0.0.1:{port}/", own


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("", "text/html"),
        ("page/org/oecd", "text/html"),
        ("api/queries/speakers", "*/*"),
        ("sparql?query=SELECT+*+%7B+%3Fs+a+gsef%3AEvent+%7D", "text/csv"),
        ("data/org/oecd.ttl", "*/*"),
    ],
)
def test_a_cache_gives_what_the_server_gives(
    proxied: tuple[str, str], path: str, accept: str
) -> None:
    through, own = proxied
    with httpx.Client(headers={"accept": accept, "accept-language": "fr"}) as client:
        straight = client.get(own + path)
        first, again = client.get(through + path), client.get(through + path)
        assert first.content == again.content
        assert again.headers["x-cache"] == "HIT"
        assert again.headers["etag"] == straight.headers["etag"].removeprefix("W/")
        assert again.text == straight.text
        known = client.get(through + path, headers={"if-none-match": again.headers["etag"]})
        assert known.status_code == 304
        other = client.get(through + path, headers={"accept-language": "es"})
        assert other.headers["x-cache"] == "MISS"


def test_what_is_asked_with_a_token_is_kept_from_nobody_else(proxied: tuple[str, str]) -> None:
    through, _ = proxied
    token = {"authorization": "Bearer a-token-of-the-tests"}
    for _ in range(2):
        answer = httpx.get(f"{through}graphs?graph=urn:none", headers=token)
        assert answer.headers["x-cache"] == "BYPASS"
    for _ in range(2):
        posted = httpx.post(f"{through}sparql", data={"query": "ASK {}"})
        assert posted.json()["boolean"] is True
        assert posted.headers.get("x-cache", "") != "HIT"


def test_what_it_holds_was_measured() -> None:
    rows = re.findall(r"^\| .*/s, .*$", (FOLDER / "README.md").read_text(), re.M)
    measured = (ROOT / "bench" / "results" / "web.md").read_text()
    assert len(rows) == 6
    assert not [row for row in rows if f"\n{row}" not in measured]

"""The small server: what a folder asks for is sent, to this computer only."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from browsing import serving
from conftest import ROOT, heeding_interrupts

HEADERS = """# Für alle
/*
  X-Content-Type-Options: nosniff
/daten.csv
  Access-Control-Allow-Origin: *
  Content-Type: text/csv; charset=utf-8
/unter/*
  X-Content-Type-Options: zwei
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("index.html", "daten.csv", "unter/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<!doctype html>")
    return tmp_path


@contextmanager
def showing(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at work, and what it says first."""
    command = [sys.executable, str(ROOT / "scripts/show.py"), *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding_interrupts)
    try:
        assert process.stdout
        yield process, process.stdout.readline() + process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def asked(address: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_a_site_that_is_built_anew_is_sent_with_its_new_headers(folder: Path) -> None:
    with serving(folder) as address:
        assert asked(address, "/").getheader("X-Content-Type-Options") is None
        (folder / "_headers").write_text(HEADERS)
        assert asked(address, "/").getheader("X-Content-Type-Options") == "nosniff"
        (folder / "_headers").write_text(HEADERS.replace("nosniff", "neu"))
        assert asked(address, "/").getheader("X-Content-Type-Options") == "neu"
        (folder / "_headers").unlink()
        assert asked(address, "/").getheader("X-Content-Type-Options") == "neu", "while a build exchanges the folder"


def test_the_folder_decides_on_its_headers(folder: Path) -> None:
    (folder / "_headers").write_text(HEADERS)
    with serving(folder) as address:
        answer = asked(address, "/daten.csv?a=1")
        assert answer.headers.get_all("Content-Type") == ["text/csv; charset=utf-8"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert asked(address, "/unter/").headers.get_all("X-Content-Type-Options") == ["nosniff", "zwei"]
        assert asked(address, "/").headers["Content-Type"] == "text/html"


def test_a_folder_that_asks_for_nothing_gets_nothing(folder: Path) -> None:
    with serving(folder) as address:
        assert asked(address, "/").headers["X-Content-Type-Options"] is None
        assert asked(address, "/fehlt").status == 404


def test_the_command_shows_a_folder_until_it_is_stopped(folder: Path) -> None:
    with showing(str(folder), "--port", "0") as (process, said):
        address = said.partition("unter ")[2].partition(" ")[0]
        assert address.startswith("http://127.0.0.1:")
        assert asked(address, "/").status == 200
        with socket.socket() as other:  # of all addresses of this computer only one listens
            port = int(address.rstrip("/").rpartition(":")[2])
            assert other.connect_ex(("127.0.0.2", port)) != 0
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_of_an_archive_the_site_inside_is_shown(folder: Path, tmp_path: Path) -> None:
    with showing(str(folder.rename(tmp_path.with_name(f"{tmp_path.name}-data"))), "--port", "0") as (_, said):
        assert said.startswith(f"{tmp_path}-data\n")
    whole = tmp_path.with_name(f"{tmp_path.name}-paket")
    whole.mkdir()
    tmp_path.with_name(f"{tmp_path.name}-data").rename(whole / "data")
    with showing(str(whole), "--port", "0") as (_, said):
        assert said.startswith(f"{whole}/data\n")


def test_what_cannot_be_shown_is_told(folder: Path) -> None:
    with showing(str(folder / "unter/nichts")) as (process, _):
        assert process.stderr
        assert process.stderr.read().startswith(
            f"In {folder}/unter/nichts liegt keine gebaute Website: index.html fehlt."
        )
        assert process.wait(10) == 1
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for number in (port, "70000"):
            with showing(str(folder), "--port", number) as (process, _):
                assert process.stderr
                assert process.stderr.read().startswith(f"Port {number} geht nicht: ")
                assert process.wait(10) == 1

"""``scripts/advisories.py`` against databases of our own: what it finds, what it leaves out, and that silence is no answer."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import advisories
from conftest import ROOT
from serving import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("npm") and not os.environ.get("CI"), reason="npm is missing"),
]

JINJA = {
    "vulns": [
        {
            "id": "PYSEC-2099-1",
            "aliases": ["GHSA-jjjj-jjjj-jjjj"],
            "summary": "Templates may leave their sandbox.",
            "affected": [
                {
                    "package": {"name": "jinja2", "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
                }
            ],
        }
    ]
}


def npm_advisory(name: str, title: str) -> dict[str, Any]:
    url = f"https://advisories.example.org/GHSA-{name[0] * 4}-0000-0000"
    return {
        "id": 1,
        "url": url,
        "title": title,
        "severity": "high",
        "vulnerable_versions": "<99",
        "cwe": [],
        "cvss": {},
    }


class Database:
    """Answers as OSV and npm's registry do, or with an error.

    Attributes:
        python: name of a package -> OSV's answer; nothing is known of the others.
        npm: name of a package -> its advisories.
        status: what is answered instead, if not 200.
        asked: (name, version) of each package that was asked about.
    """

    def __init__(self) -> None:
        self.python: dict[str, Any] = {}
        self.npm: dict[str, Any] = {}
        self.status = 200
        self.asked: set[tuple[str, str]] = set()
        self.address = ""

    def answer(self, path: str, question: Any) -> Any:
        if path == "/v1/query":
            name = question["package"]["name"]
            self.asked.add((f"pypi:{name}", question["version"]))
            return self.python.get(name, {})
        assert path == "/-/npm/v1/security/advisories/bulk", path
        self.asked |= {(f"npm:{name}", version) for name, versions in question.items() for version in versions}
        return {name: self.npm[name] for name in question if name in self.npm}


@pytest.fixture
def database() -> Iterator[Database]:
    base = Database()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:  # npm looks for other versions, in vain
            self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if base.status != 200:
                self.send_error(base.status)
                return
            answer = json.dumps(base.answer(self.path, json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base.address = f"http://127.0.0.1:{server.server_port}"
        yield base
        server.shutdown()


def audit(address: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PIP_AUDIT_VULNERABILITY_SERVICE": "osv",
        "PIP_AUDIT_OSV_URL": f"{address}/v1/query",
        "npm_config_registry": address,
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "npm"),
        "NO_PROXY": "127.0.0.1",
    }
    command = [sys.executable, str(ROOT / "scripts/advisories.py")]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, env=environment)


def test_nothing_known(database: Database, tmp_path: Path) -> None:
    """And every package that any lock file pins was asked about, for whatever system."""
    result = audit(database.address, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Keine Schwachstelle bekannt; ")
    packages = advisories.requirements_files(), advisories.npm_locks()
    pinned = [p for path in packages[0] for p in advisories.requirements(path)]
    pinned += [*advisories.parts(), *(p for path in packages[1] for p in advisories.npm_lock(path))]
    assert database.asked == {(p.origin, p.version) for p in pinned}
    assert {("pypi:pymdown-extensions", "12.3"), ("npm:dompurify", "3.4.16")} <= database.asked


def test_what_is_known_is_told_and_fails(database: Database, tmp_path: Path) -> None:
    database.python["jinja2"] = JINJA
    database.npm["esbuild"] = [npm_advisory("esbuild", "Anyone may read the answers")]
    database.npm["dompurify"] = [npm_advisory("dompurify", "Markup gets through")]
    result = audit(database.address, tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    versions = {p.origin: p.version for p in advisories.parts()}
    *lines, verdict = result.stdout.splitlines()
    assert (
        f"npm:dompurify {versions['npm:dompurify']}: GHSA-dddd-0000-0000: Markup gets through, betroffen: <99."
        in lines[0]
    )
    assert lines[1].startswith("npm:esbuild 0.")
    assert lines[2].startswith("pypi:jinja2 3.")
    assert lines[2].endswith("PYSEC-2099-1: Templates may leave their sandbox. Behoben in 99.1.")
    assert verdict.startswith("3 bekannte Schwachstellen; ")


@pytest.mark.parametrize("status", [404, 503])
def test_a_database_that_fails_is_no_good_news(database: Database, tmp_path: Path, status: int) -> None:
    database.status = status
    result = audit(database.address, tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Die Prüfung ist nicht möglich. pip-audit antwortet nicht wie erwartet: ")


def test_nobody_there_is_no_good_news(database: Database, tmp_path: Path) -> None:
    result = audit("http://127.0.0.1:9", tmp_path)
    assert (result.returncode, result.stdout) == (2, "")


@pytest.mark.parametrize("answer", [404, 500, "{}", "no JSON"])
def test_a_registry_that_cannot_be_asked_is_no_good_news(
    monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path, answer: Any
) -> None:
    if isinstance(answer, int):
        database.status = answer
        monkeypatch.setenv("npm_config_registry", database.address)
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    else:
        said = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(advisories.NoAnswer, match="npm audit antwortet nicht wie erwartet"):
        list(advisories.of_npm(ROOT / "vendor", []))


FOUND = advisories.Finding("npm:svgo", "4.1.0", ("GHSA-ssss", "CVE-2099-1"), "It runs what it reads.")


def exemption(until: str, **other: str) -> advisories.Exemption:
    return advisories.Exemption(
        **{"advisory": "CVE-2099-1", "package": "npm:svgo", "reason": "…", **other},
        until=datetime.date.fromisoformat(until),
    )


@pytest.mark.parametrize(
    ("exempt", "status", "told"),
    [
        (exemption("2099-02-01"), 0, "Ausgenommen: npm:svgo 4.1.0: GHSA-ssss: "),
        (exemption("2099-01-31"), 1, "Die Ausnahme bis 2099-01-31 ist abgelaufen."),
        (exemption("2099-02-01", package="npm:sax"), 1, "npm:sax: CVE-2099-1 ist nicht mehr bekannt. Bitte löschen."),
        (exemption("2099-02-01", advisory="CVE-2099-2"), 1, "CVE-2099-2 ist nicht mehr bekannt."),
    ],
)
def test_an_exemption_ends_by_itself(
    capsys: pytest.CaptureFixture[str], exempt: advisories.Exemption, status: int, told: str
) -> None:
    assert advisories._told([FOUND], [exempt], datetime.date(2099, 2, 1), 1) == status
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("left_out", ["advisory", "package", "until", "reason"])
def test_an_exemption_says_all(tmp_path: Path, left_out: str) -> None:
    lines = {"advisory": "A", "package": "npm:b", "until": "2099-01-01", "reason": "C"}
    path = tmp_path / "audit.yml"
    path.write_text("- " + "\n  ".join(f"{key}: {value}" for key, value in lines.items()) + "\n")
    assert len(advisories.exemptions(path)) == 1
    path.write_text("- " + "\n  ".join(f"{key}: {value}" for key, value in lines.items() if key != left_out) + "\n")
    with pytest.raises(ValueError, match=r"audit\.yml: Ausnahme 1 ist unvollständig"):
        advisories.exemptions(path)


def test_our_exemptions_are_complete_and_of_pinned_packages() -> None:
    pinned = {package.origin for package in [*(p for f in advisories.requirements_files() for p in advisories.requirements(f)),
              *(p for f in advisories.npm_locks() for p in advisories.npm_lock(f)), *advisories.parts()]}  # fmt: skip
    assert {entry.package for entry in advisories.exemptions(advisories.EXEMPTIONS)} <= pinned

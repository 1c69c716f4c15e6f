"""The answer to a request reaches the request: scripts/comment.py against forges that speak HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from catalog.editing.comment import MARKER
from conftest import ROOT

SECRET = "geheim-4711"


@dataclass
class Forge:
    """What a forge was asked for, and the comments that it keeps: path of the thread -> comments."""

    address: str = ""
    refuses: bool = False
    calls: list[tuple[str, str]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def forge() -> Iterator[Forge]:
    kept = Forge()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = self.path.partition("?")[0]
            kept.calls.append((self.command, path))
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            wanted = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization", "").removeprefix("token ")
            refused = wanted != SECRET or (kept.refuses and self.command != "GET")
            data: Any = {}
            if path.endswith("/user"):
                data = {"login": "bot", "username": "bot"}
            elif self.command == "GET":
                data = kept.comments
            elif not refused and self.command == "POST":
                kept.comments.append(comment(len(kept.comments) + 1, "bot", body["body"]))
            elif not refused:
                kept.comments[int(path.rpartition("/")[2]) - 1]["body"] = body["body"]
            self.send_response(403 if refused else 200)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    kept.address = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    server.server_close()


def comment(number: int, author: str, text: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": author}, "author": {"username": author}, "body": text}


def tell(forge: Forge, folder: Path, kind: str, text: str, **more: str) -> subprocess.CompletedProcess[str]:
    (folder / "pruefung.md").write_text(text)
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PROPOSAL_TOKEN": SECRET}
    if kind == "gitlab":
        environment |= {
            "CI_API_V4_URL": f"{forge.address}/api/v4",
            "CI_PROJECT_URL": forge.address,
            "CI_PROJECT_ID": "5",
        }
    else:
        environment |= {"GITHUB_API_URL": f"{forge.address}/api/v1", "GITHUB_SERVER_URL": forge.address}
        environment |= {"GITHUB_REPOSITORY": "stelle/wissen"}
    command = (sys.executable, "scripts/comment.py", str(folder / "pruefung.md"), "--forge", kind, "--request", "7")
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment | more)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "thread"),
    [
        ("github", "/api/v1/repos/stelle/wissen/issues/7/comments"),
        ("forgejo", "/api/v1/repos/stelle/wissen/issues/7/comments"),
        ("gitlab", "/api/v4/projects/5/merge_requests/7/notes"),
    ],
)
def test_one_comment_is_kept_up_to_date(forge: Forge, tmp_path: Path, kind: str, thread: str) -> None:
    forge.comments.append(comment(1, "jemand", f"{MARKER}\nnachgemacht"))
    for text in ("## eins", "## zwei", "## zwei"):
        result = tell(forge, tmp_path, kind, f"{MARKER}\n{text}\n")
        assert (result.returncode, result.stdout) == (0, "Request 7: beantwortet.\n"), result.stderr
    assert [c["body"] for c in forge.comments] == [f"{MARKER}\nnachgemacht", f"{MARKER}\n## zwei"]
    assert ("POST", thread) in forge.calls
    assert len([method for method, _ in forge.calls if method != "GET"]) == 2
    assert SECRET not in str(forge.calls)


def test_a_token_that_may_only_read_is_no_failure(forge: Forge, tmp_path: Path) -> None:
    forge.refuses = True
    summary = tmp_path / "summary.md"
    told = tell(forge, tmp_path, "github", f"{MARKER}\n## eins\n", GITHUB_STEP_SUMMARY=str(summary))
    assert told.returncode == 0
    assert "kein Kommentar" in told.stdout
    assert summary.read_text() == "## eins\n"
    told = tell(forge, tmp_path, "gitlab", f"{MARKER}\n## eins\n")
    assert (told.returncode, forge.comments) == (0, [])
    assert told.stdout.endswith("## eins\n")
    assert SECRET not in told.stdout + told.stderr


def test_without_a_token_the_log_holds_the_answer(forge: Forge, tmp_path: Path) -> None:
    told = tell(forge, tmp_path, "gitlab", f"{MARKER}\n## eins\n", PROPOSAL_TOKEN="")
    assert (told.returncode, forge.calls) == (0, [])
    assert told.stdout.endswith("## eins\n")


@pytest.mark.parametrize("text", ["", "## eins\n"])
def test_only_an_answer_of_the_check_is_told(forge: Forge, tmp_path: Path, text: str) -> None:
    told = tell(forge, tmp_path, "github", text)
    assert told.returncode == 1
    assert "keine Antwort der Prüfung" in told.stderr
    assert forge.calls == []

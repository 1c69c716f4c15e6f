"""From an issue to a request: scripts/proposal.py, alone and against forges that speak HTTP and a real git repository."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.editing.sections import joined
from conftest import ROOT

pytestmark = pytest.mark.slow  # each starts a program, most of them several

SECRET = "geheim-4711"
CASES = Path(__file__).parent / "cases" / "proposals"
GOOD = (
    (CASES / "repeated.md").read_text().replace("### Kennung\n\nschulung\n\n", "").replace("Schulung der", "Kurs für")
)
GOOD = GOOD.replace("### Frühere Adressen\n\nmassnahmen/kreis-lippe/alte-schulung\n\n", "")
WRITTEN = "measures/kreis-lippe/kurs-fuer-beschaeftigten.md"
BAD = GOOD.replace("ausgefallen", "abgesagt ::error::@alle")


def run(root: Path, *options: str, script: str = "proposal.py", **environment: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, f"scripts/{script}", *options)
    variables = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=variables)


@pytest.fixture
def small(full_project: Path) -> Path:
    """The small project with the scripts."""
    shutil.copytree(ROOT / "scripts", full_project / "scripts")
    return full_project


# --- alone -----------------------------------------------------------------------------------------------------------


def test_a_new_partner_stands_in_the_forms_with_it(small: Path) -> None:
    """Else the next person could not choose it, and the forms would be out of date."""
    assert subprocess.run([sys.executable, "scripts/issue_forms.py"], cwd=small, check=True, capture_output=True)
    form = small / ".github/ISSUE_TEMPLATE/massnahme.yml"
    before = form.read_text()
    result = run(small, str(CASES / "github-new-partner.md"))
    assert result.returncode == 0, result.stdout
    assert ".github" not in result.stdout
    assert len(form.read_text().splitlines()) > len(before.splitlines())
    assert subprocess.run([sys.executable, "scripts/issue_forms.py", "--check"], cwd=small, check=False).returncode == 0


def test_a_text_becomes_files(small: Path, tmp_path: Path) -> None:
    (tmp_path / "text.md").write_text(GOOD)
    before = sorted(small.rglob("measures/**/*"))
    dry = run(small, str(tmp_path / "text.md"), "--dry-run")
    assert (dry.returncode, sorted(small.rglob("measures/**/*"))) == (0, before)
    elsewhere = run(small, str(tmp_path / "text.md"), "--output", str(tmp_path / "out"))
    assert (elsewhere.returncode, sorted(small.rglob("measures/**/*"))) == (0, before)
    there = run(small, str(tmp_path / "text.md"))
    assert there.stdout.startswith("Vielen Dank! Der Vorschlag ist geprüft und in Ordnung.")
    assert (small / WRITTEN).read_bytes() == (tmp_path / "out" / WRITTEN).read_bytes()
    again = run(small, str(tmp_path / "text.md"))
    assert "es ist nichts zu tun" in again.stdout


def test_what_is_refused_is_not_written(small: Path) -> None:
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    command = (sys.executable, "scripts/proposal.py", "-")
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    for text in (BAD.encode(), b"\xff\xfe\x00", b"x" * 10_000_000, (CASES / "hostile-paths.md").read_bytes()):
        result = subprocess.run(command, cwd=small, input=text, capture_output=True, check=False, env=environment)
        assert result.returncode == 1
        assert "Noch ist nichts übernommen" in result.stdout.decode()
        assert result.stderr == b""
    assert {path: path.read_bytes() for path in small.rglob("*") if path.is_file()} == before


# --- on a forge ------------------------------------------------------------------------------------------------------


@dataclass
class Forge:
    """A forge with one repository: what it holds, and what it was asked to change."""

    kind: str
    home: Path
    clone: Path
    script: str = "proposal.py"
    address: str = ""
    server: str = ""
    bot: str = "bot"
    down: bool = False
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[str, str]] = field(default_factory=list)

    def issue(self, number: int, text: str, *labels: str, is_open: bool = True) -> None:
        self.issues[number] = {"text": text, "labels": labels, "open": is_open}

    def run(self, *options: str) -> str:
        """Let the script answer; what it says on its log."""
        environment = {"PROPOSAL_TOKEN": SECRET, "HOME": str(self.home)}
        if self.kind == "gitlab":
            environment |= {"CI_API_V4_URL": f"{self.address}/api/v4", "CI_PROJECT_ID": "5"}
            environment |= {"CI_PROJECT_URL": f"file://{self.home}/stelle/wissen"}
        else:
            environment |= {
                "GITHUB_API_URL": f"{self.address}/api/v1",
                "GITHUB_SERVER_URL": self.server or f"file://{self.home}",
            }
            environment |= {"GITHUB_REPOSITORY": "stelle/wissen"}
        self.changes.clear()
        result = run(self.clone, "--forge", self.kind, *options, script=self.script, **environment)
        assert SECRET not in result.stdout + result.stderr + str(self.changes)
        assert result.returncode == (1 if result.stderr else 0), result.stderr
        return result.stdout + result.stderr

    def git(self, *arguments: str) -> str:
        """What git says in the repository of the forge."""
        command = ("git", "-C", str(self.home / "stelle/wissen.git"), *arguments)
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def branches(self) -> list[str]:
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split("\n")

    # What each dialect says of the same things.

    def shown_issue(self, number: int) -> dict[str, Any]:
        issue = self.issues[number]
        if self.kind == "gitlab":
            state = "opened" if issue["open"] else "closed"
            return {"iid": number, "description": issue["text"], "labels": [*issue["labels"]], "state": state}
        labels = [{"name": label} for label in issue["labels"]]
        return {
            "number": number,
            "body": issue["text"],
            "labels": labels,
            "state": "open" if issue["open"] else "closed",
        }

    def shown_request(self, request: dict[str, Any]) -> dict[str, Any]:
        shown = {"web_url": request["address"], "html_url": request["address"]}
        if self.kind == "gitlab":
            state = "opened" if request["open"] else "closed"
            return {**shown, "state": state, "source_project_id": 5, "target_project_id": 5}
        head = {"ref": request["branch"], "repo": {"full_name": request.get("repository", "stelle/wissen")}}
        return {**shown, "state": "open" if request["open"] else "closed", "head": head}

    def reply(self, method: str, address: str, data: dict[str, Any]) -> Any:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        *_, above, last = path.split("/")
        if method != "GET":
            self.changes.append((method, path))
        if path.endswith("/user"):
            return {"login": self.bot, "username": self.bot}
        if last in ("comments", "notes"):
            if method == "POST":
                self.comments.append(
                    {"id": len(self.comments) + 1, "issue": above, **_by(self.bot), "body": data["body"]}
                )
            return [c for c in self.comments if c["issue"] == above] if method == "GET" else {}
        if above in ("comments", "notes"):
            self.comments[int(last) - 1]["body"] = data["body"]
            return {}
        if last in ("pulls", "merge_requests"):
            return self.reply_requests(method, query, data)
        if above == "issues":
            return self.shown_issue(int(last))
        wanted = [n for n, issue in self.issues.items() if issue["open"] and query["labels"][0] in issue["labels"]]
        return [self.shown_issue(number) for number in wanted] if query["page"] == ["1"] else []

    def reply_requests(self, method: str, query: dict[str, list[str]], data: dict[str, Any]) -> Any:
        if method == "POST":
            branch = data.get("head") or data["source_branch"]
            assert (data.get("base") or data["target_branch"]) == "main"
            address = f"https://forge.example/{len(self.requests) + 1}"
            self.requests.append({"address": address, "branch": branch, "open": True, "title": data["title"]})
            self.requests[-1]["text"] = data.get("body") or data["description"]
            return self.shown_request(self.requests[-1])
        # Only GitLab leaves the choice to the forge; the others get all.
        chosen = [r for r in self.requests if r["branch"] == query.get("source_branch", [r["branch"]])[0]]
        return [self.shown_request(request) for request in reversed(chosen)]


def _by(name: str) -> dict[str, Any]:
    return {"user": {"login": name}, "author": {"username": name}}


def _handler(kept: Forge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            given = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization", "").removeprefix("token ")
            right = given == SECRET and bool(self.headers.get("PRIVATE-TOKEN")) == (kept.kind == "gitlab")
            self.send_response(500 if kept.down else 200 if right else 401)
            self.end_headers()
            self.wfile.write(json.dumps(kept.reply(self.command, self.path, data) if right else {}).encode())

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def start(small: Path, tmp_path: Path) -> Iterator[Callable[[str], Forge]]:
    """Starts a forge of a kind, whose repository holds the small project and of which there is a clone."""
    servers: list[ThreadingHTTPServer] = []

    def started(kind: str) -> Forge:
        home = tmp_path / "forge"
        forge = Forge(kind, home, small)
        who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
        for command in (
            ("init", "-q", "--bare", "-b", "main", str(home / "stelle/wissen.git")),
            ("init", "-q", "-b", "main", str(small)),
            ("-C", str(small), "add", "."),
            ("-C", str(small), *who, "commit", "-q", "-m", "Start"),
            ("-C", str(small), "push", "-q", str(home / "stelle/wissen.git"), "main"),
        ):
            subprocess.run(("git", *command), check=True, capture_output=True)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), _handler(forge)))
        Thread(target=servers[0].serve_forever, daemon=True).start()
        forge.address = f"http://127.0.0.1:{servers[0].server_port}"
        return forge

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("kind", ["github", "gitlab", "forgejo"])
def test_an_issue_becomes_a_request(start: Callable[[str], Forge], kind: str) -> None:
    """Opened, run again, edited, edited into something wrong."""
    forge = start(kind)
    main = forge.git("rev-parse", "main")
    forge.issue(7, GOOD, "vorschlag", "anderes")
    assert forge.run("--issue", "7") == "Issue 7: übernommen.\n"
    assert forge.branches() == ["main", "vorschlag-7"]
    assert forge.git("diff", "--name-status", "main", "vorschlag-7") == f"A\t{WRITTEN}"
    assert forge.git("log", "--format=%s", "main..vorschlag-7") == "Proposal from issue 7"
    assert [r["title"] for r in forge.requests] == [f"Vorschlag 7: {WRITTEN}"]
    assert "Closes #7" in forge.requests[0]["text"]
    assert len(forge.comments) == 1
    assert "Die Redaktion sieht ihn sich hier an: https://forge.example/1" in forge.comments[0]["body"]

    first = forge.git("rev-parse", "vorschlag-7")
    assert forge.run("--issue", "7") == "Issue 7: unverändert.\n"
    assert (forge.git("rev-parse", "vorschlag-7"), forge.changes) == (first, [])

    forge.issue(7, GOOD.replace("fiel 2020 aus", "fand 2020 statt").replace("Kurs für", "Kurse für"), "vorschlag")
    assert forge.run("--issue", "7") == "Issue 7: übernommen.\n"
    second = forge.git("rev-parse", "vorschlag-7")
    assert second != first
    assert forge.git("diff", "--name-status", "main", "vorschlag-7") == f"A\t{WRITTEN.replace('kurs-', 'kurse-')}"
    assert forge.git("rev-list", "--count", "main..vorschlag-7") == "1"
    assert (len(forge.requests), len(forge.comments), len(forge.changes)) == (1, 1, 1)

    forge.issue(7, BAD, "vorschlag")
    assert forge.run("--issue", "7") == "Issue 7: 1 Fehler, beantwortet.\n"
    assert forge.git("rev-parse", "vorschlag-7") == second
    assert "- **Status**: `abgesagt ::error::@alle` ist nicht erlaubt." in forge.comments[0]["body"]
    assert (len(forge.requests), len(forge.comments)) == (1, 1)
    assert forge.git("rev-parse", "main") == main
    assert subprocess.run(("git", "status", "--short"), cwd=forge.clone, capture_output=True, check=True).stdout == b""


def test_a_wrong_proposal_gets_an_answer_and_no_branch(start: Callable[[str], Forge]) -> None:
    forge = start("github")
    hostile = (CASES / "hostile-paths.md").read_text()
    forge.issue(1, BAD, "vorschlag")
    forge.issue(2, hostile, "vorschlag")
    forge.issue(3, "x" * 300_000, "vorschlag")
    forge.issue(4, GOOD)
    forge.issue(5, GOOD, "Vorschlag", "vorschlag2")
    forge.issue(6, GOOD, "vorschlag", is_open=False)
    # Somebody tries to have a comment of their own rewritten.
    forge.comments.append(
        {"id": 1, "issue": "1", **_by("jemand"), "body": "<!-- wissensbasis: Antwort auf den Vorschlag -->"}
    )
    logs = [forge.run("--issue", str(number)) for number in forge.issues]
    assert "".join(logs) == (
        "Issue 1: 1 Fehler, beantwortet.\nIssue 2: 9 Fehler, beantwortet.\nIssue 3: 1 Fehler, beantwortet.\n"
        "Issue 4: kein offener Vorschlag.\nIssue 5: kein offener Vorschlag.\nIssue 6: kein offener Vorschlag.\n"
    )
    assert forge.branches() == ["main"]
    assert forge.requests == []
    assert [(c["issue"], c["user"]["login"]) for c in forge.comments] == [
        ("1", "jemand"),
        ("1", "bot"),
        ("2", "bot"),
        ("3", "bot"),
    ]
    assert "300 KB zu groß" in forge.comments[-1]["body"]


def test_the_work_of_others_stays(start: Callable[[str], Forge], tmp_path: Path) -> None:
    forge = start("forgejo")
    forge.bot = "forgejo-actions"
    forge.issue(7, GOOD, "vorschlag")
    forge.run("--issue", "7")
    work = tmp_path / "work"
    remote = str(forge.home / "stelle/wissen.git")
    who = ("-c", "user.name=Redaktion", "-c", "user.email=redaktion@example.org")
    subprocess.run(("git", "clone", "-q", "-b", "vorschlag-7", remote, str(work)), check=True)
    (work / WRITTEN).write_text((work / WRITTEN).read_text().replace("Beschäftigte lernen", "Alle lernen"))
    subprocess.run(("git", *who, "commit", "-q", "-am", "Besser"), cwd=work, check=True)
    subprocess.run(("git", "push", "-q"), cwd=work, check=True)
    edited = forge.git("rev-parse", "vorschlag-7")
    forge.issue(7, GOOD.replace("ausgefallen", "laufend"), "vorschlag")
    assert forge.run("--issue", "7") == "Issue 7: schon weiterbearbeitet.\n"
    assert forge.git("rev-parse", "vorschlag-7") == edited
    assert "Am Vorschlag wird schon hier weitergearbeitet: https://forge.example/1" in forge.comments[0]["body"]
    assert len(forge.comments) == 1


def test_what_was_declined_comes_back_only_if_it_changed(start: Callable[[str], Forge]) -> None:
    forge = start("gitlab")
    forge.issue(7, GOOD, "vorschlag")
    forge.run("--all")
    forge.requests[0]["open"] = False
    assert forge.run("--all") == "Issue 7: unverändert.\n"
    assert len(forge.requests) == 1
    forge.issue(7, GOOD.replace("ausgefallen", "laufend"), "vorschlag")
    assert forge.run("--all") == "Issue 7: übernommen.\n"
    assert [request["open"] for request in forge.requests] == [False, True]


def test_all_proposals_at_once(start: Callable[[str], Forge]) -> None:
    """A correction, a proposal that is taken over already, a wrong one and something else."""
    forge = start("gitlab")
    forge.issue(1, joined([("Maßnahme", "kreis-lippe/schulung"), ("Zuletzt geprüft", "2022-02-14")]), "vorschlag")
    forge.issue(2, (CASES / "repeated.md").read_text(), "vorschlag")
    forge.issue(3, BAD, "vorschlag")
    forge.issue(4, "Eine Frage", "frage")
    assert forge.run("--all") == "Issue 1: übernommen.\nIssue 2: nichts zu tun.\nIssue 3: 1 Fehler, beantwortet.\n"
    assert forge.branches() == ["main", "vorschlag-1"]
    added = [line for line in forge.git("diff", "-U0", "main", "vorschlag-1").split("\n") if line[:1] in "+-"]
    assert [line for line in added if not line.startswith(("+++", "---"))] == ["+checked: 2022-02-14"]


def test_a_request_of_a_fork_is_not_ours(start: Callable[[str], Forge]) -> None:
    forge = start("github")
    forge.requests.append(
        {"address": "https://x/", "branch": "vorschlag-7", "open": True, "repository": "boese/wissen"}
    )
    forge.issue(7, GOOD, "vorschlag")
    forge.run("--issue", "7")
    assert len(forge.requests) == 2


def test_a_clone_without_history_is_enough(start: Callable[[str], Forge], tmp_path: Path) -> None:
    """CI fetches the last commit only; the branch may have begun at an earlier one."""
    forge = start("github")
    forge.issue(7, GOOD, "vorschlag")
    forge.run("--issue", "7")
    for number in range(3):
        others = forge.clone / "partners/others.yml"
        others.write_text(f"{others.read_text()}# {number}\n")
        who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
        subprocess.run(("git", *who, "commit", "-q", "-am", "Mehr"), cwd=forge.clone, check=True)
    remote = f"file://{forge.home}/stelle/wissen.git"
    subprocess.run(("git", "push", "-q", remote, "main"), cwd=forge.clone, check=True)
    shallow = tmp_path / "shallow"
    subprocess.run(("git", "clone", "-q", "--depth=1", remote, str(shallow)), check=True)
    forge.clone = shallow
    assert forge.run("--issue", "7") == "Issue 7: unverändert.\n"
    forge.issue(7, GOOD.replace("ausgefallen", "laufend"), "vorschlag")
    assert forge.run("--issue", "7") == "Issue 7: übernommen.\n"
    assert forge.git("rev-list", "--count", "main..vorschlag-7") == "1"
    assert forge.git("merge-base", "main", "vorschlag-7") == forge.git("rev-parse", "main")


def test_git_signs_in_by_a_header_and_never_shows_the_token(start: Callable[[str], Forge]) -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(403)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    forge = start("github")
    forge.issue(7, GOOD, "vorschlag")
    forge.server = f"http://127.0.0.1:{server.server_port}"
    told = forge.run("--issue", "7")
    server.shutdown()
    server.server_close()
    assert seen[0] == f"Basic {base64.b64encode(f'x-access-token:{SECRET}'.encode()).decode()}"
    assert told.startswith("Issue 7: git ls-remote: ")
    assert seen[0].removeprefix("Basic ") not in told


def test_a_forge_that_fails_is_named(start: Callable[[str], Forge]) -> None:
    forge = start("github")
    forge.down = True
    told = forge.run("--issue", "7")
    assert told == "GET repos/stelle/wissen/issues/7: Die Forge antwortet mit 500 Internal Server Error.\n"
    forge.address = "http://127.0.0.1:9"
    assert "Die Forge ist nicht erreichbar" in forge.run("--issue", "7")


def test_what_is_missing_is_named(small: Path) -> None:
    assert (
        run(small, "--forge", "github", "--issue", "7").stderr
        == "Die Variable GITHUB_TOKEN fehlt; sie setzt die CI der Forge.\n"
    )
    for options in ((), ("--forge", "github"), ("--issue", "7"), ("x.md", "--forge", "github", "--all")):
        assert "entweder TEXT-FILE angeben oder --forge" in run(small, *options).stderr
    for number in ("0", "-1", "7; rm -rf /", "٣x"):
        assert run(small, "--forge", "github", "--issue", number).returncode == 2

"""Other sites on local ports, and what may go wrong with them."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog import export, rules, views
from catalog.federation import KINDS_ABROAD, Neighbour
from catalog.site import Site, read_site
from conftest import BASE, EXTRA, REPOSITORY
from fetching import Limits
from harvest import Task

INDEX = "/api/v1/index.json"
MEASURES = "/api/v1/measures.json"
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]
# How many records of the small project come over.
ALL = sum(len(rules.load(BASE, views.PAGE_VIEWS)[0].of(kind)) for kind in KINDS_ABROAD)
QUICK = Limits(seconds=20, silence=5)


class Server(http.server.ThreadingHTTPServer):
    """A site of which a test may replace any answer.

    Attributes:
        answers: path -> what is sent: a JSON file, or whatever a function does with the connection.
        asked: (path, status) of each question that was answered with a file.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, bytes | Answer] = {}
        self.asked: list[tuple[str, int]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nobody minds that a client has hung up."""

    def publish(self, root: Path, **extra: Any) -> Site:
        """Serve the data of a project as a build would write them."""
        site = site_at(root, self.url, **extra)
        self.answers = {f"/{path}": content for path, content in export.files(site, ()) if path.endswith(".json")}
        return site

    def data(self, path: str) -> Any:
        answer = self.answers[path]
        assert isinstance(answer, bytes)
        return json.loads(answer)

    def change(self, path: str, change: Callable[[Any], Any]) -> None:
        """Change the content of a JSON file in place, or by what the function returns; ``total`` is kept right."""
        data = self.data(path)
        changed = change(data)
        data = data if changed is None else changed
        if isinstance(data, dict) and "items" in data:
            data["total"] = len(data["items"])
        self.answers[path] = json.dumps(data).encode()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path)
        if callable(answer):
            answer(self)
        elif answer is None:
            self.send_error(404)
        else:
            tag = f'"{hashlib.sha256(answer).hexdigest()[:16]}"'
            known = self.headers.get("If-None-Match") == tag
            self.server.asked.append((self.path, 304 if known else 200))
            send(self, b"" if known else answer, status=304 if known else 200, ETag=tag)


def send(handler: http.server.BaseHTTPRequestHandler, content: bytes, status: int = 200, **headers: str) -> None:
    """Answer with a JSON file, or with what other headers say."""
    told = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    handler.send_response(status)
    for name, value in (told | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def server(root: Path | None = None) -> Iterator[Server]:
    """A site that answers, with what a project publishes if one is given."""
    with Server() as running:
        if root:
            running.publish(root)
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.shutdown()


def site_at(root: Path, url: str, **extra: Any) -> Site:
    """A project as a build sees it."""
    catalog, problems = rules.load(root, views.PAGE_VIEWS)
    assert problems == []
    settings = {"site_name": "Wissen", "site_url": url, "repo_url": REPOSITORY, "extra": {**EXTRA, **extra}}
    return read_site(settings, catalog)


def named(**urls: str) -> list[dict[str, str]]:
    """``extra.federation`` for some neighbours."""
    return [{"id": id_, "url": url} for id_, url in urls.items()]


def task(root: Path, url: str, limits: Limits = QUICK, today: str = "2026-11-21", id_: str = "nachbar") -> Task:
    """To harvest a neighbour into a project."""
    site = site_at(root, "https://example.org/", federation=named(**{id_: url}))
    return Task(root, site.neighbours[0], site.catalog, today, limits)


def project_at(path: Path) -> Path:
    """The small project, which a test may change."""
    return Path(shutil.copytree(BASE, path))


def snapshot(root: Path, files: Mapping[str, str | bytes] | None = None, site: str = "nachbar") -> Neighbour:
    """Put a snapshot into a project: the small project's own records, as its neighbour would have published them."""
    folder = root / "federation" / site
    for name in ("measures", "partners", "docs/netzwerke", "docs/quellen", "docs/phasen", "docs/indikatoren"):
        shutil.copytree(BASE / name, folder / name, ignore=shutil.ignore_patterns("index.md", "others.yml"))
    licence = "https://creativecommons.org/licenses/by/4.0/deed.de"
    home = f"https://{site}.example/"
    told = {"url": home, "title": f"Wissen {site}", "licence": licence, "harvested": "2026-11-01"}
    (folder / "neighbour.json").write_text(json.dumps(told))
    for path, content in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Neighbour(site, home, told["title"], licence, told["harvested"])

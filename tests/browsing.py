"""A server and a browser, for tests and measurements."""

from __future__ import annotations

import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

import netlify

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Server(http.server.ThreadingHTTPServer):
    """Says nothing when a browser hangs up, which it does whenever a page is left."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder: Path, asked: list[str] | None = None, **headers: str) -> Iterator[str]:
    """The address at which a folder is served, with the headers that its file ``_headers`` asks for, and others.

    What is asked for is noted in ``asked``.
    """
    told = folder / "_headers"
    rules = netlify.parsed(told.read_text()) if told.is_file() else []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def send_head(self) -> Any:
            if asked is not None:
                asked.append(urlsplit(self.path).path)
            return super().send_head()

        def told(self) -> dict[str, list[str]]:
            return netlify.headers_for(rules, urlsplit(self.path).path)

        def guess_type(self, path: Any) -> str:
            return next(iter(self.told().get("Content-Type", ())), super().guess_type(path))

        def end_headers(self) -> None:
            for name, values in self.told().items():
                for value in values if name != "Content-Type" else ():  # which has been sent
                    self.send_header(name, value)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            super().end_headers()

    with Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "install Debian's package chromium, or run scripts/test --fast"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()

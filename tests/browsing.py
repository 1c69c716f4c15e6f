"""A server and a browser, for tests and measurements."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from serving import HOST, Handler, server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@contextmanager
def serving(folder: Path, asked: list[str] | None = None, **headers: str) -> Iterator[str]:
    """The address at which a folder is served, with the headers that its file ``_headers`` asks for, and others.

    What is asked for is noted in ``asked``.
    """

    class Noting(Handler):
        def send_head(self) -> Any:
            if asked is not None:
                asked.append(urlsplit(self.path).path)
            return super().send_head()

        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            super().end_headers()

    with server(folder, handler=Noting) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{running.server_port}/"
        running.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "install Debian's package chromium, or run scripts/test --fast"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()

"""A small server for a built folder, on this computer only; it sends what the folder's file ``_headers`` asks for.

For looking at a site before it is published, at an archive, and for the tests. No server for the public: it knows
neither encryption nor compression.
"""

from __future__ import annotations

import functools
import http.server
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"

Rules = list[tuple[str, list[tuple[str, str]]]]


def parsed(text: str) -> Rules:
    """The rules of a file ``_headers``, as Netlify reads it: each path with the headers below it."""
    rules: Rules = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("/"):
            rules.append((line, []))
        else:
            name, _, value = line.partition(":")
            rules[-1][1].append((name.strip(), value.strip()))
    return rules


def headers_for(rules: Rules, path: str) -> dict[str, list[str]]:
    """What is sent with an address: every rule that matches adds to it."""
    found: dict[str, list[str]] = {}
    for pattern, headers in rules:
        if path == pattern or (pattern.endswith("*") and path.startswith(pattern[:-1])):
            for name, value in headers:
                found.setdefault(name, []).append(value)
    return found


class Server(http.server.ThreadingHTTPServer):
    """Says nothing when a browser hangs up, which it does whenever a page is left."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers from a folder, with the headers that ``rules`` ask for in place of its own of the same name."""

    rules: Callable[[], Rules] = staticmethod(list)

    def log_message(self, *args: object) -> None:
        """A line per request would bury what the user is told."""

    def send_header(self, keyword: str, value: str) -> None:
        if keyword.lower() not in {name.lower() for name in self._told()}:
            super().send_header(keyword, value)

    def end_headers(self) -> None:
        for name, values in self._told().items():
            for value in values:
                super().send_header(name, value)
        super().end_headers()

    def _told(self) -> dict[str, list[str]]:
        # A request that can't be read has no path; the answer to it is the server's own.
        return headers_for(self.rules(), urlsplit(getattr(self, "path", "")).path)


def server(folder: Path, port: int = 0, handler: type[Handler] = Handler) -> Server:
    """A server of a folder, which listens and waits for ``serve_forever``.

    Args:
        folder: the built site.
        port: where it listens; 0 for any that is free, then named by ``server_port``.
        handler: answers; a test may want to note or add something.

    Raises:
        OSError: if the port is taken or not allowed.
    """
    answering = type("Handler", (handler,), {"rules": staticmethod(_told_by(folder / "_headers"))})
    return Server((HOST, port), functools.partial(answering, directory=str(folder)))


def _told_by(file: Path) -> Callable[[], Rules]:
    """Reads the rules, again when the site is built anew; the last ones hold while a build exchanges the folder."""
    known: tuple[tuple[int, ...], Rules] = ((), [])

    def rules() -> Rules:
        nonlocal known
        try:
            about = file.stat()
            if known[0] != (stamp := (about.st_ino, about.st_mtime_ns, about.st_size)):
                known = (stamp, parsed(file.read_text("utf-8")))
        except FileNotFoundError:
            pass
        return known[1]

    return rules

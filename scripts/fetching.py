"""Fetching files from servers that may be down, slow, broken or hostile: little code, and a bound to everything.

Only HTTP is spoken, and only with the server that was named: a redirect to another one is refused, but for the step
from http to https. Nothing compressed is taken, so that a small answer cannot become a large one. Whether
an address is a private one is not asked: an answer must come over https from a server with a certificate for
the name that mkdocs.yml gives, which no service in the operator's network has; http is for trials on the same machine.
"""

from __future__ import annotations

import http.client
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from urllib.parse import urljoin, urlsplit

MAX_REDIRECTS = 3
MAX_MARK = 200
_BLOCK = 65_536
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)


class Unreachable(Exception):  # noqa: N818  # it is no error of this program
    """A server did not answer, or not as it should; the text is a German sentence."""


class TooSlow(BaseException):
    """The time for a server is over; no ``Exception``, so that no library takes it for a fault of its own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server may cost.

    Attributes:
        seconds: for all of it, what is done with the answers included.
        silence: seconds without a single byte.
        size: bytes of all answers.
    """

    seconds: float = 120
    silence: float = 15
    size: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a server tells whether a file has changed: its own words, handed back to it."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The headers that ask for the file only if it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: mark for name, mark in asked.items() if mark}


@dataclass(frozen=True, slots=True)
class Answer:
    """A file, and the marks that it came with."""

    content: bytes
    marks: Marks


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise ``TooSlow`` after so many seconds, wherever the program waits, where the system can interrupt it.

    Elsewhere (Windows) only the silence of a server is bounded.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fetch(address: str, limits: Limits, marks: Marks = Marks()) -> Answer | None:
    """A JSON file; ``None`` if it is as it was.

    Args:
        address: where it is, with http or https.
        limits: what it may cost; the time as a whole is watched by ``within``.
        marks: those of the last time.

    Raises:
        Unreachable: if the server doesn't answer as it should.
    """
    for _ in range(MAX_REDIRECTS + 1):
        try:
            with _asked(address, limits, marks) as response:
                content = _content(response, limits.size)
                return Answer(content, Marks(_mark(response, "ETag"), _mark(response, "Last-Modified")))
        except urllib.error.HTTPError as error:
            error.close()  # what it says besides is not read
            if error.code == http.HTTPStatus.NOT_MODIFIED and marks.headers():
                return None
            address = redirected(address, error)
        except TimeoutError as error:
            raise Unreachable(f"{address}: Der Server schweigt länger als {limits.silence:g} Sekunden.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise Unreachable(f"{address}: Der Server ist nicht erreichbar ({_told(reason)}).") from error
    raise Unreachable(f"{address}: Der Server leitet mehr als {MAX_REDIRECTS}-mal weiter.")


def _asked(address: str, limits: Limits, marks: Marks) -> http.client.HTTPResponse:
    """The answer to a question, its content not yet read."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "wissensbasis-harvest"}
    request = urllib.request.Request(address, headers=headers | marks.headers())  # noqa: S310  (only HTTP is spoken)
    response: http.client.HTTPResponse = _opener().open(request, timeout=limits.silence)
    return response


def redirected(address: str, error: urllib.error.HTTPError) -> str:
    """Where a server leads from one of its addresses, if that is another of its own.

    Raises:
        Unreachable: if it leads nowhere, or to another server.
    """
    told = error.headers.get("Location")
    if error.code not in _REDIRECTS or not told:
        raise Unreachable(f"{address}: Der Server antwortet mit {error.code}.") from error
    try:
        target = urljoin(address, told)
        same = _server(target) in (_server(address), _encrypted(address))
    except ValueError:
        same = False
    if not same or not target.isascii() or not target.isprintable() or " " in target:
        raise Unreachable(f"{address}: Der Server leitet auf einen anderen weiter ({_told(told)}).") from error
    return target


def _told(reason: object) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in str(reason))
    return shown[:200] or type(reason).__name__


def _mark(response: http.client.HTTPResponse, name: str) -> str:
    """A header that can be handed back; a strange one is forgotten."""
    value = response.headers.get(name, "")
    return value if len(value) <= MAX_MARK and value.isascii() and value.isprintable() else ""


def _content(response: http.client.HTTPResponse, most: int) -> bytes:
    """What a response holds, read block by block, so that nothing is taken in beyond the limit."""
    address = response.url
    kind = response.headers.get_content_type()
    if kind != "application/json":
        raise Unreachable(f"{address}: Das ist kein JSON, sondern {_told(kind)}.")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unreachable(f"{address}: Der Server schickt die Datei gepackt, obwohl niemand darum bat.")
    content = bytearray()
    while block := response.read1(_BLOCK):
        content += block
        if len(content) > most:
            raise Unreachable(f"{address}: Die Datei ist größer als {most // 1000} KB.")
    if response.length:
        raise Unreachable(f"{address}: Die Verbindung brach ab; es fehlen {response.length} Bytes.")
    return bytes(content)


def _opener() -> urllib.request.OpenerDirector:
    """What opens addresses: the usual one could do files and FTP too, and reads whole pages before it follows them."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _server(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _encrypted(address: str) -> tuple[str, str | None, int | None]:
    """The same server over https."""
    return "https", urlsplit(address).hostname, _PORTS["https"]

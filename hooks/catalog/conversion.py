"""Converting Markdown under guard: whatever goes wrong in it is a German sentence, and it ends.

``limits`` keeps away what is known to take long. This is for what nobody thought
of: a conversion that fails or does not end must not take the build with it
without a word about the file.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from markdown import Markdown

# What fits into the limits of a text has at most a third of it; a page of that size is no page for readers.
MAX_HTML = 1_000_000
# Processor time, so that a busy machine makes no text too slow. The longest of the real texts takes 0.02 s.
MAX_SECONDS = 5.0
HINT = "Bitte den Text vereinfachen oder die zuletzt geänderte Stelle zurücknehmen."


class ConversionError(Exception):
    """Why a text cannot be converted, as a German sentence."""


def guard(converter: Markdown, failed: Callable[[ConversionError], Exception], seconds: float = MAX_SECONDS) -> None:
    """Let a converter end in time, and fail in one way only.

    Args:
        converter: its method ``convert`` is replaced.
        failed: makes the error that is raised instead.
        seconds: processor time for one text.
    """
    convert = converter.convert

    def guarded(source: str) -> str:
        try:
            with _limited(seconds):
                return _bounded(convert(source))
        except ConversionError as error:
            raise failed(error) from error
        except RecursionError as error:
            raise failed(ConversionError("Der Text ist zu tief verschachtelt.")) from error
        # The parser of Markdown may fail on a stranger's text in any way.
        except Exception as error:
            told = ConversionError(f"Der Text lässt sich nicht umwandeln ({type(error).__name__}).")
            raise failed(told) from error

    converter.convert = guarded  # type: ignore[method-assign]


def _bounded(html: str) -> str:
    if len(html) > MAX_HTML:
        raise ConversionError(f"Der Text wird beim Umwandeln {len(html) // 1000} KB groß.")
    return html


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise ``ConversionError`` after some processor time, where the system can interrupt a program."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(number: int, frame: FrameType | None) -> None:
        raise ConversionError(f"Der Text braucht beim Umwandeln länger als {seconds:g} Sekunden.")

    before = signal.signal(signal.SIGVTALRM, expire)
    # Again soon after, should a library have caught the first one.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, min(seconds, 1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

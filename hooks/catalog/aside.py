"""Work that goes on in a process of its own while the build goes on with something else."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Self

from catalog.problems import SiteError

# Work in steps: between two of them it looks whether anybody still waits for it.
Steps = Callable[[], Iterable[object]]


@dataclass(frozen=True)
class Aside:
    """Work under way; where a process can't be split, it waits until its result is asked for.

    In a ``with`` statement it is given up where the block fails, so that nobody works for a build that is no more.

    Attributes:
        steps: the work.
        process: the process that does it, if there is one.
        told: what that process says at its end: the exception with which it failed, or ``None``.
    """

    steps: Steps
    process: BaseProcess | None = None
    told: Connection | None = None

    @classmethod
    def start(cls, steps: Steps, split: bool) -> Aside:
        """Begin.

        Args:
            steps: what is to be done. It sees everything as it is now and can change nothing here but files.
            split: whether it may have a process of its own; not where threads run, which a split process lacks.
        """
        if not split or sys.platform != "linux":
            return cls(steps)
        system = multiprocessing.get_context("fork")
        receiver, sender = system.Pipe(duplex=False)
        process = system.Process(target=_work, args=(steps, sender, os.getpid()), daemon=True)
        process.start()
        sender.close()
        return cls(steps, process, receiver)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def finish(self) -> None:
        """Wait for the end of the work.

        Raises:
            SiteError: if its process was killed.
            Exception: what the work raised.
        """
        if self.process is None or self.told is None:
            for _ in self.steps():
                pass
            return
        try:
            fault = self.told.recv()
        except EOFError as error:
            raise SiteError(
                "Die Dateien mit den Daten sind nicht entstanden: Ihr Prozess wurde beendet. Bitte noch einmal bauen."
            ) from error
        finally:
            self.process.join()
        if fault:
            raise fault

    def stop(self) -> None:
        """Give the work up; what is finished stays."""
        if self.process is not None:
            self.process.kill()
            self.process.join()


def _work(steps: Steps, told: Connection, parent: int) -> None:
    gc.disable()  # the end is near, and to look through what was there before would copy all of its memory
    fault: Exception | None = None
    try:
        for _ in steps():
            if os.getppid() != parent:
                return
    except Exception as error:  # raised again by whoever waits
        fault = error
    told.send(fault)

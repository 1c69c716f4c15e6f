"""An archive as those take it in who receive it."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any
from unittest import mock


def library_of_congress(folder: Path) -> tuple[str, str]:
    """(what is wrong with a bag, who made it) by bagit-python, the program of the makers of the standard."""
    bagit = _bagit()
    try:
        found = bagit.Bag(str(folder))
        found.validate()
    except bagit.BagError as error:
        return str(error), ""
    return "", str(found.info["Source-Organization"])


def _bagit() -> Any:
    """The program. Its last wheel wants pkg_resources, which is no more, and only to tell its own version."""
    gone = types.ModuleType("pkg_resources")
    vars(gone).update(DistributionNotFound=LookupError, get_distribution=lambda _: types.SimpleNamespace(version="1.8"))
    with mock.patch.dict(sys.modules, {"pkg_resources": gone}):
        import bagit
    return bagit

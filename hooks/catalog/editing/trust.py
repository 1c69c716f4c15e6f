"""Which files of a request are content, and which run or decide what runs.

The list names content; everything else counts as running, whatever its kind, so
that a new script or setting needs no entry here. ``CODEOWNERS`` of the forges
says the same (``tests/test_owners.py``).
"""

from __future__ import annotations

from pathlib import PurePosixPath

from catalog import federation, pictures, thesaurus, vocabulary
from catalog.editorial import FILE as EDITORIAL
from catalog.store import FOLDERS, OTHERS

# Lists that editors keep; all of them are checked like records.
LISTS = frozenset({OTHERS, vocabulary.FILE, thesaurus.FILE, EDITORIAL})
# What a snapshot of another site holds besides its records.
SNAPSHOT = frozenset({federation.MANIFEST, federation.QUARANTINE, federation.STATE})


def is_content(path: str) -> bool:
    """Whether a file is only ever read as text or shown as a picture.

    Args:
        path: the file, relative to the project, with ``/``.
    """
    place = PurePosixPath(path)
    if any(part.startswith(".") for part in place.parts):
        return False
    if path in LISTS:
        return True
    if place.parts[0] == federation.FOLDER:  # what was fetched of other sites is checked like records of ours
        return place.suffix == ".md" if len(place.parts) > 3 else len(place.parts) == 3 and place.name in SNAPSHOT
    inside = place.parts[0] in FOLDERS and len(place.parts) > 1
    is_picture = place.parts[0] == "docs" and place.suffix in pictures.SUFFIXES
    return inside and (place.suffix == ".md" or is_picture)

"""All data files in one ZIP, with a German explanation and the licence."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from catalog import downloads, flat, render, wording
from catalog.downloads import DATA_KINDS
from catalog.model import KINDS
from catalog.site import Site

_TEXTS = ("LIESMICH.txt", "LIZENZ.txt")
# Half the time of the usual level, for a file that is a tenth larger.
_LEVEL = 3
# These are compressed themselves.
_DENSE = (".xlsx", ".parquet")
# As on Unix, readable by all, wherever the site is built.
_UNIX, _READABLE = 3, 0o100644 << 16


class Bundle:
    """Takes in one file after the other, so that only their compressed content has to stay in memory."""

    def __init__(self, site: Site) -> None:
        self._day = site.reference_date.timetuple()[:3]
        self._folders = _folders(site)
        self._content = io.BytesIO()
        self._zip = zipfile.ZipFile(self._content, "w")
        for name in _TEXTS:
            text = render.environment().get_template(f"data/{name}.j2").render(_explained(site))
            self._write(name, text.encode())

    def add(self, path: str, content: bytes) -> None:
        """Put a file of the site into the folder of its format."""
        self._write(self._folders[path] + path.rpartition("/")[2], content)

    def finish(self) -> bytes:
        """The whole ZIP; nothing can be added afterwards."""
        self._zip.close()
        return self._content.getvalue()

    def _write(self, name: str, content: bytes) -> None:
        info = zipfile.ZipInfo(name, (*self._day, 0, 0, 0))
        info.create_system, info.external_attr = _UNIX, _READABLE
        info.compress_type = zipfile.ZIP_STORED if name.endswith(_DENSE) else zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content, compresslevel=_LEVEL)


def _folders(site: Site) -> dict[str, str]:
    """Path on the site -> folder in the ZIP: one for each format, none for files about the whole site."""
    return {
        download.path: f"{download.format.removesuffix('.json')}/" if download.kind else ""
        for download in downloads.downloads(site)
    }


def _explained(site: Site) -> dict[str, Any]:
    """What the texts tell."""
    return {
        "site": site,
        "day": wording.when(site.reference_date.isoformat()),
        "kinds": [(KINDS[kind], len(site.catalog.of(kind)), _stem(kind)) for kind in DATA_KINDS],
        "columns": flat.columns,
    }


def _stem(kind: str) -> str:
    """The name that the files of a kind share."""
    return downloads.path(kind, "").rpartition("/")[2].rstrip(".")

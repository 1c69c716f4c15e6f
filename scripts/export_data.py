#!/usr/bin/env python3
"""Die Daten der Wissensbasis als Dateien schreiben, ohne die Website zu bauen.

Schreibt in ORDNER dieselben Dateien, die auf der Website unter api/v1/ liegen,
und die beiden Tabellen der Maßnahmen aus massnahmen/, Byte für Byte gleich. Mit
--kind und --format nur einen Teil davon; ohne beide auch Verzeichnis,
Beschreibung, Vokabular und die ZIP-Datei mit allem.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from pathlib import Path

from project import sound_site  # first: completes sys.path

from catalog import downloads, export
from catalog.downloads import DATA_KINDS, Download


def main() -> int:
    """Write the files; the exit status is 1 if a record is wrong or the folder can't be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", metavar="ORDNER", type=Path, help="Zielordner; er wird angelegt, wenn es ihn nicht gibt"
    )
    parser.add_argument(
        "--kind", nargs="+", choices=DATA_KINDS, default=(), metavar="ART", help=f"nur diese: {', '.join(DATA_KINDS)}"
    )
    parser.add_argument(
        "--format",
        nargs="+",
        choices=downloads.FORMATS,
        default=(),
        metavar="FORMAT",
        help=f"nur in diesem: {', '.join(downloads.FORMATS)}",
    )
    arguments = parser.parse_args()

    site = sound_site()
    wanted = {each.path for each in downloads.downloads(site) if _asked(each, arguments.kind, arguments.format)}
    if not wanted:
        print("Diese Arten gibt es nicht in diesem Format; es wurde nichts geschrieben.", file=sys.stderr)
        return 1
    try:
        for path, content in export.data_files(site):
            if path in wanted:
                target = arguments.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    except OSError as error:
        print(f"{error.filename}: nicht zu schreiben ({error.strerror}). Bitte einen anderen Ordner.", file=sys.stderr)
        return 1
    print(f"Geschrieben: {len(wanted)} {'Datei' if len(wanted) == 1 else 'Dateien'} in {arguments.folder}")
    return 0


def _asked(download: Download, kinds: Collection[str], formats: Collection[str]) -> bool:
    """Whether a file is among what was asked for; asking for nothing is asking for all."""
    return (not kinds or download.kind in kinds) and (not formats or download.format in formats)


if __name__ == "__main__":
    sys.exit(main())

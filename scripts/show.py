#!/usr/bin/env python3
"""Einen gebauten Ordner auf diesem Rechner zeigen: eine Website zur Probe oder ein Archiv.

Anders als aus dem Ordner selbst geht so auch die Suche. Gesendet wird, was die
Datei _headers im Ordner verlangt; erreichbar ist der Server nur von diesem
Rechner aus. Zwei Websites zugleich, etwa um die gemeinsame Suche zu erproben:
zweimal starten, mit zwei Ports. Strg+C beendet.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from serving import HOST, server

ROOT = Path(__file__).resolve().parent.parent
PORT = 8000


def main() -> int:
    """Serve until interrupted; the exit status is 1 if there is nothing to show or nowhere to show it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder",
        metavar="ORDNER",
        type=Path,
        nargs="?",
        default=ROOT / "site",
        help="die Website (Vorgabe: site/)",
    )
    parser.add_argument(
        "--port", metavar="PORT", type=int, default=PORT, help=f"Port (Vorgabe: {PORT}; 0: irgendein freier)"
    )
    arguments = parser.parse_args()

    folder = shown(arguments.folder.resolve())
    if folder is None:
        print(
            f"In {arguments.folder} liegt keine gebaute Website: index.html fehlt. Bitte erst scripts/build oder "
            "scripts/archive.py ausführen, oder den entpackten Ordner eines Archivs angeben.",
            file=sys.stderr,
        )
        return 1
    try:
        with server(folder, arguments.port) as running:
            print(f"{folder}\nzu sehen unter http://{HOST}:{running.server_port}/ (Strg+C beendet)", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                running.serve_forever()
    except (OSError, OverflowError) as error:
        print(f"Port {arguments.port} geht nicht: {error}. Bitte mit --port einen anderen nennen.", file=sys.stderr)
        return 1
    return 0


def shown(folder: Path) -> Path | None:
    """The folder with the start page: this one, or the one inside of an archive; ``None`` if there is none."""
    return next((place for place in (folder, folder / "data") if (place / "index.html").is_file()), None)


if __name__ == "__main__":
    sys.exit(main())

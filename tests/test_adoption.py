"""Taking over a measure of another site, and what is told when the original changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import adopt
import federating
from browsing import serving
from catalog import adoption, editorial, rules, views
from catalog.model import Measure
from catalog.site import Site
from conftest import BASE, ROOT, complete, front_matter, run_build

THERE, HERE = "nachbarstadt:kreis-lippe/sprachmittlung", "kreis-lippe/sprachpaten"
FILE = f"measures/{HERE}.md"
ORIGINAL = "federation/nachbarstadt/measures/kreis-lippe/sprachmittlung.md"
ADDRESS = "https://nachbarstadt.example.org/massnahmen/kreis-lippe/sprachmittlung/"


def know_plans(project: Path) -> None:
    words = project / "vocabulary.yml"
    planned = "status:\n  geplant: {label: geplant, definition: Kommt., step: 2}\n"
    words.write_text(words.read_text().replace("status:\n", planned, 1))


@pytest.fixture
def root(project: Path) -> Path:
    """A site with neighbours whose vocabulary knows plans."""
    know_plans(project)
    return federating.federated(project)


@pytest.fixture
def taken(root: Path) -> Path:
    """The same, with one measure taken over."""
    adopt.adopt(federating.site_of(root), THERE, "kreis-lippe", "sprachpaten", root)
    return root


def change(root: Path, before: str, after: str) -> None:
    """Let the original say something else."""
    file = root / ORIGINAL
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))


def hints(root: Path) -> list[str]:
    catalog, found = rules.load(root, views.PAGE_VIEWS)
    assert found == []
    hints = [h for h in editorial.review(root, catalog) if "Original" in h.message or h.path == editorial.FILE]
    return [f"{hint.path}:{hint.line}: {hint.text}" for hint in hints]


def of(site: Site, address: str) -> dict[str, object]:
    return views.context(site, next(plan for plan in views.plan(site) if plan.address == address))


def test_an_own_measure_begins_with_what_holds_for_both(taken: Path) -> None:
    said = front_matter(taken / FILE)
    assert said["title"] == "Sprachmittlung in Nachbarstadt"
    assert (said["status"], said["category_inferred"]) == ("geplant", "true")
    assert not said.keys() & {
        "status_inferred",
        "figures",
        "period",
        "cooperation",
        "networks",
        "phase",
        "best_practice",
        "aliases",
    }
    assert said["sources"] == [{"document": "wissensbasis-nachbarstadt"}]
    assert (said["adopted_from"]["url"], said["adopted_from"]["date"]) == (ADDRESS, federating.HARVESTED)
    source = front_matter(taken / "docs/quellen/wissensbasis-nachbarstadt.md")
    assert (source["url"], source["licence"]) == ("https://nachbarstadt.example.org/", federating.LICENCE)
    assert hints(taken) == []


def test_its_links_lead_to_the_other_site(taken: Path) -> None:
    text = (taken / FILE).read_text()
    assert "[Kreis Lippe](https://nachbarstadt.example.org/partner/kreis-lippe/)" in text
    assert "../" not in text


def test_links_are_led_there_however_they_are_written(root: Path) -> None:
    partner = "../../partners/kreis-lippe.md"
    change(
        root,
        f"[Kreis Lippe]({partner})",
        f'[a]({partner} "T"), [b](<{partner}>), [c][1], [d][], ![Bild](b.png), ![Bild][1], <x@y.de>, [m](mailto:x@y.de)'
        f"\n\n[1]: {partner}\n[d]: <{partner}>\n\nUnd",
    )
    adopt.adopt(federating.site_of(root), THERE, "kreis-lippe", "sprachpaten", root)
    text = (root / FILE).read_text()
    there = "https://nachbarstadt.example.org/partner/kreis-lippe/"
    assert (
        f'[a]({there} "T"), [b](<{there}>), [c][1], [d][], Bild, Bild, <x@y.de>, [m](mailto:x@y.de)\n\n'
        f"[1]: {there}\n[d]: <{there}>\n"
    ) in text
    assert "../" not in text


def test_a_link_to_a_neighbour_needs_no_permission(taken: Path) -> None:
    file = taken / FILE
    assert "](https://nachbarstadt.example.org/" in file.read_text()
    file.write_text(file.read_text() + "\n[Fremd](https://fremd.example.org/)\n")
    catalog, _ = rules.load(taken, views.PAGE_VIEWS)
    links = [hint.message for hint in editorial.review(taken, catalog) if hint.path == FILE]
    assert links == ["Der Link führt zu „fremd.example.org“."]


def test_a_link_that_cannot_be_led_there_is_told(root: Path) -> None:
    change(root, "Ziel: bessere", "[x](../../partners/kreis\\-lippe.md) Ziel: bessere")
    with pytest.raises(
        adopt.Refused, match=r"steht der Link „../../partners/kreis-lippe.md“, der sich nicht übertragen"
    ):
        adopt.adopt(federating.site_of(root), THERE, "kreis-lippe", "sprachpaten", root)
    assert not (root / FILE).exists()


def test_nothing_is_overwritten_and_a_source_is_written_once(taken: Path) -> None:
    before = (taken / FILE).read_bytes()
    site = federating.site_of(taken)
    with pytest.raises(adopt.Refused, match=r"ist schon da und bleibt, wie es ist"):
        adopt.adopt(site, THERE, "kreis-lippe", "sprachpaten", taken)
    assert (taken / FILE).read_bytes() == before
    again = adopt.adopt(site, "nachbarstadt:kreis-lippe/schulung", "kreis-lippe", "andere-schulung", taken)
    assert again == ["measures/kreis-lippe/andere-schulung.md"]


@pytest.mark.parametrize(
    ("ref", "partner", "told"),
    [
        (
            "nachbarstadt:kreis-lippe/gibt-es-nicht",
            "kreis-lippe",
            "gibt es nicht. Gemeint ist wissensbasis:partner/name",
        ),
        ("nachbarstadt:kreis-lippe/sprachmitlung", "kreis-lippe", f"gibt es nicht. Meinten Sie „{THERE}“?"),
        ("leer:kreis-lippe/x", "kreis-lippe", "Von „leer“ ist noch nichts geholt. Bitte zuerst scripts/harvest.py"),
        ("kreis-lippe/sprachmittlung", "kreis-lippe", "verbunden sind: nachbarstadt, seekreis, leer"),
        (THERE, "kreis-soest", "Zum Ordner „kreis-soest“ gibt es keinen Partner."),
        (THERE, "../../etc", "Es wurde nichts geschrieben."),
    ],
)
def test_what_cannot_be_taken_over(root: Path, ref: str, partner: str, told: str) -> None:
    before = sorted(path for path in root.rglob("*"))
    named = [*federating.SETTINGS, {"id": "leer", "url": "https://leer.example.org/"}]
    with pytest.raises(adopt.Refused) as refused:
        adopt.adopt(federating.site_of(root, named), ref, partner, None, root)
    assert told in str(refused.value)
    assert sorted(path for path in root.rglob("*")) == before


def test_both_pages_name_each_other(taken: Path) -> None:
    site = federating.site_of(taken)
    adopted = of(site, f"massnahmen/{HERE}/")["adopted"]
    assert adopted is not None
    assert (adopted.origin.id, adopted.original.ref, adopted.changed, adopted.gone) == (
        "nachbarstadt",
        THERE,
        (),
        False,
    )  # type: ignore[attr-defined]
    there = of(site, "verbund/nachbarstadt/massnahmen/kreis-lippe/sprachmittlung/")["adopted_by"]
    assert [own.ref for own in there] == [HERE]  # type: ignore[attr-defined]
    assert of(site, "massnahmen/kreis-lippe/sprachmittlung/")["adopted"] is None


def test_a_change_of_the_original_is_told_with_what_it_was(taken: Path) -> None:
    change(taken, "Geschulte Kräfte dolmetschen in Gesprächen.", "Ehrenamtliche dolmetschen.")
    change(taken, "status: laufend", "status: ausgefallen")
    line = 1 + (taken / FILE).read_text().splitlines().index("adopted_from:")
    assert hints(taken) == [
        f"{FILE}:{line}: adopted_from (Übernommen von): Das Original wurde seitdem geändert: "
        "summary (Kurzfassung): „Geschulte Kräfte dolmetschen in Gesprächen.“ → „Ehrenamtliche dolmetschen.“; "
        f"status (Status): „ausgefallen“. Bitte ansehen, was davon hier gilt ({ORIGINAL}, früher: git log -p), dann "
        f"scripts/adopt.py --seen {HERE} aufrufen; "
        "editorial.yml kann den Fall unter originals mit Adresse und Grund festhalten."
    ]
    adopted = of(federating.site_of(taken), f"massnahmen/{HERE}/")["adopted"]
    assert adopted.changed == ("Kurzfassung", "Status")  # type: ignore[attr-defined]


def test_of_long_values_the_place_is_shown_where_they_differ(taken: Path) -> None:
    long = "Eltern, Kinder, Nachbarn und alle anderen, die im Stadtteil wohnen, lernen sich {} kennen und reden."
    for path in (ORIGINAL, FILE):
        file = taken / path
        file.write_text(file.read_text().replace("Geschulte Kräfte dolmetschen in Gesprächen.", long.format("gut")))
    adopt.see(federating.site_of(taken), HERE, taken)
    assert hints(taken) == []
    change(taken, "lernen sich gut", "lernen sich nicht")
    (told,) = hints(taken)
    assert "„…wohnen, lernen sich gut kennen und reden.“ → „…wohnen, lernen sich nicht kennen und reden.“" in told


def test_what_goes_is_told_and_what_does_not_matter_is_not(taken: Path) -> None:
    change(taken, "languages: [ar, de-simple]\n", "checked: 2022-01-01\naliases: [massnahmen/kreis-lippe/alt]\n")
    (told,) = hints(taken)
    assert 'languages (Sprachen): „["ar", "de-simple"]“ entfällt.' in told
    assert "checked" not in told


def test_an_editor_who_has_looked_is_told_no_more(taken: Path) -> None:
    change(taken, "Erst die Schulung", "Zuerst die Schulung")
    assert len(hints(taken)) == 1
    before = (taken / FILE).read_text()
    assert adopt.see(federating.site_of(taken), HERE, taken) == [FILE]
    assert hints(taken) == []
    lines = zip(before.splitlines(), (taken / FILE).read_text().splitlines(), strict=True)
    assert [old.split(":")[0].strip() for old, new in lines if old != new] == ["version"]


def test_an_original_that_is_gone_or_only_refused(taken: Path) -> None:
    (taken / ORIGINAL).rename(taken / "kept.md")
    (told,) = hints(taken)
    assert f"Das Original „{ADDRESS}“ ist dort nicht mehr zu finden. Bitte adopted_from löschen" in told
    assert of(federating.site_of(taken), f"massnahmen/{HERE}/")["adopted"].gone  # type: ignore[attr-defined]
    aside = '{"total": 1, "items": [{"kind": "measure", "id": "kreis-lippe/sprachmittlung", "reasons": ["Zu lang."]}]}'
    (taken / "federation/nachbarstadt/quarantine.json").write_text(aside)
    assert hints(taken) == []
    (taken / "federation/nachbarstadt/quarantine.json").unlink()
    (taken / ORIGINAL).write_text("---\ntitle: Kaputt\n---\n")
    assert hints(taken) == []
    (taken / "kept.md").rename((taken / ORIGINAL).with_name("umbenannt.md"))
    (taken / ORIGINAL).unlink()
    file = (taken / ORIGINAL).with_name("umbenannt.md")
    text = file.read_text().replace("einfach: |", "aliases: [massnahmen/kreis-lippe/sprachmittlung]\neinfach: |")
    file.write_text(text)
    assert hints(taken) == [], "a former address still leads there"


def test_a_case_may_stay_as_it_is_with_a_reason(taken: Path) -> None:
    (taken / "editorial.yml").write_text(f"originals:\n  {ADDRESS}: Das hiesige Vorhaben geht eigene Wege.\n")
    assert hints(taken) == [
        "editorial.yml:2: " + f"{ADDRESS}: Dieser Eintrag wird nicht mehr gebraucht. Bitte löschen."
    ]
    change(taken, "status: laufend", "status: ausgefallen")
    assert hints(taken) == []


def test_a_site_that_is_no_neighbour_is_not_watched(taken: Path) -> None:
    file = taken / FILE
    file.write_text(file.read_text().replace("nachbarstadt.example.org/massnahmen", "fremd.example.org/massnahmen"))
    assert hints(taken) == []
    adopted = of(federating.site_of(taken), f"massnahmen/{HERE}/")["adopted"]
    assert (adopted.origin, adopted.original, adopted.gone) == (None, None, False)  # type: ignore[attr-defined]


def test_a_state_is_written_by_the_script_only(taken: Path) -> None:
    file = taken / FILE
    file.write_text(
        "\n".join("  version: neu" if "version:" in line else line for line in file.read_text().split("\n"))
    )
    (found,) = rules.load(taken, views.PAGE_VIEWS)[1]
    assert found.text == (
        "adopted_from.version (Stand des Originals): „neu“ ist kein Stand eines Originals. "
        "Bitte scripts/adopt.py schreiben lassen, nicht von Hand."
    )
    file.write_text("\n".join(line for line in file.read_text().split("\n") if "version:" not in line))
    (told,) = hints(taken)
    assert "ist kein Stand festgehalten. Bitte ansehen" in told


def test_the_state_does_not_hang_on_where_a_record_is_read(root: Path) -> None:
    site = federating.site_of(root)
    there = site.everything.catalog.of("measure")[THERE.replace("sprachmittlung", "schulung")]
    own = site.catalog.of("measure")["kreis-lippe/schulung"]
    assert isinstance(there, Measure)
    assert isinstance(own, Measure)
    assert adoption.version(there) == adoption.version(own), "references are compared as their own site writes them"


@pytest.mark.slow
def test_three_sites_from_the_harvest_to_the_hint(tmp_path: Path) -> None:
    """Three sites built, served, harvested and taken over from, with the commands that people run."""
    one, two, ours = (complete(Path(shutil.copytree(BASE, tmp_path / name))) for name in ("one", "two", "ours"))
    shutil.copytree(ROOT / "scripts", ours / "scripts")

    know_plans(ours)

    def run(script: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, f"scripts/{script}", *options], cwd=ours, capture_output=True, text=True, check=False
        )

    def build(root: Path, url: str) -> None:
        file = root / "mkdocs.yml"
        file.write_text(file.read_text().replace("https://wissensbasis.example.org/", url))
        result = run_build(root)
        assert result.returncode == 0, result.stderr

    for root in (one, two):
        (root / "site").mkdir()
    with serving(one / "site") as there, serving(two / "site") as elsewhere:
        build(one, there)
        build(two, elsewhere)
        file = ours / "mkdocs.yml"
        named = f"\nextra:\n  federation:\n    - {{id: eins, url: '{there}'}}\n    - {{id: zwei, url: '{elsewhere}'}}\n"
        file.write_text(file.read_text().replace("\nextra:\n", named, 1))
        assert run("harvest.py").returncode == 0
        adopted = run("adopt.py", "eins:kreis-lippe/sprachmittlung", "kreis-lippe", "--id", "sprachpaten")
        assert f"Geschrieben: {FILE}" in adopted.stdout, adopted.stderr
        assert "Das Original" not in run("validate.py").stderr
        original = one / "measures/kreis-lippe/sprachmittlung.md"
        original.write_text(original.read_text().replace("status: laufend", "status: ausgefallen"))
        build(one, there)
        assert "eins: 0 neu, 1 geändert" in run("harvest.py").stdout
        told = run("validate.py")
        assert told.returncode == 0
        assert "Das Original wurde seitdem geändert: status (Status): „ausgefallen“." in told.stderr
        assert run("adopt.py", "--seen", HERE).returncode == 0
        assert "Das Original" not in run("validate.py").stderr
        again = run("adopt.py", "eins:kreis-lippe/sprachmittlung", "kreis-lippe", "--id", "sprachpaten")
        assert (again.returncode, "ist schon da" in again.stderr) == (1, True)
        build(ours, "https://ours.example.org/")
    page = (ours / "site/massnahmen" / HERE / "index.html").read_text()
    assert "../../../verbund/eins/massnahmen/kreis-lippe/sprachmittlung/" in page

"""Every figure on the overview pages, recomputed from the files without the generator."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, front_matter

Record = dict[str, Any]
REFERENCE_YEAR = 2026  # of mkdocs.yml: extra.reference_date


def records(pattern: str) -> dict[str, Record]:
    return {p.relative_to(ROOT).with_suffix("").as_posix(): front_matter(p) for p in sorted(ROOT.glob(pattern))}


@pytest.fixture(scope="module")
def measures() -> dict[str, Record]:
    found = records("measures/*/*.md")
    for path, record in found.items():
        record["partner"] = path.split("/")[1]
    return found


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """Name of each partner, as lists show it."""
    found = records("partners/*.md")
    return {path.split("/")[1]: record.get("short", record["title"]) for path, record in found.items()}


@pytest.fixture(scope="module")
def categories() -> dict[str, str]:
    found = {p.stem: front_matter(p) for p in (ROOT / "docs/kategorien").glob("*.md") if p.stem != "index"}
    return {key: found[key]["title"] for key in sorted(found, key=lambda key: int(found[key]["order"]))}


@pytest.fixture(scope="module")
def states() -> dict[str, str]:
    return {key: term["label"] for key, term in yaml.safe_load((ROOT / "vocabulary.yml").read_text())["status"].items()}


class Reader(HTMLParser):
    """Tables by caption, list items by the heading before them, and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.items: dict[str, list[str]] = defaultdict(list)
        self.words: list[str] = []
        self._rows: list[list[str]] = []
        self._into: Callable[[str], None] | None = None
        self._caption = self._heading = ""
        self.feed(text[text.index("<main") : text.index('class="wb-actions"')])
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "caption":
            self._caption = ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td"}:
            self._rows[-1].append("")
        elif tag in {"h2", "h3"}:
            self._heading = ""
        elif tag == "li":
            self.items[self._heading].append("")
        self._into = {"caption": self._to_caption, "th": self._to_cell, "td": self._to_cell, "h2": self._to_heading, "h3": self._to_heading, "li": self._to_item}.get(tag, self._into)  # fmt: skip

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables[self._caption.split(", Seite")[0].strip()] = self._rows
        if tag in {"caption", "th", "td", "h2", "h3", "li", "ul", "table"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._into:
            self._into(data)

    def _to_caption(self, data: str) -> None:
        self._caption += data

    def _to_cell(self, data: str) -> None:
        self._rows[-1][-1] = " ".join((self._rows[-1][-1] + " " + data).split())

    def _to_heading(self, data: str) -> None:
        self._heading = " ".join((self._heading + data).split())

    def _to_item(self, data: str) -> None:
        self.items[self._heading][-1] += data


@pytest.fixture(scope="module")
def page(real_build: Path) -> Callable[[str], Reader]:
    return lambda address: Reader((real_build / address / "index.html").read_text())


def leading(cell: str) -> int:
    """The number with which a cell begins; „keine“ and „–“ are none."""
    match = re.match(r"[\d.]+", cell)
    return int(match.group().replace(".", "")) if match else 0


def year(date: str | None) -> int | None:
    """The year in which a date or span begins, or ends if only that is known."""
    parts = [part for part in (date or "").split("/") if part not in {"", ".."}]
    return int(parts[0][:4]) if parts else None


def test_coverage(page: Any, measures: Any, names: Any, categories: Any, states: Any) -> None:
    head, *rows, foot = page("ueberblick/abdeckung").tables["Maßnahmen nach Partner und Kategorie"]
    assert head == ["Partner", *categories.values(), "Summe"]
    amounts = Counter((m["partner"], m["category"]) for m in measures.values())
    by_name = {name: ref for ref, name in names.items()}
    assert {by_name[row[0]] for row in rows} == set(names)
    for row in rows:
        ref = by_name[row[0]]
        assert [leading(cell) for cell in row[1:-1]] == [amounts[ref, category] for category in categories]
        assert leading(row[-1]) == sum(amounts[ref, category] for category in categories)
        for cell, category in zip(row[1:-1], categories, strict=True):
            found = Counter(
                states[m["status"]] for m in measures.values() if (m["partner"], m["category"]) == (ref, category)
            )
            for state, amount in found.items():
                assert (f"{amount} {state}" if len(found) > 1 else state) in cell, (row[0], category, cell)
            assert bool(found) == ("Maßnahme vorschlagen" not in cell)
    assert [leading(cell) for cell in foot[1:-1]] == [sum(amounts[p, c] for p in names) for c in categories]
    assert leading(foot[-1]) == len(measures)


def test_status_board(page: Any, measures: Any, names: Any, categories: Any, states: Any) -> None:
    board = page("ueberblick/stand")
    for caption, field, wanted in (("Kategorie", "category", categories), ("Partner", "partner", names)):
        head, *rows, foot = board.tables[f"Maßnahmen nach {caption} und Status"]
        amounts = Counter((m[field], states[m["status"]]) for m in measures.values())
        by_name = {name: ref for ref, name in wanted.items()}
        assert {by_name[row[0]] for row in rows} == set(wanted)
        for row in rows:
            assert [leading(cell) for cell in row[1:]] == [amounts[by_name[row[0]], state] for state in head[1:]]
        assert sum(map(leading, foot[1:])) == len(measures)
    postponed = [m for m in measures.values() if m["status"] == "verschoben"]
    assert board.text.count("Der Termin ist verstrichen") == sum(
        1 for m in postponed if "postponed_to" in m and int(m["postponed_to"].split("/")[-1][:4]) < REFERENCE_YEAR
    )
    assert board.text.count("Ein neuer Termin steht in keinem Dokument") == sum(
        "postponed_to" not in m for m in postponed
    )


def test_timeline(page: Any, measures: Any, names: Any) -> None:
    shown = page("ueberblick/zeit")
    _, *rows = shown.tables["Beitritte, Phasen und begonnene Maßnahmen nach Jahr"]
    begun = Counter(year(m.get("period")) for m in measures.values() if m.get("period"))
    assert {int(row[0]): leading(row[3]) for row in rows if leading(row[3])} == begun
    joined: dict[int, set[str]] = defaultdict(set)
    for path, partner in records("partners/*.md").items():
        for membership in partner.get("member_of", []):
            if membership["network"] == "erfolgsfaktor-interkulturelle-oeffnung" and "since" in membership:
                joined[int(membership["since"][:4])].add(names[path.split("/")[1]])
    cells = {int(row[0]): {name.strip().rstrip("* ") for name in row[1].split(",")} for row in rows if row[1] != "–"}
    assert cells == joined
    phases = Counter(
        n
        for p in records("docs/phasen/*/*.md").values()
        for n in range(year(p["period"]) or 0, last_year(p["period"]) + 1)
    )
    assert {int(row[0]): row[2].count(";") + 1 for row in rows if row[2] != "–"} == phases
    assert f"Für {len(measures) - sum(begun.values())} Maßnahmen" in shown.text.replace("\N{NO-BREAK SPACE}", " ")


def last_year(span: str) -> int:
    first, _, last = span.partition("/")
    return int((first if last in {"", ".."} else last)[:4])


def test_good_practice(page: Any, measures: Any, categories: Any) -> None:
    shown = page("gute-praxis")
    praised = [m for m in measures.values() if "best_practice" in m]
    terms = yaml.safe_load((ROOT / "vocabulary.yml").read_text())["best_practice_levels"]
    text = shown.text.replace("\N{NO-BREAK SPACE}", " ")
    for key, term in terms.items():
        amount = sum(m["best_practice"]["level"] == key for m in praised)
        assert f"{term['label']} ({amount} Maßnahmen)" in text
    assert {c: len(shown.items[c]) for c in categories.values() if shown.items[c]} == Counter(
        categories[m["category"]] for m in praised
    )
    for measure in praised:
        assert measure["best_practice"]["reason"] in text


def test_map(page: Any, measures: Any, names: Any) -> None:
    text = page("ueberblick/karte").text.replace("\N{NO-BREAK SPACE}", " ")
    amounts = Counter(m["partner"] for m in measures.values())
    for ref, name in names.items():
        assert f"{name} ( {amounts[ref]} Maßnahme" in text or f"{name} ({amounts[ref]} Maßnahme" in text, name
    places = Counter(
        entry.get("place") for entry in yaml.safe_load((ROOT / "partners/others.yml").read_text()).values()
    )
    home = {p.get("place") for p in records("partners/*.md").values()}
    for place in set(places) & home - {None}:
        assert f"{places[place]} weitere Organisation" in text, place
    for place in set(places) - home - {None}:
        assert f"{place} ({places[place]})" in text, place


def test_networks(page: Any, measures: Any) -> None:
    shown = page("ueberblick/netzwerke")
    members: dict[str, set[str]] = defaultdict(set)
    for path, partner in records("partners/*.md").items():
        for membership in partner.get("member_of", []):
            members[membership["network"]].add(path.split("/")[1])
    for path, network in records("docs/netzwerke/*.md").items():
        members[path.split("/")[-1]] |= set(network.get("members", []))
    items = [item.replace("\N{NO-BREAK SPACE}", " ") for item in shown.items["Alle Netzwerke mit Mitgliedern"]]
    amounts = sorted(int(found.group(1)) for item in items if (found := re.search(r"(\d+) Mitglied", item)))
    assert amounts == sorted(len(found) for found in members.values() if found)
    named = {n: {m["partner"] for m in measures.values() if n in m.get("networks", [])} - members[n] for n in members}
    assert sum("In Maßnahmen genannt von" in item for item in items) == sum(bool(found) for found in named.values())


def test_companions(page: Any, measures: Any, names: Any) -> None:
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    for measure in measures.values():
        for other in measure.get("cooperation", []):
            if other in names:
                shared[measure["partner"]][other] += 1
                shared[other][measure["partner"]] += 1
    text = page("ueberblick/mit-wem").text
    for ref, found in shared.items():
        section = text.split(f"Mit wem arbeitet {names[ref]} ?")[1].split("Mit wem arbeitet")[0]
        for other, amount in found.items():
            assert f"{names[other]} ({amount})" in section, (ref, other)


def test_needs(page: Any) -> None:
    shown = page("ueberblick/bedarf").text.replace("\N{NO-BREAK SPACE}", " ")
    lessons = records("docs/erfahrungen/*.md")
    asked = [r for r in lessons.values() if r.get("group") in {"bedarf", "vorschlaege", "schwierigkeiten"}]
    assert len(asked) > 10
    for lesson in asked:
        assert f"{lesson['title']} {lesson['summary']} ({lesson['mentions']} Nennung" in shown, lesson["title"]
        for answer in lesson.get("answers", []):
            if "/" in answer:
                assert front_matter(ROOT / f"measures/{answer}.md")["title"] in shown, answer


def test_currency(page: Any, measures: Any) -> None:
    shown = page("ueberblick/aktualitaet").text.replace("\N{NO-BREAK SPACE}", " ")
    assert not any("checked" in m for m in measures.values()), "now count checked measures here, too"
    assert f"{len(measures)} von {len(measures)} Maßnahmen: Ihr Stand ist mehr als 24 Monate alt" in shown
    sources = {p.split("/")[-1]: r for p, r in records("docs/quellen/*.md").items()}
    dates = Counter(sources[m["sources"][0]["document"]]["date"] for m in measures.values())
    for amount in dates.values():
        assert f": {amount} Maßnahmen" in shown


def test_report(page: Any, measures: Any, names: Any, categories: Any, states: Any) -> None:
    reported = [m for m in measures.values() if m["sources"][0]["document"] == "partnerbericht-2020"]
    shown = page("bericht/2020")
    text = shown.text.replace("\N{NO-BREAK SPACE}", " ")
    figures = sum(len(m.get("figures", [])) for m in reported)
    partners = {m["partner"] for m in reported}
    assert f"umfasst {len(reported)} Maßnahmen von {len(partners)} Partnern mit {figures} Zahlen" in text
    assert {row[0]: leading(row[1]) for row in shown.tables["Maßnahmen nach Status"][1:]} == Counter(
        states[m["status"]] for m in reported
    )
    by_partner = Counter(m["partner"] for m in reported)
    titles = {front_matter(ROOT / f"partners/{ref}.md")["title"]: ref for ref in partners}
    rows = shown.tables["Partner in der Reihenfolge ihres Beitritts"][1:]
    assert {titles[row[0]]: leading(row[-1]) for row in rows} == by_partner
    indicators = {r["title"]: p.split("/")[-1] for p, r in records("docs/indikatoren/*.md").items() if "order" in r}
    for title, amount, of in shown.tables["Maßnahmen nach Kernindikator"][1:]:
        found = [m for m in reported if indicators[title] in m.get("indicators", [])]
        assert (leading(amount), leading(of)) == (len(found), len({m["partner"] for m in found})), title
    assert f"{sum('figures' not in m for m in reported)} Maßnahmen tragen keine Zahl" in text
    for category, title in categories.items():
        found = [m for m in reported if m["category"] == category]
        chapter = page(f"bericht/2020/{category}")
        assert [item for item in chapter.items if chapter.items[item] and item in names.values()]
        assert all(m["title"] in chapter.text for m in found)
        missing = [names[ref] for ref in sorted(partners) if ref not in {m["partner"] for m in found}]
        line = next(item for item in shown.items["Lücken"] if item.strip().startswith(title))
        assert sorted(filter(None, map(str.strip, line.strip().removeprefix(f"{title}:").split(",")))) == sorted(
            missing
        )


def test_partners_stand_in_the_order_of_their_accession(page: Any) -> None:
    """What is known of numbers and dates agrees with the order that the chapters give."""
    rows = page("bericht/2020").tables["Partner in der Reihenfolge ihres Beitritts"][1:]
    found = {r["title"]: r for r in records("partners/*.md").values()}
    order = [
        m
        for row in rows
        for m in found[row[0]]["member_of"]
        if m["network"] == "erfolgsfaktor-interkulturelle-oeffnung"
    ]
    years = [int(m["since"][:4]) for m in order if "since" in m]
    assert years == sorted(years)
    numbers = [int(m["number"]) for m in order if "number" in m]
    assert numbers == sorted(numbers)
    assert len(numbers) > 5

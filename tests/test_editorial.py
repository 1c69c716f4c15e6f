from __future__ import annotations

from pathlib import Path

from catalog import editorial, rules, views

MEASURE = "measures/kreis-lippe/schulung.md"
HEAD = """---
title: Schulung
summary: Ein Satz.
category: anteil
status: {status}
period: {period}
target_groups: [beschaeftigte]
formats: [fortbildung]
figures:
  - {{value: "12", unit: Teilnehmende}}
sources:
  - {{document: bericht, section: anteil, lines: 8-10}}
---
"""
FILLER = "Das ist ein Satz mit genau acht Wörtern. " * 4


def hints(project: Path, text: str, status: str = "laufend", period: str = "2020") -> list[str]:
    for path in (project / "measures/kreis-lippe").glob("*.md"):
        path.unlink()
    (project / MEASURE).write_text(HEAD.format(status=status, period=period) + text)
    catalog, problems = rules.load(project, views.PAGE_VIEWS)
    assert problems == []
    found = [p for p in editorial.review(project, catalog) if p.path in {MEASURE, editorial.FILE}]
    return [f"{p.path}:{p.line}: {p.message}" for p in found]


def test_a_good_text_gets_no_hint(project: Path) -> None:
    assert hints(project, FILLER + "Es kamen 12 Teilnehmende. Siehe [Kreis](../../partners/kreis-lippe.md).") == []


def test_length(project: Path) -> None:
    assert hints(project, "Zu kurz.") == [f"{MEASURE}:14: Der Text hat 2 Wörter."]
    assert hints(project, FILLER * 10) == [f"{MEASURE}:14: Der Text hat 320 Wörter."]


def test_number_that_differs_from_the_figures(project: Path) -> None:
    assert hints(project, f"{FILLER}\n\nEs kamen 1.200 Teilnehmende.") == [
        f"{MEASURE}:16: Der Text nennt 1.200 Teilnehmende, die Zahlen nennen das nicht."
    ]


def test_plan_before_its_document(project: Path) -> None:
    vocabulary = project / "vocabulary.yml"
    vocabulary.write_text(
        vocabulary.read_text().replace(
            "status:\n", "status:\n  geplant: {label: geplant, definition: Kommt., step: 2}\n", 1
        )
    )
    assert hints(project, FILLER, "geplant", "2018") == [
        f"{MEASURE}:6: „2018“ liegt vor dem Dokument, der Status ist aber „geplant“."
    ]
    assert hints(project, FILLER, "geplant", "2021") == []
    assert hints(project, FILLER, "geplant", "2018/..") == []


def test_foreign_hosts_and_people_need_a_reason(project: Path) -> None:
    text = f"{FILLER}\n\nSiehe <https://example.org/a>.\nFrau Mustermann und Oberbürgermeister Max Muster kamen."
    assert hints(project, text) == [
        f"{MEASURE}:16: Der Link führt zu „example.org“.",
        f"{MEASURE}:17: „Max Muster“ sieht aus wie der Name einer Person.",
        f"{MEASURE}:17: „Mustermann“ sieht aus wie der Name einer Person.",
    ]
    (project / "editorial.yml").write_text(
        "hosts:\n  example.org: belegt\nnames:\n  Max Muster: Oberbürgermeister\n  Mustermann: Amt\n"
    )
    assert hints(project, text) == []
    assert hints(project, FILLER) == [
        f"editorial.yml:{line}: Dieser Eintrag wird nicht mehr gebraucht." for line in (2, 4, 5)
    ]


def test_an_exemption_needs_a_reason(project: Path) -> None:
    (project / "editorial.yml").write_text("hosts:\n  example.org:\n")
    assert hints(project, FILLER) == ["editorial.yml:1: Jeder Eintrag braucht einen Grund."]


def test_an_address_that_is_none_ends_nothing(project: Path) -> None:
    """Such a link is refused by the check; the hints are made all the same."""
    path = project / MEASURE
    path.write_text(path.read_text() + "\n[x](http://[)\n")
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    assert [problem.message for problem in found] == ["„http://[“ ist keine Adresse, die es geben kann."]
    assert editorial.review(project, catalog)


def test_pictures_of_other_hosts_get_a_hint(project: Path) -> None:
    assert hints(project, FILLER + "![x](https://www.anderswo.example/x.png)") == [
        f"{MEASURE}:14: Der Link führt zu „www.anderswo.example“."
    ]

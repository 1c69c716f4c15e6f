from __future__ import annotations

import json

from catalog.problems import Problem, as_github, as_gitlab, as_text, summary

ONE = Problem("a.md", 3, "status (Status)", "„x“ ist nicht erlaubt.", "Meinten Sie „y“?")
HOSTILE = Problem("a,b:c%.md", 1, "", "Zeile\n::warning::böse\x1b[31m", "Ende.")


def test_text_is_one_clickable_line() -> None:
    assert as_text([ONE]) == "a.md:3: status (Status): „x“ ist nicht erlaubt. Meinten Sie „y“?\n"


def test_hostile_values_stay_on_their_line() -> None:
    assert as_text([HOSTILE]).count("\n") == 1
    assert "\x1b" not in as_text([HOSTILE])
    command = as_github([HOSTILE])
    assert command.count("\n") == 1
    assert command.startswith("::error file=a%2Cb%3Ac%25.md,line=1::")


def test_gitlab_report_is_json_with_stable_fingerprints() -> None:
    report = json.loads(as_gitlab([ONE, HOSTILE]))
    assert report[0]["location"] == {"path": "a.md", "lines": {"begin": 3}}
    assert report[0]["fingerprint"] == json.loads(as_gitlab([ONE]))[0]["fingerprint"]


def test_summary_counts_in_german() -> None:
    assert summary([ONE], "h/") == "1 Fehler in 1 Datei. Hilfe: h/"
    assert summary([ONE, HOSTILE], "h/") == "2 Fehler in 2 Dateien. Hilfe: h/"

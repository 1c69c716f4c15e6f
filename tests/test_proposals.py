"""Proposals: real texts of all forges, mistakes and hostile ones, each with the files and the answer it must get.

Write what is expected anew with ``WRITE_CASES=1 pytest tests/test_proposals.py`` and read the difference.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
import yaml

import filling
from catalog import rules, views
from catalog.editing import answers, issue_forms, proposals, sections
from catalog.editing.drafts import Draft
from catalog.forms import FormField, fields, plain
from catalog.model import KINDS, Measure, Network
from catalog.site import Site
from catalog.store import Catalog
from conftest import BASE, ROOT

CASES = sorted((Path(__file__).parent / "cases" / "proposals").glob("*.md"))
URL = "https://wissensbasis.example.org/"
GOOD = {
    "Partner": "Kreis Lippe",
    "Titel": "Neu",
    "Kurzfassung": "Ein Satz.",
    "Kategorie": "anteil",
    "Status": "laufend",
    "Zielgruppen": "Beschäftigte",
    "Formate": "Fortbildung",
    "Belege": "bericht | anteil",
    "Text": "Hallo.",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return rules.load(BASE, views.PAGE_VIEWS)[0]


def text(**changes: str) -> str:
    said = {**GOOD, **changes}
    return sections.joined((*((k, v) for k, v in said.items() if k != "Text"), ("Text", said["Text"])))


def told(body: str) -> str:
    """The points of the answer, without what surrounds them."""
    answer = proposals.answer(proposals.examine(body, BASE), URL)
    return "".join(line + "\n" for line in answer.split("\n") if line.startswith("- "))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_cases(case: Path) -> None:
    outcome = proposals.examine(case.read_bytes().decode(), BASE)
    written = "".join(f"===== {path}\n{content}" for path, content in outcome.files.items())
    found = proposals.answer(outcome, URL, f"{URL}request/7") + written
    expected = case.with_suffix(".expected")
    if os.environ.get("WRITE_CASES"):
        expected.write_text(found)
        pytest.skip("written")
    assert found == expected.read_text()


@pytest.mark.parametrize("kind", ["new", "correction"])
def test_all_forges_say_the_same(kind: str) -> None:
    cases = [CASES[0].parent / f"{forge}-{kind}.md" for forge in ("github", "gitlab", "forgejo")]
    files = [proposals.examine(case.read_bytes().decode(), BASE).files for case in cases]
    assert files[0]
    assert files[0] == files[1] == files[2]


def test_every_real_measure_survives_the_way_through_a_text(real_site: Site) -> None:
    """Data -> text -> data, for all that the project holds."""
    catalog = real_site.catalog
    for measure in catalog.all(Measure):
        lines = {field.key for field in plain(Measure, catalog.vocabulary)}
        raw = {key: value for key, value in measure._origin.raw.data.items() if key in lines}
        data = {key: value for key, value in raw.items() if value != "false"}
        draft = Draft("measure", measure.id, data, measure.text, measure.parent)
        found, problems = proposals.parse(proposals.body([draft], catalog), catalog)
        assert problems == []
        assert found.drafts == (draft,)


def test_what_comes_along_survives_too(real_site: Site) -> None:
    catalog, chance = real_site.catalog, random.Random(6)
    words = ["a|b", "ä, ö", "„x“", "\\|", "*fett*", "#", "- x", "80 %", "=1+1", "[x]", "a: b", "_x_", "@alle", "'", '"']
    for _ in range(40):
        drafts = [
            Draft("source", "neu-2021", _some(chance, "source", catalog, words), ""),
            Draft("partner", "stadt-x", _some(chance, "partner", catalog, words), "Text.\n\n### Mehr\n\nText."),
            Draft("measure", "neu", _some(chance, "measure", catalog, words), "Text.\n\n### Titel\n\nMehr.", "stadt-x"),
        ]
        found, problems = proposals.parse(proposals.body(drafts, catalog), catalog)
        assert problems == []
        assert list(found.drafts) == drafts


def _some(chance: random.Random, kind: str, catalog: Catalog, words: list[str]) -> dict[str, object]:
    """A record with odd words in every free field and any values in the others."""

    def value(field: FormField) -> object:
        if field.kind == "part":
            return {part.key: value(part) for part in field.parts}
        if field.kind == "choice":
            return chance.choice(field.choices).value
        if field.kind == "flag":
            return "true"
        if field.kind in ("reference", "language"):
            return chance.choice(answers.options(field, catalog)).value
        if field.kind in ("id", "alias"):
            return f"eins-{chance.randint(1, 9)}"
        return f"x {chance.choice(words)} {chance.choice(words)} x"

    return {
        f.key: [value(f)] if f.many else value(f)
        for f in plain(KINDS[kind], catalog.vocabulary)
        if f.key != "continues"
    }


def test_the_forms_of_the_real_project_lead_to_a_measure(real_site: Site) -> None:
    """Labels with commas, many documents, a dropdown that puts all that was chosen into one line."""
    forms = issue_forms.files(real_site.catalog, URL, "vorschlag")
    places = [place for place in proposals.quotable_places(real_site.catalog) if "," in place]
    networks = real_site.catalog.all(Network)[:4]
    said: filling.Answers = {
        "Partner": "LVR",
        "Titel": "Neu",
        "Kurzfassung": "Ein Satz.",
        "Kategorie": "Evaluation, Dokumentation und Kommunikation der Umsetzung",
        "Status": "durchgeführt",
        "Zielgruppen": ["Schülerinnen, Schüler und Jugendliche", "Patientinnen, Patienten und Angehörige"],
        "Formate": ["Befragung, Monitoring und Evaluation", "Preis, Siegel und Zertifizierung"],
        "Belege": places,
        "Netzwerke": "".join(f"- {network.title}\n" for network in networks),
        "Text": "Hallo.",
    }
    body = filling.github(forms[f"{issue_forms.GITHUB}/massnahme.yml"], said)
    draft = proposals.parse(body, real_site.catalog)[0].drafts[0]
    assert draft.path == "measures/landschaftsverband-rheinland/neu.md"
    assert draft.data["target_groups"] == ["schueler", "patienten"]
    assert draft.data["networks"] == [network.id for network in networks]
    assert len(draft.data["sources"]) == len(places) > 3
    assert proposals.examine(body, ROOT).problems == ()


def test_a_correction_keeps_comments_and_everything_else(project: Path) -> None:
    path = project / "measures/kreis-lippe/schulung.md"
    path.write_text(path.read_text().replace("status: ausgefallen", "# noch zu klären\nstatus: ausgefallen"))
    body = sections.joined([("Maßnahme", "kreis-lippe/schulung"), ("Status", "laufend")])
    outcome = proposals.examine(body, project)
    assert outcome.files == {
        "measures/kreis-lippe/schulung.md": path.read_text().replace("status: ausgefallen", "status: laufend")
    }


@pytest.mark.parametrize(
    "place",
    [
        "kreis-lippe/schulung",
        "https://wissensbasis.example.org/massnahmen/kreis-lippe/schulung/",
        "https://host/unter/ordner/massnahmen/kreis-lippe/schulung/?x=1#text",
        "/massnahmen/kreis-lippe/schulung",
        "massnahmen/kreis-lippe/alte-schulung/",
        "schulung der beschäftigten",
    ],
)
def test_a_measure_is_found_by_any_of_its_names(place: str, catalog: Catalog) -> None:
    measure = proposals.measure_at(place, catalog)
    assert measure
    assert measure.ref == "kreis-lippe/schulung"


@pytest.mark.parametrize("place", ["", "schulung", "https://[", "//", "kreis-lippe", "x/kreis-lippe/schulung"])
def test_no_other_measure_is_found(place: str, catalog: Catalog) -> None:
    assert proposals.measure_at(place, catalog) is None


def test_boxes_that_nobody_ticked_change_nothing() -> None:
    body = sections.joined(
        [("Maßnahme", "kreis-lippe/schulung"), ("Zielgruppen", "- [ ] Beschäftigte\n- [ ] (entfernen)")]
    )
    assert proposals.examine(body, BASE) == proposals.Outcome(proposals.examine(body, BASE).proposal)


def test_a_box_in_a_free_text_belongs_to_the_text(catalog: Catalog) -> None:
    proposal, problems = proposals.parse(text(**{"Hinweis zur Quelle": "Noch zu klären:\n- [x] Datum"}), catalog)
    assert problems == []
    assert proposal.drafts[-1].data["source_note"] == "Noch zu klären:\n- [x] Datum"


def test_a_field_that_must_stay_cannot_be_removed() -> None:
    body = sections.joined([("Maßnahme", "kreis-lippe/schulung"), ("Status", "(entfernen)")])
    assert told(body) == "- **Status**: fehlt. Bitte eintragen: Stand der Umsetzung.\n"


def test_a_partner_whose_id_is_taken_elsewhere() -> None:
    """The rule blames others.yml, where the id stands already; the answer must come all the same."""
    body = text(
        Partner="",
        **{
            "Neuer Partner: Kennung": "universitaet-bielefeld",
            "Neuer Partner: Titel": "Universität Bielefeld",
            "Neuer Partner: Kurzfassung": "Eine Universität.",
            "Neuer Partner: Organisationsart": "Hochschule",
        },
    )
    assert "`universitaet-bielefeld` ist schon vergeben" in told(body)


def test_a_document_that_is_chosen_must_be_described() -> None:
    assert "`Neues Dokument …` ist gewählt, aber das Dokument ist nicht beschrieben." in told(
        text(Belege="Neues Dokument …")
    )


def test_a_problem_that_the_project_has_already_is_not_the_proposals(project: Path) -> None:
    (project / "partners/kaputt.md").write_text("---\ntitle: a: b\n---\n")
    assert proposals.examine(text(), project).problems == ()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "kreis-lippe/../x", "/etc/passwd", "a\x00b", "C:\\x", "con", "lpt1", "COM1", "a" * 300, ".", "..", "x.md",
     "ä", "-x", "x\ny", "%2e%2e", "x/y", "\u202ex", "~root", "$(id)", "`id`", "--help", " "],
)  # fmt: skip
def test_a_path_is_never_made_of_what_is_no_id(name: str) -> None:
    for heading in ("Kennung", "Neues Dokument: Kennung"):
        outcome = proposals.examine(text(**{heading: name}), BASE)
        assert all(proposals.store.name_fault(part) is None for path in outcome.proposal.paths for part in _names(path))
        assert bool(outcome.files) == (not name.strip())  # a blank is no answer


def _names(path: str) -> list[str]:
    assert path.startswith(("measures/kreis-lippe/", "docs/quellen/"))
    return path.removesuffix(".md").split("/")


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\r", "\r\n", "\n"])
def test_no_line_end_begins_a_new_key(end: str) -> None:
    """YAML ends a line at six characters; a value with any of them must stay a value."""
    outcome = proposals.examine(text(**{"Hinweis zur Quelle": f"a\nb{end}checked: 2099-01-01{end}---{end}x"}), BASE)
    head = next(iter(outcome.files.values())).split("\n---\n")[0].removeprefix("---\n")
    assert yaml.load(head, Loader=yaml.BaseLoader)["source_note"] == "a\nb\nchecked: 2099-01-01\n---\nx"


@pytest.mark.parametrize("key", ["Titel", "Kurzfassung", "Hinweis zur Quelle", "In einfacher Sprache"])
@pytest.mark.parametrize(
    "value",
    ["x: y", "a # b", "&a x", "*a", "!!str x", "{a: b}", "[a, b]", "- a", "---", "|", ">", "%TAG", "'x", '"x', "yes", "null", "~", "1e3",
     "\tx", "@x", "`x`", "? x", "x\\", "=1+1", "<<: *a", "0x10", "2020-01-01", "{{ 7*7 }}", "${x}", "\\u202e", "\\", '\\"', "'''"],
)  # fmt: skip
def test_a_value_stays_a_value(key: str, value: str, catalog: Catalog) -> None:
    proposal, problems = proposals.parse(text(Kennung="neu", **{key: value}), catalog)
    assert problems == []
    head = proposal.drafts[0].file(catalog.vocabulary).split("\n---\n")[0].removeprefix("---\n")
    data = yaml.load(head, Loader=yaml.BaseLoader)
    assert value.strip() in data.values()
    assert set(data) <= {f.key for f in fields(Measure, catalog.vocabulary)}


@pytest.mark.parametrize(
    "body",
    [
        "### Titel\n\n" + "x" * 1_000_000,
        text(Text="x" * 190_000),
        text(Zielgruppen=",".join("a" * 60_000)),
        text(Zielgruppen="\n".join(f"frau{i}" for i in range(290))),
        "".join(f"### a{i}\n\n" for i in range(18_000)),
        "".join(f"### a{i}{'x' * 600}\n\n" for i in range(290)),
        text(Text="<!---->" * 25_000),
        text(Titel="<!--" * 40_000),
        text(Status="x" * 150_000),
        text(Zahlen="|" * 60_000),
        text(Zahlen="\n".join(["1|a|b|c|d|e|f"] * 290)),
        text(Belege="\\" * 90_000 + "|" * 90_000),
        text(Partner="x" * 190_000),
        text(**{"Hinweis zur Quelle": "\n" * 190_000 + "x"}),
        text(Titel="[" * 50_000, Kurzfassung="{" * 50_000),
        "### Maßnahme\n\n" + "x/" * 90_000,
        "\ud800### Titel\n\na\udfff",
        "\x00",
        "",
    ],
    ids=str.__len__,
)
def test_size_and_odd_bytes_do_no_harm(body: str) -> None:
    """Each is answered in a moment, and briefly enough for a comment (GitHub: 65,536 characters)."""
    start = time.process_time()
    outcome = proposals.examine(body, BASE)
    assert len(proposals.answer(outcome, URL)) < 40_000
    assert time.process_time() - start < 3


def test_what_nobody_sees_is_named_at_its_field() -> None:
    body = text(Titel="a\x1b[31mb\u202ec", Zahlen="12 | a\u200bb", Text="x\u200by", Kurzfassung="a\ufeffb")
    assert [line.partition(":")[0] for line in told(body).split("\n")] == [
        "- **Titel**", "- **Kurzfassung**", "- **Zahlen**", "- **Text**", "",
    ]  # fmt: skip


def test_an_answer_holds_nothing_that_a_forge_carries_out() -> None:
    """Mentions, references, pictures, quick actions, commands of a CI, a second comment's mark."""
    nasty = "@alle #1 !2 ![x](https://boese.example/p.png) <img src=x> -->\n/close\n::error::x <!-- wissensbasis"
    body = text(Status=nasty, Partner=nasty, Kennung=nasty, Zielgruppen=nasty) + f"\n### {nasty}\n"
    body = f"### {nasty}\n\n{body}"
    answer = proposals.answer(proposals.examine(body, BASE), URL)
    points = [line for line in answer.split("\n") if line.startswith("- ")]
    assert len(points) > 4
    assert not any(line.startswith(("/", ":", "<", "#")) for line in answer.split("\n"))
    for line in points:
        outside = "".join(line.split("`")[::2])
        assert not set("@#!<>") & set(outside), line
    assert not proposals.examine(body, BASE).files

"""The answer to a request: what it says, and that nothing foreign in it becomes markup, mention or command."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown import Markdown

from catalog import editorial, rules, views
from catalog.editing import comment
from catalog.editing.comment import Change, Check
from catalog.editing.markdown import code, words
from catalog.problems import Problem, as_github, as_gitlab, as_text
from catalog.store import Catalog
from conftest import ROOT

CASES = Path(__file__).parent / "cases" / "request"
URL = "https://wissensbasis.example.org/"
HOSTILE = (
    "`", "``", "a`b``c", "@alle", "x @user y", "#1", "owner/repo#7", "!3", "GH-1", "ABC-12", "deadbeefcafe1234", "%1", "~bug",
    "$x$", "/close", "/merge jetzt", "<img src=x onerror=alert(1)>", "<!-- wissensbasis-pruefung -->", "-->", "</details>",
    "[a](javascript:alert(1))", "![b](https://boese.example/p.png)", "https://boese.example", "www.boese.example",
    "mail@boese.example", "**fett**", "_kursiv_", "~~weg~~", "a|b", "# Titel", "- Punkt", "1. Punkt", "> Zitat", "---",
    "Zeile\n\n# Neu", "Zeile\r::error::x", "\x1b[31m", "\u202eumgedreht", "\u200b", "&lt;", "&#64;user", "\\`x`", "„`“", "„“", "“„",
    ":tada:", "[[Wiki]]", "[^1]", "^a^", "x" * 5000, "wort " * 5000, "`" * 3000, "ä" * 10, "\udcff", '"', '"a', "[", "]",
)  # fmt: skip


def outside_code(text: str) -> str:
    """A line of Markdown without its code spans, as CommonMark cuts them: the next run of as many backticks closes."""
    shown, rest = "", text
    while (opening := re.search("`+", rest)) is not None:
        fence = opening.group()
        closing = re.search(rf"(?<!`){fence}(?!`)", rest[opening.end() :])
        assert closing is not None, f"code is not closed: {text[:200]}"
        shown += rest[: opening.start()] + "□"
        rest = rest[opening.end() + closing.end() :]
    return shown + rest


def is_harmless(text: str) -> bool:
    """Whether a line holds nothing outside code that a forge could take for its own."""
    left = outside_code(text)
    return not re.search(r"[@#<>\[\]*_~|$^&\\{}%/=+]|!\w|www\.|[A-Za-z]-\d|[0-9a-f]{7}|:\w+:|[^\n -~°-ÿ„“…–→□]", left)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:20]))
def test_foreign_text_stays_text(value: str) -> None:
    for text in (
        value,
        f"„{value}“ ist nicht erlaubt. Meinten Sie „x“?",
        f"a {value}",
        f"{value}{value}",
        f"({value})",
    ):
        for shown in (words(text), code(text)):
            assert "\n" not in shown
            assert is_harmless(shown), shown
            assert len(shown) <= 1400
            html = Markdown().convert(f"Text {shown}")
            assert set(re.findall(r"<(\w+)", html)) <= {"p", "code"}, html


def test_foreign_text_stays_text_however_it_is_put_together() -> None:
    """Pieces side by side must not open what neither opens alone."""
    chance = random.Random(6)
    pieces = [*HOSTILE[:48], " ", " ", "wort", "„", "“", '"', ".", ",", "(", ")", "!", "1"]
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 9)))
        assert is_harmless(words(text)), text


def test_plain_german_stays_readable() -> None:
    assert words("Der Text hat 12 Wörter. Vorgesehen sind 25 bis 200.") == (
        "Der Text hat 12 Wörter. Vorgesehen sind 25 bis 200."
    )
    assert words("status (Status): „abgesagt“ ist nicht erlaubt. Alle Werte: vocabulary.yml") == (
        "status (Status): `abgesagt` ist nicht erlaubt. Alle Werte: `vocabulary.yml`"
    )
    assert words('Bitte in Anführungszeichen setzen: title: "Kreis Soest: Verwaltung"') == (
        'Bitte in Anführungszeichen setzen: title: `"Kreis Soest: Verwaltung"`'
    )
    assert words("Für Bürger:innen a.yml, b.yml.") == "Für Bürger:innen `a.yml`, `b.yml`."
    assert words("E-Mail-Kurs für 1.000 Eltern (2019–2020): „Hallo“, „Ade“.") == (
        "E-Mail-Kurs für 1.000 Eltern (2019–2020): `Hallo`, `Ade`."
    )


def check(root: Path, changes: list[Change] | None) -> str:
    catalog, problems = rules.load(root, views.PAGE_VIEWS)
    return comment.comment(Check(catalog, problems, editorial.review(root, catalog), changes, URL))


def matches(name: str, text: str) -> bool:
    """Compare with a file in tests/cases/request; WRITE_CASES=1 writes it anew."""
    path = CASES / name
    if os.environ.get("WRITE_CASES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path.read_text() == text


def test_what_is_good_is_said(project: Path) -> None:
    written = (project / "measures/kreis-lippe/schulung.md").read_text().splitlines(keepends=True)
    (project / "measures/kreis-lippe/neu.md").write_text("".join(x for x in written if not x.startswith("aliases")))
    changes = [
        Change("measures/kreis-lippe/neu.md", "neu"),
        Change("measures/kreis-lippe/schulung.md", "umbenannt", "measures/kreis-lippe/kurs.md"),
        Change("measures/kreis-lippe/alt.md", "gelöscht"),
        Change("partners/kreis-lippe.md"),
        Change("partners/others.yml"),
        Change("vocabulary.yml"),
        Change("hooks/assemble.py"),
        Change("docs/bild@user.png", "neu"),
    ]
    text = check(project, changes)
    assert text.startswith(f"{comment.MARKER}\n## Achtung: 1\N{NO-BREAK SPACE}Datei der Technik\n")
    assert "\n## Prüfung: alles in Ordnung\n" in text
    assert f"künftige Adresse `{URL}massnahmen/kreis-lippe/neu/`" in text
    assert matches("good.md", text)


RUNNING = [
    Change(path)
    for path in (
        "hooks/assemble.py", "overrides/base.html", "overrides/assets/site.css", "scripts/build", "tests/conftest.py",
        ".github/workflows/pruefung.yml", ".gitlab-ci.yml", ".forgejo/workflows/x.yml", ".ci/run", ".gitattributes", "mkdocs.yml",
        "requirements.txt", "pyproject.toml", "vendor/package.json", "redaktion/main.js", "README.md", ".gitmodules",
        "docs/schema/measure.json", "docs/skript.js", "docs/.github/x.md", "docs/bild.svg", "measures/a/x.py", "measures/a/bild.png",
        "partners/boese.yml", "docs", "unterprojekt", "::error::@alle`.sh",
    )
]  # fmt: skip


def test_files_that_run_are_marked_before_all_else(project: Path) -> None:
    content = [
        Change(path)
        for path in ("measures/kreis-lippe/schulung.md", "partners/others.yml", "docs/a/b.png", "editorial.yml")
    ]
    moved = Change("docs/neu.md", "umbenannt", "scripts/build")
    text = check(project, [*RUNNING, *content, moved])
    head, rest = text.split("\n## Prüfung: ")
    assert head.startswith(f"{comment.MARKER}\n## Achtung: {len(RUNNING) + 1}\N{NO-BREAK SPACE}Dateien der Technik\n")
    assert "bevor jemand aus der Technik sie gelesen hat" in head
    assert len([line for line in head.splitlines() if line.startswith("- ")]) == len(RUNNING) + 1
    assert "- `docs/neu.md`, umbenannt, bisher `scripts/build`" in head
    for change in content:
        assert change.path not in head
    assert "scripts/build" not in rest
    assert all(is_harmless(line.removeprefix("- ")) for line in head.splitlines() if line.startswith("- "))
    assert matches("running.md", text)


def test_a_request_of_content_alone_is_not_marked(project: Path) -> None:
    assert "Achtung" not in check(project, [Change("measures/kreis-lippe/schulung.md"), Change("docs/a/b.png")])
    assert "Achtung" not in check(project, None)


def test_files_that_run_have_a_level_of_their_own() -> None:
    request = Check(
        Catalog(),
        [Problem("a.md", 1, "", "x")],
        [],
        [Change("docs/a.md"), Change("hooks/assemble.py"), Change("scripts/x")],
        URL,
    )
    cautions = comment.cautions(request)
    assert as_github(request.problems, [], cautions).startswith(
        "::warning file=hooks/assemble.py,line=1::Diese Datei läuft"
    )
    assert [entry["severity"] for entry in json.loads(as_gitlab(request.problems, [], cautions))] == [
        "critical", "critical", "major",
    ]  # fmt: skip


def test_errors_that_a_change_causes_elsewhere_are_shown(project: Path) -> None:
    (project / "partners/kreis-lippe.md").unlink()
    changes = [Change("partners/kreis-lippe.md", "gelöscht")]
    text = check(project, changes)
    assert "### Folgen in anderen Dateien" in text
    assert "Zum Ordner `kreis-lippe` gibt es keinen Partner." in text
    assert "### In Ordnung" not in text.split("### Folgen")[0]
    assert matches("consequences.md", text)


def test_a_whole_project_can_be_commented_on(project: Path) -> None:
    assert "Datensätze geprüft und in Ordnung" in check(project, None)


def test_a_comment_never_grows_beyond_what_a_forge_takes() -> None:
    many = [Problem(f"measures/{'x' * 200}/{n}.md", n, "`" * 300, "wort `a " * 900, "@b " * 900) for n in range(2000)]
    changes = [Change(f"measures/a/{'`' * 200}{n}.md") for n in range(2000)]
    text = comment.comment(Check(Catalog(), many, many, changes, URL))
    assert len(text) < comment.LONGEST + 100
    assert text.endswith("hier abgeschnitten.\n")
    assert all(is_harmless(line.lstrip("- ")) for line in text.splitlines() if line.lstrip().startswith("- "))
    few = comment.comment(Check(Catalog(), [Problem(f"a/{n}.md", n, "", "x") for n in range(99)], [], None, URL))
    assert "- und 59 weitere" in few


def test_changed_files_as_git_names_them() -> None:
    output = "M\0a b.md\0R087\0alt\n.md\0neu.md\0D\0weg.md\0A\0;rm -rf.md\0C100\0x.md\0y.md\0"
    assert comment.changes_since(output) == [
        Change(";rm -rf.md", "neu"),
        Change("a b.md", "geändert"),
        Change("neu.md", "umbenannt", "alt\n.md"),
        Change("weg.md", "gelöscht"),
        Change("y.md", "neu"),
    ]
    with pytest.raises(ValueError, match="fehlt der Dateiname"):
        comment.changes_since("R100\0nur-einer.md\0")


def test_a_failed_build_is_explained() -> None:
    log = "INFO    -  Cleaning\nWARNING -  Doc file 'a.md' contains a link '@x', but\nWARNING -  Doc file 'a.md' contains a link '@x', but\n"
    warnings = comment.warnings_in(log)
    text = comment.comment(Check(Catalog(), [], [], [], URL, warnings))
    assert "## Prüfung: 1 Fehler" in text
    assert "- `Doc file 'a.md' contains a link '@x', but`" in text
    assert comment.warnings_in("Killed\n") == ["Der Bau brach ab, ohne einen Grund zu nennen."]


def test_hints_have_their_own_level() -> None:
    error, hint = Problem("a.md", 1, "", "falsch."), Problem("b.md", 2, "", "seltsam.")
    assert as_github([error], [hint]) == "::error file=a.md,line=1::falsch.\n::notice file=b.md,line=2::seltsam.\n"
    assert [entry["severity"] for entry in json.loads(as_gitlab([error], [hint]))] == ["major", "info"]


def test_the_same_said_twice_in_a_file_is_two_entries() -> None:
    """GitLab drops all but one entry of a fingerprint."""
    report = json.loads(as_gitlab([Problem("a.md", 1, "", "x"), Problem("a.md", 9, "", "x")]))
    assert len({entry["fingerprint"] for entry in report}) == 2


def test_file_names_that_are_no_text_break_no_format() -> None:
    """A name that is no UTF-8 reaches Python as lone surrogates, which cannot be written."""
    problem = Problem("a\udcff\n::error::x.md", 1, "", "x\n::error::y")
    for text in (as_text([problem]), as_github([problem]), as_gitlab([problem])):
        assert text.encode()
        assert "\n::" not in text


# --- scripts/validate.py in a repository -----------------------------------------------------------------------------


@pytest.fixture
def repository(full_project: Path) -> Path:
    """The small project with the scripts, as a git repository with one commit."""
    shutil.copytree(ROOT / "scripts", full_project / "scripts")
    shutil.copy(ROOT / "requirements.txt", full_project)
    (full_project / ".gitignore").write_text("/.venv\n/site/\n/.cache/\n__pycache__/\n")
    (full_project / ".venv").symlink_to(sys.prefix)
    git(full_project, "init", "-q", "-b", "main")
    commit(full_project)
    return full_project


def git(root: Path, *command: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *command], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "--no-verify", "-m", "Stand")


def run(root: Path, *command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=root, input=given, capture_output=True, check=False, env=environment)


def validate(root: Path, *options: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return run(root, sys.executable, "scripts/validate.py", *options, given=given)


def test_only_what_a_request_changes_is_commented_on(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "vorschlag")
    (repository / "measures/kreis-lippe/schulung.md").rename(repository / "measures/kreis-lippe/kurs-2.md")
    commit(repository)
    text = validate(repository, "--since", "main", "--format", "markdown").stdout.decode()
    assert "Maßnahme, umbenannt: Schulung der Beschäftigten" in text
    assert "bisher `measures/kreis-lippe/schulung.md`" in text
    assert "sprachmittlung.md" not in text

    (repository / "docs/netzwerke/vielfalt.md").unlink()
    (repository / "partners/`@user`.md").write_text("---\ntitle: x\n---\n")
    result = validate(repository, "--since", "main", "--format", "markdown")
    text = result.stdout.decode()
    assert result.returncode == 1
    assert "``partners/`@user`.md``" in text
    assert "`vielfalt` gibt es nicht." in text.split("### Folgen in anderen Dateien")[1]
    assert "kurs-2.md" in text.split("### Noch nicht zu sehen")[1]  # its partner refers to what is gone


def test_main_may_move_on_while_a_request_waits(repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "vorschlag")
    git(repository, "switch", "-q", "main")
    (repository / "partners/others.yml").write_text((repository / "partners/others.yml").read_text() + "\n")
    commit(repository)
    git(repository, "switch", "-q", "vorschlag")
    (repository / "partners/kreis-lippe.md").write_text((repository / "partners/kreis-lippe.md").read_text() + "\n")
    commit(repository)
    for _ in ("as it was proposed", "merged, as GitHub checks it"):
        told = validate(repository, "--since", "main", "--format", "markdown").stdout
        assert b"partners/kreis-lippe.md" in told
        assert b"others.yml" not in told
        git(repository, "merge", "-q", "--no-edit", "main")


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["gibt-es-nicht", "--output=x", "-h", ""])
def test_a_revision_that_is_none_is_refused(repository: Path, revision: str) -> None:
    result = validate(repository, f"--since={revision}")
    assert result.returncode == 1
    assert "keinen gemeinsamen Anfang" in result.stderr.decode()
    assert not (repository / "x").exists()


@pytest.mark.slow
def test_paths_may_be_handed_in(repository: Path) -> None:
    paths = b"measures/kreis-lippe/schulung.md\0measures/kreis-lippe/fehlt.md\0"
    for given in (paths, paths.replace(b"\0", b"\n")):
        text = validate(repository, "--changed", "-", "--format", "markdown", given=given).stdout.decode()
        assert "Maßnahme, geändert" in text
        assert "`measures/kreis-lippe/fehlt.md`, gelöscht" in text


@pytest.mark.slow
def test_a_file_name_that_is_no_text_is_named(repository: Path) -> None:
    (Path(os.fsdecode(os.fsencode(repository) + b"/partners/b\xf6se.md"))).write_text("---\ntitle: x\n---\n")
    for form in ("text", "github", "gitlab", "markdown"):
        result = validate(repository, "--since", "main", "--format", form)
        assert result.returncode == 1, result.stderr
        assert b"udcf6se.md" in result.stdout


@pytest.mark.slow
def test_a_review_answers_in_one_file(repository: Path) -> None:
    """What the workflows call: a request that is right, one whose text names a heading that is not there, and one that is wrong."""
    git(repository, "switch", "-q", "-c", "vorschlag")
    path = repository / "measures/kreis-lippe/schulung.md"
    good = path.read_text()
    path.write_text(good.replace("status: ausgefallen", "status: laufend"))
    result = run(repository, "scripts/review", "main", ".cache/antwort", "github")
    answer = (repository / ".cache/antwort/pruefung.md").read_text()
    assert result.returncode == 0, result.stderr.decode()
    assert "::notice file=measures/kreis-lippe/schulung.md" in result.stdout.decode()
    assert "alles in Ordnung" in answer
    assert ": ausgefallen → laufend" in answer.split("### Was sich auf der Website ändert")[1]
    assert (repository / "site/index.html").exists()
    assert answer.endswith("nach dem Entpacken zeigt sie `python3 -m http.server`.\n")

    path.write_text(good + "\n[Sackgasse](sprachmittlung.md#gibt-es-nicht)\n")
    result = run(repository, "scripts/review", "main", ".cache/antwort", "gitlab")
    answer = (repository / ".cache/antwort/pruefung.md").read_text()
    assert result.returncode == 1
    assert json.loads((repository / ".cache/antwort/codequality.json").read_text())[0]["severity"] == "info"
    assert "### Die Website lässt sich nicht bauen" in answer
    assert "sprachmittlung.md#gibt-es-nicht" in answer
    assert "alles in Ordnung" not in answer

    path.write_text(good.replace("status: ausgefallen", "status: abgesagt"))
    result = run(repository, "scripts/review", "main", ".cache/antwort", "github")
    assert result.returncode == 1
    assert result.stdout.startswith(b"::error file=measures/kreis-lippe/schulung.md,line=5::status (Status)")
    assert "## Prüfung: 1 Fehler" in (repository / ".cache/antwort/pruefung.md").read_text()


def test_what_a_script_makes_of_the_records_needs_no_reader(repository: Path) -> None:
    """A new partner comes with new forms of the forges; forms that say anything else are marked."""
    form = repository / ".gitlab/issue_templates/Massnahme.md"
    run(repository, sys.executable, "scripts/issue_forms.py")
    commit(repository)
    git(repository, "switch", "-q", "-c", "vorschlag")
    written = form.read_text()
    form.write_text(written + "\n")
    commit(repository)
    marked = validate(repository, "--since", "main", "--format", "github")
    assert marked.returncode == 0
    assert marked.stdout.startswith(b"::warning file=.gitlab/issue_templates/Massnahme.md,line=1::Diese Datei l")
    git(repository, "switch", "-q", "main")
    form.write_text(written + "\n")
    commit(repository)
    git(repository, "switch", "-q", "-c", "zweiter")
    form.write_text(written)
    commit(repository)
    text = validate(repository, "--since", "main", "--format", "markdown").stdout.decode()
    assert "Achtung" not in text

"""When records came and changed: real repositories of git, made for each case."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from catalog import history, rules, views
from catalog.history import Change
from catalog.site import Site, read_site
from conftest import BASE, EXTRA, ROOT

RECORD = "measures/kreis-lippe/schulung.md"
TEXT = "\n".join(f"Zeile {number}" for number in range(20))


class Repository:
    """A repository in which day 1 is 1 January 2020, at noon."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *command: str, day: int = 1, zone: str = "+0000") -> str:
        moment = f"{noon(day):%Y-%m-%dT%H:%M:%S}{zone}"
        names = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        dates = {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
        # The settings of whoever runs the test must not count.
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        environment = os.environ | names | dates | alone
        result = subprocess.run(
            ["git", *command], cwd=self.root, env=environment, capture_output=True, text=True, check=True
        )
        return result.stdout.strip()

    def write(self, path: str, text: str = TEXT) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def commit(self, day: int, zone: str = "+0000") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x", day=day, zone=zone)
        return self.git("rev-parse", "HEAD")

    @property
    def history(self) -> history.History:
        return history.of(self.root)


def noon(day: int) -> datetime.datetime:
    return datetime.datetime(2020, 1, 1, 12, tzinfo=datetime.UTC) + datetime.timedelta(days=day - 1)


def days(added: int, changed: int) -> Change:
    return Change(noon(added), noon(changed))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_first_and_last_commit_count_in_utc(repository: Repository) -> None:
    repository.write(RECORD)
    repository.commit(1, zone="+0200")
    repository.commit(2)
    repository.write(RECORD, f"{TEXT}\nneu")
    repository.commit(3)
    first = noon(1) - datetime.timedelta(hours=2)
    assert repository.history == {RECORD: Change(first, noon(3))}


def test_what_is_not_committed_has_no_date(repository: Repository) -> None:
    repository.write(RECORD)
    repository.commit(1)
    repository.write(RECORD, "geändert")
    repository.write("partners/neu.md")
    assert repository.history == {RECORD: days(1, 1)}


def test_a_renamed_file_keeps_its_first_date(repository: Repository) -> None:
    repository.write("measures/kreis-lippe/alt.md")
    repository.commit(1)
    repository.git("mv", "measures/kreis-lippe/alt.md", RECORD)
    repository.write(RECORD, f"{TEXT}\nneu")
    repository.commit(2)
    repository.write("measures/kreis-lippe/alt.md", "ganz etwas anderes")
    repository.commit(3)
    assert repository.history == {RECORD: days(1, 2), "measures/kreis-lippe/alt.md": days(3, 3)}


def test_a_file_that_comes_back_keeps_its_first_date(repository: Repository) -> None:
    repository.write(RECORD)
    repository.commit(1)
    (repository.root / RECORD).unlink()
    repository.commit(2)
    repository.write(RECORD, "wieder da")
    repository.commit(3)
    assert repository.history == {RECORD: days(1, 3)}


def test_commits_that_only_reformat_do_not_count(repository: Repository) -> None:
    repository.write("partners/alt.md")
    first = repository.commit(1)
    repository.write("partners/alt.md", TEXT.upper())
    reformatted = repository.commit(2)
    repository.git("mv", "partners/alt.md", "partners/neu.md")
    moved = repository.commit(3)
    assert repository.history == {"partners/neu.md": days(1, 3)}
    repository.write(history.IGNORED, f"# Zeilenlängen\n{reformatted} # alle\n\n{moved}\nabc\n{first}\n")
    assert repository.history == {"partners/neu.md": days(1, 1)}


def test_branches_are_followed_and_merges_count_where_they_change_something(repository: Repository) -> None:
    for name in ("a", "b", "c"):
        repository.write(f"partners/{name}.md")
    repository.commit(1)
    repository.git("checkout", "--quiet", "-b", "zweig")
    repository.write("partners/a.md", f"{TEXT}\nim Zweig")
    repository.write("partners/b.md", f"{TEXT}\nim Zweig")
    repository.commit(2)
    repository.git("checkout", "--quiet", "main")
    repository.write("partners/b.md", f"auf main\n{TEXT}")
    repository.commit(3)
    repository.git("merge", "--quiet", "--no-edit", "zweig", day=4)
    # Of b both sides are in the merge, which is a text of its own; of a only one.
    expected = {"partners/a.md": days(1, 2), "partners/b.md": days(1, 4), "partners/c.md": days(1, 1)}
    assert repository.history == expected


def test_a_rename_in_a_branch_is_followed(repository: Repository) -> None:
    repository.write("partners/alt.md")
    repository.commit(1)
    repository.git("checkout", "--quiet", "-b", "zweig")
    repository.git("mv", "partners/alt.md", "partners/neu.md")
    repository.commit(2)
    repository.git("checkout", "--quiet", "main")
    repository.write("partners/alt.md", f"{TEXT}\nauf main")
    repository.commit(3)
    repository.git("merge", "--quiet", "--no-edit", "zweig", day=4)
    assert repository.history["partners/neu.md"] == days(1, 4)


def test_clocks_that_differ_do_not_turn_time_back(repository: Repository) -> None:
    repository.write(RECORD)
    repository.commit(5)
    repository.write(RECORD, "neu")
    repository.commit(3)
    assert repository.history == {RECORD: days(3, 5)}


def test_names_may_hold_anything(repository: Repository) -> None:
    for name in ("commit abc 1", "M", "Straße und Übung", "zwei\nZeilen", "R100"):
        repository.write(f"docs/{name}", name * 9)
    repository.commit(1)
    assert set(repository.history) == {f"docs/{path.name}" for path in repository.root.glob("docs/*")}
    assert len(repository.history) == 5


def test_a_commit_may_say_any_date(repository: Repository) -> None:
    repository.write(RECORD)
    repository.commit(1)
    repository.write(RECORD, "neu")
    repository.git("add", "--all")
    tree, parent = repository.git("write-tree"), repository.git("rev-parse", "HEAD")
    raw = f"tree {tree}\nparent {parent}\nauthor x <x> 1 +0000\ncommitter x <x> 99999999999999 +0000\n\nx\n"
    (repository.root / "raw").write_text(raw)
    odd = repository.git("hash-object", "-t", "commit", "-w", "--literally", "raw")
    repository.git("update-ref", "refs/heads/main", odd)
    assert repository.history == {RECORD: days(1, 1)}


def test_a_project_below_the_top_of_its_repository(repository: Repository) -> None:
    repository.write(f"wissen/{RECORD}")
    repository.write("measures/fremd.md")
    repository.commit(1)
    assert history.of(repository.root / "wissen") == {RECORD: days(1, 1)}


def test_a_shallow_clone_tells_nothing(repository: Repository, tmp_path: Path) -> None:
    """Else everything would seem to have come on the day of the last commit."""
    repository.write(RECORD)
    repository.commit(1)
    repository.write("partners/neu.md")
    repository.commit(2)
    for name, options in (("flach", ("--depth=1",)), ("ganz", ())):
        repository.git("clone", "--quiet", *options, f"file://{repository.root}", str(tmp_path / name))
    assert history.of(tmp_path / "flach") == {}
    assert history.of(tmp_path / "ganz") == repository.history != {}


def test_without_git_or_repository_or_commit_nothing_is_known(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository.history == {}
    (tmp_path / "leer").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert history.of(tmp_path / "leer") == {}
    repository.write(RECORD)
    repository.commit(1)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository.history == {}


def test_records_of_one_file_share_its_dates(tmp_path: Path) -> None:
    repository = Repository(Path(shutil.copytree(BASE, tmp_path / "project")))
    repository.commit(1)
    catalog, problems = rules.load(repository.root, views.PAGE_VIEWS)
    assert problems == []
    settings = {"site_name": "Wissensbasis", "repo_url": "https://git.example.org/", "extra": EXTRA}
    site = read_site(settings, catalog, history=repository.history)
    others = list(catalog.of("other").values())
    assert others
    for record in catalog:
        assert site.changes(record) == days(1, 1)


def test_without_history_a_record_has_its_own_dates(small_site: Site) -> None:
    """From the documents it rests on to its last check; an entry of others.yml says nothing."""
    catalog = small_site.catalog
    measure = catalog.of("measure")["kreis-lippe/schulung"]
    source = next(iter(catalog.of("source").values()))
    other = next(iter(catalog.of("other").values()))
    assert small_site.history == {}
    own = small_site.changes(measure.model_copy(update={"checked": "2030-05-06"}))
    assert own
    assert own.changed == datetime.datetime(2030, 5, 6, tzinfo=datetime.UTC)
    assert own.added < own.changed
    document = small_site.changes(source)
    assert document
    assert document.added == document.changed
    assert small_site.changes(other) is None


def test_history_wins_over_own_dates(small_site: Site) -> None:
    measure = small_site.catalog.of("measure")["kreis-lippe/schulung"]
    assert replace(small_site, history={measure.path: days(1, 2)}).changes(measure) == days(1, 2)


def test_what_publishes_has_the_whole_history() -> None:
    """With the last commit alone no date would be known."""
    github = yaml.safe_load((ROOT / ".github/workflows/seite.yml").read_text())
    (checkout,) = (s for s in github["jobs"]["seite"]["steps"] if "/checkout@" in s.get("uses", ""))
    assert checkout["with"]["fetch-depth"] == 0
    gitlab = yaml.safe_load((ROOT / ".gitlab/ci/seite.yml").read_text())
    assert gitlab["pages"]["variables"] == {"GIT_DEPTH": 0}

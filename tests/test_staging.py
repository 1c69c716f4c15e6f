"""The exchange of the published folder, in every state that a disk can be in."""

from __future__ import annotations

import ctypes
import errno
from pathlib import Path

import pytest

from catalog import staging
from catalog.problems import SiteError
from catalog.staging import Staging


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A published site."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("alt")
    return folder


def grown(target: Path, text: str = "neu") -> Staging:
    made = Staging.beside(target)
    (made.folder / "index.html").write_text(text)
    return made


def shown(target: Path) -> str:
    return (target / "index.html").read_text()


def beside(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir()]


def test_the_new_site_takes_the_place_of_the_last_one(target: Path) -> None:
    made = grown(target)
    assert shown(target) == "alt"
    made.publish()
    assert shown(target) == "neu"
    assert beside(target) == ["site"]


def test_the_first_site_has_nothing_to_replace(tmp_path: Path) -> None:
    grown(tmp_path / "tief/er/site").publish()
    assert shown(tmp_path / "tief/er/site") == "neu"


def test_a_discarded_site_leaves_nothing(target: Path) -> None:
    grown(target).discard()
    assert shown(target) == "alt"
    assert beside(target) == ["site"]


def test_a_link_to_the_published_folder_stays(target: Path, tmp_path: Path) -> None:
    link = tmp_path / "www"
    link.symlink_to(target)
    grown(link).publish()
    assert link.is_symlink()
    assert shown(target) == "neu"


def test_leftovers_of_killed_builds_go_and_those_of_living_ones_stay(target: Path) -> None:
    killed = target.with_name(".site.new-12345678")
    killed.mkdir()
    living = grown(target, "lebt")
    assert not killed.exists()
    other = grown(target, "auch")
    assert living.folder.exists()
    living.publish()
    other.publish()
    assert shown(target) == "auch"
    assert beside(target) == ["site"]


def test_folders_without_write_permission_are_replaced_and_removed(target: Path) -> None:
    target.chmod(0o555)
    grown(target).publish()
    assert shown(target) == "neu"
    assert beside(target) == ["site"]


class Library:
    """A C library whose exchange fails with ``code``."""

    def __init__(self, code: int) -> None:
        self.code = code

    def renameat2(self, *_: object) -> int:
        ctypes.set_errno(self.code)
        return -1

    renameatx_np = renameat2


def test_without_an_exchange_two_steps_do(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on network drives."""
    monkeypatch.setattr(staging.ctypes, "CDLL", lambda *_, **__: Library(errno.EINVAL))
    grown(target).publish()
    assert shown(target) == "neu"
    assert beside(target) == ["site"]


def test_what_the_system_refuses_is_told_and_changes_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging.ctypes, "CDLL", lambda *_, **__: Library(errno.EBUSY))
    made = grown(target)
    with pytest.raises(SiteError, match=r"site lässt sich nicht ersetzen: .*\. Was dort steht, bleibt"):
        made.publish()
    made.discard()
    assert shown(target) == "alt"
    assert beside(target) == ["site"]


def test_a_site_put_aside_when_its_build_was_killed_comes_back(target: Path) -> None:
    target.rename(target.with_name(".site.last"))
    grown(target).discard()
    assert shown(target) == "alt"
    assert beside(target) == ["site"]


def test_a_last_site_that_was_replaced_goes(target: Path) -> None:
    target.with_name(".site.last").mkdir()
    grown(target).discard()
    assert beside(target) == ["site"]


def test_where_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("")
    with pytest.raises(
        SiteError, match=r"Neben .*datei/site lässt sich kein Ordner anlegen: .* Bitte in .* Schreibrechte"
    ):
        Staging.beside(tmp_path / "datei/site")


def test_a_site_that_another_build_publishes_first_is_exchanged(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the question whether there is a site and the renaming, another build may have published one."""
    made = grown(target)
    answers = iter([False])
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: next(answers, exists(self)) if self == target else exists(self))
    made.publish()
    assert shown(target) == "neu"

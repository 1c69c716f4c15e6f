"""From a harvest to a request: scripts/harvest.py --forge, between a neighbour and a forge that both speak HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import BASE
from neighbours import ALL, INDEX, MEASURES, Server, server
from test_proposing import Forge, small, start  # noqa: F401  (fixtures)

pytestmark = pytest.mark.slow

START = Callable[[str], Forge]
WHO = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
OPENED = "Vorgeschlagen: https://forge.example/1\n"
SAME = "nachbar: unverändert, sagt der Server. Stand: "


@pytest.fixture
def other() -> Iterator[Server]:
    with server(BASE) as running:
        yield running


@pytest.fixture
def begin(start: START, small: Path, other: Server) -> START:  # noqa: F811
    """Starts a forge for a project that names a neighbour."""

    def begun(kind: str, federation: str = "federation: [{{id: nachbar, url: '{url}'}}]") -> Forge:
        file = small / "mkdocs.yml"
        named = f"\nextra:\n  {federation.format(url=other.url)}\n"
        file.write_text(file.read_text().replace("\nextra:\n", named, 1))
        forge = start(kind)
        forge.script = "harvest.py"
        return forge

    return begun


def merge(forge: Forge) -> None:
    """Take the request over, and fetch that, as the next run of a CI would."""
    forge.git("update-ref", "refs/heads/main", "verbund")
    forge.requests[-1]["open"] = False
    remote = f"file://{forge.home}/stelle/wissen.git"
    subprocess.run(("git", "fetch", "-q", remote, "main"), cwd=forge.clone, check=True)
    subprocess.run(("git", "reset", "-q", "--hard", "FETCH_HEAD"), cwd=forge.clone, check=True)
    subprocess.run(("git", "clean", "-q", "-d", "--force"), cwd=forge.clone, check=True)


def anew(forge: Forge) -> None:
    """The clone as a further run of a CI would have it."""
    subprocess.run(("git", "clean", "-q", "-d", "--force"), cwd=forge.clone, check=True)
    subprocess.run(("git", "checkout", "-q", "."), cwd=forge.clone, check=True)


@pytest.mark.parametrize("kind", ["github", "gitlab", "forgejo"])
def test_what_is_new_becomes_a_request(begin: START, other: Server, kind: str) -> None:
    """Opened, run again, renewed, taken over; then nothing, then what is gone."""
    forge = begin(kind)
    main = forge.git("rev-parse", "main")
    told = forge.run()
    assert told.startswith(f"nachbar: {ALL} neu, 0 geändert, 0 weggefallen, 0 wie zuvor.\n")
    assert told.endswith(OPENED)
    assert [(r["branch"], r["title"]) for r in forge.requests] == [("verbund", "Neuer Stand anderer Wissensbasen")]
    assert f"- nachbar: {ALL} neu, 0 geändert, 0 weggefallen, 0 wie zuvor." in forge.requests[0]["text"]
    changed = forge.git("diff", "--name-status", "main", "verbund").split("\n")
    assert len(changed) == ALL + 2
    assert all(line.startswith("A\tfederation/nachbar/") for line in changed)
    assert forge.git("log", "--format=%an: %s", "main..verbund") == (
        "Abruf anderer Wissensbasen: Neuer Stand anderer Wissensbasen"
    )
    assert (forge.git("rev-parse", "main"), forge.branches()) == (main, ["main", "verbund"])

    anew(forge)
    first = forge.git("rev-parse", "verbund")
    assert forge.run().endswith("Schon vorgeschlagen: https://forge.example/1\n")
    assert (forge.git("rev-parse", "verbund"), forge.changes) == (first, [])

    anew(forge)
    other.change(MEASURES, lambda data: data["items"][0].update(summary="Ganz anders."))
    assert forge.run().endswith(OPENED)
    assert (forge.git("rev-list", "--count", "main..verbund"), len(forge.requests)) == ("1", 1)

    merge(forge)
    assert forge.run().endswith("Nichts Neues vorzuschlagen.\n")
    other.change("/api/v1/networks.json", lambda data: data["items"].clear())
    assert forge.run().endswith("Vorgeschlagen: https://forge.example/2\n")
    assert "D\tfederation/nachbar/docs/netzwerke/vielfalt.md" in forge.git("diff", "--name-status", "main", "verbund")


def test_other_marks_of_a_server_are_no_reason(begin: START, other: Server) -> None:
    forge = begin("forgejo")
    forge.run()
    merge(forge)
    other.answers[MEASURES] = other.answers[MEASURES] + b"\n"  # type: ignore[operator]
    assert forge.run().endswith("Nichts Neues vorzuschlagen.\n")
    assert (forge.clone / "federation/nachbar/state.json").read_bytes() != forge.git(
        "show", "main:federation/nachbar/state.json"
    ).encode(), "noted all the same, where somebody runs it by hand"


def test_the_work_of_others_stays(begin: START, other: Server) -> None:
    forge = begin("github")
    forge.run()
    tree = forge.git("rev-parse", "verbund^{tree}")
    edited = forge.git(*WHO, "commit-tree", tree, "-p", "verbund", "-m", "Besser")
    forge.git("update-ref", "refs/heads/verbund", edited)
    anew(forge)
    other.change(MEASURES, lambda data: data["items"][0].update(summary="Ganz anders."))
    assert "Am Zweig verbund arbeitet schon jemand weiter; er bleibt, wie er ist: https" in forge.run()
    assert forge.git("rev-parse", "verbund") == edited


def test_what_strangers_write_commands_nobody(begin: START, other: Server) -> None:
    """Neither the log of the CI nor the forge."""
    forge = begin("github")
    evil = "##[error]::set-env name=x::@alle [x](https://evil.example/) <img src=x> #1"
    other.change(INDEX, lambda data: data.update(licence="https://evil.example/##[add-mask]x"))
    other.change(MEASURES, lambda data: data["items"][0].update(status={"key": evil}))
    told = forge.run()
    assert "1 passen nicht" in told
    assert "##[" not in told
    assert "::" not in told
    outside = "".join(forge.requests[0]["text"].split("`")[::2])
    assert not [markup for markup in ("](", "<img", "@alle", "##[", "https:", "#1") if markup in outside]


def test_a_site_that_fails_keeps_no_other_from_being_offered(begin: START, other: Server) -> None:
    with server() as gone:
        address = gone.url
    forge = begin("gitlab", f"federation: [{{{{id: weg, url: '{address}'}}}}, {{{{id: nachbar, url: '{{url}}'}}}}]")
    told = forge.run()
    assert "weg: nicht geholt. " in told
    assert OPENED in told
    assert "weg: nicht geholt." in forge.requests[0]["text"]


def test_without_a_neighbour_no_forge_is_asked(begin: START) -> None:
    forge = begin("github", "federation: []")
    forge.down = True
    assert forge.run() == "mkdocs.yml nennt unter extra.federation keine andere Wissensbasis.\n"
    assert forge.branches() == ["main"]


def test_a_forge_that_fails_is_named(begin: START) -> None:
    forge = begin("github")
    forge.down = True
    assert "Die Forge antwortet mit 500" in forge.run()

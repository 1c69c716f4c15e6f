"""Harvesting other sites: over real connections, from servers that are sound, broken, slow, huge and hostile."""

from __future__ import annotations

import contextlib
import copy
import functools
import http.server
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fetching
import neighbours
from catalog import export, federation, harvesting, store
from catalog.harvesting import Judge, Unfit
from catalog.model import KINDS
from catalog.problems import SiteError
from catalog.site import Site
from conftest import BASE, ROOT, complete, run_build
from fetching import Limits, Marks, TooSlow, fetch, within
from harvest import Task, harvest, write
from neighbours import ALL, INDEX, MEASURES, Server, project_at, send, server

Handler = http.server.BaseHTTPRequestHandler
MEASURE = "measures/kreis-lippe/schulung.md"
# What may be named without its folder in a file, and is named in full by the interface.
SIBLINGS = {"continues": "", "builds_on": ""}


@pytest.fixture
def other() -> Iterator[Server]:
    """A sound neighbour: the small project under another address."""
    with server(BASE) as running:
        yield running


@pytest.fixture
def task(project: Path, other: Server) -> Task:
    return neighbours.task(project, other.url)


def again(task: Task, **changes: Any) -> Task:
    """The same task after a harvest, as another call of the script would find it."""
    anew = neighbours.task(task.root, task.neighbour.url, task.limits, today="2026-12-24")
    return replace(anew, **changes)


def folders(task: Task) -> list[str]:
    """What lies in ``federation/``."""
    return sorted(path.name for path in task.folder.parent.iterdir())


def reasons(task: Task) -> dict[str, str]:
    """Id -> why it was put aside."""
    path = task.folder / "quarantine.json"
    items = json.loads(path.read_text())["items"] if path.exists() else []
    return {f"{item['kind']} {item['id']}": " ".join(item["reasons"]) for item in items}


def test_a_neighbour_is_harvested(task: Task, other: Server) -> None:
    well, lines = harvest(task)
    assert (well, lines) == (
        True,
        [
            f"nachbar: {ALL} neu, 0 geändert, 0 weggefallen, 0 wie zuvor.",
            "  Lizenz: https://creativecommons.org/licenses/by/4.0/deed.de",
        ],
    )
    after = again(task)
    there = other.url.removeprefix("http://").rstrip("/")
    assert (after.neighbour.name, after.neighbour.harvested) == (f"Wissen ({there})", "2026-11-21"), "as our own"
    site = neighbours.site_at(task.root, "https://example.org/", federation=neighbours.named(nachbar=other.url))
    assert [note for note in site.notes if "Verbund" in note] == []
    own, together = site.catalog, site.everything.catalog
    for kind in federation.KINDS_ABROAD:
        theirs = [record for record in together.of(kind).values() if record.site]
        assert [r.own_ref for r in theirs] == sorted(own.of(kind)), kind
        for record in theirs:
            twin = own.of(kind)[record.own_ref]
            assert record.text == twin.text
            assert record.origin_address == f"{other.url}{twin.page_address}"
            assert SIBLINGS | record.written | SIBLINGS == SIBLINGS | twin.written | SIBLINGS, record.ref


def test_all_real_records_come_over_unchanged(real_site: Site, tmp_path: Path) -> None:
    answers = {
        kind: [
            json.loads(json.dumps(export.item(real_site, r)), parse_int=str)
            for r in real_site.catalog.of(kind).values()
        ]
        for kind in federation.KINDS_ABROAD
    }
    found = Judge("nachbar", "https://example.org/", real_site.catalog).harvest(answers.items())
    assert found.refused == ()
    assert len(found.files) == sum(map(len, answers.values())) > 900
    folder = tmp_path / "federation/nachbar"
    write(folder, {**found.files, "neighbour.json": MANIFEST})
    snapshot = store.snapshot(tmp_path, "nachbar", real_site.catalog.vocabulary, real_site.catalog.of("category"))
    assert snapshot.problems == ()
    for kind, records in snapshot.records.items():
        for record in records.values():
            twin = real_site.catalog.of(kind)[record.own_ref]
            for key in type(record).model_fields:
                ours, theirs = (repr(getattr(r, key)).replace("nachbar:", "") for r in (twin, record))
                assert ours == theirs or key in SIBLINGS, (record.ref, key)


MANIFEST = b"""{"url": "https://example.org/", "title": "N", "licence": "https://a.de/", "harvested": "2026-11-01"}"""


def test_new_changed_and_gone_are_told(task: Task, other: Server) -> None:
    harvest(task)
    root = project_at(task.root.parent / "anders")
    place = root / MEASURE
    shutil.copy(place, place.with_name("neu.md"))
    text = place.read_text().replace("aliases: [massnahmen/kreis-lippe/alte-schulung]\n", "")
    place.with_name("neu.md").write_text(text)
    place.write_text(place.read_text().replace("fiel 2020 aus", "fiel aus"))
    other.publish(root)
    other.change("/api/v1/others.json", lambda data: data["items"].clear())
    other.change(INDEX, lambda data: data.update(licence="https://creativecommons.org/publicdomain/zero/1.0/"))
    before = (task.folder / MEASURE).read_text()
    dry = harvest(again(task), check=True)
    assert (task.folder / MEASURE).read_text() == before
    well, lines = harvest(again(task))
    assert dry == (well, lines)
    assert well
    assert lines[0].startswith("nachbar: 1 neu, ")
    assert " 1 weggefallen, " in lines[0]
    assert lines[1] == "  weggefallen: partners/others/universitaet-bielefeld.md"
    assert lines[2] == (
        "  Lizenz: https://creativecommons.org/publicdomain/zero/1.0/ "
        "(bisher https://creativecommons.org/licenses/by/4.0/deed.de)"
    )
    assert "fiel aus" in (task.folder / MEASURE).read_text()
    assert not (task.folder / "partners/others/universitaet-bielefeld.md").exists()
    assert again(task).neighbour.harvested == "2026-12-24"


def test_a_second_harvest_changes_no_byte(task: Task, other: Server) -> None:
    harvest(task)
    kept = task.kept()
    (task.folder / "state.json").unlink()
    assert harvest(again(task)) == (True, [f"nachbar: 0 neu, 0 geändert, 0 weggefallen, {ALL} wie zuvor."])
    assert task.kept() == kept
    assert folders(task) == ["nachbar"]


def test_what_has_not_changed_is_not_sent_again(task: Task, other: Server) -> None:
    harvest(task)
    kept = task.kept()
    other.asked.clear()
    assert harvest(again(task)) == (True, ["nachbar: unverändert, sagt der Server. Stand: 2026-11-21."])
    assert {status for _, status in other.asked} == {304}
    assert len(other.asked) == 1 + len(federation.KINDS_ABROAD)
    assert task.kept() == kept


def test_if_one_file_has_changed_all_are_fetched(task: Task, other: Server) -> None:
    harvest(task)
    other.change("/api/v1/partners.json", lambda data: data["items"].clear())
    other.asked.clear()
    well, lines = harvest(again(task))
    assert well
    assert "weggefallen" in lines[0]
    assert set(reasons(task)) == {"measure kreis-lippe/schulung", "measure kreis-lippe/sprachmittlung"}
    assert reasons(task)["measure kreis-lippe/schulung"] == "Zur Maßnahme fehlt der Partner „kreis-lippe“."
    assert (MEASURES, 200) in other.asked


def test_when_our_own_lists_change_everything_is_judged_anew(task: Task, other: Server) -> None:
    def unknown(data: Any) -> None:
        data["items"][0]["formats"] = [{"key": "ganz-neu", "label": "Ganz neu"}]

    other.change(MEASURES, unknown)
    harvest(task)
    assert "„ganz-neu“ ist nicht erlaubt" in reasons(task)["measure kreis-lippe/schulung"]
    words = task.root / "vocabulary.yml"
    entry = "formats:\n  ganz-neu: {label: Ganz neu, definition: Noch nie dagewesen.}\n"
    words.write_text(words.read_text().replace("formats:\n", entry, 1))
    assert harvest(again(task))[1][0] == f"nachbar: 1 neu, 0 geändert, 0 weggefallen, {ALL - 1} wie zuvor."
    assert reasons(task) == {}


def test_a_site_that_has_moved_is_fetched_from_its_new_address(task: Task, other: Server) -> None:
    harvest(task)
    with server(BASE) as moved:
        other.asked.clear()
        well, lines = harvest(neighbours.task(task.root, moved.url, today="2026-12-24"))
        assert (well, lines[0]) == (True, f"nachbar: 0 neu, 0 geändert, 0 weggefallen, {ALL} wie zuvor.")
        assert other.asked == []
        assert (
            again(replace(task, neighbour=replace(task.neighbour, url=moved.url))).neighbour.harvested == "2026-12-24"
        )


@pytest.mark.parametrize("state", [b"{", b"[]", b'{"marks": 5}', b'{"marks": {"x": {"y": 1}}}', b"\xff"])
def test_a_broken_state_means_fetching_everything(task: Task, other: Server, state: bytes) -> None:
    harvest(task)
    (task.folder / "state.json").write_bytes(state)
    other.asked.clear()
    assert harvest(again(task)) == (True, [f"nachbar: 0 neu, 0 geändert, 0 weggefallen, {ALL} wie zuvor."])
    assert {status for _, status in other.asked} == {200}


def test_what_was_changed_by_hand_is_fetched_anew(task: Task, other: Server) -> None:
    harvest(task)
    kept = task.kept()
    (task.folder / MEASURE).write_text(kept[MEASURE].decode().replace("fiel 2020 aus", "gelang"))
    (task.folder / "docs/netzwerke/vielfalt.md").unlink()
    assert harvest(again(task))[1] == [f"nachbar: 1 neu, 1 geändert, 0 weggefallen, {ALL - 2} wie zuvor."]
    changed = {path for path, content in task.kept().items() if content != kept.get(path)}
    assert changed == {"neighbour.json", "state.json"}, "the day of the change and what follows from it"


def test_a_state_sends_nobody_elsewhere(task: Task, other: Server) -> None:
    """Whoever can propose a change of the project could else have any address asked from inside."""
    harvest(task)
    with server() as elsewhere:
        state = json.loads((task.folder / "state.json").read_text())
        state["marks"] = {f"{elsewhere.url}secret.json": {"etag": '"x"', "last_modified": ""}}
        (task.folder / "state.json").write_text(json.dumps(state))
        elsewhere.answers["/secret.json"] = b"{}"
        assert harvest(again(task))[0]
        assert elsewhere.asked == []


def test_that_most_of_a_site_is_gone_is_told(task: Task, other: Server) -> None:
    harvest(task)
    for path in list(other.answers):
        if path.startswith("/api/v1/") and path not in (INDEX, "/api/v1/networks.json"):
            with contextlib.suppress(KeyError, TypeError, AssertionError):
                other.change(path, lambda data: data["items"].clear())
    well, lines = harvest(again(task))
    assert well
    assert lines[0] == f"nachbar: 0 neu, 0 geändert, {ALL - 1} weggefallen, 1 wie zuvor."
    assert lines[1].startswith("  Achtung: Mehr als die Hälfte ist weggefallen.")
    assert lines[2].startswith("  weggefallen: docs/")
    assert lines[2].count(".md") == min(ALL - 1, 10)


def test_a_newer_minor_version_is_read_as_far_as_we_know_it(task: Task, other: Server) -> None:
    def newer(data: Any) -> None:
        data["schema_version"] = "1.7"
        for item in data.get("items", []):
            item |= {"zukunft": [{"a": [1, 2, {"b": None}]}], "noch": "etwas"}
            for evidence in item.get("sources", []):
                evidence["seite_neu"] = 3
        if "files" in data:
            data["files"].append({"kind": "zukunft", "url": "https://anderswo.example/x.json"})
            data["files"].append("was das ist, weiß hier keiner")

    harvest(task)
    kept = task.kept()
    for path in list(other.answers):
        if "schema" not in path and "vocabulary" not in path and path.startswith("/api/v1/"):
            other.change(path, newer)
    assert harvest(again(task))[1] == [f"nachbar: 0 neu, 0 geändert, 0 weggefallen, {ALL} wie zuvor."]
    assert {p: c for p, c in task.kept().items() if p != "state.json"} == {
        p: c for p, c in kept.items() if p != "state.json"
    }


def test_an_older_site_lacks_kinds(task: Task, other: Server) -> None:
    def older(data: Any) -> None:
        data["files"] = [f for f in data["files"] if f["kind"] not in ("lesson", "decision", "indicator")]

    other.change(INDEX, older)
    assert harvest(task)[1][0].startswith(f"nachbar: {ALL - 1} neu")


# What goes wrong as a whole ------------------------------------------------------------------------------------------


def redirect(to: str) -> Callable[[Handler], None]:
    return lambda handler: send(handler, b"", 302, Location=to)


def drip(handler: Handler) -> None:
    """One byte after the other, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(1_000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
    for _ in range(1_000):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: Handler) -> None:
    time.sleep(2)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    while True:
        handler.wfile.write(b"[" * 65_536)


def cut_off(handler: Handler) -> None:
    send(handler, b"{", Content_Length="100")


def hang_up(handler: Handler) -> None:
    handler.wfile.write(b"garbage\r\n\r\n")


def as_file(handler: Handler, content: bytes, **headers: str) -> None:
    send(handler, content, **headers)


MILLION = b'{"schema_version": "1.0", "total": 1000000, "items": [' + b"{}," * 999_999 + b"{}]}"
BROKEN: dict[str, tuple[str, bytes | Callable[[Handler], None], str]] = {
    "deep-total": (MEASURES, b'{"schema_version": "1.0", "items": [], "total": ' + b"[" * 900 + b"]" * 900 + b"}", "total"),
    "no-json": (MEASURES, b"{'a': 1}", "Die Antwort ist kein JSON"),
    "nan": (MEASURES, b'{"schema_version": "1.0", "total": NaN}', "NaN ist keine Zahl"),
    "no-utf8": (MEASURES, b'"\xff"', "Die Antwort ist kein JSON"),
    "empty": (MEASURES, b"", "Die Antwort ist kein JSON"),
    "a-list": (MEASURES, b"[]", "Die Antwort nennt keine schema_version."),
    "no-items": (MEASURES, b'{"schema_version": "1.0", "total": 0}', "Die Datei enthält keine Liste items."),
    "half": (MEASURES, b'{"schema_version": "1.0", "total": 5, "items": []}', "Die Zahl total stimmt nicht"),
    "major": (MEASURES, b'{"schema_version": "2.0", "total": 0, "items": []}', "Die Daten haben die Fassung 2.0"),
    "index-major": (INDEX, b'{"schema_version": "2.0", "files": []}', "Die Daten haben die Fassung 2.0"),
    "no-version": (INDEX, b'{"schema_version": null}', "Die Antwort nennt keine schema_version."),
    "no-files": (INDEX, b'{"schema_version": "1.0"}', "Das Verzeichnis nennt keine Dateien."),
    "few-files": (INDEX, b'{"schema_version": "1.0", "files": []}', "keine Datei für measure, partner."),
    "deep": (MEASURES, b"[" * 100_000, "zu tief verschachtelt"),
    "values": (MEASURES, b"[0" + b",0" * 3_000_000 + b"]", "mehr als 3000000 Werte"),
    "million": (MEASURES, MILLION, "Datensätze; erlaubt sind 20000"),
    "long-number": (MEASURES, b'{"schema_version": ' + b"9" * 100_000 + b"}", "Die Daten haben die Fassung 99999999999999999999;"),
    "500": (MEASURES, lambda handler: handler.send_error(500), "Der Server antwortet mit 500."),
    "404": (INDEX, lambda handler: handler.send_error(404), "Der Server antwortet mit 404."),
    "304": (MEASURES, lambda handler: send(handler, b"", 304), "Der Server antwortet mit 304."),
    "html": (MEASURES, functools.partial(as_file, content=b"<p>", Content_Type="text/html"), "Das ist kein JSON, sondern text/html."),
    "gzip": (MEASURES, functools.partial(as_file, content=b"\x1f\x8b", Content_Encoding="gzip"), "schickt die Datei gepackt"),
    "endless": (MEASURES, endless, "Die Datei ist größer als"),
    "cut-off": (MEASURES, cut_off, "Die Verbindung brach ab; es fehlen 99 Bytes."),
    "hang-up": (MEASURES, hang_up, "Der Server ist nicht erreichbar"),
    "to-a-file": (MEASURES, redirect("file:///etc/passwd"), "leitet auf einen anderen weiter (file:///etc/passwd)"),
    "elsewhere": (MEASURES, redirect("http://127.0.0.2:9/x.json"), "leitet auf einen anderen weiter (http://127.0.0.2:9/x.json)"),
    "other-port": (MEASURES, redirect("http://127.0.0.1:9/x.json"), "leitet auf einen anderen weiter"),
    "other-user": (MEASURES, redirect("http://127.0.0.1:x@127.0.0.2/"), "leitet auf einen anderen weiter"),
    "nowhere": (MEASURES, redirect("http://["), "leitet auf einen anderen weiter (http://[)"),
    "to-nothing": (MEASURES, lambda handler: send(handler, b"", 302), "Der Server antwortet mit 302."),
    "in-circles": (MEASURES, redirect(MEASURES), "Der Server leitet mehr als 3-mal weiter."),
    "drip": (MEASURES, drip, "Es dauert länger als 0.7 Sekunden."),
    "drip-headers": (MEASURES, drip_headers, "Es dauert länger als 0.7 Sekunden."),
    "silent": (MEASURES, silent, "Der Server schweigt länger als 0.5 Sekunden."),
}  # fmt: skip


# So that no test waits as long as an operator would.
PATIENCE = {"drip": {"seconds": 0.7}, "drip-headers": {"seconds": 0.7}, "silent": {"silence": 0.5}}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_neighbour_that_fails_keeps_its_last_snapshot(task: Task, other: Server, name: str) -> None:
    harvest(task)
    kept = task.kept()
    path, answer, said = BROKEN[name]
    (task.folder / "state.json").unlink()  # so that all is fetched
    kept.pop("state.json")
    other.answers[path] = answer
    limits = replace(task.limits, size=20_000_000, **PATIENCE.get(name, {}))
    start = time.monotonic()
    well, lines = harvest(again(task, limits=limits))
    assert time.monotonic() - start < 15
    assert not well
    assert len(lines) == 1
    assert lines[0].startswith("nachbar: nicht geholt. ")
    assert said in lines[0]
    assert lines[0].endswith("Der Stand vom 2026-11-21 bleibt.")
    assert task.kept() == kept
    assert folders(task) == ["nachbar"]


def test_a_server_that_is_not_there(project: Path) -> None:
    with server() as gone:
        address = gone.url
    well, lines = harvest(neighbours.task(project, address))
    assert not well
    assert "nicht erreichbar" in lines[0]
    assert lines[0].endswith("Es gibt noch keinen Stand.")
    assert not (project / "federation").exists()


def test_a_redirect_on_the_same_server_is_followed(task: Task, other: Server) -> None:
    other.answers["/anders.json"] = other.answers[MEASURES]
    other.answers[MEASURES] = redirect("/anders.json")
    assert harvest(task)[0]


@pytest.mark.parametrize(
    ("start", "to", "target"),
    [
        ("http://a.example/x", "https://a.example/y", "https://a.example/y"),
        ("https://a.example/x/", "../y", "https://a.example/y"),
        ("http://a.example/x", "https://a.example:8443/y", None),
        ("https://a.example/x", "http://a.example/x", None),
        ("https://a.example/x", "//b.example/x", None),
        ("https://a.example/x", "https://a.example@b.example/x", None),
        ("https://a.example/x", "https://a.example/\x07", None),
    ],
)
def test_where_a_redirect_may_lead(start: str, to: str, target: str | None) -> None:
    headers = HTTPMessage()
    headers["Location"] = to
    error = urllib.error.HTTPError(start, 301, "", headers, None)
    if target is None:
        with pytest.raises(fetching.Unreachable, match="leitet auf einen anderen weiter"):
            fetching.redirected(start, error)
    else:
        assert fetching.redirected(start, error) == target
    error.close()


def deep(levels: int) -> Any:
    """A list in a list in a list, nearly as deep as the parser goes."""
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


INDEX_FAULTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "elsewhere": (lambda d: d["files"][1].update(url="https://anderswo.example/measures.json"), "liegt nicht unter"),
    "file": (lambda d: d["files"][0].update(url="file:///etc/passwd"), "liegt nicht unter"),
    "above": (lambda d: d["files"][0].update(url=d["url"] + "api/../../x.json"), "liegt nicht unter"),
    "user": (lambda d: d["files"][0].update(url="http://127.0.0.1@anderswo.example/"), "liegt nicht unter"),
    "header": (lambda d: d["files"][0].update(url=d["url"] + "x\r\nHost: y"), "liegt nicht unter"),
    "none": (lambda d: d["files"][0].update(url=None), "liegt nicht unter"),
    "odd": (lambda d: d["files"][0].update(url="http://["), "ist keine Adresse"),
    "no-licence": (lambda d: d.pop("licence") and None, "keinen Namen oder keine Lizenz"),
    "deep": (lambda d: d.update(title=deep(900)), "keinen Namen oder keine Lizenz"),
    "deep-address": (lambda d: d["files"][0].update(url=deep(900)), "liegt nicht unter"),
    "licence-script": (lambda d: d.update(licence="javascript:alert(1)"), "ist keine Webadresse"),
    "title": (lambda d: d.update(title="a\x07b"), "unsichtbare"),
    "title-surrogate": (lambda d: d.update(title="\ud800"), "kein UTF-8"),
    "title-long": (lambda d: d.update(title="a" * 10_000_000), "Zeilen"),
    "title-list": (lambda d: d.update(title=["a"]), "keinen Namen oder keine Lizenz"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", INDEX_FAULTS)
def test_an_index_that_lies_is_refused_whole(task: Task, other: Server, name: str) -> None:
    change, said = INDEX_FAULTS[name]
    other.change(INDEX, change)
    well, lines = harvest(task)
    assert not well
    assert said in lines[0] or name == "title-long"
    assert len(lines[0]) < 5_000
    assert lines[0].isprintable()
    assert not task.folder.exists()


def test_a_site_without_a_single_record_that_fits_is_refused(task: Task, other: Server) -> None:
    harvest(task)
    kept = task.kept()
    for path in other.answers:
        if path.endswith("s.json") and "schema" not in path:
            other.change(path, lambda data: data["items"].clear() if "items" in data else None)
    well, lines = harvest(again(task))
    assert not well
    assert "Kein einziger Datensatz passt." in lines[0]
    assert task.kept() == kept


# What goes wrong with single items -----------------------------------------------------------------------------------

HOSTILE: dict[str, tuple[dict[str, Any] | Any, str]] = {
    "up": ({"id": "../../x"}, "„../../x“ ist keine Kennung."),
    "up-inside": ({"id": "kreis-lippe/../x"}, "ist keine Kennung."),
    "windows": ({"id": "kreis-lippe\\x"}, "ist keine Kennung."),
    "deep": ({"id": "a/b/c"}, "ist keine Kennung."),
    "shallow": ({"id": "x"}, "ist keine Kennung."),
    "absolute": ({"id": "/etc/passwd"}, "ist keine Kennung."),
    "colon": ({"id": "nachbar:kreis-lippe/x"}, "ist keine Kennung."),
    "upper": ({"id": "kreis-lippe/X"}, "ist keine Kennung."),
    "device": ({"id": "kreis-lippe/con"}, "ist keine Kennung."),
    "deep-id": ({"id": deep(900)}, "ist keine Kennung."),
    "deep-value": ({"title": deep(900), "figures": deep(900)}, "title: Hier gehört ein einfacher Text hin."),
    "zero": ({"id": "kreis-lippe/x\0"}, "ist keine Kennung."),
    "number": ({"id": 5}, "ist keine Kennung."),
    "no-id": ({"id": None}, "ist keine Kennung."),
    "long-id": ({"id": "kreis-lippe/" + "x" * 81}, "ist keine Kennung."),
    "no-object": ([], "Der Datensatz ist keine Angabe mit Unterangaben."),
    "string": ("x", "Der Datensatz ist keine Angabe mit Unterangaben."),
    "twice": ({"id": "kreis-lippe/schulung"}, "Die Kennung steht zweimal."),
    "partner": ({"id": "fehlt/x"}, "Zur Maßnahme fehlt der Partner „fehlt“."),
    "category": ({"category": {"id": "fremd"}}, "Die Kategorie „fremd“ gibt es hier nicht."),
    "status": ({"status": {"key": "weg"}}, "status (Status): „weg“ ist nicht erlaubt."),
    "status-plain": ({"status": "laufend"}, "status: Hier gehört eine Angabe mit Unterangaben hin."),
    "status-list": ({"status": {"key": ["laufend"]}}, "status.key: Hier gehört ein einfacher Text hin."),
    "no-title": ({"title": None}, "title (Titel): fehlt."),
    "title-object": ({"title": {"de": "x"}}, "title: Hier gehört ein einfacher Text hin."),
    "control": ({"title": "a\x1b[2Jb"}, "unsichtbares Zeichen"),
    "direction": ({"title": "a\u202eb"}, "unsichtbares Zeichen"),
    "surrogate": ({"title": "a\ud800b"}, "kein UTF-8"),
    "long": ({"title": "a" * 300_000}, "zu groß"),
    "huge-text": ({"text": "a" * 10_000_000}, "zu groß"),
    "entangled": ({"text": "[" * 5_000}, "„[“"),
    "nested": ({"text": "> " * 100 + "x"}, "verschachtelt"),
    "text-list": ({"text": ["x"]}, "text: Der Text fehlt."),
    "no-text": ({"text": None}, "text: Der Text fehlt."),
    "raw-link": ({"text": '<a href="../../redaktion/">hier</a>'}, "als HTML. Bitte Links als Markdown schreiben."),
    "raw-link-without-host": ({"text": '<a href="https:redaktion/">hier</a>'}, "als HTML"),
    "raw-picture": ({"text": 'Ein <img src="x.png"> Bild'}, "als HTML"),
    "many": ({"figures": [{"value": "1", "unit": "x"}] * 10_000}, ""),
    "not-many": ({"figures": {"value": "1", "unit": "x"}}, "figures: Hier gehört eine Liste hin."),
    "part": ({"sources": ["bericht"]}, "sources[1]: Hier gehört eine Angabe mit Unterangaben hin."),
    "reference": ({"networks": [{"id": "../x"}]}, "ist keine Kennung."),
    "reference-full": ({"networks": [{"id": "andere:x"}]}, "ist keine Kennung."),
    "injected": ({"source_note": "a\n\rchecked: 2020-01-01"}, "lassen sich nicht aufschreiben"),
    "fence": ({"title": "a\n---\nb"}, "mehrere Zeilen"),
    "website": ({"sources": [{"document": {"id": "bericht"}, "page": 10**7}]}, "ist keine ganze Zahl"),
    "alias": ({"aliases": ["../x"]}, "ist keine frühere Adresse"),
}  # fmt: skip


def hostile(item: dict[str, Any], change: Any) -> Any:
    return {**copy.deepcopy(item), "id": "kreis-lippe/probe", **change} if isinstance(change, dict) else change


@pytest.fixture(scope="module")
def items(small_site: Site) -> dict[str, list[Any]]:
    """The items of the small project, as they come out of JSON."""
    return {
        kind: [
            json.loads(json.dumps(export.item(small_site, r)), parse_int=str)
            for r in small_site.catalog.of(kind).values()
        ]
        for kind in federation.KINDS_ABROAD
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_not_fit_is_put_aside(small_site: Site, items: dict[str, list[Any]], name: str) -> None:
    change, said = HOSTILE[name]
    probe = json.loads(json.dumps(hostile(items["measure"][0], change)), parse_int=str)
    judge = Judge("nachbar", "https://example.org/", small_site.catalog)
    found = judge.harvest({**items, "measure": [*items["measure"], probe]}.items())
    assert len(found.files) == ALL
    assert [refused.kind for refused in found.refused] == ["measure"]
    told = " ".join(found.refused[0].reasons)
    assert said in told
    assert told.isprintable()
    assert len(told) < 2_500
    assert found.refused[0].id.isprintable()
    assert json.loads(harvesting.quarantine(found))["total"] == 1


def test_hostile_items_reach_no_file_but_the_quarantine(task: Task, other: Server) -> None:
    def poison(data: Any) -> None:
        data["items"] += [hostile(data["items"][0], change) for change, _ in HOSTILE.values()]

    harvest(task)
    kept = {path: content for path, content in task.kept().items() if path.endswith(".md")}
    other.change(MEASURES, poison)
    well, lines = harvest(again(task))
    assert well
    assert lines[0] == f"nachbar: 0 neu, 0 geändert, 0 weggefallen, {ALL} wie zuvor."
    assert lines[1] == f"  {len(HOSTILE)} passen nicht; alle Gründe: federation/nachbar/quarantine.json"
    assert len(lines) == 12
    assert {path: content for path, content in task.kept().items() if path.endswith(".md")} == kept
    assert sorted(path.name for path in task.root.parent.iterdir()) == ["project"]
    assert (task.folder / "quarantine.json").stat().st_size < 100_000


def test_html_and_addresses_come_over_harmless(small_site: Site, items: dict[str, list[Any]]) -> None:
    text = "Ein [Klick](javascript:alert(1)) auf [das](x.md), <script>alert(1)</script> <b onclick=x>und</b> `<a>`."
    probe = hostile(items["measure"][0], {"title": "<script>alert(1)</script>", "text": text, "aliases": []})
    judge = Judge("nachbar", "https://example.org/", small_site.catalog)
    found = judge.harvest({**items, "measure": [*items["measure"], probe]}.items())
    assert found.refused == ()
    html = judge._converter()("federation/nachbar/measures/kreis-lippe/probe.md", text)
    assert html == (
        '<p>Ein <span>Klick</span> auf <a href="https://example.org/massnahmen/kreis-lippe/x/" rel="noopener">das</a>,  '
        "und <code>&lt;a&gt;</code>.</p>"
    )


def test_items_may_not_be_many(small_site: Site, items: dict[str, list[Any]]) -> None:
    def judged(amount: int) -> harvesting.Harvest:
        judge = Judge("nachbar", "https://example.org/", small_site.catalog)
        return judge.harvest({**items, "measure": [{}] * amount}.items())

    with pytest.raises(Unfit, match=r"Es sind mindestens 200\d\d Datensätze; erlaubt sind 20000"):
        judged(20_000)
    told = json.loads(harvesting.quarantine(judged(1_000)))
    assert (told["total"], len(told["items"])) == (1_000, harvesting.MAX_TOLD)


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.from_regex(r"-?[0-9]{1,4}(\.[0-9]+)?", fullmatch=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@st.composite
def changed(draw: st.DrawFn, known: dict[str, list[Any]]) -> tuple[str, Any]:
    """A kind and an item of it, sound but for a few places that hold anything."""
    kind = draw(st.sampled_from([kind for kind in known if known[kind]]))
    item = copy.deepcopy(draw(st.sampled_from(known[kind])))
    for _ in range(draw(st.integers(1, 3))):
        place, key = item, draw(st.sampled_from(sorted(item)))
        while isinstance(place[key], (dict, list)) and place[key] and draw(st.booleans()):
            place = place[key]
            key = (
                draw(st.sampled_from(sorted(place)))
                if isinstance(place, dict)
                else draw(st.integers(0, len(place) - 1))
            )
        place[key] = draw(JSON | st.text(st.characters(), max_size=50))
    return kind, item


def test_any_item_is_built_or_put_aside(small_site: Site, items: dict[str, list[Any]]) -> None:
    @settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(st.sampled_from(federation.KINDS_ABROAD), JSON) | changed(items))
    def promise(probe: tuple[str, Any]) -> None:
        kind, item = probe
        judge = Judge("nachbar", "https://example.org/", small_site.catalog)
        others = {name: [i for i in found if name != kind] for name, found in items.items()}
        sound = {"source" if kind != "source" else "network": items["source" if kind != "source" else "network"]}
        found = judge.harvest({**others, **sound, kind: [item]}.items())
        assert (len(found.refused) >= 1) != any(
            federation.place(path) and federation.place(path)[0] is KINDS[kind]
            for path in found.files  # type: ignore[index]
        )
        for path, content in found.files.items():
            record, problems = store.foreign(
                "nachbar", "https://example.org/", path, content, small_site.catalog.vocabulary
            )
            assert record is not None
            assert problems == []

    promise()


# Around it -----------------------------------------------------------------------------------------------------------


def stubborn() -> None:
    """Goes on whatever error it meets, as a library might."""
    while True:
        with contextlib.suppress(Exception):
            time.sleep(5)


def test_the_time_ends_what_no_library_may_catch() -> None:
    with pytest.raises(TooSlow), within(0.2):
        stubborn()
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_elsewhere_than_in_the_main_thread_nothing_is_interrupted() -> None:
    done: list[bool] = []

    def work() -> None:
        with within(0.01):
            time.sleep(0.05)
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_text_that_takes_too_long_is_no_fault_of_the_text(small_site: Site, items: dict[str, list[Any]]) -> None:
    """The time for a site ends in the midst of a conversion too, which turns all other errors into its own."""
    judge = Judge("nachbar", "https://example.org/", small_site.catalog)

    def slow(path: str, text: str) -> str:
        while True:
            time.sleep(0.1)

    judge._converter = lambda: slow  # type: ignore[method-assign]
    with pytest.raises(TooSlow), within(0.2):
        judge.harvest(items.items())


def test_what_cannot_be_written_leaves_the_last_snapshot(task: Task) -> None:
    harvest(task)
    kept = task.kept()
    with pytest.raises(SiteError, match="lässt sich nicht schreiben"):
        write(task.folder, {"a": b"a file", "a/b": b"cannot lie in it"})
    assert task.kept() == kept
    assert folders(task) == ["nachbar"]


def test_strange_marks_are_forgotten(other: Server) -> None:
    for tag, kept in (('"a"', '"a"'), ("x" * 500, ""), ("\xe4", "")):
        other.answers["/x.json"] = functools.partial(as_file, content=b"1", ETag=tag)
        answer = fetch(f"{other.url}x.json", Limits())
        assert answer is not None
        assert answer.marks == Marks(kept, "")


def test_only_http_is_spoken(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("1")
    with pytest.raises(fetching.Unreachable):
        fetch((tmp_path / "x.json").as_uri(), Limits())


def test_a_neighbours_neighbours_stay_with_it(project: Path, other: Server) -> None:
    """Foreign records are never passed on: what is harvested of a site are its own."""
    root = project_at(project.parent / "vermittler")
    neighbours.snapshot(root, site="dritte")
    site = other.publish(root, federation=neighbours.named(dritte="https://dritte.example/"))
    assert len(list(site.everything.catalog)) > len(list(site.catalog))
    task = neighbours.task(project, other.url)
    assert harvest(task)[1][0] == f"nachbar: {ALL} neu, 0 geändert, 0 weggefallen, 0 wie zuvor."
    assert not any(b"dritte" in content for content in task.kept().values())


def prepared(path: Path, federated: str = "") -> Path:
    """A project with scripts and settings, as an operator has it."""
    root = complete(project_at(path))
    shutil.copytree(ROOT / "scripts", root / "scripts")
    text = (root / "mkdocs.yml").read_text()
    (root / "mkdocs.yml").write_text(text.replace("extra:\n", f"extra:\n{federated}", 1))
    return root


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(root / "scripts/harvest.py"), *arguments]
    return subprocess.run(line, cwd=root.parent, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_with_sites_that_were_really_built(tmp_path: Path) -> None:
    """Two sites built by MkDocs and served, one that is broken; then a third one that shows them."""
    with server() as one, server() as two, server() as broken:
        for number, running in enumerate((one, two)):
            root = prepared(tmp_path / f"site-{number}")
            text = (root / "mkdocs.yml").read_text()
            lines = [f"site_url: {running.url}" if line.startswith("site_url:") else line for line in text.split("\n")]
            (root / "mkdocs.yml").write_text("\n".join(lines))
            file = root / "measures/kreis-lippe/schulung.md"
            file.write_text(file.read_text().replace("Schulung der", f"Schulung {number} der"))
            result = run_build(root)
            assert result.returncode == 0, result.stderr
            built = root / "site"
            running.answers = {
                f"/{p.relative_to(built).as_posix()}": p.read_bytes() for p in built.glob("api/v1/*.json")
            }
        named = "".join(
            f"    - {{id: {id_}, url: '{running.url}'}}\n" for id_, running in (("a", one), ("b", two), ("c", broken))
        )
        root = prepared(tmp_path / "eigene", f"  federation:\n{named}")
        result = command(root)
        assert result.returncode == 1
        assert [line.split(",")[0] for line in result.stdout.splitlines() if line[0] != " "] == [
            f"a: {ALL} neu",
            f"b: {ALL} neu",
        ]
        assert result.stderr.startswith("c: nicht geholt. ")
        assert command(root, "a", "b").stdout.count("unverändert, sagt der Server") == 2
        unknown = command(root, "x")
        assert (unknown.returncode, unknown.stderr) == (1, "mkdocs.yml nennt unter extra.federation nicht: x.\n")
    assert not (root / "federation/c").exists()
    result = run_build(root)
    assert result.returncode == 0, result.stderr
    assert "Verbund: Von „c“ ist noch nichts geholt." in result.stderr
    data = json.loads((root / "site/api/v1/measures.json").read_text())
    assert [item["id"] for item in data["items"]] == ["kreis-lippe/schulung", "kreis-lippe/sprachmittlung"]
    (root / "measures/kreis-lippe/schulung.md").write_text("kaputt")
    result = command(root, "a")
    assert result.returncode == 1
    assert "Die eigenen Daten haben Fehler" in result.stderr


def test_without_neighbours_there_is_nothing_to_do() -> None:
    result = command(ROOT)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "mkdocs.yml nennt unter extra.federation keine andere Wissensbasis.\n"

"""What stands beside a shared link: the pictures, and what each page's head says of it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fontTools.ttLib import TTFont
from lxml import html
from PIL import Image, ImageFont

from catalog import sharing, views
from catalog.model import KINDS
from catalog.site import Site
from conftest import ROOT, run_build

NAME = "Wissensbasis Vielfalt NRW"


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    return dict(sharing.files(NAME))


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def inked(content: bytes, box: tuple[int, int, int, int]) -> bool:
    """Whether anything but the ground shows in a part of a picture."""
    return picture(content).convert("RGB").crop(box).getcolors() != [
        ((box[2] - box[0]) * (box[3] - box[1]), sharing.GROUND)
    ]


def test_one_small_picture_for_each_kind(pictures: dict[str, bytes]) -> None:
    assert set(pictures) == {f"assets/og/{kind}.png" for kind in KINDS}
    assert len(set(pictures.values())) == len(pictures)
    for path, content in pictures.items():
        shown = picture(content)
        assert (shown.format, shown.mode, shown.size) == ("PNG", "P", (sharing.WIDTH, sharing.HEIGHT)), path
        assert len(content) <= 15 * 1024, path
        assert "date" not in str(shown.info).lower()


def test_the_same_name_gives_the_same_bytes(pictures: dict[str, bytes]) -> None:
    assert dict(sharing.files(NAME)) == pictures
    assert dict(sharing.files("Andere Basis"))["assets/og/page.png"] != pictures["assets/og/page.png"]


def test_a_picture_says_name_and_kind(pictures: dict[str, bytes]) -> None:
    """Name above, kind in the middle; pages that show no record have the name alone."""
    upper, middle, logo = (80, 70, 700, 150), (80, 320, 700, 460), (940, 80, 1120, 260)
    for path, content in pictures.items():
        assert inked(content, middle), path
        assert inked(content, logo), path
        assert inked(content, upper) == (path != "assets/og/page.png"), path


@pytest.mark.parametrize("name", [NAME, "Wissensbasis Integration und Vielfalt der Stadt Musterstadt an der Ruhr", "W"])
def test_nothing_runs_over_the_edge(name: str) -> None:
    for content in dict(sharing.files(name)).values():
        assert not inked(content, (sharing.WIDTH - 75, 0, sharing.WIDTH, sharing.HEIGHT))
        assert not inked(content, (0, 0, 75, sharing.HEIGHT))


def test_colours_are_those_of_the_icon_and_can_be_told_apart() -> None:
    icon = (ROOT / "overrides/assets/icon.svg").read_text()
    for colour in (sharing.GROUND, sharing.INK):
        assert "#{:02x}{:02x}{:02x}".format(*colour) in icon.replace("#fff", "#ffffff")
    dark, light = sorted(_luminance(colour) for colour in (sharing.GROUND, sharing.INK))
    assert (light + 0.05) / (dark + 0.05) >= 7  # WCAG 1.4.6


def _luminance(colour: tuple[int, int, int]) -> float:
    shares = [value / 255 for value in colour]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_font_has_every_letter_and_is_the_one_of_its_makers() -> None:
    letters = TTFont(sharing.FONT).getBestCmap()
    words = "".join((*(label for cls in KINDS.values() for label in cls.label), NAME, sharing._NOTE))
    assert {*words, *"äöüÄÖÜß„“‚‘–·’&()"} <= {chr(code) for code in letters}
    assert ImageFont.truetype(sharing.FONT, 10).getname()[0].startswith("Source Sans 3")
    for package in (ROOT / "redaktion/node_modules/@sveltia/cms/npm/assets").glob("source-sans-3*.woff2"):
        assert package.read_bytes() == sharing.FONT.read_bytes()  # the licence keeps its name for the unchanged font
    assert "Open Font License" in (ROOT / "overrides/rechtliches/lizenzen/source-sans-3.txt").read_text()


def test_every_page_says_what_a_shared_link_shows(real_build: Path, real_site: Site) -> None:
    base = "https://wissensbasis.example.org/"
    one_of_each = {(page.view, page.part > 1): page for page in views.plan(real_site)}
    assert len(one_of_each) > 40
    for page in one_of_each.values():
        head = html.fromstring((real_build / page.address / "index.html").read_text()).find("head")
        said = {meta.get("property") or meta.get("name"): meta.get("content") for meta in head.iter("meta")}
        assert said["og:title"] == page.title
        assert said["og:description"] == said["description"] == page.summary
        assert said["og:url"] == base + page.address == head.xpath("link[@rel='canonical']/@href")[0]
        assert said["og:type"] == ("article" if page.record and page.record.kind != "page" else "website")
        assert (said["og:site_name"], said["og:locale"]) == (NAME, "de_DE")
        assert said["twitter:card"] == "summary_large_image"
        shown = picture((real_build / said["og:image"].removeprefix(base)).read_bytes())
        assert said["og:image"].startswith(base)
        assert (said["og:image:width"], said["og:image:height"]) == tuple(map(str, shown.size))
        assert said["og:image:type"] == "image/png"
        kind = KINDS[page.record.kind].label[0] if page.record and page.record.kind != "page" else ""
        assert said["og:image:alt"] == (f"{NAME}: {kind}" if kind else NAME)


def test_pages_of_measures_lead_to_their_feed(real_build: Path, real_site: Site) -> None:
    with_feed = {"measures", "category", "partner"}
    for page in {page.view: page for page in views.plan(real_site) if page.part == 1}.values():
        tree = html.fromstring((real_build / page.address / "index.html").read_text())
        tree.make_links_absolute(f"https://x.example/{page.address}")
        named = tree.xpath("head/link[@type='application/atom+xml']/@href")
        seen = tree.xpath("//main//a[normalize-space()='Als Feed abonnieren']/@href")
        assert len(named) == (page.view in with_feed), page.address
        assert named == seen, page.address
        for address in named:
            feed = (real_build / urlsplit(address).path[1:]).read_text()
            assert (
                f'rel="alternate" type="text/html" hreflang="de" href="https://wissensbasis.example.org/{page.address}"'
                in feed
            )


def test_a_site_without_an_address_makes_no_promises(full_project: Path) -> None:
    settings = full_project / "mkdocs.yml"
    settings.write_text(re.sub(r"^site_url: .*\n", "", settings.read_text(), flags=re.MULTILINE))
    assert run_build(full_project).returncode == 0
    site = full_project / "site"
    assert not (site / "assets/og").exists()
    assert not (site / "feeds").exists()
    for path in ("index.html", "massnahmen/index.html", "partner/kreis-lippe/index.html"):
        text = (site / path).read_text()
        assert "og:" not in text
        assert "feeds/" not in text

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from markdown import Markdown

from catalog import render
from catalog.problems import SiteError
from catalog.site import Site, read_site
from conftest import EXTRA, ROOT

CASES = yaml.safe_load((Path(__file__).parent / "cases/text/hostile.yml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_author_text_is_harmless(case: dict[str, str]) -> None:
    markdown = Markdown(extensions=["tables", "toc"], extension_configs={"toc": {"slugify": render.anchor}})
    assert render.sanitise(markdown.convert(case["text"])).strip() == case["html"]


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("", "partner/", "partner/"),
        ("", "", "./"),
        ("partner/kreis-lippe/", "", "../../"),
        ("partner/kreis-lippe/", "massnahmen/a/b/", "../../massnahmen/a/b/"),
    ],
)
def test_relative(page: str, target: str, link: str) -> None:
    assert render.relative(page, target) == link


def test_anchor_folds_german_letters() -> None:
    assert render.anchor("Größe & Übersicht: Maß") == "s-grosse-ubersicht-mass"


def test_templates_escape_and_fail_on_unknown_names() -> None:
    env = render.environment()
    assert env.from_string("{{ a }}").render(a="<b>") == "&lt;b&gt;"
    with pytest.raises(Exception, match="undefined"):
        env.from_string("{{ missing }}").render()


@pytest.mark.parametrize(
    "address",
    [
        "wissensbasis.example.org",
        "ftp://a.example/",
        "https://",
        "https://a b.example/",
        "https://a.example;script-src/",
        7,
    ],
)
def test_other_sites_are_named_by_their_address(small_site: Site, address: object) -> None:
    extra = EXTRA | {"search": {"merge": [address]}}
    with pytest.raises(SiteError, match=r"extra\.search\.merge: „.*“ ist keine Adresse"):
        read_site({"site_name": "Wissensbasis", "extra": extra}, small_site.catalog)


def test_other_sites_get_a_slash(small_site: Site) -> None:
    extra = EXTRA | {"search": {"merge": ["https://a.example/wissen", "https://b.example/"]}}
    made = read_site({"site_name": "Wissensbasis", "extra": extra}, small_site.catalog)
    assert made.merged == ("https://a.example/wissen/", "https://b.example/")


def test_links_of_templates_can_lead_to_files() -> None:
    """What follows ``p.root`` or ``base`` is a file, or the address of a page with ``index`` behind it."""
    for template in (*render.TEMPLATES.glob("*.j2"), ROOT / "overrides/base.html"):
        for number, line in enumerate(template.read_text().splitlines(), 1):
            for link in re.findall(r'(?:href|action)="{{ (?:p\.root|base) }}([^"]*)"', line):
                place = re.split(r"[?#]", link)[0]
                ends = place.endswith(("{{ p.index }}", "{{ site.index }}", "{{ item.url }}"))
                assert ends or "." in place.rpartition("/")[2], f"{template.name}:{number}: {link}"

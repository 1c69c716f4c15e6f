"""A folder that loads something from elsewhere, or has a broken link, is found out; one that does not is let through."""

from __future__ import annotations

from pathlib import Path

import pytest
import tinycss2

import enclosed

POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self' file:; img-src 'self' data:\">"
PAGE = f"""<!doctype html><html lang="de"><head>{POLICY}
<link rel="canonical" href="https://example.org/">
<link rel="alternate license" href="https://example.org/lizenz">
<link rel="stylesheet" href="assets/site.css"><link rel="icon" href="assets/bild.svg">
<meta property="og:image" content="https://example.org/bild.png">
</head><body id="oben">
<script type="application/ld+json">{{"@id": "https://example.org/", "x": "</p>"}}</script>
<a href="unter/index.html?a=1#s-teil">Teil</a> <a href="#oben">oben</a> <a href="#top">oben</a>
<a href="https://example.org/">außen</a> <a href="HTTP://example.org/x">außen</a> <a href="https://example.org/">noch einmal</a>
<a href="mailto:a@example.org">E-Mail</a> <a href="tel:+49">Telefon</a>
<form action="unter/index.html"></form> <form></form>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src="assets/bild.svg" srcset="assets/bild.svg 1x, assets/bild.svg 2x">
</body></html>"""
BELOW = f'<!doctype html>{POLICY}<meta http-equiv="refresh" content="0; url=../index.html"><p id="s-teil"><a href="../index.html">x</a>'
CSS = """/* url(https://example.org/a) */ @charset "utf-8";
a::after { content: "url(https://example.org/b)"; background: url("bild.svg") }
@media print { b { background: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) } }"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path id="p"/><use href="#p"/></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site with which nothing is wrong."""
    for name, text in {
        "index.html": PAGE,
        "unter/index.html": BELOW,
        "assets/site.css": CSS,
        "assets/bild.svg": SVG,
        "api/v1/index.json": '{"url": "https://example.org/"}',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def messages(folder: Path) -> list[str]:
    return [problem.text for problem in enclosed.examine(folder).problems]


def test_what_readers_follow_may_lead_out(folder: Path) -> None:
    examined = enclosed.examine(folder)
    assert examined.problems == []
    assert examined.outward == {"https://example.org/": 1, "https://example.org/lizenz": 1, "HTTP://example.org/x": 1}
    assert examined.pages == 2


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ('<img src="https://example.org/a.png">', "lädt von einem anderen Ort"),
        ('<img src="//example.org/a.png">', "lädt von einem anderen Ort"),
        ('<IMG SRC=http://example.org/a.png>', "lädt von einem anderen Ort"),
        ('<img src="assets/bild.svg" srcset="assets/bild.svg 1x, https://example.org/b.png 2x">', "lädt von einem anderen Ort"),
        ('<script src="https://example.org/a.js"></script>', "lädt von einem anderen Ort"),
        ('<link rel="stylesheet" href="https://example.org/a.css">', "lädt von einem anderen Ort"),
        ('<link rel="alternate stylesheet" href="https://example.org/a.css">', "lädt von einem anderen Ort"),
        ('<link rel="preconnect" href="https://example.org">', "lädt von einem anderen Ort"),
        ('<link href="https://example.org">', "lädt von einem anderen Ort"),
        ('<base href="https://example.org/">', "lädt von einem anderen Ort"),
        ('<form action="https://example.org/">', "lädt von einem anderen Ort"),
        ('<button formaction="https://example.org/">', "lädt von einem anderen Ort"),
        ('<a href="index.html" ping="https://example.org/">', "lädt von einem anderen Ort"),
        ('<iframe src="https://example.org/"></iframe>', "lädt von einem anderen Ort"),
        ('<object data="https://example.org/"></object>', "lädt von einem anderen Ort"),
        ('<video poster="https://example.org/a.png"></video>', "lädt von einem anderen Ort"),
        ('<svg><use xlink:href="https://example.org/#a"/></svg>', "lädt von einem anderen Ort"),
        ('<svg><image href="https://example.org/a.png"/></svg>', "lädt von einem anderen Ort"),
        ('<meta http-equiv="refresh" content="0; URL=\'https://example.org/\'">', "lädt von einem anderen Ort"),
        ('<p style="background: url(https://example.org/a.png)">', "lädt von einem anderen Ort"),
        ("<style>@import 'https://example.org/a.css';</style>", "lädt von einem anderen Ort"),
        ('<img src="https://[">', "ist keine Adresse"),
        ('<a href="ftp://example.org/">', "führt aus dem Archiv"),
        ('<a href="javascript:alert(1)">', "führt aus dem Archiv"),
        ('<a href="//example.org/">', "führt aus dem Archiv"),
        ('<a href="/partner/index.html">', "zählt vom Anfang eines Servers"),
        ('<a href="\\\\example.org\\">', "zählt vom Anfang eines Servers"),
        ('<img src="/bild.png">', "zählt vom Anfang eines Servers"),
        ('<a href="../index.html">', "führt aus dem Ordner hinaus"),
        ('<a href="..">', "führt aus dem Ordner hinaus"),
        ('<a href="unter/">', "führt zu einem Ordner"),
        ('<a href="unter/#s-teil">', "führt zu einem Ordner"),
        ('<a href="./?q=1">', "führt zu einem Ordner"),
        ('<a href="Unter/index.html">', "gibt es im Archiv nicht"),
        ('<script src="assets/fehlt.js"></script>', "gibt es im Archiv nicht"),
        ('<form action="fehlt.html">', "gibt es im Archiv nicht"),
        ('<link rel="alternate" type="application/atom+xml" href="fehlt.atom">', "gibt es im Archiv nicht"),
        ('<a href="unter/index.html#fehlt">', "führt zu einer Stelle, die es"),
        ('<a href="#fehlt">', "führt zu einer Stelle, die es"),
    ],
)  # fmt: skip
def test_what_is_planted_in_a_page_is_found(folder: Path, planted: str, said: str) -> None:
    path = folder / "index.html"
    path.write_text(path.read_text().replace("</body>", f"\n{planted}\n</body>"))
    (found,) = enclosed.examine(folder).problems
    assert said in found.message
    assert (found.path, found.line) == ("index.html", 14)
    assert found.hint.startswith("Bitte ")


@pytest.mark.parametrize(
    "planted",
    [
        "@import 'https://example.org/a.css';",
        "@import url(https://example.org/a.css);",
        "p { background: URL( 'https://example.org/a' ) }",
        "p { background: u\\72l(https://example.org/a) }",
        "@media print { p { background: image-set('https://example.org/a' 1x) } }",
        "@font-face { src: url(//example.org/a) format('woff2') }",
        "p { background: url(/a.png) }",
        "p { background: url(fehlt.png) }",
    ],
)
def test_what_is_planted_in_a_style_sheet_is_found(folder: Path, planted: str) -> None:
    path = folder / "assets/site.css"
    path.write_text(f"{path.read_text()}\n{planted}\n")
    (found,) = enclosed.examine(folder).problems
    assert (found.path, found.line) == ("assets/site.css", 4)


def test_pictures_are_read(folder: Path) -> None:
    (folder / "assets/bild.svg").write_text(
        '<?xml-stylesheet href="https://example.org/a.css"?><svg><image href="//example.org/a"/></svg>'
    )
    assert len(messages(folder)) == 2


def test_each_page_has_a_policy_that_names_no_host(folder: Path) -> None:
    (folder / "unter/index.html").write_text('<p id="s-teil">')
    assert messages(folder) == ["meta: Die Content Security Policy fehlt. Bitte die Vorlage der Seite berichtigen."]
    for source in ("https:", "example.org", "*"):
        (folder / "unter/index.html").write_text(BELOW.replace("data:", source))
        assert messages(folder) == [
            f"meta: Die Content Security Policy erlaubt „{source}“. Bitte in hooks/catalog/policy.py berichtigen."
        ]


def test_every_word_of_css_is_read() -> None:
    """Whatever the parser calls an address is found, however deep it stands."""
    text = "@layer a { @supports (x: y) { p { --a: {b: [url(tief.png)]} } } }"
    assert [reference.target for reference in enclosed._in_css(text)] == ["tief.png"]
    assert tinycss2.serialize(tinycss2.parse_component_value_list(text)) == text

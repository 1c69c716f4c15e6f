from __future__ import annotations

import re
from types import MappingProxyType

import pytest
from pydantic import TypeAdapter, ValidationError

from catalog.fields import Email, FigureValue, Phone, WebAddress
from catalog.frontmatter import Raw
from catalog.model import KINDS, Measure, Network, Origin, Page, fields_by_key
from catalog.reading import build
from catalog.site import Site
from catalog.vocabulary import Vocabulary


def origin(path: str = "measures/kreis-lippe/neu.md") -> Origin:
    return Origin("neu", "kreis-lippe", Raw(path, {}, MappingProxyType({})))


def test_a_range_begins_with_the_smaller_number() -> None:
    figures = TypeAdapter(FigureValue)
    for value in ("25-30", "~25-25", "9-10"):
        assert figures.validate_python(value) == value
    for value, told in (("30-25", "25 ist kleiner als 30."), (">10-9.5", "9.5 ist kleiner als 10.")):
        with pytest.raises(ValidationError, match=re.escape(told)):
            figures.validate_python(value)


def test_records_are_frozen(small_site: Site) -> None:
    measure = small_site.catalog.all(Measure)[0]
    with pytest.raises(ValidationError):
        measure.title = "anders"


def test_references_are_absolute_and_placed(small_site: Site) -> None:
    schulung = small_site.catalog.of("measure")["kreis-lippe/schulung"]
    found = {(r.field, r.ref) for r in schulung.references}
    assert ("continues", "kreis-lippe/sprachmittlung") in found
    sprachmittlung = small_site.catalog.of("measure")["kreis-lippe/sprachmittlung"]
    assert ("best_practice", "bericht") in {(r.field, r.ref) for r in sprachmittlung.references}
    nested = next(r for r in sprachmittlung.references if r.field == "best_practice")
    assert nested.path == ("best_practice", "source", "document")
    assert sprachmittlung.line(nested.path) == 21


def test_network_kind_is_written_as_kind() -> None:
    assert "kind" in fields_by_key(Network)
    assert Network.kind == "network"


def test_every_field_is_described_in_german() -> None:
    for cls in KINDS.values():
        for key, info in fields_by_key(cls).items():
            assert info.title, (cls, key)
            assert info.description.endswith("."), (cls, key)


def test_blank_keys_count_as_absent(small_site: Site) -> None:
    vocabulary = small_site.catalog.vocabulary
    data = {"title": "T", "summary": "S.", "category": "anteil", "status": "laufend", "period": "", "target_groups": ["schueler"],
            "formats": ["fortbildung"], "sources": [{"document": "bericht", "lines": ""}]}  # fmt: skip
    blank = Origin("neu", "kreis-lippe", Raw("measures/kreis-lippe/neu.md", {}, MappingProxyType({}), blanks=True))
    record, problems = build(Measure, blank, data, vocabulary)
    assert problems == []
    assert isinstance(record, Measure)
    assert record.period is None


def test_refused_items_are_not_reported_as_a_short_list(small_site: Site) -> None:
    data = {"title": "T", "summary": "S.", "category": "anteil", "status": "laufend", "target_groups": ["x"],
            "formats": ["fortbildung"], "sources": [{"document": "bericht"}]}  # fmt: skip
    _, problems = build(Measure, origin(), data, small_site.catalog.vocabulary)
    assert [p.field for p in problems] == ["target_groups[1] (Zielgruppen)"]


def test_addresses() -> None:
    def page(path: str) -> str:
        record, problems = build(
            Page, Origin("x", "", Raw(path, {}, MappingProxyType({}))), {"title": "T", "summary": "S."}, Vocabulary()
        )
        assert problems == []
        assert record is not None
        return record.page_address

    assert page("docs/index.md") == ""
    assert page("docs/mitmachen/index.md") == "mitmachen/"
    assert page("docs/mitmachen/felder.md") == "mitmachen/felder/"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://www.müller.de/", True),
        ("https://a.example:8443/x?y=a@b#z", True),
        ("http://localhost.example", True),
        ("https://www.kreis-lippe.de@evil.example/", False),
        ("https://user:geheim@a.example/", False),
        ("https://a.example:99999/", False),
        ("https://\u0430pple.example/", False),
        ("https://[::1]/", False),
        ("javascript://a.example/%0aalert(1)", False),
        ("//a.example", False),
    ],
)
def test_addresses_of_organisations(address: str, good: bool) -> None:
    """Whoever looks at an address sees where it leads."""
    adapter = TypeAdapter(WebAddress)
    if good:
        assert adapter.validate_python(address) == address
        assert re.fullmatch(adapter.json_schema()["pattern"], address)
    else:
        with pytest.raises(ValidationError, match="keine Webadresse"):
            adapter.validate_python(address)


@pytest.mark.parametrize(
    ("written", "good", "mended"),
    [
        ("integration@stadt-lemgo.de", True, None),
        ("a.b+c@x.y.example.org", True, None),
        ("mailto:a@example.org", False, "a@example.org"),
        ("a [at] example.org", False, "a@example.org"),
        ("a(ät)example.org", False, "a@example.org"),
        ("a@b@example.org", False, None),
        ("a@example", False, None),
        ("a b@example.org", False, None),
        ("a@example.org?bcc=x@evil.example", False, None),
    ],
)
def test_mail_addresses(written: str, good: bool, mended: str | None) -> None:
    _check(TypeAdapter(Email), written, good, mended)


@pytest.mark.parametrize(
    ("written", "good", "mended"),
    [
        ("0521 51-0", True, None),
        ("0521/510", True, None),
        ("+49 521 51-0", True, None),
        ("(0521) 51 - 0", False, "0521 51-0"),
        ("+49 (0)521 510", False, "+49 521 510"),
        ("0521.51.00", False, "0521 51 00"),
        ("51-0", False, None),
        ("0521 51-0 oder 52-0", False, None),
        ("00 49 521", False, None),
    ],
)
def test_telephone_numbers(written: str, good: bool, mended: str | None) -> None:
    _check(TypeAdapter(Phone), written, good, mended)


def _check(adapter: TypeAdapter[str], written: str, good: bool, mended: str | None) -> None:
    """Python and JSON Schema agree; what has one right form is offered in it."""
    assert bool(re.fullmatch(adapter.json_schema()["pattern"], written)) == good
    if good:
        assert adapter.validate_python(written) == written
        return
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(written)
    assert caught.value.errors()[0]["ctx"]["mended"] == mended
    if mended:
        assert adapter.validate_python(mended) == mended

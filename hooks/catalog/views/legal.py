"""Pages that the law asks for, and the page that says in easy words what the site is."""

from __future__ import annotations

from typing import Any

from catalog import persons, shipped
from catalog.model import Source
from catalog.operator import GROUPS, METHODS, STATUS
from catalog.site import Site
from catalog.views.common import PagePlan

# Where the theme's folder holds the texts of licences and the bill of materials; both are published as they are.
TEXTS = "rechtliches/lizenzen/"
BILL_OF_MATERIALS = "rechtliches/sbom.cdx.json"


def operator(site: Site, page: PagePlan) -> dict[str, Any]:
    """Imprint: who runs the site and answers for it."""
    return {"operator": site.operator}


def privacy(site: Site, page: PagePlan) -> dict[str, Any]:
    """Privacy notice: what a visit leaves behind, with whom and for how long."""
    consented = bool(persons.consents(site.catalog))
    return {"operator": site.operator, "merged": site.merged, "consented": consented}


def accessibility(site: Site, page: PagePlan) -> dict[str, Any]:
    """Declaration on accessibility: what is not accessible, why, what to do instead, and whom to tell."""
    declared = site.operator.accessibility
    groups = [(title, [b for b in declared.barriers if b.group == key]) for key, title in GROUPS.items()]
    return {
        "operator": site.operator,
        "declared": declared,
        "status": STATUS.get(declared.status or ""),
        "method": METHODS.get(declared.method or ""),
        "groups": [group for group in groups if group[1]],
        "letter": _letter(site),
    }


def licences(site: Site, page: PagePlan) -> dict[str, Any]:
    """Licences of texts and data, the documents on which they rest, newest first, and what other makers gave."""
    found = sorted(site.catalog.all(Source), key=lambda source: (source.date, source.id), reverse=True)
    return {
        "licence": site.operator.licence,
        "data_apart": site.licence.url != site.operator.licence.url,
        "sources": found,
        "date": site.reference_date,
        "components": shipped.components(),
        "texts": TEXTS,
        "bill_of_materials": BILL_OF_MATERIALS,
    }


def easy(site: Site, page: PagePlan) -> dict[str, Any]:
    """What the site is, in easy words, and who helps."""
    return {"operator": site.operator}


def _letter(site: Site) -> dict[str, str]:
    """A report of a barrier, to be filled in."""
    asked = "Adresse der Seite: {}\n\nDas geht nicht:\n\nGerät, Browser, Hilfsmittel:\n"
    return {"subject": f"Barriere melden: {site.name}", "body": asked.format(site.url)}

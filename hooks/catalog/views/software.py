"""What the site itself is made of: programs, fonts and data with their licences."""

from __future__ import annotations

from typing import Any

from catalog.render import Site
from catalog.shipped import components
from catalog.views.common import PagePlan

# Where the theme's folder holds them; both are published as they are.
TEXTS = "rechtliches/lizenzen/"
BILL_OF_MATERIALS = "rechtliches/sbom.cdx.json"


def licences(site: Site, page: PagePlan) -> dict[str, Any]:
    """Everything that readers get, by who made it."""
    return {"components": components(), "texts": TEXTS, "bill_of_materials": BILL_OF_MATERIALS}

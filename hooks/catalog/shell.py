"""What the page shell, ``overrides/base.html``, knows besides the page itself."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

from catalog import linked, policy
from catalog.site import Site
from catalog.views.common import PagePlan


def names(site: Site, pages: Collection[PagePlan]) -> dict[str, Any]:
    """Name in the template -> value.

    Returns:
        ``site``, and its ``operator``; ``policies``, by view; ``linked``, which turns the plan of a page into what it
        says to machines.
    """
    return {
        "site": site,
        "operator": site.operator,
        "policies": policy.by_view(site, pages),
        "linked": functools.partial(linked.text, site),
    }

"""One page of each kind, for whatever is looked at on all of them."""

from __future__ import annotations

from pathlib import Path

from catalog import views
from catalog.site import Site


def one_of_each(site: Site, built: Path) -> dict[str, str]:
    """Name of a kind of page -> address of its heaviest page, which holds most of what can go wrong.

    Kinds are those of the plan, so that a new view is looked at without being named anywhere. A further stretch of a
    long list is a kind of its own, as is each page of text alone, and the error page.
    """
    found: dict[str, tuple[int, str]] = {}
    for plan in views.plan(site):
        name = f"{plan.view} {plan.path}" if plan.view == "text" else plan.view
        name += " (Fortsetzung)" if plan.part > 1 else ""
        size = (built / plan.address / "index.html").stat().st_size
        found[name] = max(found.get(name, (0, "")), (size, plan.address))
    return {name: address for name, (_, address) in found.items()} | {"error": "404.html"}

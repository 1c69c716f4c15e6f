"""Dates by year: what is to come and what was, seen from the reference date."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from catalog import feeds
from catalog.events import events
from catalog.site import Site
from catalog.views.common import PagePlan


def calendar(site: Site, page: PagePlan) -> dict[str, Any]:
    """The next dates first, then the past ones year by year, newest first; and how to subscribe to them."""
    found = events(site)
    past = [event for event in reversed(found) if event.last < site.reference_date]
    return {
        "coming": [event for event in found if event.last >= site.reference_date],
        "years": [(year, list(run)) for year, run in groupby(past, key=lambda event: event.first.year)],
        "feeds": (feeds.MEASURES, feeds.CALENDAR) if site.subscribable else (),
    }

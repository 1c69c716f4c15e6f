#!/usr/bin/env python3
"""Den Jahresbericht des Netzwerks aus den Datensätzen zusammenstellen.

Schreibt berichte/bericht-JAHR.html, eine Datei ohne Verweise auf andere
Dateien, und mit --pdf dieselbe als barrierefreies PDF (PDF/UA-1). Auf der
Website steht der Bericht unter /bericht/JAHR/.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from project import ROOT, as_year, sound_site  # first: completes sys.path

from catalog import render
from catalog.model import Page
from catalog.site import Site
from catalog.views import report

FOLDER = ROOT / "berichte"
SYSTEM_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


def main() -> int:
    """Write the report; the exit status is 1 if there is none for the year or a record is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("year", metavar="JAHR", type=as_year, help="Berichtsjahr, zum Beispiel 2020")
    parser.add_argument(
        "--pdf", action="store_true", help="zusätzlich ein PDF schreiben (braucht requirements-pdf.txt)"
    )
    parser.add_argument(
        "--with-federation",
        action="store_true",
        help="auch, was andere Wissensbasen berichten, getrennt gezählt",
    )
    parser.add_argument("--output", metavar="ORDNER", type=Path, default=FOLDER, help="Zielordner (Vorgabe: berichte/)")
    arguments = parser.parse_args()

    site = sound_site("der Bericht wurde nicht geschrieben")
    page = page_of(site, arguments.year)
    annual = report.of_year(site, arguments.year, arguments.with_federation or bool(page and page.with_federation))
    if not annual.measures:
        years = ", ".join(str(year) for year in report.years(site))
        print(f"Für {arguments.year} gibt es keinen Bericht. Jahre mit Maßnahmen: {years}.", file=sys.stderr)
        return 1
    html = document(site, annual)
    arguments.output.mkdir(parents=True, exist_ok=True)
    target = arguments.output / f"bericht-{arguments.year}.html"
    target.write_text(html, encoding="utf-8")
    print(f"Geschrieben: {target}")
    return write_pdf(html, target.with_suffix(".pdf")) if arguments.pdf else 0


def page_of(site: Site, year: int) -> Page | None:
    """The page of a year's report, if the project has one."""
    return next((p for p in site.catalog.all(Page) if p.view == "report" and report.year_in(p) == year), None)


def document(site: Site, annual: report.Report) -> str:
    """The whole report as one HTML file."""
    page = page_of(site, annual.year)
    title = page.title if page else f"Bericht {annual.year}"
    summary = page.summary if page else "Was die Partner in diesem Jahr berichten."
    abroad = {category.id: report.in_category(annual, category.id) for category, _ in annual.chapters}
    context = {"report": annual, "title": title, "summary": summary, "abroad": abroad}
    return render.document(site, "report-document", context)


def write_pdf(html: str, target: Path) -> int:
    """Write the PDF, or say what is missing for it."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: the library is there, Pango is not
        print(
            f"Kein PDF: {error}\nBitte einmal ausführen:\n"
            ".venv/bin/pip install --no-deps --require-hashes -r requirements-pdf.txt\n"
            f"und unter Debian: apt-get install {SYSTEM_PACKAGES}",
            file=sys.stderr,
        )
        return 1
    weasyprint.HTML(string=html).write_pdf(target, pdf_variant="pdf/ua-1")
    print(f"Geschrieben: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

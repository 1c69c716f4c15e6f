#!/usr/bin/env python3
"""Measure speed and memory as ratios within one run, since machines are noisy.

Copies the real records to any size and compares the whole build with plain
MkDocs and Material on the same Markdown without our hook, with Pagefind run on
the result, and with Hugo where it is installed. Exit status 1 if a ratio of the design is not held.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from project import ROOT, load_site, progress  # first: completes sys.path

import growth
import search_costs
from catalog import relations, render, rules, views
from catalog.views import overview

MIB = 1024 * 1024
LIMITS = {
    "whole build / plain MkDocs + Material + Pagefind": 1.5,
    "time(8,000 measures) / time(1,000)": 9.0,
    "peak memory at 10,000 measures, GiB": 1.5,
    "loading and checking / whole build": 0.10,
    "an overview page / whole build": 0.05,
    "index fetched before a search, KiB": 0,
    "first search at 558 measures, KiB": 200,
    "first search at 10,000 measures, KiB": 300,
}


PLAIN = """
site_name: Plain
theme: {name: material, language: de, font: false}
plugins: []
nav: [index.md]
markdown_extensions: [abbr, def_list, sane_lists, tables, toc]
validation:
  nav: {omitted_files: ignore}
  links: {not_found: ignore, unrecognized_links: ignore}
"""


@dataclass(frozen=True)
class Run:
    """What one command took."""

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Result:
    """What was measured for one number of measures."""

    size: int
    pages: int
    ours: Run
    plain: Run
    index: Run
    hugo: Run | None
    checks: float

    @property
    def ratio(self) -> float:
        """Our build to a plain one with the same search engine."""
        return self.ours.seconds / (self.plain.seconds + self.index.seconds)

    def row(self) -> str:
        """A line of the Markdown table."""
        hugo = f"{self.hugo.seconds:.1f} s" if self.hugo else "–"
        plain = f"{self.plain.seconds:.1f} + {self.index.seconds:.1f} s"
        times = f"{self.ours.seconds:.1f} s | {plain} | {self.ratio:.2f} | {hugo} | {self.checks:.2f} s"
        return f"| {self.size:,} | {self.pages:,} | {times} | {self.ours.peak_bytes / MIB:,.0f} MiB |"


def main() -> int:
    """Measure, print a Markdown table, compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="runs per measurement, the median counts (default: 3)")
    parser.add_argument("--small", action="store_true", help="only 1,000 measures, for a quick look")
    parser.add_argument("--views", action="store_true", help="only what each overview page adds, at 3,000 measures")
    parser.add_argument(
        "--growth", action="store_true", help="only what grows how: the build, the site, its data files"
    )
    parser.add_argument("--search", action="store_true", help="only what the search costs a reader")
    arguments = parser.parse_args()
    if arguments.search:
        return bench_search()
    if arguments.growth:
        return bench_growth()
    if arguments.views:
        return bench_views(arguments.runs)

    sizes = [1000] if arguments.small else [1000, 8000, 10000]
    with tempfile.TemporaryDirectory() as folder:
        results: dict[int, Result] = {}
        print(
            "| measures | pages | whole build | plain MkDocs + Material + Pagefind | ratio | Hugo "
            "| load and check | peak memory |"
        )
        print("|--:|--:|--:|--:|--:|--:|--:|--:|")
        for size in progress(sizes, unit=" sizes"):
            project = copy_records(Path(folder) / str(size), size)
            result = compare(project, size, arguments.runs if size == 1000 else 1)
            print(result.row(), flush=True)
            results[size] = result
            shutil.rmtree(project)
    ratios = {
        "whole build / plain MkDocs + Material + Pagefind": results[1000].ratio,
        "loading and checking / whole build": results[1000].checks / results[1000].ours.seconds,
    }
    if not arguments.small:
        ratios["time(8,000 measures) / time(1,000)"] = results[8000].ours.seconds / results[1000].ours.seconds
        ratios["peak memory at 10,000 measures, GiB"] = results[10000].ours.peak_bytes / (1024 * MIB)
    return report(ratios)


def bench_search() -> int:
    """Print what the search costs a reader at three sizes, the real one first; 1 if it is too much."""
    print(search_costs.HEADER)
    found: dict[int, search_costs.Costs] = {}
    for size, site, _ in built():
        found[size] = search_costs.measure(site)
        print(found[size].row(size), flush=True)
    real = min(found)
    kib = search_costs.KIB
    return report(
        {
            "index fetched before a search, KiB": max(costs.idle for costs in found.values()) / kib,
            "first search at 558 measures, KiB": found[real].first / kib,
            "first search at 10,000 measures, KiB": found[10000].first / kib,
        }
    )


def bench_growth() -> int:
    """Print how large the site and its data get at three sizes, the real one first; 1 if a build needs too much."""
    print(growth.HEADER)
    peak = 0
    for size, site, run in built():
        peak = run.peak_bytes
        print(growth.measure(site).row(size, run.seconds, peak), flush=True)
    return report({"peak memory at 10,000 measures, GiB": peak / (1024 * MIB)})


def built() -> Iterator[tuple[int, Path, Run]]:
    """(number of measures, the site, what its build took) for the real records, 3,000 and 10,000 measures."""
    real = sum(1 for _ in (ROOT / "measures").rglob("*.md"))
    with tempfile.TemporaryDirectory() as folder:
        for size in (real, 3000, 10000):
            project = copy_records(Path(folder) / str(size), size)
            yield size, project / "site", build(project)
            shutil.rmtree(project)


def bench_views(runs: int) -> int:
    """Print what each overview page adds to a build of 3,000 measures, the slowest first; 1 if one adds too much."""
    with tempfile.TemporaryDirectory() as folder:
        project = copy_records(Path(folder) / "3000", 3000)
        whole = median([build(project) for _ in range(runs)]).seconds
        found = [view_costs(project, whole) for _ in progress(list(range(runs)), unit=" runs")]
    print(f"whole build: {whole:.1f} s\n")
    print("| view | pages | seconds | share of the build |")
    print("|---|--:|--:|--:|")
    costs = {view: statistics.median(run[view][1] for run in found) for view in found[0]}
    for view in sorted(costs, key=lambda view: -costs[view]):
        print(f"| {view} | {found[0][view][0]:,} | {costs[view]:.3f} | {costs[view] / whole:.1%} |")
    return report({"an overview page / whole build": max(costs.values()) / whole})


def view_costs(project: Path, whole: float) -> dict[str, tuple[int, float]]:
    """View -> (number of its pages, seconds): its own work, and its pages' share of what MkDocs does for any page."""
    site, _ = load_site(project)
    start = time.perf_counter()
    plans = views.plan(site)
    before = time.perf_counter()
    len(site.similar)
    own = {"similar": time.perf_counter() - before}
    for plan in plans:
        before = time.perf_counter()
        render.page(site, plan.view, views.context(site, plan), "")
        own[plan.view] = own.get(plan.view, 0.0) + time.perf_counter() - before
    pages = Counter(plan.view for plan in plans)
    per_page = max(0.0, whole - (time.perf_counter() - start)) / len(plans)
    wanted = [view for view in ("similar", *overview.OVERVIEWS, "offers", "report-chapter", "report") if view in own]
    return {view: (pages[view], own[view] + pages[view] * per_page) for view in dict.fromkeys(wanted)}


def report(ratios: dict[str, float]) -> int:
    """Print each ratio with its limit; 1 if one is not held."""
    print()
    failed = False
    for name, value in ratios.items():
        held = value <= LIMITS[name]
        failed |= not held
        print(f"- {name}: {value:.2f} (limit {LIMITS[name]:g}{'' if held else ', NOT HELD'})")
    return int(failed)


def compare(project: Path, size: int, runs: int) -> Result:
    """Measure everything for one size; the commands take turns, so that a busy machine slows all of them."""
    commands = {
        "ours": build,
        "plain": build_plain,
        "index": index_plain,
        **({"hugo": build_hugo} if shutil.which("hugo") else {}),
    }
    found: dict[str, list[Run]] = {name: [] for name in commands}
    checks = []
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(command(project))
        checks.append(load_and_check(project))
    pages = sum(1 for _ in (project / "site").rglob("*.html"))
    middle = {name: median(runs_of) for name, runs_of in found.items()}
    return Result(
        size, pages, middle["ours"], middle["plain"], middle["index"], middle.get("hugo"), statistics.median(checks)
    )


def copy_records(target: Path, size: int) -> Path:
    """The whole project with its partners and their measures repeated until there are ``size`` measures."""
    ignore = shutil.ignore_patterns(".*", "site", "tests", "__pycache__", "node_modules")
    shutil.copytree(ROOT, target, ignore=ignore)
    originals = sorted((target / "measures").iterdir())
    total = sum(1 for _ in (target / "measures").rglob("*.md"))
    copy = 0
    while total < size:
        copy += 1
        for folder in originals:
            files = sorted(folder.glob("*.md"))[: size - total]
            if not files:
                break
            name = f"{folder.name}-{copy}"
            shutil.copy(target / "partners" / f"{folder.name}.md", target / "partners" / f"{name}.md")
            (target / "measures" / name).mkdir()
            for file in files:
                copy_measure(file, target / "measures" / name / file.name, folder.name)
            total += len(files)
    surplus = sorted((target / "measures").rglob("*.md"))[size:]
    if surplus:
        raise SystemExit(f"There are more than {size} real measures; raise the sizes in scripts/bench.py")
    return target


def copy_measure(source: Path, target: Path, partner: str) -> None:
    """Copy a measure; what it continues and links to stays the original's, so that nothing leads nowhere."""
    text = source.read_text(encoding="utf-8").replace("](", f"](../{partner}/")
    text = text.replace(f"](../{partner}/../", "](../").replace(f"](../{partner}/http", "](http")
    lines = (f"continues: {partner}/{line[11:]}" if _is_short(line) else line for line in text.split("\n"))
    kept = (line for line in lines if not line.startswith("aliases:"))
    target.write_text("\n".join(kept), encoding="utf-8")


def _is_short(line: str) -> bool:
    return line.startswith("continues: ") and "/" not in line


def median(runs: list[Run]) -> Run:
    """The median time and the highest memory of several runs."""
    return Run(statistics.median(run.seconds for run in runs), max(run.peak_bytes for run in runs))


def build(project: Path) -> Run:
    """Our build; not strict, since the last partner's copy is cut short and some of its links lead nowhere."""
    return measure([sys.executable, "-m", "mkdocs", "--quiet", "build"], project)


def build_plain(project: Path) -> Run:
    """The same Markdown with MkDocs and Material alone: no hook, no search plugin, records outside the menu."""
    plain = project / "plain"
    if not plain.exists():
        for name in ("docs", "partners", "measures"):
            shutil.copytree(project / name, plain / "docs" / ("" if name == "docs" else name), dirs_exist_ok=True)
        (plain / "mkdocs.yml").write_text(PLAIN)
    return measure([sys.executable, "-m", "mkdocs", "--quiet", "build"], plain)


def index_plain(project: Path) -> Run:
    """Pagefind on the plain site as it comes."""
    return measure([sys.executable, "-m", "pagefind", "--silent", "--site", "plain/site"], project)


def build_hugo(project: Path) -> Run:
    """The same Markdown with Hugo and two bare templates: what raw rendering costs at best."""
    hugo = project / "hugo"
    if not hugo.exists():
        shutil.copytree(project / "plain" / "docs", hugo / "content")
        for other in [*hugo.rglob("*.yml"), *hugo.rglob("*.json")]:
            other.unlink()
        for name in ("quellen", "dokumente"):
            for source in (hugo / "content" / name).glob("*.md"):
                source.write_text(source.read_text().replace("\nurl: ", "\nweb: "))  # url means the address to Hugo
        layouts = hugo / "layouts" / "_default"
        layouts.mkdir(parents=True)
        for name in ("single", "list"):
            (layouts / f"{name}.html").write_text("<!doctype html><title>{{ .Title }}</title>{{ .Content }}")
        (hugo / "config.toml").write_text('title = "Hugo"\ndisableKinds = ["taxonomy", "term", "RSS"]\n')
    return measure(["hugo", "--quiet"], hugo)


def measure(command: list[str], folder: Path) -> Run:
    """Run a command in a process of its own and ask the system what it used."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
    return Run(time.perf_counter() - start, usage.ru_maxrss * 1024)


def load_and_check(project: Path) -> float:
    """Seconds to load, check and relate all records."""
    start = time.perf_counter()
    catalog, found = rules.load(project, views.PAGE_VIEWS)
    relations.relate(catalog)
    taken = time.perf_counter() - start
    if found:
        raise SystemExit(f"The copied records have problems: {found[0]}")
    return taken


if __name__ == "__main__":
    sys.exit(main())

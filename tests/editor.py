"""The editor in the browser on its own test repository, for tests and pictures.

The repository is the browser's private folder, filled with the project's real files.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parent.parent
SEEDED = ("partners", "measures/kreis-lippe", "docs/netzwerke", "docs/phasen", "docs/kategorien", "docs/handlungsfelder",
          "docs/indikatoren", "docs/quellen", "docs/kontakte", "docs/dokumente")  # fmt: skip
# Sveltia's test repository lies in the browser's private folder of this name.
WRITE = """async (files) => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('sveltia-cms-test', { create: true });
  for (const [path, text] of files) {
    let folder = root;
    const names = path.split('/');
    const last = names.pop();
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
    const file = await (await folder.getFileHandle(last, { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }
}"""
READ = """async () => {
  const found = {};
  const walk = async (folder, at) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'file') found[at + name] = await (await handle.getFile()).text();
      else await walk(handle, `${at}${name}/`);
    }
  };
  await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('sveltia-cms-test'), '');
  return found;
}"""


def seeds() -> dict[str, str]:
    paths = (path for folder in SEEDED for path in sorted((ROOT / folder).rglob("*.md")))
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def collections(page: Page) -> Locator:
    """The entries of the list at the side."""
    return page.get_by_role("treeitem")


def open_at(page: Page, address: str, place: str, files: Iterable[tuple[str, str]] = ()) -> Page:
    """Open the editor at a place, signed in to the test repository, with further files in it."""
    settings = page.request.get(f"{address}redaktion/config.json").json()
    settings["cms"] |= {"backend": {"name": "test-repo"}, "publish_mode": "simple"}
    page.route("**/redaktion/config.json", lambda route: route.fulfill(json=settings))
    page.goto(f"{address}redaktion/")
    page.evaluate(WRITE, [*seeds().items(), *files])
    page.get_by_role("button", name="Mit Test-Repository arbeiten").click()
    expect(collections(page).filter(has_text="Kreis Lippe")).to_be_visible()
    page.goto(f"{address}redaktion/#/collections/{place}")
    return page

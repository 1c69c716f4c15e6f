"""The structure that the design promises, read from the code itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOOKS = Path(__file__).resolve().parent.parent / "hooks"

# A module may import only from those before it.
ORDER = (
    "problems", "aside", "dates", "limits", "conversion", "naming", "pictures", "frontmatter", "vocabulary", "thesaurus", "fields", "model", "reading", "operator", "open_data", "publishing", "federation", "store", "persons", "wording", "links", "table_names", "progress", "archive", "rules",
    "relations", "history", "german", "similarity", "adoption", "atlas", "shipped", "forms", "writing", "readability", "editorial", "site", "render", "downloads", "sharing", "events", "feeds", "finding", "views", "sitemap", "lexicon", "schema", "shapes", "spreadsheets", "tables", "flat", "columnar", "openapi", "bundle", "dcat", "policy", "linked", "shell", "export", "harvesting", "staging", "editing",
)  # fmt: skip
MODULES = sorted(path for path in HOOKS.rglob("*.py") if "__pycache__" not in path.parts)


def imports(path: Path) -> set[str]:
    """The modules that a file imports, by their full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "catalog":
            found |= {f"catalog.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def layer(module: str) -> int:
    return ORDER.index(module.split(".")[1])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(HOOKS).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    name = name_of(path)
    if not name.startswith("catalog."):
        return
    for imported in imports(path):
        if imported.startswith("catalog."):
            same_package = name.split(".")[1:2] == imported.split(".")[1:2]
            assert same_package or layer(imported) < layer(name), f"{name} imports {imported}"


def test_only_the_hook_knows_mkdocs() -> None:
    for path in MODULES:
        knows = any(name.split(".")[0] in {"mkdocs", "material", "properdocs"} for name in imports(path))
        assert knows == (path.name == "assemble.py"), path


def test_only_the_store_opens_record_files() -> None:
    """The atlas and the list of what is shipped read data that is part of the generator, the index what Pagefind wrote.

    Staging opens folders, to lock them.
    """
    readers = [path.name for path in MODULES if re.search(r"\bopen\(|\.read_(bytes|text)\(", path.read_text())]
    assert readers == ["atlas.py", "finding.py", "shipped.py", "staging.py", "store.py"]


def test_no_clock_and_no_network() -> None:
    forbidden = {"time", "socket", "http", "requests", "urllib.request", "random"}
    for path in MODULES:
        assert not imports(path) & forbidden, path


def test_the_hook_stays_small() -> None:
    assert len((HOOKS / "assemble.py").read_text().splitlines()) <= 165  # "about 150 lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_stay_short_and_documented(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), f"{path.name} says nothing about itself"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{path.name}: {node.name} is too long"


def test_no_html_in_python() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "</" not in node.value, f"{path.name}: {node.value[:60]}"

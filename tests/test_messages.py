"""Golden cases: a project with mistakes, and the complete ordered list of messages.

Write the expected lists anew with ``WRITE_CASES=1 pytest tests/test_messages.py`` and read the difference.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
import yaml

from catalog import problems, rules, views

CASES = sorted((Path(__file__).parent / "cases" / "messages").glob("*.yml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_messages(case: Path, project: Path) -> None:
    text = case.read_text()
    data = yaml.safe_load(text)
    set_up(project, data)
    _, found = rules.load(project, views.PAGE_VIEWS)
    messages = problems.as_text(found)
    if os.environ.get("WRITE_CASES"):
        head = text.split("\nmessages:")[0].rstrip("\n")
        block = (
            "\nmessages: |\n" + "".join(f"  {line}\n" for line in messages.splitlines())
            if messages
            else '\nmessages: ""\n'
        )
        case.write_text(head + block)
        pytest.skip("written")
    assert messages == data["messages"]


def set_up(project: Path, data: dict[str, dict[str, str]]) -> None:
    contents = {name: text.encode() for name, text in data.get("files", {}).items()}
    contents |= {name: base64.b64decode(text) for name, text in data.get("bytes", {}).items()}
    contents |= {name: b"x" * int(size) for name, size in data.get("large", {}).items()}
    for name, content in contents.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, target in data.get("links", {}).items():
        (project / name).symlink_to(target)


def test_every_message_names_file_line_and_remedy(project: Path) -> None:
    """A message without a way out is no message."""
    set_up(project, yaml.safe_load((CASES[0].parent / "every-mistake.yml").read_text()))
    _, found = rules.load(project, views.PAGE_VIEWS)
    assert len(found) > 60
    for problem in found:
        assert problem.path
        assert problem.line >= 1
        assert problem.message.endswith((".", "…"))
        assert problem.hint, problem

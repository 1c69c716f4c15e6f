"""Fills in the forges' forms as people do, and writes the text that each forge makes of the answers.

GitHub: two line ends after everything, ``- [X]`` for a ticked box, ``_No response_``; Forgejo: the same with ``- [x]``
and one more blank line (routers/web/repo and modules/issue/template in its source); GitLab: the template as it was edited.
"""

from __future__ import annotations

from typing import Any

import yaml

Answers = dict[str, str | list[str]]


def github(form: str, answers: Answers) -> str:
    return "\n\n".join(_blocks(form, answers, "X"))


def forgejo(form: str, answers: Answers) -> str:
    return "".join(f"{block}\n\n" for block in _blocks(form, answers, "x"))


def gitlab(template: str, answers: Answers) -> str:
    """The template with answers below the comments, boxes ticked, and the quick action carried out."""
    shown: list[str] = []
    title = ""
    left = dict(answers)
    for line in template.split("\n")[2:]:
        if line.startswith("### "):
            title = line.removeprefix("### ")
        if line.startswith("- [ ] ") and line.removeprefix("- [ ] ") in left.get(title, []):
            line = line.replace("[ ]", "[x]")
        shown.append(line)
        if line.endswith("-->") and isinstance(left.get(title), str):
            shown += ["", str(left.pop(title))]
    return "\n".join(shown)


def _blocks(form: str, answers: Answers, mark: str) -> list[str]:
    elements = [element for element in yaml.safe_load(form)["body"] if element["type"] != "markdown"]
    titles = [element["attributes"]["label"] for element in elements]
    assert set(answers) <= set(titles), set(answers) - set(titles)
    return [
        f"### {title}\n\n{_answer(element, answers.get(title), mark)}"
        for title, element in zip(titles, elements, strict=True)
    ]


def _answer(element: dict[str, Any], answer: str | list[str] | None, mark: str) -> str:
    options = element["attributes"].get("options", [])
    if element["type"] == "checkboxes":
        labels = [option["label"] for option in options]
        assert set(answer or ()) <= set(labels), set(answer or ()) - set(labels)
        return "\n".join(f"- [{mark if label in (answer or ()) else ' '}] {label}" for label in labels)
    if element["type"] == "dropdown":
        chosen = [answer] if isinstance(answer, str) else answer or []
        assert set(chosen) <= set(options), set(chosen) - set(options)
        return ", ".join(chosen) or "_No response_"
    return str(answer or "_No response_")

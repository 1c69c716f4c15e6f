"""A file ``_headers`` as Netlify reads it."""

from __future__ import annotations

Rules = list[tuple[str, list[tuple[str, str]]]]


def parsed(text: str) -> Rules:
    """Each path with the headers below it."""
    rules: Rules = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("/"):
            rules.append((line, []))
        else:
            name, _, value = line.partition(":")
            rules[-1][1].append((name.strip(), value.strip()))
    return rules


def headers_for(rules: Rules, path: str) -> dict[str, list[str]]:
    """What is sent with an address: every rule that matches adds to it."""
    found: dict[str, list[str]] = {}
    for pattern, headers in rules:
        if path == pattern or (pattern.endswith("*") and path.startswith(pattern[:-1])):
            for name, value in headers:
                found.setdefault(name, []).append(value)
    return found

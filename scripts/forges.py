"""What scripts ask of a forge: issues, requests, comments. GitHub and Forgejo share an interface, GitLab has its own.

A forge is found by the variables that its CI sets. The token is never part of an
address or of a command line.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

TIMEOUT = 30
# Longer lists than this many pages are no lists of proposals.
MAX_PAGES = 50
# The first that is set: one made for this purpose, one handed over by a workflow, the one of the CI.
TOKENS = ("PROPOSAL_TOKEN", "FORGE_TOKEN", "FORGEJO_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN")
# Who speaks with the token of a workflow, which may not ask for its own name.
BOTS = frozenset({"github-actions[bot]", "forgejo-actions", "gitea-actions"})


class ForgeError(Exception):
    """A forge cannot be reached or refuses; the text says it in German."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue: its number, its text, its labels and whether it is still open."""

    number: int
    text: str
    labels: frozenset[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A pull or merge request: its address and whether it is still open."""

    address: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an issue: its id, its author's name, its text."""

    id: int
    author: str
    text: str


class Forge(ABC):
    """One repository on a forge.

    Attributes:
        remote: the repository's address for git.
        user: the name that goes with the token when git signs in.
    """

    user: str

    def __init__(self, api: str, place: str, remote: str, token: str) -> None:
        if not api.startswith(("https://", "http://")):
            raise ForgeError(f"„{api}“ ist keine Adresse einer Schnittstelle.")
        self._api = api.rstrip("/")
        self._place = place
        self.remote = remote
        self._token = token

    @abstractmethod
    def issue(self, number: int) -> Issue:
        """One issue."""

    @abstractmethod
    def issues(self, label: str) -> list[Issue]:
        """All open issues with a label."""

    @abstractmethod
    def requests(self, branch: str) -> list[Request]:
        """All requests from a branch of this repository, the newest first."""

    @abstractmethod
    def open_request(self, branch: str, base: str, title: str, text: str) -> Request:
        """Ask to merge ``branch`` into ``base``."""

    def request(self, branch: str, changed: bool, base: str, title: str, text: str) -> Request:
        """The open request of a branch, or a new one; a declined one is followed by another only if something changed.

        Args:
            branch: what is to be merged.
            changed: whether it holds something else than before.
            base: into what.
            title: of a new request.
            text: of a new request.
        """
        there = self.requests(branch)
        still = [request for request in there if request.is_open]
        if still or (there and not changed):
            return (still or there)[0]
        return self.open_request(branch, base, title, text)

    @abstractmethod
    def _thread(self, number: int, on_request: bool) -> str:
        """The path of an issue or a request."""

    @abstractmethod
    def _comments(self, thread: str) -> Iterator[Comment]: ...

    @abstractmethod
    def _add_comment(self, thread: str, text: str) -> None: ...

    @abstractmethod
    def _change_comment(self, thread: str, id: int, text: str) -> None: ...

    @abstractmethod
    def _names(self) -> frozenset[str]:
        """The names under which the token's comments appear."""

    @abstractmethod
    def _headers(self) -> dict[str, str]: ...

    def credentials(self) -> str:
        """The header with which git signs in."""
        pair = base64.b64encode(f"{self.user}:{self._token}".encode()).decode()
        return f"Authorization: Basic {pair}"

    def answer(self, number: int, marker: str, text: str, on_request: bool = False) -> None:
        """Leave one comment on an issue or a request, or change the one that is there.

        Args:
            number: the issue or the request.
            marker: the line with which the comment begins, by which it is found again.
            text: the rest of it.
            on_request: whether it is a request, which GitLab numbers apart from issues.
        """
        wanted = f"{marker}\n{text}".strip()
        names = self._names()
        thread = self._thread(number, on_request)
        mine = [c for c in self._comments(thread) if c.author in names and c.text.startswith(marker)]
        if not mine:
            self._add_comment(thread, wanted)
        elif mine[0].text.strip() != wanted:
            self._change_comment(thread, mine[0].id, wanted)

    def call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """One call of the interface.

        Args:
            method: of HTTP.
            path: below the interface's address.
            data: what is sent, if anything.

        Raises:
            ForgeError: if the forge cannot be reached or refuses.
        """
        body = None if data is None else json.dumps(data).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", **self._headers()}
        request = urllib.request.Request(f"{self._api}/{path}", body, headers, method=method)  # noqa: S310  (see __init__)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ForgeError(f"{method} {path}: Die Forge antwortet mit {error.code} {error.reason}.") from error
        except (OSError, ValueError) as error:
            raise ForgeError(f"{method} {path}: Die Forge ist nicht erreichbar ({error}).") from error

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """All entries of a list, page by page; the size of a page is asked for under both names that forges know."""
        for number in range(1, MAX_PAGES + 1):
            entries = self.call("GET", f"{path}?{urlencode({**query, 'per_page': 50, 'limit': 50, 'page': number})}")
            yield from entries
            if len(entries) < 50:
                return


class Hub(Forge):
    """GitHub, Forgejo and Gitea."""

    user = "x-access-token"

    def __init__(self, api: str, server: str, repository: str, token: str) -> None:
        super().__init__(api, f"repos/{quote(repository)}", f"{server}/{repository}.git", token)
        self._repository = repository

    def issue(self, number: int) -> Issue:
        return self._issue(self.call("GET", f"{self._place}/issues/{number}"))

    def issues(self, label: str) -> list[Issue]:
        found = self.pages(f"{self._place}/issues", labels=label, state="open", type="issues")
        return [self._issue(data) for data in found if not data.get("pull_request")]

    def requests(self, branch: str) -> list[Request]:
        owner = self._repository.partition("/")[0]
        return [
            Request(data["html_url"], data["state"] == "open")
            for data in self.pages(f"{self._place}/pulls", state="all", head=f"{owner}:{branch}")
            # Forgejo does not filter, and a fork may have a branch of the same name.
            if data["head"]["ref"] == branch and (data["head"]["repo"] or {}).get("full_name") == self._repository
        ]

    def open_request(self, branch: str, base: str, title: str, text: str) -> Request:
        data = self.call("POST", f"{self._place}/pulls", {"title": title, "head": branch, "base": base, "body": text})
        return Request(data["html_url"], True)

    def _issue(self, data: Any) -> Issue:
        labels = frozenset(label["name"] for label in data["labels"] or ())
        return Issue(data["number"], data["body"] or "", labels, data["state"] == "open")

    def _thread(self, number: int, on_request: bool) -> str:
        return f"{self._place}/issues/{number}"  # a request is an issue too

    def _comments(self, thread: str) -> Iterator[Comment]:
        for data in self.pages(f"{thread}/comments"):
            yield Comment(data["id"], (data["user"] or {}).get("login", ""), data["body"] or "")

    def _add_comment(self, thread: str, text: str) -> None:
        self.call("POST", f"{thread}/comments", {"body": text})

    def _change_comment(self, thread: str, id: int, text: str) -> None:
        self.call("PATCH", f"{self._place}/issues/comments/{id}", {"body": text})

    def _names(self) -> frozenset[str]:
        try:
            return BOTS | {str(self.call("GET", "user")["login"])}
        except ForgeError:
            return BOTS

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self._token}"}


class GitLab(Forge):
    """GitLab, openCode too."""

    user = "oauth2"

    def __init__(self, api: str, remote: str, project: str, token: str) -> None:
        super().__init__(api, f"projects/{quote(project, safe='')}", remote, token)

    def issue(self, number: int) -> Issue:
        return self._issue(self.call("GET", f"{self._place}/issues/{number}"))

    def issues(self, label: str) -> list[Issue]:
        return [self._issue(data) for data in self.pages(f"{self._place}/issues", labels=label, state="opened")]

    def requests(self, branch: str) -> list[Request]:
        found = self.pages(f"{self._place}/merge_requests", source_branch=branch, state="all")
        return [
            Request(data["web_url"], data["state"] == "opened")
            for data in found
            if data["source_project_id"] == data["target_project_id"]
        ]

    def open_request(self, branch: str, base: str, title: str, text: str) -> Request:
        said = {"source_branch": branch, "target_branch": base, "title": title, "description": text}
        data = self.call("POST", f"{self._place}/merge_requests", {**said, "remove_source_branch": True})
        return Request(data["web_url"], True)

    def _issue(self, data: Any) -> Issue:
        return Issue(data["iid"], data["description"] or "", frozenset(data["labels"]), data["state"] == "opened")

    def _thread(self, number: int, on_request: bool) -> str:
        return f"{self._place}/{'merge_requests' if on_request else 'issues'}/{number}"

    def _comments(self, thread: str) -> Iterator[Comment]:
        for data in self.pages(f"{thread}/notes", sort="asc"):
            yield Comment(data["id"], data["author"]["username"], data["body"])

    def _add_comment(self, thread: str, text: str) -> None:
        self.call("POST", f"{thread}/notes", {"body": text})

    def _change_comment(self, thread: str, id: int, text: str) -> None:
        self.call("PUT", f"{thread}/notes/{id}", {"body": text})

    def _names(self) -> frozenset[str]:
        return frozenset({str(self.call("GET", "user")["username"])})

    def _headers(self) -> dict[str, str]:
        return {"PRIVATE-TOKEN": self._token}


def connect(kind: str, environment: Mapping[str, str]) -> Forge:
    """The forge that a CI runs on.

    Args:
        kind: ``github``, ``gitlab`` or ``forgejo``.
        environment: the variables of the CI.

    Raises:
        ForgeError: if a variable is missing.
    """
    token = _first(environment, TOKENS)
    if kind == "gitlab":
        api, url, project = (
            _first(environment, (f"CI_{name}",)) for name in ("API_V4_URL", "PROJECT_URL", "PROJECT_ID")
        )
        return GitLab(api, f"{url}.git", project, token)
    prefixes = ("FORGEJO", "GITEA", "GITHUB") if kind == "forgejo" else ("GITHUB",)
    api, server, repository = (
        _first(environment, [f"{prefix}_{name}" for prefix in prefixes])
        for name in ("API_URL", "SERVER_URL", "REPOSITORY")
    )
    return Hub(api, server, repository, token)


def _first(environment: Mapping[str, str], names: Sequence[str]) -> str:
    for name in names:
        if environment.get(name):
            return environment[name]
    raise ForgeError(f"Die Variable {names[-1]} fehlt; sie setzt die CI der Forge.")

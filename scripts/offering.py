"""Offering what was harvested of other sites as one request, which people look at before it is shown.

The branch is made anew from HEAD each time, so that it always holds one commit: the
snapshots as they lie in the working tree. What servers say besides, by which
they know a file again, is no reason for a request.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from branches import Repository, State, refusal
from catalog.editing import markdown
from catalog.federation import FOLDER, STATE
from forges import Forge, ForgeError

BRANCH = "verbund"
NAME = "Abruf anderer Wissensbasen"
TITLE = "Neuer Stand anderer Wissensbasen"
# Letters of the request's text; forges take at least as many.
LONGEST = 30_000


def offer(root: Path, forge: Forge, base: str, told: Iterable[str]) -> str:
    """Open a request with the snapshots, or renew the one that is open.

    Args:
        root: the project folder, a clone whose HEAD is what the request is to be merged into.
        forge: where.
        base: the branch into which it is to be merged.
        told: what the harvest reports, line by line; names and reasons in it are other people's words.

    Returns:
        What has been done, in a few words.

    Raises:
        ForgeError: if the forge or git refuses.
    """
    try:
        repository = Repository(root, forge.remote, forge.credentials(), NAME)
        state = repository.put_folder(BRANCH, FOLDER, f"{TITLE}\n", aside=STATE)
    except subprocess.CalledProcessError as error:
        raise ForgeError(refusal(error)) from error
    if state is None:
        return "Nichts Neues vorzuschlagen."
    request = forge.request(BRANCH, state is State.WRITTEN, base, TITLE, _text(told))
    done = {
        State.SAME: "Schon vorgeschlagen",
        State.WRITTEN: "Vorgeschlagen",
        State.TAKEN_OVER: f"Am Zweig {BRANCH} arbeitet schon jemand weiter; er bleibt, wie er ist",
    }
    return f"{done[state]}: {request.address}"


def _text(told: Iterable[str]) -> str:
    """What the request says: the report, in which nothing is a link, a mention or a command of the forge."""
    shown = (f"{line[: len(line) - len(line.lstrip())]}- {markdown.words(line.strip())}" for line in told)
    lead = "Was `scripts/harvest.py` bei anderen Wissensbasen gefunden hat. Erst wenn es übernommen ist, erscheint es."
    return markdown.cut("\n".join((lead, "", *shown, "")), LONGEST)

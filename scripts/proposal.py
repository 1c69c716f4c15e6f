#!/usr/bin/env python3
"""Aus dem Text eines Vorschlags Dateien machen, oder sagen, was noch zu ändern ist.

Mit TEXT-FILE (- für die Standardeingabe) werden die Dateien geschrieben; die
Antwort erscheint in Markdown. Ist etwas falsch, wird nichts geschrieben, und der
Rückgabewert ist 1.

Mit --forge wird ein Issue gelesen, das die Marke aus mkdocs.yml trägt
(extra.editing.label). Seine Dateien kommen auf den Zweig vorschlag-N, dazu
entsteht ein Request, und die Antwort steht als ein Kommentar am Issue; ein
zweiter Lauf ändert nur, was sich geändert hat. Zugang und Adresse kommen aus den
Variablen der CI.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from project import ROOT, settings, site_url  # first: completes sys.path

from branches import Repository, State, refusal
from catalog.editing import drafts, proposals
from catalog.editing.drafts import Files
from catalog.editing.proposals import Outcome
from catalog.editing.sections import MAX_BYTES
from catalog.model import Measure
from catalog.site import FORGES, read_editing
from forges import Forge, ForgeError, Issue, connect
from issue_forms import forms_of

MARKER = "<!-- wissensbasis: Antwort auf den Vorschlag -->"


def main() -> int:
    """Run as asked for; the exit status is 1 if a proposal is refused, or a forge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", metavar="TEXT-FILE", nargs="?", help="Datei mit dem Text, - für die Standardeingabe")
    parser.add_argument("--output", metavar="DIR", type=Path, default=ROOT, help="wohin (Vorgabe: ins Projekt)")
    parser.add_argument("--dry-run", action="store_true", help="nur prüfen, nichts schreiben")
    parser.add_argument("--forge", choices=FORGES, help="Art der Forge, in deren CI das läuft")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--issue", metavar="N", type=_number, help="Nummer des Issues")
    which.add_argument("--all", action="store_true", help="alle offenen Issues mit der Marke")
    arguments = parser.parse_args()
    if bool(arguments.text) == bool(arguments.forge) or bool(arguments.forge) != bool(arguments.issue or arguments.all):
        parser.error("Bitte entweder TEXT-FILE angeben oder --forge mit --issue oder --all.")
    if arguments.text:
        return _offline(arguments.text, arguments.output, arguments.dry_run)
    return _on_a_forge(arguments.forge, arguments.issue)


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"„{text}“ ist keine Nummer")
    return int(text)


def _offline(name: str, output: Path, dry_run: bool) -> int:
    content = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else Path(name).read_bytes()
    outcome = proposals.examine(content.decode(errors="replace"), ROOT)
    if not dry_run:
        for path, text in _to_write(outcome).items():
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            (output / path).write_bytes(text.encode())
    print(proposals.answer(outcome, site_url()), end="")
    return bool(outcome.problems)


def _to_write(outcome: Outcome) -> Files:
    """The files of a proposal, and the forges' forms if their lists name a new partner or document with it."""
    if all(draft.kind == Measure.kind for draft in outcome.proposal.drafts) or not outcome.files:
        return outcome.files
    forms = forms_of(drafts.check(ROOT, outcome.files)[0])
    return outcome.files | {
        path: text
        for path, text in forms.items()
        if (ROOT / path).is_file() and (ROOT / path).read_text(encoding="utf-8") != text
    }


def _on_a_forge(kind: str, number: int | None) -> int:
    known = settings()
    editing = read_editing(known["repo_url"], known["extra"])
    try:
        forge = connect(kind, os.environ)
        issues = [forge.issue(number)] if number else forge.issues(editing.label)
    except ForgeError as error:
        print(error, file=sys.stderr)
        return 1
    repository = Repository(ROOT, forge.remote, forge.credentials())
    failed = False
    for issue in issues:
        # A log shows numbers only: what people write could be taken for a command of the CI.
        if not issue.is_open or editing.label not in issue.labels:
            print(f"Issue {issue.number}: kein offener Vorschlag.")
            continue
        try:
            print(f"Issue {issue.number}: {_process(issue, forge, repository, editing.branch)}")
        except (ForgeError, subprocess.CalledProcessError) as error:
            told = error if isinstance(error, ForgeError) else refusal(error)
            print(f"Issue {issue.number}: {told}", file=sys.stderr)
            failed = True
    return failed


def _process(issue: Issue, forge: Forge, repository: Repository, base: str) -> str:
    """Answer one issue; what has been done, in a few words."""
    outcome = proposals.examine(issue.text, ROOT)
    if not outcome.files:
        forge.answer(issue.number, MARKER, proposals.answer(outcome, site_url()))
        return f"{len(outcome.problems)} Fehler, beantwortet." if outcome.problems else "nichts zu tun."
    branch = f"vorschlag-{issue.number}"
    files = _to_write(outcome)
    message = "\n".join((f"Proposal from issue {issue.number}", "", *files, ""))
    state = repository.put(branch, files, message)
    request = _request(issue, forge, outcome, state, branch, base)
    taken_over = state is State.TAKEN_OVER
    told = proposals.taken_over(request) if taken_over else proposals.answer(outcome, site_url(), request)
    forge.answer(issue.number, MARKER, told)
    return {State.SAME: "unverändert.", State.WRITTEN: "übernommen.", State.TAKEN_OVER: "schon weiterbearbeitet."}[
        state
    ]


def _request(issue: Issue, forge: Forge, outcome: Outcome, state: State, branch: str, base: str) -> str:
    """The address of the branch's request."""
    files = "".join(f"- `{path}`\n" for path in outcome.files)
    text = f"Aus dem Vorschlag #{issue.number}, geprüft und ohne Fehler:\n\n{files}\nCloses #{issue.number}\n"
    title = f"Vorschlag {issue.number}: {next(iter(outcome.files))}"
    return forge.request(branch, state is State.WRITTEN, base, title, text).address


if __name__ == "__main__":
    sys.exit(main())

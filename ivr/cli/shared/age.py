"""Is a rules file older than what is live? No server need run; its home folder has the history."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise, takewhile
from pathlib import Path

from ivr.cli.shared.change_lines import local
from ivr.cli.shared.in_force import rules_taken, where_kept
from ivr.cli.shared.zone import zone_of
from ivr.records.changes import RulesChange
from ivr.rulebook.text import RulesText
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location


def older_than_live(file: Path, revision: str, home: Path) -> Fault | None:
    """The finding, where the rules in `file` were in force before others, or were written before others were taken.

    Rules that differ because they are new are no fault. Raises StoreFailed, ConfigRefused.
    """
    taken = rules_taken(home)
    if not taken or taken[0].revision == revision:
        return None
    zone = zone_of(home)
    message = _was_in_force(revision, taken, zone) or _was_written_before(file, taken, zone)
    if message is None:
        return None
    here = f" --home {shlex.quote(str(home))}"
    kept = where_kept(home, taken[0])
    begin = f"; begin anew from {kept}" if kept else ""
    hint = f"`ivr plan {shlex.quote(str(file))}{here}` says what it would undo, `ivr history{here}` who changed what"
    return fault(FaultKind.OLDER_THAN_LIVE, Location(str(file), 1, 1, ""), message, hint + begin)


def _was_in_force(revision: str, taken: Sequence[RulesChange], zone: tzinfo | None) -> str | None:
    until = next((_at(new) for new, old in pairwise(taken) if old.revision == revision), None)
    if until is None:
        return None
    return (
        f"older than what is live: these rules, revision {revision[:12]}, were in force until {local(until, zone)}, "
        f"and now {taken[0].revision[:12]} is"
    )


def _was_written_before(
    file: Path, taken: Sequence[RulesChange], zone: tzinfo | None
) -> str | None:
    """Where the present rules are not known to the file, whoever wrote it did not know them either."""
    live = takewhile(lambda one: one.revision == taken[0].revision, taken)
    since = min(_at(one) for one in live)
    newest = max(path.stat().st_mtime for path in RulesText.of(file).on_disk())
    written = datetime.fromtimestamp(newest, UTC)
    if written >= since:
        return None
    return (
        f"older than what is live: last written {local(written, zone)}, and other rules, "
        f"revision {taken[0].revision[:12]}, are in force since {local(since, zone)}"
    )


def _at(change: RulesChange) -> datetime:
    return change.settled_at or change.due_at

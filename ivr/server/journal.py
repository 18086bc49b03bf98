"""What `/health` says of the journal."""

from __future__ import annotations

from ivr.amount import counted
from ivr.records.journal import JournalState, RelayState

LATE_SECONDS = 60.0
"""So far behind a second store may be before it is told, though it takes what is sent."""


SLOW_SECONDS = 0.5
"""A write that takes so long, as a rule, is told: an answer waits for it."""


def journal_problems(journal: JournalState) -> list[str]:
    """Why it cannot be written, each cause with its own mend; and what befell it before."""
    found = []
    if journal.failing_since is not None:
        since = journal.failing_since.isoformat(timespec="seconds")
        found.append(
            f"the journal cannot be written since {since}: {journal.last_error}; calls go on, "
            f"{counted(journal.behind, 'event waits', 'events wait')} in memory; {journal.mend or 'look at the log'}"
        )
    elif journal.commit_seconds > SLOW_SECONDS:
        found.append(
            f"the journal's disk is slow: a write takes {journal.commit_seconds:.1f} s; calls go on, answers may come "
            "as much later; look at what else uses that disk, or give the home folder another"
        )
    if journal.dropped:
        lost = counted(journal.dropped, "event of a call is", "events of calls are")
        found.append(f"{lost} lost: memory was full while the journal could not be written")
    found += [f"the journal: {notice}" for notice in journal.notices]
    return found


def relay_problems(relay: RelayState | None) -> list[str]:
    """Why the second store has not got everything, with its mend."""
    if relay is None:
        return []
    changes = counted(relay.behind, "change waits", "changes wait")
    waiting = f"calls go on, nothing is lost: {changes} in the home folder"
    if relay.failing_since is not None:
        since = relay.failing_since.isoformat(timespec="seconds")
        mend = relay.mend or "do what it says"
        return [
            f"{relay.to} has not been written since {since}: {relay.last_error}; {waiting}; {mend}"
        ]
    if relay.behind_seconds > LATE_SECONDS and not relay.is_filling:
        return [
            f"{relay.to} is more than a minute behind: {waiting}; look whether that machine is too slow"
        ]
    return []

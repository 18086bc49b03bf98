"""What `/health` says of the journal."""

from __future__ import annotations

from ivr.records.journal import JournalState


def journal_problems(journal: JournalState) -> list[str]:
    """Why it cannot be written, each cause with its own mend; and what befell it before."""
    found = []
    if journal.failing_since is not None:
        since = journal.failing_since.isoformat(timespec="seconds")
        found.append(
            f"the journal cannot be written since {since}: {journal.last_error}; calls go on, "
            f"{journal.behind} events wait in memory; {journal.mend or 'look at the log'}"
        )
    if journal.dropped:
        found.append(
            f"{journal.dropped} events of calls are lost: memory was full while the journal could not be written"
        )
    found += [f"the journal: {notice}" for notice in journal.notices]
    return found

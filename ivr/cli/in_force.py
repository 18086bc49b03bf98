"""Which rules a server of this home folder took, whether it runs or not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.records.changes import HOW_FAR_BACK, RulesChange
from ivr.rulebook.revisions import Revisions
from ivr.server.home import Home
from ivr.store.changes import History
from ivr.store.readers import journal_is_there


def rules_taken(home: Path) -> Sequence[RulesChange]:
    """The changes that were taken, the one in force first; none where no server has run. Raises StoreFailed."""
    journal = Home(home).journal
    if not journal_is_there(journal):
        return ()
    with History.reading(journal) as history:
        return [one for one in history.changes(HOW_FAR_BACK) if one.state == "taken"]


def text_of(home: Path, change: RulesChange) -> Path | None:
    """Where the text that a change brought is kept, if it still is."""
    kept = Revisions(Home(home).rules).where(change)
    # Not `Path.is_file`, which raises where this user may not look.
    return kept if os.path.isfile(kept) else None


def rules_at(home: Path) -> Path | None:
    """The rules in force at this home folder, as the server keeps them; None where they cannot be had."""
    try:
        taken = rules_taken(home)
    except StoreFailed:
        return None
    return text_of(home, taken[0]) if taken else None

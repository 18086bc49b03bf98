"""Which rules a server of this home folder took, whether it runs or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ivr.errors import ChangeRefused, StoreFailed
from ivr.records.changes import HOW_FAR_BACK, RulesChange
from ivr.store.door import KeptText
from ivr.store.open import open_store


def rules_taken(home: Path) -> Sequence[RulesChange]:
    """The changes that were taken, the one in force first; none where no server has run. Raises StoreFailed."""
    store = open_store(home)
    if not store.has_begun():
        return ()
    with store.reading() as stored:
        return [one for one in stored.history.changes(HOW_FAR_BACK) if one.state == "taken"]


def text_taken(home: Path) -> KeptText | None:
    """The text of the rules that the server of this home folder took last, as it keeps them; None where it has none."""
    try:
        taken = rules_taken(home)
        return open_store(home).texts.read(taken[0]) if taken else None
    except (StoreFailed, ChangeRefused):
        return None


def where_kept(home: Path, change: RulesChange) -> str | None:
    """Where the text that a change brought is kept, if it still is."""
    return open_store(home).texts.where(change)

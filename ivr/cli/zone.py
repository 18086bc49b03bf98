"""The time zone that a server's people live in."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.rulebook.revisions import Revisions
from ivr.rules.text import read_tree
from ivr.rules.tree import Scalar
from ivr.server.home import Home
from ivr.store.changes import History

_LOOKED_THROUGH = 100
"""So many changes are looked through for one that was taken."""

_WITHOUT_A_WORD = "Europe/Oslo"


def zone_of(home: Path) -> tzinfo | None:
    """That of the rules in force there; None, this machine's, where no rules are kept.

    The server may be running or not. Raises StoreFailed where the journal cannot be read.
    """
    there = Home(home)
    with History.reading(there.journal) as kept:
        taken = [one for one in kept.changes(_LOOKED_THROUGH) if one.state == "taken"]
    try:
        text = Revisions(there.rules).where(taken[0]).read_bytes() if taken else b""
    except OSError:
        return None
    tree, _ = read_tree(text, "")
    if tree is None:
        return None
    entry = tree.entries.get("timezone")
    named = entry.value.text if entry and isinstance(entry.value, Scalar) else _WITHOUT_A_WORD
    return ZoneInfo(named)

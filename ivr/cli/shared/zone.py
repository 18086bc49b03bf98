"""The time zone that a server's people live in."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.errors import ChangeRefused
from ivr.rules.reading.text import read_tree
from ivr.rules.reading.tree import Scalar
from ivr.store.open import open_store

_LOOKED_THROUGH = 100
"""So many changes are looked through for one that was taken."""

_WITHOUT_A_WORD = "Europe/Oslo"


def zone_of(home: Path) -> tzinfo | None:
    """That of the rules in force there; None, this machine's, where no rules are kept.

    The server may be running or not. Raises StoreFailed where the journal cannot be read.
    """
    store = open_store(home)
    with store.reading() as stored:
        taken = [one for one in stored.history.changes(_LOOKED_THROUGH) if one.state == "taken"]
    try:
        text = store.texts.read(taken[0]).text if taken else b""
    except ChangeRefused:
        return None
    tree, _ = read_tree(text, "")
    if tree is None:
        return None
    entry = tree.entries.get("timezone")
    named = entry.value.text if entry and isinstance(entry.value, Scalar) else _WITHOUT_A_WORD
    return ZoneInfo(named)

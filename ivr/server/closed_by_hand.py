"""What is closed by hand, as a decision is told of it: for the server, and for `ivr explain`."""

from __future__ import annotations

from collections.abc import Iterable

from ivr.records.changes import OverrideKept
from ivr.rules.decision import Override


def as_facts_of(kept: Iterable[OverrideKept]) -> tuple[Override, ...]:
    """The facts that the stored closings are."""
    return tuple(
        Override(one.kind, one.name, one.until, one.say, one.author, one.why, one.set_at)
        for one in kept
    )

"""How fast a relay sends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """How much is sent at a time, and how soon.

    `look_seconds`: how often it is looked for changes. `retry_seconds`: how long after a failure it is tried again.
    `stall_seconds`: how long PostgreSQL may take for one lot before its connection is given up. `kept_changes`: so many
    stay in the list after they were sent, for a standby that takes over and lacks the last of them. `word_seconds`: how
    often PostgreSQL is told that the server runs.
    """

    lot: int = 2_000
    look_seconds: float = 0.25
    retry_seconds: float = 1.0
    stall_seconds: float = 6.0
    kept_changes: int = 100_000
    trim_from: int = 20_000
    last_seconds: float = 3.0
    word_seconds: float = 10.0


USUAL_FLOW = Flow()

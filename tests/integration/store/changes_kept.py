"""What agents did, as a server keeps it, and the sums that are kept of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from ivr.records.agents import AgentChange, AgentStateKept
from ivr.store.lock import JOURNAL


def change_of(
    agent: str,
    seq: int,
    at: datetime,
    state: AgentStateKept,
    *,
    serves: tuple[str, ...] = (),
    for_queue: str | None = None,
) -> AgentChange:
    return AgentChange(
        agent=agent,
        seq=seq,
        at=at,
        kind="ready",
        before="available",
        state=state,
        serves=serves,
        for_queue=for_queue,
    )


def changes_for_bergen(
    agent: str, begins: datetime, apart: timedelta, states: Iterable[AgentStateKept]
) -> list[AgentChange]:
    """So far apart, of an agent who serves one queue, and has its callers; the first one `apart` after `begins`."""
    return [
        change_of(agent, seq, begins + seq * apart, state, serves=("bergen",), for_queue="bergen")
        for seq, state in enumerate(states, 1)
    ]


def sums_of_agents(home: Path) -> list[tuple[object, ...]]:
    """All rows of the folds, as they lie in the file."""
    with closing(sqlite3.connect(home / JOURNAL)) as connection:
        return [
            row
            for table in ("agent_hour", "duty_quarter")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        ]

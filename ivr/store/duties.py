"""How long agents were at what, folded as their changes are written, or anew from all of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ivr.kpi.occupancy import duty_between
from ivr.records.agents import AgentChange
from ivr.store.texts import read_time

_ADD = (
    "INSERT INTO agent_hour VALUES (?, ?, ?, ?) "
    "ON CONFLICT (hour, agent, state) DO UPDATE SET ms = agent_hour.ms + excluded.ms"
)
_COLUMNS = "agent, seq, at, kind, before, state"
_LAST = f"SELECT {_COLUMNS} FROM agent_change WHERE agent = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 - names of ours
_EVERY = f"SELECT {_COLUMNS} FROM agent_change ORDER BY agent, seq"  # noqa: S608 - names of ours
_AT_ONCE = 50_000


def fold_new(connection: sqlite3.Connection, changes: Iterable[AgentChange]) -> None:
    """Within the transaction that writes these changes, before they are written; what is known already adds nothing."""
    before: dict[str, AgentChange | None] = {}
    sums: Counter[tuple[str, str, str]] = Counter()
    for change in changes:
        agent = change.agent
        if agent not in before:
            row = connection.execute(_LAST, (agent,)).fetchone()
            before[agent] = _change(row) if row else None
        last = before[agent]
        if last is not None and change.seq <= last.seq:
            continue
        _count(sums, last, change)
        before[agent] = change
    _write(connection, sums)


def fold_all(connection: sqlite3.Connection) -> None:
    """Within a transaction: all that is kept of agents, anew."""
    connection.execute("DELETE FROM agent_hour")
    sums: Counter[tuple[str, str, str]] = Counter()
    last: AgentChange | None = None
    for row in connection.execute(_EVERY):
        change = _change(row)
        _count(sums, last if last and last.agent == change.agent else None, change)
        last = change
        if len(sums) >= _AT_ONCE:
            _write(connection, sums)
            sums.clear()
    _write(connection, sums)


def _count(
    sums: Counter[tuple[str, str, str]], before: AgentChange | None, change: AgentChange
) -> None:
    if before is not None:
        for one in duty_between(before, change):
            sums[one.hour, one.agent, one.state] += one.ms


def _write(connection: sqlite3.Connection, sums: Counter[tuple[str, str, str]]) -> None:
    connection.executemany(_ADD, [(*key, ms) for key, ms in sums.items()])


def _change(row: Sequence[Any]) -> AgentChange:
    agent, seq, at, kind, before, state = row
    values = {"agent": agent, "seq": seq, "kind": kind, "before": before, "state": state}
    return msgspec.convert({**values, "at": read_time(at)}, AgentChange)

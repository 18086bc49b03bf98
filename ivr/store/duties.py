"""How long agents were at what, folded as their changes are written, or anew from all of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from ivr.kpi.occupancy import duty_between, hour_text, quarter_text, work_between
from ivr.records.agents import AgentChange
from ivr.store.texts import read_time

_ADD_DUTY = (
    "INSERT INTO agent_hour VALUES (?, ?, ?, ?) "
    "ON CONFLICT (hour, agent, state) DO UPDATE SET ms = agent_hour.ms + excluded.ms"
)
_ADD_WORK = (
    "INSERT INTO duty_quarter VALUES (?, ?, ?, ?) "
    "ON CONFLICT (queue, quarter, state) DO UPDATE SET ms = duty_quarter.ms + excluded.ms"
)
_COLUMNS = "agent, seq, at, kind, before, state, serves, for_queue"
_LAST = f"SELECT {_COLUMNS} FROM agent_change WHERE agent = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 - names of ours
_EVERY = f"SELECT {_COLUMNS} FROM agent_change ORDER BY agent, seq"  # noqa: S608 - names of ours
_AT_ONCE = 50_000

DUTY_TABLES = ("agent_hour", "duty_quarter")
"""The folds of what agents did."""


def fold_new(connection: sqlite3.Connection, changes: Iterable[AgentChange]) -> None:
    """Within the transaction that writes these changes, before they are written; what is known already adds nothing."""
    before: dict[str, AgentChange | None] = {}
    sums = _Sums()
    for change in changes:
        agent = change.agent
        if agent not in before:
            row = connection.execute(_LAST, (agent,)).fetchone()
            before[agent] = _change(row) if row else None
        last = before[agent]
        if last is not None and change.seq <= last.seq:
            continue
        sums.count(last, change)
        before[agent] = change
    sums.write(connection)


def fold_all(connection: sqlite3.Connection, since: datetime | None = None) -> None:
    """Within a transaction: all that is kept of agents, anew. What was before `since` was purged: its sums stay."""
    if since is None:
        for table in DUTY_TABLES:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    else:
        connection.execute("DELETE FROM agent_hour WHERE hour >= ?", (hour_text(since),))
        connection.execute("DELETE FROM duty_quarter WHERE quarter >= ?", (quarter_text(since),))
    sums = _Sums(hour_text(since), quarter_text(since)) if since is not None else _Sums()
    last: AgentChange | None = None
    for row in connection.execute(_EVERY):
        change = _change(row)
        sums.count(last if last and last.agent == change.agent else None, change)
        last = change
        if len(sums.duty) + len(sums.work) >= _AT_ONCE:
            sums.write(connection)
    sums.write(connection)


@dataclass(slots=True)
class _Sums:
    """Milliseconds that are still to be added to the tables, by their keys."""

    first_hour: str = ""
    first_quarter: str = ""
    duty: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    work: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def count(self, before: AgentChange | None, change: AgentChange) -> None:
        if before is None:
            return
        for one in duty_between(before, change):
            if one.hour >= self.first_hour:
                self.duty[one.hour, one.agent, one.state] += one.ms
        for work in work_between(before, change):
            if work.quarter >= self.first_quarter:
                self.work[work.queue, work.quarter, work.state] += work.ms

    def write(self, connection: sqlite3.Connection) -> None:
        for add, sums in ((_ADD_DUTY, self.duty), (_ADD_WORK, self.work)):
            connection.executemany(add, [(*key, ms) for key, ms in sums.items()])
            sums.clear()


def _change(row: Sequence[Any]) -> AgentChange:
    agent, seq, at, kind, before, state, serves, for_queue = row
    values = {"agent": agent, "seq": seq, "kind": kind, "before": before, "state": state}
    queues = {"serves": msgspec.json.decode(serves or "[]"), "for_queue": for_queue}
    return msgspec.convert({**values, **queues, "at": read_time(at)}, AgentChange)

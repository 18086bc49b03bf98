"""The ledger on disk: the rules' changes, the overrides, the follow-ups, the emergency calls and what agents did.

They lie in the journal's file. What agents did is written by the journal's own thread: it is much, and a second writer
would be in the way of callers who wait for the first. All else is put seldom: in a transaction and on a connection of
its own.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlmodel import Session, SQLModel, col, func, select

from ivr.records.agents import AgentChange
from ivr.records.changes import FollowUp, OverrideKept, RulesChange
from ivr.records.emergency import EmergencyRecord
from ivr.store.duties import fold_new
from ivr.store.journal import SqliteJournal
from ivr.store.reading import session_on
from ivr.store.rows import insert_into
from ivr.store.tables import (
    AgentChangeRow,
    EmergencyCallRow,
    FollowUpRow,
    OverrideRow,
    RulesChangeRow,
)
from ivr.store.texts import time_text

BUSY_SECONDS = 5.0
"""How long a put waits for the journal's writer to let go of the file."""

CHANGES_AT_ONCE = 16
"""So many changes of agents are written in one turn of the journal's thread, for some three milliseconds: who waits for
an event waits no longer."""

_LAST_OF_AGENTS = """
WITH RECURSIVE known (agent) AS (
    SELECT min(agent) FROM agent_change
    UNION ALL
    SELECT (SELECT min(agent) FROM agent_change WHERE agent > known.agent) FROM known WHERE known.agent IS NOT NULL
)
SELECT agent_change.* FROM known JOIN agent_change ON agent_change.agent = known.agent
WHERE seq = (SELECT max(seq) FROM agent_change AS newer WHERE newer.agent = known.agent)
ORDER BY known.agent
"""
"""From one agent to the next by the primary key, two steps for each: `GROUP BY` walks over all that they ever did."""


_INSERT_AGENT_CHANGE = insert_into(AgentChangeRow, unless_there=True)


class TableHistory:
    """What the ledger says, whether a server runs meanwhile or not. See History."""

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self._path = path
        self._engine = engine

    def changes(self, count: int) -> Sequence[RulesChange]:
        took_effect = func.coalesce(RulesChangeRow.settled_at, RulesChangeRow.due_at)
        newest = select(RulesChangeRow).order_by(
            took_effect.desc(), col(RulesChangeRow.change_id).desc()
        )
        with self.session() as session:
            return [_change(row) for row in session.exec(newest.limit(count))]

    def timed(self) -> Sequence[RulesChange]:
        found = select(RulesChangeRow).where(RulesChangeRow.state == "planned")
        ordered = found.order_by(col(RulesChangeRow.due_at), col(RulesChangeRow.change_id))
        with self.session() as session:
            return [_change(row) for row in session.exec(ordered)]

    def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        found = select(OverrideRow).where(
            OverrideRow.until > time_text(at), col(OverrideRow.lifted_at).is_(None)
        )
        ordered = found.order_by(col(OverrideRow.until), col(OverrideRow.override_id))
        with self.session() as session:
            return [
                msgspec.convert(row.model_dump(), OverrideKept) for row in session.exec(ordered)
            ]

    def follow_ups(self, since: datetime) -> Sequence[FollowUp]:
        found = select(FollowUpRow).where(FollowUpRow.at >= time_text(since))
        ordered = found.order_by(col(FollowUpRow.at), col(FollowUpRow.follow_up_id))
        with self.session() as session:
            return [msgspec.convert(row.model_dump(), FollowUp) for row in session.exec(ordered)]

    def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        newest = select(EmergencyCallRow).order_by(
            col(EmergencyCallRow.began_at).desc(), col(EmergencyCallRow.call).desc()
        )
        with self.session() as session:
            return [_emergency(row) for row in session.exec(newest.limit(count))]

    def agent_changes(self, first: datetime, last: datetime) -> Sequence[AgentChange]:
        found = select(AgentChangeRow).where(
            AgentChangeRow.at >= time_text(first), AgentChangeRow.at < time_text(last)
        )
        ordered = found.order_by(
            col(AgentChangeRow.at), col(AgentChangeRow.agent), col(AgentChangeRow.seq)
        )
        with self.session() as session:
            return [_agent_change(row) for row in session.exec(ordered)]

    def last_of_agents(self) -> Sequence[AgentChange]:
        found = select(AgentChangeRow).from_statement(text(_LAST_OF_AGENTS))
        with self.session() as session:
            return [_agent_change(row) for row in session.scalars(found)]

    def session(self) -> AbstractContextManager[Session]:
        return session_on(self._engine, self._path, use="read or written")


class SqliteLedger:
    """The ledger in the SQLite file `path`, which this journal has made. See Ledger."""

    def __init__(self, path: Path, journal: SqliteJournal) -> None:
        self._journal = journal
        engine = create_engine("sqlite://", creator=partial(_connect, path), poolclass=NullPool)
        self._history = TableHistory(path, engine)

    async def put_changes(self, *changes: RulesChange) -> None:
        rows = [RulesChangeRow(**_columns(change)) for change in changes]
        await asyncio.to_thread(self._put, rows)

    async def changes(self, count: int) -> Sequence[RulesChange]:
        return await asyncio.to_thread(self._history.changes, count)

    async def timed(self) -> Sequence[RulesChange]:
        return await asyncio.to_thread(self._history.timed)

    async def put_overrides(self, *overrides: OverrideKept) -> None:
        rows = [OverrideRow(**_columns(override)) for override in overrides]
        await asyncio.to_thread(self._put, rows)

    async def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        return await asyncio.to_thread(self._history.overrides, at)

    async def put_follow_up(self, follow_up: FollowUp) -> None:
        await asyncio.to_thread(self._put, [FollowUpRow(**_columns(follow_up))])

    async def put_emergencies(self, *calls: EmergencyRecord) -> None:
        rows = [
            EmergencyCallRow(**_columns(one) | {"tries": msgspec.json.encode(one.tries).decode()})
            for one in calls
        ]
        await asyncio.to_thread(self._put, rows)

    async def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        return await asyncio.to_thread(self._history.emergencies, count)

    async def put_agent_changes(self, *changes: AgentChange) -> None:
        for first in range(0, len(changes), CHANGES_AT_ONCE):
            some = changes[first : first + CHANGES_AT_ONCE]
            await self._journal.in_turn(partial(_add_agent_changes, some))

    async def last_of_agents(self) -> Sequence[AgentChange]:
        return await asyncio.to_thread(self._history.last_of_agents)

    def _put(self, rows: Sequence[SQLModel]) -> None:
        with self._history.session() as session:
            for row in rows:
                session.merge(row)
            session.commit()


def _add_agent_changes(changes: Sequence[AgentChange], connection: sqlite3.Connection) -> None:
    """None of them alters another, so no row is looked for first."""
    fold_new(connection, changes)
    connection.executemany(_INSERT_AGENT_CHANGE, [*map(_agent_columns, changes)])


def _change(row: RulesChangeRow) -> RulesChange:
    return msgspec.convert(row.model_dump(), RulesChange)


def _emergency(row: EmergencyCallRow) -> EmergencyRecord:
    return msgspec.convert(
        row.model_dump() | {"tries": msgspec.json.decode(row.tries)}, EmergencyRecord
    )


def _agent_change(row: AgentChangeRow) -> AgentChange:
    columns = row.model_dump()
    left = columns.pop("left_queues")
    lists = {
        "taken": msgspec.json.decode(row.taken),
        "left": msgspec.json.decode(left),
        "serves": msgspec.json.decode(row.serves or "[]"),
    }
    return msgspec.convert(columns | lists, AgentChange)


def _agent_columns(change: AgentChange) -> dict[str, Any]:
    columns = msgspec.structs.asdict(change)
    left = columns.pop("left")
    return columns | {
        "at": time_text(change.at),
        "until": time_text(change.until) if change.until is not None else None,
        "taken": msgspec.json.encode(change.taken).decode(),
        "left_queues": msgspec.json.encode(left).decode(),
        "serves": msgspec.json.encode(change.serves).decode(),
    }


def _columns(kept: RulesChange | OverrideKept | FollowUp | EmergencyRecord) -> dict[str, Any]:
    values = msgspec.structs.asdict(kept)
    return {
        name: time_text(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _connect(path: Path) -> sqlite3.Connection:
    # One that is gone is not begun anew in silence: the journal's writer sees to that.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    return connection

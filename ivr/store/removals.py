"""The removals as the server that holds the journal does them, and what is told of them. See Removals.

A lot is a transaction of the journal's own thread, some milliseconds long, and between two lots there is a pause: calls
write in between. A removal is written down before it begins, and what it has still to do beside it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
import structlog
from sqlalchemy import Engine, text

from ivr import ids
from ivr.clock import Clock, SystemClock
from ivr.records.removals import KeptSince, Removal, TakenOut, forgotten_mark
from ivr.store.reading import session_on
from ivr.store.removing import (
    Sweep,
    begin_forgetting,
    calls_under_way,
    forget_some,
    pending_files,
)
from ivr.store.texts import time_text

log = structlog.get_logger()

RECORDINGS = "asterisk/spool/recording"
"""The folder of sound below the home folder, where our own Asterisk keeps it."""

_FILES_AT_ONCE = 50
_COUNTS = ("events", "numbers", "messages", "files", "words")

T = TypeVar("T")


class Turns(Protocol):
    """A journal that lets others write between two of its groups."""

    async def in_turn(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do a short piece of work in a transaction of its own. Raises StoreFailed."""

    async def folded(self) -> None:
        """Return when the records of all calls are written that have ended by now. Raises StoreFailed."""

    def forget_recent(self) -> None:
        """Let go of events that are held in memory though they are written."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one lot may take, and how long the journal is left alone after it."""

    lot_seconds: float = 0.005
    pause_seconds: float = 0.02


USUAL_PACE = Pace()


class SqliteRemovals:
    """Of the journal's file in this home folder."""

    def __init__(
        self,
        journal: Turns,
        home: Path,
        *,
        clock: Clock | None = None,
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._journal = journal
        self._home = home
        self._clock = clock or SystemClock()
        self._pace = pace
        self._one_at_a_time = asyncio.Lock()

    async def purge(self, since: KeptSince, author: str, why: str) -> Removal:
        async with self._one_at_a_time:
            removal = self._begun("purge", author, why, since=since)
            await self._journal.in_turn(lambda connection: write_removal(connection, removal))
            sweep = Sweep(removal.removal_id, since)
            while not sweep.is_done:
                sweep = await self._lot(sweep.go_on)
            deleted = await self._delete_files()
            if since.recordings is not None:
                deleted += await asyncio.to_thread(self._delete_older, since.recordings)
            taken = sweep.taken.with_more(TakenOut(files=deleted))
            return await self._end(removal, taken)

    async def forget(self, caller: str, author: str, why: str) -> Removal:
        async with self._one_at_a_time:
            removal = self._begun("forget", author, why)
            mark = forgotten_mark(removal.removal_id)

            def begin(connection: sqlite3.Connection) -> Removal:
                under_way = calls_under_way(connection, caller)
                told = msgspec.structs.replace(removal, under_way=under_way)
                write_removal(connection, told)
                begin_forgetting(connection, removal.removal_id, caller, mark)
                return told

            await self._journal.folded()
            return await self._forget_rest(await self._journal.in_turn(begin))

    async def finish(self) -> None:
        async with self._one_at_a_time:
            for removal in await self._journal.in_turn(unfinished):
                log.info("removal taken up again", removal=removal.removal_id, what=removal.what)
                await self._forget_rest(removal)
            await self._delete_files()

    async def _forget_rest(self, removal: Removal) -> Removal:
        mark = forgotten_mark(removal.removal_id)

        def some(
            connection: sqlite3.Connection, seconds: float, so_far: Removal
        ) -> tuple[Removal, bool]:
            more, is_done = forget_some(connection, so_far.removal_id, mark, seconds)
            told = msgspec.structs.replace(so_far, taken=so_far.taken.with_more(more))
            write_removal(connection, told)
            return told, is_done

        is_done = False
        while not is_done:
            removal, is_done = await self._lot(partial(some, so_far=removal))
        self._journal.forget_recent()
        deleted = await self._delete_files()
        return await self._end(removal, removal.taken.with_more(TakenOut(files=deleted)))

    async def _lot(self, some: Callable[[sqlite3.Connection, float], T]) -> T:
        found = await self._journal.in_turn(
            lambda connection: some(connection, self._pace.lot_seconds)
        )
        await asyncio.sleep(self._pace.pause_seconds)
        return found

    async def _delete_files(self) -> int:
        """Delete what nothing names any more: the rows that named it are gone for good by now."""
        deleted = 0
        while files := await self._journal.in_turn(
            lambda connection: pending_files(connection, _FILES_AT_ONCE)
        ):
            gone = await asyncio.to_thread(self._delete, files)
            rows = [(file,) for file in gone]
            await self._journal.in_turn(
                lambda connection, rows=rows: connection.executemany(  # type: ignore[misc]
                    "DELETE FROM removal_file WHERE file = ?", rows
                )
            )
            deleted += len(gone)
            if len(gone) < len(files):
                break  # the others are tried again in the next night
        return deleted

    def _delete(self, files: Sequence[str]) -> list[str]:
        """Those that are not there any more; one outside the home folder is none of ours."""
        gone = []
        for file in files:
            place = (self._home / file).resolve()
            try:
                if place.is_relative_to(self._home.resolve()):
                    place.unlink(missing_ok=True)
            except OSError as error:
                log.warning("recording cannot be deleted", file=file, error=str(error))
                continue
            gone.append(file)
        return gone

    def _delete_older(self, since: datetime) -> int:
        """Sound that was recorded before, whatever call it is of."""
        deleted = 0
        for place in sorted((self._home / RECORDINGS).rglob("*")):
            try:
                if place.is_file() and place.stat().st_mtime < since.timestamp():
                    place.unlink()
                    deleted += 1
            except OSError as error:
                log.warning("recording cannot be deleted", file=place.name, error=str(error))
        return deleted

    def _begun(
        self, what: str, author: str, why: str, *, since: KeptSince | None = None
    ) -> Removal:
        return Removal(
            removal_id=ids.new("rem"),
            what="purge" if what == "purge" else "forget",
            asked_at=self._clock.now(),
            author=author,
            why=why,
            since=since or KeptSince(),
        )

    async def _end(self, removal: Removal, taken: TakenOut) -> Removal:
        ended = msgspec.structs.replace(removal, taken=taken, done_at=self._clock.now())

        def end(connection: sqlite3.Connection) -> int:
            if removal.what == "purge" and taken.is_nothing:
                connection.execute(
                    "DELETE FROM removal WHERE removal_id = ?", (removal.removal_id,)
                )
            else:
                write_removal(connection, ended)
            (left,) = connection.execute("SELECT count(*) FROM removal_file").fetchone()
            return int(left)

        left = await self._journal.in_turn(end)
        if not taken.is_nothing:
            log.info(
                "taken out", what=ended.what, author=ended.author, **msgspec.structs.asdict(taken)
            )
        return msgspec.structs.replace(ended, files_left=left)


def write_removal(connection: sqlite3.Connection, removal: Removal) -> None:
    """Write it down, in place of what was written of it before."""
    done_at = time_text(removal.done_at) if removal.done_at else None
    values = (
        removal.removal_id,
        removal.what,
        time_text(removal.asked_at),
        removal.author,
        removal.why,
        msgspec.json.encode(removal.since).decode(),
        *(getattr(removal.taken, name) for name in _COUNTS),
        done_at,
        removal.under_way,
        removal.taken.changes,
    )
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT OR REPLACE INTO removal VALUES ({marks})", values)  # noqa: S608


def read_removal(row: Sequence[object]) -> Removal:
    """Of a row of the table, as `write_removal` wrote it."""
    removal_id, what, asked_at, author, why, since, *counts, done_at, under_way, changes = row
    return msgspec.convert(
        {
            "removal_id": removal_id,
            "what": what,
            "asked_at": asked_at,
            "author": author,
            "why": why,
            "since": msgspec.json.decode(str(since)),
            "taken": {**dict(zip(_COUNTS, counts, strict=True)), "changes": changes or 0},
            "done_at": done_at,
            "under_way": under_way,
        },
        Removal,
    )


def unfinished(connection: sqlite3.Connection) -> list[Removal]:
    """Callers whom a server that was killed had begun to forget."""
    rows = connection.execute("SELECT * FROM removal WHERE what = 'forget' AND done_at IS NULL")
    return [read_removal(row) for row in rows.fetchall()]


class TableRemovals:
    """Of one journal, in its file or in PostgreSQL. See RemovalsTold."""

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self._path = path
        self._engine = engine

    def removals(self, count: int) -> Sequence[Removal]:
        query = text("SELECT * FROM removal ORDER BY removal_id DESC LIMIT :count")
        with session_on(self._engine, self._path) as session:
            rows = session.connection().execute(query, {"count": count})
            return [read_removal(tuple(row)) for row in rows]

    def would_purge(self, since: KeptSince) -> TakenOut:
        with session_on(self._engine, self._path) as session:

            def count(kind: str) -> int:
                before = getattr(since, kind)
                if before is None:
                    return 0
                found = session.connection().execute(
                    text(_OLDER[kind]), {"before": time_text(before)}
                )
                return int(found.scalar_one())

            return TakenOut(
                events=count("journal"),
                numbers=count("numbers"),
                messages=count("messages"),
                words=count("words"),
                changes=count("agents"),
            )


_OLDER = {
    "agents": "SELECT count(*) FROM agent_change AS older WHERE older.at < :before AND EXISTS ("
    "SELECT 1 FROM agent_change AS newer "
    "WHERE newer.agent = older.agent AND newer.seq > older.seq AND newer.at < :before)",
    # A purge leaves the newest of the whole journal (`_delete_events`): one of these, where no call is newer.
    "journal": "SELECT count(*) - CASE WHEN count(*) = 0 OR EXISTS (SELECT 1 FROM open_call) OR EXISTS ("
    "SELECT 1 FROM call AS newer JOIN call_event AS kept ON kept.call_id = newer.call_id "
    "WHERE newer.arrived_at >= :before) THEN 0 ELSE 1 END "
    "FROM call JOIN call_event ON call_event.call_id = call.call_id WHERE arrived_at < :before",
    "numbers": "SELECT count(*) FROM call WHERE arrived_at < :before AND caller IS NOT NULL AND caller <> 'purged' "
    "AND caller NOT LIKE 'forgotten-%'",
    "messages": "SELECT count(*) FROM call JOIN message ON message.call_id = call.call_id WHERE arrived_at < :before",
    "words": "SELECT count(DISTINCT call.call_id) FROM call JOIN call_event ON call_event.call_id = call.call_id "
    "WHERE arrived_at < :before AND (type = 'routed' AND payload LIKE '%\"said\"\\:%' "
    "OR type = 'words_heard' AND payload LIKE '%\"word\"\\:%')",
}

"""The journal's database: one file, written by one process, and what is done when others touch it.

Everything in here blocks, and is done by one thread at a time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from ivr.errors import StoreFailed
from ivr.private_file import new_private
from ivr.store.beside import Beside
from ivr.store.carving import Cells
from ivr.store.causes import cause_of
from ivr.store.connection import (
    born,
    check,
    connect,
    held_and_written,
    is_damage,
    wait_for_disk,
    words_of,
)
from ivr.store.lock import WriterLock
from ivr.store.mark import JournalMark, read_mark
from ivr.store.presence import LOSSES, DatabaseLost, Loss, Presence, what_is_no_file
from ivr.store.refolding import make_history
from ivr.store.revisions import has_revisions
from ivr.store.rows import OPEN_CALLS, EventRow, insert_at_once
from ivr.store.salvage import (
    LEDGER,
    Remembered,
    Salvaged,
    copied,
    log_beside,
    put_in_place,
    salvaged,
)
from ivr.store.schema import known_migrations, migrate

log = structlog.get_logger()

OPENING_SECONDS = 5.0
"""How long the opening waits for another program that holds a lock; a call waits for none of that."""

CHECK_SECONDS = 10.0
"""How long a file may be looked through before calls are taken: gigabytes would take minutes. What comes up later is
mended then."""

RECHECK_SECONDS = 0.5
"""How long a file may be looked through when it is opened again after a failed write: events wait meanwhile."""

MOST_NOTICES = 10

_UNREADABLE: frozenset[Loss] = frozenset({"overwritten", "emptied", "damaged"})
"""Losses after which even a connection that was open all the while can be trusted with nothing."""

_PUT_BACK = "put the right file back while no server runs, if you have it"


class Database:
    """One file, written by one process: the one that holds the lock beside it.

    `busy_seconds` is how long a write waits for another program to let go of the database. `notices` are what befell
    the file, to be told until this process ends. `events` is how many it holds, as far as rows are only ever added.
    """

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self.path = path
        self.notices: tuple[str, ...] = ()
        self.events = 0
        self._busy_seconds = busy_seconds
        self._lock = WriterLock(path)
        self._connection: sqlite3.Connection | None = None
        self._presence: Presence | None = None
        self._loss: Loss | None = None
        self._moved_to: Path | None = None
        self._born = ""
        self._ledger: dict[str, list[Cells]] = {}
        self._others_wrote = -1
        self._beside = Beside(path)

    @property
    def present_notices(self) -> tuple[str, ...]:
        """What an operator must know of where the file lies and of its log, for as long as it is so."""
        moved = () if self._moved_to is None else (self._told_moved(self._moved_to),)
        return (*moved, *self._beside.notices)

    @property
    def is_lost(self) -> bool:
        """Whether somebody took the file away under us: `rescue` is to be tried."""
        return self._loss is not None

    def open(self, now: datetime) -> None:
        """Lock, check and migrate the file, making it where there is none. Raises StoreFailed.

        One that is damaged is set aside, and a new one begun with all that can be read of it.
        """
        had_a_past = _has_a_past(self.path)
        try:
            _refuse_what_is_no_file(self.path)
            self._lock.take()
            self._begin(now, had_a_past=had_a_past)
        except (OSError, sqlite3.Error) as error:
            self.close()
            cause = cause_of(self.path, error)
            message = (
                f"{self.path} cannot be used: {cause.says} ({words_of(error)}). To mend it, {cause.mend}; or choose "
                "another folder with --home"
            )
            raise StoreFailed(message) from error
        except StoreFailed:
            self.close()
            raise

    @contextmanager
    def transaction(self, *, survives_power_cut: bool = True) -> Iterator[sqlite3.Connection]:
        """All that the body writes, or nothing. Raises sqlite3.Error, OSError or DatabaseLost.

        What need not survive a power cut is not waited for until the disk has it.
        """
        self._look_from_outside()
        try:
            connection = self._connection or self._connect_again()
            if not survives_power_cut:
                wait_for_disk(connection, survives_power_cut=False)
            connection.execute("BEGIN IMMEDIATE")
            self._look_inside(connection)
            yield connection
            connection.execute("COMMIT")
            if not survives_power_cut:  # now, since nobody waits for it here
                wait_for_disk(connection, survives_power_cut=True)
        except DatabaseLost:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
                wait_for_disk(self._connection, survives_power_cut=True)
            raise
        except BaseException as error:
            # After a failed write nothing that the connection remembers of the file is to be trusted: the next
            # attempt opens and reads it anew.
            raise self._lost_by(error) from error

    def write_at_once(self, rows: Sequence[EventRow]) -> bool:
        """Write rows of events in a transaction of their own; False, and nothing written, where that will not do.

        Then `transaction` does it, or says why not. Raises sqlite3.Error, OSError or DatabaseLost.
        """
        self._look_from_outside()
        if self._connection is None:
            return False
        try:
            return insert_at_once(self._connection, rows, self.events, self._others_wrote)
        except sqlite3.IntegrityError:  # a call that we did not know to be there
            return False
        except BaseException as error:
            raise self._lost_by(error) from error

    def wrote(self, events: int) -> None:
        """So many more are in the file: what it looks like now is right.

        Where the disk cannot be looked at, they are there all the same; the next look asks SQLite whether all is well.
        """
        self.events += events
        if self._presence is not None:
            with suppress(OSError):
                self._presence.remember()
        if self._beside.is_due:
            self._beside.mark(self._born, self.events, datetime.now(UTC))

    def look(self) -> None:
        """Whether the file is still what was opened. Raises DatabaseLost, until `rescue` has made it good."""
        self._look_from_outside()
        if self._connection is not None:
            try:
                self._look_inside(self._connection)
            except sqlite3.DatabaseError as error:
                raise self._lost_by(error) from error

    def _look_from_outside(self) -> None:
        if self._presence is None:
            return
        try:
            if (
                self._connection is None
            ):  # others may have written meanwhile, and nobody would know of it
                self._presence.look_at_place()
            else:
                self._presence.look()
            self._follow(self._presence.moved_to)
        except DatabaseLost as lost:
            if self._connection is None or not self._presence.was_tidied(self._connection):
                self._loss = lost.loss
                raise
            self._presence.remember()

    def _follow(self, moved_to: Path | None) -> None:
        """Say where the folder has gone, and that it is back."""
        before, self._moved_to = self._moved_to, moved_to
        if moved_to is not None and before != moved_to:
            log.error("the home folder was moved away", what=self._told_moved(moved_to))
        elif moved_to is None and before is not None:
            log.info("the home folder is back", folder=str(self.path.parent))

    def _told_moved(self, to: Path) -> str:
        home = self.path.parent
        return (
            f"its folder {home} was moved to {to} while this server runs: calls go on and are kept there, but no "
            f"message can be recorded and no rules changed. To mend it, move it back (`mv {to} {home}`) before the "
            "server is started again"
        )

    def rescue(self, now: datetime, remembered: Iterable[EventRow]) -> None:
        """Put a new file in the place of one that was lost, with all that is still to be had, and go on with it.

        `remembered`: events that we know to have been in it. Raises sqlite3.Error or OSError; then nothing was changed,
        and it can be tried again.
        """
        loss, presence = self._loss, self._presence
        if loss is None or presence is None:
            return
        new, saved = self._saved_from(presence, now, {"call_event": remembered, **self._ledger})
        if loss in {"deleted", "replaced"}:
            presence.remove_log()
        aside = put_in_place(new, self.path, now, why=loss)
        had = self.events
        self._disconnect()
        presence.close()
        self._presence = self._loss = None
        self._lock.renew()
        self._settle(now)
        told = "all of it was written again" if saved is None else saved.told(had - saved.events)
        self._tell(
            f"{LOSSES[loss]} while this server ran ({now:%Y-%m-%d %H:%M} UTC): {told}{_lies_at(aside)}"
        )

    def close(self) -> None:
        if self._connection is not None and self._presence is not None:
            self._beside.mark(self._born, self.events, datetime.now(UTC))
        self._disconnect()
        if self._presence is not None:
            self._presence.close()
            self._presence = None
        self._lock.release()

    def _begin(self, now: datetime, *, had_a_past: bool) -> None:
        """Open what is there, or what can be made of it, and compare it with what the last server knew."""
        mark = read_mark(self.path)
        is_new = not _has_content(self.path)
        if is_new and _has_content(log_beside(self.path)):
            self._salvage(
                now, mark, "its file was gone or empty, and only its log was there", is_ours=True
            )
            is_new = False
        try:
            self._settle(now)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._disconnect()
            self._salvage(now, mark, f"it was damaged ({words_of(error)})", is_ours=had_a_past)
            self._settle(now)
        if self.notices:
            return
        if is_new and had_a_past:
            had = f", and had {mark.told}" if mark else ""
            self._tell(
                f"it is new and empty, though a server has kept calls here before{had}: {_PUT_BACK}"
            )
        elif mark and (oddity := mark.oddity_of(self._born, self.events)):
            self._tell(f"{oddity}: {_PUT_BACK}")

    def _settle(self, now: datetime) -> None:
        """Open the file at the path, check it, bring it up to date, and hold on to it."""
        if not self.path.exists():
            os.close(new_private(self.path))
        presence = Presence(self.path)
        try:
            connection = self._connection = connect(self.path, OPENING_SECONDS)
            check(connection, within_seconds=CHECK_SECONDS)
            for step in migrate(connection, known_migrations(), now):
                log.info("schema migrated", version=step.version, name=step.name)
            make_history(connection, now)
            connection.execute(f"PRAGMA busy_timeout = {round(self._busy_seconds * 1000)}")
            connection.execute(OPEN_CALLS)
            self._born = born(connection)
            self.events, others_wrote = held_and_written(connection)
        except BaseException:
            presence.close()
            raise
        self._presence = presence
        self._beside.forget()
        self._others_wrote = -1
        self._remember_ledger(connection, others_wrote)
        self.wrote(0)

    def _salvage(
        self, now: datetime, mark: JournalMark | None, what: str, *, is_ours: bool
    ) -> None:
        """Set aside what no server can go on with. Raises StoreFailed for what never was a journal."""
        new, saved = salvaged(self.path, self.path, log_beside(self.path), now)
        if not (is_ours or saved.events):
            new.unlink()
            message = f"{self.path} holds no journal ({what}): move it away, or choose another folder with --home"
            raise StoreFailed(message)
        aside = put_in_place(new, self.path, now, why="damaged")
        self._tell(
            f"{what}: {saved.told(mark.events - saved.events if mark else 0)}{_lies_at(aside)}"
        )

    def _saved_from(
        self, presence: Presence, now: datetime, remembered: Remembered
    ) -> tuple[Path, Salvaged | None]:
        """A new file, and how much is in it; None for all."""
        if self._connection is not None and self._loss not in _UNREADABLE:
            try:
                return copied(self.path, self._connection), None
            except sqlite3.Error as error:
                log.warning("the lost journal cannot be copied whole", error=words_of(error))
        database, logged = presence.still_held
        return salvaged(self.path, database, logged, now, remembered)

    def _lost_by(self, error: BaseException) -> BaseException:
        """What an error means for the file; lets go of the connection."""
        self._disconnect()
        if not is_damage(error):
            return error
        self._loss = "damaged"
        return DatabaseLost(self._loss)

    def _remember_ledger(self, connection: sqlite3.Connection, others_wrote: int) -> None:
        """The ledger is small, and written on connections of its own: read it again when others have written."""
        if others_wrote != self._others_wrote:
            self._others_wrote = others_wrote
            self._ledger = {
                name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - a name of ours
                for name in LEDGER
            }

    def _look_inside(self, connection: sqlite3.Connection) -> None:
        events, others_wrote = held_and_written(connection)
        if events < self.events:
            self._loss = "emptied"
            raise DatabaseLost(self._loss)
        self._remember_ledger(connection, others_wrote)

    def _connect_again(self) -> sqlite3.Connection:
        """After a failure. Raises DatabaseLost where another file lies there by now, under the same name and number."""
        connection = self._connection = connect(self.path, self._busy_seconds)
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        if ("schema_version",) not in tables or born(connection) != self._born:
            self._loss = "overwritten"
            raise DatabaseLost(self._loss)
        if self._presence is not None:
            if self._presence.was_cut(connection):  # the check may have no time to find it
                self._loss = "emptied"
                raise DatabaseLost(self._loss)
            self._presence.remember()
        check(connection, within_seconds=RECHECK_SECONDS)
        connection.execute(OPEN_CALLS)
        self._others_wrote = -1
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if self._presence is not None:
                self._presence.let_go_of_log()
            connection.close()

    def _tell(self, notice: str) -> None:
        self.notices = (*self.notices, notice)[-MOST_NOTICES:]
        log.error("the journal is not what it was", file=str(self.path), what=notice)


def _refuse_what_is_no_file(path: Path) -> None:
    if what := what_is_no_file(path):
        message = f"{path} is {what}: move it away, or choose another folder with --home"
        raise StoreFailed(message)


def _has_a_past(path: Path) -> bool:
    """Whether a server has kept calls in this folder: it leaves more than the journal behind."""
    return read_mark(path) is not None or has_revisions(path.parent)


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _lies_at(aside: Path | None) -> str:
    return f"; what lay there before is {aside.name} now" if aside else ""

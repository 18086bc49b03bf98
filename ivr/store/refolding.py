"""The history made again: of the calls' rows where a version folds otherwise, or of the journal where somebody asks."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
import structlog

from ivr.kpi.cells import FOLD_VERSION, by_the_clock
from ivr.kpi.repeats import USUAL_WINDOW, CallerArrival, first_calls_among
from ivr.records.fold import fold
from ivr.records.journal import is_told
from ivr.records.record import CallRecord, QueueVisit
from ivr.records.removals import KeptSince
from ivr.store.duties import DUTY_TABLES, fold_all
from ivr.store.folds import HISTORY, Folding, stored_surveys
from ivr.store.rows import read_entries, write_record
from ivr.store.texts import read_time, time_text

log = structlog.get_logger()

_A_DAY = timedelta(days=1)  # of which the centre's clock and ours know the beginning differently
_AT_ONCE = 20_000  # calls whose sums are held in memory before they are added to the tables
_ENDED = (
    "SELECT call_id, EXISTS (SELECT 1 FROM call WHERE call.call_id = call_event.call_id) "
    "FROM call_event WHERE type = 'ended'"
)
_CALLS = """
SELECT call.call_id, arrived_at, call_time, site, department, disposition, path,
    visit, queue_visit.queue, outcome, queue_visit.wait_seconds, queue_visit.agent, queue_visit.talk_seconds
FROM call LEFT JOIN queue_visit ON queue_visit.call_id = call.call_id
WHERE NOT test ORDER BY arrived_at, call.call_id, visit
"""
_SURVEYED = """
SELECT call.call_id, arrived_at, call_time, site, department,
    survey, survey_reply.queue, survey_reply.agent, asked_at, lowest, highest, score
FROM survey_reply JOIN call ON call.call_id = survey_reply.call_id
WHERE NOT test ORDER BY call.call_id, reply
"""
_ARRIVALS = """
SELECT caller, department, arrived_at, call_id, call_time, site FROM call
WHERE caller IS NOT NULL AND caller <> 'purged' AND department IS NOT NULL AND NOT test
ORDER BY caller, department, arrived_at, call_id
"""


def make_history(connection: sqlite3.Connection, now: datetime) -> None:
    """Fold the calls that are stored, where no version has done so, or another one has. In one transaction."""
    made = connection.execute("SELECT version FROM fold_made").fetchall()
    if made == [(FOLD_VERSION,)]:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        fold_calls(connection)
        mark_made(connection, now)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    if connection.execute("SELECT 1 FROM call LIMIT 1").fetchone():
        log.info("history folded", version=FOLD_VERSION)


def mark_made(connection: sqlite3.Connection, now: datetime) -> None:
    """The history is whole, and this version's."""
    connection.execute("DELETE FROM fold_made")
    connection.execute("INSERT INTO fold_made VALUES (?, ?)", (FOLD_VERSION, time_text(now)))


def refold(connection: sqlite3.Connection, now: datetime, *, dry_run: bool) -> Mapping[str, bool]:
    """Within a transaction: fold the journal into calls and history anew. See Store."""
    connection.execute("SAVEPOINT as_it_was")
    before = _digests(connection)
    _fold_journal(connection)
    fold_calls(connection)
    after = _digests(connection)
    mark_made(connection, now)
    if dry_run:
        connection.execute("ROLLBACK TO as_it_was")
    connection.execute("RELEASE as_it_was")
    return {name: before[name] == after[name] for name in before}


def _fold_journal(connection: sqlite3.Connection) -> None:
    """The rows of every call that has ended, from its events; not from what a purge leaves of the newest of all.

    Where some events of a call are lost (the file was damaged), a record that was made of all of them stays.
    """
    ended = connection.execute(_ENDED).fetchall()
    for call_id, has_record in ended:
        numbered = list(read_entries(connection, call_id))
        entries = [entry for _, entry in numbered if entry]
        is_whole = len(numbered) == numbered[-1][0]
        if is_whole or (is_told(entries) and not has_record):
            write_record(connection, fold(entries))


def fold_calls(connection: sqlite3.Connection, *, after: str = "") -> None:
    """Within a transaction: the history of the days after this one, of the stored calls, and what is kept of agents.

    What is told of the days up to it stays: not all of their calls are there any more.
    """
    fold_all(connection, agents_are_known_since(connection))
    told_until = max(after, _numbers_are_known_after(connection))
    for name in HISTORY:
        kept_until = told_until if name == "first_call_day" else after
        connection.execute(f"DELETE FROM {name} WHERE day > ?", (kept_until,))  # noqa: S608 - a name of ours
    folding = Folding(connection, after=after)
    for number, record in enumerate(_records(connection), 1):
        folding.count(record)
        if number % _AT_ONCE == 0:
            folding.write()
    for record in _surveyed(connection):
        folding.count_surveys(record)
    folding.write()
    for number, arrivals in enumerate(_arrivals(connection), 1):
        first_calls = first_calls_among(arrivals)
        folding.count_first_calls(one for one in first_calls if one[0].place[0] > told_until)
        if number % _AT_ONCE == 0:
            folding.write()
    folding.write()


def _records(connection: sqlite3.Connection) -> Iterator[CallRecord]:
    """All stored calls but those of tests, as far as the history counts them, in the order of their arrival."""
    for (call_id, arrived_at, call_time, site, department, disposition, path), rows in groupby(
        connection.execute(_CALLS), key=lambda row: row[:7]
    ):
        at = read_time(arrived_at)
        visits = tuple(
            QueueVisit(
                queue=queue,
                entered_at=at,
                outcome=outcome,
                wait_seconds=wait,
                agent=agent,
                talk_seconds=talk,
            )
            for *_, visit, queue, outcome, wait, agent, talk in rows
            if visit is not None
        )
        yield CallRecord(
            call_id=call_id,
            arrived_at=at,
            call_time=call_time,
            site=site,
            department=department,
            disposition=disposition,
            visits=visits,
            path=path,
        )


def _surveyed(connection: sqlite3.Connection) -> Iterator[CallRecord]:
    """The stored calls whose callers were asked after a talk, as far as that is counted; tests aside."""
    for (call_id, arrived_at, call_time, site, department), rows in groupby(
        connection.execute(_SURVEYED), key=lambda row: row[:5]
    ):
        yield CallRecord(
            call_id=call_id,
            arrived_at=read_time(arrived_at),
            call_time=call_time,
            site=site,
            department=department,
            surveys=stored_surveys(row[5:] for row in rows),
        )


def _arrivals(connection: sqlite3.Connection) -> Iterator[list[CallerArrival]]:
    """Of each caller and department, in order."""
    for (_, department), rows in groupby(connection.execute(_ARRIVALS), key=lambda row: row[:2]):
        found = []
        for *_, at, call_id, call_time, site in rows:
            arrived_at = read_time(at)
            day = by_the_clock(arrived_at, call_time).date().isoformat()
            found.append(CallerArrival(arrived_at, call_id, (day, site or "", department)))
        yield found


def journal_is_known_after(connection: sqlite3.Connection) -> str:
    """The last day of which the journal does not have every call any more: it was purged. Empty: there is none."""
    latest = purged_since(connection).journal
    return "" if latest is None else (latest + _A_DAY).date().isoformat()


def agents_are_known_since(connection: sqlite3.Connection) -> datetime | None:
    """From when on it is known what agents did: what was before was purged. None: all of it is."""
    return purged_since(connection).agents


def _numbers_are_known_after(connection: sqlite3.Connection) -> str:
    """The last day of which it cannot be told any more who called again: numbers were purged. Empty: there is none."""
    latest = purged_since(connection).numbers
    return "" if latest is None else (latest + USUAL_WINDOW + _A_DAY).date().isoformat()


def purged_since(connection: sqlite3.Connection) -> KeptSince:
    """Of each kind, what was purged at the latest: the calls that arrived before it."""
    purges = [msgspec.structs.asdict(one) for one in _purges(connection)]
    kinds = KeptSince.__struct_fields__
    latest = {kind: [one[kind] for one in purges if one[kind]] for kind in kinds}
    return KeptSince(**{kind: max(times) for kind, times in latest.items() if times})


def _purges(connection: sqlite3.Connection) -> list[KeptSince]:
    rows = connection.execute("SELECT since FROM removal WHERE what = 'purge'").fetchall()
    return [msgspec.json.decode(text, type=KeptSince) for (text,) in rows]


def _digests(connection: sqlite3.Connection) -> dict[str, str]:
    """Of each table that is a fold, of all its rows in order."""
    found = {}
    for name in ("call", "queue_visit", "message", "survey_reply", *HISTORY, *DUTY_TABLES):
        content = hashlib.sha256()
        columns = len(connection.execute(f"PRAGMA table_info({name})").fetchall())
        order = ", ".join(str(number) for number in range(1, columns + 1))
        for row in connection.execute(f"SELECT * FROM {name} ORDER BY {order}"):  # noqa: S608 - names of ours
            content.update(repr(row).encode())
        found[name] = content.hexdigest()
    return found

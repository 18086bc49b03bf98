"""Reading what is stored. Records come out, never rows.

The same queries read the journal's file and PostgreSQL.

Every function blocks for as long as the database reads: on an event loop, call it in a thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Engine, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ivr.kpi.rows import Sought
from ivr.records.events import SITE_AGENT, GivenToSite, MenuTry, Routed
from ivr.records.fold import fold
from ivr.records.journal import Entry, has_ended
from ivr.records.keyed_call import KeyedCall
from ivr.records.record import CallRecord, QueueVisit
from ivr.records.ringing import whom_each_rang
from ivr.records.speech import SPOKEN_KINDS, SpokenCall, SpokenEvent
from ivr.records.taking_up import agents_talked
from ivr.store.behind import LONGEST_CALL, newest_behind
from ivr.store.reading import session_on
from ivr.store.rows import read_entry
from ivr.store.tables import (
    CallEventRow,
    CallRow,
    MessageRow,
    OpenCallRow,
    QueueVisitRow,
    SurveyReplyRow,
)
from ivr.store.texts import read_event, read_time, time_text

_AT_ONCE = 500  # calls whose visits, messages and decisions are read by one query
_LOOKED_BACK = 200_000
"""Events in which the last call of each split queue is looked for: those of some ten thousand calls."""

_AFTER_ALL_IDS = "~"  # sorts after every character of an id
_RowsByCall = defaultdict[str, list[dict[str, object]]]


class TableCalls:
    """The stored calls of one journal, whether a server writes it meanwhile or not. See StoredCalls.

    It is never changed. `path` is what it is called when it cannot be read.
    """

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self._path = path
        self._engine = engine

    def call(self, call_id: str) -> CallRecord | None:
        with session_on(self._engine, self._path) as session:
            query = select(CallRow).where(
                col(CallRow.call_id) >= call_id, col(CallRow.call_id) < call_id + _AFTER_ALL_IDS
            )
            rows = session.exec(query.order_by(col(CallRow.call_id)).limit(2)).all()
            found = _only(call_id, [row.call_id for row in rows])
            return _records(session, rows[:1])[0] if found else None

    def latest(self, count: int) -> tuple[CallRecord, ...]:
        newest = select(CallRow).order_by(
            col(CallRow.arrived_at).desc(), col(CallRow.call_id).desc()
        )
        with session_on(self._engine, self._path) as session:
            return tuple(_records(session, session.exec(newest.limit(count)).all()))

    def events(self, call_id: str) -> tuple[Entry, ...]:
        with session_on(self._engine, self._path) as session:
            query = (
                select(CallEventRow.call_id)
                .where(
                    col(CallEventRow.call_id) >= call_id,
                    col(CallEventRow.call_id) < call_id + _AFTER_ALL_IDS,
                )
                .distinct()
                .order_by(col(CallEventRow.call_id))
                .limit(2)
            )
            found = _only(call_id, session.exec(query).all())
            return _entries(session, found) if found else ()

    def open_calls(self) -> tuple[CallRecord, ...]:
        return tuple(fold(entries) for entries in self.open_journals())

    def open_journals(self) -> Sequence[Sequence[Entry]]:
        entry = CallEventRow
        columns = (entry.call_id, entry.seq, entry.at, entry.monotonic_ns, entry.payload)
        oldest = (
            select(*map(col, columns))
            .join(OpenCallRow, col(OpenCallRow.call_id) == col(entry.call_id))
            .order_by(col(OpenCallRow.arrived_at), col(OpenCallRow.call_id), col(entry.seq))
        )
        found: dict[str, list[Entry]] = {}
        with session_on(self._engine, self._path) as session:
            for row in session.execute(oldest):
                if (read := read_entry(*row)) is not None:
                    found.setdefault(read.call_id, []).append(read)
        return [entries for entries in found.values() if not has_ended(entries)]

    def given(self, first: datetime, last: datetime) -> Iterator[GivenToSite]:
        with session_on(self._engine, self._path) as session:
            for ids in _arrived(session, first, last):
                some = col(CallRow.call_id).in_(ids)
                tests = {*session.exec(select(CallRow.call_id).where(some, col(CallRow.test)))}
                for row in events_of(session, ids, "given_to_site"):
                    event = read_event(row.payload)
                    if isinstance(event, GivenToSite) and row.call_id not in tests:
                        yield event

    def given_to_sites(self) -> Sequence[GivenToSite]:
        latest = (
            select(CallEventRow.type, CallEventRow.payload)
            .order_by(col(CallEventRow.call_id).desc())
            .limit(_LOOKED_BACK)
            .subquery()
        )
        with session_on(self._engine, self._path) as session:
            found = session.exec(select(latest.c.payload).where(latest.c.type == "given_to_site"))
            events = [read_event(payload) for payload in found]
        return [event for event in events if isinstance(event, GivenToSite)]

    def of_caller(self, caller: str) -> tuple[CallRecord, ...]:
        oldest = select(CallRow).order_by(col(CallRow.arrived_at), col(CallRow.call_id))
        with session_on(self._engine, self._path) as session:
            rows = session.exec(oldest.where(CallRow.caller == caller)).all()
            return tuple(_records(session, rows))

    def between(self, first: datetime, last: datetime) -> Iterator[CallRecord]:
        with session_on(self._engine, self._path) as session:
            for ids in _arrived(session, first, last):
                rows = session.exec(select(CallRow).where(col(CallRow.call_id).in_(ids))).all()
                by_id = {row.call_id: row for row in rows}
                yield from _some_records(session, [by_id[call_id] for call_id in ids])

    def behind(self, sought: Sought, count: int) -> tuple[CallRecord, ...]:
        with session_on(self._engine, self._path) as session:
            ids = newest_behind(session.connection(), sought, count)
            found: list[CallRecord] = []
            for start in range(0, len(ids), _AT_ONCE):
                some = col(CallRow.call_id).in_(ids[start : start + _AT_ONCE])
                found += _some_records(session, session.exec(select(CallRow).where(some)).all())
            return tuple(sorted(found, key=lambda call: (call.arrived_at, call.call_id)))

    def keyed(self, first: datetime, last: datetime) -> Iterator[KeyedCall]:
        with session_on(self._engine, self._path) as session:
            for ids in _arrived(session, first, last):
                yield from _keyed(session, ids)

    def spoken(self, first: datetime, last: datetime) -> Iterator[SpokenCall]:
        with session_on(self._engine, self._path) as session:
            for ids in _arrived(session, first, last):
                yield from _spoken(session, ids)

    def surveyed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        with session_on(self._engine, self._path) as session:
            asked = (
                select(CallRow.caller, SurveyReplyRow.asked_at)
                .join(SurveyReplyRow, col(SurveyReplyRow.call_id) == col(CallRow.call_id))
                .where(SurveyReplyRow.asked_at >= time_text(since))
                .where(col(CallRow.caller).is_not(None), col(CallRow.test).is_(False))
            )
            for caller, asked_at in session.exec(asked):
                yield str(caller), read_time(asked_at)

    def latest_visits(self, count: int) -> Sequence[tuple[str, QueueVisit]]:
        """See StoredCalls."""
        with session_on(self._engine, self._path) as session:
            waited = (
                select(QueueVisitRow)
                .join(CallRow, col(CallRow.call_id) == col(QueueVisitRow.call_id))
                .where(col(CallRow.test).is_(False), col(QueueVisitRow.wait_seconds).is_not(None))
                .order_by(col(CallRow.arrived_at).desc())
                .limit(count)
            )
            # The database sorts by arrival alone: there is an index of it, and no other call is looked at.
            rows = sorted(session.exec(waited).all(), key=lambda row: (row.entered_at, row.visit))
            return [(row.call_id, _visit(row)) for row in rows]

    def talks(
        self, since: datetime, shortest_seconds: float
    ) -> Iterator[tuple[str, str, datetime]]:
        with session_on(self._engine, self._path) as session:
            counted = aliased(QueueVisitRow)
            last = (
                select(func.max(counted.visit))
                .where(
                    counted.call_id == CallRow.call_id,
                    col(counted.talk_seconds) >= shortest_seconds,
                )
                .where(col(counted.agent).not_like(f"{SITE_AGENT}%"))
                .correlate(CallRow)
                .scalar_subquery()
            )
            talked = (
                select(CallRow.caller, QueueVisitRow)
                .join(QueueVisitRow, col(QueueVisitRow.call_id) == CallRow.call_id)
                .where(CallRow.arrived_at >= time_text(since), col(CallRow.caller).is_not(None))
                .where(CallRow.disposition == "answered", col(CallRow.ended_at).is_not(None))
                .where(col(CallRow.test).is_(False), col(QueueVisitRow.visit) == last)
            )
            for caller, row in session.exec(talked):
                counted_from = _visit(row).waited_until + timedelta(seconds=shortest_seconds)
                yield str(caller), str(row.agent), counted_from

    def talks_of_agents(self, since: datetime) -> Iterator[str]:
        with session_on(self._engine, self._path) as session:
            ended_since = (
                select(QueueVisitRow.agent, QueueVisitRow.entered_at, QueueVisitRow.wait_seconds)
                .join(CallRow, col(CallRow.call_id) == col(QueueVisitRow.call_id))
                .where(CallRow.arrived_at >= time_text(since.astimezone(UTC) - LONGEST_CALL))
                .where(col(CallRow.ended_at) >= time_text(since), col(CallRow.test).is_(False))
                .where(col(QueueVisitRow.agent).is_not(None))
                .where(col(QueueVisitRow.agent).not_like(f"{SITE_AGENT}%"))
            )
            for agent, entered_at, wait_seconds in session.exec(ended_since):
                waited = timedelta(seconds=wait_seconds or 0.0)
                if read_time(entered_at) + waited >= since:
                    yield str(agent)
        for entries in self.open_journals():
            yield from agents_talked(entries, since)

    def rung_last(self) -> Mapping[str, str]:
        latest = (
            select(CallEventRow.type, CallEventRow.at, CallEventRow.payload)
            .order_by(col(CallEventRow.call_id).desc())
            .limit(_LOOKED_BACK)
            .subquery()
        )
        offers = select(latest.c.payload).where(latest.c.type == "offered").order_by(latest.c.at)
        with session_on(self._engine, self._path) as session:
            events = [read_event(payload) for payload in session.exec(offers)]
        return whom_each_rang(events)


def _visit(row: QueueVisitRow) -> QueueVisit:
    return msgspec.convert(row.model_dump(), QueueVisit)


def _arrived(session: Session, first: datetime, last: datetime) -> Iterator[Sequence[str]]:
    """The ids of the ended calls that arrived between, oldest first, some at a time."""
    ids = session.exec(
        select(CallRow.call_id)
        .where(CallRow.arrived_at >= time_text(first), CallRow.arrived_at < time_text(last))
        .order_by(col(CallRow.arrived_at), col(CallRow.call_id))
    ).all()
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _records(session: Session, rows: Sequence[CallRow]) -> list[CallRecord]:
    """The records that the rows stand for, in the same order, with their decisions."""
    records = []
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        decisions = _decisions(session, [row.call_id for row in some])
        records += [
            msgspec.structs.replace(record, decisions=tuple(decisions[record.call_id]))
            for record in _some_records(session, some)
        ]
    return records


def _some_records(session: Session, rows: Sequence[CallRow]) -> list[CallRecord]:
    """The same without their decisions; not too many."""
    ids = [row.call_id for row in rows]
    visits = _visits(session, ids)
    messages = _messages(session, ids)
    surveys = _surveys(session, ids)
    return [
        msgspec.convert(
            {
                **row.model_dump(),
                "visits": visits[row.call_id],
                "messages": messages[row.call_id],
                "surveys": surveys[row.call_id],
            },
            CallRecord,
        )
        for row in rows
    ]


def _visits(session: Session, ids: Sequence[str]) -> _RowsByCall:
    query = select(QueueVisitRow).where(col(QueueVisitRow.call_id).in_(ids))
    rows = session.exec(query.order_by(col(QueueVisitRow.visit))).all()
    return _by_call(rows)


def _messages(session: Session, ids: Sequence[str]) -> _RowsByCall:
    query = select(MessageRow).where(col(MessageRow.call_id).in_(ids))
    rows = session.exec(query.order_by(col(MessageRow.message))).all()
    return _by_call(rows)


def _surveys(session: Session, ids: Sequence[str]) -> _RowsByCall:
    query = select(SurveyReplyRow).where(col(SurveyReplyRow.call_id).in_(ids))
    rows = session.exec(query.order_by(col(SurveyReplyRow.reply))).all()
    return _by_call(rows)


def _by_call(rows: Sequence[QueueVisitRow | MessageRow | SurveyReplyRow]) -> _RowsByCall:
    found: _RowsByCall = defaultdict(list)
    for row in rows:
        found[row.call_id].append(row.model_dump())
    return found


def _decisions(session: Session, ids: Sequence[str]) -> dict[str, list[Routed]]:
    found: dict[str, list[Routed]] = defaultdict(list)
    for row in events_of(session, ids, "routed"):
        entry = _entry(row)
        if entry is not None and isinstance(entry.event, Routed):
            found[row.call_id].append(entry.event)
    return found


def events_of(session: Session, ids: Sequence[str], *kinds: str) -> Iterator[CallEventRow]:
    """The events of these kinds of these calls, call by call, in their order."""
    yield from session.exec(
        select(CallEventRow)
        .where(col(CallEventRow.call_id).in_(ids), col(CallEventRow.type).in_(kinds))
        .order_by(col(CallEventRow.call_id), col(CallEventRow.seq))
    )


def _keyed(session: Session, ids: Sequence[str]) -> Iterator[KeyedCall]:
    tries = _tries(session, ids)
    rows = session.exec(select(CallRow).where(col(CallRow.call_id).in_(ids))).all()
    by_id = {row.call_id: row for row in rows}
    for call_id in ids:
        row = by_id[call_id]
        yield KeyedCall(
            call_id=call_id,
            dialled=row.dialled,
            caller=row.caller,
            call_time=row.call_time,
            test=row.test,
            tries=tuple(tries[call_id]),
        )


def _spoken(session: Session, ids: Sequence[str]) -> Iterator[SpokenCall]:
    found: dict[str, list[SpokenEvent]] = defaultdict(list)
    for row in events_of(session, ids, *SPOKEN_KINDS):
        event = read_event(row.payload)
        if isinstance(event, SpokenEvent):
            found[row.call_id].append(event)
    query = select(CallRow.call_id, CallRow.test).where(col(CallRow.call_id).in_(ids))
    tests = dict(session.exec(query).all())
    for call_id in ids:
        yield SpokenCall(call_id=call_id, test=tests[call_id], events=tuple(found[call_id]))


def _tries(session: Session, ids: Sequence[str]) -> dict[str, list[MenuTry]]:
    found: dict[str, list[MenuTry]] = defaultdict(list)
    for row in events_of(session, ids, "menu_try"):
        event = read_event(row.payload)
        if isinstance(event, MenuTry):
            found[row.call_id].append(event)
    return found


def _entries(session: Session, call_id: str) -> tuple[Entry, ...]:
    query = select(CallEventRow).where(CallEventRow.call_id == call_id)
    rows = session.exec(query.order_by(col(CallEventRow.seq))).all()
    return tuple(entry for row in rows if (entry := _entry(row)) is not None)


def _entry(row: CallEventRow) -> Entry | None:
    return read_entry(row.call_id, row.seq, row.at, row.monotonic_ns, row.payload)


def _only(beginning: str, found: Sequence[str]) -> str | None:
    """The one id that begins so; an id in full, which sorts first, is always itself."""
    if not found or (len(found) > 1 and found[0] != beginning):
        return None
    return found[0]

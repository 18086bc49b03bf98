"""History as it is kept on disk: what calls add to it when they end, and what is read of it.

A call's rows and what it adds are written in one transaction. Nothing is counted here: `ivr/kpi/cells.py` says what
a call adds. What is written is read first, changed and put back, so that a call that is told anew (a message came in
after its end) is taken away before it is added again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Literal

from ivr.kpi.cells import (
    COUNTED,
    Folded,
    FoldedOffers,
    Grain,
    OfferKey,
    arrival_of,
    by_the_clock,
    caller_of,
    folded_offers,
    local_arrival,
    sums_in,
)
from ivr.kpi.offers import WAITED, OfferSums
from ivr.kpi.repeats import CallerArrival, first_calls_among
from ivr.kpi.rows import USUAL_WITHIN_SECONDS
from ivr.kpi.satisfaction import SurveyKey
from ivr.kpi.tally import SHORT_SECONDS
from ivr.records.record import CallRecord, QueueVisit, SurveyReply
from ivr.store.rows import write_record
from ivr.store.texts import read_time, time_text

_KEYS: dict[Grain, tuple[str, ...]] = {
    "day": ("day", "queue", "site", "department"),
    "quarter": ("day", "quarter", "queue"),
    "agent": ("day", "agent", "queue"),
}
_SUMS = ("wait_ms", "talks", "talk_ms")
_TEXTS = tuple(f"waits_{outcome}" for outcome in WAITED)
_ALL = (*COUNTED, *_SUMS, *_TEXTS)
_OF_ANSWERED = ("answered", *_SUMS, "waits_answered")
KEPT: dict[Grain, tuple[str, ...]] = {"day": _ALL, "quarter": _ALL, "agent": _OF_ANSWERED}
"""The columns of each table beside its key; the two that are made of others, for reports, are not read."""

OFFER_COLUMNS: dict[Grain, int] = {
    grain: len(_KEYS[grain]) + len(KEPT[grain]) + (1 if grain == "agent" else 2) for grain in KEPT
}
"""How many columns each table has, those for reports among them."""

HISTORY = (
    "offer_day",
    "offer_quarter",
    "offer_agent",
    "call_day",
    "first_call_day",
    "path_day",
    "survey_day",
)
"""The tables that are folds of the calls."""

_CALL = "SELECT arrived_at, call_time, site, department, disposition, caller, test, path FROM call WHERE call_id = ?"
_VISITS = "SELECT queue, outcome, wait_seconds, agent, talk_seconds FROM queue_visit WHERE call_id = ? ORDER BY visit"
_SURVEYS = (
    "SELECT survey, queue, agent, asked_at, lowest, highest, score "
    "FROM survey_reply WHERE call_id = ? ORDER BY reply"
)
_NEIGHBOURS = (
    "SELECT arrived_at, call_id, call_time, site FROM call WHERE caller = ? AND department = ? AND NOT test "
    "AND (arrived_at, call_id) {0} (?, ?) ORDER BY arrived_at {1}, call_id {1} LIMIT 2"
)
_BEFORE = _NEIGHBOURS.format("<", "DESC")
_AFTER = _NEIGHBOURS.format(">", "ASC")


class Folding:
    """What the calls of one transaction change in the history; `write` it before the transaction ends.

    Days up to `after` (included) are told already, and stay as they are.
    """

    def __init__(self, connection: sqlite3.Connection, *, after: str = "") -> None:
        self._connection = connection
        self._after = after
        self._folded = Folded()

    def keep(self, record: CallRecord) -> None:
        """Write the rows of an ended call, in place of those that there may be."""
        before = counted_record(self._connection, record.call_id)
        if before is not None:
            self._take(before, -1)
        write_record(self._connection, record)
        self._take(record, 1)

    def count(self, record: CallRecord) -> None:
        """Add a call that is stored, but for whether its caller called before."""
        if not self._is_told(record):
            self._folded.take(record)

    def count_surveys(self, record: CallRecord) -> None:
        """Add what the caller of a stored call was asked after talks."""
        if not self._is_told(record):
            self._folded.take_surveys(record)

    def count_first_calls(
        self, found: Iterable[tuple[CallerArrival, bool]], times: int = 1
    ) -> None:
        """Add first calls, and whether another followed."""
        for arrival, is_repeated in found:
            if arrival.place[0] <= self._after:
                continue
            self._folded.first_calls[arrival.place] += times
            self._folded.repeated[arrival.place] += times * is_repeated

    def write(self) -> None:
        """Bring the tables up to date."""
        for grain, cells in self._folded.offers.items():
            for key, sums in cells.items():
                self._write_offers(grain, key, sums)
        for (*place, disposition), calls in self._folded.calls.items():
            self._add("call_day", (*place, disposition), {"calls": calls})
        for way, calls in self._folded.paths.items():
            self._add("path_day", way, {"calls": calls})
        for asked, scores in self._folded.surveys.items():
            self._add("survey_day", asked, asdict(scores))
        firsts, repeated = self._folded.first_calls, self._folded.repeated
        for place_of in {*firsts, *repeated}:
            values = {"first_calls": firsts[place_of], "repeated": repeated[place_of]}
            self._add("first_call_day", place_of, values)
        self._folded = Folded()

    def _is_told(self, record: CallRecord) -> bool:
        return local_arrival(record).date().isoformat() <= self._after

    def _take(self, record: CallRecord, times: int) -> None:
        if not self._is_told(record):
            self._folded.take(record, times)
        who = caller_of(record)
        if who is None or record.disposition is None:
            return
        one = arrival_of(record)
        place = (*who, time_text(one.at), one.call_id)
        before = self._neighbours(_BEFORE, place)[::-1]
        after = self._neighbours(_AFTER, place)
        without, within = [*before, *after], [*before, one, *after]
        touched = {arrival.call_id for arrival in (*before[-1:], one, *after[:1])}
        self._count_first(within, touched, times)
        self._count_first(without, touched, -times)

    def _count_first(
        self, arrivals: Sequence[CallerArrival], touched: set[str], times: int
    ) -> None:
        """Only of those whose neighbours are all known here."""
        found = first_calls_among(arrivals)
        self.count_first_calls((one for one in found if one[0].call_id in touched), times)

    def _neighbours(self, query: str, place: tuple[str, str, str, str]) -> list[CallerArrival]:
        found = []
        for at, call_id, call_time, site in self._connection.execute(query, place):
            arrived_at = read_time(at)
            day = by_the_clock(arrived_at, call_time).date().isoformat()
            found.append(CallerArrival(arrived_at, call_id, (day, site or "", place[1])))
        return found

    def _write_offers(self, grain: Grain, key: OfferKey, change: OfferSums) -> None:
        names, table = _KEYS[grain], f"offer_{grain}"
        where = tuple(getattr(key, name) for name in names)
        query = _select(table, KEPT[grain], names)
        row = self._connection.execute(query, where).fetchone()
        sums = OfferSums()
        if row is not None:
            sums = sums_in(folded_row(grain)((*where, *row)))
        sums.add(change)
        if sums.is_nothing:
            self._connection.execute(_delete(table, names), where)
            return
        kept = folded_offers(key, sums)
        values = {name: getattr(kept, name) for name in KEPT[grain]}
        values["answered_within_20s"] = _up_to(sums, "answered", USUAL_WITHIN_SECONDS)
        if grain != "agent":
            values["abandoned_within_5s"] = _up_to(sums, "abandoned", SHORT_SECONDS)
        columns = (*names, *values)
        self._connection.execute(_put(table, columns), (*where, *values.values()))

    def _add(self, table: str, where: tuple[str | int, ...], change: dict[str, int]) -> None:
        """Add to the numbers of a row; one that comes to nothing goes."""
        if not any(change.values()):
            return
        names = _OTHER_KEYS[table]
        query = _select(table, tuple(change), names)
        row = self._connection.execute(query, where).fetchone() or (0,) * len(change)
        values = [old + more for old, more in zip(row, change.values(), strict=True)]
        if any(values):
            self._connection.execute(_put(table, (*names, *change)), (*where, *values))
        else:
            self._connection.execute(_delete(table, names), where)


_OTHER_KEYS: dict[str, tuple[str, ...]] = {
    "call_day": ("day", "site", "department", "disposition"),
    "first_call_day": ("day", "site", "department"),
    "path_day": ("day", "path", "disposition"),
    "survey_day": SurveyKey._fields,
}


def counted_record(connection: sqlite3.Connection, call_id: str) -> CallRecord | None:
    """A stored call as far as the history counts it; None where it is not stored."""
    row = connection.execute(_CALL, (call_id,)).fetchone()
    if row is None:
        return None
    arrived_at, call_time, site, department, disposition, caller, test, path = row
    visits = tuple(
        QueueVisit(
            queue=queue,
            entered_at=read_time(arrived_at),
            outcome=outcome,
            wait_seconds=wait,
            agent=agent,
            talk_seconds=talk,
        )
        for queue, outcome, wait, agent, talk in connection.execute(_VISITS, (call_id,))
    )
    return CallRecord(
        call_id=call_id,
        arrived_at=read_time(arrived_at),
        call_time=call_time,
        site=site,
        department=department,
        disposition=disposition,
        caller=caller,
        test=bool(test),
        visits=visits,
        surveys=stored_surveys(connection.execute(_SURVEYS, (call_id,))),
        path=path,
    )


def stored_surveys(rows: Iterable[Sequence[Any]]) -> tuple[SurveyReply, ...]:
    """Of rows of `survey_reply`: survey, queue, agent, asked_at, lowest, highest, score."""
    return tuple(
        SurveyReply(
            survey=survey,
            queue=queue,
            agent=agent,
            asked_at=read_time(asked_at),
            lowest=lowest,
            highest=highest,
            score=score,
        )
        for survey, queue, agent, asked_at, lowest, highest, score in rows
    )


def columns_of_grain(grain: Grain) -> tuple[str, ...]:
    """What is read of a row of such a table, in order."""
    return (*_KEYS[grain], *KEPT[grain])


def folded_row(grain: Grain) -> Callable[[Sequence[Any]], FoldedOffers]:
    """Makes what a row of such a table stands for; what is not in it is nothing."""
    columns = columns_of_grain(grain)
    places = {name: place for place, name in enumerate(columns)}
    nothing = (*_NOTHING.values(),)
    order = tuple(places.get(name, len(columns) + place) for place, name in enumerate(_NOTHING))

    def made(row: Sequence[Any]) -> FoldedOffers:
        values = (*row, *nothing)
        return FoldedOffers(*[values[place] for place in order])

    return made


_NOTHING: dict[str, object] = {
    **dict.fromkeys(OfferKey._fields, ""),
    **dict.fromkeys((*COUNTED, *_SUMS), 0),
    **dict.fromkeys(_TEXTS, ""),
}
"""The fields of FoldedOffers, in their order."""


def _up_to(sums: OfferSums, outcome: Literal["answered", "abandoned"], seconds: float) -> int:
    waits = sums.waits.get(outcome, Counter())
    return sum(count for wait, count in waits.items() if wait <= seconds)


def _select(table: str, columns: Sequence[str], names: Sequence[str]) -> str:
    where = " AND ".join(f"{name} = ?" for name in names)
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608 - names of ours


def _delete(table: str, names: Sequence[str]) -> str:
    where = " AND ".join(f"{name} = ?" for name in names)
    return f"DELETE FROM {table} WHERE {where}"  # noqa: S608 - names of ours


def _put(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours

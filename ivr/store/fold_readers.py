"""Reading the folded history, from the journal's file or from PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from ivr.kpi.cells import (
    APART,
    Apart,
    FoldedCalls,
    FoldedFirstCalls,
    FoldedOffers,
    FoldedPath,
    Grain,
)
from ivr.kpi.occupancy import FoldedDuty, FoldedWork, WorkApart, hour_text, quarter_text
from ivr.kpi.rows import Only
from ivr.kpi.satisfaction import FoldedSurvey, Scores, SurveyKey
from ivr.records.months import ClosedMonth
from ivr.store.folds import KEPT, columns_of_grain, folded_row
from ivr.store.months import read_month
from ivr.store.reading import session_on

_BETWEEN = "day >= :first AND day <= :last"


class TableFolds:
    """What one journal has folded, whether a server writes it meanwhile or not. See Folds."""

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self._path = path
        self._engine = engine

    def offers(
        self, grain: Grain, first: date, last: date, only: Only, apart: Collection[Apart] = APART
    ) -> Iterator[FoldedOffers]:
        columns = columns_of_grain(grain)
        asked = {
            "queue": only.queue,
            "site": only.site,
            "department": only.department,
            "agent": only.agent,
        }
        filters = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join([_BETWEEN, *(f"{name} = :{name}" for name in filters)])
        query = f"SELECT {', '.join(columns)} FROM offer_{grain} WHERE {where} ORDER BY day"  # noqa: S608 - names of ours
        if not {*columns[: -len(KEPT[grain])]} <= {"queue", *apart}:
            joined = _JOINED[self._engine.dialect.name]
            query = _together(grain, where, apart, joined)
        to_offers = folded_row(grain)
        for row in self._rows(query, first, last, filters):
            yield to_offers(row)

    def calls(self, first: date, last: date) -> Iterator[FoldedCalls]:
        query = f"SELECT day, site, department, disposition, calls FROM call_day WHERE {_BETWEEN} ORDER BY day"  # noqa: S608
        for row in self._rows(query, first, last):
            yield FoldedCalls(*row)

    def first_calls(self, first: date, last: date) -> Iterator[FoldedFirstCalls]:
        query = f"SELECT day, site, department, first_calls, repeated FROM first_call_day WHERE {_BETWEEN} ORDER BY day"  # noqa: S608
        for row in self._rows(query, first, last):
            yield FoldedFirstCalls(*row)

    def closed_months(self) -> Mapping[str, ClosedMonth]:
        query = "SELECT month, closed_at, definitions FROM closed_month"
        with session_on(self._engine, self._path) as session:
            rows = session.connection().execute(text(query))
            return {row[0]: read_month(*row) for row in rows}

    def paths(self, first: date, last: date) -> Iterator[FoldedPath]:
        query = f"SELECT day, path, disposition, calls FROM path_day WHERE {_BETWEEN} ORDER BY day, path, disposition"  # noqa: S608
        for row in self._rows(query, first, last):
            yield FoldedPath(*row)

    def surveys(self, first: date, last: date) -> Iterator[FoldedSurvey]:
        columns = ", ".join((*SurveyKey._fields, *(one.name for one in fields(Scores))))
        query = f"SELECT {columns} FROM survey_day WHERE {_BETWEEN} ORDER BY day"  # noqa: S608 - names of ours
        keys = len(SurveyKey._fields)
        for row in self._rows(query, first, last):
            yield FoldedSurvey(SurveyKey(*row[:keys]), Scores(*row[keys:]))

    def duty(self, first: datetime, last: datetime) -> Iterator[FoldedDuty]:
        query = (
            "SELECT min(hour), agent, state, sum(ms) FROM agent_hour "
            "WHERE hour >= :first AND hour < :last GROUP BY agent, state ORDER BY agent, state"
        )
        bound = {"first": hour_text(first), "last": hour_text(last)}
        with session_on(self._engine, self._path) as session:
            for hour, agent, state, ms in session.connection().execute(text(query), bound):
                yield FoldedDuty(hour, agent, state, int(ms))

    def work(
        self, first: datetime, last: datetime, apart: WorkApart | None
    ) -> Iterator[FoldedWork]:
        query = _WORK_OF_QUEUES if apart == "queue" else _WORK_OF_ALL.format(_WORK_TIMES[apart])
        bound = {"first": quarter_text(first), "last": quarter_text(last)}
        with session_on(self._engine, self._path) as session:
            for queue, quarter, state, ms in session.connection().execute(text(query), bound):
                yield FoldedWork(queue, quarter, state, int(ms))

    def work_of(self, queue: str, first: datetime, last: datetime) -> Iterator[FoldedWork]:
        query = (
            "SELECT queue, quarter, state, ms FROM duty_quarter "
            "WHERE queue = :queue AND quarter >= :first AND quarter < :last ORDER BY quarter, state"
        )
        bound = {"queue": queue, "first": quarter_text(first), "last": quarter_text(last)}
        with session_on(self._engine, self._path) as session:
            for row in session.connection().execute(text(query), bound):
                yield FoldedWork(*row)

    def _rows(
        self, query: str, first: date, last: date, filters: Mapping[str, str] | None = None
    ) -> Iterator[Sequence[Any]]:
        with session_on(self._engine, self._path) as session:
            bound = {"first": first.isoformat(), "last": last.isoformat(), **(filters or {})}
            yield from session.connection().execute(text(query), bound)


_WORK_OF_QUEUES = """
WITH RECURSIVE queues(queue) AS (
    SELECT min(queue) FROM duty_quarter WHERE queue > ''
    UNION ALL
    SELECT (SELECT min(queue) FROM duty_quarter WHERE queue > queues.queue) FROM queues WHERE queue IS NOT NULL
)
SELECT d.queue, '', state, sum(ms) FROM queues CROSS JOIN duty_quarter AS d
WHERE d.queue = queues.queue AND quarter >= :first AND quarter < :last GROUP BY 1, 2, state ORDER BY 1, 2, state
"""
"""Each queue that there is, by a look into the key for each: a day's rows lie there behind those of a year."""

_WORK_OF_ALL = """
SELECT '', {}, state, sum(ms) FROM duty_quarter
WHERE queue = '' AND quarter >= :first AND quarter < :last GROUP BY 1, 2, state ORDER BY 1, 2, state
"""
_WORK_TIMES: Mapping[WorkApart | None, str] = {
    None: "''",
    "quarter": "quarter",
    "hour": r"substr(quarter, 1, 13) || '\:00'",
}

_JOINED = {"sqlite": "group_concat({}, ' ')", "postgresql": "string_agg({}, ' ')"}
"""Texts put together, as each database writes it."""


def _together(grain: Grain, where: str, apart: Collection[Apart], joined: str) -> str:
    """Rows that differ in nothing of `apart`, and lie in one month, as one: a database adds up faster than we do."""
    keys = columns_of_grain(grain)[: -len(KEPT[grain])]
    shown = [
        name if name == "queue" or name in apart else "min(day)" if name == "day" else "''"
        for name in keys
    ]
    sums = [
        joined.format(name) if name.startswith("waits_") else f"CAST(sum({name}) AS BIGINT)"
        for name in KEPT[grain]
    ]
    kept_apart = ["substr(day, 1, 7)", "queue", *(name for name in keys if name in apart)]
    return (
        f"SELECT {', '.join([*shown, *sums])} FROM offer_{grain} WHERE {where} "  # noqa: S608 - names of ours
        f"GROUP BY {', '.join(kept_apart)} ORDER BY 1"
    )

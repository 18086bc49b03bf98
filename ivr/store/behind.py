"""The calls behind a figure, found by the rarest thing that is asked of them: a year of calls is not looked through.

Each of queue, agent and outcome of an offer, and site and department of a call, has an index by time. The rows of each
are counted, up to a limit; the one with the fewest is walked from its newest row on, and the others are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy import Connection, text

from ivr.kpi.rows import EVERYTHING, ScoreSought, Sought
from ivr.records.fold import SHORT_ABANDON_SECONDS
from ivr.records.path import BETWEEN, LEFT
from ivr.store.texts import time_text

_ENOUGH = 20_000
"""More rows than these are not counted: whichever of them is walked, it is many."""

LONGEST_CALL = timedelta(days=1)
"""So long after its arrival a call may still come to a queue, or to an agent."""

_OF_OFFERS = ("outcome", "agent", "queue")
_OF_CALLS = ("department", "site")


def newest_behind(connection: Connection, sought: Sought, count: int) -> list[str]:
    """The ids of so many of them at the most: those that came last, or came last to a queue."""
    found: dict[str, None] = {}
    query, values = _query(connection, sought)
    for (call_id,) in connection.execute(text(query), values):
        found[call_id] = None
        if len(found) == count:
            break
    return list(found)


def _query(connection: Connection, sought: Sought) -> tuple[str, Mapping[str, object]]:
    only = sought.only
    values: dict[str, object] = {
        "first": time_text(sought.first),
        "last": time_text(sought.last),
        "latest": time_text(sought.last + LONGEST_CALL),
        "short": sought.short_seconds,
        **{name: getattr(only, name) for name in (*_OF_OFFERS, *_OF_CALLS)},
    }
    asked = [name for name in (*_OF_OFFERS, *_OF_CALLS) if values[name] is not None]
    of_call = list(_of_call(sought, values, "INSTR" if _is_sqlite(connection) else "STRPOS"))
    if only == EVERYTHING:
        every = " AND ".join([_CAME, "NOT c.test", *of_call])
        return f"SELECT call_id FROM call AS c WHERE {every} ORDER BY arrived_at DESC", values  # noqa: S608 - names of ours
    walked = min(asked, key=lambda name: _rows(connection, name, values))
    apart = [name for name in asked if name != walked] if _is_sqlite(connection) else []
    conditions = [_CAME, "NOT c.test", *_conditions(asked, apart, values), *of_call]
    if sought.by == "agent":
        conditions.append("v.agent IS NOT NULL")
    if walked in _OF_OFFERS:
        tables = "queue_visit AS v CROSS JOIN call AS c"  # in SQLite it fixes which is walked
        conditions += ["v.entered_at >= :first AND v.entered_at < :latest"]
        newest = "v.entered_at"
    else:
        tables, newest = "call AS c CROSS JOIN queue_visit AS v", "c.arrived_at"
    where = " AND ".join(["c.call_id = v.call_id", *conditions])
    return f"SELECT c.call_id FROM {tables} WHERE {where} ORDER BY {newest} DESC", values  # noqa: S608 - names of ours


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


_CAME = "c.arrived_at >= :first AND c.arrived_at < :last"


def _of_call(sought: Sought, values: dict[str, object], find: str) -> Iterator[str]:
    """What Sought.takes_call says. A path is looked through with marks around it, so that stops are found whole."""
    if sought.disposition is not None:
        values["disposition"] = sought.disposition
        yield "c.disposition = :disposition"
    if sought.score is not None:
        yield _rated(sought.score, sought, values)
    if sought.menu is None:
        return
    stop = f"{BETWEEN}menu {sought.menu}"
    if sought.key is None:
        values["stop"] = f"{stop} "
    elif sought.key == LEFT:
        values["stop"] = f"{stop} {_END}"
    else:
        values["stop"] = f"{stop} {sought.key} "
    yield f"{find}('{BETWEEN}' || c.path || ' {_END}', :stop) > 0"


def _rated(score: ScoreSought, sought: Sought, values: dict[str, object]) -> str:
    """That the caller answered so, about a talk of the queue and the agent that are asked for."""
    asked = ["r.call_id = c.call_id"]
    asked += [f"r.{name} = :{name}" for name in ("queue", "agent") if getattr(sought.only, name)]
    match score:
        case "any":
            asked.append("r.score IS NOT NULL")
        case "none":
            asked.append("r.score IS NULL")
        case _:
            values["score"] = score
            asked.append("r.score = :score")
    return f"EXISTS (SELECT 1 FROM survey_reply AS r WHERE {' AND '.join(asked)})"  # noqa: S608 - names of ours


_END = "|"


def _conditions(asked: list[str], apart: list[str], values: dict[str, object]) -> Iterator[str]:
    """A sign before a column keeps its index out of it, in SQLite; PostgreSQL counts for itself."""
    for name in asked:
        column = f"v.{name}" if name in _OF_OFFERS else f"c.{name}"
        if name in apart:
            column = f"+{column}"
        if name == "outcome" and _is_told_by_own_limit(values):
            kind = values[name]
            # As the journal was told it, and by this figure's own limit.
            yield f"{column} IN ('abandoned', 'abandoned_short')"
            is_short = "v.wait_seconds IS NOT NULL AND v.wait_seconds <= :short"
            yield is_short if kind == "abandoned_short" else f"NOT ({is_short})"
        else:
            yield f"{column} = :{name}"


def _is_told_by_own_limit(values: dict[str, object]) -> bool:
    """Whether short abandons are told otherwise than the journal does, whose rows have them in order of time."""
    is_abandoned = values["outcome"] in {"abandoned", "abandoned_short"}
    return is_abandoned and values["short"] != SHORT_ABANDON_SECONDS


def _rows(connection: Connection, name: str, values: dict[str, object]) -> int:
    table, at = ("call", "arrived_at") if name in _OF_CALLS else ("queue_visit", "entered_at")
    is_one = f"{name} = :{name}"
    if name == "outcome" and _is_told_by_own_limit(values):
        is_one = "outcome IN ('abandoned', 'abandoned_short')"
    rows = f"{table} WHERE {is_one} AND {at} >= :first AND {at} < :latest"
    query = f"SELECT COUNT(*) FROM (SELECT 1 FROM {rows} LIMIT {_ENOUGH}) AS some"  # noqa: S608 - names of ours
    return int(connection.execute(text(query), values).scalar_one())

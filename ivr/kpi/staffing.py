"""How many people a week takes: the calls that are to come, and Erlang C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo

from ivr.kpi.erlang import people_needed
from ivr.kpi.forecast import HALF_HOUR, Accuracy, Days, accuracy, forecast, history_of
from ivr.kpi.rows import Only, Terms, figures
from ivr.records.record import CallRecord
from ivr.rules.model import AnswerTarget, Queue

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """`calls` that are to come in it, and the `people` whom they take; None where nothing is known."""

    calls: float
    people: int | None


@dataclass(frozen=True, slots=True)
class QueueForecast:
    """One queue in one week. `handling_seconds`: talk and wrap-up; None where nobody has talked yet."""

    queue: str
    target: AnswerTarget
    handling_seconds: float | None
    days: Mapping[date, Mapping[time, HalfHour] | None]
    accuracy: Accuracy | None


def week_of(
    queue: Queue,
    calls: Sequence[CallRecord],
    target: AnswerTarget,
    monday: date,
    days: Days,
) -> QueueForecast:
    """The week that begins on `monday`, from `calls` that came until today, which itself is not looked at."""
    handling = _handling_seconds(queue, calls, days.zone)
    arrivals = (call.arrived_at.astimezone(days.zone).date() for call in calls)
    history = history_of(calls, queue.name, min(arrivals, default=days.today), days)
    week: dict[date, Mapping[time, HalfHour] | None] = {}
    for day in (monday + place * _DAY for place in range(7)):
        coming = forecast(history, day)
        week[day] = None
        if coming is not None:
            week[day] = {
                begins: HalfHour(count, _people(count, handling, target))
                for begins, count in coming.items()
            }
    return QueueForecast(queue.name, target, handling, week, accuracy(history))


def _handling_seconds(queue: Queue, calls: Sequence[CallRecord], zone: tzinfo) -> float | None:
    only = Only(queue=queue.name)
    talk = figures(calls, "queue", Terms(zone=zone, targets={}), only).total.mean_talk
    return None if talk is None else talk + queue.wrap_up_seconds


def _people(coming: float, handling: float | None, target: AnswerTarget) -> int | None:
    if coming == 0:
        return 0
    if handling is None:
        return None
    load = coming / HALF_HOUR.total_seconds() * handling
    try:
        return people_needed(load, handling, target.share, target.within_seconds)
    except ValueError:
        return None

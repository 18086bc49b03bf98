"""How many people a week takes: the calls that are to come, and Erlang C; what callers do then, by Erlang A."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta, tzinfo

from ivr.kpi.erlang import Impatient, impatient, people_needed
from ivr.kpi.forecast import (
    HALF_HOUR,
    Accuracy,
    Days,
    accuracy,
    attendance_of,
    forecast,
    history_of,
)
from ivr.kpi.occupancy import FoldedWork
from ivr.kpi.rows import Only, Terms, figures
from ivr.records.record import CallRecord
from ivr.rules.model import AnswerTarget, Queue

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """`calls` that are to come in it, and the `people` whom they take; None where nothing is known.

    `impatient` is what callers do with so many people, as patient as they were; None where nobody has given up yet.
    `there`: how many people were there on such days, in the mean; None where it is not known.
    """

    calls: float
    people: int | None
    impatient: Impatient | None = None
    there: float | None = None


@dataclass(frozen=True, slots=True)
class QueueForecast:
    """One queue in one week. `handling_seconds`: talk and wrap-up; None where nobody has talked yet.

    `patience_seconds`: how long callers wait on average before they give up; None where nobody did.
    """

    queue: str
    target: AnswerTarget
    handling_seconds: float | None
    days: Mapping[date, Mapping[time, HalfHour] | None]
    accuracy: Accuracy | None
    patience_seconds: float | None = None

    @property
    def giving_up(self) -> float | None:
        """The share (0 to 1) of the week's callers who are to give up, by Erlang A; None where it is not known."""
        return self._of_callers(lambda one: one.giving_up)

    @property
    def wait_seconds(self) -> float | None:
        """The mean wait of the week's callers, by Erlang A; None where it is not known."""
        return self._of_callers(lambda one: one.wait_seconds)

    def _of_callers(self, figure: Callable[[Impatient], float]) -> float | None:
        halves = [half for day in self.days.values() if day for half in day.values()]
        known = [(half.calls, figure(half.impatient)) for half in halves if half.impatient]
        calls = sum(count for count, _ in known)
        return sum(count * value for count, value in known) / calls if calls else None


def week_of(
    queue: Queue,
    calls: Sequence[CallRecord],
    target: AnswerTarget,
    monday: date,
    days: Days,
    work: Iterable[FoldedWork] = (),
) -> QueueForecast:
    """The week that begins on `monday`, from `calls` that came until today, which itself is not looked at.

    `work` is what agents did for this queue in that time, by quarters of an hour.
    """
    attendance = attendance_of(work, days)
    handling = _handling_seconds(queue, calls, days.zone)
    patience = patience_seconds(calls, queue.name)
    arrivals = (call.arrived_at.astimezone(days.zone).date() for call in calls)
    history = history_of(calls, queue.name, min(arrivals, default=days.today), days)
    week: dict[date, Mapping[time, HalfHour] | None] = {}
    for day in (monday + place * _DAY for place in range(7)):
        coming = forecast(history, day)
        there = forecast(attendance, day) if attendance else None
        week[day] = None
        if coming is not None:
            week[day] = {
                begins: replace(
                    _half_hour(count, handling, patience, target),
                    there=there[begins] if there else None,
                )
                for begins, count in coming.items()
            }
    return QueueForecast(queue.name, target, handling, week, accuracy(history), patience)


def patience_seconds(calls: Iterable[CallRecord], queue: str) -> float | None:
    """All waits of this queue, those of callers who were answered too, over how often somebody gave up.

    The mean wait of those who gave up would be too short: whoever was answered had more patience than was seen.
    """
    waited, gave_up = 0.0, 0
    for call in calls:
        for visit in () if call.test else call.visits:
            if visit.queue == queue and visit.wait_seconds is not None:
                waited += visit.wait_seconds
                gave_up += visit.outcome in {"abandoned", "abandoned_short"}
    return waited / gave_up if waited and gave_up else None


def _half_hour(
    coming: float, handling: float | None, patience: float | None, target: AnswerTarget
) -> HalfHour:
    people = _people(coming, handling, target)
    if not people or not handling or not patience:
        return HalfHour(coming, people)
    load = coming / HALF_HOUR.total_seconds() * handling
    return HalfHour(coming, people, impatient(people, load, handling, patience))


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

"""How many people a week takes: the calls that are to come, and Erlang C; what callers do then, by Erlang A."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from ivr.kpi.cells import FoldedOffers, sums_in
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
from ivr.kpi.offers import OfferSums
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
class QueuePast:
    """What was in one queue from `first` on: its offers, and what agents did for it, both by quarters of an hour."""

    first: date
    offers: Sequence[FoldedOffers] = ()
    work: Sequence[FoldedWork] = ()


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
    queue: Queue, past: QueuePast, target: AnswerTarget, monday: date, days: Days
) -> QueueForecast:
    """The week that begins on `monday`, from what was until today, which itself is not looked at."""
    sums = sums_in(*past.offers)
    attendance = attendance_of(past.work, days)
    handling = sums.talk_ms / 1000 / sums.talks + queue.wrap_up_seconds if sums.talks else None
    patience = patience_seconds(sums)
    history = history_of(past.offers, past.first, days)
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


def patience_seconds(sums: OfferSums) -> float | None:
    """All waits, those of callers who were answered too, over how often somebody gave up.

    The mean wait of those who gave up would be too short: whoever was answered had more patience than was seen.
    """
    waited = sums.wait_ms / 1000
    for outcome, waits in sums.waits.items():
        if outcome != "answered":
            waited += sum(seconds * count for seconds, count in waits.items())
    gave_up = sums.outcomes["abandoned"]
    return waited / gave_up if waited and gave_up else None


def _half_hour(
    coming: float, handling: float | None, patience: float | None, target: AnswerTarget
) -> HalfHour:
    people = _people(coming, handling, target)
    if not people or not handling or not patience:
        return HalfHour(coming, people)
    load = coming / HALF_HOUR.total_seconds() * handling
    return HalfHour(coming, people, impatient(people, load, handling, patience))


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

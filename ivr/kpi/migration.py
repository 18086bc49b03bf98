"""Did it get better? A department at a site, some weeks before it moved to the national centre, and some after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from ivr.kpi.intervals import Estimate, differ, mean_estimate, share_estimate
from ivr.kpi.repeats import USUAL_WINDOW, Repeats, repeats
from ivr.kpi.rows import Terms
from ivr.kpi.satisfaction import Scale, Scores
from ivr.kpi.tally import Tally
from ivr.records.record import CallRecord, Disposition, QueueVisit, VisitOutcome

MoveState = Literal["local", "planned", "ramp", "national"]
Verdict = Literal["better", "worse", "no difference", "not enough calls"]
Measure = Literal["service_level", "wait_seconds", "abandon_rate", "repeat_rate", "csat"]

_MORE_IS_BETTER: Mapping[Measure, bool] = {
    "service_level": True,
    "wait_seconds": False,
    "abandon_rate": False,
    "repeat_rate": False,
    "csat": True,
}

_AS_SEEN_BY_CALLERS: Mapping[Disposition, VisitOutcome] = {
    "answered": "answered",
    "abandoned": "abandoned",
    "failed": "system_dropped",
    "voicemail": "overflowed",
    "blocked": "blocked",
}


@dataclass(frozen=True, slots=True)
class DepartmentMove:
    """A department at a site. `begins` is the day of the migration, `ends` the first on which all callers have moved.

    Both are None where it stays local.
    """

    department: str
    site: str
    begins: date | None = None
    ends: date | None = None

    def state(self, today: date) -> MoveState:
        """Where it is on this day."""
        if self.begins is None or self.ends is None:
            return "local"
        if today < self.begins:
            return "planned"
        return "ramp" if today < self.ends else "national"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `first` until before `last` (aware): `calls` that came, and what was measured; None of too few."""

    first: datetime
    last: datetime
    calls: int
    measured: Mapping[Measure, Estimate | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after; a stretch that is not over ends now, and one that has not begun is None."""

    before: Stretch | None
    after: Stretch | None

    def verdict(self, measure: Measure) -> Verdict:
        """Whether it got better, beyond what chance explains."""
        before = self.before.measured[measure] if self.before else None
        after = self.after.measured[measure] if self.after else None
        if before is None or after is None:
            return "not enough calls"
        if not differ(before, after):
            return "no difference"
        return "better" if (after.value > before.value) == _MORE_IS_BETTER[measure] else "worse"


def stretches(
    move: DepartmentMove, weeks: int, terms: Terms, now: datetime
) -> tuple[datetime, ...]:
    """The bounds of both: before begins and ends, after begins and ends. Empty for what stays local."""
    if move.begins is None or move.ends is None:
        return ()
    begins = datetime.combine(move.begins, time(), terms.zone)
    ends = datetime.combine(move.ends, time(), terms.zone)
    long = timedelta(weeks=weeks)
    return begins - long, min(begins, now), ends, min(ends + long, now)


def compared(
    move: DepartmentMove, calls: Iterable[CallRecord], weeks: int, terms: Terms, now: datetime
) -> Comparison:
    """What became of the calls of this department at this site; what stays local has nothing to compare.

    `calls` hold those from a week before the first stretch until a week after the last, and those of the department's
    other callers, too: who calls again may come by another site's number, or by the national one.
    """
    bounds = stretches(move, weeks, terms, now)
    if not bounds:
        return Comparison(None, None)
    of_department = [call for call in calls if call.department == move.department and not call.test]
    ours = [call for call in of_department if call.site == move.site]
    before_first, before_last, after_first, after_last = bounds
    scale = _latest_scale(ours)

    def stretch(first: datetime, last: datetime) -> Stretch | None:
        if last <= first:
            return None
        again = repeats(of_department, first, last, now=now, zone=terms.zone, site=move.site)
        return _stretch(ours, first, last, terms, scale, again)

    return Comparison(stretch(before_first, before_last), stretch(after_first, after_last))


def _latest_scale(calls: Iterable[CallRecord]) -> Scale | None:
    """That of the last survey: answers on another one cannot be compared with it."""
    asked = [reply for call in calls for reply in call.surveys]
    if not asked:
        return None
    last = max(asked, key=lambda reply: reply.asked_at)
    return Scale(last.lowest, last.highest)


def _scores(calls: Iterable[CallRecord], scale: Scale | None) -> Scores:
    scores = Scores()
    for reply in (reply for call in calls for reply in call.surveys):
        if (reply.lowest, reply.highest) == scale:
            scores.count(reply.score)
    return scores


def _stretch(
    calls: Sequence[CallRecord],
    first: datetime,
    last: datetime,
    terms: Terms,
    scale: Scale | None,
    again: Repeats,
) -> Stretch:
    within = [call for call in calls if first <= call.arrived_at < last]
    tally = Tally(terms.short_seconds)
    waits: list[float] = []
    for call in within:
        visit = _as_seen_by_the_caller(call)
        if visit is not None:
            tally.count(visit, terms.within(visit.queue))
            if visit.outcome == "answered" and visit.wait_seconds is not None:
                waits.append(visit.wait_seconds)
    level = terms.service_level
    return Stretch(
        first,
        last,
        len(within),
        {
            "service_level": share_estimate(level.met(tally), level.counted(tally)),
            "wait_seconds": mean_estimate(waits),
            "abandon_rate": share_estimate(tally.abandoned, tally.offered),
            "repeat_rate": share_estimate(again.repeated, again.first_calls),
            "csat": _scores(within, scale).estimate,
        },
    )


def _as_seen_by_the_caller(call: CallRecord) -> QueueVisit | None:
    """The whole call as one offer, from the first queue on; None for a call that came to no queue."""
    if call.disposition is None or call.queue is None:
        return None
    outcome = _AS_SEEN_BY_CALLERS.get(call.disposition)
    return QueueVisit(
        queue=call.queue,
        entered_at=call.arrived_at,
        outcome=outcome,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
    )


REPEATS_REACH = USUAL_WINDOW
"""So long before and after a stretch calls are looked at for repeats."""

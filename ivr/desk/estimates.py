"""Estimates of waits as the desk makes them: from who sits where and who waits, and from how it went of late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ivr.desk.place import Place
from ivr.desk.places import Places
from ivr.desk.seat import Seat
from ivr.desk.seats import Seats
from ivr.desk.sites import Sites
from ivr.queues.agents import MISSED_REASON, AgentState, Duty
from ivr.queues.crowd import Crowd
from ivr.queues.estimate import WaitEstimate
from ivr.queues.experience import ENOUGH_ERRORS, Experience, MeasuredWait
from ivr.queues.offers import WaitingCaller
from ivr.queues.rehearsal import AgentAtWork, Rehearsal, Workforce
from ivr.records.record import QueueVisit
from ivr.rules.model import Queue, RuleSet

CROWD = 150
"""Where so many wait, all are looked at together, and not for each anew."""

CROWD_SECONDS = 2.0
"""What was found of a crowd holds for so long."""

_BUSY = frozenset({AgentState.OFFERED, AgentState.TALKING})


@dataclass(frozen=True, slots=True)
class EstimateWorth:
    """What the estimates of a queue were worth of late: `measured` waits, which they were off by in the mean.

    `mean_error_seconds` is None where too few were measured.
    """

    measured: int
    mean_error_seconds: float | None

    def is_told_in(self, queue: Queue) -> bool:
        """Whether the rules have callers of the queue told their wait, and the estimates are as right as they ask."""
        error = self.mean_error_seconds
        if queue.say_wait is None or error is None:
            return False
        return error <= queue.say_wait.right_within_seconds


class Estimates:
    """Asked by places, and told by the desk what becomes of waits and talks."""

    def __init__(self, seats: Seats, places: Places, sites: Sites) -> None:
        self._seats = seats
        self._places = places
        self._sites = sites
        self._experience = Experience()
        self._wrap_ups: Mapping[str, float] = {}
        self._crowd: tuple[float, Crowd] | None = None

    def take(self, rules: RuleSet) -> None:
        """Queues as these rules have them, from now on."""
        self._wrap_ups = {name: queue.wrap_up_seconds for name, queue in rules.queues.items()}

    def of(self, place: Place) -> WaitEstimate | None:
        """How much longer this caller waits; None where nobody is there who may take them, or a site's phone would."""
        if self._sites.has_phone(place.site):
            return None
        caller, waiting = _in_the_end(place), [one for one in self._places if self._waits(one)]
        if len(waiting) >= CROWD:
            seen_at, crowd = self._crowd_now(waiting)
            estimate = crowd.estimate(caller, _now() - seen_at)
            if estimate is not None or not crowd.helpful(caller):
                return estimate
        ahead = (_in_the_end(one) for one in waiting if one is not place)
        return Rehearsal(caller, ahead, self._workforce()).estimate()

    def _crowd_now(self, waiting: Iterable[Place]) -> tuple[float, Crowd]:
        """All who wait, as they were a moment ago (on the loop's clock)."""
        now = _now()
        if self._crowd is None or now - self._crowd[0] > CROWD_SECONDS:
            callers = (_in_the_end(one) for one in waiting)
            self._crowd = now, Crowd(callers, self._workforce())
        return self._crowd

    def _workforce(self) -> Workforce:
        """Also of queues that only callers with older rules wait in."""
        old = {one.queue.name: one.queue.wrap_up_seconds for one in self._places}
        return Workforce((*self._at_work(),), self._experience, {**old, **self._wrap_ups})

    def worth(self, queue: str) -> EstimateWorth:
        """What they were worth of late, those of callers included who should have an agent by now."""
        now = _now()
        waiting = (
            MeasuredWait(place.expected.seconds, now - place.expected.at)
            for place in self._places
            if place.is_waiting and place.queue.name == queue and place.expected is not None
        )
        errors = self._experience.of(queue).errors_seconds(waiting)
        if len(errors) < ENOUGH_ERRORS:
            return EstimateWorth(len(errors), None)
        return EstimateWorth(len(errors), round(sum(errors) / len(errors), 1))

    def are_to_be_told(self, queue: Queue) -> bool:
        """See EstimateWorth."""
        return self.worth(queue.name).is_told_in(queue)

    def comes(self, place: Place) -> None:
        """The caller waits, or waits on."""
        self._experience.of(place.queue.name).waits(place.call_id)

    def leaves(self, place: Place) -> None:
        """The place is given up; where the caller waited still, without an agent."""
        if place.is_waiting:
            known = self._experience.of(place.queue.name)
            known.waited(place.call_id, place.waited_seconds, gave_up=True)

    def taken(self, place: Place, seat: Seat) -> None:
        """The agent has answered, before the state says so."""
        known, now = self._experience.of(place.queue.name), _now()
        known.rang(now - seat.since)
        known.waited(place.call_id, place.waited_seconds, gave_up=False)
        if place.expected is not None:
            known.measure(place.expected.seconds, now - place.expected.at)
            place.expected = None

    def talked(self, place: Place, seat: Seat) -> None:
        """The talk is over, before the state says so."""
        self.talked_in(place.queue.name, seat)

    def talked_in(self, queue: str, seat: Seat) -> None:
        """The same of a talk in this queue, of a caller who has no place here: an earlier server's."""
        if seat.duty.state is AgentState.TALKING:
            self._experience.of(queue).talked(_now() - seat.since)

    def remember(self, visits: Iterable[tuple[str, QueueVisit]]) -> None:
        """How it went when servers before this one took the calls: the call's id and a visit, the oldest first."""
        for call_id, visit in visits:
            if visit.wait_seconds is None or visit.outcome is None:
                continue
            known, was_answered = self._experience.of(visit.queue), visit.outcome == "answered"
            known.waited(call_id, visit.wait_seconds, gave_up=not was_answered)
            if visit.talk_seconds is not None:
                known.talked(visit.talk_seconds)
            if visit.estimated_seconds is not None and visit.estimate_error_seconds is not None:
                waited = visit.estimated_seconds + visit.estimate_error_seconds
                known.measure(visit.estimated_seconds, waited)

    def _waits(self, place: Place) -> bool:
        """Whether they wait, and nobody's phone rings for them."""
        waits = place.is_waiting and place.led_away is None and not place.claimed
        return waits and not self._sites.is_at_phone(place.call_id)

    def _at_work(self) -> Iterator[AgentAtWork]:
        """Those who are there, or will be when they are not busy any more."""
        now, rung_beside = _now(), self._rung_beside_another()
        for seat in self._seats:
            if seat.is_leaving:
                continue
            state, left = seat.duty.state, seat.timer.when() - now if seat.timer else 0.0
            if state is AgentState.AVAILABLE:
                yield AgentAtWork(seat.on_duty)
            elif state is AgentState.PAUSED and seat.duty.reason == MISSED_REASON and seat.timer:
                yield AgentAtWork(seat.on_duty, free_in_seconds=left)
            elif not _comes_back(seat.duty):
                continue
            elif state is AgentState.WRAPPING_UP:
                yield AgentAtWork(seat.on_duty, free_in_seconds=left)
            elif seat.agent.name in rung_beside:
                yield AgentAtWork(seat.on_duty)
            elif state in _BUSY:
                talked = now - seat.since if state is AgentState.TALKING else 0.0
                yield AgentAtWork(seat.on_duty, talk_of=seat.for_queue, talked_seconds=talked)

    def _rung_beside_another(self) -> frozenset[str]:
        """Where several phones ring at once for a caller, all but one are free again in a moment."""
        rung = (one.claimed for one in self._places if one.is_waiting)
        return frozenset(agent.name for agents in rung for agent in agents[1:])


def _comes_back(duty: Duty) -> bool:
    """Whether who is busy takes callers after it. A talk taken up anew looks like their own."""
    return duty.is_signed_in and duty.has_phone and duty.reason is None


def _in_the_end(place: Place) -> WaitingCaller:
    """As the caller will be when the wait is long: asking for nobody in particular, where the rules do not insist."""
    caller = place.waiting_caller()
    insists = place.queue.widen_seconds is None
    return caller if insists else replace(caller, widened=caller.widest)


def _now() -> float:
    return asyncio.get_running_loop().time()

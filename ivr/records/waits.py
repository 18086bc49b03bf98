"""The waits and talks of one call, as its events tell them one after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ivr.records.durations import seconds_between, unnoticed_seconds
from ivr.records.events import (
    Connected,
    LeftQueue,
    Offered,
    OfferFailed,
    PhoneTaken,
    Queued,
    TalkEnded,
    WaitEstimated,
)
from ivr.records.journal import Entry
from ivr.records.record import QueueVisit, VisitOutcome

_OUTCOMES: dict[str, VisitOutcome] = {
    "abandoned": "abandoned",
    "overflowed": "overflowed",
    "callback": "callback",
    "exit_key": "exit_key",
    "nobody_logged_in": "blocked",
    "dropped": "system_dropped",
}


class VisitSoFar:
    """A wait in a queue, while its end is not known."""

    __slots__ = (
        *("agent", "estimate", "estimate_error_seconds", "estimated_at", "offers", "outcome"),
        *("queue", "start", "talk_seconds", "wait_seconds"),
    )

    def __init__(self, queue: str, start: Entry) -> None:
        self.queue = queue
        self.start = start
        self.outcome: VisitOutcome | None = None
        self.wait_seconds: float | None = None
        self.agent: str | None = None
        self.offers = 0
        self.talk_seconds: float | None = None
        self.estimate: WaitEstimated | None = None
        self.estimated_at = start
        self.estimate_error_seconds: float | None = None

    def hear(self, event: WaitEstimated | Offered, entry: Entry) -> None:
        """Of several estimates the first counts."""
        if isinstance(event, Offered):
            self.offers += 1
        elif self.estimate is None:
            self.estimate, self.estimated_at = event, entry

    def measure(self, entry: Entry) -> None:
        """An agent has the caller."""
        if self.estimate is not None:
            waited = seconds_between(self.estimated_at, entry)
            self.estimate_error_seconds = waited - self.estimate.seconds

    def frozen(self) -> QueueVisit:
        return QueueVisit(
            queue=self.queue,
            entered_at=self.start.at,
            outcome=self.outcome,
            wait_seconds=self.wait_seconds,
            agent=self.agent,
            offers=self.offers,
            talk_seconds=self.talk_seconds,
            estimated_seconds=self.estimate.seconds if self.estimate else None,
            estimate_error_seconds=self.estimate_error_seconds,
        )


class WaitsSoFar:
    """The caller's waits and talks so far. `waiting` is the visit that has not ended."""

    def __init__(self, short_seconds: float) -> None:
        self.short_seconds = short_seconds
        self.visits: list[VisitSoFar] = []
        self.waiting: VisitSoFar | None = None
        self.first_talk: VisitSoFar | None = None
        self.last_talk: VisitSoFar | None = None
        self.first_wait: Entry | None = None
        self.wait_seconds: float | None = None
        self.talk_seconds: float | None = None
        self.talk_ended_by: str | None = None
        self.has_talked_outside = False
        self._talk_start: Entry | None = None
        self._talking: VisitSoFar | None = None
        self.early_seconds = 0.0
        self._before: tuple[VisitSoFar | None, VisitSoFar | None, float | None] = (None, None, None)

    def tell(self, entry: Entry) -> None:
        match entry.event:
            case Queued(queue=queue):
                self.leave("overflowed", entry)
                self.first_wait = self.first_wait or entry
                self.waiting = VisitSoFar(queue, entry)
                self.visits.append(self.waiting)
            case WaitEstimated() | Offered() as event:
                if self.waiting is not None:
                    self.waiting.hear(event, entry)
            case Connected(queue=queue, agent=agent):
                self._connect(queue, agent, entry)
            case PhoneTaken():
                self.has_talked_outside = True
                self._talk_start = entry
            case OfferFailed(result="silent"):
                self._take_back_talk()
            case LeftQueue(result=result):
                self.leave(_OUTCOMES[result], entry)
            case TalkEnded(by=by, heard_seconds=heard):
                self.talk_ended_by = by
                self.end_talk(entry, unnoticed_seconds(self._talk_start, entry, heard))
            case _:
                pass  # what was played, keyed or rung in vain stays in the journal only

    def turn_away(
        self, queues: Iterable[str], outcome: Literal["blocked", "closed"], entry: Entry
    ) -> None:
        """Queues that did not take the call: a visit each, and no wait."""
        for queue in queues:
            visit = VisitSoFar(queue, entry)
            visit.outcome = outcome
            self.visits.append(visit)

    def leave(self, outcome: VisitOutcome, entry: Entry) -> None:
        """End the wait, if there is one."""
        visit = self.waiting
        if visit is None:
            return
        self.waiting = None
        early = self.early_seconds if visit.start is self.first_wait else 0.0
        visit.wait_seconds = early + seconds_between(visit.start, entry)
        is_short = visit.wait_seconds <= self.short_seconds
        visit.outcome = "abandoned_short" if outcome == "abandoned" and is_short else outcome
        if self.first_talk is None:
            waited = seconds_between(self.first_wait or visit.start, entry)
            self.wait_seconds = self.early_seconds + waited

    def end_talk(self, entry: Entry, unnoticed: float = 0.0) -> None:
        """End the talk, if there is one; for so many seconds nobody had noticed that it was over."""
        if self._talk_start is not None:
            talked = max(0.0, seconds_between(self._talk_start, entry) - unnoticed)
            self.talk_seconds = (self.talk_seconds or 0.0) + talked
            if self._talking is not None:
                self._talking.talk_seconds = talked
            self._talk_start = self._talking = None

    def _take_back_talk(self) -> None:
        """They were connected, and nothing came from the agent's phone: the wait was not over."""
        visit = self._talking
        if visit is None:
            return
        visit.outcome = visit.wait_seconds = visit.agent = visit.estimate_error_seconds = None
        self.waiting = visit
        self.first_talk, self.last_talk, self.wait_seconds = self._before
        self._talk_start = self._talking = None

    def _connect(self, queue: str, agent: str, entry: Entry) -> None:
        visit = self.waiting
        self._before = self.first_talk, self.last_talk, self.wait_seconds
        if visit is None:  # the beginning of this wait is not in the journal
            visit = VisitSoFar(queue, entry)
            visit.outcome = "answered"
            self.visits.append(visit)
        else:
            self.leave("answered", entry)
            visit.measure(entry)
        visit.agent = agent
        self.first_talk = self.first_talk or visit
        self.last_talk = visit
        self._talk_start, self._talking = entry, visit

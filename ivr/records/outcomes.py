"""What came of calls since the server's start, counted as it happens: for who watches, not for figures.

`ivr kpi` tells figures from the records, with their formulas. Here a restart begins anew, and only sums are held.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    OfferFailed,
    Queued,
    SurveyTry,
    TalkEnded,
    WordsHeard,
)

WAIT_LIMITS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds up to which waits are counted together; longer ones are in the last count."""

SURE_AFTER = timedelta(seconds=15)
"""So long after a caller and an agent were connected it is known whether a sound came from the agent's phone."""


class _Connection(NamedTuple):
    """`waited` seconds; None where nobody saw the wait begin."""

    queue: str
    at: datetime
    waited: float | None


class Outcomes:
    """Of calls that are no tests. Names of queues, menus and surveys are the rules' own."""

    def __init__(self) -> None:
        self.of_queues: Counter[tuple[str, str]] = Counter()
        """By queue and by how the wait ended: `answered`, or as `LeftQueue` has it."""
        self.waits: dict[str, list[int]] = defaultdict(lambda: [0] * (len(WAIT_LIMITS) + 1))
        """Answered callers of a queue, by how long they waited: a count for each of WAIT_LIMITS, and of the rest."""
        self.wait_seconds: dict[str, float] = defaultdict(float)
        """Of the answered callers of a queue, in sum."""
        self.of_speech: Counter[tuple[str, str]] = Counter()
        """Utterances by menu and by what came of each."""
        self.of_surveys: Counter[str] = Counter()
        """Answers to each survey."""
        self._since: dict[str, datetime | None] = {}
        self._waiting: dict[str, str] = {}
        """By call, the queue in which it waits: who hangs up there leaves with the call, without a `LeftQueue`."""
        self._early_seconds: dict[str, float] = {}
        self._unsure: dict[str, _Connection] = {}
        """By call, those who were connected a moment ago: what was counted cannot be taken back."""

    def remember(self, call_id: str, event: CallEvent, at: datetime) -> None:
        """It happened at `at` (aware), and the server before this one has counted it."""
        match event:
            case Arrived() if not event.test:
                self._since[call_id] = None
                self._early_seconds[call_id] = event.waited_seconds or 0.0
            case Queued(queue) if call_id in self._since:
                early = timedelta(seconds=self._early_seconds.pop(call_id, 0.0))
                self._since[call_id] = at - early
                self._waiting[call_id] = queue
            case OfferFailed(queue, result="silent") if call_id in self._since:
                self._waiting[call_id] = queue
            case Connected() | LeftQueue():
                self._waiting.pop(call_id, None)
            case Ended():
                self._since.pop(call_id, None)
                self._early_seconds.pop(call_id, None)
                self._waiting.pop(call_id, None)
            case _:
                pass

    def hear(self, call_id: str, event: CallEvent, at: datetime) -> None:
        """It happens at `at` (aware), and counts."""
        if call_id in self._since:
            self._count(call_id, event, at)
        self.remember(call_id, event, at)

    def settle(self, now: datetime) -> None:
        """Count those who by `now` (aware) were connected so long ago that it was a talk."""
        for call_id, connection in tuple(self._unsure.items()):
            if now - connection.at >= SURE_AFTER:
                self._answer(call_id)

    def _count(self, call_id: str, event: CallEvent, at: datetime) -> None:
        match event:
            case Connected(queue):
                self._answer(call_id)
                since = self._since[call_id]
                waited = None if since is None else max(0.0, (at - since).total_seconds())
                self._unsure[call_id] = _Connection(queue, at, waited)
            case OfferFailed(result="silent"):
                self._unsure.pop(call_id, None)
            case TalkEnded():
                self._answer(call_id)
            case Ended():
                self._answer(call_id)
                self._leave(call_id, "abandoned" if event.by == "caller" else "dropped")
            case Queued():
                self._leave(call_id, "overflowed")
            case LeftQueue(queue, result):
                self.of_queues[queue, result] += 1
            case WordsHeard():
                self.of_speech[event.menu, event.result] += 1
            case SurveyTry() if event.score is not None:
                self.of_surveys[event.survey] += 1
            case _:
                pass

    def _leave(self, call_id: str, result: str) -> None:
        """The wait ends so, if there is one; as the fold of the records has it."""
        if (queue := self._waiting.get(call_id)) is not None:
            self.of_queues[queue, result] += 1

    def _answer(self, call_id: str) -> None:
        """They talked."""
        connection = self._unsure.pop(call_id, None)
        if connection is None:
            return
        queue, waited = connection.queue, connection.waited
        self.of_queues[queue, "answered"] += 1
        if waited is not None:
            self.waits[queue][bisect_left(WAIT_LIMITS, waited)] += 1
            self.wait_seconds[queue] += waited

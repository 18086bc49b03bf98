"""Callers who left a queue a moment ago: their numbers are not kept, only what cannot be told back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.numbers import PhoneNumber
from ivr.records.events import PlacePassedOn
from ivr.records.record import CallRecord, VisitOutcome
from ivr.rules.decision import KeptPlace
from ivr.server.hidden_number import HiddenNumbers
from ivr.store.door import StoredCalls

log = structlog.get_logger()

LONGEST_KEPT = timedelta(minutes=10)
"""No rules keep a place for longer."""

_CUT_OFF: Mapping[str, tuple[VisitOutcome, ...]] = {
    "lost": ("system_dropped", "answered"),
    "link_lost": ("system_dropped",),
    "lost_while_down": ("system_dropped",),
}
"""What a wait had come to whose caller has the place: waited still, or talked; of what nobody saw, who waited."""

_LATEST = 2_000
"""So many calls of an earlier server are looked through."""


class PlaceBook:
    """The last place of each caller, until it is had again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hidden = HiddenNumbers()
        self._places: dict[bytes, KeptPlace] = {}

    def remember(self, calls: StoredCalls) -> None:
        """Those that callers of earlier servers left, as far as it can be read. Blocks."""
        try:
            for record in reversed(calls.latest(_LATEST)):
                kept = self._left(record)
                if kept is None or record.caller is None:
                    continue
                events = (entry.event for entry in calls.events(record.call_id))
                if not any(isinstance(event, PlacePassedOn) for event in events):
                    self._places[self._hidden.of(record.caller)] = kept
        except StoreFailed as error:
            log.warning("whose place is kept is not known", error=str(error))

    def last(self, caller: PhoneNumber) -> KeptPlace | None:
        self._forget_old()
        return self._places.get(self._hidden.of(caller))

    def leave(
        self,
        caller: PhoneNumber,
        call_id: str,
        queue: str,
        waited_seconds: float,
        at: datetime | None = None,
    ) -> None:
        self._forget_old()
        left_at = at or self._clock.now()
        if self._clock.now() - left_at > LONGEST_KEPT:
            return
        since = left_at - timedelta(seconds=waited_seconds)
        hidden = self._hidden.of(caller)
        self._places.pop(hidden, None)
        self._places[hidden] = KeptPlace(call_id, queue, since, left_at)

    def take(self, caller: PhoneNumber, call_id: str) -> bool:
        hidden = self._hidden.of(caller)
        kept = self._places.get(hidden)
        if kept is None or kept.call_id != call_id:
            return False
        del self._places[hidden]
        return True

    def _left(self, record: CallRecord) -> KeptPlace | None:
        """The place that the caller of an ended call left without a word, or was cut off from an agent in."""
        ended, visit = record.ended_at, record.visits[-1] if record.visits else None
        if ended is None or visit is None or record.test:
            return None
        if self._clock.now() - ended > LONGEST_KEPT:
            return None
        gave_up = visit.outcome in {"abandoned", "abandoned_short"}
        was_cut = visit.outcome in _CUT_OFF.get(record.ended_by or "", ())
        if not (gave_up or was_cut):
            return None
        return KeptPlace(record.call_id, visit.queue, visit.entered_at, ended)

    def _forget_old(self) -> None:
        """The oldest stand first: only those are looked at that go."""
        now = self._clock.now()
        while self._places:
            hidden, kept = next(iter(self._places.items()))
            if now - kept.left_at <= LONGEST_KEPT:
                return
            del self._places[hidden]

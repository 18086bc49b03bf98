"""Which calls are under way, and where each of them stands: heard from what the journal is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from ivr.clock import Clock
from ivr.records.events import Arrived, CallEvent, Ended
from ivr.records.journal import Entry, Journal
from ivr.records.outcomes import Outcomes
from ivr.records.present import PresentCall, arrived_call, gone_on
from ivr.records.taking_up import OpenCall

LATEST = 1000
"""Of so many calls that ended last it is known that they did."""


class CallsUnderWay:
    """A journal in front of the journal: it passes everything on, and remembers the calls that have not ended."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._calls: dict[str, PresentCall] = {}
        self._open: dict[str, OpenCall] = {}
        self._by_leg: dict[tuple[str, str], OpenCall] = {}
        self._over: deque[str] = deque(maxlen=LATEST)
        self._outcomes = Outcomes()

    def __iter__(self) -> Iterator[PresentCall]:
        return iter(self._calls.values())

    def outcomes(self) -> Outcomes:
        """What came of calls from the start up to now."""
        self._outcomes.settle(self._clock.now())
        return self._outcomes

    def is_over(self, channel: str) -> bool:
        """Whether the call of this channel has ended, so that nothing but its hang-up is to come."""
        return channel in self._over

    def remember_over(self, channels: Iterable[str]) -> None:
        """Calls on these channels ended in the server before this one."""
        self._over.extend(channels)

    def open_call(self, call_id: str) -> OpenCall | None:
        """What is needed to go on with this call, as it stands now; None where it has ended, or was never heard of."""
        return self._open.get(call_id)

    def open_on(self, node: str, channel: str) -> OpenCall | None:
        """The open call of this node whose caller's leg this is."""
        return self._by_leg.get((node, channel))

    def note(self, call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
        self._hear(call_id, event)
        self._journal.note(call_id, event, at_once=at_once)

    async def keep(self, call_id: str, event: CallEvent) -> None:
        """What did not get onto the disk is told again with `note`, or does not happen; it is heard of then."""
        await self._journal.keep(call_id, event)
        self._hear(call_id, event)

    def remember(self, entries: Iterable[Entry]) -> None:
        """A call of the server before this one goes on: what the journal has of it, in order."""
        for entry in entries:
            self._hear(entry.call_id, entry.event, entry)

    def _hear(self, call_id: str, event: CallEvent, entry: Entry | None = None) -> None:
        at = entry.at if entry is not None else self._clock.now()
        (self._outcomes.hear if entry is None else self._outcomes.remember)(call_id, event, at)
        match event:
            case Arrived():
                self._calls[call_id] = arrived_call(call_id, event, at)
                opened = self._open[call_id] = OpenCall(call_id)
                self._by_leg[event.node, event.channel] = opened
            case Ended():
                self._calls.pop(call_id, None)
                ended = self._open.pop(call_id, None)
                self._over.extend(ended.legs[:1] if ended is not None else ())
                if ended is not None and (told := ended.arrived) is not None:
                    self._by_leg.pop((told.node, told.channel), None)
            case _ if call_id in self._calls:
                self._calls[call_id] = gone_on(self._calls[call_id], event, at)
            case _:
                pass  # a call of the server before this one, of which nothing was remembered
        if (open_call := self._open.get(call_id)) is not None:
            open_call.take(event, at)

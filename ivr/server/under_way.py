"""Which calls are under way, and where each of them stands: heard from what the journal is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ivr.clock import Clock
from ivr.records.events import Arrived, CallEvent, Ended
from ivr.records.journal import Entry, Journal
from ivr.records.outcomes import Outcomes
from ivr.records.present import PresentCall, arrived_call, gone_on


class CallsUnderWay:
    """A journal in front of the journal: it passes everything on, and remembers the calls that have not ended."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._calls: dict[str, PresentCall] = {}
        self.outcomes = Outcomes()

    def __iter__(self) -> Iterator[PresentCall]:
        return iter(self._calls.values())

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
        (self.outcomes.hear if entry is None else self.outcomes.remember)(call_id, event, at)
        match event:
            case Arrived():
                self._calls[call_id] = arrived_call(call_id, event, at)
            case Ended():
                self._calls.pop(call_id, None)
            case _ if call_id in self._calls:
                self._calls[call_id] = gone_on(self._calls[call_id], event, at)
            case _:
                pass  # a call of the server before this one, of which nothing was remembered

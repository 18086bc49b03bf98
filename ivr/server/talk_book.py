"""Which agent each caller talked with last: their numbers are not kept, only what cannot be told back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import structlog

from ivr.call import SILENT_SECONDS
from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.numbers import PhoneNumber
from ivr.records.taking_up import OpenCall
from ivr.rules.decision import LastTalk
from ivr.server.hidden_number import HiddenNumbers
from ivr.store.door import StoredCalls

log = structlog.get_logger()

LONGEST_MEMORY = timedelta(days=31)
"""The rules can go back no further."""


class TalkBook:
    """The last talk of each caller, in a queue."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hidden = HiddenNumbers()
        self._talks: dict[bytes, tuple[str, float]] = {}
        self.back = timedelta()
        """So far back it has been read what earlier servers knew."""

    def remember(self, calls: StoredCalls, back: timedelta = LONGEST_MEMORY) -> None:
        """Those of earlier servers so long ago at the most, as far as it can be read. Blocks, in any thread."""
        if back <= self.back:
            return
        found: dict[bytes, tuple[str, float]] = {}
        try:
            ended = calls.talks(self._clock.now() - back, SILENT_SECONDS)
            for caller, agent, at in chain(ended, _in_open_calls(calls)):
                hidden = self._hidden.of(caller)
                if at.timestamp() >= found.get(hidden, ("", 0.0))[1]:
                    found[hidden] = (agent, at.timestamp())
        except StoreFailed as error:
            log.warning("with whom callers talked before is not known", error=str(error))
            return
        for hidden, talk in found.items():
            self._talks.setdefault(hidden, talk)  # what was heard meanwhile is newer
        self.back = back

    def last(self, caller: PhoneNumber) -> LastTalk | None:
        found = self._talks.get(self._hidden.of(caller))
        return None if found is None else LastTalk(found[0], datetime.fromtimestamp(found[1], UTC))

    def talked(self, caller: PhoneNumber, agent: str, at: datetime | None = None) -> None:
        self._keep(self._hidden.of(caller), agent, (at or self._clock.now()).timestamp())

    def _keep(self, hidden: bytes, agent: str, at: float) -> None:
        if at >= self._talks.get(hidden, ("", 0.0))[1]:
            self._talks[hidden] = (agent, at)


def _in_open_calls(calls: StoredCalls) -> Iterator[tuple[str, str, datetime]]:
    """As StoredCalls.talks, as far as it is known; of a talk that goes on it is heard later."""
    for entries in calls.open_journals():
        call = OpenCall.of(entries)
        if call is None or call.seen_at is None:
            continue
        told, talk = call.arrived, call.last_talk(call.seen_at, SILENT_SECONDS)
        if talk is not None and told is not None and told.caller is not None and not told.test:
            yield told.caller, talk.agent, talk.since + timedelta(seconds=SILENT_SECONDS)

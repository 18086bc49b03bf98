"""Callers who were asked in a survey not long ago: their numbers are not kept, only what cannot be told back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import structlog

from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.numbers import PhoneNumber
from ivr.server.hidden_number import HiddenNumbers
from ivr.store.door import StoredCalls

log = structlog.get_logger()

LONGEST_PEACE = timedelta(days=366)
"""The rules can leave nobody in peace for longer."""


class SurveyBook:
    """When each caller was last asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hidden = HiddenNumbers()
        self._asked: dict[bytes, float] = {}
        self.back = timedelta()
        """So far back it has been read what earlier servers knew."""

    def remember(self, calls: StoredCalls, back: timedelta = LONGEST_PEACE) -> None:
        """Those whom earlier servers asked so long ago at the most, as far as it can be read. Blocks, in any thread."""
        if back <= self.back:
            return
        found: dict[bytes, float] = {}
        try:
            since = self._clock.now() - back
            for caller, at in chain(calls.surveyed(since), _in_open_calls(calls, since)):
                hidden = self._hidden.of(caller)
                found[hidden] = max(at.timestamp(), found.get(hidden, 0.0))
        except StoreFailed as error:
            log.warning("who was asked before is not known", error=str(error))
            return
        for hidden, asked in found.items():
            self._asked.setdefault(hidden, asked)  # what was heard meanwhile is newer
        self.back = back

    def last(self, caller: PhoneNumber) -> datetime | None:
        at = self._asked.get(self._hidden.of(caller))
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def ask(self, caller: PhoneNumber, at: datetime) -> None:
        self._keep(self._hidden.of(caller), at)

    def _keep(self, hidden: bytes, at: datetime) -> None:
        self._asked[hidden] = max(at.timestamp(), self._asked.get(hidden, 0.0))


def _in_open_calls(calls: StoredCalls, since: datetime) -> Iterator[tuple[str, datetime]]:
    """As StoredCalls.surveyed, of those whose calls have not ended."""
    for record in calls.open_calls():
        for reply in record.surveys:
            if record.caller is not None and not record.test and reply.asked_at >= since:
                yield record.caller, reply.asked_at

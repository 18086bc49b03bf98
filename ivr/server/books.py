"""What the server remembers of callers: whom it has asked how it was, with whom they talked, whose place is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.rules.model import RuleSet
from ivr.server.place_book import PlaceBook
from ivr.server.survey_book import SurveyBook
from ivr.server.talk_book import TalkBook
from ivr.store.door import Store, StoredCalls

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Books:
    """One for each.

    What earlier servers knew is read as far back as rules go: a year of callers takes seconds, which nobody waits for
    where no rules ask for it.
    """

    surveyed: SurveyBook
    talks: TalkBook
    places: PlaceBook

    @classmethod
    def of(cls, clock: Clock) -> Books:
        """Empty ones."""
        return cls(SurveyBook(clock), TalkBook(clock), PlaceBook(clock))

    def remember(self, calls: StoredCalls, rules: RuleSet) -> None:
        """What earlier servers knew and these rules ask for, as far as it can be read. Blocks."""
        self.places.remember(calls)
        self._go_back(calls, rules)

    async def prepare(self, store: Store, rules: RuleSet) -> None:
        """Before such rules are in force: they may go further back than those before them."""
        if peace_of(rules) > self.surveyed.back or memory_of(rules) > self.talks.back:
            await asyncio.to_thread(self._read, store, rules)

    def _read(self, store: Store, rules: RuleSet) -> None:
        try:
            with store.reading() as stored:
                self._go_back(stored.calls, rules)
        except StoreFailed as error:
            log.warning("what callers did before is not known", error=str(error))

    def _go_back(self, calls: StoredCalls, rules: RuleSet) -> None:
        self.surveyed.remember(calls, peace_of(rules))
        self.talks.remember(calls, memory_of(rules))


def peace_of(rules: RuleSet) -> timedelta:
    """For so long, at the most, these rules leave in peace whom a survey asked."""
    seconds = (one.not_again_seconds for one in rules.surveys.values())
    return timedelta(seconds=max(seconds, default=0.0))


def memory_of(rules: RuleSet) -> timedelta:
    """So long ago, at the most, an agent may have talked with a caller whom these rules lead to them again."""
    seconds = (queue.last_agent_seconds or 0.0 for queue in rules.queues.values())
    return timedelta(seconds=max(seconds, default=0.0))

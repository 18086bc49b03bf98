"""The store's twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from itertools import pairwise
from pathlib import PurePosixPath

from ivr.errors import ChangeRefused, StoreFailed
from ivr.kpi.cells import (
    APART,
    Apart,
    Folded,
    FoldedCalls,
    FoldedFirstCalls,
    FoldedOffers,
    FoldedPath,
    Grain,
    folded_offers,
)
from ivr.kpi.occupancy import (
    FoldedDuty,
    FoldedWork,
    WorkApart,
    duty_between,
    hour_text,
    quarter_text,
    work_between,
)
from ivr.kpi.rows import Only
from ivr.kpi.satisfaction import FoldedSurvey
from ivr.records.agents import AgentStateKept
from ivr.records.changes import SHORTEST, RulesChange
from ivr.records.months import ClosedMonth
from ivr.store.door import Keeping, KeptText, PastCalls, Reading
from ivr.store.memory_journal import MemoryJournal
from ivr.store.memory_ledger import MemoryHistory, MemoryLedger
from ivr.store.memory_months import MemoryMonths
from ivr.store.memory_removals import MemoryRemovals
from ivr.store.revisions import the_one_named


class MemoryStore:
    """See Store. What is kept stays as long as this does, over several servers in turn."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.texts = MemoryTexts()
        self.journal = journal or MemoryJournal()
        self.history = MemoryHistory()
        self.ledger = MemoryLedger(self.history)
        self.removals = MemoryRemovals(self.journal)
        self.months = MemoryMonths(self.journal)
        self._has_begun = False
        self._is_leased = False

    def has_begun(self) -> bool:
        return self._has_begun

    def set_aside(self) -> tuple[()]:
        return ()

    def is_sent_on(self) -> bool:
        return False

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        if not self._has_begun:
            message = "no server has taken calls with this store yet"
            raise StoreFailed(message)
        yield Reading(
            self.journal,
            self.history,
            MemoryFolds(self.journal, self.months, self.history),
            self.removals,
        )

    def refold(self, now: datetime, *, dry_run: bool = False) -> Mapping[str, bool]:
        """Nothing is kept that could differ."""
        del now, dry_run
        with self._lease():
            return {}

    @contextmanager
    def adding(self) -> Iterator[PastCalls]:
        with self._lease():
            yield self.journal

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Keeping]:
        with self._lease():
            yield Keeping(self.journal, self.ledger, self.removals, self.months)

    @contextmanager
    def _lease(self) -> Iterator[None]:
        if self._is_leased:
            message = "this store is being written by another server: stop that one first"
            raise StoreFailed(message)
        self._has_begun = self._is_leased = True
        try:
            yield
        finally:
            self._is_leased = False


class MemoryFolds:
    """See Folds. Everything is folded when it is asked for."""

    def __init__(
        self, journal: MemoryJournal, months: MemoryMonths, history: MemoryHistory
    ) -> None:
        self._journal = journal
        self._months = months
        self._history = history

    def closed_months(self) -> Mapping[str, ClosedMonth]:
        return dict(self._months.closed)

    def offers(
        self, grain: Grain, first: date, last: date, only: Only, apart: Collection[Apart] = APART
    ) -> Iterator[FoldedOffers]:
        del apart  # it may all be told apart
        for key, sums in sorted(self._folded().offers[grain].items()):
            asked = {"queue": only.queue, "site": only.site, "department": only.department}
            asked["agent"] = only.agent
            is_asked_for = all(name in {None, getattr(key, kind)} for kind, name in asked.items())
            if is_asked_for and _is_between(key.day, first, last):
                yield folded_offers(key, sums)

    def calls(self, first: date, last: date) -> Iterator[FoldedCalls]:
        for (day, *place, disposition), count in sorted(self._folded().calls.items()):
            if _is_between(day, first, last):
                yield FoldedCalls(day, place[0], place[1], disposition, count)

    def first_calls(self, first: date, last: date) -> Iterator[FoldedFirstCalls]:
        folded = self._folded()
        for place, count in sorted(folded.first_calls.items()):
            if _is_between(place[0], first, last):
                yield FoldedFirstCalls(*place, count, folded.repeated[place])

    def paths(self, first: date, last: date) -> Iterator[FoldedPath]:
        for (day, path, disposition), count in sorted(self._folded().paths.items()):
            if _is_between(day, first, last):
                yield FoldedPath(day, path, disposition, count)

    def surveys(self, first: date, last: date) -> Iterator[FoldedSurvey]:
        for key, scores in sorted(self._folded().surveys.items(), key=lambda one: one[0]):
            if _is_between(key.day, first, last):
                yield FoldedSurvey(key, scores)

    def duty(self, first: datetime, last: datetime) -> Iterator[FoldedDuty]:
        sums: Counter[tuple[str, AgentStateKept]] = Counter()
        changes = sorted(self._history.agent_changes_by_key.items())
        for (before_key, before), (key, change) in pairwise(changes):
            for one in duty_between(before, change) if before_key[0] == key[0] else ():
                if hour_text(first) <= one.hour < hour_text(last):
                    sums[one.agent, one.state] += one.ms
        for (agent, state), ms in sorted(sums.items()):
            yield FoldedDuty(hour_text(first), agent, state, ms)

    def work(
        self, first: datetime, last: datetime, apart: WorkApart | None
    ) -> Iterator[FoldedWork]:
        sums: Counter[tuple[str, str, AgentStateKept]] = Counter()
        for one in self._work(first, last):
            if bool(one.queue) is (apart == "queue"):
                at = {"quarter": one.quarter, "hour": f"{one.quarter[:13]}:00"}
                sums[one.queue, at.get(apart or "", ""), one.state] += one.ms
        for (queue, quarter, state), ms in sorted(sums.items()):
            yield FoldedWork(queue, quarter, state, ms)

    def work_of(self, queue: str, first: datetime, last: datetime) -> Iterator[FoldedWork]:
        sums: Counter[tuple[str, AgentStateKept]] = Counter()
        for one in self._work(first, last):
            if one.queue == queue:
                sums[one.quarter, one.state] += one.ms
        for (quarter, state), ms in sorted(sums.items()):
            yield FoldedWork(queue, quarter, state, ms)

    def _work(self, first: datetime, last: datetime) -> Iterator[FoldedWork]:
        changes = sorted(self._history.agent_changes_by_key.items())
        for (before_key, before), (key, change) in pairwise(changes):
            for one in work_between(before, change) if before_key[0] == key[0] else ():
                if quarter_text(first) <= one.quarter < quarter_text(last):
                    yield one

    def _folded(self) -> Folded:
        return Folded(self._journal.ended())


def _is_between(day: str, first: date, last: date) -> bool:
    return first.isoformat() <= day <= last.isoformat()


class MemoryTexts:
    """See Texts."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, KeptText]] = {}

    def keep(self, revision: str, text: KeptText) -> None:
        name = PurePosixPath(text.file).name
        kept = KeptText(f"{revision}/{name}", text.text, dict(text.included))
        self._texts.setdefault(revision, {})[name] = kept

    def read(self, change: RulesChange) -> KeptText:
        found = self._found(change)
        if found is None:
            message = f"the text of revision {change.revision[:12]} is gone"
            raise ChangeRefused(message)
        return found

    def named(self, beginning: str) -> str:
        is_long_enough = len(beginning) >= SHORTEST
        found = [one for one in self._texts if is_long_enough and one.startswith(beginning)]
        return the_one_named(beginning, found)

    def where(self, change: RulesChange) -> str | None:
        found = self._found(change)
        return found.file if found else None

    def _found(self, change: RulesChange) -> KeptText | None:
        return self._texts.get(change.revision, {}).get(PurePosixPath(change.file).name)

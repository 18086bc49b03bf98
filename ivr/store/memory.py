"""The store's twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import PurePosixPath

from ivr.errors import ChangeRefused, StoreFailed
from ivr.records.changes import SHORTEST, RulesChange
from ivr.store.door import Keeping, KeptText, PastCalls, Reading
from ivr.store.memory_journal import MemoryJournal
from ivr.store.memory_ledger import MemoryHistory, MemoryLedger
from ivr.store.revisions import the_one_named


class MemoryStore:
    """See Store. What is kept stays as long as this does, over several servers in turn."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.texts = MemoryTexts()
        self.journal = journal or MemoryJournal()
        self.history = MemoryHistory()
        self.ledger = MemoryLedger(self.history)
        self._has_begun = False
        self._is_leased = False

    def has_begun(self) -> bool:
        return self._has_begun

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        if not self._has_begun:
            message = "no server has taken calls with this store yet"
            raise StoreFailed(message)
        yield Reading(self.journal, self.history)

    @contextmanager
    def adding(self) -> Iterator[PastCalls]:
        with self._lease():
            yield self.journal

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Keeping]:
        with self._lease():
            yield Keeping(self.journal, self.ledger)

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

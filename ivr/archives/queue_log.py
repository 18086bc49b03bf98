"""Reading Asterisk's `queue_log`: lines of all calls, mixed, become calls, one after the other as they are over.

Memory holds the calls that are under way in the log, and no more, however long it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime, timedelta

from ivr.archives.archive import Contents
from ivr.archives.names import ArchiveNames
from ivr.archives.queue_line import NO_CALL, QueueLine, read_queue_line
from ivr.archives.queue_story import ENDS_A_PART, OF_A_CALL, QueueStory
from ivr.records.journal import Entry

NODE = "queue_log"
OVER_AFTER = timedelta(hours=4)
"""A call that has left its queue, or whose talk is over, may come to another queue; after so long it does not."""

LOST_AFTER = timedelta(hours=24)
"""Nobody waits, or talks, so long: the end of such a call was never written."""

_STARTED = "QUEUESTART"


class QueueLog:
    """See Archive. `prefix` keeps the calls of several Asterisks apart."""

    def __init__(self, names: ArchiveNames, prefix: str = NODE) -> None:
        self.contents = Contents()
        self._names = names
        self._prefix = prefix
        self._calls: OrderedDict[str, list[QueueLine]] = OrderedDict()

    def read(self, text: str) -> QueueLine | None:
        """See Archive."""
        return read_queue_line(text, self._names.zone)

    def take(self, line: QueueLine) -> Iterator[tuple[Entry, ...]]:
        """See Archive."""
        self.contents.see(line.at)
        if line.call == NO_CALL:
            if line.event == _STARTED:
                yield from self._end_all()
            return
        if line.event not in OF_A_CALL:
            self.contents.unknown_events[line.event] += 1
            return
        yield from self._end_old(self.contents.last or line.at)
        self._calls.setdefault(line.call, []).append(line)
        self._calls.move_to_end(line.call)
        if line.event != "DID":
            self.contents.queues[line.queue] += 1
        if line.event not in {"DID", "ENTERQUEUE"} and line.agent != NO_CALL:
            self.contents.agents[line.agent] += 1

    def rest(self) -> Iterator[tuple[Entry, ...]]:
        """See Archive."""
        for call, lines in self._calls.items():
            if _is_over(lines):
                yield self._told(call, lines)
            else:
                self.contents.under_way += any(line.event != "DID" for line in lines)
        self._calls.clear()

    def _end_old(self, now: datetime) -> Iterator[tuple[Entry, ...]]:
        """Those whose last line is old. The first ones have been quiet for longest."""
        for call, lines in list(self._quiet(now)):
            del self._calls[call]
            if any(line.event != "DID" for line in lines):
                yield self._told(call, lines)

    def _quiet(self, now: datetime) -> Iterator[tuple[str, list[QueueLine]]]:
        for call, lines in self._calls.items():
            age = now - lines[-1].at
            if age < OVER_AFTER:
                return
            if age >= LOST_AFTER or _is_over(lines):
                yield call, lines

    def _end_all(self) -> Iterator[tuple[Entry, ...]]:
        """Asterisk was started anew: whatever was under way is not any more."""
        for call, lines in self._calls.items():
            if any(line.event != "DID" for line in lines):
                yield self._told(call, lines)
        self._calls.clear()

    def _told(self, call: str, lines: list[QueueLine]) -> tuple[Entry, ...]:
        story = QueueStory(f"{self._prefix}-{call}", lines, self._names, self._prefix)
        return story.entries(cut_off=not _is_over(lines))


def _is_over(lines: list[QueueLine]) -> bool:
    """Whether the caller neither waits nor talks after these lines."""
    telling = sorted((line for line in lines if line.event in _TELLING), key=lambda line: line.at)
    return bool(telling) and telling[-1].event in ENDS_A_PART


_TELLING = OF_A_CALL - {"DID"}

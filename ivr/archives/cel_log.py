"""Reading Asterisk's channel event log: lines of all channels, mixed, become the calls that came to a queue."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from ivr.archives.archive import Contents
from ivr.archives.cel_line import CelLine, CelReader
from ivr.archives.names import ArchiveNames
from ivr.archives.past_call import PastCall
from ivr.records.events import Answered, Connected, Ended, LeftQueue, Queued, TalkEnded
from ivr.records.journal import Entry

LOST_AFTER = timedelta(hours=24)
"""No call is silent so long: its end was never written."""

AT_ONCE = timedelta(milliseconds=50)
"""A caller who hangs up while waiting leaves the queue, and the line, so soon after each other (1 ms was measured)."""

_QUEUE = "queue"
_BY_THE_DIALPLAN = "dialplan/"


class CelLog:
    """See Archive. `prefix` keeps the calls of several Asterisks apart."""

    def __init__(self, names: ArchiveNames, prefix: str) -> None:
        self.contents = Contents()
        self._reader = CelReader(names.zone)
        self._names = names
        self._prefix = prefix
        self._calls: OrderedDict[str, list[CelLine]] = OrderedDict()

    def read(self, text: str) -> CelLine | None:
        """See Archive."""
        return self._reader.read(text)

    def take(self, line: CelLine) -> Iterator[tuple[Entry, ...]]:
        """See Archive."""
        self.contents.see(line.at)
        self._calls.setdefault(line.linked_id, []).append(line)
        self._calls.move_to_end(line.linked_id)
        if line.event == "LINKEDID_END":
            yield from self._told(self._calls.pop(line.linked_id))
        yield from self._end_old(self.contents.last or line.at)

    def rest(self) -> Iterator[tuple[Entry, ...]]:
        """See Archive; without a LINKEDID_END no call is over."""
        self.contents.under_way = sum(_queued(lines) is not None for lines in self._calls.values())
        self._calls.clear()
        yield from ()

    def _end_old(self, now: datetime) -> Iterator[tuple[Entry, ...]]:
        while self._calls:
            linked_id, lines = next(iter(self._calls.items()))
            if now - lines[-1].at < LOST_AFTER:
                return
            del self._calls[linked_id]
            yield from self._told(lines)

    def _told(self, lines: Sequence[CelLine]) -> Iterator[tuple[Entry, ...]]:
        caller = _queued(lines)
        if caller is None:
            self.contents.others += 1
            return
        story = CelStory(f"{self._prefix}-{caller}", _of(lines, caller), self._names, self._prefix)
        entries = story.entries()
        self.contents.queues.update(story.queues)
        self.contents.agents.update(story.agents)
        yield entries


def _queued(lines: Sequence[CelLine]) -> str | None:
    """The channel that waited in a queue, by its id."""
    waited = (line.unique_id for line in lines if _waits(line))
    return next(waited, None)


def _of(lines: Sequence[CelLine], unique_id: str) -> list[CelLine]:
    return sorted((line for line in lines if line.unique_id == unique_id), key=lambda line: line.at)


def _waits(line: CelLine) -> bool:
    return line.event == "APP_START" and line.app.lower() == _QUEUE


class CelStory:
    """What happened to the channel of one caller. `queues` and `agents` are the archive's own names."""

    def __init__(
        self, call_id: str, lines: Sequence[CelLine], names: ArchiveNames, node: str
    ) -> None:
        self.queues: list[str] = []
        self.agents: list[str] = []
        self._lines = lines
        self._names = names
        self._call = PastCall(call_id, lines[0].at, node)
        self._hung_up = next((line for line in lines if line.event == "HANGUP"), None)
        self._queue = ""
        self._is_waiting = False
        self._is_talking = False
        self._ended: Literal["caller", "agent", "rules"] = "rules"

    def entries(self) -> tuple[Entry, ...]:
        """Its events."""
        numbers = [line.caller for line in self._lines if line.caller]
        first = self._lines[0]
        caller = numbers[0] if numbers else ""
        self._call.arrive(caller, first.dialled, self._names.zone, first.channel)
        for line in self._lines:
            self._call.go_to(line.at)
            self._take(line)
        if self._hung_up is None:
            self._call.tell(Ended(by="lost_while_down"))
        return self._call.entries

    def _take(self, line: CelLine) -> None:
        match line.event:
            case "ANSWER":
                self._call.tell(Answered())
            case "APP_START" if _waits(line):
                self._wait(line.app_details.partition(",")[0])
            case "APP_END" if line.app.lower() == _QUEUE and self._is_waiting:
                self._leave(line)
            case "BRIDGE_ENTER" if self._is_waiting:
                self._go_on_to(line)
                self._connect(line.peer)
            case "BRIDGE_EXIT" if self._is_talking:
                self._end_talk()
            case "HANGUP":
                self._call.tell(Ended(by=self._ended, cause=line.cause))
            case _:
                pass  # its beginning, and whatever else it did

    def _wait(self, queue: str) -> None:
        self.queues.append(queue)
        placed = self._names.queue(queue)
        self._queue, self._is_waiting = placed.queue, True
        self._call.route(f"queue {placed.queue}", placed.site, placed.department)
        self._call.tell(Queued(queue=placed.queue))

    def _go_on_to(self, line: CelLine) -> None:
        """Asterisk is silent about a second queue that follows at once, until something happens in it.

        When the caller came to it is not known, so this visit has no wait.
        """
        if line.app.lower() != _QUEUE or not (name := line.app_details.partition(",")[0]):
            return
        queue = self._names.queue(name).queue
        if queue != self._queue:
            self.queues.append(name)
            self._call.tell(LeftQueue(queue=self._queue, result="overflowed"))
            self._queue = queue

    def _connect(self, peer: str) -> None:
        self.agents.append(peer)
        self._is_waiting, self._is_talking = False, True
        self._call.tell(Connected(queue=self._queue, agent=self._names.agent(peer)))

    def _leave(self, line: CelLine) -> None:
        end = self._hung_up
        has_hung_up = (
            end is not None
            and end.at - line.at <= AT_ONCE
            and not end.source.startswith(_BY_THE_DIALPLAN)
        )
        result: Literal["abandoned", "overflowed"] = "abandoned" if has_hung_up else "overflowed"
        self._call.tell(LeftQueue(queue=self._queue, result=result))
        self._is_waiting = False
        self._ended = "caller" if has_hung_up else "rules"

    def _end_talk(self) -> None:
        """Whoever hung up first is only known where Asterisk names the caller's channel."""
        end = self._hung_up
        by: Literal["caller", "agent"] = (
            "caller" if end is not None and end.source == end.channel else "agent"
        )
        self._call.tell(TalkEnded(by=by))
        self._is_talking, self._ended = False, by

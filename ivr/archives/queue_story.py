"""From the lines of one call in a `queue_log` to its events.

Waits and talks are Asterisk's own, where a line has them: they are whole seconds, and do not depend on when the line
was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from ivr.archives.names import ArchiveNames
from ivr.archives.past_call import PastCall
from ivr.archives.queue_line import QueueLine
from ivr.records.events import (
    Connected,
    Ended,
    LeftQueue,
    Offered,
    OfferFailed,
    Queued,
    TalkEnded,
)
from ivr.records.journal import Entry

Left = Literal["abandoned", "overflowed", "exit_key", "nobody_logged_in"]
EndedThen = Literal["caller", "agent", "rules", "lost_while_down"]

LEFT: Mapping[str, tuple[Left, int]] = {
    "ABANDON": ("abandoned", 2),
    "EXITWITHTIMEOUT": ("overflowed", 2),
    "EXITEMPTY": ("nobody_logged_in", 2),
    "EXITWITHKEY": ("exit_key", 3),
}
"""How a wait ended, and which detail is its length."""

TALKED: Mapping[str, tuple[Literal["agent", "caller"], int]] = {
    "COMPLETEAGENT": ("agent", 0),
    "COMPLETECALLER": ("caller", 0),
    "TRANSFER": ("agent", 2),
    "BLINDTRANSFER": ("agent", 2),
    "ATTENDEDTRANSFER": ("agent", 2),
}
"""Who ended a talk (who passes the call on has ended theirs), and which detail is the wait; the talk is the next."""

OF_A_CALL = frozenset(
    {*LEFT, *TALKED, "DID", "ENTERQUEUE", "CONNECT", "RINGNOANSWER", "RINGCANCELED", "AGENTDUMP"}
)
ENDS_A_PART = frozenset({*LEFT, *TALKED})


class QueueStory:
    """One call. `node` is what the record says of where it was."""

    def __init__(
        self, call_id: str, lines: Sequence[QueueLine], names: ArchiveNames, node: str
    ) -> None:
        self._lines = sorted(lines, key=lambda line: line.at)
        self._names = names
        self._call = PastCall(call_id, self._lines[0].at, node)
        self._waiting_since: float | None = None
        self._talking_since: float | None = None
        self._ended: EndedThen = "rules"

    def entries(self, *, cut_off: bool = False) -> tuple[Entry, ...]:
        """Its events. `cut_off`: Asterisk ended before it did."""
        self._begin()
        for line in self._lines:
            self._take(line)
        is_under_way = self._waiting_since is not None or self._talking_since is not None
        by = "lost_while_down" if cut_off and is_under_way else self._ended
        self._call.tell(Ended(by=by))
        return self._call.entries

    def _begin(self) -> None:
        """The caller's number and what was dialled may stand in a later line than the first."""
        first = self._lines[0]
        if missed := self._missed_wait(first):
            self._call.move_beginning(missed)
        entered = next((line for line in self._lines if line.event == "ENTERQUEUE"), None)
        dialled = next((line for line in self._lines if line.event == "DID"), None)
        self._call.arrive(_detail(entered, 1), _detail(dialled, 0), self._names.zone)
        self._call.go_to(self._call.begun)

    def _take(self, line: QueueLine) -> None:
        match line.event:
            case "ENTERQUEUE":
                self._end_what_runs(line)
                self._queue(line, line.at)
            case "CONNECT":
                self._connect(line, line.seconds(0))
            case "RINGNOANSWER":
                self._offer(line, "no_answer")
            case "AGENTDUMP":
                self._offer(line, "busy")
            case "RINGCANCELED":
                self._call.go_to(line.at)
                self._call.tell(Offered(queue=self._queue_of(line), agent=self._agent_of(line)))
            case event if event in LEFT:
                self._leave(line)
            case event if event in TALKED:
                self._end_talk(line)
            case _:
                pass  # DID was read at the beginning

    def _queue(self, line: QueueLine, at: datetime) -> None:
        placed = self._names.queue(line.queue)
        self._call.go_to(at)
        self._call.route(f"queue {placed.queue}", placed.site, placed.department)
        self._call.tell(Queued(queue=placed.queue))
        self._waiting_since = self._call.seconds

    def _connect(self, line: QueueLine, wait: float | None) -> None:
        self._wait_that_was_missed(line)
        since = self._waiting_since
        self._call.go_to(line.at, None if since is None or wait is None else since + wait)
        queue, agent = self._queue_of(line), self._agent_of(line)
        self._call.tell(Offered(queue=queue, agent=agent))
        self._call.tell(Connected(queue=queue, agent=agent))
        self._waiting_since, self._talking_since = None, self._call.seconds

    def _leave(self, line: QueueLine) -> None:
        result, place = LEFT[line.event]
        self._wait_that_was_missed(line)
        since, wait = self._waiting_since, line.seconds(place)
        self._call.go_to(line.at, None if since is None or wait is None else since + wait)
        self._call.tell(LeftQueue(queue=self._queue_of(line), result=result))
        self._waiting_since = None
        self._ended = "caller" if result == "abandoned" else "rules"

    def _end_talk(self, line: QueueLine) -> None:
        by, place = TALKED[line.event]
        if self._talking_since is None:
            self._connect(line, line.seconds(place))
        since, talk = self._talking_since, line.seconds(place + 1)
        self._call.go_to(line.at, None if since is None or talk is None else since + talk)
        self._call.tell(TalkEnded(by=by))
        self._talking_since = None
        self._ended = by

    def _offer(self, line: QueueLine, result: Literal["no_answer", "busy"]) -> None:
        self._wait_that_was_missed(line)
        self._call.go_to(line.at)
        queue, agent = self._queue_of(line), self._agent_of(line)
        self._call.tell(Offered(queue=queue, agent=agent))
        self._call.tell(OfferFailed(queue=queue, agent=agent, result=result))

    def _end_what_runs(self, line: QueueLine) -> None:
        """A caller who waits anew waits and talks no more where it was before; its line was lost."""
        if self._talking_since is not None:
            self._call.go_to(line.at)
            self._call.tell(TalkEnded(by="agent"))
            self._talking_since = None

    def _wait_that_was_missed(self, line: QueueLine) -> None:
        """The log was cut, or turned over, after the caller had come: what the line says itself is enough."""
        if self._waiting_since is None:
            self._queue(line, self._call.begun if line is self._lines[0] else line.at)

    def _missed_wait(self, line: QueueLine) -> float | None:
        """How long before the first line the wait had begun, where that line ends it."""
        if line.event in LEFT:
            return line.seconds(LEFT[line.event][1])
        if line.event in TALKED:
            place = TALKED[line.event][1]
            wait, talk = line.seconds(place), line.seconds(place + 1)
            return None if wait is None else wait + (talk or 0.0)
        return line.seconds(0) if line.event == "CONNECT" else None

    def _queue_of(self, line: QueueLine) -> str:
        return self._names.queue(line.queue).queue

    def _agent_of(self, line: QueueLine) -> str:
        return self._names.agent(line.agent)


def _detail(line: QueueLine | None, place: int) -> str:
    return line.details[place] if line is not None and place < len(line.details) else ""

"""Reading Asterisk's call detail records (CDR): the calls that came to a queue, as far as such records tell them.

A record has when the caller's channel came, when it was answered and when it ended. That is the wait and the talk where
nobody but a person answers. Where a machine does first, it has neither: such calls are told apart where the record
shows it, and left out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from ivr.archives.archive import Contents
from ivr.archives.columns import NamedColumns
from ivr.archives.names import ArchiveNames
from ivr.archives.past_call import PastCall
from ivr.archives.queue_line import BadLine, read_when
from ivr.records.events import Answered, Connected, Ended, LeftQueue, Queued, TalkEnded
from ivr.records.journal import Entry

USUAL = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield",
)  # fmt: skip
"""The columns of Asterisk's own `Master.csv`."""

_NEEDED = ("channel", "start", "end", "disposition")
_AT_ONCE = timedelta(seconds=1)
"""No person takes a call so soon after it came: times of records are whole seconds, and a phone rings first."""
_ALL_TOLD = timedelta(hours=1)
"""The records of one call are written when it ends, all together."""


class CdrLine(msgspec.Struct, frozen=True):
    """One record: times in UTC; `answered` None where nothing answered."""

    at: datetime
    answered: datetime | None
    ended: datetime
    channel: str
    peer: str
    app: str
    app_details: str
    caller: str
    dialled: str
    unique_id: str


class CdrReader:
    """Reads lines; a head of names says which column is which from there on."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        # A head may name fewer columns than Asterisk's own file has; the last ones of that are often cut off.
        self._columns = NamedColumns(USUAL, _NEEDED, USUAL.index("amaflags"), "a CDR")

    def read(self, text: str) -> CdrLine | None:
        """None for an empty line and a head. Raises BadLine."""
        told = self._columns.read(text)
        return None if told is None else self._line(told)

    def _line(self, told: Mapping[str, str]) -> CdrLine:
        begun, ended = (read_when(told.get(name, ""), self._zone) for name in ("start", "end"))
        answer = told.get("answer", "")
        if ended < begun:
            message = "it ends before it begins"
            raise BadLine(message)
        return CdrLine(
            at=begun,
            answered=read_when(answer, self._zone) if answer else None,
            ended=ended,
            channel=told.get("channel", ""),
            peer=told.get("dstchannel", ""),
            app=told.get("lastapp", ""),
            app_details=told.get("lastdata", ""),
            caller=told.get("src", ""),
            dialled=told.get("dst", ""),
            unique_id=told.get("uniqueid", "") or f"{told.get('channel', '')}@{begun:%Y%m%d%H%M%S}",
        )


class CdrLog:
    """See Archive. `prefix` keeps the calls of several Asterisks apart."""

    def __init__(self, names: ArchiveNames, prefix: str) -> None:
        self.contents = Contents()
        self._reader = CdrReader(names.zone)
        self._names = names
        self._prefix = prefix
        self._calls: OrderedDict[str, list[CdrLine]] = OrderedDict()

    def read(self, text: str) -> CdrLine | None:
        """See Archive."""
        return self._reader.read(text)

    def take(self, line: CdrLine) -> Iterator[tuple[Entry, ...]]:
        """See Archive."""
        self.contents.see(line.at)
        self.contents.see(line.ended)
        self._calls.setdefault(line.unique_id, []).append(line)
        self._calls.move_to_end(line.unique_id)
        while self._calls:
            unique_id, lines = next(iter(self._calls.items()))
            if line.ended - lines[-1].ended < _ALL_TOLD:
                return
            del self._calls[unique_id]
            yield from self._told(unique_id, lines)

    def rest(self) -> Iterator[tuple[Entry, ...]]:
        """See Archive: a record is of a call that is over."""
        for unique_id, lines in self._calls.items():
            yield from self._told(unique_id, lines)
        self._calls.clear()

    def _told(self, unique_id: str, lines: Sequence[CdrLine]) -> Iterator[tuple[Entry, ...]]:
        queued = [one for one in lines if one.app.lower() == "queue"]
        if not queued:
            self.contents.others += 1
            return
        talked = next((one for one in queued if one.answered and one.peer), None)
        answered = min((one.answered for one in lines if one.answered), default=None)
        begun = min(one.at for one in lines)
        if answered is not None and (talked is None or answered - begun <= _AT_ONCE):
            self.contents.machine_first += 1
            return
        yield self._story(unique_id, begun, talked or queued[-1])

    def _story(self, unique_id: str, begun: datetime, line: CdrLine) -> tuple[Entry, ...]:
        name = line.app_details.partition(",")[0]
        placed = self._names.queue(name)
        self.contents.queues[name] += 1
        call = PastCall(f"{self._prefix}-{unique_id}", begun, self._prefix)
        call.arrive(line.caller, line.dialled, self._names.zone, line.channel)
        call.route(f"queue {placed.queue}", placed.site, placed.department)
        call.tell(Queued(queue=placed.queue))
        if line.answered is None:
            call.go_to(line.ended)
            call.tell(LeftQueue(queue=placed.queue, result="abandoned"))
            call.tell(Ended(by="caller"))
            return call.entries
        self.contents.agents[line.peer] += 1
        call.go_to(line.answered)
        call.tell(Answered())
        call.tell(Connected(queue=placed.queue, agent=self._names.agent(line.peer)))
        call.go_to(line.ended)
        # Who hung up is in no record: whichever is said, it must be the same for all.
        call.tell(TalkEnded(by="caller"))
        call.tell(Ended(by="caller"))
        return call.entries

"""The server's side of what can be asked about callers who wait."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from ivr.control import QueueAsked, QueueTold
from ivr.desk import Desk, LedAway
from ivr.errors import ChangeRefused
from ivr.records.events import TakenToFront
from ivr.records.journal import Journal

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class QueueControl:
    """See QueueControls. Who did it, and why, is in the call's journal."""

    desk: Desk
    journal: Journal

    async def queue(self, asked: QueueAsked, author: str) -> QueueTold:
        why = asked.why.strip()
        there = self.desk.waiting_in(asked.call)
        if asked.queue not in {None, there.queue.name}:
            message = f"the caller does not wait in {asked.queue}, but in {there.queue.name}"
            raise ChangeRefused(message)
        if asked.act == "move":
            to = asked.to or ""
            self.desk.lead_away(there.call_id, LedAway(to, author, why))
        else:
            to = there.queue.name
            self.desk.take_to_front(there.call_id)
            told = TakenToFront(queue=to, author=author, why=why)
            self.journal.note(there.call_id, told)
        log.info("caller moved", call=there.call_id, act=asked.act, to=to, author=author, why=why)
        return QueueTold(call_id=there.call_id, queue=there.queue.name, to=to)

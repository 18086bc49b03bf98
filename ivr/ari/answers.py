"""Requests on their way, and the answers that come to them, over whichever socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count

from ivr.ari.meaning import Answer, unanswered
from ivr.errors import AsteriskUnreachable


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A request that waits for its answer, and until when, in the loop's time."""

    request: str
    answer: asyncio.Future[Answer | AsteriskUnreachable]
    until: float

    def take(self, answer: Answer | AsteriskUnreachable) -> None:
        """An error is a result here: as an exception, it would be reported as lost where whoever asked has left."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Answers:
    """Waits `seconds` for each. One timer serves all: who asked first is the first to give up."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._asked: dict[str, _Awaited] = {}
        self._numbers = count(1)
        self._alarm: asyncio.TimerHandle | None = None

    def new_id(self) -> str:
        """The id of a request that is to be answered."""
        return f"rq-{next(self._numbers)}"

    async def to(self, request: str, request_id: str) -> Answer:
        """Wait for the answer with this id. Raises AsteriskUnreachable when none comes."""
        loop = asyncio.get_running_loop()
        asked = _Awaited(request, loop.create_future(), loop.time() + self._seconds)
        self._asked[request_id] = asked
        if self._alarm is None:
            self._alarm = loop.call_at(asked.until, self._look_for_unanswered)
        try:
            answer = await asked.answer
        finally:
            self._asked.pop(request_id, None)
        if isinstance(answer, AsteriskUnreachable):
            raise answer
        return answer

    def take(self, request_id: str, answer: Answer) -> None:
        """An answer came; one that nobody waits for any more is let go."""
        if asked := self._asked.get(request_id):
            asked.take(answer)

    def lose(self) -> None:
        """None will come: the link is gone."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        for asked in self._asked.values():
            asked.take(unlinked(asked.request))

    def _look_for_unanswered(self) -> None:
        self._alarm = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for asked in self._asked.values():
            if asked.until > now:
                self._alarm = loop.call_at(asked.until, self._look_for_unanswered)
                return
            asked.take(unanswered(asked.request, self._seconds))


def unlinked(request: str) -> AsteriskUnreachable:
    """The error for a request while there is no link, or that the link was lost under."""
    return AsteriskUnreachable(
        f"`{request}` could not be sent, or its answer was lost: no link to asterisk"
    )

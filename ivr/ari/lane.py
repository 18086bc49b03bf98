"""One WebSocket of the link: what is posted goes out in order, and silence is noticed.

Before it stands a door, which stays while sockets come and go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import NoneType
from typing import Any, TypeVar

from ivr.ari.answers import Answers, unlinked
from ivr.ari.frames import encode_request
from ivr.ari.meaning import A_MOMENT_SECONDS, Answer, came_too_early, understand
from ivr.ari.request import Request
from ivr.ari.websocket import WebSocket

T = TypeVar("T")

TOLD = "told "
"""How the id of a request begins whose answer nobody waits for; the request itself follows."""

AGAIN = "again "
"""And, behind it, of one that is told for the second time."""

SILENT_BEATS = 2
"""A connection over which nothing came for so many heartbeats is dead."""


class Lane:
    """A connection that is watched for as long as it lives."""

    def __init__(self, socket: WebSocket, heartbeat_seconds: float) -> None:
        self._socket = socket
        self._heartbeat_seconds = heartbeat_seconds

    def post(self, frame: bytes) -> None:
        """Send this after all that was posted before it."""
        self._socket.send(frame)

    def end(self, reason: str) -> None:
        """Have done with this connection."""
        self._socket.end(reason)

    async def live(self) -> str:
        """Read, and ping, until the connection is over; returns why it is."""
        self._socket.begin()
        over, silent_beats = self._socket.over, 0
        while silent_beats < SILENT_BEATS:
            await asyncio.wait((over,), timeout=self._heartbeat_seconds)
            if over.done():
                return over.result()
            silent_beats = 0 if self._socket.has_heard else silent_beats + 1
            self._socket.has_heard = False
            self._socket.ping()
        return "silent, in spite of our pings"


class LaneDoor:
    """The door over one lane of a link. `lane` gives the lane as it is now, and None while there is no link."""

    def __init__(self, lane: Callable[[], Lane | None], answers: Answers) -> None:
        self._lane = lane
        self._answers = answers

    async def ask(self, request: Request[T]) -> T:
        """See Door."""
        asked = str(request)
        answer = await self._answer_to(asked, request)
        if came_too_early(asked, answer):
            await asyncio.sleep(A_MOMENT_SECONDS)
            answer = await self._answer_to(asked, request)
        return understand(asked, answer, request.result)

    def tell(self, request: Request[Any]) -> None:
        """See Door."""
        self._post(f"{TOLD}{request}", request)

    def tell_again(self, told: str) -> None:
        """Tell a request of nothing but method and path for the last time, which came too early; if there is a link."""
        if self._lane() is not None:
            method, path = told.split(" ", 1)
            self._post(f"{TOLD}{AGAIN}{told}", Request(self, method, path, {}, None, NoneType))

    async def _answer_to(self, asked: str, request: Request[Any]) -> Answer:
        request_id = self._answers.new_id()
        self._post(request_id, request)
        return await self._answers.to(asked, request_id)

    def _post(self, request_id: str, request: Request[Any]) -> None:
        lane = self._lane()
        if lane is None:
            raise unlinked(str(request))
        lane.post(encode_request(request_id, request))

"""One WebSocket of the link: what is posted goes out in order, what comes is handed on, and silence is noticed.

Before it stands a door, which stays while sockets come and go.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import aiohttp

from ivr.ari.answers import Answers, unlinked
from ivr.ari.frames import BadFrame, encode_request
from ivr.ari.meaning import understand
from ivr.ari.request import Request

T = TypeVar("T")

TOLD = "told "
"""How the id of a request begins whose answer nobody waits for; the request itself follows."""

SILENT_BEATS = 2
"""A connection over which nothing came for so many heartbeats is dead."""

LAST_WORDS_SECONDS = 0.5
"""So long may it take to send what was posted before the end: a peer that reads nothing is not waited for."""


class Lane:
    """A connection, and the three tasks that live while it does.

    The reader only reads (Asterisk closes on a reader that is slow), the writer sends what came together in one go, and
    the heartbeat notices silence. `take` is given every frame; where the connection cannot go on, it returns why.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        take: Callable[[str], str | None],
        heartbeat_seconds: float,
    ) -> None:
        self._socket = socket
        self._take = take
        self._heartbeat_seconds = heartbeat_seconds
        self._outbox: deque[str] = deque()
        self._has_post = asyncio.Event()
        self._has_heard = True

    def post(self, frame: str) -> None:
        """Send this after all that was posted before it."""
        self._outbox.append(frame)
        self._has_post.set()

    async def close(self) -> None:
        await self._socket.close()

    async def live(self) -> str:
        """Until the connection is over; returns why it is. Cancelled, it still sends what was posted."""
        async with asyncio.TaskGroup() as tasks:
            reader = tasks.create_task(self._read(), name="ari-reader")
            heart = tasks.create_task(self._beat(reader), name="ari-heartbeat")
            writer = tasks.create_task(self._write(), name="ari-writer")
            reader.add_done_callback(lambda _: (heart.cancel(), writer.cancel()))
        return "silent, in spite of our pings" if reader.cancelled() else reader.result()

    async def _read(self) -> str:
        try:
            async for frame in self._socket:
                self._has_heard = True
                if frame.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT and (reason := self._take(frame.data)):
                    return reason
        except BadFrame:
            return "asterisk sent a frame that is no event"
        except (OSError, aiohttp.ClientError) as error:
            return f"connection broke ({error})"
        return f"closed by asterisk, code {self._socket.close_code}"

    async def _write(self) -> None:
        """Send what is posted; what was posted before the end is sent on the way out."""
        try:
            while True:
                await self._has_post.wait()
                self._has_post.clear()
                await self._send_posted()
        except (OSError, aiohttp.ClientError):
            return  # the reader notices, and says why
        finally:
            with suppress(OSError, aiohttp.ClientError):  # TimeoutError is an OSError
                async with asyncio.timeout(LAST_WORDS_SECONDS):
                    await self._send_posted()

    async def _send_posted(self) -> None:
        while self._outbox:
            await self._socket.send_str(self._outbox.popleft())

    async def _beat(self, reader: asyncio.Task[str]) -> None:
        """Ping, and end the reading when nothing at all comes back."""
        silent_beats = 0
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            silent_beats = 0 if self._has_heard else silent_beats + 1
            self._has_heard = False
            if silent_beats == SILENT_BEATS:
                reader.cancel()
                return
            try:
                await self._socket.ping()
            except (OSError, aiohttp.ClientError):
                return  # the reader notices, and says why


class LaneDoor:
    """The door over one lane of a link. `lane` gives the lane as it is now, and None while there is no link."""

    def __init__(self, lane: Callable[[], Lane | None], answers: Answers) -> None:
        self._lane = lane
        self._answers = answers

    async def ask(self, request: Request[T]) -> T:
        """See Door."""
        request_id = self._answers.new_id()
        self._post(request_id, request)
        return understand(
            str(request), await self._answers.to(str(request), request_id), request.result
        )

    def tell(self, request: Request[Any]) -> None:
        """See Door."""
        self._post(f"{TOLD}{request}", request)

    def _post(self, request_id: str, request: Request[Any]) -> None:
        lane = self._lane()
        if lane is None:
            raise unlinked(str(request))
        lane.post(encode_request(request_id, request))

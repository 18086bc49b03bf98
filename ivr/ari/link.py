"""The link to a real Asterisk: one WebSocket that carries events here and requests there.

Three tasks live while a connection does: the reader, which only reads (Asterisk closes on a reader that is slow), the
writer, which sends what is asked and told in that order (all that came together in one go), and the heartbeat. However
the connection ends, it ends in one place, `_lose`: those who wait for an answer are told at once, and a new connection
is tried, with growing waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

import aiohttp
import structlog

from ivr.ari.backoff import Backoff
from ivr.ari.frames import BadEvent, BadFrame, RestAnswer, decode, encode_request
from ivr.ari.meaning import Answer, look_at, unanswered, understand
from ivr.ari.transport import (
    Body,
    Connected,
    Disconnected,
    News,
    Query,
    Received,
    UnknownEvent,
    phones_application,
)
from ivr.errors import AsteriskUnreachable

T = TypeVar("T")

log = structlog.get_logger()

STOPPED = "stopped by us"
TOLD = "told "
"""How the id of a request begins whose answer nobody waits for; the request itself follows."""

SILENT_BEATS = 2
"""A connection over which nothing came for so many heartbeats is dead."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Asterisk's HTTP server is, and who we are to it."""

    host: str
    port: int
    user: str
    password: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Address({self.host}:{self.port}, {self.user}, …)"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that waits for its answer, and until when, in the loop's time."""

    request: str
    answer: asyncio.Future[Answer | AsteriskUnreachable]
    until: float

    def take(self, answer: Answer | AsteriskUnreachable) -> None:
        """An error is a result here: as an exception, it would be reported as lost where whoever asked has left."""
        if not self.answer.done():
            self.answer.set_result(answer)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the link waits for what, in seconds; `backlog` is in events."""

    connect_seconds: float = 2.0
    request_seconds: float = 4.0
    heartbeat_seconds: float = 2.0
    close_seconds: float = 0.5
    first_retry_seconds: float = 0.1
    longest_retry_seconds: float = 5.0
    steady_seconds: float = 5.0
    backlog: int = 10_000


class Link:
    """One connection at a time, made again whenever it drops. `counts` holds what went by: unknown and bad events."""

    def __init__(self, address: Address, *, app: str, patience: Patience | None = None) -> None:
        self.where = str(address)
        self.counts: Counter[str] = Counter()
        self._address = address
        self._asked_for = {"app": f"{app},{phones_application(app)}", "subscribeAll": "false"}
        self._patience = patience or Patience()
        self._news: asyncio.Queue[News] = asyncio.Queue()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._outbox: deque[str] = deque()
        self._has_post = asyncio.Event()
        self._asked: dict[str, _Asked] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._numbers = count(1)
        self._has_heard = False
        self._complaint: str | None = None

    async def run(self) -> None:
        waits = Backoff(self._patience.first_retry_seconds, self._patience.longest_retry_seconds)
        loop = asyncio.get_running_loop()
        headers = {
            "Authorization": aiohttp.encode_basic_auth(self._address.user, self._address.password)
        }
        # No time-out of the session's own: ours are narrower, and each has its place.
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            while True:
                began = loop.time()
                await self._live_once(session)
                if loop.time() - began > self._patience.steady_seconds:
                    waits.reset()
                await asyncio.sleep(waits.next_seconds())

    async def next_news(self) -> News:
        return await self._news.get()

    async def drop(self, reason: str) -> None:
        log.warning("link dropped by us", reason=reason, asterisk=self.where)
        if self._socket is not None:
            await self._socket.close()

    async def request(self, method: str, path: str, query: Query, body: Body, result: type[T]) -> T:
        request, request_id = f"{method} {path}", f"rq-{next(self._numbers)}"
        self._post(request, encode_request(request_id, method, path, query, body))
        loop = asyncio.get_running_loop()
        asked = _Asked(request, loop.create_future(), loop.time() + self._patience.request_seconds)
        self._asked[request_id] = asked
        if self._alarm is None:
            self._alarm = loop.call_at(asked.until, self._look_for_unanswered)
        try:
            answer = await asked.answer
        finally:
            self._asked.pop(request_id, None)
        if isinstance(answer, AsteriskUnreachable):
            raise answer
        return understand(request, answer, result)

    def tell(self, method: str, path: str, query: Query, body: Body) -> None:
        request = f"{method} {path}"
        self._post(request, encode_request(TOLD + request, method, path, query, body))

    def _post(self, request: str, frame: str) -> None:
        if self._socket is None:
            raise _unlinked(request)
        self._outbox.append(frame)
        self._has_post.set()

    def _look_for_unanswered(self) -> None:
        """One timer for all: they wait equally long, so the first that asked is the first to give up."""
        self._alarm = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for asked in self._asked.values():
            if asked.until > now:
                self._alarm = loop.call_at(asked.until, self._look_for_unanswered)
                return
            asked.take(unanswered(asked.request, self._patience.request_seconds))

    async def _live_once(self, session: aiohttp.ClientSession) -> None:
        """Connect, and stay until the connection is over."""
        try:
            async with asyncio.timeout(self._patience.connect_seconds):
                socket = await session.ws_connect(
                    f"http://{self._address}/ari/events",
                    params=self._asked_for,
                    autoping=False,
                    compress=0,
                    max_msg_size=0,
                    timeout=aiohttp.ClientWSTimeout(ws_close=self._patience.close_seconds),
                )
        except aiohttp.WSServerHandshakeError as error:
            self._complain(_refusal(error.status))
        except (OSError, aiohttp.ClientError) as error:  # TimeoutError is an OSError
            self._complain(str(error) or "connected, but it does not answer")
        else:
            self._complaint = None
            async with socket:
                await self._live_on(socket)

    async def _live_on(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._has_heard = socket, True
        self._news.put_nowait(Connected())
        reason = STOPPED
        try:
            async with asyncio.TaskGroup() as tasks:
                reader = tasks.create_task(self._read(socket), name="ari-reader")
                heart = tasks.create_task(self._beat(socket, reader), name="ari-heartbeat")
                writer = tasks.create_task(self._write(socket), name="ari-writer")
                reader.add_done_callback(lambda _: (heart.cancel(), writer.cancel()))
            reason = "silent, in spite of our pings" if reader.cancelled() else reader.result()
        finally:
            self._lose(reason)

    async def _write(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Send what is posted. What was told before the end is sent on the way out."""
        try:
            while True:
                await self._has_post.wait()
                self._has_post.clear()
                await self._send_posted(socket)
        except (OSError, aiohttp.ClientError):
            return  # the reader notices, and says why
        finally:
            with suppress(OSError, aiohttp.ClientError):
                await self._send_posted(socket)

    async def _send_posted(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while self._outbox:
            await socket.send_str(self._outbox.popleft())

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """Read until the connection is over; return why it is."""
        try:
            async for frame in socket:
                self._has_heard = True
                if frame.type is aiohttp.WSMsgType.PING:
                    await socket.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT:
                    self._take(frame.data)
                if self._news.qsize() > self._patience.backlog:
                    # What is lost by this is found again: a new connection begins with a comparison.
                    return "more events came than could be read"
        except BadFrame:
            return "asterisk sent a frame that is no event"
        except (OSError, aiohttp.ClientError) as error:
            return f"connection broke ({error})"
        return f"closed by asterisk, code {socket.close_code}"

    def _take(self, text: str) -> None:
        try:
            event = decode(text)
        except BadEvent as bad:
            self.counts[f"bad {bad.kind}"] += 1
            log.warning("event could not be read", kind=bad.kind, reason=str(bad.__cause__))
            return
        if isinstance(event, RestAnswer):
            self._take_answer(event)
            return
        if isinstance(event, UnknownEvent):
            self.counts[f"unknown {event.kind}"] += 1
        self._news.put_nowait(Received(event))

    def _take_answer(self, event: RestAnswer) -> None:
        answer = Answer(event.status_code, event.reason_phrase, event.message_body)
        if event.request_id.startswith(TOLD):
            look_at(event.request_id.removeprefix(TOLD), answer)
        elif asked := self._asked.get(event.request_id):
            asked.take(answer)

    async def _beat(
        self, socket: aiohttp.ClientWebSocketResponse, reader: asyncio.Task[str]
    ) -> None:
        """Ping, and end the reading when nothing at all comes back."""
        silent_beats = 0
        while True:
            await asyncio.sleep(self._patience.heartbeat_seconds)
            silent_beats = 0 if self._has_heard else silent_beats + 1
            self._has_heard = False
            if silent_beats == SILENT_BEATS:
                reader.cancel()
                return
            try:
                await socket.ping()
            except (OSError, aiohttp.ClientError):
                return  # the reader notices, and says why

    def _lose(self, reason: str) -> None:
        self._socket = None
        self._outbox.clear()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        for asked in self._asked.values():
            asked.take(_unlinked(asked.request))
        self._news.put_nowait(Disconnected(reason))
        level = log.info if reason == STOPPED else log.warning
        level("link lost", asterisk=self.where, reason=reason)

    def _complain(self, complaint: str) -> None:
        """Say once why there is no link, however often it is tried."""
        if complaint != self._complaint:
            self._complaint = complaint
            log.warning("asterisk not reached", asterisk=self.where, reason=complaint)


def _unlinked(request: str) -> AsteriskUnreachable:
    return AsteriskUnreachable(
        f"`{request}` could not be sent, or its answer was lost: no link to asterisk"
    )


def _refusal(status: int) -> str:
    if status in {401, 403}:
        return f"it refused our ARI user or password ({status})"
    return f"it does not offer ARI yet ({status})"

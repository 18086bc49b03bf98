"""The link to a real Asterisk: WebSockets that carry events here and requests there.

The first carries all events, and the requests that are no call's. Beside it lie a few lanes, which carry requests only:
Asterisk does what one socket asks strictly in turn, and waits in some of it, so that with a single one every call waits
for every other. A call keeps to its lane, where what is asked and told is done in that order.

However a connection ends, all end, in one place, `_lose`: those who wait for an answer are told at once, and new
connections are tried, with growing waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
import structlog
from aiohttp import encode_basic_auth

from ivr.ari.answers import Answers
from ivr.ari.backoff import Backoff
from ivr.ari.frames import BadEvent, BadFrame, RestAnswer, decode
from ivr.ari.generated.models import ApplicationReplaced
from ivr.ari.incoming import Incoming
from ivr.ari.lane import AGAIN, TOLD, Lane, LaneDoor
from ivr.ari.long_answer import long_answer
from ivr.ari.meaning import A_MOMENT_SECONDS, Answer, came_too_early, look_at, understand
from ivr.ari.request import Door, Request
from ivr.ari.transport import (
    News,
    SocketsLost,
    SocketsOpen,
    UnknownEvent,
    phones_application,
)
from ivr.ari.websocket import NO_EVENT, HandshakeRefused, websocket
from ivr.observe import Counts
from ivr.settings import join_address

T = TypeVar("T")

log = structlog.get_logger()

STOPPED = "stopped by us"
REPLACED_BY_OURSELVES = "an earlier connection of ours was answered late"

LANES = 4
"""Sockets for requests. On two cores at 40 new calls a second, the slowest tenth of all requests took about 100 ms
without lanes and some 30 ms with four; eight were no better."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where Asterisk's HTTP server is, and who we are to it."""

    host: str
    port: int
    user: str
    password: str

    def __str__(self) -> str:
        return join_address(self.host, self.port)

    def __repr__(self) -> str:
        return f"Address({self.host}:{self.port}, {self.user}, …)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the link waits for what, in seconds; `backlog` is in events.

    `doubtful_seconds`: so long after a connection that Asterisk left unanswered it may still answer it, and with it
    take the application from the connection that we have by then.
    """

    connect_seconds: float = 2.0
    request_seconds: float = 4.0
    heartbeat_seconds: float = 2.0
    close_seconds: float = 0.5
    first_retry_seconds: float = 0.1
    longest_retry_seconds: float = 5.0
    doubtful_seconds: float = 30.0
    steady_seconds: float = 5.0
    backlog: int = 10_000


class Link:
    """Connections are made together, and again together whenever one drops."""

    def __init__(
        self,
        address: Address,
        *,
        app: str,
        counts: Counts | None = None,
        patience: Patience | None = None,
        lanes: int = LANES,
    ) -> None:
        """Events that nothing here reads, or can read, are counted in `counts` by their kind."""
        self.where = str(address)
        self.counts = counts or Counts()
        self._address = address
        # A socket without an application is refused; those of the lanes hear of nothing.
        lane_apps = (f"{app}-lane-{number}" for number in range(1, lanes + 1))
        self._authorization = encode_basic_auth(address.user, address.password)
        self._apps = (f"{app},{phones_application(app)}", *lane_apps)
        self._patience = patience or Patience()
        self._incoming = Incoming()
        self._lanes: Sequence[Lane] = ()
        self._answers = Answers(self._patience.request_seconds)
        self._own = self._door_over(0)
        self._complaint: str | None = None
        self._doubtful_until = float("-inf")

    async def run(self) -> None:
        waits = Backoff(self._patience.first_retry_seconds, self._patience.longest_retry_seconds)
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await self._live_once()
            if loop.time() - began > self._patience.steady_seconds:
                waits.reset()
            await asyncio.sleep(waits.next_seconds())

    async def next_news(self) -> News:
        return await self._incoming.next_news()

    def hand_on_to(self, take: Callable[[msgspec.Struct], None]) -> None:
        self._incoming.hand_on_to(take)

    async def drop(self, reason: str) -> None:
        self._doubt()
        log.warning("link dropped by us", reason=reason, asterisk=self.where)
        if self._lanes:
            self._lanes[0].end("dropped by us")

    def door(self, call_id: str) -> Door:
        lanes = len(self._apps) - 1
        return self._door_over(1 + hash(call_id) % lanes if lanes else 0)

    def _door_over(self, number: int) -> LaneDoor:
        return LaneDoor(lambda: self._lane(number), self._answers)

    async def ask(self, request: Request[T]) -> T:
        return await self._own.ask(request)

    async def list_all(self, request: Request[T]) -> T:
        address = self._address
        answer = await long_answer(
            (address.host, address.port),
            self._authorization,
            request,
            self._patience.request_seconds,
        )
        return understand(str(request), answer, request.result)

    def tell(self, request: Request[Any]) -> None:
        self._own.tell(request)

    def _lane(self, number: int) -> Lane | None:
        """The lane of this number as it is now, None without a link; 0 is the socket that carries the events."""
        return self._lanes[number] if self._lanes else None

    async def _live_once(self) -> None:
        """Connect, and stay until the connections are over."""
        async with AsyncExitStack() as open_sockets:
            try:
                async with asyncio.timeout(self._patience.connect_seconds):
                    lanes = [await self._open(open_sockets, app) for app in self._apps]
            except HandshakeRefused as error:
                self._complain(_refusal(error.status))
            except TimeoutError:
                self._doubt()
                self._complain("connected, but it does not answer")
            except OSError as error:
                self._complain(str(error))
            else:
                self._complaint = None
                await self._live_on(lanes)

    async def _open(self, open_sockets: AsyncExitStack, app: str) -> Lane:
        address = self._address
        socket = await open_sockets.enter_async_context(
            websocket(
                (address.host, address.port),
                f"/ari/events?{urlencode({'app': app, 'subscribeAll': 'false'})}",
                {"Authorization": self._authorization},
                self._take,
                close_seconds=self._patience.close_seconds,
            )
        )
        return Lane(socket, self._patience.heartbeat_seconds)

    async def _live_on(self, lanes: Sequence[Lane]) -> None:
        self._lanes = lanes
        self._incoming.turn(SocketsOpen())
        reason = STOPPED
        try:
            async with asyncio.TaskGroup() as tasks:
                living = [tasks.create_task(lane.live(), name="ari-lane") for lane in lanes]
                over, _ = await asyncio.wait(living, return_when=asyncio.FIRST_COMPLETED)
                reason = over.pop().result()
                for life in living:
                    life.cancel()
        finally:
            self._lose(reason)

    def _take(self, text: bytes) -> str | None:
        """Take what came; returns why the connection cannot go on, where that is so."""
        try:
            event = decode(text)
        except BadFrame:
            return NO_EVENT
        except BadEvent as bad:
            self.counts.count(f"asterisk_events_bad_{bad.kind}")
            log.warning("event could not be read", kind=bad.kind, reason=str(bad.__cause__))
            return None
        if isinstance(event, RestAnswer):
            self._take_answer(event)
            return None
        if isinstance(event, UnknownEvent):
            self.counts.count(f"asterisk_events_unknown_{event.kind}")
        is_replaced = isinstance(event, ApplicationReplaced)
        if is_replaced and asyncio.get_running_loop().time() < self._doubtful_until:
            return REPLACED_BY_OURSELVES
        self._incoming.come(event)
        if self._incoming.waiting > self._patience.backlog:
            # What is lost by this is found again: a new connection begins with a comparison.
            return "more events came than could be read"
        return None

    def _take_answer(self, event: RestAnswer) -> None:
        answer = Answer(event.status_code, event.reason_phrase, event.message_body)
        if not event.request_id.startswith(TOLD):
            self._answers.take(event.request_id, answer)
            return
        request = event.request_id.removeprefix(TOLD)
        if came_too_early(request, answer):
            loop = asyncio.get_running_loop()
            loop.call_later(A_MOMENT_SECONDS, self._own.tell_again, request)
        else:
            look_at(request.removeprefix(AGAIN), answer)

    def _doubt(self) -> None:
        """A connection was left unanswered: Asterisk may come back to it."""
        self._doubtful_until = asyncio.get_running_loop().time() + self._patience.doubtful_seconds

    def _lose(self, reason: str) -> None:
        self._lanes = ()
        self._answers.lose()
        self._incoming.turn(SocketsLost(reason))
        level = log.info if reason == STOPPED else log.warning
        level("link lost", asterisk=self.where, reason=reason)

    def _complain(self, complaint: str) -> None:
        """Say once why there is no link, however often it is tried."""
        if complaint != self._complaint:
            self._complaint = complaint
            log.warning("asterisk not reached", asterisk=self.where, reason=complaint)


def _refusal(status: int) -> str:
    if status in {401, 403}:
        return f"it refused our ARI user or password ({status})"
    return f"it does not offer ARI yet ({status})"

"""The twin's link: requests there, events back, drops, and every fault of a link that can be ordered."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from ivr.ari.fake.faults import Faults
from ivr.ari.incoming import Incoming
from ivr.ari.meaning import (
    A_MOMENT_SECONDS,
    Answer,
    came_too_early,
    look_at,
    unanswered,
    understand,
)
from ivr.ari.request import Body, Door, Query, Request
from ivr.ari.transport import News, SocketsLost, SocketsOpen
from ivr.errors import AsteriskUnreachable

T = TypeVar("T")

REQUEST_SECONDS = 4.0
RECONNECT_SECONDS = 0.1


class FakeDoor(ABC):
    """A transport without a network. `requests` is everything asked, as `POST channels/x/answer`, in order."""

    where = "memory"

    def __init__(self) -> None:
        self.faults = Faults()
        self.requests: list[str] = []
        self.filters: dict[str, set[str]] = {}
        self._incoming = Incoming()
        self._may_link = asyncio.Event()
        self._may_link.set()
        self._dropped = asyncio.Event()
        self._dropped.set()
        self._watchers: list[asyncio.Future[None]] = []

    @property
    def is_linked(self) -> bool:
        """Whether the application is connected."""
        return not self._dropped.is_set()

    @abstractmethod
    def act(self, method: str, path: str, query: Query, body: Body) -> Answer:
        """Do what is asked, at once, and answer."""

    async def run(self) -> None:
        while True:
            await self._may_link.wait()
            self._dropped.clear()
            self._incoming.turn(SocketsOpen())
            self._changed()
            await self._dropped.wait()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def next_news(self) -> News:
        return await self._incoming.next_news()

    def hand_on_to(self, take: Callable[[msgspec.Struct], None]) -> None:
        self._incoming.hand_on_to(take)

    def door(self, _call_id: str) -> Door:
        return self

    async def drop(self, reason: str) -> None:
        self.lose(reason)

    async def ask(self, request: Request[T]) -> T:
        answer = await self._answer_to(request)
        if came_too_early(str(request), answer):
            await asyncio.sleep(A_MOMENT_SECONDS)
            answer = await self._answer_to(request)
        return understand(str(request), answer, request.result)

    async def _answer_to(self, request: Request[Any]) -> Answer:
        if self._dropped.is_set():
            raise AsteriskUnreachable
        self.requests.append(str(request))
        number = len(self.requests)
        before = min(self.faults.requests_take_seconds, REQUEST_SECONDS)
        await self._pass(before)
        if before == REQUEST_SECONDS:
            raise unanswered(str(request), REQUEST_SECONDS)
        answer = self._act(number, request)
        after = min(self.faults.answers_take_seconds, REQUEST_SECONDS - before)
        await self._pass(after)
        if before + after == REQUEST_SECONDS:
            raise unanswered(str(request), REQUEST_SECONDS)
        return answer

    async def list_all(self, request: Request[T]) -> T:
        return await self.ask(request)

    def tell(self, request: Request[Any]) -> None:
        self._tell(request, is_last=False)

    def _tell(self, request: Request[Any], *, is_last: bool) -> None:
        if self._dropped.is_set():
            raise AsteriskUnreachable
        self.requests.append(str(request))
        number, seconds = len(self.requests), self.faults.requests_take_seconds

        def act() -> None:
            if self._dropped.is_set():
                return
            answer = self._act(number, request)
            if came_too_early(str(request), answer) and not is_last:
                asyncio.get_running_loop().call_later(A_MOMENT_SECONDS, again)
            else:
                look_at(str(request), answer)

        def again() -> None:
            if not self._dropped.is_set():
                self._tell(request, is_last=True)

        if seconds:  # it does not overtake what was asked before it
            asyncio.get_running_loop().call_later(seconds, act)
        else:
            act()

    def _act(self, number: int, request: Request[Any]) -> Answer:
        self.faults.before_request.pop(number, _nothing)()
        answer = self.faults.refusal_of(str(request))
        answer = answer or self.act(request.method, request.path, request.query, request.body)
        self.faults.after_request.pop(number, _nothing)()
        self._changed()
        return answer

    async def _pass(self, seconds: float) -> None:
        """Let time pass; the link's loss ends the wait at once."""
        if not seconds:
            await asyncio.sleep(0)
        else:
            try:
                async with asyncio.timeout(seconds):
                    await self._dropped.wait()
            except TimeoutError:
                return
        if self._dropped.is_set():
            raise AsteriskUnreachable

    def lose_link(self) -> None:
        """The link drops and stays away; calls live on."""
        self._may_link.clear()
        self.lose("lost by the test")

    def restore_link(self) -> None:
        """The link can be made again."""
        self._may_link.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not holds():
            watcher = asyncio.get_running_loop().create_future()
            self._watchers.append(watcher)
            await watcher

    def send(self, app: str, event: msgspec.Struct) -> None:
        """Send an event to an application, if it is linked and wants this kind."""
        kind = type(event)
        is_wanted = app not in self.filters or kind.__name__ in self.filters[app]
        if not self._dropped.is_set() and is_wanted and kind not in self.faults.untold:
            # Never heard of in the turn in which it happens, but always before what happens later.
            asyncio.get_running_loop().call_soon(self._incoming.come, event)
        self._changed()

    def lose(self, reason: str) -> None:
        """Drop the connection, and all that is kept with it."""
        if not self._dropped.is_set():
            self._dropped.set()
            self.filters.clear()
            asyncio.get_running_loop().call_soon(self._incoming.turn, SocketsLost(reason))

    def _changed(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)


def _nothing() -> None:
    """What happens where a test has ordered nothing."""

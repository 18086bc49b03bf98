"""The twin itself: its link, its channels and bridges, its phones, and what a test can say to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec

from ivr import ids
from ivr.ari import transport
from ivr.ari.fake.channel import NOW, FakeBridge, FakeChannel
from ivr.ari.fake.faults import Faults
from ivr.ari.fake.people import Caller, Phone
from ivr.ari.fake.requests import act
from ivr.ari.fake.turns import FakePlayback, FakeRecording
from ivr.ari.generated import models as m
from ivr.ari.meaning import Answer, unanswered, understand
from ivr.ari.transport import Body, Connected, Disconnected, News, Query, Received
from ivr.errors import AsteriskUnreachable

T = TypeVar("T")

RINGS_AFTER_SECONDS = 0.05
REQUEST_SECONDS = 4.0
RECONNECT_SECONDS = 0.1


class FakeAsterisk:
    """An Asterisk in memory. Playbacks and rings take time, which a test's loop makes jump.

    `media_seconds` is the length of every recording that is played; `lengths` holds exceptions, by name.
    `requests` is everything that was asked, as `POST channels/x/answer`, in order.
    """

    where = "memory"

    def __init__(
        self, *, app: str = "ivr", media_seconds: float = 2.0, version: str = "22.10.1"
    ) -> None:
        self.version = version
        self.lengths: dict[str, float] = {}
        self.faults = Faults()
        self.requests: list[str] = []
        self.channels: dict[str, FakeChannel] = {}
        self.bridges: dict[str, FakeBridge] = {}
        self.playbacks: dict[str, FakePlayback] = {}
        self.live_recordings: dict[str, FakeRecording] = {}
        self.stored_recordings: dict[str, float] = {}
        self.phones: dict[str, Phone] = {}
        self.filters: dict[str, set[str]] = {}
        self.subscriptions: set[tuple[str, str]] = set()
        self._app = app
        self._media_seconds = media_seconds
        self._news: asyncio.Queue[News] = asyncio.Queue()
        self._may_link = asyncio.Event()
        self._may_link.set()
        self._dropped = asyncio.Event()
        self._dropped.set()
        self._watchers: list[asyncio.Future[None]] = []

    # The door ---------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        while True:
            await self._may_link.wait()
            self._dropped.clear()
            self._news.put_nowait(Connected())
            self._changed()
            await self._dropped.wait()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def next_news(self) -> News:
        return await self._news.get()

    async def drop(self, reason: str) -> None:
        self._drop(reason)

    async def request(self, method: str, path: str, query: Query, body: Body, result: type[T]) -> T:
        request = f"{method} {path}"
        if self._dropped.is_set():
            raise AsteriskUnreachable
        self.requests.append(request)
        number = len(self.requests)
        before = min(self.faults.requests_take_seconds, REQUEST_SECONDS)
        await self._pass(before)
        if before == REQUEST_SECONDS:
            raise unanswered(request, REQUEST_SECONDS)
        answer = self._act(number, method, path, query, body)
        after = min(self.faults.answers_take_seconds, REQUEST_SECONDS - before)
        await self._pass(after)
        if before + after == REQUEST_SECONDS:
            raise unanswered(request, REQUEST_SECONDS)
        return understand(request, answer, result)

    def _act(self, number: int, method: str, path: str, query: Query, body: Body) -> Answer:
        self.faults.before_request.pop(number, _nothing)()
        answer = self.faults.refusal_of(f"{method} {path}") or act(
            self, method, path, dict(transport.pairs(query)), body
        )
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

    # What a test says -------------------------------------------------------------------------------------------------

    def ring(
        self,
        caller_number: str,
        *,
        dialled: str,
        args: tuple[str, ...] = (),
        caller_name: str = "",
        endpoint: str = "PJSIP/local",
    ) -> Caller:
        """A call comes in. Without a link it falls through the dialplan, and is hung up."""
        caller = Caller(self)
        channel = FakeChannel(
            self,
            ids.new("leg"),
            endpoint,
            caller,
            "Ring",
            caller_number=caller_number,
            caller_name=caller_name,
            dialled=dialled,
            args=args,
        )
        caller.channel = self.channels[channel.id] = channel
        if self._dropped.is_set():
            channel.end(16, "Normal Clearing")
        else:
            channel.enter()
        return caller

    def phone(
        self,
        endpoint: str,
        *,
        answers_after: float | None = None,
        hangs_up_after: float | None = None,
        busy: bool = False,
        gone: bool = False,
    ) -> Phone:
        """An agent's phone, registered unless `gone`. An endpoint that was never named here cannot be rung either."""
        phone = Phone(
            self,
            endpoint,
            answers_after=answers_after,
            hangs_up_after=hangs_up_after,
            busy=busy,
            is_registered=not gone,
        )
        self.phones[endpoint] = phone
        return phone

    def lose_link(self) -> None:
        """The link drops and stays away; calls live on."""
        self._may_link.clear()
        self._drop("lost by the test")

    def restore_link(self) -> None:
        """The link can be made again."""
        self._may_link.set()

    def restart(self) -> None:
        """Asterisk dies, with every call, and is there again at once."""
        self._drop("restarted by the test")
        for channel in tuple(self.channels.values()):
            channel.end(0, "")
        self.bridges.clear()
        self.filters.clear()
        self.subscriptions.clear()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not holds():
            watcher = asyncio.get_running_loop().create_future()
            self._watchers.append(watcher)
            await watcher

    def leftovers(self) -> list[str]:
        """What is still there: nothing, when every call is over."""
        return [
            *(f"channel {name}" for name in self.channels),
            *(f"bridge {name}" for name in self.bridges),
            *(f"playback {name}" for name in self.playbacks),
            *(f"recording {name}" for name in self.live_recordings),
        ]

    def is_clean(self) -> bool:
        return not self.leftovers()

    # What its parts say -----------------------------------------------------------------------------------------------

    def tell(self, kind: Callable[..., msgspec.Struct], **fields: object) -> None:
        """Send an event to the application, if it is linked and wants this kind."""
        self._send(self._app, kind(application=self._app, timestamp=NOW, **fields))

    def tell_phone(self, phone: Phone) -> None:
        """Send a phone's new state to the application that follows phones."""
        app = transport.phones_application(self._app)
        if (app, "endpoint:PJSIP") in self.subscriptions:
            peer = m.Peer(peer_status="Registered" if phone.is_registered else "Unregistered")
            endpoint = self.endpoint(phone)
            self._send(
                app,
                m.PeerStatusChange(application=app, timestamp=NOW, peer=peer, endpoint=endpoint),
            )

    def endpoint(self, phone: Phone) -> m.Endpoint:
        technology, _, resource = phone.endpoint.partition("/")
        return m.Endpoint(
            technology=technology,
            resource=resource,
            state="online" if phone.is_registered else "offline",
            channel_ids=[],
        )

    def seconds_of(self, name: str) -> float:
        return self.lengths.get(name, self._media_seconds)

    def sound(self, phone: Phone, channel: FakeChannel, timeout_seconds: float) -> None:
        """Let a phone ring, on a channel of its own, and do what it does."""
        phone.channel = self.channels[channel.id] = channel
        phone.times_rung += 1
        if phone.busy:
            channel.after(RINGS_AFTER_SECONDS, lambda: channel.end(17, "User busy"))
            return
        channel.after(RINGS_AFTER_SECONDS, channel.ring)
        if phone.answers_after is not None and phone.answers_after < timeout_seconds:
            answered_after = RINGS_AFTER_SECONDS + phone.answers_after
            channel.after(answered_after, channel.be_answered)
            if phone.hangs_up_after is not None:
                channel.after(answered_after + phone.hangs_up_after, channel.be_hung_up)

        def give_up() -> None:
            if channel.state != "Up":
                channel.end(19, "User alerting, no answer")

        channel.after(timeout_seconds, give_up)

    def _send(self, app: str, event: msgspec.Struct) -> None:
        kind = type(event)
        is_wanted = app not in self.filters or kind.__name__ in self.filters[app]
        if not self._dropped.is_set() and is_wanted and kind not in self.faults.untold:
            self._news.put_nowait(Received(event))
        self._changed()

    def _drop(self, reason: str) -> None:
        if not self._dropped.is_set():
            self._dropped.set()
            self.filters.clear()
            self._news.put_nowait(Disconnected(reason))

    def _changed(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)


def _nothing() -> None:
    """What happens where a test has ordered nothing."""

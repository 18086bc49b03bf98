"""The twin itself: its link, its channels and bridges, its phones, and what a test can say to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from ivr import ids
from ivr.ari import transport
from ivr.ari.fake.channel import FakeBridge, FakeChannel, now
from ivr.ari.fake.door import FakeDoor
from ivr.ari.fake.people import Caller, FakePhone
from ivr.ari.fake.requests import act
from ivr.ari.fake.turns import FakePlayback, FakeRecording
from ivr.ari.generated import models as m
from ivr.ari.meaning import Answer
from ivr.ari.request import Body, Query, pairs

RINGS_AFTER_SECONDS = 0.05


class FakeAsterisk(FakeDoor):
    """An Asterisk in memory. Playbacks and rings take time, which a test's loop makes jump.

    `media_seconds` is the length of every recording that is played; `lengths` holds exceptions, by name.
    """

    def __init__(
        self, *, app: str = "ivr", media_seconds: float = 2.0, version: str = "22.10.1"
    ) -> None:
        super().__init__()
        self.version = version
        self.lengths: dict[str, float] = {}
        self.channels: dict[str, FakeChannel] = {}
        self.bridges: dict[str, FakeBridge] = {}
        self.playbacks: dict[str, FakePlayback] = {}
        self.live_recordings: dict[str, FakeRecording] = {}
        self.stored_recordings: dict[str, float] = {}
        self.variables: dict[str, str] = {}
        self.phones: dict[str, FakePhone] = {}
        self.subscriptions: set[tuple[str, str]] = set()
        self._app = app
        self._media_seconds = media_seconds

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
            f"twin-{ids.new('call')}.1",  # Asterisk's own, unlike those of legs that we ring
            endpoint,
            caller,
            "Ring",
            caller_number=caller_number,
            caller_name=caller_name,
            dialled=dialled,
            args=args,
        )
        caller.channel = self.channels[channel.id] = channel
        if not self.is_linked:
            channel.end(16, "Normal Clearing")
        else:
            channel.come_in()
        return caller

    def phone(
        self,
        endpoint: str,
        *,
        answers_after: float | None = None,
        hangs_up_after: float | None = None,
        busy: bool = False,
        gone: bool = False,
    ) -> FakePhone:
        """An agent's phone, registered unless `gone`. An endpoint that was never named here cannot be rung either."""
        phone = FakePhone(
            self,
            endpoint,
            answers_after=answers_after,
            hangs_up_after=hangs_up_after,
            busy=busy,
            is_registered=not gone,
        )
        self.phones[endpoint] = phone
        return phone

    def restart(self) -> None:
        """Asterisk dies, with every call, and is there again at once."""
        self.lose("restarted by the test")
        for channel in tuple(self.channels.values()):
            channel.end(0, "")
        self.bridges.clear()
        self.filters.clear()
        self.subscriptions.clear()

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

    def act(self, method: str, path: str, query: Query, body: Body) -> Answer:
        return act(self, method, path, dict(pairs(query)), body)

    def report(self, kind: Callable[..., msgspec.Struct], **fields: object) -> None:
        """Send an event to the application, if it is linked and wants this kind."""
        self.send(self._app, kind(application=self._app, timestamp=now(), **fields))

    def report_phone(self, phone: FakePhone) -> None:
        """Send a phone's new state to the application that follows phones."""
        app = transport.phones_application(self._app)
        if (app, "endpoint:PJSIP") in self.subscriptions:
            peer = m.Peer(peer_status="Registered" if phone.is_registered else "Unregistered")
            endpoint = self.endpoint(phone)
            self.send(
                app,
                m.PeerStatusChange(application=app, timestamp=now(), peer=peer, endpoint=endpoint),
            )

    def endpoint(self, phone: FakePhone) -> m.Endpoint:
        technology, _, resource = phone.endpoint.partition("/")
        return m.Endpoint(
            technology=technology,
            resource=resource,
            state="online" if phone.is_registered else "offline",
            channel_ids=[],
        )

    def seconds_of(self, name: str) -> float:
        return self.lengths.get(name, self._media_seconds)

    def sound(self, phone: FakePhone, channel: FakeChannel, timeout_seconds: float) -> None:
        """Let a phone ring, on a channel of its own, and do what it does."""
        phone.channel = self.channels[channel.id] = channel
        phone.times_rung += 1
        if phone.busy:
            channel.after(RINGS_AFTER_SECONDS, partial(channel.end, 17, "User busy", status=486))
            return
        if phone.status is not None:
            is_elsewhere = 300 <= phone.status < 400
            refuse = partial(channel.end, 21, "Call Rejected", status=phone.status)
            channel.after(RINGS_AFTER_SECONDS, channel.redirect if is_elsewhere else refuse)
            return
        if not phone.is_silent:
            channel.after(RINGS_AFTER_SECONDS, channel.ring)
        if phone.answers_after is not None and phone.answers_after < timeout_seconds:
            channel.after(
                RINGS_AFTER_SECONDS + phone.answers_after, partial(answer, phone, channel)
            )

        def give_up() -> None:
            if channel.state != "Up":
                channel.end(19, "User alerting, no answer")

        channel.after(timeout_seconds, give_up)


def answer(phone: FakePhone, channel: FakeChannel) -> None:
    """Take the call, and hang up as late as the phone does: never before it was taken."""
    channel.be_answered()
    if phone.hangs_up_after is not None:
        channel.after(phone.hangs_up_after, channel.be_hung_up)

"""The people at the ends of the twin's channels: they hear, press keys, talk, hang up."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ivr.ari.fake.asterisk import FakeAsterisk
    from ivr.ari.fake.channel import FakeChannel

KEY_HELD_SECONDS = 0.1
KEYS_APART_SECONDS = 0.1


class Person(Protocol):
    """Whoever is at the end of a channel.

    `heard` is everything in the order it began, by the name of its media; music is heard as `music:CLASS`.
    `speaks_seconds`: how long the person speaks in a recording before falling silent; None for ever. `sends_sound`:
    packets come from the phone, whether anybody speaks or not.
    """

    heard: list[str]
    speaks_seconds: float | None
    sends_sound: bool

    def hear(self, name: str) -> None: ...


class AtChannel:
    """What a person can do at a channel, and what a test can wait for."""

    def __init__(self, asterisk: FakeAsterisk) -> None:
        self.heard: list[str] = []
        self.speaks_seconds: float | None = None
        self.sends_sound = True
        self.channel: FakeChannel | None = None
        self._asterisk = asterisk
        self._attended = 0

    def hear(self, name: str) -> None:
        self.heard.append(name)

    async def hears(self, name: str) -> None:
        """Wait until this begins. What was waited for before, and all before it, does not count again."""
        await self._asterisk.until(lambda: name in self.heard[self._attended :])
        self._attended += self.heard[self._attended :].index(name) + 1

    async def is_answered(self) -> None:
        """Wait until the channel is up."""
        await self._asterisk.until(lambda: self.channel is not None and self.channel.state == "Up")

    async def is_talking_to(self, name: str) -> None:
        """Wait until somebody whose phone has this name is in the same bridge (`kari`, or `PJSIP/kari`)."""
        await self._asterisk.until(lambda: name in self.talking_to())

    async def is_hung_up(self) -> None:
        """Wait until the channel is gone."""
        await self._asterisk.until(lambda: self.channel is not None and self.channel.is_gone)

    def talking_to(self) -> set[str]:
        """The phones in the same bridge, under all their names."""
        if self.channel is None or self.channel.bridge is None:
            return set()
        others = {other.endpoint for other in self.channel.bridge.channels} - {
            self.channel.endpoint
        }
        return others | {name_of(endpoint) for endpoint in others}

    def keys(
        self,
        digits: str,
        *,
        held_seconds: float = KEY_HELD_SECONDS,
        apart_seconds: float = KEYS_APART_SECONDS,
    ) -> None:
        """Press these keys, the first let go of now; each is held for so long, and so long after the one before."""
        channel = self._at_channel()
        channel.key(digits[0], held_seconds)
        for place, digit in enumerate(digits[1:], start=1):
            seconds = place * (held_seconds + apart_seconds)
            channel.after(seconds, partial(channel.key, digit, held_seconds))

    def hangs_up(self) -> None:
        """Put the phone down. Once it is down, doing so again changes nothing."""
        self._at_channel().be_hung_up()

    def falls_silent(self) -> None:
        """No packet comes from the phone from now on, which is there: muted, or on hold."""
        self._at_channel().silent_since = asyncio.get_running_loop().time()

    def vanishes(self) -> None:
        """The phone's program is killed: no packet comes, nothing is answered, and nobody says goodbye."""
        self.falls_silent()
        self._at_channel().has_vanished = True

    def is_lost(self, *, since_seconds: float = 0.0) -> None:
        """The phone lost its power or its network so long ago: Asterisk has just found out."""
        self._at_channel().be_lost(since_seconds)

    def _at_channel(self) -> FakeChannel:
        if self.channel is None:
            msg = "this phone has not been rung"
            raise AssertionError(msg)
        return self.channel


class Caller(AtChannel):
    """Somebody who called in, with `FakeAsterisk.ring`."""

    def is_freed(self) -> None:
        """No server has answered for so long that the dialplan takes the caller to the floor."""
        self._at_channel().be_freed()

    def is_offered(self, *, waited_seconds: int) -> None:
        """The floor offers the caller to the server."""
        self._at_channel().be_offered(waited_seconds)

    @property
    def channel_id(self) -> str:
        return self._at_channel().id


class FakePhone(AtChannel):
    """An agent's phone. `channel` is the leg that rang it last.

    It answers after `answers_after` seconds (None: it just rings) and hangs up `hangs_up_after` seconds later (None: it
    does not), or is `busy`, or, not `is_registered`, cannot be rung at all. A carrier may answer with a `status` of
    SIP's at once, or be silent (`is_silent`): it does not even ring. Each may be changed between two calls.
    """

    def __init__(
        self,
        asterisk: FakeAsterisk,
        endpoint: str,
        *,
        answers_after: float | None,
        hangs_up_after: float | None,
        busy: bool,
        is_registered: bool,
    ) -> None:
        super().__init__(asterisk)
        self.endpoint = endpoint
        self.answers_after = answers_after
        self.hangs_up_after = hangs_up_after
        self.busy = busy
        self.status: int | None = None
        self.is_silent = False
        self.is_registered = is_registered
        self.times_rung = 0

    async def rings(self) -> None:
        """Wait until it is ringing."""
        await self._asterisk.until(
            lambda: (
                self.channel is not None
                and self.channel.state == "Ringing"
                and not self.channel.is_gone
            )
        )

    def answers(self) -> None:
        """Take the phone up, now."""
        self._at_channel().be_answered()

    def rejects(self) -> None:
        """Press the button that says busy."""
        self._at_channel().end(17, "User busy")

    def registers(self) -> None:
        self._register(is_registered=True)

    def unregisters(self) -> None:
        self._register(is_registered=False)

    def _register(self, *, is_registered: bool) -> None:
        if self.is_registered != is_registered:
            self.is_registered = is_registered
            self._asterisk.report_phone(self)


def name_of(endpoint: str) -> str:
    """`PJSIP/kari` and `PJSIP/out/sip:kari@127.0.0.1:5091` are both `kari`'s."""
    return endpoint.rpartition("/")[2].partition("@")[0].removeprefix("sip:")

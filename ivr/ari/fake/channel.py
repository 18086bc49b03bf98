"""A channel of the twin: its state, who is at its end, and what is being done to it, one thing after another."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal, Protocol

from ivr.ari.generated import models as m
from ivr.ari.reading import FLOOR, HEARD, PACKET_SECONDS, TO_SERVER

if TYPE_CHECKING:
    from ivr.ari.fake.asterisk import FakeAsterisk
    from ivr.ari.fake.people import Person

UNANSWERED_SECONDS = 16.0
"""After so long Asterisk gives up a request that a phone does not answer."""

BEGAN = datetime(2026, 1, 5, 12, 0, tzinfo=timezone(timedelta(hours=1)))
"""The twin's time when its loop's is 0."""


OFFERED_AFTER_SECONDS = 0.005

LIMIT, TAKE_SECONDS = "TIMEOUT(absolute)", "8"
"""How long a call that comes in is ours, unless we say for how long more."""


def now() -> str:
    """The twin's time, as Asterisk writes it."""
    at = BEGAN + timedelta(seconds=asyncio.get_running_loop().time())
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + at.strftime("%z")


class Cue(Protocol):
    """Something that occupies a channel for a time: playbacks and recordings wait for each other."""

    name: str

    def begin(self) -> None: ...
    def stop(self) -> None: ...
    def break_off(self) -> None: ...
    def key(self, digit: str) -> None: ...


@dataclass(slots=True, eq=False)
class FakeBridge:
    """Where channels hear each other."""

    id: str
    kind: str
    channels: list[FakeChannel] = field(default_factory=list)

    def shown(self) -> m.Bridge:
        return m.Bridge(
            id=self.id,
            technology="simple_bridge",
            bridge_type=self.kind,
            bridge_class="stasis",
            creator="Stasis",
            name="",
            channels=[channel.id for channel in self.channels],
            creationtime=now(),
        )


@dataclass(slots=True, eq=False)
class FakeChannel:
    """One leg. `is_ours`: it is in the application."""

    asterisk: FakeAsterisk
    id: str
    endpoint: str
    person: Person
    state: Literal["Down", "Ring", "Ringing", "Up"]
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""
    args: tuple[str, ...] = ()
    is_ours: bool = False
    context: str = "in"
    is_gone: bool = False
    hangup_cause: int | None = None
    bridge: FakeBridge | None = None
    music: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    up_at: float | None = None
    silent_since: float | None = None
    has_vanished: bool = False
    times_asked: int = 0
    turn: Cue | None = None
    turns: deque[Cue] = field(default_factory=deque)
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def shown(self) -> m.Channel:
        number = m.CallerID(name=self.caller_name, number=self.caller_number)
        return m.Channel(
            id=self.id,
            protocol_id=f"{self.id}@twin" if self.endpoint.startswith("PJSIP/") else "",
            name=f"{self.endpoint}-00000001",
            state=self.state,
            caller=number,
            connected=number,
            accountcode="",
            dialplan=m.DialplanCEP(
                context=self.context,
                exten=self.dialled or "s",
                priority=1,
                app_name="Stasis" if self.is_ours else "AppDial2",
                app_data="",
            ),
            creationtime=now(),
            language="no",
            channelvars={HEARD: self.variables.get(HEARD, "")},
        )

    def after(self, seconds: float, then: Callable[[], None]) -> asyncio.TimerHandle:
        """Do something after a time, unless the channel is gone by then."""
        timer = asyncio.get_running_loop().call_later(seconds, then)
        self.timers.append(timer)
        return timer

    def take_turn(self, turn: Cue) -> None:
        """Begin when what came before is over."""
        self.turns.append(turn)
        if self.turn is None:
            self.next_turn()

    def next_turn(self) -> None:
        self.turn = self.turns.popleft() if self.turns else None
        if self.turn:
            self.turn.begin()

    def ring(self) -> None:
        self.state = "Ringing"
        self.asterisk.report(m.Dial, peer=self.shown(), dialstatus="RINGING")

    def redirect(self) -> None:
        """End because another address was named. Asterisk tells no cause of it, half of the time."""
        self.asterisk.report(m.Dial, peer=self.shown(), dialstatus="CANCEL", forward="+4799")
        self.end(0, "Unknown")

    def come_up(self) -> None:
        """Be answered."""
        self.state = "Up"
        self.up_at = asyncio.get_running_loop().time()

    def be_answered(self) -> None:
        """Be taken up by the one who was rung, and come into the application."""
        if not self.is_gone and self.state != "Up":
            self.come_up()
            self.enter()

    def come_in(self) -> None:
        """Be offered by the dialplan: whoever does not have it keep the call in time loses it to the floor."""
        self.variables[LIMIT] = TAKE_SECONDS
        self.enter()
        self.after(float(TAKE_SECONDS), self._be_taken_back)

    def _be_taken_back(self) -> None:
        if self.is_ours and self.variables[LIMIT] == TAKE_SECONDS:
            self.be_freed()

    def enter(self) -> None:
        """Come into the application."""
        self.is_ours = True
        self.asterisk.report(m.StasisStart, args=list(self.args), channel=self.shown())

    def key(self, digit: str, held_seconds: float = 0.1) -> None:
        """A key that was held for so long is let go of now."""
        if self.is_gone:
            return
        self.asterisk.report(
            m.ChannelDtmfReceived,
            digit=digit,
            duration_ms=round(held_seconds * 1000),
            channel=self.shown(),
        )
        if self.turn:
            self.turn.key(digit)

    def leave_bridge(self) -> None:
        if self.bridge:
            self.bridge.channels.remove(self)
            self.bridge = None

    def be_hung_up(self) -> None:
        """End because the person at it put the phone down. As with SIP, no cause is told before the end."""
        if not self.is_gone:
            self.asterisk.report(m.ChannelHangupRequest, channel=self.shown())
        self.end(16, "Normal Clearing")

    def packets_heard(self) -> int:
        """How many packets have come from the person's phone."""
        if self.up_at is None or not self.person.sends_sound:
            return 0
        now = asyncio.get_running_loop().time()
        until = min(now, self.silent_since if self.silent_since is not None else now)
        return round(max(0.0, until - self.up_at) / PACKET_SECONDS)

    def be_asked_whether_there(self) -> None:
        """One that has vanished answers neither this nor the BYE after it."""
        self.times_asked += 1
        if self.has_vanished:
            asked_at = asyncio.get_running_loop().time()
            silent = asked_at - (self.silent_since or asked_at)
            self.after(
                2 * UNANSWERED_SECONDS, lambda: self.be_lost(silent + 2 * UNANSWERED_SECONDS)
            )

    def be_lost(self, since_seconds: float) -> None:
        """End because nobody answers there any more: no ACK came, or no answer to a session's refresh."""
        if not self.is_gone:
            if self.up_at is not None:
                heard = asyncio.get_running_loop().time() - self.up_at - since_seconds
                self.variables[HEARD] = f"ssrc=1;rxcount={round(heard / PACKET_SECONDS)};lp=0"
            self.asterisk.report(m.ChannelHangupRequest, cause=18, channel=self.shown())
        self.end(18, "No user responding")

    def end(
        self, cause: int, text: str, *, asked_with: int | None = None, status: int | None = None
    ) -> None:
        """Hang up: what is being done to the channel breaks off, then it is destroyed. `status` is SIP's."""
        if self.is_gone:
            return
        self.is_gone = True
        self.hangup_cause = cause
        if asked_with is not None:
            self.asterisk.report(m.ChannelHangupRequest, cause=asked_with, channel=self.shown())
        self._break_off()
        self.leave_bridge()
        del self.asterisk.channels[self.id]
        if self.is_ours:
            self.asterisk.report(m.StasisEnd, channel=self.shown())
        self.asterisk.report(
            m.ChannelDestroyed,
            cause=cause,
            cause_txt=text,
            tech_cause=status,
            channel=self.shown(),
        )

    def _break_off(self) -> None:
        for timer in self.timers:
            timer.cancel()
        begun = [*([self.turn] if self.turn else []), *self.turns]
        self.turn = None
        self.turns.clear()
        for turn in begun:
            turn.break_off()

    def be_freed(self) -> None:
        """Leave the application for the floor, where music plays."""
        self._break_off()
        self.leave_bridge()
        self.is_ours, self.context, self.music = False, FLOOR, None
        self.asterisk.report(m.StasisEnd, channel=self.shown())

    def begin_anew(self) -> None:
        """Leave the application for the dialplan, which hands the call over as a new one."""
        self.be_freed()
        self.context = "in"
        self.after(OFFERED_AFTER_SECONDS, self.come_in)

    def be_offered(self, waited_seconds: int) -> None:
        """Come into the application from the floor."""
        self.args = (TO_SERVER, self.dialled, f"{self.id}@twin", f"floor={waited_seconds * 1000}")
        self.come_in()

    def go_on_in_dialplan(self) -> None:
        """Leave the application; the dialplan that follows hangs up."""
        self.is_ours = False
        self.asterisk.report(m.StasisEnd, channel=self.shown())
        self.end(16, "Normal Clearing")

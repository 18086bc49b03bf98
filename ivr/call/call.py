"""A call: one person's visit, and what can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.legs import Legs
from ivr.ari.routes import Presented, Route
from ivr.call.acquaintance import Acquaintance
from ivr.call.confirmation import is_confirmed
from ivr.call.dialogue import Dialogue
from ivr.call.dictation import break_off_dictation, names_of_takes, take_dictation
from ivr.call.hangup import HangUpScope
from ivr.call.hearing import Hearing
from ivr.call.message import go_on_with_message, has_room, take_message
from ivr.call.outcomes import (
    LegAnswered,
    LegFailed,
    MessageKept,
    Reached,
    Recorded,
    Rung,
)
from ivr.call.outside import SIP_OK, OutsideCall, call_out
from ivr.call.party import Party, on_the_line
from ivr.call.ports import Ports
from ivr.call.ringing import Shown, ring_leg
from ivr.call.silence import only_one_is_silent
from ivr.call.talk import Talk
from ivr.call.voice import Voice
from ivr.errors import AsteriskError, CallerHungUp
from ivr.numbers import PhoneNumber
from ivr.records.events import (
    CallOutFailed,
    MessageLeft,
    PromptMissed,
    RecordingStarted,
)
from ivr.rules.model import Account, Phone, SipAddress, Voicemail

log = structlog.get_logger()

LONGEST_CALL_SECONDS = 14_400
"""After four hours Asterisk ends a call by itself."""


class Call(Dialogue):
    """One call. It speaks as decided last, and every leg that it rings is hung up with it."""

    def __init__(  # noqa: PLR0913 - what a call is made of; said once, in `call_on`
        self,
        call_id: str,
        party: Party,
        legs: Legs,
        ports: Ports,
        hearing: Hearing,
        *,
        caller: PhoneNumber | None,
        shown: Shown | None = None,
    ) -> None:
        """`party` is the caller; `legs` makes those that are rung, on which `shown` is seen instead of the number."""
        super().__init__(call_id, party, ports, hearing)
        self.caller = caller
        self.acquaintance = Acquaintance(call_id, caller, ports)
        self._shown = shown or Shown.of_number(caller)
        self._leg = party.leg
        self._legs = legs
        self._rung: list[Channel] = []
        self._phones: set[str] = set()
        self._talks: list[Talk] = []
        self.message: RecordingStarted | MessageLeft | None = None
        """The message that the caller was leaving, or had left, when the call was taken up."""

    @property
    def leg(self) -> Channel:
        """The caller's leg; when it ends, the call does."""
        return self._leg

    async def answer(self) -> None:
        """Answer, and have Asterisk keep the call; until then it does for the few seconds that taking it may need."""
        await self._leg.answer()
        self.keep_on()

    def keep_on(self) -> None:
        """Have Asterisk keep the call, which it offered for a few seconds: else it takes the call back.

        Not while anything is played or recorded.
        """
        self._leg.set_variable("TIMEOUT(absolute)", str(LONGEST_CALL_SECONDS)).tell()

    @asynccontextmanager
    async def music(self, music_class: str) -> AsyncIterator[None]:
        """Music while the body runs."""
        async with self._ports.music.heard_by(self._leg, music_class):
            yield

    @asynccontextmanager
    async def ringing(self) -> AsyncIterator[None]:
        """The caller hears that it rings while the body runs."""
        try:
            await self._leg.ring()
            yield
        finally:
            if not self._leg.ended.done():
                self._leg.stop_ringing().tell()

    async def break_off(self) -> None:
        """End what the server before this one said to the caller, or recorded of a prompt."""
        await self.hush()
        await break_off_dictation(self._leg)

    @property
    def takes(self) -> tuple[str, ...]:
        """What the recordings of a prompt are called that may be made in this call, one after the other."""
        return names_of_takes(self._leg.id)

    async def dictate(self, name: str, longest_seconds: int) -> float | None:
        """Record what is read, under this name, until `#`; its length, None where nothing was. No key of it counts."""
        with self._ear.covered():
            return await take_dictation(self._leg, name, longest_seconds)

    def has_room_for_message(self, box: Voicemail) -> bool:
        """Whether a message can be kept: asked before the caller is."""
        return has_room(box, self._ports)

    async def take_message(self, box: Voicemail) -> Recorded:
        """Record what the caller says until `#`, a long silence, the box's limit, or a hang-up."""
        message, self.message = self.message, None
        match message:
            case MessageLeft():
                return MessageKept()
            case RecordingStarted():
                return await go_on_with_message(self._leg, message, self._ports, self)
            case None:
                return await take_message(self._leg, box, self._ports, self)

    @contextmanager
    def other_legs(self) -> Iterator[None]:
        """Legs that are won inside belong to the call: whatever line the flow stands on, they end with this scope."""
        try:
            yield
        finally:
            self._clear_away()

    async def ring(
        self,
        phone: Account | SipAddress | PhoneNumber,
        seconds: float,
        leg: Channel | None = None,
    ) -> Rung:
        """Ring a phone for up to `seconds`: by one route after another, as long as none leads there.

        The first is tried on `leg`, where one is given; see `new_leg`.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        rung: Rung = LegFailed("gone")
        for route in self._ports.exchange.routes_to(phone):
            left = until - clock()
            if round(left) < 1:  # Asterisk counts whole seconds, and takes none for no limit
                break
            rung, leg = await self._ring_by(route, left, leg or self.new_leg()), None
            if rung != LegFailed("gone"):
                break
        if leg is not None:  # there was no route
            self.give_up(leg)
        return rung

    async def _ring_by(self, route: Route, seconds: float, leg: Channel) -> Rung:
        rung = await ring_leg(leg, route, self._shown, seconds)
        if isinstance(rung, LegFailed):
            self.give_up(leg)
        else:
            self._phones.add(leg.id)
        return rung

    async def call_out(self, phone: Phone, number: PhoneNumber, own: PhoneNumber | None) -> Reached:
        """Call a number outside, over one trunk after another; `own` is shown there, else what each trunk says."""
        presented = Presented(own)
        if phone.shows_caller and self._shown.number:
            presented = Presented(own, self.caller)
        elif phone.shows_caller:
            presented = Presented(own, is_hidden=True)
        asked = OutsideCall(phone.name, number, presented, phone.ring_seconds)
        return await call_out(self, asked, self._ports)

    def note_unheard(self, phone: Phone, answered: LegAnswered) -> None:
        """Who answered was gone before a word was heard: a trunk that agrees on no sound, say, has failed."""
        if answered.trunk is not None:
            self._ports.outgoing.failed(answered.trunk, SIP_OK)
            failed = CallOutFailed(
                phone=phone.name, trunk=answered.trunk, result="gone", status=SIP_OK
            )
            self.note(failed)

    def longest_seconds(self, answered: LegAnswered) -> float:
        """How long a talk with who answered may last: outside it costs money."""
        return (
            LONGEST_CALL_SECONDS if answered.trunk is None else self._ports.outgoing.longest_seconds
        )

    async def is_confirmed_on(self, leg: Channel) -> bool:
        """Whether whoever answered on this leg presses the key for it. A voicemail does not."""
        return await is_confirmed(leg, self._voice.to_another(leg))

    async def is_silent(self, leg: Channel) -> bool:
        """Whether not a packet has come from `leg`, though the caller's come through."""
        return await only_one_is_silent(leg, self._leg)

    async def whisper(self, leg: Channel, spell: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
        """Say to whoever is on `leg`, and to nobody else, what `spell` makes of the language; what was said.

        What has no recording is left out. Whoever hangs up hears no more of it.
        """
        voice = self._voice.to_another(leg)
        said = tuple(one for one in spell(voice.language) if voice.has(one))
        try:
            async with HangUpScope(leg):
                await voice.say(said)
        except CallerHungUp:  # who was rung, that is: this scope is around their leg
            return said
        return said

    @property
    def site(self) -> str | None:
        """Where the caller belongs, as decided last."""
        return self._voice.site

    def new_leg(self) -> Channel:
        """A leg of the call's own: wherever the story ends, it ends too."""
        leg = self._legs.channel(ids.new("leg"))
        self._rung.append(leg)
        return leg

    def give_up(self, leg: Channel) -> None:
        """A leg is over, and nothing is kept of it."""
        self._rung.remove(leg)
        self._phones.discard(leg.id)
        self._legs.release(leg.id)
        self._ports.outgoing.end(leg.id)

    @asynccontextmanager
    async def talking_with(self, leg: Channel) -> AsyncIterator[Talk]:
        """Caller and `leg` hear each other while the body runs. Raises NotConnected if they cannot.

        The leg that was won may be gone already, or the bridge; the caller has lost nothing by it, and goes on.
        """
        talk = Talk(self._legs.bridge(ids.new("br")), belongs_to=self._leg)
        self._talks.append(talk)
        try:
            talk.begin()
            await talk.add(self._leg, leg)
            with self._ports.life.watched(leg) if leg.id in self._phones else nullcontext():
                yield talk
        finally:
            # First the leg, then the bridge: the other order loses the hang-up cause. And the caller, if still there,
            # leaves the bridge before it goes: what is played to one who is on the way out of it is lost.
            leg.hang_up_soon()
            talk.remove(self._leg)
            talk.end()
            self._talks.remove(talk)
            self.give_up(leg)

    async def leave(self, cause: int | None = None) -> bool:
        """The call is over, however it ended: hang up what is left of it, and keep nothing of it; False: it is there.

        Not inside the hang-up scope: what a flow clears away on its way out, a hang-up can interrupt; this it cannot.
        """
        try:
            self._clear_away()
            await self._leg.hang_up(cause)
        except AsteriskError as error:
            log.warning("call could not be cleared away", error=str(error))
            return False
        finally:
            self.let_go()
        return True

    def let_go(self) -> None:
        """Follow its legs no longer, and leave them as they are."""
        self.lose_hold()
        self._legs.release(self._leg.id)

    def lose_hold(self) -> None:
        """As `let_go`, but how the caller's leg ends is heard of: whoever goes on with the call is told."""
        for leg in self._rung:
            self._legs.release(leg.id)
            self._ports.outgoing.end(leg.id)
        self._rung.clear()
        self._talks.clear()

    def _clear_away(self) -> None:
        """First the legs, then the bridges: the other order loses the hang-up cause. Nothing is forgotten undone."""
        while self._rung:
            self._rung[-1].hang_up_soon()
            self.give_up(self._rung[-1])
        while self._talks:
            self._talks[-1].end()
            self._talks.pop()


@asynccontextmanager
async def call_on(  # noqa: PLR0913 - what a call is made of; said once, where calls are taken
    leg: Channel,
    legs: Legs,
    ports: Ports,
    call_id: str,
    *,
    caller: PhoneNumber | None,
    shown: Shown | None = None,
    languages: Sequence[str],
) -> AsyncIterator[Call]:
    """The call of the person on this leg, who is heard for as long as the scope lasts."""

    def note_missing(prompt: str, played: str) -> None:
        ports.counts.count("prompts_missing")
        log.warning("prompt missing", prompt=prompt, played=played)
        ports.journal.note(call_id, PromptMissed(prompt=prompt, played=played))

    voice = Voice(leg, ports.prompts, ports.exchange.media, languages, note_missing)
    async with on_the_line(leg, voice) as party:
        hearing = Hearing(call_id, leg, legs, party.ear, ports)
        async with hearing.open():
            yield Call(call_id, party, legs, ports, hearing, caller=caller, shown=shown)

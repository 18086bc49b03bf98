"""A call: one person's visit, and what can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.legs import Legs
from ivr.ari.routes import Presented, Route
from ivr.call.confirmation import is_confirmed
from ivr.call.dictation import take_dictation
from ivr.call.ear import Key, SpokenDigits, SpokenWords
from ivr.call.hangup import HangUpScope
from ivr.call.hearing import Hearing
from ivr.call.keypad import Keypad
from ivr.call.message import go_on_with_message, take_message
from ivr.call.outcomes import (
    Chosen,
    LegAnswered,
    LegFailed,
    MenuOutcome,
    NoMatch,
    QuestionOutcome,
    Reached,
    Recorded,
    Rung,
    SurveyOutcome,
)
from ivr.call.outside import SIP_OK, OutsideCall, call_out
from ivr.call.party import Party, on_the_line
from ivr.call.ports import Ports
from ivr.call.ringing import Shown, ring_leg
from ivr.call.silence import only_one_is_silent
from ivr.call.talk import Talk
from ivr.call.voice import Voice
from ivr.errors import AsteriskError, CallerHungUp, StoreFailed
from ivr.menus.words import NO, YES, Meaning, Phrase, Understood, yes_or_no
from ivr.numbers import PhoneNumber
from ivr.numerals import READ_BACK_ASKS, READ_BACK_SAYS, read_back
from ivr.records.events import (
    CallEvent,
    CallOutFailed,
    PlaceKept,
    PlacePassedOn,
    PromptMissed,
    RecordingStarted,
    Said,
)
from ivr.rules.decision import KeptPlace, LastTalk
from ivr.rules.model import Account, Menu, Phone, Question, SipAddress, Survey, Voicemail
from ivr.rules.visit.row import RIGHT

log = structlog.get_logger()

LONGEST_CALL_SECONDS = 14_400
"""After four hours Asterisk ends a call by itself."""


class Call:
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
        self.id = call_id
        self.caller = caller
        self._shown = shown or Shown.of_number(caller)
        self._leg = party.leg
        self._voice = party.voice
        self._ear = party.ear
        self._hearing = hearing
        self._legs = legs
        self._ports = ports
        self._rung: list[Channel] = []
        self._talks: list[Talk] = []
        self.recording: RecordingStarted | None = None
        """The message that the caller was leaving when a server before this one ended."""

    @property
    def leg(self) -> Channel:
        """The caller's leg; when it ends, the call does."""
        return self._leg

    # -- the story ------------------------------------------------------------------------------------------------

    def note(self, event: CallEvent, *, at_once: bool = False) -> None:
        """Tell the journal; soon is soon enough, or else it is written beside what comes next."""
        self._ports.journal.note(self.id, event, at_once=at_once)

    async def keep(self, event: CallEvent) -> None:
        """Tell the journal, and wait until it is on disk: before what cannot be undone.

        A journal that cannot be written stops no call: the event waits in memory, and `/health` says so.
        """
        try:
            await self._ports.journal.keep(self.id, event)
        except StoreFailed:
            self._ports.counts.count("events_kept_late")
            self.note(event)

    def speak(self, language: str, site: str | None) -> None:
        """From here on, prompts are in this language, and those of this site are tried first."""
        self._voice.language = language
        self._voice.site = site

    # -- verbs ----------------------------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Answer, and have Asterisk keep the call; until then it does for the few seconds that taking it may need."""
        await self._leg.answer()
        self._leg.set_variable("TIMEOUT(absolute)", str(LONGEST_CALL_SECONDS)).tell()

    async def hush(self) -> None:
        """Stop what the server before this one was saying to the caller."""
        await self._voice.hush()

    async def say(self, *prompts: str) -> None:
        """Play prompts; returns when the last has been heard."""
        if prompts:
            self.note(Said(prompts=prompts))
            await self._voice.say(prompts)

    def sayable(self, spell: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
        """What `spell` makes of the language that is spoken now; nothing where a recording is missing.

        Half a sentence is worse than none.
        """
        said = tuple(spell(self._voice.language))
        return said if all(self._voice.has(one) for one in said) else ()

    async def choose(
        self, menu: Menu, say: Sequence[str], phrases: Sequence[Phrase] = ()
    ) -> MenuOutcome:
        """Say `say` and let the caller choose. A key stops the voice (barge-in) unless the menu forbids it.

        So does one of `phrases`, which the caller may say instead. A key from before counts, and nothing is said then.
        Where the voice is not to be stopped, it counts after it.
        """
        if not menu.barge_in:
            await self.say(*say)
            say = ()
        heard = await self._hear(menu, menu.options, say, phrases)
        if isinstance(heard, SpokenWords):
            return await self._meant(menu, heard.meaning)
        keypad = Keypad(self._ear, menu.options)
        return await keypad.choice(heard, menu.between_seconds)

    async def _hear(
        self,
        menu: Menu,
        options: Collection[str],
        say: Sequence[str],
        phrases: Sequence[Phrase],
        confirms: str | None = None,
    ) -> Key | SpokenWords | SpokenDigits | None:
        with self._hearing.attending(menu, self._voice.language, phrases, confirms) as turn:
            return await self._first(Keypad(self._ear, options, turn=turn), say, menu.wait_seconds)

    async def _meant(self, menu: Menu, meaning: Meaning) -> MenuOutcome:
        """What was said; where that is not sure, and a prompt can ask for it, the caller's yes makes it so.

        Who is not understood twice has only keys from then on.
        """
        if isinstance(meaning, Understood):
            asked = meaning.phrase.asked_back
            if meaning.is_sure or (
                asked
                and self._voice.has(asked)
                and await self._yes(menu, asked, meaning.phrase.key)
            ):
                return Chosen(meaning.phrase.key)
        self._hearing.miss()
        return NoMatch()

    async def _yes(self, menu: Menu, question: str, meant: str) -> bool:
        """Whether the caller says yes, or presses the key for it, within the menu's patience."""
        answers = yes_or_no(self._voice.language)
        heard = await self._hear(menu, (YES, NO), (question,), answers, confirms=meant)
        match heard:
            case Key(digit=digit):
                return digit == YES
            case SpokenWords(meaning=Understood(phrase=answer, is_sure=True)):
                return answer.key == YES
            case _:
                return False

    @property
    def language(self) -> str:
        """What prompts are spoken in."""
        return self._voice.language

    async def choose_key(
        self, keys: Collection[str], say: Sequence[str], wait_seconds: float
    ) -> MenuOutcome:
        """Say `say` and let whoever calls choose one of a few single keys, outside any menu of the rules."""
        keypad = Keypad(self._ear, keys)
        return await keypad.choice(await self._first(keypad, say, wait_seconds), 0.0)

    async def ask_digits(
        self, say: Sequence[str], at_most: int, wait_seconds: float, between_seconds: float
    ) -> str:
        """Say `say` and take digits until `#`, a long wait, or so many; empty where none came. They may be a secret."""
        keypad = Keypad(self._ear)
        first = await self._first(keypad, say, wait_seconds)
        return await keypad.digits(first, at_most, between_seconds)

    async def ask(
        self, question: Question, say: Sequence[str], phrases: Sequence[Phrase] = ()
    ) -> QuestionOutcome:
        """Say `say` and let the caller key the digits that the question wants, or say them. Either stops the voice."""
        language, count = self._voice.language, question.digits
        with self._hearing.attending_digits(question, language, phrases, count) as turn:
            keypad = Keypad(self._ear, turn=turn)
            first = await self._first(keypad, say, question.wait_seconds)
            outcome = await keypad.reply(first, count, question.between_seconds)
        if isinstance(first, SpokenDigits) and isinstance(outcome, NoMatch):
            self._hearing.miss()
        return outcome

    async def agrees(self, question: Question, digits: str, *, must_say_yes: bool = False) -> bool:
        """Read the digits back; whether the caller lets them stand. A key stops the voice.

        Silence is consent, and so is a recording that is missing, unless the caller `must_say_yes`, or press its key:
        digits that were said may have been misheard. What was read is kept nowhere.
        """
        said = self.sayable(lambda _: read_back(digits))
        if not said:
            return not must_say_yes
        answers = yes_or_no(self._voice.language) if must_say_yes else ()
        with self._hearing.attending_digits(question, self._voice.language, answers, 0) as turn:
            keypad = Keypad(self._ear, turn=turn)
            heard: Key | SpokenWords | SpokenDigits | None = keypad.kept()
            if heard is None:
                self.note(Said(prompts=(READ_BACK_SAYS, READ_BACK_ASKS)))
                async with self._voice.saying(said, told_as=READ_BACK_SAYS) as voice:
                    heard = await keypad.first(voice, question.wait_seconds)
        match heard:
            case Key(digit=digit):
                return digit in RIGHT
            case SpokenWords(meaning=Understood(phrase=answer, is_sure=True)):
                return answer.key == YES
            case _:
                return not must_say_yes

    async def rate(self, survey: Survey, say: Sequence[str]) -> SurveyOutcome:
        """Say `say` and let the caller key a number of the survey's scale. A key stops the voice."""
        keypad = Keypad(self._ear)
        first = await self._first(keypad, say, survey.wait_seconds)
        return await keypad.rating(first, survey.answers, survey.between_seconds)

    def last_surveyed(self) -> datetime | None:
        """When this caller was last asked in a survey (aware, by the time of that call)."""
        return self._ports.surveyed.last(self.caller) if self.caller else None

    def survey_begins(self, at: datetime) -> None:
        """This caller is asked in a survey, at the call's own time (aware)."""
        if self.caller is not None:
            self._ports.surveyed.ask(self.caller, at)

    def last_talk(self) -> LastTalk | None:
        """With whom this caller talked last; None where that, or who it is, is not known."""
        return self._ports.talks.last(self.caller) if self.caller else None

    def kept_place(self) -> KeptPlace | None:
        """The place that this caller left last, in an earlier call."""
        return self._ports.places.last(self.caller) if self.caller else None

    def leaves_place(self, queue: str, waited_seconds: float) -> None:
        """The caller leaves the queue without having talked with anybody, or was cut off."""
        if self.caller is not None:
            self._ports.places.leave(self.caller, self.id, queue, waited_seconds)

    def takes_place(self, kept: KeptPlace) -> bool:
        """The caller has that place from now on, and both calls say so; False where it is gone."""
        if self.caller is None or not self._ports.places.take(self.caller, kept.call_id):
            return False
        self.note(PlaceKept(queue=kept.queue, of_call=kept.call_id))
        self._ports.journal.note(kept.call_id, PlacePassedOn(queue=kept.queue, to_call=self.id))
        return True

    def refuses_place(self, kept: KeptPlace) -> None:
        """The caller waits anew, and that place is nobody's."""
        if self.caller is not None:
            self._ports.places.take(self.caller, kept.call_id)

    def talks_with(self, agent: str) -> None:
        """This agent is remembered as the one whom this caller talked with."""
        if self.caller is not None:
            self._ports.talks.talked(self.caller, agent)

    async def _first(
        self, keypad: Keypad, say: Sequence[str], wait_seconds: float
    ) -> Key | SpokenWords | SpokenDigits | None:
        if kept := keypad.kept():
            return kept
        if say:
            self.note(Said(prompts=tuple(say)))
        async with self._voice.saying(say) as voice:
            return await keypad.first(voice, wait_seconds)

    def keys_passed_over(self) -> AbstractContextManager[None]:
        """What is keyed inside, or was before, counts in no menu later: who waited for minutes meant something else.

        What is said inside is for other ears than a recogniser's.
        """
        self._hearing.rest()
        return self._ear.covered()

    async def exit_key(self, keys: Collection[str]) -> str:
        """The first of these keys that the caller presses, however long it takes; all others mean nothing."""
        return await self._ear.one_of(keys)

    @asynccontextmanager
    async def music(self, music_class: str) -> AsyncIterator[None]:
        """Music while the body runs."""
        try:
            await self._leg.start_music(music_class)
            yield
        finally:
            if not self._leg.ended.done():
                self._leg.stop_music().tell()

    @asynccontextmanager
    async def ringing(self) -> AsyncIterator[None]:
        """The caller hears that it rings while the body runs."""
        try:
            await self._leg.ring()
            yield
        finally:
            if not self._leg.ended.done():
                self._leg.stop_ringing().tell()

    async def dictate(self, name: str, longest_seconds: int) -> float | None:
        """Record what is read, under this name, until `#`; its length, None where nothing was. No key of it counts."""
        with self._ear.covered():
            return await take_dictation(self._leg, name, longest_seconds)

    async def hear(self, recording: Path, seconds: float) -> None:
        """Play a recording that is no prompt, to its end. What is keyed meanwhile counts in what is asked next."""
        await self._voice.play(recording, seconds)

    async def take_message(self, box: Voicemail) -> Recorded:
        """Record what the caller says until `#`, a long silence, the box's limit, or a hang-up."""
        if (started := self.recording) is not None:
            self.recording = None
            return await go_on_with_message(self._leg, box, started, self._ports, self)
        return await take_message(self._leg, box, self._ports, self)

    @contextmanager
    def other_legs(self) -> Iterator[None]:
        """Legs that are won inside belong to the call: whatever line the flow stands on, they end with this scope."""
        try:
            yield
        finally:
            self._clear_away()

    async def ring(self, phone: Account | SipAddress | PhoneNumber, seconds: float) -> Rung:
        """Ring a phone for up to `seconds`: by one route after another, as long as none leads there."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        rung: Rung = LegFailed("gone")
        for route in self._ports.exchange.routes_to(phone):
            left = until - clock()
            if round(left) < 1:  # Asterisk counts whole seconds, and takes none for no limit
                break
            rung = await self._ring_by(route, left)
            if rung != LegFailed("gone"):
                break
        return rung

    async def _ring_by(self, route: Route, seconds: float) -> Rung:
        leg = self.new_leg()
        rung = await ring_leg(leg, route, self._shown, seconds)
        if isinstance(rung, LegFailed):
            self.give_up(leg)
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
            yield talk
        finally:
            # First the leg, then the bridge: the other order loses the hang-up cause. And the caller, if still there,
            # leaves the bridge before it goes: what is played to one who is on the way out of it is lost.
            leg.hang_up_soon()
            talk.remove(self._leg)
            talk.end()
            self._talks.remove(talk)
            self.give_up(leg)

    async def leave(self, cause: int | None = None) -> None:
        """The call is over, however it ended: hang up what is left of it, and keep nothing of it.

        Not inside the hang-up scope: what a flow clears away on its way out, a hang-up can interrupt; this it cannot.
        """
        try:
            self._clear_away()
            await self._leg.hang_up(cause)
        except AsteriskError as error:
            # What is left there, the next link's comparison finds without an owner.
            log.warning("call could not be cleared away", error=str(error))
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Follow its legs no longer, and leave them as they are."""
        for leg in (self._leg, *self._rung):
            self._legs.release(leg.id)

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

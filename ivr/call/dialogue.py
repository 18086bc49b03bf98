"""The dialogue with a caller: what is said, what is asked, and what came of it. Hang-ups are the scope's around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from ivr.call.ear import Key, SpokenDigits, SpokenWords
from ivr.call.hearing import Hearing
from ivr.call.keypad import Keypad
from ivr.call.outcomes import Chosen, MenuOutcome, NoMatch, QuestionOutcome, SurveyOutcome
from ivr.call.party import Party
from ivr.call.ports import Ports
from ivr.errors import StoreFailed
from ivr.menus.words import NO, YES, Meaning, Phrase, Understood, yes_or_no
from ivr.numerals import READ_BACK_ASKS, READ_BACK_SAYS, read_back
from ivr.records.events import CallEvent, Said
from ivr.rules.model import Menu, Question, Survey
from ivr.rules.visit.row import RIGHT

_TIMES_ASKED = 2
"""Whether something was meant: at most, of callers whose answer is not understood. Then it counts as a no."""

FirstHeard: TypeAlias = Key | SpokenWords | SpokenDigits | None
"""The first of what callers key or say; None for silence."""


class Dialogue:
    """With one person on the line. It is told to the journal, but for what is keyed or said and may be a secret."""

    def __init__(self, call_id: str, party: Party, ports: Ports, hearing: Hearing) -> None:
        self.id = call_id
        self._ports = ports
        self._voice = party.voice
        self._ear = party.ear
        self._hearing = hearing

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

    @property
    def language(self) -> str:
        """What prompts are spoken in."""
        return self._voice.language

    def keys_passed_over(self) -> AbstractContextManager[None]:
        """What is keyed inside, or was before, counts in no menu later: who waited for minutes meant something else.

        What is said inside is for other ears than a recogniser's.
        """
        self._hearing.rest()
        return self._ear.covered()

    async def exit_key(self, keys: Collection[str]) -> str:
        """The first of these keys that the caller presses, however long it takes; all others mean nothing."""
        return await self._ear.one_of(keys)

    async def hear(self, recording: Path, seconds: float) -> None:
        """Play a recording that is no prompt, to its end. What is keyed meanwhile counts in what is asked next."""
        await self._voice.play(recording, seconds)

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
    ) -> FirstHeard:
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
        ask = partial(self._hear, menu, (YES, NO), (question,), answers, confirms=meant)
        return await _agreed(ask, YES, is_consent=False)

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
        digits that were said may have been misheard. Words that are not understood for sure are no answer: the digits
        are read once more. What was read is kept nowhere.
        """
        said = self.sayable(lambda _: read_back(digits))
        if not said:
            return not must_say_yes
        ask = partial(self._read_back, question, said, words=must_say_yes)
        return await _agreed(ask, RIGHT, is_consent=not must_say_yes)

    async def _read_back(
        self, question: Question, said: Sequence[str], *, words: bool
    ) -> FirstHeard:
        """What the caller answers, with a key, or in words where those are listened to."""
        answers = yes_or_no(self._voice.language) if words else ()
        with self._hearing.attending_digits(question, self._voice.language, answers, 0) as turn:
            keypad = Keypad(self._ear, turn=turn)
            if kept := keypad.kept():
                return kept
            self.note(Said(prompts=(READ_BACK_SAYS, READ_BACK_ASKS)))
            async with self._voice.saying(said, told_as=READ_BACK_SAYS) as voice:
                return await keypad.first(voice, question.wait_seconds)

    async def rate(self, survey: Survey, say: Sequence[str]) -> SurveyOutcome:
        """Say `say` and let the caller key a number of the survey's scale. A key stops the voice."""
        keypad = Keypad(self._ear)
        first = await self._first(keypad, say, survey.wait_seconds)
        return await keypad.rating(first, survey.answers, survey.between_seconds)

    async def _first(self, keypad: Keypad, say: Sequence[str], wait_seconds: float) -> FirstHeard:
        if kept := keypad.kept():
            return kept
        if say:
            self.note(Said(prompts=tuple(say)))
        async with self._voice.saying(say) as voice:
            return await keypad.first(voice, wait_seconds)


async def _agreed(
    ask: Callable[[], Awaitable[FirstHeard]], yes_keys: str, *, is_consent: bool
) -> bool:
    """Whether the answer is yes, or its key, or nothing where silence `is_consent`.

    It is asked once more of callers whose words are not understood for sure.
    """
    for _ in range(_TIMES_ASKED):
        match await ask():
            case Key(digit=digit):
                return digit in yes_keys
            case SpokenWords(meaning=Understood(phrase=answer, is_sure=True)):
                return answer.key == YES
            case SpokenWords():
                continue
            case _:
                return is_consent
    return False

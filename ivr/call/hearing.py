"""The hearing of one call: what the caller says in menus that listen, brought to the ear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import msgspec
import structlog

from ivr.ari.channel import Channel
from ivr.ari.legs import Legs
from ivr.call.ear import Ear, NotHeard, SpeaksNow, SpokenDigits, SpokenWords
from ivr.call.ports import Ports, SpeechPlaces
from ivr.call.tap import tapped
from ivr.errors import AsteriskError, IvrError, SpeechFailed
from ivr.menus.words import Meaning, Phrase, Thresholds, Understood, at_least, meaning_of
from ivr.records.events import CallEvent, DigitsHeard, SpeechGone, WordsHeard
from ivr.rules.model import Menu, Question
from ivr.speech.messages import FirstSound, OfCall, Speaks, Utterance
from ivr.speech.recogniser import spoken
from ivr.speech.workers import SpeechPlace

log = structlog.get_logger()

FIRST_SOUND_SECONDS = 1.0
"""The first 20 ms of speech come at once, even from a caller who is silent; without them nothing will come."""


ASKED_NOT = "the worker answers what it was not asked"

MOST_MISSES = 2
"""Who is not understood so often in a call is not understood a third time either."""


@dataclass(frozen=True, slots=True)
class _MenuTurn:
    number: int
    menu: Menu
    language: str
    phrases: tuple[Phrase, ...]
    confirms: str | None


@dataclass(frozen=True, slots=True)
class _QuestionTurn:
    """`count` digits are wanted; in the turn that reads them back, none: yes or no is."""

    number: int
    question: Question
    language: str
    phrases: tuple[Phrase, ...]
    count: int


class Hearing:
    """Opened with the call; its tap is with the first menu that listens, and not before.

    Nothing here is waited for: a menu goes on with its keys, whether the tap stands or not. When it fails, the rest of
    the call has only keys; the journal says so, and `/health` counts it.
    """

    def __init__(
        self,
        call_id: str,
        leg: Channel,
        legs: Legs,
        ear: Ear,
        ports: Ports,
    ) -> None:
        self._call_id = call_id
        self._leg = leg
        self._legs = legs
        self._ear = ear
        self._ports = ports
        self._turns = 0
        self._turn: _MenuTurn | _QuestionTurn | None = None
        self._place: SpeechPlace | None = None
        self._tap: asyncio.Task[None] | None = None
        self._group: asyncio.TaskGroup | None = None
        self._is_over = False
        self._misses = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """For as long as the call lasts."""
        group = asyncio.TaskGroup()
        try:
            async with group:
                self._group = group
                try:
                    yield
                finally:
                    self._group = None
                    self.rest()
        except* IvrError as errors:
            raise errors.exceptions[0] from None

    @contextmanager
    def attending(
        self,
        menu: Menu,
        language: str,
        phrases: Sequence[Phrase],
        confirms: str | None = None,
    ) -> Iterator[int | None]:
        """Listen for these phrases inside; yields the number of this turn, None where nothing is listened for.

        `confirms` is the key that the caller is asked about, where the phrases are yes and no.
        """
        if not phrases or self._ports.speech is None or self._is_over or self._group is None:
            yield None
            return
        with self._attending(
            _MenuTurn(self._turns + 1, menu, language, tuple(phrases), confirms), self._ports.speech
        ) as turn:
            yield turn

    @contextmanager
    def attending_digits(
        self, question: Question, language: str, phrases: Sequence[Phrase], count: int
    ) -> Iterator[int | None]:
        """Listen for so many digits inside, one after another; for yes or no where `count` is 0."""
        if not phrases or self._ports.speech is None or self._is_over or self._group is None:
            yield None
            return
        turn = _QuestionTurn(self._turns + 1, question, language, tuple(phrases), count)
        with self._attending(turn, self._ports.speech) as number:
            yield number

    @contextmanager
    def _attending(self, turn: _MenuTurn | _QuestionTurn, speech: SpeechPlaces) -> Iterator[int]:
        if self._group is None:
            raise RuntimeError
        self._turns = turn.number
        self._turn = turn
        if self._tap is None:
            listening = self._listen(speech)
            self._tap = self._group.create_task(listening, name=f"tap/{self._call_id}")
        else:
            self._attend()
        try:
            yield self._turns
        finally:
            self._turn = None
            if self._place is not None:
                self._place.ignore()

    def miss(self) -> None:
        """What was said in a try came to nothing; after the second time the rest of the call has only keys."""
        self._misses += 1
        if self._misses == MOST_MISSES:
            self._is_over = True
            self._note(SpeechGone(why=f"not understood {MOST_MISSES} times"))
            self.rest()

    def rest(self) -> None:
        """Take the tap away: what is said from here on is for other ears. The next menu that listens opens one anew."""
        if self._tap is not None:
            self._tap.cancel()
            self._tap = None

    async def _listen(self, speech: SpeechPlaces) -> None:
        try:
            async with (
                speech.place(self._call_id) as place,
                tapped(self._leg, self._legs, place.worker, self._call_id),
            ):
                await _first_sound(place)
                self._place = place
                self._attend()
                while True:
                    self._take(await place.hear())
        except (AsteriskError, SpeechFailed) as failed:
            self._fail(failed)
        finally:
            self._place = None

    def _attend(self) -> None:
        turn = self._turn
        if turn is not None and self._place is not None:
            most = turn.count if isinstance(turn, _QuestionTurn) else 0
            phrases = [spoken(one) for one in turn.phrases]
            self._place.attend(turn.number, turn.language, phrases, most)

    def _take(self, report: OfCall) -> None:
        turn = self._turn
        match report:
            case Speaks(turn=number) if turn is not None and number == turn.number:
                self._ear.tell(SpeaksNow(number))
            case Utterance(turn=number) if isinstance(turn, _MenuTurn) and number == turn.number:
                self._ear.tell(SpokenWords(number, self._understand(turn, report)))
            case Utterance(turn=number) if (
                isinstance(turn, _QuestionTurn) and number == turn.number
            ):
                self._ear.tell(self._understand_digits(turn, report))
            case _:
                log.debug("said when nobody listened")

    def _understand(self, turn: _MenuTurn, said: Utterance) -> Meaning:
        """A worker that answers garbage has heard nothing."""
        if len(said.likelihoods) != len(turn.phrases):
            raise SpeechFailed(ASKED_NOT)
        thresholds = Thresholds(said.sure, said.unsure, said.apart)
        if turn.confirms is None:
            thresholds = at_least(turn.menu.minimum, thresholds)
        meaning = meaning_of(turn.phrases, said.likelihoods, thresholds)
        heard = WordsHeard(
            menu=turn.menu.name,
            engine=said.engine,
            result="not_understood",
            likelihood=round(meaning.likelihood, 3),
            after_ms=said.after_ms,
            confirms=turn.confirms,
        )
        if isinstance(meaning, Understood):
            heard = msgspec.structs.replace(
                heard,
                result="sure" if meaning.is_sure else "unsure",
                key=meaning.phrase.key,
                other_keys=tuple(other.key for other in meaning.others),
            )
            if turn.menu.keeps_words:
                others = tuple(other.text for other in meaning.others)
                heard = msgspec.structs.replace(heard, word=meaning.phrase.text, others=others)
        self._note(heard)
        return meaning

    def _understand_digits(
        self, turn: _QuestionTurn, said: Utterance
    ) -> SpokenWords | SpokenDigits:
        """What was said is kept nowhere: that something was, by whom it was heard, and how long that took, is."""
        if not turn.count:
            if len(said.likelihoods) != len(turn.phrases):
                raise SpeechFailed(ASKED_NOT)
            thresholds = Thresholds(said.sure, said.unsure, said.apart)
            return SpokenWords(turn.number, meaning_of(turn.phrases, said.likelihoods, thresholds))
        if len(said.likelihoods) != 1 or any(place >= len(turn.phrases) for place in said.row):
            raise SpeechFailed(ASKED_NOT)
        is_heard = bool(said.row) and said.likelihoods[0] >= said.unsure
        self._note(
            DigitsHeard(
                question=turn.question.name,
                engine=said.engine,
                result="heard" if is_heard else "not_understood",
                after_ms=said.after_ms,
            )
        )
        digits = "".join(turn.phrases[place].key for place in said.row) if is_heard else ""
        return SpokenDigits(turn.number, digits)

    def _note(self, event: CallEvent) -> None:
        self._ports.journal.note(self._call_id, event)

    def _fail(self, failed: IvrError) -> None:
        why = failed.why if isinstance(failed, SpeechFailed) else failed.code
        log.warning("speech is not heard", why=why)
        self._is_over = True
        self._ports.counts.count("speech_lost")
        self._note(SpeechGone(why=why))
        if self._turn is not None:
            self._ear.tell(NotHeard(self._turn.number))


async def _first_sound(place: SpeechPlace) -> None:
    """Wait until the worker hears something. Raises SpeechFailed."""
    try:
        async with asyncio.timeout(FIRST_SOUND_SECONDS):
            while not isinstance(await place.hear(), FirstSound):
                pass
    except TimeoutError as error:
        raise SpeechFailed("nothing of the call comes to the worker") from error

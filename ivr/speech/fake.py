"""The twin of the speech workers: in memory, and a test says what the caller says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.errors import SpeechFailed
from ivr.speech.messages import (
    Attend,
    FirstSound,
    Ignore,
    SoundLost,
    Speaks,
    SpeechOrder,
    Utterance,
)
from ivr.speech.workers import SpeechPlace

_WORDS = ("null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni")


class FakeSpeech:
    """Hears what it is told to. `hears_nothing`: the speech of calls does not come; `is_full`: it has no place."""

    def __init__(self) -> None:
        self.is_full = False
        self.hears_nothing = False
        self.attending: dict[str, Attend] = {}
        self.places: dict[str, SpeechPlace] = {}

    @asynccontextmanager
    async def place(self, call_id: str) -> AsyncIterator[SpeechPlace]:
        """See Workers."""
        if self.is_full:
            raise SpeechFailed("all speech workers are full")
        place = self.places[call_id] = SpeechPlace(call_id, "twin", self._take)
        if not self.hears_nothing:
            place.tell(FirstSound(call=call_id))
        try:
            yield place
        finally:
            del self.places[call_id]
            self.attending.pop(call_id, None)

    def begins(self) -> None:
        """Everybody who is listened to begins to speak."""
        for call_id, order in self.attending.items():
            self.places[call_id].tell(Speaks(call=call_id, turn=order.turn))

    def says(self, word: str, likelihood: float = 0.95, *, or_else: str = "") -> None:
        """Everybody who is listened to has said this; or, nearly as likely, something else."""
        for call_id, order in self.attending.items():
            likely = {or_else: likelihood - 0.1, word: likelihood}
            heard = tuple(likely.get(phrase.text, 0.0) for phrase in order.phrases)
            self._tell(call_id, order.turn, heard)

    def says_digits(self, digits: str, likelihood: float = 0.95) -> None:
        """Everybody who is asked for digits has said these."""
        for call_id, order in self.attending.items():
            words = {word.text: place for place, word in enumerate(order.phrases)}
            row = tuple(words[_WORDS[int(digit)]] for digit in digits)
            self._tell(call_id, order.turn, (likelihood,), row)

    def answers_garbage(self) -> None:
        """The worker answers what it was not asked."""
        for call_id, order in self.attending.items():
            self._tell(call_id, order.turn, (0.5,) * (len(order.phrases) + 1))

    def is_lost(self, why: str = "the worker is gone") -> None:
        """The worker dies."""
        for call_id, place in self.places.items():
            place.tell(SoundLost(call=call_id, why=why))

    def _tell(
        self,
        call_id: str,
        turn: int,
        likelihoods: tuple[float, ...],
        row: tuple[int, ...] = (),
    ) -> None:
        self.places[call_id].tell(
            Utterance(
                call=call_id,
                turn=turn,
                engine="twin",
                likelihoods=likelihoods,
                row=row,
                sure=0.75,
                unsure=0.5,
                apart=0.15,
                seconds=0.8,
                after_ms=500,
            )
        )

    def _take(self, order: SpeechOrder) -> None:
        match order:
            case Attend(call=call_id):
                self.attending[call_id] = order
            case Ignore(call=call_id):
                self.attending.pop(call_id, None)
            case _:
                pass

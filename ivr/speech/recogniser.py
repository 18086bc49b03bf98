"""The recogniser: whoever can say which of a few phrases was spoken, or that it was none of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ivr.menus.words import Phrase, Thresholds

SAMPLES_A_SECOND = 16_000
"""What recognisers are given: 16-bit samples, little-endian, one channel."""

BYTES_A_SECOND = 2 * SAMPLES_A_SECOND


class Grammar(Protocol):
    """Phrases that a recogniser is ready to hear."""

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        """How likely each phrase was said in this one utterance, 0 to 1, in their order. Blocks."""


@runtime_checkable
class StreamingGrammar(Grammar, Protocol):
    """One that hears an utterance while it is spoken, so that it knows at the end at once."""

    def begin(self) -> HeardUtterance:
        """An utterance begins. Blocks, shortly."""


@dataclass(frozen=True, slots=True)
class HeardRow:
    """Phrases that were said one after another, by their places; `likelihood` is that of the least likely of them."""

    places: tuple[int, ...] = ()
    likelihood: float = 0.0


@runtime_checkable
class RowGrammar(Grammar, Protocol):
    """One that hears several of its phrases in one utterance: digits."""

    def row(self, samples: bytes, most: int) -> HeardRow:
        """What was said, `most` phrases of it; none where it is something else. Blocks."""


class HeardUtterance(Protocol):
    """What is said once, as it is spoken. One thread at a time."""

    def hear(self, samples: bytes) -> None:
        """More of it. Blocks, for less than it lasts."""

    def likelihoods(self) -> tuple[float, ...]:
        """It is over: how likely each phrase was said, 0 to 1."""


class Recogniser(Protocol):
    """An engine for some languages. Its calls block: they belong into a thread of the speech worker."""

    @property
    def name(self) -> str:
        """What records call it."""

    @property
    def thresholds(self) -> Thresholds:
        """How likely is likely enough, with this engine."""

    @property
    def hears_early(self) -> bool:
        """Whether it is so cheap that what may be all is heard in the silence that ends it: again, if it was not."""

    @property
    def learning(self) -> int:
        """How many phrases it is still learning; until then it hears them less well."""

    @property
    def languages(self) -> Collection[str]:
        """Those that it is known to hear, as the rules name them."""

    def speaks(self, language: str) -> bool:
        """Whether it can hear this language, as the rules name it."""

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        """Whether it can hear this phrase at all: its model may lack a word. Blocks."""

    def learn(self, phrase: SpokenPhrase, language: str) -> None:
        """Know this phrase as well as it ever will. Blocks, a second or longer."""

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> Grammar:
        """Make ready to hear these; a phrase that it cannot is never likely. Blocks."""


@runtime_checkable
class Scribe(Protocol):
    """A recogniser that writes down whatever is said, without knowing what to expect."""

    @property
    def name(self) -> str:
        """What records call it."""

    def written(self, samples: bytes) -> str:
        """The words, in its model's language. Blocks, for a second or for as long as the sound lasts."""


@dataclass(frozen=True, slots=True)
class SpokenPhrase:
    """A phrase, and how it is pronounced (IPA), where somebody wrote that down."""

    text: str
    sounds: tuple[str, ...] = ()


def spoken(phrase: Phrase) -> SpokenPhrase:
    """What a recogniser needs to know of a phrase of a menu."""
    return SpokenPhrase(phrase.text, phrase.sounds)

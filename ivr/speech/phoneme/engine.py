"""The recogniser `phoneme`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.menus.words import Thresholds
from ivr.speech.phoneme.espeak import VOICES, Espeak
from ivr.speech.phoneme.ipa import sounds_of
from ivr.speech.phoneme.pairing import Pronunciation
from ivr.speech.phoneme.phonemes import Phonemes
from ivr.speech.phoneme.table import read_table
from ivr.speech.recogniser import SpokenPhrase

EVEN_FIT, STEEPNESS = 0.5, 4.0
"""A fit of the first is as likely as not to be of a word that was said; the second says how fast that changes."""


@dataclass(frozen=True, slots=True)
class _Pronounced:
    phonemes: Phonemes
    phrases: tuple[tuple[Pronunciation, ...], ...]

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        heard = self.phonemes.heard(samples)
        return tuple(
            max((likelihood(one.fit(heard)) for one in ways), default=0.0) for ways in self.phrases
        )


class PhonemeRecogniser:
    """Hears the phrases of a menu in any language that espeak-ng spells; whole sentences it does not understand."""

    name = "phoneme"
    thresholds = Thresholds(sure=0.75, unsure=0.5, apart=0.15)

    def __init__(self, espeak: Espeak) -> None:
        self._espeak = espeak
        self._phonemes = Phonemes()
        self._table = read_table(self._phonemes.tokens)

    def speaks(self, language: str) -> bool:
        return language in VOICES

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> _Pronounced:
        return _Pronounced(
            self._phonemes, tuple(self._pronunciations(phrase, language) for phrase in phrases)
        )

    def _pronunciations(self, phrase: SpokenPhrase, language: str) -> tuple[Pronunciation, ...]:
        rows = [sounds_of(written) for written in phrase.sounds]
        rows = rows or [self._espeak.sounds(phrase.text, language)]
        return tuple(Pronunciation(row, self._table) for row in rows if row)


def likelihood(fit: float) -> float:
    """From 0 to 1, of a fit of any size."""
    return 1.0 / (1.0 + math.exp(min(50.0, STEEPNESS * (EVEN_FIT - fit))))

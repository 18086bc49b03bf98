"""The recogniser `phoneme`."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.menus.words import Thresholds
from ivr.speech.phoneme.espeak import VOICES, Espeak
from ivr.speech.phoneme.ipa import sounds_of
from ivr.speech.phoneme.memory import PhraseMemory
from ivr.speech.phoneme.pairing import Posteriors, Pronunciation
from ivr.speech.phoneme.phonemes import Phonemes
from ivr.speech.phoneme.table import read_table
from ivr.speech.phoneme.telephone import through_telephone
from ivr.speech.recogniser import SpokenPhrase

TEACHERS = (
    ("m1", 130), ("m3", 150), ("f1", 170), ("f2", 130), ("f4", 150),
    ("Andy", 170), ("m7", 130), ("edward", 150), ("adam", 170), ("pablo", 140),
)  # fmt: skip
"""espeak-ng's voices, and how fast they read, that each phrase is learned from. `bench/speech` tests with others."""

EVEN_FIT, STEEPNESS = 0.55, 4.0
"""A fit of the first is as likely as not to be of a word that was said; the second says how fast that changes."""

SURE_FIT = 0.87
"""Measured (`bench/speech`): fewer than one in fifty other words fit so well, and no wrong phrase does."""

_WAV_HEADER = 44


def likelihood(fit: float) -> float:
    """From 0 to 1, of a fit of any size."""
    return 1.0 / (1.0 + math.exp(min(50.0, STEEPNESS * (EVEN_FIT - fit))))


@dataclass(frozen=True, slots=True)
class _Pronounced:
    """Phrases by what is known of each at the moment: it may be learned meanwhile."""

    engine: PhonemeRecogniser
    language: str
    phrases: tuple[SpokenPhrase, ...]

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        heard = self.engine.phonemes.heard(samples)
        return tuple(
            max(
                (likelihood(one.fit(heard)) for one in self.engine.known(phrase, self.language)),
                default=0.0,
            )
            for phrase in self.phrases
        )


class PhonemeRecogniser:
    """Hears the phrases of a menu in any language that espeak-ng spells; whole sentences it does not understand.

    A phrase is heard at once, and better when it has been learned: from how espeak-ng's voices sound when they say it,
    over the telephone. That takes a second of the processor a phrase, in a thread of its own, once.
    """

    name = "phoneme"
    languages = tuple(sorted(VOICES))
    thresholds = Thresholds(sure=likelihood(SURE_FIT), unsure=0.5, apart=0.08)

    def __init__(self, espeak: Espeak, remembers_in: Path | None = None) -> None:
        """What is learned is kept in the folder `remembers_in`; nowhere without one."""
        self._memory = PhraseMemory(remembers_in, repr(TEACHERS)) if remembers_in else None
        self.phonemes = Phonemes()
        self._espeak = espeak
        self._table = read_table(self.phonemes.tokens)
        self._known: dict[tuple[SpokenPhrase, str], tuple[Pronunciation, ...]] = {}
        self.learning = 0
        self._lock = threading.Lock()
        self._lessons = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lessons")

    def speaks(self, language: str) -> bool:
        return language in VOICES

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        return bool(self._pronunciations(phrase, language))

    def alike(self, one: SpokenPhrase, other: SpokenPhrase, language: str) -> float:
        """How well one is heard as the other, as a share of how well it is heard as itself: by the table alone."""
        ways = [self._pronunciations(phrase, language) for phrase in (one, other)]
        pairs = [(a, b) for a in ways[0] for b in ways[1]]
        return max((max(b.share_of(a), a.share_of(b)) for a, b in pairs), default=0.0)

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> _Pronounced:
        for phrase in phrases:
            with self._lock:
                is_new = (phrase, language) not in self._known
                self._known.setdefault((phrase, language), ())
                self.learning += is_new
            if is_new:
                self._know(phrase, language, self._pronunciations(phrase, language))
                self._lessons.submit(self.learn, phrase, language).add_done_callback(
                    lambda _: self._learned()
                )
        return _Pronounced(self, language, tuple(phrases))

    def known(self, phrase: SpokenPhrase, language: str) -> tuple[Pronunciation, ...]:
        """How it is pronounced, as far as is known; nothing where espeak-ng cannot spell it."""
        with self._lock:
            return self._known.get((phrase, language), ())

    def learn(self, phrase: SpokenPhrase, language: str) -> None:
        """Hear espeak-ng's voices say it. What was written by hand is taken as it is."""
        examples = self._memory.recall(phrase.text, language) if self._memory else None
        if examples is None:
            examples = [self._heard(phrase.text, language, *teacher) for teacher in TEACHERS]
            if self._memory is not None:
                self._memory.keep(phrase.text, language, examples)
        self._know(phrase, language, self._pronunciations(phrase, language, examples))

    def _learned(self) -> None:
        with self._lock:
            self.learning -= 1

    def _know(self, phrase: SpokenPhrase, language: str, ways: tuple[Pronunciation, ...]) -> None:
        with self._lock:
            self._known[phrase, language] = ways

    def _heard(self, text: str, language: str, variant: str, speed: int) -> Posteriors:
        wav = self._espeak.voice(text, language, variant, speed)
        rate = int.from_bytes(wav[24:28], "little")
        sound = wav[_WAV_HEADER : len(wav) - (len(wav) - _WAV_HEADER) % 2]
        samples = np.frombuffer(sound, dtype="<i2").astype(np.float64)
        silence = np.zeros(rate * 3 // 10)
        return self.phonemes.heard(
            through_telephone(np.concatenate([silence, samples, silence]), rate)
        )

    def _pronunciations(
        self, phrase: SpokenPhrase, language: str, examples: Sequence[Posteriors] = ()
    ) -> tuple[Pronunciation, ...]:
        if phrase.sounds:
            rows = [sounds_of(written) for written in phrase.sounds]
        else:
            rows = [self._espeak.sounds(phrase.text, language)]
        return tuple(
            Pronunciation(row, self._table, () if phrase.sounds else examples)
            for row in rows
            if row
        )

"""The recogniser `phoneme`."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ivr.menus.words import Thresholds
from ivr.speech.phoneme.espeak import VOICES, Espeak
from ivr.speech.phoneme.ipa import sounds_of
from ivr.speech.phoneme.judgement import read_judge
from ivr.speech.phoneme.memory import PhraseMemory
from ivr.speech.phoneme.pairing import Posteriors
from ivr.speech.phoneme.phonemes import Phonemes
from ivr.speech.phoneme.phrase import SURE, UNSURE, KnownPhrase, known_phrase
from ivr.speech.phoneme.row import best_row, row_likelihood
from ivr.speech.phoneme.steadiness import is_steady
from ivr.speech.phoneme.table import read_table
from ivr.speech.phoneme.teachers import TEACHERS, lesson
from ivr.speech.recogniser import HeardRow, SpokenPhrase

MOST_JUDGED = 4
"""So many phrases, those that fit best, are looked at closely."""


@dataclass(frozen=True, slots=True)
class _Pronounced:
    """Phrases by what is known of each at the moment: it may be learned meanwhile."""

    engine: PhonemeRecogniser
    language: str
    phrases: tuple[SpokenPhrase, ...]

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        if is_steady(samples):
            return (0.0,) * len(self.phrases)
        heard = self.engine.phonemes.heard(samples)
        known = [self.engine.known(phrase, self.language) for phrase in self.phrases]
        fits = [one.fit(heard) for one in known]
        order = sorted(range(len(fits)), key=lambda place: -fits[place])
        likely = [0.0] * len(fits)
        for place in order[:MOST_JUDGED]:
            rival = fits[order[1]] if place == order[0] and len(order) > 1 else fits[order[0]]
            rival = rival if len(order) > 1 else -math.inf
            likely[place] = known[place].likelihood(heard, fits[place], rival, self.engine.judge)
        # The order is that of the fits: the judge was taught to say whether the first was said at all.
        return tuple(min(one, likely[order[0]]) for one in likely) if order else ()

    def row(self, samples: bytes, most: int) -> HeardRow:
        if is_steady(samples):
            return HeardRow()
        heard = self.engine.phonemes.heard(samples)
        known = [self.engine.known(phrase, self.language) for phrase in self.phrases]
        row = best_row(known, heard, most)
        likelihood = row_likelihood(known, heard, row, self.engine.judge)
        return HeardRow(tuple(piece.place for piece in row), likelihood)


class PhonemeRecogniser:
    """Hears the phrases of a menu in any language that espeak-ng spells; whole sentences it does not understand.

    A phrase is heard at once, and better when it has been learned: from how espeak-ng's voices sound when they say it,
    over the telephone. That takes a second or two of the processor a phrase, in a thread of its own, once.
    """

    name = "phoneme"
    hears_early = True
    languages = tuple(sorted(VOICES))
    thresholds = Thresholds(sure=SURE, unsure=UNSURE, apart=0.0)

    def __init__(self, espeak: Espeak, remembers_in: Path | None = None) -> None:
        """What is learned is kept in the folder `remembers_in`; nowhere without one."""
        self._memory = PhraseMemory(remembers_in, repr(TEACHERS)) if remembers_in else None
        self.phonemes = Phonemes()
        self._espeak = espeak
        self.judge = read_judge()
        self._table = read_table(self.phonemes.tokens)
        self._known: dict[tuple[SpokenPhrase, str], KnownPhrase] = {}
        self.learning = 0
        self._lock = threading.Lock()
        self._lessons = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lessons")

    def speaks(self, language: str) -> bool:
        return language in VOICES

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        return bool(self._phrase(phrase, language).ways)

    def alike(self, one: SpokenPhrase, other: SpokenPhrase, language: str) -> float:
        """How well one is heard as the other, as a share of how well it is heard as itself: by the table alone."""
        ways = [self._phrase(phrase, language).ways for phrase in (one, other)]
        pairs = [(a, b) for a in ways[0] for b in ways[1]]
        return max((max(b.share_of(a), a.share_of(b)) for a, b in pairs), default=0.0)

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> _Pronounced:
        for phrase in phrases:
            with self._lock:
                is_new = (phrase, language) not in self._known
                self._known.setdefault((phrase, language), KnownPhrase(()))
                self.learning += is_new
            if is_new:
                self._know(phrase, language, self._phrase(phrase, language))
                self._lessons.submit(self.learn, phrase, language).add_done_callback(
                    lambda _: self._learned()
                )
        return _Pronounced(self, language, tuple(phrases))

    def known(self, phrase: SpokenPhrase, language: str) -> KnownPhrase:
        """What is known of it; nothing where espeak-ng cannot spell it."""
        with self._lock:
            return self._known.get((phrase, language), KnownPhrase(()))

    def learn(self, phrase: SpokenPhrase, language: str) -> None:
        """Hear espeak-ng's voices say it. What was written by hand is taken as it is."""
        if phrase.sounds:
            self._know(phrase, language, self._phrase(phrase, language))
            return
        examples = self._memory.recall(phrase.text, language) if self._memory else None
        if examples is None:
            sounds = (lesson(self._espeak, phrase.text, language, one) for one in TEACHERS)
            examples = [self.phonemes.heard(sound) for sound in sounds]
            if self._memory is not None:
                self._memory.keep(phrase.text, language, examples)
        self._know(phrase, language, self._phrase(phrase, language, examples))

    def _learned(self) -> None:
        with self._lock:
            self.learning -= 1

    def _know(self, phrase: SpokenPhrase, language: str, known: KnownPhrase) -> None:
        with self._lock:
            self._known[phrase, language] = known

    def _phrase(
        self, phrase: SpokenPhrase, language: str, examples: Sequence[Posteriors] = ()
    ) -> KnownPhrase:
        if phrase.sounds:
            return known_phrase([sounds_of(written) for written in phrase.sounds], self._table)
        return known_phrase([self._espeak.sounds(phrase.text, language)], self._table, examples)

"""A phrase as far as it is known: how it is pronounced, and how teachers said it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.speech.phoneme.exemplar import Exemplar, exemplars_of, fits
from ivr.speech.phoneme.ipa import SpokenSound
from ivr.speech.phoneme.judgement import Judge, PhraseFit
from ivr.speech.phoneme.pairing import Posteriors, Pronunciation
from ivr.speech.phoneme.table import SoundTable

SURE, UNSURE = 0.8, 0.5

_STEEPNESS = math.log(SURE / (1 - SURE))

_EVEN_FIT, _SURE_FIT = 0.55, 0.87
"""Of a phrase that no teacher has said yet, or whose sounds somebody wrote down: its pronunciation's fit alone."""

_CLEAR = 0.15
"""So much better must such a phrase fit than any other, to be sure."""


def likelihood(score: float) -> float:
    """From 0 to 1, of a judge's score: UNSURE at 0, SURE at 1."""
    return 1.0 / (1.0 + math.exp(min(50.0, -_STEEPNESS * score)))


@dataclass(frozen=True, slots=True)
class KnownPhrase:
    """`ways` to pronounce it; none where nobody knows one. `exemplars` and `own` are there when it has been learned."""

    ways: tuple[Pronunciation, ...]
    exemplars: tuple[Exemplar, ...] = ()
    own: float = 0.0

    def fit(self, heard: Posteriors) -> float:
        """How well it fits what was heard, by its pronunciation: quick."""
        return max((way.fit(heard) for way in self.ways), default=-math.inf)

    def likelihood(self, heard: Posteriors, fit: float, rival: float, judge: Judge) -> float:
        """How likely it was said, where it has this fit and the next phrase has that of `rival`."""
        if not math.isfinite(fit):
            return 0.0
        apart = fit - rival
        if not self.exemplars:
            clear = min(0.0, apart - _CLEAR)
            return likelihood((fit + clear - _EVEN_FIT) / (_SURE_FIT - _EVEN_FIT))
        sounds = len(self.ways[0])
        nearest = fits(self.exemplars, heard)
        return likelihood(judge.score(PhraseFit(fit, nearest, apart, sounds, len(heard), self.own)))


def known_phrase(
    rows: Sequence[Sequence[SpokenSound]],
    table: SoundTable,
    examples: Sequence[Posteriors] = (),
) -> KnownPhrase:
    """Of its pronunciations, and of how it was heard from teachers."""
    ways = tuple(Pronunciation(row, table, examples) for row in rows if row)
    if not (ways and examples):
        return KnownPhrase(ways)
    own = [way.fit(example) for way in ways for example in examples if len(example)]
    return KnownPhrase(ways, exemplars_of(examples, table), float(np.median(own)) if own else 0.0)

"""How well what was heard fits a pronunciation: the likeliest pairing of sounds heard with sounds to be said."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.speech.phoneme.ipa import SpokenSound
from ivr.speech.phoneme.table import SoundTable

Posteriors = NDArray[np.float32]
"""A row for each sound that was heard: how likely it was each of the tokens."""

_TINY = 1e-5
_SHORTEST = 3
"""Words of fewer sounds are not likelier for being short."""


class Pronunciation:
    """A row of sounds, ready to be compared with."""

    def __init__(self, sounds: Sequence[SpokenSound], table: SoundTable) -> None:
        self._count = len(sounds)
        rows = [table.of(sound) for sound in sounds]
        self._heard = np.stack([weights for weights, _ in rows]).T
        self._lost = [math.log(lost) for _, lost in rows]
        self._met = [math.log(1.0 - lost) for _, lost in rows]
        self._table = table

    def fit(self, heard: Posteriors) -> float:
        """How much likelier this was said than anything at all: a logarithm, for each sound. Negative: rather not."""
        if not len(heard):
            return -math.inf
        anything = float(np.log(heard @ self._table.anything + _TINY).sum())
        return (self._best(heard) - anything) / max(self._count, len(heard), _SHORTEST)

    def _best(self, heard: Posteriors) -> float:
        """Of all ways to pair both rows, with sounds lost and others come in, the logarithm of the likeliest."""
        pairs = np.log(heard @ self._heard + _TINY).tolist()
        extra_rate = math.log(self._table.extra_rate)
        extras = (np.log(heard @ self._table.extra + _TINY) + extra_rate).tolist()
        before = [0.0]
        for lost in self._lost:
            before.append(before[-1] + lost)
        for extra, row in zip(extras, pairs, strict=True):
            now = [before[0] + extra]
            for place, pair in enumerate(row):
                paired = before[place] + pair + self._met[place]
                now.append(max(paired, before[place + 1] + extra, now[place] + self._lost[place]))
            before = now
        return float(before[-1])

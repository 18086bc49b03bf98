"""How well what was heard fits a pronunciation: the likeliest pairing of sounds heard with sounds to be said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.speech.phoneme.ipa import SpokenSound
from ivr.speech.phoneme.table import SoundTable

Posteriors = NDArray[np.float32]
"""A row for each sound that was heard: how likely it was each of the tokens."""

PairedSounds = tuple[int | None, int | None]
"""Which sound heard goes with which to be said; None for one that came in, or was lost."""

SHORTEST = 6
"""Words of fewer sounds are no likelier for being short: two sounds are met in many words."""

_TINY = 1e-5
_OWN_WEIGHT = 2.0
"""What the table says of a sound weighs as much as so many examples of it in this very word."""

_LEAST, _MOST = 0.02, 0.95


class Pronunciation:
    """A row of sounds, ready to be compared with; better so with `examples` of the word that were heard."""

    def __init__(
        self,
        sounds: Sequence[SpokenSound],
        table: SoundTable,
        examples: Iterable[Posteriors] = (),
    ) -> None:
        rows = [table.of(sound) for sound in sounds]
        self._anything = table.anything
        self._heard = np.stack([weights for weights, _ in rows]).T
        self._lost = np.array([lost for _, lost in rows])
        places = len(sounds) + 1
        self._extra = np.repeat(table.extra[:, np.newaxis], places, axis=1)
        self._extra_rate = np.full(places, table.extra_rate)
        self._learn([example for example in examples if len(example)])
        self._took_logarithms()

    def __len__(self) -> int:
        return len(self._lost)

    def fit(self, heard: Posteriors) -> float:
        """How much likelier this was said than anything at all: a logarithm, for each sound. Negative: rather not."""
        if not len(heard):
            return -math.inf
        anything = float(np.log(heard @ self._anything + _TINY).sum())
        best, _ = self._best(heard)
        return (best - anything) / max(len(self._lost), len(heard), SHORTEST)

    def share_of(self, other: Pronunciation) -> float:
        """How well the other, heard as it should be, fits this one, as a share of how well it fits itself."""
        as_it_should = np.asarray(other._heard.T, dtype=np.float32)
        return self.fit(as_it_should) / max(_LEAST, other.fit(as_it_should))

    def pairs(self, heard: Posteriors) -> list[PairedSounds]:
        """The likeliest pairing, from the first sound to the last."""
        _, steps = self._best(heard)
        found: list[PairedSounds] = []
        sound, place = len(heard), len(self._lost)
        while sound or place:
            step = steps[sound][place]
            sound, place = sound - (step != _LOST), place - (step != _EXTRA)
            found.append((None if step == _LOST else sound, None if step == _EXTRA else place))
        return found[::-1]

    def _learn(self, examples: Sequence[Posteriors]) -> None:
        """Move what the table says of each sound towards how it was heard in this word."""
        if not examples:
            return
        self._took_logarithms()
        heard, lost = self._heard * _OWN_WEIGHT, self._lost * _OWN_WEIGHT
        extra, extra_rate = self._extra.copy(), self._extra_rate * _OWN_WEIGHT
        for example in examples:
            before = 0
            came_in: set[int] = set()
            for sound, place in self.pairs(example):
                if sound is None and place is not None:
                    lost[place] += 1
                elif sound is not None and place is not None:
                    heard[:, place] += example[sound]
                elif sound is not None:
                    extra[:, before] += example[sound]
                    came_in.add(before)
                before = before if place is None else place + 1
            extra_rate[list(came_in)] += 1
        weight = _OWN_WEIGHT + len(examples)
        self._heard = heard / heard.sum(axis=0)
        self._lost = np.clip(lost / weight, _LEAST, _MOST)
        self._extra = extra / extra.sum(axis=0)
        self._extra_rate = np.clip(extra_rate / weight, 0.03, 0.7)

    def _took_logarithms(self) -> None:
        self._log_lost = np.log(self._lost).tolist()
        self._log_met = np.log(1.0 - self._lost).tolist()
        self._log_rate = np.log(self._extra_rate)

    def _best(self, heard: Posteriors) -> tuple[float, list[list[int]]]:
        """Of all ways to pair both rows, with sounds lost and others come in, the likeliest: its logarithm, and how."""
        pairs = np.log(heard @ self._heard + _TINY).tolist()
        extras = (np.log(heard @ self._extra + _TINY) + self._log_rate).tolist()
        before = [0.0]
        for lost in self._log_lost:
            before.append(before[-1] + lost)
        steps = [[_LOST] * len(before)]
        for extra, row in zip(extras, pairs, strict=True):
            now, taken = [before[0] + extra[0]], [_EXTRA]
            for place, pair in enumerate(row):
                ways = (
                    before[place] + pair + self._log_met[place],
                    before[place + 1] + extra[place + 1],
                    now[place] + self._log_lost[place],
                )
                best = max(ways)
                now.append(best)
                taken.append(ways.index(best))
            before = now
            steps.append(taken)
        return float(before[-1]), steps


_PAIRED, _EXTRA, _LOST = 0, 1, 2

"""How well what was heard goes with one example of a phrase, as a voice once said it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.speech.phoneme.pairing import Posteriors
from ivr.speech.phoneme.table import SoundTable

_OWN_SHARE = 0.6
"""An example counts for as much as itself, and for the rest as the sounds that it may have been."""

_LOST, _MET, _EXTRA = math.log(0.12), math.log(0.88), math.log(0.12)
_TINY = 1e-5
_SHORTEST = 6
WORST = -3.0
"""The fit of nothing at all."""


class Exemplar:
    """One example, ready to be compared with."""

    def __init__(self, example: Posteriors, table: SoundTable) -> None:
        sounds = np.stack(list(table.heard.values()))
        near = (example @ sounds.T) ** 2
        near = near / near.sum(axis=1, keepdims=True)
        self._heard = (_OWN_SHARE * example + (1 - _OWN_SHARE) * (near @ sounds)).T
        self._extra = table.extra
        self._anything = table.anything

    def fit(self, heard: Posteriors) -> float:
        """How much likelier it was this than anything at all: a logarithm, for each sound."""
        if not len(heard):
            return WORST
        count = self._heard.shape[1]
        pairs = (np.log(heard @ self._heard + _TINY) + _MET).tolist()
        extras = (np.log(heard @ self._extra + _TINY) + _EXTRA).tolist()
        before = [_LOST * place for place in range(count + 1)]
        for extra, row in zip(extras, pairs, strict=True):
            now = [before[0] + extra]
            for place, pair in enumerate(row):
                lost = now[place] + _LOST
                now.append(max(before[place] + pair, before[place + 1] + extra, lost))
            before = now
        anything = float(np.log(heard @ self._anything + _TINY).sum())
        return float((before[-1] - anything) / max(count, len(heard), _SHORTEST))


def fits(exemplars: Iterable[Exemplar], heard: Posteriors) -> NDArray[np.float64]:
    """Those of all of them, the best first."""
    return np.sort(np.array([one.fit(heard) for one in exemplars]))[::-1]


def exemplars_of(examples: Sequence[Posteriors], table: SoundTable) -> tuple[Exemplar, ...]:
    """Those in which anything was heard."""
    return tuple(Exemplar(one, table) for one in examples if len(one))

"""How each sound of espeak-ng's spelling is heard by hama over the telephone: learned, see `bench/speech`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ivr.speech.phoneme.ipa import LONG, SpokenSound

Weights = NDArray[np.float32]

_FLOOR = 2e-5
"""What hama was never heard to say for a sound is unlikely, not impossible."""


@dataclass(frozen=True, slots=True)
class SoundTable:
    """`heard` has, for each sound, how likely each of hama's tokens is; `lost`, how often hama does not hear it at all.

    `anything` is how likely each token is where nothing is known, `extra` where hama hears what nobody said, and
    `extra_rate` how often it does.
    """

    heard: Mapping[SpokenSound, Weights]
    lost: Mapping[SpokenSound, float]
    anything: Weights
    extra: Weights
    extra_rate: float

    def of(self, sound: SpokenSound) -> tuple[Weights, float]:
        """One that was not learned is heard as the nearest that was: longer, shorter, or by its sign alone."""
        for like in (sound, sound.removesuffix(LONG), sound + LONG):
            if like in self.heard:
                return self.heard[like], self.lost[like]
        return self.anything, 0.2


def read_table(tokens: Sequence[str]) -> SoundTable:
    """The table that comes with us, for hama's `tokens`."""
    text = resources.files(__package__).joinpath("sounds.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    places = {token: place for place, token in enumerate(tokens)}
    return SoundTable(
        heard={sound: _weights(row, places) for sound, row in kept["heard"].items()},
        lost=kept["lost"],
        anything=_weights(kept["anything"], places),
        extra=_weights(kept["extra"], places),
        extra_rate=kept["extra_rate"],
    )


def _weights(row: Mapping[str, float], places: Mapping[str, int]) -> Weights:
    weights = np.full(len(places), _FLOOR, dtype=np.float32)
    for token, weight in row.items():
        if token in places and math.isfinite(weight):
            weights[places[token]] += weight
    return np.asarray(weights / weights.sum(), dtype=np.float32)

"""Whether a sound is as loud all the time as no speech is: rain, a street, a fan. Asked before all else."""

from __future__ import annotations

import numpy as np

from ivr.speech.recogniser import SAMPLES_A_SECOND

STEADY_DB = 2.5
"""Between the louder and the softer of its frames. Speech has 3.9 at the least, by espeak-ng's voices over the
telephone, and 11 as a rule; white noise has 1.1 at the most."""

_FRAME = SAMPLES_A_SECOND // 50
_LOUD_DB = 15.0
"""Frames so much below the loudest are the silence around it."""


def is_steady(samples: bytes) -> bool:
    """Of 16-bit samples. Silence is steady."""
    voice = np.frombuffer(samples[: len(samples) // (2 * _FRAME) * 2 * _FRAME], dtype="<i2")
    power = (voice.astype(np.float64).reshape(-1, _FRAME) ** 2).mean(axis=1)
    if not power.size or power.max() == 0:
        return True
    levels = 10 * np.log10(power + 1)
    loud = levels[levels > levels.max() - _LOUD_DB]
    softer, louder = np.percentile(loud, (10, 90))
    return bool(louder - softer < STEADY_DB)

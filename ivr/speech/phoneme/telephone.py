"""The telephone's band: what a voice of espeak-ng becomes on its way to us, so that it is heard as callers are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ, HIGHEST_HZ = 300, 3400
TELEPHONE_RATE, OUR_RATE = 8000, 16_000

_LOUDNESS = 0.3
_A = 87.6
_STEPS = 127


def through_telephone(samples: NDArray[np.float64], rate: int) -> bytes:
    """A voice (any scale, `rate` samples a second) as it comes over G.711: 16 kHz, 16 bits."""
    loudest = float(np.abs(samples).max(initial=0.0))
    if loudest == 0.0:
        return b""
    narrow = resampled(samples / loudest * _LOUDNESS, rate, TELEPHONE_RATE, narrow=True)
    wide = resampled(_companded(narrow), TELEPHONE_RATE, OUR_RATE)
    return np.clip(wide * 32767.0, -32768, 32767).astype("<i2").tobytes()


def resampled(
    samples: NDArray[np.float64], rate: int, wanted: int, *, narrow: bool = False
) -> NDArray[np.float64]:
    """The same at another rate; `narrow`: and nothing outside the telephone's band."""
    spectrum = np.fft.rfft(samples)
    if narrow:
        hertz = np.fft.rfftfreq(len(samples), 1 / rate)
        spectrum[(hertz < LOWEST_HZ) | (hertz > HIGHEST_HZ)] = 0
    count = len(samples) * wanted // rate
    kept = np.zeros(count // 2 + 1, dtype=complex)
    common = min(len(kept), len(spectrum))
    kept[:common] = spectrum[:common]
    return np.asarray(np.fft.irfft(kept, count) * (count / len(samples)), dtype=np.float64)


def _companded(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """What A-law's 8 bits leave of it (ITU-T G.711, as the formula has it)."""
    size, whole = np.abs(np.clip(samples, -1, 1)), 1 + np.log(_A)
    small = size < 1 / _A
    code = np.where(small, _A * size, 1 + np.log(np.maximum(_A * size, 1e-9))) / whole
    code = np.round(code * _STEPS) / _STEPS
    heard = np.where(code < 1 / whole, code * whole / _A, np.exp(code * whole - 1) / _A)
    return np.asarray(np.sign(samples) * heard, dtype=np.float64)

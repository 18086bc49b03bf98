"""What is as loud all the time as no speech is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.speech.phoneme.steadiness import is_steady

RATE = 16_000
CHANCE = np.random.default_rng(1)


def sound(samples: NDArray[np.float64]) -> bytes:
    return np.clip(samples, -32_768, 32_767).astype("<i2").tobytes()


def noise(seconds: float, level: float) -> NDArray[np.float64]:
    return CHANCE.normal(0, level, round(seconds * RATE))


def syllables(seconds: float) -> NDArray[np.float64]:
    """A tone that swells four times a second, as speech does."""
    time = np.arange(round(seconds * RATE)) / RATE
    swell = 0.15 + 0.85 * np.abs(np.sin(2 * np.pi * 2 * time))
    return 6000 * swell * np.sin(2 * np.pi * 200 * time)


SILENCE = np.zeros(RATE // 3)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 5.0])
@pytest.mark.parametrize("level", [300.0, 2500.0, 9000.0])
def test_noise_is_steady_however_long_and_loud_with_silence_around_it(
    seconds: float, level: float
) -> None:
    around = np.concatenate([SILENCE, noise(seconds, level), SILENCE])

    assert is_steady(sound(noise(seconds, level)))
    assert is_steady(sound(around))


@pytest.mark.parametrize("seconds", [0.4, 1.0, 3.0])
def test_what_swells_is_not_over_a_line_with_noise_either(seconds: float) -> None:
    spoken = np.concatenate([SILENCE, syllables(seconds), SILENCE])

    assert not is_steady(sound(spoken))
    assert not is_steady(sound(spoken + CHANCE.normal(0, 150, len(spoken))))


@pytest.mark.parametrize("silence", [b"", bytes(2), bytes(640), bytes(32_000)])
def test_silence_is_steady(silence: bytes) -> None:
    assert is_steady(silence)

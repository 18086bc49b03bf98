"""What is left of a voice after the telephone."""

from __future__ import annotations

import numpy as np
import pytest

from ivr.speech.phoneme.telephone import OUR_RATE, through_telephone

RATE = 22_050


def left_of(hertz: float) -> float:
    """How loud a tone is beside one of 1 kHz, after the telephone."""
    time = np.arange(RATE) / RATE
    both = np.sin(2 * np.pi * 1000 * time) + np.sin(2 * np.pi * hertz * time)
    heard = np.frombuffer(through_telephone(both, RATE), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(heard))
    at = np.fft.rfftfreq(len(heard), 1 / OUR_RATE)
    return float(spectrum[np.abs(at - hertz) < 5].max() / spectrum[np.abs(at - 1000) < 5].max())


@pytest.mark.parametrize("hertz", [400, 2000, 3300])
def test_what_a_telephone_carries_is_left(hertz: float) -> None:
    assert left_of(hertz) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("hertz", [100, 200, 3800, 6000])
def test_what_it_does_not_is_not(hertz: float) -> None:
    assert left_of(hertz) < 0.05


def test_it_is_as_long_as_before_at_16_khz_and_silence_is_nothing() -> None:
    sound = through_telephone(np.sin(np.arange(RATE) / 10.0), RATE)

    assert len(sound) == pytest.approx(2 * OUR_RATE, abs=4)
    assert through_telephone(np.zeros(RATE), RATE) == b""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from ivr.audio.mastering import PEAK_DBFS, SPEECH_DBFS, master, measure


def strength(samples: Sequence[int], hertz: float) -> float:
    """Amplitude of one frequency in a telephone recording (Goertzel)."""
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    return math.sqrt(max(0.0, before**2 + last**2 - turn * before * last)) * 2 / len(samples)


@pytest.mark.parametrize("dbfs", [-38.0, -20.0, -4.0])
@pytest.mark.parametrize("seconds", [0.2, 0.8])
def test_quiet_and_loud_long_and_short_come_out_equally_loud(
    make_tone: Callable[..., list[int]], dbfs: float, seconds: float
) -> None:
    recorded = make_tone(seconds, rate=16000, dbfs=dbfs)

    mastered = measure(master(recorded, 16000))

    assert mastered.speech == pytest.approx(SPEECH_DBFS, abs=0.6)
    assert mastered.peak <= PEAK_DBFS + 0.01


def test_silence_around_the_voice_is_trimmed(make_tone: Callable[..., list[int]]) -> None:
    recorded = make_tone(0.4, rate=22050, lead=0.7, tail=0.9)

    mastered = measure(master(recorded, 22050))

    assert mastered.leading <= 0.03
    assert 0.1 <= mastered.trailing <= 0.15
    assert mastered.seconds == pytest.approx(0.4 + 0.02 + 0.12, abs=0.03)


def test_a_pause_between_words_stays_and_does_not_count_as_quiet_speech(
    make_tone: Callable[..., list[int]],
) -> None:
    recorded = make_tone(0.3, tail=0.5) + make_tone(0.3)

    mastered = measure(master(recorded, 8000))

    assert mastered.seconds == pytest.approx(1.1, abs=0.05)
    assert mastered.speech == pytest.approx(SPEECH_DBFS, abs=0.6)


def test_a_clap_is_turned_down_and_does_not_clip(make_tone: Callable[..., list[int]]) -> None:
    recorded = make_tone(0.4, dbfs=-30)
    recorded[1600:1640] = [32767, -32768] * 20

    mastered = measure(master(recorded, 8000))

    assert mastered.peak <= PEAK_DBFS + 0.01


@pytest.mark.parametrize("rate", [44100, 22050, 16000])
def test_tones_above_the_telephone_band_do_not_fold_into_it(
    make_tone: Callable[..., list[int]], rate: int
) -> None:
    voice = make_tone(0.3, rate=rate, hertz=1000)
    hiss = make_tone(0.3, rate=rate, hertz=6000)

    mastered = master([a + b for a, b in zip(voice, hiss, strict=True)], rate)

    inside = mastered[400:2000]
    assert strength(inside, 2000) < strength(inside, 1000) / 300


def test_mains_hum_is_taken_out(make_tone: Callable[..., list[int]]) -> None:
    voice = make_tone(0.4, hertz=1000)
    hum = make_tone(0.4, hertz=50)

    mastered = master([a + b for a, b in zip(voice, hum, strict=True)], 8000)

    inside = mastered[800:2400]
    assert strength(inside, 50) < strength(inside, 1000) / 7


@pytest.mark.parametrize("recorded", [[], [0] * 8000, [3, -3] * 4000])
def test_what_nobody_can_hear_is_refused(recorded: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing can be heard"):
        master(recorded, 8000)


def test_silence_measures_as_silence() -> None:
    measured = measure([0] * 800)

    assert measured.speech == measured.peak == -math.inf
    assert measured.leading == measured.seconds == 0.1

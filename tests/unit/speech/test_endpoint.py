"""Where an utterance begins and ends, in frames of 20 ms."""

from __future__ import annotations

import math
import random
from array import array

import pytest

from ivr.speech.endpoint import (
    Endpointer,
    SpeechBegan,
    SpeechEdge,
    SpeechEnded,
    SpeechGoesOn,
    SpeechPaused,
    level_db,
)

SILENCE = bytes(640)


def sound(loudness: float, hertz: float = 200.0) -> bytes:
    """20 ms of a tone; loudness 1.0 is the loudest there is."""
    step = 2 * math.pi * hertz / 16_000
    return array("h", (round(32_000 * loudness * math.sin(step * n)) for n in range(320))).tobytes()


def noise(loudness: float) -> bytes:
    return array(
        "h", (round(random.uniform(-1, 1) * 32_000 * loudness) for _ in range(320))
    ).tobytes()


def edges(*frames: tuple[bytes, int]) -> list[SpeechEdge]:
    endpointer = Endpointer()
    heard = (endpointer.hear(frame) for frame, count in frames for _ in range(count))
    return [edge for edge in heard if edge]


def test_a_word_between_silences_begins_and_ends_with_a_little_of_both_around_it() -> None:
    began, paused, ended = edges((SILENCE, 50), (sound(0.2), 40), (SILENCE, 50))

    assert isinstance(began, SpeechBegan)
    assert len(began.samples) == 15 * len(SILENCE)
    assert isinstance(paused, SpeechPaused)
    assert isinstance(ended, SpeechEnded)
    assert 0.8 < ended.seconds < 1.4


def test_a_pause_within_a_word_does_not_end_it() -> None:
    found = edges((SILENCE, 50), (sound(0.2), 20), (SILENCE, 15), (sound(0.2), 20), (SILENCE, 50))

    assert [type(edge) for edge in found] == [
        SpeechBegan,
        SpeechPaused,
        SpeechGoesOn,
        SpeechPaused,
        SpeechEnded,
    ]


@pytest.mark.parametrize("pause", [0, 9, 12, 21])
def test_what_is_handed_out_at_the_last_pause_is_all_that_was_said(pause: int) -> None:
    found = edges((SILENCE, 50), (sound(0.2), 20), (SILENCE, pause), (sound(0.2), 9), (SILENCE, 22))

    paused, ended = found[-2:]
    assert isinstance(paused, SpeechPaused)
    assert isinstance(ended, SpeechEnded)
    assert paused.samples == ended.samples


def test_a_short_pause_is_none() -> None:
    found = edges((SILENCE, 50), (sound(0.2), 20), (SILENCE, 9), (sound(0.2), 20))

    assert [type(edge) for edge in found] == [SpeechBegan]


@pytest.mark.parametrize("frames", [1, 3, 5])
def test_a_click_is_no_speech(frames: int) -> None:
    assert edges((SILENCE, 50), (sound(0.5), frames), (SILENCE, 50)) == []


@pytest.mark.parametrize("loudness", [0.0, 0.001, 0.003])
def test_noise_that_stays_is_no_speech(loudness: float) -> None:
    endpointer = Endpointer()

    assert not any(endpointer.hear(noise(loudness)) for _ in range(3000))


def test_a_word_in_noise_is_heard() -> None:
    endpointer = Endpointer()
    before, after = ([noise(0.005) for _ in range(count)] for count in (300, 60))
    frames = [*before, *[sound(0.3)] * 40, *after]

    assert [type(edge) for frame in frames if (edge := endpointer.hear(frame))] == [
        SpeechBegan,
        SpeechPaused,
        SpeechEnded,
    ]


def test_music_without_an_end_is_cut_after_five_seconds() -> None:
    found = edges((SILENCE, 50), (sound(0.3), 600))

    ended = [edge for edge in found if isinstance(edge, SpeechEnded)]
    assert ended
    assert all(edge.seconds <= 5.0 for edge in ended)


def test_levels_are_told_in_decibels_below_full_scale() -> None:
    assert level_db(SILENCE) == -96.0
    assert level_db(b"") == -96.0
    assert level_db(sound(0.1)) == pytest.approx(-23.2, abs=0.3)

"""Frames of likelihoods, as sounds in a row."""

from __future__ import annotations

import numpy as np

from ivr.speech.phoneme.phonemes import Phonemes, joined

A, B, NOTHING = (0.9, 0.05), (0.1, 0.8), (0.1, 0.1)


def test_frames_of_one_sound_are_joined_and_frames_of_none_part() -> None:
    frames = np.array([NOTHING, A, A, B, NOTHING, B, NOTHING], dtype=np.float32)

    assert joined(frames).argmax(axis=1).tolist() == [0, 1, 1]
    assert np.allclose(joined(frames).sum(axis=1), 1.0)


def test_no_frames_are_no_sounds() -> None:
    assert joined(np.zeros((0, 2), dtype=np.float32)).shape == (0, 2)
    assert joined(np.array([NOTHING], dtype=np.float32)).shape == (0, 2)


def test_the_network_hears_nothing_in_silence() -> None:
    assert len(Phonemes().heard(bytes(32_000))) <= 2

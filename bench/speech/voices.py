"""Who says it: espeak-ng's voices over the telephone, louder and softer, with more and less noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.telephone import OUR_RATE, through_telephone

VOICES = ("m5", "m6", "f3", "f5", "belinda", "anika")
"""None of those that phrases are learned from, or that the table was learned from."""

LEARNING_VOICES = ("Michael", "Annie", "Gene", "Hugo", "Andrea", "caleb", "sandro", "Diogo")
"""The judge learned from these: none of those above, and none that taught a phrase."""

SPEEDS = (125, 145, 165)

_WAV_HEADER, _RATE = 44, 22_050


def spoken(
    espeak: Espeak, text: str, variant: str, chance: np.random.Generator, language: str = "nb"
) -> bytes:
    """Somebody says it: 16 kHz, 16 bits, with 0.3 s of near silence before and after."""
    wav = espeak.voice(text, language, variant, int(chance.choice(SPEEDS)))
    samples = np.frombuffer(wav[_WAV_HEADER : len(wav) // 2 * 2], dtype="<i2").astype(np.float64)
    silence = np.zeros(_RATE * 3 // 10)
    heard = np.frombuffer(
        through_telephone(np.concatenate([silence, samples, silence]), _RATE), dtype="<i2"
    )
    return _bytes(heard * chance.uniform(0.3, 1.5) + _noise(len(heard), chance))


def music(chance: np.random.Generator, seconds: float = 2.0) -> bytes:
    """Chords."""
    time = np.arange(round(seconds * OUR_RATE)) / OUR_RATE
    tones = chance.choice((220.0, 277.2, 329.6, 440.0, 523.3, 659.3), 3, replace=False)
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in tones) * 3000
    return _bytes(chord * (0.6 + 0.4 * np.sin(2 * np.pi * 2 * time)) + _noise(len(time), chance))


def noise(chance: np.random.Generator, seconds: float = 1.5) -> bytes:
    """A street."""
    return _bytes(chance.normal(0, 2500, round(seconds * OUR_RATE)))


def _noise(count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    return chance.normal(0, 32_768 * 10 ** chance.uniform(-4.0, -2.8), count)


def _bytes(samples: NDArray[np.float64]) -> bytes:
    return np.clip(samples, -32_768, 32_767).astype("<i2").tobytes()

"""The teachers: espeak-ng's voices that phrases are learned from, each over a telephone line of its own."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.telephone import through_telephone

_WAV_HEADER = 44
_FULL_SCALE = 32_768


@dataclass(frozen=True, slots=True)
class Teacher:
    """`voice` reads `speed` words a minute, so loud (1 is a third of full scale), over noise in dB of that scale."""

    voice: str
    speed: int
    loudness: float
    noise_db: float


TEACHERS = (
    Teacher("m2", 125, 0.5, -75), Teacher("m4", 145, 1.3, -62), Teacher("m8", 165, 0.9, -58),
    Teacher("Alicia", 145, 0.4, -68), Teacher("steph", 125, 1.1, -60), Teacher("linda", 165, 0.7, -78),
    Teacher("max", 145, 0.9, -64), Teacher("john", 125, 1.4, -70), Teacher("quincy", 165, 0.6, -66),
    Teacher("michel", 145, 0.5, -60), Teacher("aunty", 165, 1.2, -74), Teacher("shelby", 125, 0.8, -57),
    Teacher("marcelo", 125, 1.0, -63), Teacher("ed", 145, 0.7, -72),
)  # fmt: skip
"""`bench/speech` measures with other voices, and learned the judge from others again.

Noise teaches more than voices do: fourteen with it taught as much as twenty-four of which ten had none.
"""


def lesson(espeak: Espeak, text: str, language: str, teacher: Teacher) -> bytes:
    """The teacher says it: 16 kHz, 16 bits, the same each time. Blocks. Raises OSError, RuntimeError."""
    wav = espeak.voice(text, language, teacher.voice, teacher.speed)
    rate = int.from_bytes(wav[24:28], "little")
    sound = wav[_WAV_HEADER : len(wav) - (len(wav) - _WAV_HEADER) % 2]
    samples = np.frombuffer(sound, dtype="<i2").astype(np.float64)
    silence = np.zeros(rate * 3 // 10)
    heard = np.frombuffer(
        through_telephone(np.concatenate([silence, samples, silence]), rate), dtype="<i2"
    )
    chance = np.random.default_rng(zlib.crc32(f"{text} {teacher.voice}".encode()))
    noise = chance.normal(0, _FULL_SCALE * 10 ** (teacher.noise_db / 20), len(heard))
    mixed = np.clip(heard * teacher.loudness + noise, -_FULL_SCALE, _FULL_SCALE - 1)
    return mixed.astype("<i2").tobytes()

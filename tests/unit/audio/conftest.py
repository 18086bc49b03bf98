"""Sounds made in the test, so that none has to lie on disk."""

from __future__ import annotations

import math
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

WriteWav = Callable[..., Path]


def tone(
    seconds: float = 0.3,
    *,
    rate: int = 8000,
    hertz: float = 440.0,
    dbfs: float = -15.0,
    lead: float = 0.0,
    tail: float = 0.0,
) -> list[int]:
    """A sine of `dbfs` RMS with silence before and after it."""
    peak = 32768 * 10 ** (dbfs / 20) * math.sqrt(2)
    sound = [
        round(peak * math.sin(2 * math.pi * hertz * index / rate))
        for index in range(round(seconds * rate))
    ]
    return [0] * round(lead * rate) + sound + [0] * round(tail * rate)


@pytest.fixture
def write_wav(tmp_path: Path) -> WriteWav:
    """Writes samples as a WAV file of any format, below `tmp_path`."""

    def write(
        name: str,
        samples: list[int] | None = None,
        *,
        rate: int = 8000,
        channels: int = 1,
        bits: int = 16,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wide = bits // 8
        frames = b"".join(
            (sample << 8 * (wide - 2)).to_bytes(wide, "little", signed=True) * channels
            for sample in (tone(rate=rate) if samples is None else samples)
        )
        with wave.open(str(path), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(wide)
            file.setframerate(rate)
            file.writeframes(frames)
        return path

    return write


@pytest.fixture
def make_tone() -> Callable[..., list[int]]:
    return tone

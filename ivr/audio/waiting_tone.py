"""What a waiting caller hears where the music cannot be played: a soft tone now and then, so that the line lives."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

from ivr.audio.wav import RATE, write_recording

_HERTZ = 425.0
_PEAK = 3300  # 20 dB below full scale, as quiet as music
_TONE_SECONDS = 0.3
_SILENCE_SECONDS = 3.7
_RAMP_SECONDS = 0.03  # without it, the tone would click


def write_waiting_tone(path: Path) -> None:
    """Write it as a telephone recording that is repeated without a seam."""
    count, ramp = round(_TONE_SECONDS * RATE), round(_RAMP_SECONDS * RATE)
    tone = array(
        "h",
        (
            round(
                _PEAK
                * min(1.0, n / ramp, (count - n) / ramp)
                * math.sin(2 * math.pi * _HERTZ * n / RATE)
            )
            for n in range(count)
        ),
    )
    write_recording(path, tone + array("h", bytes(2 * round(_SILENCE_SECONDS * RATE))))

"""From a raw recording to one that sits among the others: telephone band, even loudness, no wait.

Loudness is the level of the *speech*: the RMS of those 20 ms frames in which somebody speaks, in
dBFS (0 is a full-scale square wave). Short prompts come out as loud as long ones, which one-pass
loudness filters do not manage.

Why these figures: the telephone network's nominal speech level is −26 dBov, and callers hold
handsets in vans and kitchens, so we lie 5 dB above it; peaks stay below −3 dBFS, so that G.711 and
a transcoder on the way have room.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from ivr.audio.wav import RATE

SPEECH_DBFS = -21.0
"""Level of the speech that every prompt is brought to."""

PEAK_DBFS = -3.5
"""No sample lies above this."""

LOWEST_HZ = 150.0
HIGHEST_HZ = 3400.0

AUDIBLE_DBFS = -45.0
"""A sample above this is heard; what comes before the first and after the last is trimmed."""

LEAD_SECONDS = 0.02
TAIL_SECONDS = 0.12

_FULL = 32768.0
_FRAME = RATE // 50
_SILENT = "nothing can be heard in it; record it again, closer to the microphone"
_GATE_BELOW_LOUDEST = 25.0  # dB: pauses between words do not count as quiet speech


@dataclass(frozen=True, slots=True)
class Measured:
    """Levels in dBFS (−inf for silence), silence before and after the sound in seconds."""

    seconds: float
    speech: float
    peak: float
    leading: float
    trailing: float


def measure(samples: Sequence[int]) -> Measured:
    """What ears would say about a telephone recording, in numbers."""
    first, last = _audible(samples, _amplitude(AUDIBLE_DBFS) * _FULL)
    return Measured(
        seconds=len(samples) / RATE,
        speech=_speech_level(samples),
        peak=_decibels(max(map(abs, samples), default=0) / _FULL),
        leading=first / RATE,
        trailing=(len(samples) - last) / RATE,
    )


def master(samples: Sequence[int], rate: int) -> array[int]:
    """Make a telephone recording of mono samples at any rate: band, trimmed, even loudness.

    Raises:
        ValueError: there is nothing to be heard in it.
    """
    narrow = _high_pass(_resampled(samples, rate))
    trimmed = _trimmed(narrow)
    if not trimmed:
        raise ValueError(_SILENT)
    return _levelled(trimmed)


def _resampled(samples: Sequence[int], rate: int) -> list[float]:
    """To 8 kHz through a windowed-sinc low-pass, one set of taps per phase: no aliases."""
    common = math.gcd(rate, RATE)
    up, down = RATE // common, rate // common
    # A Blackman window falls off within 5.5 / taps of the rate; it has to be down at half of ours.
    half = math.ceil(2.75 * rate / (RATE - 2 * HIGHEST_HZ))
    cutoff = min(HIGHEST_HZ / rate, 0.45)
    phases = [_taps(phase / up, half, cutoff) for phase in range(up)]
    padded = [0.0] * half + [float(sample) for sample in samples] + [0.0] * (half + 1)
    result = []
    for index in range(len(samples) * up // down):
        whole, part = divmod(index * down, up)
        result.append(sum(map(mul, phases[part], padded[whole : whole + 2 * half + 1])))
    return result


def _taps(offset: float, half: int, cutoff: float) -> list[float]:
    """Blackman-windowed sinc around `offset` samples, summing to 1; `cutoff` as a share of rate."""
    taps = []
    for place in range(-half, half + 1):
        x = place - offset
        at = x / (half + 1)
        window = 0.42 + 0.5 * math.cos(math.pi * at) + 0.08 * math.cos(2 * math.pi * at)
        angle = 2 * math.pi * cutoff * x
        taps.append(window * (2 * cutoff if x == 0 else math.sin(angle) / (math.pi * x)))
    total = sum(taps)
    return [tap / total for tap in taps]


def _high_pass(samples: Sequence[float]) -> list[float]:
    """Second-order Butterworth: hum, rumble and direct current never reach the line."""
    omega = 2 * math.pi * LOWEST_HZ / RATE
    alpha = math.sin(omega) / math.sqrt(2)
    cos, a0 = math.cos(omega), 1 + alpha
    b0, b1, a1, a2 = (1 + cos) / 2 / a0, -(1 + cos) / a0, -2 * cos / a0, (1 - alpha) / a0
    result = []
    x1 = x2 = y1 = y2 = 0.0
    for x in samples:
        y = b0 * x + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        result.append(y)
    return result


def _trimmed(samples: Sequence[float]) -> list[float]:
    """Without the silence around the sound: 20 ms stay before it, 120 ms after it.

    What is audible is measured from the loudest sample: a quiet recording keeps its soft beginning.
    """
    loudest = max(map(abs, samples), default=0.0)
    if loudest < _amplitude(AUDIBLE_DBFS) * _FULL:
        return []
    first, last = _audible(samples, loudest * _amplitude(AUDIBLE_DBFS - PEAK_DBFS))
    start = max(0, first - round(LEAD_SECONDS * RATE))
    return list(samples[start : last + round(TAIL_SECONDS * RATE)])


def _audible(samples: Sequence[float], threshold: float) -> tuple[int, int]:
    """Index of the first audible sample, and one past the last."""
    heard = [index for index, sample in enumerate(samples) if abs(sample) > threshold]
    return (heard[0], heard[-1] + 1) if heard else (len(samples), len(samples))


def _levelled(samples: Sequence[float]) -> array[int]:
    """Gain to the speech level, then a limiter that turns loud moments down instead of clipping.

    Twice: what the limiter took from the level is given back in the second round.
    """
    ceiling = _amplitude(PEAK_DBFS) * _FULL
    for _ in range(2):
        gain = _amplitude(SPEECH_DBFS - _speech_level(samples))
        samples = _limited([sample * gain for sample in samples], ceiling)
    return array("h", [round(sample) for sample in samples])


def _limited(samples: Sequence[float], ceiling: float) -> list[float]:
    """Turn each 5 ms down as far as it and its neighbours ask, gliding from one to the next."""
    block = RATE // 200
    needed = [
        min(1.0, ceiling / max(1.0, *map(abs, samples[start : start + block])))
        for start in range(0, len(samples), block)
    ]
    held = [min(needed[max(0, index - 1) : index + 2]) for index in range(len(needed))]
    result = []
    for index, sample in enumerate(samples):
        here, part = divmod(index, block)
        after = held[min(here + 1, len(held) - 1)]
        gain = held[here] + (after - held[here]) * part / block
        result.append(max(-ceiling, min(ceiling, sample * gain)))
    return result


def _speech_level(samples: Sequence[float]) -> float:
    """RMS in dBFS of the 20 ms frames that carry speech."""
    powers = [
        sum(sample * sample for sample in samples[start : start + _FRAME]) / _FRAME
        for start in range(0, len(samples), _FRAME)
    ]
    gate = max(powers, default=0.0) * _amplitude(-_GATE_BELOW_LOUDEST) ** 2
    spoken = [power for power in powers if power >= gate]
    return _decibels(math.sqrt(sum(spoken) / len(spoken)) / _FULL) if spoken else -math.inf


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf

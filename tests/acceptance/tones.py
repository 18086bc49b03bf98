"""Which marker tone a packet of A-law speech carries."""

from __future__ import annotations

import math

A_LAW = 8
_AUDIBLE = 100  # of 32,768, root mean square


LOUD = 1000
"""Of 32,768."""


def speech(packet: bytes) -> bytes:
    """The samples of an RTP packet of A-law speech; none if it is anything else."""
    if len(packet) < 12 or packet[0] >> 6 != 2 or packet[1] & 0x7F != A_LAW:
        return b""
    return packet[12 + 4 * (packet[0] & 0x0F) :]


def dominates(tone_hz: float, samples: bytes) -> bool:
    """Does the tone carry more than half of the sound in `samples`? (Goertzel; silence has no tone.)"""
    sound = [LINEAR[octet] for octet in samples]
    energy = sum(value * value for value in sound)
    if energy <= len(sound) * _AUDIBLE**2:
        return False
    twice_cosine = 2 * math.cos(2 * math.pi * tone_hz / 8000)
    last = before = 0.0
    for value in sound:
        last, before = value + twice_cosine * last - before, last
    power = last * last + before * before - twice_cosine * last * before
    return 2 * power / len(sound) > 0.5 * energy


def linear(octet: int) -> int:
    """An A-law octet (ITU-T G.711) as a linear 16-bit sample."""
    bits = octet ^ 0x55
    exponent, mantissa = bits >> 4 & 0x07, bits & 0x0F
    step = mantissa << 4 | 0x08
    magnitude = (step + 0x100) << (exponent - 1) if exponent else step
    return magnitude if bits & 0x80 else -magnitude


LINEAR = tuple(linear(octet) for octet in range(256))


def is_loud(packet: bytes) -> bool:
    """Whether somebody speaks in this RTP packet: no comfort noise is as loud."""
    return any(abs(linear(octet)) > LOUD for octet in speech(packet))

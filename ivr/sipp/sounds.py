"""What played callers send: a tone, and keys as RFC 4733 events, as files that SIPp streams.

SIPp's own `play_dtmf` opens a raw socket, which only root may. Its `rtp_stream` does not, so a key is a file of event
payloads streamed like speech. SIPp knows frames of fixed kinds only; the one of iLBC (50 bytes each 30 ms, payload
type 98 in every release) is borrowed: an event is its first 4 bytes, the rest is padding that a receiver skips.
The time stamp runs on during the key, where the standard has it stand still; so the end is sent once, not three times.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

from ivr.menus.digits import key_word
from ivr.sipp.script import KEYS

EVENT_PAYLOAD_TYPE = 98
EVENT_STREAM = f"{EVENT_PAYLOAD_TYPE},iLBC/8000"
TONE_FILE = "tone.alaw"
TONE_HZ = 400
SILENCE_FILE = "silence.alaw"

_SAMPLES_A_SECOND = 8000
_FRAME_BYTES = 50
_FRAME_SAMPLES = 240
_FRAMES_A_KEY = 5
_END = 0x80
_VOLUME = 10  # -10 dBm0


def key_file(key: str) -> str:
    """The file's name for `key`, one of 0-9 * #."""
    return f"key-{key_word(key)}.rfc4733"


def key_frames(key: str) -> bytes:
    """The event `key`, 150 ms long: four frames that say it lasts, one that says it is over."""
    frames = b""
    for number in range(1, _FRAMES_A_KEY + 1):
        flags = _VOLUME | (_END if number == _FRAMES_A_KEY else 0)
        event = struct.pack("!BBH", KEYS.index(key), flags, number * _FRAME_SAMPLES)
        frames += event.ljust(_FRAME_BYTES, b"\0")
    return frames


def tone(hertz: float = TONE_HZ, *, seconds: float = 1.0, loudness: float = 0.1) -> bytes:
    """A tone in A-law, 8,000 bytes a second; `loudness` 1.0 is the loudest there is."""
    count = round(seconds * _SAMPLES_A_SECOND)
    step = 2 * math.pi * hertz / _SAMPLES_A_SECOND
    return bytes(alaw(round(32_000 * loudness * math.sin(step * n))) for n in range(count))


def alaw(sample: int) -> int:
    """One linear 16-bit sample as an A-law octet (ITU-T G.711)."""
    sign = 0x80 if sample >= 0 else 0x00
    magnitude = min((sample if sample >= 0 else ~sample) >> 3, 0xFFF)
    exponent = max(magnitude.bit_length() - 5, 0)
    mantissa = magnitude >> max(exponent, 1) & 0x0F
    return (sign | exponent << 4 | mantissa) ^ 0x55


def write_sounds(folder: Path) -> None:
    """Write the tone, silence and all keys into `folder`, where SIPp is started."""
    (folder / TONE_FILE).write_bytes(tone())
    (folder / SILENCE_FILE).write_bytes(bytes([alaw(0)]) * _SAMPLES_A_SECOND)
    for key in KEYS:
        (folder / key_file(key)).write_bytes(key_frames(key))

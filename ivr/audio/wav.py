"""The one file format that every telephone here plays as it is: WAV, 8 kHz, mono, 16-bit PCM.

The header is read chunk by chunk instead of by `wave`: Asterisk refuses what `wave` lets pass (an
extensible header, a length that the file does not hold), and an admin must hear of it before a
caller does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ivr.audio.riff import PCM, NoSoundError, NotWavError, Riff, read_riff
from ivr.regular_file import open_regular

RATE = 8000
"""Samples a second of a telephone recording."""

LONGEST_SECONDS = 600.0
"""A prompt longer than this is a mistake: nobody listens for ten minutes."""

_MOST_NOTES = 400
"""Asterisk counts the notes before the sound as part of it: these bytes are 25 ms, which nobody misses."""

_QUIETEST = 33
"""Of 32,768: nothing below −60 dBFS is heard on a telephone."""

_CHANNELS = {1: "mono", 2: "stereo"}

_EMPTY = "the file is empty; record it again"
_NO_SOUND = "a header without sound; record it again"
_NOT_WAV = "not a WAV file"
_NOT_PCM = "WAV, but not plain PCM"


class TelephoneFormatError(ValueError):
    """A file that a telephone cannot play as it is; the text says what it is and what to do."""

    @classmethod
    def because(cls, found: str, file: str) -> TelephoneFormatError:
        """A file in another format, which `ivr prompts import` can turn into the right one."""
        name = Path(file).name
        return cls(f"{found}; need 8 kHz mono 16-bit (run: ivr prompts import {name})")


@dataclass(frozen=True, slots=True)
class WavHeader:
    """What a WAV file says about itself; `seconds` counts the samples that the file truly holds."""

    rate: int
    channels: int
    bits: int
    seconds: float


def read_header(path: Path) -> WavHeader:
    """Read the header of a telephone recording, as Asterisk will.

    Raises:
        TelephoneFormatError: anything but 8 kHz mono 16-bit PCM, complete, 10 minutes at most, or laid out so that
            Asterisk would not find the sound, or would cut its end.
        OSError: the file cannot be read.
    """
    with open_regular(path) as file:
        riff = _riff(file, path.name)
    if riff.kind != PCM:
        raise TelephoneFormatError.because(_NOT_PCM, path.name)
    if (riff.rate, riff.channels, riff.bits) != (RATE, 1, 16):
        found = f"{riff.rate} Hz {_CHANNELS.get(riff.channels, f'{riff.channels} channels')}"
        if (riff.rate, riff.channels) == (RATE, 1):
            found += f" {riff.bits}-bit"
        raise TelephoneFormatError.because(found, path.name)
    return WavHeader(RATE, 1, 16, _seconds_on_disk(riff, path.name))


def _riff(file: BinaryIO, name: str) -> Riff:
    if os.fstat(file.fileno()).st_size == 0:
        raise TelephoneFormatError(_EMPTY)
    try:
        return read_riff(file)
    except NoSoundError:
        raise TelephoneFormatError(_NO_SOUND) from None
    except NotWavError:
        raise TelephoneFormatError.because(_NOT_WAV, name) from None


def _seconds_on_disk(riff: Riff, name: str) -> float:
    """Length of the sound. Raises TelephoneFormatError where callers would not hear all of it."""
    seconds = riff.promised / (2 * RATE)
    fault = None
    if riff.promised == 0 and riff.there < 2:
        fault = _NO_SOUND
    elif riff.missing:
        missing = riff.missing / (2 * RATE)
        fault = f"cut short: the last {missing:.1f} s are missing; copy it again"
    elif not riff.is_plain or riff.promised != riff.length:
        fault = f"laid out as Asterisk does not read it; run: ivr prompts import {name}"
    elif riff.notes > _MOST_NOTES:
        fault = f"notes before the sound, which would cut its end; run: ivr prompts import {name}"
    elif riff.length % 2:
        fault = f"ends in half a sample; run: ivr prompts import {name}"
    elif seconds > LONGEST_SECONDS:
        fault = f"{seconds / 60:.0f} minutes long; 10 minutes at most"
    if fault:
        raise TelephoneFormatError(fault)
    return seconds


def read_samples(path: Path) -> array[int]:
    """The samples of a telephone recording (see `read_header` for what is refused)."""
    read_header(path)
    with open_regular(path) as file:
        riff = _riff(file, path.name)
        file.seek(riff.start)
        return samples_from_bytes(file.read(riff.length))


def is_silent(samples: array[int]) -> bool:
    """Nothing in it can be heard."""
    return max(max(samples, default=0), -min(samples, default=0)) < _QUIETEST


def samples_from_bytes(pcm: bytes) -> array[int]:
    """16-bit little-endian PCM as numbers."""
    samples = array("h")
    samples.frombytes(pcm[: len(pcm) - len(pcm) % 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def write_recording(path: Path, samples: array[int]) -> None:
    """Write samples as a telephone recording: all of it or nothing, even when the power goes."""

    def write(file: BinaryIO) -> None:
        pcm = array("h", samples)
        if sys.byteorder == "big":
            pcm.byteswap()
        with wave.open(file, "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(RATE)
            recording.writeframes(pcm.tobytes())

    replace_file(path, write)


def replace_file(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Put a new file in the place of `path` in one step; Asterisk may be reading the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o644)  # mkstemp's 0600 would hide it from an Asterisk of another user
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise

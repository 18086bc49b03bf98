"""The one file format that every telephone here plays as it is: WAV, 8 kHz, mono, 16-bit PCM.

The header is read chunk by chunk instead of by `wave`: Asterisk refuses what `wave` lets pass (an
extensible header, a length that the file does not hold), and an admin must hear of it before a
caller does.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

RATE = 8000
"""Samples a second of a telephone recording."""

LONGEST_SECONDS = 600.0
"""A prompt longer than this is a mistake: nobody listens for ten minutes."""

_PCM = 1
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
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
    """Read the header of a telephone recording.

    Raises:
        TelephoneFormatError: anything but 8 kHz mono 16-bit PCM, complete, 10 minutes at most.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise TelephoneFormatError(_EMPTY)
        rate, channels, bits, start, promised = _walk(file)
    if (rate, channels, bits) != (RATE, 1, 16):
        found = f"{rate} Hz {_CHANNELS.get(channels, f'{channels} channels')}"
        if (rate, channels) == (RATE, 1):
            found += f" {bits}-bit"
        raise TelephoneFormatError.because(found, path.name)
    return WavHeader(rate, channels, bits, _seconds_on_disk(promised, size - start))


def _seconds_on_disk(promised: int, there: int) -> float:
    """Length of `promised` bytes of sound, of which `there` are in the file."""
    seconds = promised / (2 * RATE)
    fault = None
    if promised == 0:
        fault = _NO_SOUND
    elif promised > there:
        missing = (promised - there) / (2 * RATE)
        fault = f"cut short: the last {missing:.1f} s are missing; copy it again"
    elif seconds > LONGEST_SECONDS:
        fault = f"{seconds / 60:.0f} minutes long; 10 minutes at most"
    if fault:
        raise TelephoneFormatError(fault)
    return seconds


def _walk(file: BinaryIO) -> tuple[int, int, int, int, int]:
    """Rate, channels, bits, where the samples start, and how many bytes the header promises."""
    riff = file.read(12)
    if len(riff) < 12 or riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
        raise TelephoneFormatError.because(_NOT_WAV, file.name)
    found: tuple[int, int, int] | None = None
    while len(head := file.read(_CHUNK.size)) == _CHUNK.size:
        name, length = _CHUNK.unpack(head)
        if name == b"data":
            if found is None:
                raise TelephoneFormatError.because(_NOT_WAV, file.name)
            return *found, file.tell(), length
        if name == b"fmt ":
            found = _read_format(file.read(length), file)
        else:
            file.seek(length, os.SEEK_CUR)
        file.seek(length % 2, os.SEEK_CUR)  # chunks begin on even places
    raise TelephoneFormatError(_NO_SOUND)


def _read_format(body: bytes, file: BinaryIO) -> tuple[int, int, int]:
    if len(body) < _FORMAT.size:
        raise TelephoneFormatError.because(_NOT_WAV, file.name)
    kind, channels, rate, _, _, bits = _FORMAT.unpack_from(body)
    if kind != _PCM:
        raise TelephoneFormatError.because(_NOT_PCM, file.name)
    return rate, channels, bits


def read_samples(path: Path) -> array[int]:
    """The samples of a telephone recording (see `read_header` for what is refused)."""
    read_header(path)
    with wave.open(str(path), "rb") as recording:
        return samples_from_bytes(recording.readframes(recording.getnframes()))


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

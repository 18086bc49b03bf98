"""Any WAV file as mono 16-bit samples, without another program."""

from __future__ import annotations

import math
import sys
import warnings
from array import array
from pathlib import Path
from types import ModuleType

from ivr.audio.riff import A_LAW, FLOAT, MU_LAW, PCM, NoSoundError, NotWavError, Riff, read_riff
from ivr.audio.wav import samples_from_bytes
from ivr.regular_file import open_regular

_FULL = 32767
_WIDTHS = {8: 1, 16: 2, 24: 3, 32: 4}
_RATES = range(1000, 400_001)
_CHANNELS = range(1, 65)


def decode_wav(path: Path) -> tuple[array[int], int] | None:
    """Samples and rate; None where this is no WAV file, or holds a codec that needs another program.

    Half a sample at the end is dropped: nobody hears it.

    Raises:
        ValueError: it is one and cannot be right; the text says why.
    """
    with open_regular(path) as file:
        try:
            riff = read_riff(file)
        except NoSoundError:
            message = "a header without sound; record it again"
            raise ValueError(message) from None
        except NotWavError:
            return None
        if riff.kind not in {PCM, FLOAT, A_LAW, MU_LAW}:
            return None
        width = _width(riff)
        if riff.missing:
            message = f"cut short: {riff.missing} bytes of the sound are missing; copy it again"
            raise ValueError(message)
        file.seek(riff.start)
        sound = file.read(riff.length - riff.length % (width * riff.channels))
    return mono(_sixteen_bit(sound, riff, width), riff.channels), riff.rate


def _width(riff: Riff) -> int:
    """Bytes of a sample. Raises ValueError for a form that no recorder writes."""
    known = {PCM: _WIDTHS, FLOAT: {32: 4, 64: 8}, A_LAW: {8: 1}, MU_LAW: {8: 1}}[riff.kind]
    if riff.bits not in known or riff.rate not in _RATES or riff.channels not in _CHANNELS:
        message = f"{riff.rate} Hz, {riff.channels} channels, {riff.bits} bits: no recorder writes this; save it anew"
        raise ValueError(message)
    return known[riff.bits]


def _sixteen_bit(sound: bytes, riff: Riff, width: int) -> array[int]:
    audioop = _audioop()
    if riff.kind == FLOAT:
        return _from_float(sound, width)
    if riff.kind == A_LAW:
        sound = audioop.alaw2lin(sound, 2)
    elif riff.kind == MU_LAW:
        sound = audioop.ulaw2lin(sound, 2)
    elif width == 1:
        sound = audioop.lin2lin(audioop.bias(sound, 1, 128), 1, 2)  # 8-bit samples have no sign
    elif width != 2:
        sound = audioop.lin2lin(sound, width, 2)
    return samples_from_bytes(sound) if riff.kind == PCM and width == 2 else _native(sound)


def _native(sound: bytes) -> array[int]:
    samples = array("h")
    samples.frombytes(sound)
    return samples


def _from_float(sound: bytes, width: int) -> array[int]:
    """Full scale is 1.0; what is louder, or no number, is kept within what 16 bits hold."""
    values = array("f" if width == 4 else "d")
    values.frombytes(sound)
    if sys.byteorder == "big":
        values.byteswap()
    return array("h", (_clipped(value) for value in values))


def _clipped(value: float) -> int:
    if math.isnan(value):
        return 0
    return round(max(-1.0, min(1.0, value)) * _FULL)


def mono(samples: array[int], channels: int) -> array[int]:
    """The mean of the channels of interleaved samples."""
    if channels == 1:
        return samples
    rows = zip(*(samples[channel::channels] for channel in range(channels)), strict=True)
    return array("h", (sum(row) // channels for row in rows))


def _audioop() -> ModuleType:
    """The standard library's, or what replaces it; it warns of its own end while it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import audioop  # noqa: PLC0415 - see above

    return audioop

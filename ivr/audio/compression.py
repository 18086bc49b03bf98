"""What else recorders write: WAV with ADPCM, FLAC, MP3, Ogg Vorbis, AIFF. miniaudio reads it, and no other program."""

from __future__ import annotations

from array import array
from pathlib import Path

from ivr.audio.decoding import mono
from ivr.audio.riff import IMA_ADPCM, MS_ADPCM, NotWavError, read_riff
from ivr.regular_file import open_regular, read_regular

_HEAD_BYTES = 12
_KINDS = {b"fLaC": "flac", b"OggS": "vorbis", b"ID3": "mp3", b"FORM": "wav"}
"""By a file's first bytes, who reads it; AIFF (`FORM`) is read by the reader of WAV."""


def decode_compressed(path: Path, longest_seconds: float) -> tuple[array[int], int] | None:
    """Mono 16-bit samples and their rate; None where nothing here reads such a file.

    Raises:
        ValueError: it is one, and is too long, or cannot be right; the text says why.
    """
    kind = _kind(path)
    if kind is None:
        return None
    import miniaudio  # noqa: PLC0415 - only an import of a recording needs it, and no server

    content = read_regular(path)
    try:
        seconds = getattr(miniaudio, f"{kind}_get_info")(content).duration
        if seconds > longest_seconds:
            message = f"{seconds / 60:.0f} minutes long; {longest_seconds / 60:.0f} minutes at most"
            raise ValueError(message)
        read = {
            "flac": miniaudio.flac_read_s16,
            "vorbis": miniaudio.vorbis_read,
            "mp3": miniaudio.mp3_read_s16,
            "wav": miniaudio.wav_read_s16,
        }[kind](content)
    except miniaudio.DecodeError:
        return None
    return mono(array("h", read.samples), read.nchannels), read.sample_rate


def _kind(path: Path) -> str | None:
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
        for name, kind in _KINDS.items():
            if head.startswith(name):
                return kind
        if head[:1] == b"\xff" and head[1:2] >= b"\xe0":  # the beginning of a frame of MP3
            return "mp3"
        try:
            riff = read_riff(file)
        except NotWavError:
            return None
    if riff.missing and riff.kind in {MS_ADPCM, IMA_ADPCM}:
        message = f"cut short: {riff.missing} bytes of the sound are missing; copy it again"
        raise ValueError(message)
    return "wav" if riff.kind in {MS_ADPCM, IMA_ADPCM} else None

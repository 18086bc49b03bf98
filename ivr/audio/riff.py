"""The chunks of a WAV file, whoever wrote it: what the sound is, and where it lies in the file.

The one reader of the house: what a server plays, what `ivr check` says and what `ivr prompts import` takes rest on it.
Recorders write notes in front of the sound (`bext`, `iXML`, `LIST`), leave out the byte that pads an odd chunk, or
do not come back to fill in how long the sound is; all that is read here.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

PCM, FLOAT, A_LAW, MU_LAW = 0x0001, 0x0003, 0x0006, 0x0007
MS_ADPCM, IMA_ADPCM = 0x0002, 0x0011
_EXTENSIBLE = 0xFFFE

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_SUBFORMAT_AT = 24
_LARGEST_FORMAT = 4096
_FILLED_IN_LATER = 0xFFFF_FFFF
_NAMES = range(0x20, 0x7F)


class NotWavError(ValueError):
    """These bytes are no WAV file, or end before its sound."""


class NoSoundError(NotWavError):
    """A WAV file that ends before its sound begins."""


@dataclass(frozen=True, slots=True)
class Riff:
    """The sound of a WAV file: `start` and `length` in bytes; `promised` is what its header says.

    `kind` is the codec (`PCM`, `FLOAT`, `A_LAW`, `MU_LAW` or another's number). `is_plain`: as
    Asterisk's own reader wants it, which knows no padding, no extensible format, and nothing in front of the format.
    `notes` are the bytes of the chunks that stand before the sound.
    """

    kind: int
    channels: int
    rate: int
    bits: int
    start: int
    promised: int
    there: int
    notes: int
    is_plain: bool

    @property
    def length(self) -> int:
        """As many bytes as there are of those that are promised."""
        return self.there if self._is_open else min(self.promised, self.there)

    @property
    def missing(self) -> int:
        """Bytes that are promised and not there."""
        return 0 if self._is_open else max(0, self.promised - self.there)

    @property
    def _is_open(self) -> bool:
        """A recorder that never came back to write the length: the sound goes on to the end of the file."""
        return self.promised == _FILLED_IN_LATER or (self.promised == 0 and self.there > 1)


@dataclass(slots=True)
class _Seen:
    """What stood before the sound."""

    form: tuple[int, int, int, int] | None = None
    notes: int = 0
    is_plain: bool = True


def read_riff(file: BinaryIO) -> Riff:
    """Raises NotWavError where there is no sound to be found."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    head = file.read(12)
    if len(head) < 12 or head[:4] not in {b"RIFF", b"RF64"} or head[8:] != b"WAVE":
        raise NotWavError
    seen = _Seen(is_plain=head[:4] == b"RIFF")
    while len(head := file.read(_CHUNK.size)) == _CHUNK.size:
        name, length = _CHUNK.unpack(head)
        if name == b"data":
            if seen.form is None:
                raise NotWavError
            start = file.tell()
            return Riff(*seen.form, start, length, size - start, seen.notes, seen.is_plain)
        _take(name, length, file, seen)
    raise NoSoundError


def _take(name: bytes, length: int, file: BinaryIO, seen: _Seen) -> None:
    """Read one chunk and stand behind it."""
    start = file.tell()
    if name == b"fmt ":
        body = file.read(min(length, _LARGEST_FORMAT))
        seen.form, is_plain = _form(body)
        seen.is_plain &= is_plain
    else:
        seen.notes += length + _CHUNK.size
        seen.is_plain &= seen.form is not None and length % 2 == 0
    file.seek(start + length)
    if length % 2 and not _begins_a_chunk(file):
        file.seek(start + length + 1)


def _begins_a_chunk(file: BinaryIO) -> bool:
    """The byte that pads a chunk of odd length was left out: here the next chunk's name stands already."""
    at = file.tell()
    name = file.read(4)
    file.seek(at)
    return len(name) == 4 and all(octet in _NAMES for octet in name)


def _form(body: bytes) -> tuple[tuple[int, int, int, int], bool]:
    if len(body) < _FORMAT.size:
        raise NotWavError
    kind, channels, rate, _, _, bits = _FORMAT.unpack_from(body)
    if kind == _EXTENSIBLE and len(body) >= _SUBFORMAT_AT + 2:
        (inner,) = struct.unpack_from("<H", body, _SUBFORMAT_AT)
        return (inner, channels, rate, bits), False
    return (kind, channels, rate, bits), True

"""A person's recording, in whatever format it came, becomes a prompt."""

from __future__ import annotations

import struct
import warnings
import wave
from array import array
from pathlib import Path

from ivr.audio.compression import decode_compressed
from ivr.audio.decoding import decode_wav
from ivr.audio.mastering import master
from ivr.audio.script import LANGUAGE
from ivr.audio.stand_ins import read_stand_ins, recording_path, write_stand_ins
from ivr.audio.wav import LONGEST_SECONDS, write_recording
from ivr.errors import ProgramMissing, PromptRefused
from ivr.regular_file import open_regular
from ivr.rules.values.plain import PROMPT_NAME

# Ten minutes of 24-bit stereo at 48 kHz are 173 MB, and pydub holds all of it in memory.
_LARGEST_BYTES = 256 * 1024 * 1024
_FFMPEG = "ffmpeg"
_INSTEAD = (
    "Install the package ffmpeg, or save the recording as WAV (16-bit PCM), which needs no other "
    "program; neither do MP3, FLAC, Ogg Vorbis and AIFF"
)
_UNREADABLE = "not a recording that can be read, or cut short; save it as WAV (16-bit PCM)"
_BAD_BYTES = (EOFError, OSError, ValueError, LookupError, ZeroDivisionError)


def import_recording(source: Path, name: str, *, language: str, folder: Path) -> Path:
    """Make `source` the recording of prompt `name`: in telephone format, trimmed, levelled.

    Raises:
        PromptRefused: the file is no recording, or the name no prompt's; nothing has changed then.
        ProgramMissing: the format needs ffmpeg, and there is none.
    """
    if not PROMPT_NAME.fullmatch(name):
        raise PromptRefused(name, "not a prompt's name; use a-z, æøå, 0-9, _ and .")
    if not LANGUAGE.fullmatch(language):
        raise PromptRefused(language, "not a language; use a code such as nb or en")
    listed = read_stand_ins(folder)
    samples, rate = _decode(source)
    try:
        recording = master(samples, rate)
    except ValueError as fault:
        raise PromptRefused(str(source), str(fault)) from fault
    path = recording_path(folder, language, name)
    write_recording(path, recording)
    if listed.pop((language, name), None):
        write_stand_ins(folder, listed)
    return path


def _decode(source: Path) -> tuple[array[int], int]:
    """All samples as mono 16-bit, and their rate. What nothing of ours reads needs ffmpeg."""
    _look_at(source)
    try:
        read = decode_wav(source) or decode_compressed(source, LONGEST_SECONDS)
    except ValueError as fault:
        raise PromptRefused(str(source), str(fault)) from fault
    if read is not None:
        _refuse_long(source, len(read[0]) / read[1])
        return read
    with warnings.catch_warnings():
        # Imported late and in silence: it warns of ffmpeg, of audioop and of its own escapes.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment  # noqa: PLC0415 - see above
        from pydub.exceptions import CouldntDecodeError  # noqa: PLC0415 - see above
        from pydub.utils import audioop  # noqa: PLC0415 - audioop itself, or what replaces it

        try:
            with open_regular(source) as file:  # by path, pydub would leave the file open
                segment = AudioSegment.from_file(file, format=source.suffix[1:].lower() or None)
            mono = segment.set_sample_width(2).set_channels(1)
        except FileNotFoundError:
            raise ProgramMissing(_FFMPEG, f"to read {source.name}", _INSTEAD) from None
        except (CouldntDecodeError, audioop.error, wave.Error, struct.error, *_BAD_BYTES):
            raise PromptRefused(str(source), _UNREADABLE) from None
    _refuse_long(source, mono.duration_seconds)
    return mono.get_array_of_samples(), mono.frame_rate


def _refuse_long(source: Path, seconds: float) -> None:
    if seconds > LONGEST_SECONDS:
        raise PromptRefused(str(source), f"{seconds / 60:.0f} minutes long; 10 minutes at most")


def _look_at(source: Path) -> None:
    """Refuse what needs no decoder to be refused."""
    try:
        size = source.stat().st_size
    except OSError as fault:
        raise PromptRefused(str(source), f"cannot be read: {fault.strerror}") from fault
    if not source.is_file():
        raise PromptRefused(str(source), "not a file; name one recording")
    if size == 0:
        raise PromptRefused(str(source), "the file is empty; record it again")
    if size > _LARGEST_BYTES:
        raise PromptRefused(str(source), "larger than 256 MB; a prompt lasts 10 minutes at most")

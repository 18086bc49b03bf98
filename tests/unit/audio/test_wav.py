from __future__ import annotations

import os
import struct
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.audio.wav import TelephoneFormatError, read_header, read_samples, write_recording


def test_a_telephone_recording_tells_its_length(write_wav: Callable[..., Path]) -> None:
    path = write_wav("nb/welcome.wav", [1] * 4000)

    header = read_header(path)

    assert header.seconds == 0.5


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"rate": 44100, "channels": 2}, "44100 Hz stereo"),
        ({"rate": 16000}, "16000 Hz mono"),
        ({"rate": 48000, "channels": 6}, "48000 Hz 6 channels"),
        ({"bits": 24}, "8000 Hz mono 24-bit"),
    ],
)
def test_another_format_is_named_with_what_is_needed_and_the_command(
    write_wav: Callable[..., Path], form: dict[str, int], found: str
) -> None:
    path = write_wav("welcome.wav", **form)

    with pytest.raises(TelephoneFormatError) as refused:
        read_header(path)

    wanted = "need 8 kHz mono 16-bit (run: ivr prompts import welcome.wav)"
    assert str(refused.value) == f"{found}; {wanted}"


@pytest.mark.parametrize(
    ("keep", "text"),
    [
        (0, "the file is empty"),
        (7, "not a WAV file"),
        (30, "not a WAV file"),
        (40, "a header without sound"),
        (44, "cut short: the last 1.0 s are missing"),
        (44 + 8000, "cut short: the last 0.5 s are missing"),
    ],
)
def test_a_file_cut_short_says_so(write_wav: Callable[..., Path], keep: int, text: str) -> None:
    path = write_wav("welcome.wav", [1] * 8000)
    os.truncate(path, keep)

    with pytest.raises(TelephoneFormatError, match=text):
        read_header(path)


def test_a_header_that_promises_nothing_is_no_recording(write_wav: Callable[..., Path]) -> None:
    path = write_wav("welcome.wav", [])

    with pytest.raises(TelephoneFormatError, match="a header without sound"):
        read_header(path)


def test_more_than_ten_minutes_are_refused_without_being_read(
    write_wav: Callable[..., Path],
) -> None:
    path = write_wav("welcome.wav", [])
    length = 660 * 16000
    with path.open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", length))
        file.truncate(44 + length)  # a hole on disk, not ten megabytes

    with pytest.raises(TelephoneFormatError, match="11 minutes long; 10 minutes at most"):
        read_header(path)


@pytest.mark.parametrize("kind", [3, 7, 0xFFFE])
def test_pcm_that_asterisk_would_refuse_is_refused_here(
    write_wav: Callable[..., Path], kind: int
) -> None:
    path = write_wav("welcome.wav")
    with path.open("r+b") as file:
        file.seek(20)
        file.write(struct.pack("<H", kind))

    with pytest.raises(TelephoneFormatError, match="WAV, but not plain PCM"):
        read_header(path)


@pytest.mark.parametrize(
    ("title", "says"),
    [
        (b"heia", None),
        (b"hei", "laid out as Asterisk does not read it"),
        (b"n" * 600, "notes before"),
    ],
)
def test_title_before_the_sound_is_let_be_where_asterisk_plays_all_the_same(
    tmp_path: Path, title: bytes, says: str | None
) -> None:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    note = struct.pack("<4sI", b"LIST", len(title)) + title + b"\0" * (len(title) % 2)
    sound = struct.pack("<4sI", b"data", 1600) + bytes(1600)
    path = tmp_path / "welcome.wav"
    body = b"WAVE" + form + note + sound
    path.write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)

    if says is None:
        assert read_header(path).seconds == 0.1
    else:
        with pytest.raises(TelephoneFormatError, match=f"{says}.*run: ivr prompts import"):
            read_header(path)


@pytest.mark.parametrize("noise", [b"hello", bytes(64), b"RIFF" + bytes(40), b"\xff" * 5000])
def test_garbage_is_refused_in_words(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "welcome.wav"
    path.write_bytes(noise)

    with pytest.raises(TelephoneFormatError, match="not a WAV file"):
        read_header(path)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "nb" / "welcome.wav"
    samples = array("h", [0, 1, -1, 32767, -32768])

    write_recording(path, samples)

    assert read_samples(path) == samples
    assert [found.name for found in path.parent.iterdir()] == ["welcome.wav"]


def test_a_write_that_fails_leaves_the_old_recording_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "welcome.wav"
    write_recording(path, array("h", [1, 2, 3]))

    with pytest.raises(OverflowError):
        write_recording(path, [99999])  # type: ignore[arg-type] # a sample that does not fit

    assert read_samples(path) == array("h", [1, 2, 3])
    assert list(tmp_path.iterdir()) == [path]

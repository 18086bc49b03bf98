"""Any WAV file is read, whatever its form and whoever wrote it; what is none is refused in words."""

from __future__ import annotations

import contextlib
import math
import struct
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.audio.decoding import decode_wav
from ivr.audio.importing import import_recording
from ivr.audio.riff import NotWavError, read_riff
from ivr.audio.wav import TelephoneFormatError, read_header, read_samples
from ivr.errors import PromptRefused

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
SINE = [math.sin(2 * math.pi * 440 * n / 8000) * 0.5 for n in range(1600)]
PACKED: dict[tuple[int, int], Callable[[float], bytes]] = {
    (PCM, 8): lambda value: struct.pack("<B", round(value * 127) + 128),
    (PCM, 16): lambda value: struct.pack("<h", round(value * 32767)),
    (PCM, 24): lambda value: round(value * 8388607).to_bytes(3, "little", signed=True),
    (PCM, 32): lambda value: struct.pack("<i", round(value * 2147483647)),
    (FLOAT, 32): lambda value: struct.pack("<f", value),
    (FLOAT, 64): lambda value: struct.pack("<d", value),
}


def chunk(name: bytes, body: bytes, *, pads: bool = True) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (pads and len(body) % 2)


def form(kind: int, channels: int, rate: int, bits: int, *, extensible: bool = False) -> bytes:
    block = channels * bits // 8
    shown = EXTENSIBLE if extensible else kind
    body = struct.pack("<HHIIHH", shown, channels, rate, rate * block, block, bits)
    if extensible:
        body += struct.pack("<HHIH", 22, bits, 0, kind) + bytes(14)
    return chunk(b"fmt ", body)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


NOTES = st.lists(
    st.tuples(st.sampled_from([b"LIST", b"bext", b"iXML", b"id3 "]), st.binary(max_size=700)),
    max_size=3,
)


@settings(deadline=None)  # files are written; a disk takes its time
@given(
    how=st.sampled_from(sorted(PACKED)),
    channels=st.integers(1, 6),
    extensible=st.booleans(),
    before=NOTES,
    between=NOTES,
    after=NOTES,
    half=st.booleans(),
)
def test_every_form_and_every_note_round_it_gives_the_same_sound(  # noqa: PLR0917 - drawn one by one
    how: tuple[int, int],
    channels: int,
    extensible: bool,
    before: list[tuple[bytes, bytes]],
    between: list[tuple[bytes, bytes]],
    after: list[tuple[bytes, bytes]],
    half: bool,
) -> None:
    kind, bits = how
    sound = b"".join(PACKED[how](value) * channels for value in SINE) + b"\1" * half
    written = riff(
        *(chunk(*note) for note in before),
        form(kind, channels, 8000, bits, extensible=extensible),
        *(chunk(*note) for note in between),
        chunk(b"data", sound),
        *(chunk(*note) for note in after),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.wav"
        path.write_bytes(written)

        decoded = decode_wav(path)
        played = as_asterisk_plays(path)

    assert decoded is not None
    samples, rate = decoded
    assert rate == 8000
    assert len(samples) == len(sound) // (channels * bits // 8)
    assert all(abs(one - value * 32767) < 400 for one, value in zip(samples, SINE, strict=False))
    assert played in {"run: ivr prompts import any.wav", tuple(samples)}


def as_asterisk_plays(path: Path) -> tuple[int, ...] | str:
    """The samples, or what the refusal advises."""
    try:
        return tuple(read_samples(path))
    except TelephoneFormatError as refused:
        return str(refused).replace("(", "; ").rstrip(")").rpartition("; ")[2]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.wav"
        for written in (noise, b"RIFF\x24\0\0\0WAVE" + noise, riff(form(PCM, 1, 8000, 16), noise)):
            path.write_bytes(written)
            for read in (read_header, decode_wav):
                with contextlib.suppress(ValueError):
                    read(path)


def test_chunk_of_odd_length_without_its_padding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(
        riff(form(PCM, 1, 8000, 16), chunk(b"LIST", b"odd", pads=False), chunk(b"data", b"\1\0"))
    )

    assert decode_wav(path) == (array("h", [1]), 8000)


@pytest.mark.parametrize("promised", [0, 0xFFFFFFFF])
def test_recorder_that_never_wrote_the_length_is_read_to_the_end_of_the_file(
    tmp_path: Path, promised: int
) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(
        riff(form(PCM, 1, 8000, 16), b"data" + struct.pack("<I", promised) + b"\1\0\2\0")
    )

    assert decode_wav(path) == (array("h", [1, 2]), 8000)
    with pytest.raises(TelephoneFormatError, match="run: ivr prompts import"):
        read_header(path)


@pytest.mark.parametrize("kind", [A_LAW, MU_LAW])
def test_sound_of_telephones_is_read(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(riff(form(kind, 1, 8000, 8), chunk(b"data", bytes(range(256)) * 4)))

    decoded = decode_wav(path)

    assert decoded is not None
    assert max(decoded[0]) > 30_000


@pytest.mark.parametrize(("channels", "rate", "bits"), [(0, 8000, 16), (1, 0, 16), (1, 8000, 12)])
def test_form_that_no_recorder_writes_is_refused_in_words(
    tmp_path: Path, channels: int, rate: int, bits: int
) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(riff(form(PCM, channels, rate, bits), chunk(b"data", bytes(100))))

    with pytest.raises(PromptRefused, match="no recorder writes this"):
        import_recording(path, "welcome", language="nb", folder=tmp_path / "prompts")


def test_file_that_ends_in_its_format_is_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0")

    with path.open("rb") as file, pytest.raises(NotWavError):
        read_riff(file)

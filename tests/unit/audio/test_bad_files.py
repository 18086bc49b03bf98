"""Every kind of bad recording that people bring, as it is told when it lies in the folder, and when it is imported."""

from __future__ import annotations

import math
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.audio.importing import import_recording
from ivr.audio.inspection import inspect
from ivr.audio.riff import A_LAW, PCM
from ivr.audio.wav import read_header, read_samples
from ivr.errors import PromptRefused

SHIPPED = Path(__file__).parents[3] / "prompts" / "nb" / "goodbye.wav"
SOUNDS = Path(__file__).parents[2] / "data" / "sounds"
VOICE = SHIPPED.read_bytes()
SOUND = VOICE[44:]


def chunk(name: bytes, content: bytes, promised: int | None = None) -> bytes:
    size = len(content) if promised is None else promised
    return name + struct.pack("<I", size) + content


def wav(
    sound: bytes,
    *,
    rate: int = 8000,
    channels: int = 1,
    bits: int = 16,
    kind: int = PCM,
    promised: int | None = None,
    before: bytes = b"",
) -> bytes:
    wide = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * wide, wide, bits)
    body = b"WAVE" + chunk(b"fmt ", form) + before + chunk(b"data", sound, promised)
    return chunk(b"RIFF", body)


def samples(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


def sine(peak: float, offset: int = 0) -> list[int]:
    full = (round(peak * math.sin(n / 5)) + offset for n in range(16_000))
    return [max(-32768, min(32767, value)) for value in full]


def studio() -> bytes:
    """44.1 kHz, stereo, 24 bits."""
    one = b"".join((value << 8).to_bytes(3, "little", signed=True) * 2 for value in sine(9000))
    return wav(one, rate=44_100, channels=2, bits=24)


@dataclass(frozen=True)
class BadFile:
    """`told` is what `ivr prompts check` says of it; `refused` what an import says, None where it mends it."""

    make: Callable[[], bytes]
    told: str
    refused: str | None = None


KINDS = {
    "of no bytes": BadFile(lambda: b"", "the file is empty", "the file is empty"),
    "a header only": BadFile(lambda: wav(b""), "a header without sound", "nothing can be heard"),
    "with too great a length": BadFile(
        lambda: wav(SOUND, promised=len(SOUND) + 8000), "cut short: the last 0.5 s", "cut short"
    ),
    "44.1 kHz stereo 24-bit": BadFile(
        studio, "44100 Hz stereo; need 8 kHz mono 16-bit (run: ivr prompts import"
    ),
    "an mp3 named wav": BadFile((SOUNDS / "tone.mp3").read_bytes, "not a WAV file"),
    "truncated": BadFile(lambda: VOICE[: len(VOICE) // 2], "cut short", "cut short"),
    "silence": BadFile(lambda: wav(bytes(32_000)), "nothing can be heard", "nothing"),
    "distorted": BadFile(lambda: wav(samples(sine(90_000))), "turned up too far"),
    "off its middle": BadFile(lambda: wav(samples(sine(6000, 4000))), "stands off its middle"),
    "with a LIST of 2 GB": BadFile(
        lambda: wav(SOUND, before=b"LIST" + struct.pack("<I", 2**31 - 2)),
        "a header without sound",
        "a header without sound",
    ),
    "A-law in WAV": BadFile(
        lambda: wav(b"\xd5\x80" * 8000, bits=8, kind=A_LAW), "WAV, but not plain PCM"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_in_the_folder_is_told_with_what_to_do(tmp_path: Path, kind: str) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "welcome.wav").write_bytes(KINDS[kind].make())

    inspection = inspect(tmp_path)

    told = [str(one) for one in (*inspection.faults, *inspection.warnings)]
    of_it = [text for text in told if text.startswith("nb/welcome.wav: ")]
    assert of_it, told
    assert KINDS[kind].told in of_it[0]
    assert "; " in of_it[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_mended_by_the_import_or_refused_and_changes_nothing(
    tmp_path: Path, kind: str
) -> None:
    source, folder = tmp_path / "take 3.wav", tmp_path / "prompts"
    source.write_bytes(KINDS[kind].make())
    (folder / "nb").mkdir(parents=True)
    shutil.copy(SHIPPED, folder / "nb" / "welcome.wav")

    refused = KINDS[kind].refused
    if refused is not None:
        with pytest.raises(PromptRefused, match=refused):
            import_recording(source, "welcome", language="nb", folder=folder)
        assert (folder / "nb" / "welcome.wav").read_bytes() == VOICE
        return
    path = import_recording(source, "welcome", language="nb", folder=folder)
    assert read_header(path).seconds > 0.3
    made = read_samples(path)
    assert abs(sum(made)) / len(made) < 100
    assert max(made) < 32_000
    assert source.exists()


def test_three_hours_are_refused_without_being_decoded(tmp_path: Path) -> None:
    source = tmp_path / "meeting.wav"
    seconds = 3 * 3600
    with source.open("wb") as file:
        file.write(wav(b"", promised=seconds * 16_000))
        file.truncate(44 + seconds * 16_000)
    (tmp_path / "nb").mkdir()
    source.rename(tmp_path / "nb" / "meeting.wav")

    (fault,) = inspect(tmp_path).faults
    assert str(fault) == "nb/meeting.wav: 180 minutes long; 10 minutes at most"
    with pytest.raises(PromptRefused, match="180 minutes long; 10 minutes at most"):
        import_recording(tmp_path / "nb" / "meeting.wav", "welcome", language="nb", folder=tmp_path)

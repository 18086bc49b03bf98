"""What recorders write besides plain WAV is read without another program, or refused with what to do."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ivr.audio.compression import decode_compressed
from ivr.audio.importing import import_recording
from ivr.audio.mastering import SPEECH_DBFS, measure
from ivr.audio.wav import read_samples
from ivr.errors import ProgramMissing, PromptRefused

SOUNDS = Path(__file__).parents[2] / "data" / "sounds"
LONG = 600.0
FULL = 32767


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("ima_adpcm.wav", 0.5),
        ("ima_adpcm_stereo.wav", 0.375),
        ("ms_adpcm.wav", 0.5),
        ("tone.flac", 0.5),
        ("stereo.flac", 0.375),
        ("tone.ogg", 0.5),
        ("tone.mp3", 0.5),
        ("tone.aiff", 0.5),
    ],
)
def test_each_form_is_read_and_imported(tmp_path: Path, name: str, level: float) -> None:
    read = decode_compressed(SOUNDS / name, LONG)

    assert read is not None
    samples, rate = read
    middle = samples[len(samples) // 4 : len(samples) // 2]
    periods = sum(before < 0 <= after for before, after in pairwise(middle))
    assert rate == 8000
    assert len(samples) / rate == pytest.approx(0.5, abs=0.15)
    assert max(middle) / FULL == pytest.approx(level, abs=0.08)
    assert periods * rate / len(middle) == pytest.approx(440, abs=10)
    imported = import_recording(SOUNDS / name, "welcome", language="nb", folder=tmp_path)
    assert measure(read_samples(imported)).speech == pytest.approx(SPEECH_DBFS, abs=0.6)


@pytest.mark.parametrize("name", ["gsm.wav", "g721.wav", "tone.opus"])
def test_what_nothing_here_reads_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        ProgramMissing, match=rf"{name}\. Install the package ffmpeg, or save .* WAV"
    ):
        import_recording(SOUNDS / name, "welcome", language="nb", folder=tmp_path / "prompts")


def test_more_than_ten_minutes_are_refused_before_they_are_read() -> None:
    for name in ("tone.flac", "tone.ogg", "tone.mp3", "ms_adpcm.wav"):
        with pytest.raises(ValueError, match="minutes at most"):
            decode_compressed(SOUNDS / name, 0.1)


@pytest.mark.parametrize(
    "name", ["ima_adpcm.wav", "ms_adpcm.wav", "tone.flac", "tone.ogg", "tone.mp3", "tone.aiff"]
)
@pytest.mark.parametrize("part", [0, 4, 20, 60, 300, 600])
def test_half_a_file_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: int
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    cut = tmp_path / name
    cut.write_bytes((SOUNDS / name).read_bytes()[:part])

    with pytest.raises((PromptRefused, ProgramMissing)):
        import_recording(cut, "welcome", language="nb", folder=tmp_path / "prompts")

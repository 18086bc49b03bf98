from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.audio.importing import import_recording
from ivr.audio.mastering import SPEECH_DBFS, measure
from ivr.audio.stand_ins import StandIn, read_stand_ins, write_stand_ins
from ivr.audio.wav import read_samples
from ivr.errors import ProgramMissing, PromptRefused

WriteWav = Callable[..., Path]


@pytest.mark.parametrize(
    "form",
    [
        {"rate": 44100, "channels": 2},
        {"rate": 48000, "bits": 24},
        {"rate": 8000},
        {"rate": 16000, "channels": 2, "bits": 32},
    ],
)
def test_what_a_person_recorded_becomes_a_telephone_recording(
    tmp_path: Path, write_wav: WriteWav, make_tone: Callable[..., list[int]], form: dict[str, int]
) -> None:
    recorded = make_tone(0.3, rate=form["rate"], dbfs=-30, lead=0.4, tail=0.3)
    source = write_wav("from the studio.WAV", recorded, **form)

    path = import_recording(source, "main.choices", language="nb", folder=tmp_path / "prompts")

    mastered = measure(read_samples(path))
    assert path == tmp_path / "prompts" / "nb" / "main.choices.wav"
    assert mastered.speech == pytest.approx(SPEECH_DBFS, abs=0.6)
    assert mastered.leading <= 0.05
    assert 0.3 <= mastered.seconds <= 0.5
    assert source.exists()


def test_the_prompt_is_no_stand_in_any_more(tmp_path: Path, write_wav: WriteWav) -> None:
    write_stand_ins(
        tmp_path, {("nb", "welcome"): StandIn("a", "b"), ("en", "welcome"): StandIn("c", "d")}
    )

    import_recording(write_wav("mine.wav"), "welcome", language="nb", folder=tmp_path)

    assert list(read_stand_ins(tmp_path)) == [("en", "welcome")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty; record it again"),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0", "16-bit PCM"),
        (b"not a sound" * 400, "16-bit PCM"),
    ],
)
def test_garbage_changes_nothing(
    tmp_path: Path, write_wav: WriteWav, content: bytes, says: str
) -> None:
    old = write_wav("nb/welcome.wav")
    kept = old.read_bytes()
    source = tmp_path / "mine.wav"
    source.write_bytes(content)

    with pytest.raises((PromptRefused, ProgramMissing), match=says):
        import_recording(source, "welcome", language="nb", folder=tmp_path)

    assert old.read_bytes() == kept


def test_half_a_file_is_refused(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav("mine.wav", rate=44100, channels=2)
    source.write_bytes(source.read_bytes()[:20001])

    with pytest.raises(PromptRefused, match="cut short"):
        import_recording(source, "welcome", language="nb", folder=tmp_path)


def test_silence_is_refused(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav("mine.wav", [0] * 8000)

    with pytest.raises(PromptRefused, match="nothing can be heard"):
        import_recording(source, "welcome", language="nb", folder=tmp_path)


def test_without_ffmpeg_an_mp3_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = tmp_path / "mine.mp3"
    source.write_bytes(b"\xff\xfb\x90\0" * 200)

    with pytest.raises(ProgramMissing, match=r"Install the package ffmpeg, or save .* as WAV"):
        import_recording(source, "welcome", language="nb", folder=tmp_path)


@pytest.mark.parametrize(
    ("name", "language", "says"),
    [
        ("../welcome", "nb", "not a prompt's name"),
        ("Welcome", "nb", "not a prompt's name"),
        ("welcome.", "nb", "not a prompt's name"),
        ("welcome", "../nb", "not a language"),
        ("welcome", "music", "not a language"),
    ],
)
def test_a_name_is_never_a_path(
    tmp_path: Path, write_wav: WriteWav, name: str, language: str, says: str
) -> None:
    with pytest.raises(PromptRefused, match=says):
        import_recording(write_wav("mine.wav"), name, language=language, folder=tmp_path)


def test_what_is_not_there_or_no_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PromptRefused, match="cannot be read: No such file"):
        import_recording(tmp_path / "mine.wav", "welcome", language="nb", folder=tmp_path)
    with pytest.raises(PromptRefused, match="not a file"):
        import_recording(tmp_path, "welcome", language="nb", folder=tmp_path)


def test_nothing_but_an_import_loads_pydub() -> None:
    program = "import sys, ivr.audio.importing, ivr.audio.inspection; print('pydub' in sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )

    assert loaded.stdout == "False\n"

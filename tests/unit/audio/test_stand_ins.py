from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.audio.script import Reader, Script, ScriptLine, read_script
from ivr.audio.stand_ins import (
    lines_to_read,
    read_stand_ins,
    record_stand_ins,
    recording_path,
    write_stand_ins,
)
from ivr.audio.wav import read_header
from ivr.errors import ProgramMissing, PromptRefused

SPEAKER = """
import sys, wave
words = sys.stdin.buffer.read().decode()
arguments = sys.argv[1:]
if "fail" in words:
    sys.exit("no such voice")
with wave.open(arguments[arguments.index("-w") + 1], "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(16000)
    file.writeframes(b"\\0\\x20\\0\\xe0" * (400 + 100 * len(words)))
"""
SCRIPT = Script(
    lines=(
        ScriptLine("welcome", "nb", "Hei", "Hei"),
        ScriptLine("closed", "nb", "Stengt", "Stengt"),
    ),
    voices={"nb": Reader("nb", 140, 50)},
)


@pytest.fixture
def espeak(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A command that takes espeak-ng's arguments and hums as long as the words are."""
    program = tmp_path_factory.mktemp("bin") / "speak it.py"
    program.write_text(SPEAKER)
    return f"{shlex.quote(sys.executable)} -S {shlex.quote(str(program))}"


def test_what_has_no_recording_is_read_and_listed(tmp_path: Path, espeak: str) -> None:
    lines = lines_to_read(tmp_path, SCRIPT, again=False)

    written = record_stand_ins(tmp_path, SCRIPT, lines, espeak)

    assert written == [tmp_path / "nb/welcome.wav", tmp_path / "nb/closed.wav"]
    assert all(read_header(path).seconds > 0.05 for path in written)
    assert all(
        one.is_at(recording_path(tmp_path, *key)) for key, one in read_stand_ins(tmp_path).items()
    )
    assert lines_to_read(tmp_path, SCRIPT, again=False) == []


def test_a_persons_recording_is_never_read_again(
    tmp_path: Path, espeak: str, write_wav: Callable[..., Path]
) -> None:
    record_stand_ins(tmp_path, SCRIPT, SCRIPT.lines, espeak)
    write_wav("nb/welcome.wav", [1, 2, 3])

    again = lines_to_read(tmp_path, SCRIPT, again=True)

    assert [line.name for line in again] == ["closed"]
    assert not read_stand_ins(tmp_path)["nb", "welcome"].is_at(tmp_path / "nb/welcome.wav")


def test_a_stand_in_whose_words_have_changed_is_read_again(tmp_path: Path, espeak: str) -> None:
    record_stand_ins(tmp_path, SCRIPT, SCRIPT.lines, espeak)
    changed = ScriptLine("closed", "nb", "Vi har stengt", "Vi har stengt")
    script = Script((SCRIPT.lines[0], changed), SCRIPT.voices)

    assert lines_to_read(tmp_path, script, again=False) == [changed]


def test_without_espeak_the_error_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing) as missing:
        record_stand_ins(tmp_path, SCRIPT, SCRIPT.lines, str(tmp_path / "espeak-ng"))

    assert "install the package espeak-ng, or name it with --espeak or IVR_ESPEAK" in str(
        missing.value
    )
    assert list(tmp_path.iterdir()) == []


def test_a_speaker_that_fails_is_quoted(tmp_path: Path, espeak: str) -> None:
    with pytest.raises(PromptRefused, match="no such voice"):
        record_stand_ins(tmp_path, SCRIPT, [ScriptLine("welcome", "nb", "x", "fail")], espeak)


def test_a_language_without_a_voice_says_where_to_add_one(tmp_path: Path, espeak: str) -> None:
    with pytest.raises(PromptRefused, match="no voice for the language sv; add it to `voices:`"):
        record_stand_ins(tmp_path, SCRIPT, [ScriptLine("welcome", "sv", "Hej", "Hej")], espeak)


def test_no_list_is_an_empty_list(tmp_path: Path) -> None:
    assert read_stand_ins(tmp_path) == {}


@pytest.mark.parametrize("text", ["- a", "nb: x", "nb: {welcome: 3}", "nb: {welcome: {}}", "a: ["])
def test_a_list_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "stand-ins.yaml").write_text(text)

    with pytest.raises(PromptRefused, match="run: ivr prompts stand-ins --force"):
        read_stand_ins(tmp_path)


def test_the_list_is_written_as_it_is_read(tmp_path: Path, espeak: str) -> None:
    record_stand_ins(tmp_path, SCRIPT, SCRIPT.lines, espeak)
    listed = read_stand_ins(tmp_path)
    text = (tmp_path / "stand-ins.yaml").read_text()

    write_stand_ins(tmp_path, dict(reversed(listed.items())))

    assert (tmp_path / "stand-ins.yaml").read_text() == text


def test_the_shipped_script_has_a_voice_for_each_language() -> None:
    script = read_script(Path(__file__).parents[3] / "prompts")

    assert {line.language for line in script.lines} == set(script.voices) == {"nb", "en"}

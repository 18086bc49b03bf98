from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.script import Reader, ScriptLine, read_script
from ivr.errors import PromptRefused

VOICES = "voices: {nb: {voice: nb, speed: 140, pitch: 50}}\n"


def write(folder: Path, text: str) -> Path:
    (folder / "script.yaml").write_text(text, encoding="utf-8")
    return folder


def test_words_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        VOICES
        + """
prompts:
  welcome:
    when: first
    nb: Hei & velkommen
    en: {words: Hello Bergen, stand_in: Hello Bairgen}
  no: {nb: Nei}
""",
    )

    script = read_script(folder)

    assert script.lines == (
        ScriptLine("welcome", "nb", "Hei & velkommen", "Hei &amp; velkommen", "first"),
        ScriptLine("welcome", "en", "Hello Bergen", "Hello Bairgen", "first"),
        ScriptLine("no", "nb", "Nei", "Nei"),
    )
    assert script.voices == {"nb": Reader("nb", 140, 50)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write `voices:` and `prompts:`"),
        ("- a", "write `voices:` and `prompts:`"),
        ("a: [", "cannot be read"),
        (VOICES, "`prompts:` needs lines below it"),
        (VOICES + "prompts: {welcome: hei}", "`welcome:` needs lines below it"),
        (VOICES + "prompts: {../x: {nb: hei}}", "'../x' is not a prompt's name"),
        (VOICES + "prompts: {welcome: {nb: ''}}", "welcome: nb: write the words"),
        (VOICES + "prompts: {welcome: {nb: {word: hei}}}", "welcome: nb: write the words"),
        ("voices: {nb: nb}\nprompts: {welcome: {nb: hei}}", "voices: nb: write {voice: nb,"),
    ],
)
def test_a_wrong_script_says_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    folder = write(tmp_path, text)

    with pytest.raises(PromptRefused) as refused:
        read_script(folder)

    assert says in str(refused.value)
    assert "script.yaml" in str(refused.value)


def test_a_folder_without_a_script_says_so(tmp_path: Path) -> None:
    with pytest.raises(PromptRefused, match="there is no script"):
        read_script(tmp_path)

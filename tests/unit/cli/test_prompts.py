from __future__ import annotations

import json
import math
import shutil
import wave
from array import array
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.prompts import prompts

SHIPPED = Path(__file__).parents[3] / "prompts"
SCRIPT = """\
voices: {nb: {voice: nb, speed: 140, pitch: 50}}
prompts: {welcome: {nb: Hei}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped `welcome` in Norwegian, and a script of just that."""
    folder = tmp_path / "prompts"
    (folder / "nb").mkdir(parents=True)
    (folder / "script.yaml").write_text(SCRIPT)
    shutil.copy(SHIPPED / "nb" / "welcome.wav", folder / "nb")
    return folder


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """What a person would bring from a studio: 44.1 kHz, stereo."""
    path = tmp_path / "mine.wav"
    tone = [round(6000 * math.sin(index / 20)) for index in range(8820)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(array("h", [both for one in tone for both in (one, one)]).tobytes())
    return path


def run(*arguments: object) -> Result:
    return CliRunner(env={"IVR_ESPEAK": None}).invoke(prompts, [str(one) for one in arguments])


def test_check_lists_what_is_there_and_ends_with_a_count(folder: Path) -> None:
    result = run("check", folder)

    assert result.exit_code == 0
    assert result.output.splitlines()[0].startswith("nb/welcome.wav")
    assert (
        result.output.splitlines()[-1]
        == "1 recording, 0 stand-ins among them; 0 errors, 0 warnings"
    )


def test_check_exits_1_and_says_what_to_do_when_callers_would_miss_a_prompt(folder: Path) -> None:
    (folder / "nb" / "welcome.wav").write_bytes(b"")

    result = run("check", folder)

    assert result.exit_code == 1
    assert "error nb/welcome.wav: the file is empty; record it again" in result.output


def test_check_tells_a_program_the_same(folder: Path) -> None:
    (folder / "nb" / "closed.wav").write_bytes(b"")

    result = run("check", "--json", folder)

    facts = json.loads(result.output)
    assert result.exit_code == 1
    assert facts["ok"] is False
    assert facts["findings"] == [
        {
            "severity": "error",
            "file": "nb/closed.wav",
            "message": "the file is empty; record it again",
        }
    ]
    assert facts["recordings"][0]["name"] == "welcome"
    assert facts["recordings"][0]["stand_in"] is False


def test_check_of_no_folder_is_one_sentence(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere")

    assert result.exit_code == 1
    assert "there is no such folder of prompts" in result.output


def test_import_makes_a_recording_the_prompt(folder: Path, recording: Path) -> None:
    before = (folder / "nb" / "welcome.wav").read_bytes()

    result = run("import", recording, "welcome", "--language", "nb", "--into", folder)

    assert (result.exit_code, result.output) == (0, f"wrote {folder}/nb/welcome.wav\n")
    assert (folder / "nb" / "welcome.wav").read_bytes() != before
    assert run("check", folder).exit_code == 0


def test_import_doubts_a_name_that_the_script_does_not_have(folder: Path, recording: Path) -> None:
    result = run("import", recording, "wellcome", "--language", "no", "--into", folder)

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "warning no prompt of the script is called wellcome; did you mean welcome?",
        "warning nothing in the script is in language no",
    ]


def test_import_of_a_new_prompt_says_where_its_words_belong(folder: Path, recording: Path) -> None:
    result = run("import", recording, "storm.today", "--language", "nb", "--into", folder)

    assert result.stderr == (
        "warning no prompt of the script is called storm.today; if it is new, write what it says in "
        f"{folder / 'script.yaml'}: `ivr call` shows that\n"
    )


def test_import_of_garbage_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "mine.wav"
    empty.touch()

    result = run("import", empty, "welcome", "--language", "nb", "--into", folder)

    assert result.exit_code == 1
    assert result.output == f"Error: {empty}: the file is empty; record it again\n"


def test_stand_ins_has_nothing_to_do_when_all_is_recorded(folder: Path) -> None:
    result = run("stand-ins", folder, "--force", "--espeak", "/nowhere/espeak-ng")

    assert result.exit_code == 0
    assert result.output == "nothing to read: every prompt of the script has a recording\n"


def test_stand_ins_without_espeak_says_how_to_name_one(folder: Path) -> None:
    (folder / "nb" / "welcome.wav").unlink()

    result = run("stand-ins", folder, "--espeak", "/nowhere/espeak-ng")

    assert result.exit_code == 1
    assert "/nowhere/espeak-ng was not found" in result.output
    assert "--espeak or IVR_ESPEAK" in result.output


def test_import_into_a_place_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, recording: Path
) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "nb").write_text("a file where a folder should be")

    result = run("import", recording, "welcome", "--language", "nb", "--into", tmp_path / "prompts")

    assert result.exit_code == 1
    assert result.output == f"Error: {tmp_path}/prompts/nb: file exists\n"


def test_stand_ins_with_numbers_asks_the_machine_for_parts_that_an_older_script_lacks(
    folder: Path,
) -> None:
    result = run("stand-ins", folder, "--numbers", "--espeak", "/nowhere/espeak-ng")

    assert result.exit_code == 1
    assert "/nowhere/espeak-ng was not found" in result.output
    assert run("stand-ins", folder, "--espeak", "/nowhere/espeak-ng").exit_code == 0


def test_check_with_rules_tells_keys_that_the_words_leave_out(tmp_path: Path) -> None:
    prompts_folder = tmp_path / "prompts"
    shutil.copytree(SHIPPED, prompts_folder)
    script = prompts_folder / "script.yaml"
    script.write_text(script.read_text().replace("For invoices, press 3. ", ""))

    result = run("check", prompts_folder, "--rules", SHIPPED.parent / "routing_rules.yaml")

    told = [one for one in result.output.splitlines() if "key" in one and "warning" in one]
    assert len(told) == 1
    assert told[0].startswith("warning en/main.choices.wav: leaves out key 3 of menu main")

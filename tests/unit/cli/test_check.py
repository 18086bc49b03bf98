from __future__ import annotations

import json
from array import array
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.audio.wav import write_recording
from ivr.cli.check import check
from ivr.rules.lint.prompts import ENGINE_PROMPTS

CLEAN = "version: 1\nnumbers: {anything else: {to: hangup}}\n"
WITH_WARNING = "version: 1\nnumbers: {+47 55 30 10 00: {to: hangup}}\n"
WITH_ERROR = "version: 1\nnumbers: {anything else: {to: menu main}}\n"


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a history has to say is looked at in test_older.py."""
    monkeypatch.delenv("IVR_HOME", raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with prompts, where the command is run."""
    for name in ENGINE_PROMPTS:
        write_recording(
            tmp_path / "prompts" / "nb" / f"{name}.wav", array("h", [3000, -3000] * 400)
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, text: str, *options: str) -> Result:
    (folder / "routing_rules.yaml").write_text(text)
    return CliRunner().invoke(check, options)


def test_clean_rules_exit_0(folder: Path) -> None:
    result = run(folder, CLEAN)

    assert result.exit_code == 0
    assert result.output == "routing_rules.yaml: no errors, no warnings\n"


def test_numbers_outside_are_held_against_the_settings_beside_the_rules(folder: Path) -> None:
    rules = CLEAN + "phones: {vakt: {phone: 829 00 000, no_answer: hangup}}\n"
    assert "IVR636" not in run(folder, rules).output

    trunk = '[[trunk]]\nname = "telia"\naddresses = ["192.0.2.10"]\n'
    (folder / "ivr.toml").write_text(trunk)
    told = run(folder, rules).output

    assert "warning IVR636: the number of phone vakt is one that `outgoing.never`" in told
    assert "warning IVR638: calls out over trunk telia show no number" in told


def test_a_trunk_that_is_called_like_a_phone_of_the_rules_is_refused_with_its_line(
    folder: Path,
) -> None:
    rules = CLEAN + "agents: {telia: {phone: telia}}\n"
    (folder / "ivr.toml").write_text('[[trunk]]\nname = "telia"\naddresses = ["192.0.2.10"]\n')

    told = run(folder, rules)

    assert told.exit_code == 1
    assert "ivr.toml:2: setting trunk.telia.name" in f"{told.output}{told.exception}"


def test_errors_are_lines_with_place_code_and_advice_and_exit_1(folder: Path) -> None:
    result = run(folder, WITH_ERROR)

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "routing_rules.yaml:2:31: error IVR204: there is no menu called 'main'; "
        "write it below `menus`",
        "routing_rules.yaml: 1 error, no warnings",
    ]


@pytest.mark.parametrize(("options", "exit_code"), [((), 0), (("--strict",), 1)])
def test_warnings_exit_0_unless_strict(
    folder: Path, options: tuple[str, ...], exit_code: int
) -> None:
    result = run(folder, WITH_WARNING, *options)

    assert result.exit_code == exit_code
    assert "warning IVR610" in result.output
    assert result.output.endswith("no errors, 1 warning\n")


def test_json_has_the_fields_that_scripts_rely_on(folder: Path) -> None:
    result = run(folder, WITH_ERROR, "--format", "json")

    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "ok": False,
        "findings": [
            {
                "severity": "error",
                "code": "IVR204",
                "file": "routing_rules.yaml",
                "line": 2,
                "column": 31,
                "path": "numbers.anything else.to",
                "message": "there is no menu called 'main'",
                "hint": "write it below `menus`",
            }
        ],
    }


def test_json_of_clean_rules_is_ok(folder: Path) -> None:
    result = run(folder, CLEAN, "--format", "json")

    assert json.loads(result.output) == {"ok": True, "findings": []}


def test_github_gets_annotations(folder: Path) -> None:
    result = run(folder, WITH_ERROR, "--format", "github")

    assert result.exit_code == 1
    assert result.output == (
        "::error file=routing_rules.yaml,line=2,col=31,title=IVR204"
        "::there is no menu called 'main'; write it below `menus`\n"
    )


def test_prompts_beside_the_rules_are_looked_for(folder: Path) -> None:
    (folder / "prompts" / "nb" / "sorry.wav").unlink()

    result = run(folder, CLEAN)

    assert result.exit_code == 1
    assert "error IVR501: the prompt 'sorry' has no recording" in result.output
    assert "record it as prompts/nb/sorry.wav" in result.output


def test_prompts_may_lie_elsewhere(folder: Path) -> None:
    (folder / "prompts").rename(folder / "recordings")

    without = run(folder, CLEAN)
    with_folder = run(folder, CLEAN, "--prompts", "recordings")
    with_wrong_folder = run(folder, CLEAN, "--prompts", "nowhere")

    assert "warning IVR614" in without.output
    assert without.exit_code == 0
    assert with_folder.output == "routing_rules.yaml: no errors, no warnings\n"
    assert with_wrong_folder.exit_code == 1
    assert with_wrong_folder.stderr == (
        "Error: there is no folder nowhere; name the one with a folder for each language\n"
    )


def test_a_file_that_is_not_there_is_one_clear_line(folder: Path) -> None:
    result = CliRunner().invoke(check, ["nowhere.yaml"])

    assert result.exit_code == 1
    assert result.stderr == (
        "Error: cannot read the rules nowhere.yaml: no such file or directory; "
        "name the file to read\n"
    )


def test_a_folder_is_no_rules_file(folder: Path) -> None:
    result = CliRunner().invoke(check, ["prompts"])

    assert result.exit_code == 1
    assert "it is a folder" in result.stderr


def test_colours_are_for_terminals(folder: Path) -> None:
    (folder / "routing_rules.yaml").write_text(WITH_ERROR)

    piped = CliRunner().invoke(check, [])
    coloured = CliRunner().invoke(check, [], color=True)

    assert "\x1b" not in piped.output
    assert "\x1b[31merror\x1b[0m IVR204" in coloured.output


def test_the_shipped_rules_and_prompts_are_clean() -> None:
    shipped = Path(__file__).parents[3] / "routing_rules.yaml"

    result = CliRunner().invoke(check, ["--strict", str(shipped)])

    assert result.output == f"{shipped}: no errors, no warnings\n"
    assert result.exit_code == 0


MUSIC = "version: 1\nlanguages: [nb]\nnumbers: {anything else: queue q}\n" + (
    "queues: {q: {answer: 80% within 20s, music: jazz, while_waiting: [{after: 4m, to: hangup}]}}\n"
)


@pytest.mark.parametrize("lies_there", ["nothing", "an empty folder", "an MP3", "garbage"])
def test_music_that_cannot_be_played_is_found(folder: Path, lies_there: str) -> None:
    jazz = folder / "prompts" / "music" / "jazz"
    if lies_there != "nothing":
        jazz.mkdir(parents=True)
    if lies_there == "an MP3":
        (jazz / "song.mp3").write_bytes(b"ID3" + bytes(2000))
    if lies_there == "garbage":
        (jazz / "song.wav").write_bytes(b"garbage" * 99)

    result = run(folder, MUSIC)

    assert "warning IVR631: the music 'jazz' of queue q" in result.output


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "IVR501", "the file is empty"),
        (b"garbage" * 99, "IVR501", "not a WAV file"),
        (None, "IVR630", "nothing can be heard in it"),
    ],
)
def test_recording_that_callers_would_not_hear_is_found(
    folder: Path, content: bytes | None, code: str, says: str
) -> None:
    goodbye = folder / "prompts" / "nb" / "goodbye.wav"
    if content is None:
        write_recording(goodbye, array("h", bytes(16000)))
    else:
        goodbye.write_bytes(content)

    result = run(folder, CLEAN.replace("version: 1", "version: 1\nlanguages: [nb]"))

    assert code in result.output
    assert f"callers do not hear prompts/nb/goodbye.wav: {says}" in result.output


def test_what_is_wrong_with_the_rules_stands_before_warnings_of_recordings(folder: Path) -> None:
    write_recording(folder / "prompts" / "nb" / "sorry.wav", array("h", bytes(16000)))

    result = run(folder, WITH_ERROR)

    assert [line.split()[2] for line in result.output.splitlines()[:2]] == ["IVR204:", "IVR630:"]

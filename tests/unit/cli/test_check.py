from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.check import check
from ivr.rules.prompts import ENGINE_PROMPTS

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
    (tmp_path / "prompts" / "nb").mkdir(parents=True)
    for name in ENGINE_PROMPTS:
        (tmp_path / "prompts" / "nb" / f"{name}.wav").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(folder: Path, text: str, *options: str) -> Result:
    (folder / "routing_rules.yaml").write_text(text)
    return CliRunner().invoke(check, options)


def test_clean_rules_exit_0(folder: Path) -> None:
    result = run(folder, CLEAN)

    assert result.exit_code == 0
    assert result.output == "routing_rules.yaml: no errors, no warnings\n"


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
    assert "is a directory" in result.stderr


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

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.audio.wav import read_header
from ivr.cli.prompts import prompts

ROOT = Path(__file__).parents[3]


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """The shipped rules and prompts."""
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    shutil.copy(ROOT / "routing_rules.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def espeak(tmp_path: Path) -> str:
    """In espeak-ng's place: it "reads" a second of a tone."""
    program = tmp_path / "espeak"
    spoken = ROOT / "prompts" / "nb" / "goodbye.wav"
    program.write_text(
        f'#!/bin/sh\nfor last in "$@"; do :; done\ncat >/dev/null\ncp {spoken} "$last"\n'
    )
    program.chmod(0o755)
    return str(program)


def run(*arguments: object) -> Result:
    environment = {"IVR_HOME": None, "IVR_ESPEAK": None}
    return CliRunner(env=environment).invoke(prompts, [str(one) for one in arguments])


def listen(centre: Path, *more: object) -> Result:
    rules = centre / "routing_rules.yaml"
    to = ("--to", "+47 55 30 10 00", "--at", "2026-11-23 10:00")
    return run("listen", "--rules", rules, *to, *more)


def test_listen_tells_what_the_caller_hears_in_the_callers_language(centre: Path) -> None:
    result = listen(centre, "--press", "93")

    assert result.exit_code == 0
    files = [line.split()[0] for line in result.output.splitlines()]
    assert files == [
        "nb/welcome.bergen", "nb/main.choices", "en/welcome.bergen", "en/main.choices", "music",
    ]  # fmt: skip
    assert "Hello, and welcome to the laundry in Bergen." in result.output


def test_listen_takes_keys_as_rules_write_them_and_nothing_else(centre: Path) -> None:
    assert listen(centre, "--press", "9 3").output == listen(centre, "--press", "93").output
    refused = listen(centre, "--press", "tre")

    assert refused.exit_code == 1
    assert "--press 'tre': 'tre' are not keys of a telephone; write digits" in refused.output


def test_listen_writes_it_as_one_file(centre: Path) -> None:
    out = centre / "out.wav"
    result = listen(centre, "--press", "3", "-o", out)

    names = ("welcome.bergen", "main.choices")
    spoken = sum(read_header(centre / "prompts" / "nb" / f"{name}.wav").seconds for name in names)
    assert result.exit_code == 0
    assert read_header(out).seconds == pytest.approx(spoken + 0.4 + 4.0, abs=0.1)


def test_listen_says_what_stands_in_for_a_missing_recording(centre: Path) -> None:
    (centre / "prompts" / "en" / "main.choices.wav").unlink()
    for language in ("nb", "en"):
        (centre / "prompts" / language / "welcome.wav").unlink()
        (centre / "prompts" / language / "welcome.bergen.wav").unlink()

    result = listen(centre, "--press", "93", "-o", centre / "out.wav")

    assert "nb/main.choices (for main.choices)" in result.output
    assert "nb/sorry (for welcome)" in result.output


def test_listen_hears_a_closed_department_and_its_voicemail(centre: Path) -> None:
    rules = centre / "routing_rules.yaml"
    result = run(
        "listen", "--rules", rules, "--to", "+47 21 00 00 00", "--at", "2026-11-22", "--press", "1"
    )

    assert result.output.splitlines()[-3:][0].startswith("nb/closed ")
    assert result.output.splitlines()[-1].startswith("nb/beep")


def test_say_makes_a_stand_in_that_a_persons_recording_replaces(centre: Path, espeak: str) -> None:
    folder = centre / "prompts"
    result = run(
        "say",
        "closed.storm",
        "Det er storm.",
        "--language",
        "nb",
        "--into",
        folder,
        "--espeak",
        espeak,
    )

    assert result.exit_code == 0, result.output
    assert "storm" in (folder / "stand-ins.yaml").read_text()
    assert (folder / "nb" / "closed.storm.wav").exists()


def test_say_never_replaces_a_person(centre: Path, espeak: str) -> None:
    folder = centre / "prompts"
    (folder / "stand-ins.yaml").unlink()
    before = (folder / "nb" / "closed.wav").read_bytes()

    result = run(
        "say", "closed", "Stengt", "--language", "nb", "--into", folder, "--espeak", espeak
    )

    assert result.exit_code == 1
    assert "is a person's recording" in result.output
    assert (folder / "nb" / "closed.wav").read_bytes() == before


def test_say_into_a_file_leaves_the_folder_as_it_is(centre: Path, espeak: str) -> None:
    folder, out = centre / "prompts", centre / "out.wav"
    before = sorted(folder.rglob("*"))

    result = run(
        "say", "closed", "--language", "nb", "--into", folder, "-o", out, "--espeak", espeak
    )

    assert result.exit_code == 0, result.output
    assert read_header(out).seconds > 1
    assert sorted(folder.rglob("*")) == before
    assert sorted(one.name for one in centre.iterdir()) == [
        "espeak", "out.wav", "prompts", "routing_rules.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("other", "--language", "nb"), "no words for other in nb; write them after the name"),
        (("other", "Hallo", "--language", "de"), "no voice for the language de"),
        (("../other", "Hallo", "--language", "nb"), "name a prompt with a-z"),
    ],
)
def test_say_tells_what_is_missing(centre: Path, words: tuple[str, ...], told: str) -> None:
    result = run("say", *words, "--into", centre / "prompts")

    assert result.exit_code == 1
    assert told in result.output

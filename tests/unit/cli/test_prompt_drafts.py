from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.audio.drafts import draft_path
from ivr.audio.wav import read_header
from ivr.cli.prompts import prompts

SHIPPED = Path(__file__).parents[3] / "prompts"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a draft of `closed.storm` in Norwegian."""
    draft = draft_path(tmp_path / "home", "closed.storm", "nb")
    draft.parent.mkdir(parents=True)
    shutil.copy(SHIPPED / "nb" / "closed.wav", draft)
    return tmp_path / "home"


def run(home: Path, *arguments: object) -> Result:
    words = ["publish", *map(str, arguments), "--home", str(home)]
    words += ["--prompts", str(home.parent / "prompts")]
    return CliRunner(env={"IVR_HOME": None}).invoke(prompts, words)


def test_without_a_name_the_drafts_are_listed_and_nothing_changes(home: Path) -> None:
    result = run(home)

    assert result.exit_code == 0
    assert result.output.startswith("nb/closed.storm  recorded 2")
    assert not (home.parent / "prompts").exists()


def test_a_draft_becomes_the_recording_and_is_gone(home: Path) -> None:
    result = run(home, "closed.storm")

    assert result.exit_code == 0, result.output
    assert read_header(home.parent / "prompts" / "nb" / "closed.storm.wav").seconds > 3
    assert run(home).output == "there are no drafts\n"


def test_a_draft_that_is_not_there_is_told_with_those_that_are(home: Path) -> None:
    result = run(home, "closed")

    assert result.exit_code == 1
    assert "there is no draft of closed; drafts: closed.storm" in result.output


def test_a_draft_in_which_nothing_can_be_heard_stays_a_draft(home: Path) -> None:
    draft = draft_path(home, "closed.storm", "nb")
    draft.write_bytes(draft.read_bytes()[:44] + bytes(len(draft.read_bytes()) - 44))

    result = run(home, "closed.storm")

    assert result.exit_code == 1
    assert draft.exists()
    assert not (home.parent / "prompts" / "nb").exists()

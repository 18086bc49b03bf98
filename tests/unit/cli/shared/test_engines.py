"""The engines that the settings want: what cannot be had takes nothing else with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import ivr
from ivr.cli.shared.engines import recogniser_for, recognisers
from ivr.errors import ConfigRefused, SpeechFailed
from ivr.settings import SpeechSettings
from ivr.speech.lengths import ScriptedRecogniser


def settings(tmp_path: Path) -> SpeechSettings:
    """A folder without a model, and an engine that needs none."""
    return SpeechSettings(engine="scripted", vosk={"en": tmp_path})


def test_a_model_that_cannot_be_read_leaves_the_other_engines(tmp_path: Path) -> None:
    assert recognisers(settings(tmp_path)) == [ScriptedRecogniser()]


def test_a_language_whose_model_cannot_be_read_is_heard_by_the_engine_of_all(
    tmp_path: Path,
) -> None:
    assert recogniser_for(settings(tmp_path), "en") == ScriptedRecogniser()


def test_without_any_engine_it_is_said_what_each_lacks(tmp_path: Path) -> None:
    none = SpeechSettings(engine="none")
    with pytest.raises(SpeechFailed, match="no engine is wanted"):
        recognisers(none)
    with pytest.raises(SpeechFailed, match="no engine hears nb"):
        recogniser_for(none, "nb")


@pytest.mark.parametrize("written", ["en", "=/models", "en="])
def test_a_model_is_named_with_its_language(written: str) -> None:
    words = ["speech-worker", "--secret-file", "/dev/null", "--vosk", written]
    refused = CliRunner().invoke(ivr, words)

    assert refused.exit_code == 2
    assert "LANGUAGE=FOLDER, such as en=/models/vosk-en" in refused.output


@pytest.mark.parametrize("written", ["here", "::1:9090", "127.0.0.1"])
def test_where_a_worker_listens_is_an_address(tmp_path: Path, written: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret of the tests\n")

    words = ["speech-worker", "--secret-file", str(secret), "--listen", written]
    refused = CliRunner().invoke(ivr, words)

    assert isinstance(refused.exception, ConfigRefused)
    assert refused.exception.key == "--listen"


@pytest.mark.parametrize("held", ["too short\n", "\na secret of the tests\n"])
def test_a_worker_wants_a_whole_secret_on_the_first_line(tmp_path: Path, held: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(held)

    refused = CliRunner().invoke(ivr, ["speech-worker", "--secret-file", str(secret)])

    assert isinstance(refused.exception, ConfigRefused)
    assert "16 characters or more" in refused.exception.expected

"""Which engines the settings ask for, and what each lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import SpeechSettings, load_settings
from ivr.speech import engines
from ivr.speech.engines import EngineChoice, chosen_engines


def settings(**words: object) -> SpeechSettings:
    return SpeechSettings.model_validate(words)


def test_a_language_with_a_model_is_heard_by_it_and_the_rest_by_the_engine_of_all() -> None:
    chosen = chosen_engines(settings(vosk={"en": "/models/vosk-en"}))

    assert list(chosen) == [
        EngineChoice("vosk", "en", Path("/models/vosk-en")),
        EngineChoice("phoneme"),
    ]


def test_without_an_engine_no_model_is_loaded_either() -> None:
    assert list(chosen_engines(settings(engine="none", vosk={"en": "/models/en"}))) == []


def test_an_engine_that_is_not_installed_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)

    assert EngineChoice("phoneme").lacks == "pip install 'sentralbord[speech]'"
    assert EngineChoice("vosk", "en", Path("/")).lacks == "pip install 'sentralbord[vosk]'"
    assert EngineChoice("scripted").lacks is None


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert EngineChoice("vosk", "en", tmp_path).lacks is None
    lacks = EngineChoice("vosk", "en", tmp_path / "no").lacks
    assert lacks == f"put the model for en into {tmp_path}/no: there is no such folder"


def test_two_models_for_one_language_are_refused() -> None:
    models = {"vosk": {"en": "/a"}, "whisper": {"en": "/b"}}

    with pytest.raises(ConfigRefused, match=r"speech\.whisper\.en"):
        load_settings(None, {}, speech=models)

"""The engine whisper, with a model that writes down what a test says: no model of Norwegian can be had in packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.errors import SpeechFailed
from ivr.menus.words import NothingOfIt, Phrase, Understood, meaning_of
from ivr.speech.recogniser import SpokenPhrase
from ivr.speech.whisper.engine import WhisperRecogniser, read_model

PHRASES = (Phrase("faktura", "3"), Phrase("levering", "2"))


@dataclass
class Written:
    text: str
    avg_logprob: float = -0.1
    no_speech_prob: float = 0.0


@dataclass
class PlayedModel:
    segments: tuple[Written, ...]
    asked: list[tuple[NDArray[np.float32], dict[str, Any]]] = field(default_factory=list)

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[tuple[Written, ...], object]:
        self.asked.append((audio, options))
        return self.segments, None


def heard(*segments: Written) -> Understood | NothingOfIt:
    engine = WhisperRecogniser("nb", PlayedModel(segments))
    grammar = engine.grammar([SpokenPhrase(one.text) for one in PHRASES], "nb")
    return meaning_of(PHRASES, grammar.likelihoods(bytes(3200)), engine.thresholds)


def test_a_word_within_a_sentence_chooses() -> None:
    meaning = heard(Written(" Jeg vil gjerne snakke om fakturaen min."))

    assert isinstance(meaning, Understood)
    assert (meaning.phrase.key, meaning.is_sure) == ("3", True)


def test_what_was_written_down_with_doubt_is_asked_back() -> None:
    meaning = heard(Written("faktura", avg_logprob=-1.0))

    assert isinstance(meaning, Understood)
    assert not meaning.is_sure


@pytest.mark.parametrize(
    "segments",
    [
        (),
        (Written("faktura", no_speech_prob=0.9),),
        (Written("faktura", avg_logprob=-3.0),),
        (Written("Takk for at du så på."),),
    ],
    ids=["nothing", "nobody speaks", "a guess", "other words"],
)
def test_what_nobody_said_chooses_nothing(segments: tuple[Written, ...]) -> None:
    assert isinstance(heard(*segments), NothingOfIt)


def test_two_phrases_in_one_sentence_are_asked_back() -> None:
    meaning = heard(Written("faktura eller levering"))

    assert isinstance(meaning, Understood)
    assert not meaning.is_sure


def test_the_model_is_told_norwegian_and_to_stop() -> None:
    model = PlayedModel(())
    engine = WhisperRecogniser("nb", model)
    engine.grammar([SpokenPhrase("faktura")], "nb").likelihoods(
        np.array([0, 16_384], dtype="<i2").tobytes()
    )

    ((audio, options),) = model.asked
    assert audio.tolist() == [0.0, 0.5]
    assert options["language"] == "no"
    assert options["temperature"] == 0.0
    assert options["max_new_tokens"]
    assert (engine.speaks("nb"), engine.speaks("en")) == (True, False)
    assert engine.is_known(SpokenPhrase("faktura"), "nb")
    assert not engine.is_known(SpokenPhrase("?"), "nb")


def test_digits_are_heard_in_a_row_as_surely_as_they_were_written_down() -> None:
    words = ("null", "en", "tre", "fem")
    engine = WhisperRecogniser("nb", PlayedModel((Written(" 50"), Written(" en tre", -0.7))))
    grammar = engine.grammar([SpokenPhrase(word) for word in words], "nb")

    row = grammar.row(bytes(3200), 4)

    assert "".join(words[place] for place in row.places) == "femnullentre"
    assert 0.4 < row.likelihood < 0.6


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed, match=r"model\.bin"):
        read_model(tmp_path)


def test_a_recording_is_written_down_whole() -> None:
    model = PlayedModel((Written(" Trykk 1"), Written(" eller 2.")))

    assert WhisperRecogniser("nb", model).written(bytes(3200)) == "Trykk 1 eller 2."
    assert model.asked[0][1]["max_new_tokens"] is None

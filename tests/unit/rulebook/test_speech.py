"""What is said of menus whose words nobody hears, knows or can tell apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.rulebook.speech import ALIKE, speech_faults
from ivr.rules.load import load_rules
from ivr.settings import SpeechSettings
from ivr.speech import engines
from ivr.speech.recogniser import SpokenPhrase

RULES = """\
version: 1
languages: [nb, ko]
numbers: {anything else: {to: menu main}}
hours: {always: {daily: 00:00-24:00}}
menus:
  main:
    say: choices
    keys: {1: department salg, 2: department saldo, 9: {language: ko, to: menu main}}
    speech: true
    nothing_chosen: hangup
departments:
  salg: {words: {nb: [salg, kjøp], ko: 판매}, hours: always, national: queue q, closed: {say: choices, to: hangup}}
  saldo: {words: {nb: saldo, ko: 잔액}, hours: always, national: queue q, closed: {say: choices, to: hangup}}
queues: {q: {answer: 80% within 20s, while_waiting: [{after: 3m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [q]}}
"""


@dataclass
class PlayedSounds:
    """Knows Norwegian; `unknown` has words that it does not, `alike` pairs that sound alike."""

    unknown: Collection[str] = ()
    alike_pairs: Collection[frozenset[str]] = ()

    def speaks(self, language: str) -> bool:
        return language == "nb"

    def is_known(self, phrase: SpokenPhrase, language: str) -> bool:
        return phrase.text not in self.unknown and language == "nb"

    def alike(self, one: SpokenPhrase, other: SpokenPhrase, language: str) -> float:
        are = frozenset((one.text, other.text)) in self.alike_pairs and language == "nb"
        return ALIKE if are else ALIKE - 0.01


def found(
    sounds: PlayedSounds | None, rules: str = RULES, **settings: object
) -> list[tuple[str, str]]:
    read, _ = load_rules(rules.encode(), "rules.yaml")
    faults = speech_faults(SpeechSettings.model_validate(settings), read, sounds)
    return [(one.code, one.message) for one in faults]


def test_a_language_that_no_engine_hears_is_told_and_one_with_a_model_is_not(
    tmp_path: Path,
) -> None:
    assert [code for code, _ in found(None)] == ["IVR644"]
    assert "ko" in found(None)[0][1]
    assert found(None, vosk={"ko": tmp_path}) == []


def test_without_any_engine_each_language_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)

    assert [code for code, _ in found(None)] == ["IVR644", "IVR644"]


def test_nothing_is_said_where_no_menu_listens() -> None:
    assert found(PlayedSounds(), RULES.replace("speech: true", "")) == []


def test_a_question_that_listens_wants_an_engine_too() -> None:
    asks = "questions: {code: {say: choices, digits: 4, speech: true, to: queue q}}\n"

    assert [code for code, _ in found(None, RULES.replace("speech: true", "") + asks)] == ["IVR644"]


def test_a_word_that_nobody_can_pronounce_is_told() -> None:
    told = found(PlayedSounds(unknown=("kjøp", "to")))

    assert [code for code, _ in told] == ["IVR644", "IVR645"]
    assert "'kjøp'" in told[1][1]


@pytest.mark.parametrize(
    ("pair", "codes"),
    [
        (("salg", "saldo"), ["IVR644", "IVR646"]),
        (("salg", "to"), ["IVR644", "IVR646"]),
        (("salg", "kjøp"), ["IVR644"]),
        (("en", "to"), ["IVR644"]),
    ],
    ids=["two words", "a word and another key's digit", "words of one key", "two digits"],
)
def test_phrases_of_different_keys_that_sound_alike_are_told(
    pair: tuple[str, str], codes: list[str]
) -> None:
    told = found(PlayedSounds(alike_pairs=(frozenset(pair),)))

    assert [code for code, _ in told] == codes


def test_a_language_that_a_model_hears_is_not_judged_by_other_sounds(tmp_path: Path) -> None:
    sounds = PlayedSounds(unknown=("kjøp",))

    assert found(sounds, vosk={"nb": tmp_path, "ko": tmp_path}) == []

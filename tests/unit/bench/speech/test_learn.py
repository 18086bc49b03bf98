"""The table of sounds: learned from lessons, and never from what it is measured with."""

from __future__ import annotations

import json

import numpy as np

from bench.speech.learn import READERS, as_text, improved
from bench.speech.voices import LEARNING_VOICES, VOICES
from bench.speech.words import (
    ENGLISH,
    LEARNING_ENGLISH,
    LEARNING_OTHERS,
    LEARNING_WORDS,
    MENUS,
    OTHER_WORDS,
)
from ivr.speech.phoneme.table import SoundTable, Weights
from ivr.speech.phoneme.teachers import TEACHERS

TOKENS = "abc"


def only(token: str) -> Weights:
    return np.array([0.98 if one == token else 0.01 for one in TOKENS], dtype=np.float32)


TABLE = SoundTable(
    heard={"a": only("a"), "b": only("b")},
    lost={"a": 0.1, "b": 0.1},
    anything=np.full(3, 1 / 3, dtype=np.float32),
    extra=np.full(3, 1 / 3, dtype=np.float32),
    extra_rate=0.1,
)
HEARD_AS_C = np.stack([only("a"), only("c")])


def test_no_voice_that_is_measured_with_taught_anything() -> None:
    taught = {*READERS, *(teacher.voice for teacher in TEACHERS)}
    assert not set(VOICES) & {*taught, *LEARNING_VOICES}
    assert not set(LEARNING_VOICES) & taught


def test_no_word_that_is_measured_with_taught_the_judge() -> None:
    measured = {word for menu in MENUS.values() for word in menu} | {*OTHER_WORDS, *ENGLISH}

    assert not measured & {*LEARNING_WORDS, *LEARNING_OTHERS, *LEARNING_ENGLISH}


def test_what_is_heard_for_a_sound_is_learned() -> None:
    table = improved(TABLE, [(("a", "b"), HEARD_AS_C)] * 20)

    assert table.heard["b"][2] > 0.8
    assert table.heard["a"][0] > 0.8
    assert table.lost["b"] < 0.1


def test_a_sound_that_is_never_heard_is_learned_to_be_lost() -> None:
    table = improved(TABLE, [(("a", "b"), HEARD_AS_C[:1])] * 40)

    assert table.lost["b"] > 0.8


def test_the_file_says_it_all_a_line_for_each_sound() -> None:
    text = as_text(TABLE, TOKENS)
    kept = json.loads(text)

    assert kept["heard"]["b"]["b"] == 0.98
    assert kept["lost"] == {"a": 0.1, "b": 0.1}
    assert sum(line.startswith("  ") for line in text.splitlines()) == 2

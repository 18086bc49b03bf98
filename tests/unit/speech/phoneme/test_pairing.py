"""How well sounds that were heard fit a pronunciation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ivr.speech.phoneme.pairing import Posteriors, Pronunciation
from ivr.speech.phoneme.table import SoundTable, Weights, read_table

TOKENS = "abcde"


def only(token: str) -> Weights:
    return np.array([0.96 if one == token else 0.01 for one in TOKENS], dtype=np.float32)


TABLE = SoundTable(
    heard={token: only(token) for token in TOKENS},
    lost=dict.fromkeys(TOKENS, 0.1),
    anything=np.full(5, 0.2, dtype=np.float32),
    extra=np.full(5, 0.2, dtype=np.float32),
    extra_rate=0.1,
)


def heard(word: str) -> Posteriors:
    return np.array([only(token) for token in word], dtype=np.float32).reshape(-1, 5)


def fit(word: str, said: str) -> float:
    return Pronunciation(tuple(word), TABLE).fit(heard(said))


def test_what_was_said_fits_best() -> None:
    fits = {word: fit(word, "abcd") for word in ("abcd", "abce", "ab", "dcba", "abcdeabc")}

    assert max(fits, key=lambda word: fits[word]) == "abcd"
    assert fits["abcd"] > 0.9
    assert fits["dcba"] < 0.0


@pytest.mark.parametrize("said", ["abd", "abced", "bcd"])
def test_a_sound_that_is_lost_or_comes_in_makes_it_fit_less_but_still(said: str) -> None:
    assert 0.1 < fit("abcd", said) < fit("abcd", "abcd")


def test_short_words_are_no_better_for_being_short() -> None:
    assert fit("a", "abcde") < fit("abc", "abcde")


def test_both_rows_are_paired_from_the_first_sound_to_the_last() -> None:
    word = Pronunciation(tuple("abcd"), TABLE)

    assert word.pairs(heard("abcd")) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert word.pairs(heard("abd")) == [(0, 0), (1, 1), (None, 2), (2, 3)]
    assert word.pairs(heard("abecd")) == [(0, 0), (1, 1), (2, None), (3, 2), (4, 3)]


def test_a_word_is_known_better_from_examples_of_it() -> None:
    spelled = Pronunciation(tuple("abcd"), TABLE)
    learned = Pronunciation(tuple("abcd"), TABLE, [heard("aecd"), heard("aecd"), heard("")])

    assert learned.fit(heard("aecd")) > spelled.fit(heard("aecd"))
    assert learned.fit(heard("dcba")) < 0.0


def test_silence_fits_nothing() -> None:
    assert fit("ab", "") == -math.inf


def test_a_sound_that_was_not_learned_is_taken_for_the_nearest() -> None:
    assert TABLE.of("aː") == (TABLE.heard["a"], 0.1)
    assert TABLE.of("ŋ")[0] is TABLE.anything


def test_the_table_that_comes_with_us_holds_likelihoods() -> None:
    tokens = ("<blank>", *"abdefhijklmnoprstuvyæøŋœɐɑɔəɛɝɡɪɹʃʉʊʌð", "oʊ", "eɪ", "aɪ")
    table = read_table(tokens)

    assert {"a", "ʉː", "ʃ", "r"} <= set(table.heard)
    for weights in (*table.heard.values(), table.anything, table.extra):
        assert weights.sum() == pytest.approx(1.0, abs=1e-4)
        assert (weights > 0).all()
    assert all(0 < rate < 1 for rate in (*table.lost.values(), table.extra_rate))

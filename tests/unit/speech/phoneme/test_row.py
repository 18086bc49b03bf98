"""Phrases said one after another, found in what was heard."""

from __future__ import annotations

import pytest

from ivr.speech.phoneme.judgement import read_judge
from ivr.speech.phoneme.phrase import known_phrase
from ivr.speech.phoneme.row import best_row, row_likelihood
from tests.unit.speech.phoneme.test_exemplar import TABLE, heard

PHRASES = [known_phrase([tuple(word)], TABLE) for word in ("abab", "cdcd", "bcbc")]


def places(word: str, most: int = 4) -> list[int]:
    return [piece.place for piece in best_row(PHRASES, heard(word), most)]


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("abab", [0]),
        ("ababcdcd", [0, 1]),
        ("cdcdababbcbc", [1, 0, 2]),
        ("ababababcdcd", [0, 0, 1]),
        ("", []),
    ],
)
def test_each_is_found_where_it_begins_and_ends(word: str, row: list[int]) -> None:
    assert places(word) == row


def test_no_more_are_found_than_were_asked_for() -> None:
    assert len(places("ababcdcdabab", most=2)) <= 2


def test_a_row_is_as_likely_as_the_least_likely_in_it() -> None:
    clear, half = (
        row_likelihood(PHRASES, said, best_row(PHRASES, said, 4), read_judge())
        for said in (heard("ababcdcd"), heard("ababdddd"))
    )

    assert clear > half
    assert row_likelihood(PHRASES, heard(""), (), read_judge()) == 0.0

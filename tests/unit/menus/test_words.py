"""What was said, where each phrase of a menu has a likelihood; or where it stands in writing."""

from __future__ import annotations

import pytest

from ivr.menus.words import (
    NothingOfIt,
    Phrase,
    Thresholds,
    Understood,
    likelihoods_of_text,
    meaning_of,
)

PHRASES = (
    Phrase("faktura", "3"),
    Phrase("regning", "3"),
    Phrase("levering", "2"),
    Phrase("en", "1"),
)
WANTED = Thresholds(sure=0.75, unsure=0.5, apart=0.2)


@pytest.mark.parametrize(
    ("likelihoods", "meaning"),
    [
        ((0.9, 0.1, 0.1, 0.0), Understood(PHRASES[0], 0.9, is_sure=True)),
        ((0.9, 0.88, 0.1, 0.0), Understood(PHRASES[0], 0.9, is_sure=True)),
        ((0.9, 0.1, 0.69, 0.0), Understood(PHRASES[0], 0.9, is_sure=True, others=(PHRASES[2],))),
        ((0.9, 0.1, 0.8, 0.6), Understood(PHRASES[0], 0.9, is_sure=False, others=(PHRASES[2], PHRASES[3]))),
        ((0.6, 0.1, 0.1, 0.0), Understood(PHRASES[0], 0.6, is_sure=False)),
        ((0.4, 0.1, 0.1, 0.0), NothingOfIt(0.4)),
    ],
    ids=["clear", "a word of the same key is no rival", "far enough apart", "too near to another key",
         "not likely enough", "nothing of it"],
)  # fmt: skip
def test_a_phrase_is_taken_when_it_is_likely_and_no_other_keys_phrase_nearly_as_likely(
    likelihoods: tuple[float, ...], meaning: Understood | NothingOfIt
) -> None:
    assert meaning_of(PHRASES, likelihoods, WANTED) == meaning


def test_without_phrases_nothing_can_be_meant() -> None:
    assert meaning_of((), (), WANTED) == NothingOfIt(0.0)


@pytest.mark.parametrize(
    ("said", "likelihoods"),
    [
        ("Faktura, takk!", (1, 0, 0, 0)),
        ("fakturaen", (0, 0, 0, 0)),
        ("en levering", (0, 0, 1, 1)),
        ("", (0, 0, 0, 0)),
    ],
)
def test_in_writing_a_phrase_is_said_where_its_words_stand_whole(
    said: str, likelihoods: tuple[int, ...]
) -> None:
    assert likelihoods_of_text(PHRASES, said) == likelihoods


def test_in_writing_a_longer_phrase_holds_the_shorter_ones_in_it() -> None:
    phrases = (Phrase("en", "1"), Phrase("en gang til", "*"))

    assert likelihoods_of_text(phrases, "si det en gang til") == (0.0, 1.0)

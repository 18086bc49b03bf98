"""Phrases in sentences that were written down."""

from __future__ import annotations

import pytest

from ivr.speech.whisper.wording import INFLECTED, likelihoods_of_sentence, row_of_sentence

PHRASES = ("faktura", "teknisk support", "support", "to")


@pytest.mark.parametrize(
    ("sentence", "likely"),
    [
        ("Faktura.", (1.0, 0.0, 0.0, 0.0)),
        ("Jeg har et spørsmål om fakturaen min", (INFLECTED, 0.0, 0.0, 0.0)),
        ("Teknisk support, takk!", (0.0, 1.0, 0.0, 0.0)),
        ("support", (0.0, 0.0, 1.0, 0.0)),
        ("torsdag", (0.0, 0.0, 0.0, 0.0)),
        ("tog", (0.0, 0.0, 0.0, 0.0)),
        ("fakturakontroll", (0.0, 0.0, 0.0, 0.0)),
        ("faktura eller support", (1.0, 0.0, 1.0, 0.0)),
        ("", (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_phrases_are_found_with_endings_and_never_within_other_words(
    sentence: str, likely: tuple[float, ...]
) -> None:
    assert likelihoods_of_sentence(PHRASES, sentence) == likely


def test_a_phrase_without_words_is_nowhere() -> None:
    assert likelihoods_of_sentence(("", "?"), "faktura") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Fem null én tre.", (1, 0, 2, 3)),
        ("5013", (1, 0, 2, 3)),
        ("50, en tre", (1, 0, 2, 3)),
        ("fem null", (1, 0)),
        ("fem null en tre fem", ()),
        ("fem faktura", ()),
        ("", ()),
    ],
)
def test_digits_are_read_as_words_and_as_figures_and_not_among_other_words(
    sentence: str, places: tuple[int, ...]
) -> None:
    phrases = ("null", "fem", "en", "tre", "én")
    digits = {"0": 0, "5": 1, "1": 2, "3": 3}

    found = row_of_sentence(phrases, digits, sentence, 4)
    assert tuple(2 if place == 4 else place for place in found) == places

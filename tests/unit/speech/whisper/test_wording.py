"""Phrases in sentences that were written down."""

from __future__ import annotations

import pytest

from ivr.speech.whisper.wording import INFLECTED, likelihoods_of_sentence

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

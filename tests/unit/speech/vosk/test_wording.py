"""Phrases in a model's words, and what Vosk heard of them."""

from __future__ import annotations

import pytest

from ivr.speech.vosk.wording import UNKNOWN, HeardWord, likelihood_of, row_of, spelled

KNOWN = {"invoice", "customer", "service", "Rechnung", "USA"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("invoice", ("invoice",)),
        ("Customer service", ("customer", "service")),
        ("rechnung", ("Rechnung",)),
        ("usa", ("USA",)),
        ("customer sentre", ()),
        ("", ()),
    ],
)
def test_a_phrase_is_spelled_as_the_model_does_or_not_at_all(
    text: str, words: tuple[str, ...]
) -> None:
    assert spelled(text, KNOWN.__contains__) == words


def heard(*words: str | tuple[str, float]) -> list[HeardWord]:
    return [HeardWord(one, 1.0) if isinstance(one, str) else HeardWord(*one) for one in words]


def test_a_phrase_is_as_likely_as_its_least_sure_word() -> None:
    said = heard(("customer", 0.9), ("service", 0.6))

    assert likelihood_of(("customer", "service"), said) == 0.6
    assert likelihood_of(("service", "customer"), said) == 0.0


def test_words_that_no_menu_has_take_nothing_from_it() -> None:
    assert likelihood_of(("invoice",), heard(UNKNOWN, "invoice", UNKNOWN)) == 1.0


def test_of_two_phrases_in_one_utterance_neither_is_likely() -> None:
    said = heard("invoice", "service")

    assert likelihood_of(("invoice",), said) == likelihood_of(("service",), said) == 0.5


def test_a_phrase_without_words_and_silence_are_never_likely() -> None:
    assert likelihood_of((), heard("invoice")) == 0.0
    assert likelihood_of(("invoice",), []) == 0.0


def test_what_was_said_twice_counts_where_it_was_surest() -> None:
    said = heard(("invoice", 0.4), ("invoice", 0.8))

    assert likelihood_of(("invoice",), said) == 0.4


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (("two", "one"), (1, 0)),
        (("one",), (0,)),
        (("one", "one", "two", "one"), (0, 0, 1, 0)),
        (("one", "invoice"), ()),
        (("one", UNKNOWN), ()),
        (("one", "one", "one", "one", "two"), ()),
        ((), ()),
    ],
)
def test_digits_in_a_row_are_heard_and_nothing_among_other_words(
    words: tuple[str, ...], places: tuple[int, ...]
) -> None:
    found, likelihood = row_of((("one",), ("two",), ("three", "four")), heard(*words), 4)

    assert found == places
    assert likelihood == (1.0 if places else 0.0)

"""Numbers as sentences: parts are put together with the words of the shipped script, and read as callers hear them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.script import read_script
from ivr.numerals import (
    MINUTE_PARTS,
    PLACE_PARTS,
    READ_BACK_PARTS,
    WAIT_PARTS,
    minutes,
    minutes_between,
    place_in_line,
    read_back,
    spells,
    wait_between,
)

PROMPTS = Path(__file__).parents[3] / "prompts"
WORDS = {(line.language, line.name): line.words for line in read_script(PROMPTS).lines}
LANGUAGES = ("nb", "en")


def heard(parts: tuple[str, ...], language: str) -> str:
    """The sentence, as the script has its words."""
    return " ".join(WORDS[language, part] for part in parts)


@pytest.mark.parametrize(
    ("place", "norwegian", "english"),
    [
        (1, "Du er nummer én i køen.", "You are number one in the queue."),
        (3, "Du er nummer tre i køen.", "You are number three in the queue."),
        (12, "Du er nummer tolv i køen.", "You are number twelve in the queue."),
        (20, "Du er nummer tjue i køen.", "You are number twenty in the queue."),
        (21, "Du er nummer tjue én i køen.", "You are number twenty one in the queue."),
        (99, "Du er nummer nitti ni i køen.", "You are number ninety nine in the queue."),
        (100, "Du er nummer hundre i køen.", "You are number one hundred in the queue."),
        (
            101,
            "Du er nummer hundre og én i køen.",
            "You are number one hundred and one in the queue.",
        ),
        (
            342,
            "Du er nummer tre hundre og førti to i køen.",
            "You are number three hundred and forty two in the queue.",
        ),
        (1000, "Det er mange før deg i køen.", "There are many callers before you in the queue."),
        (0, "Du er nummer én i køen.", "You are number one in the queue."),
    ],
)
def test_a_place_in_line(place: int, norwegian: str, english: str) -> None:
    assert heard(place_in_line(place, "nb"), "nb") == norwegian
    assert heard(place_in_line(place, "en"), "en") == english


@pytest.mark.parametrize(
    ("count", "norwegian", "english"),
    [
        (-1, "under ett minutt", "less than one minute"),
        (0, "under ett minutt", "less than one minute"),
        (1, "ett minutt", "one minute"),
        (2, "to minutter", "two minutes"),
        (11, "elleve minutter", "eleven minutes"),
        (21, "tjue ett minutter", "twenty one minutes"),
        (60, "seksti minutter", "sixty minutes"),
        (61, "mer enn en time", "more than an hour"),
    ],
)
def test_minutes(count: int, norwegian: str, english: str) -> None:
    assert heard(minutes(count, "nb"), "nb") == norwegian
    assert heard(minutes(count, "en"), "en") == english


@pytest.mark.parametrize(
    ("lowest", "highest", "norwegian", "english"),
    [
        (1, 2, "ett til to minutter", "one to two minutes"),
        (2, 5, "to til fem minutter", "two to five minutes"),
        (5, 2, "to til fem minutter", "two to five minutes"),
        (3, 3, "tre minutter", "three minutes"),
        (0, 5, "under fem minutter", "less than five minutes"),
        (0, 1, "under ett minutt", "less than one minute"),
        (-3, 0, "under ett minutt", "less than one minute"),
        (0, 0, "under ett minutt", "less than one minute"),
        (20, 31, "tjue til tretti ett minutter", "twenty to thirty one minutes"),
        (45, 90, "mer enn førti fem minutter", "more than forty five minutes"),
        (1, 90, "mer enn ett minutt", "more than one minute"),
        (60, 90, "mer enn en time", "more than an hour"),
        (300, 900, "mer enn en time", "more than an hour"),
    ],
)
def test_a_range_of_minutes(lowest: int, highest: int, norwegian: str, english: str) -> None:
    assert heard(minutes_between(lowest, highest, "nb"), "nb") == norwegian
    assert heard(minutes_between(lowest, highest, "en"), "en") == english
    wait = heard(wait_between(lowest, highest, "nb"), "nb")
    assert wait == f"Ventetiden er nå {norwegian}"


def test_a_wait_of_which_nothing_is_known_is_not_told() -> None:
    assert minutes_between(0, 90, "nb") == wait_between(0, 90, "en") == ()


def test_digits_are_read_back_one_by_one() -> None:
    assert heard(read_back("5031"), "nb") == (
        "Du tastet fem null tre én Er det riktig, tast 1. Hvis ikke, tast 2."
    )
    assert heard(read_back("5031"), "en") == (
        "You entered five zero three one If that is right, press 1. If not, press 2."
    )


def test_a_key_that_is_no_digit_is_not_read_back() -> None:
    assert read_back("1*٣#") == read_back("1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_made_of_parts_that_the_check_looks_for(language: str) -> None:
    places = {part for place in range(-1, 1100) for part in place_in_line(place, language)}
    waits = {
        part
        for lowest in range(-1, 70)
        for highest in range(-1, 70)
        for part in wait_between(lowest, highest, language)
    }

    assert places <= set(PLACE_PARTS)
    assert waits <= set(WAIT_PARTS)
    assert set(MINUTE_PARTS) <= set(WAIT_PARTS)
    assert set(read_back("0123456789")) == set(READ_BACK_PARTS)


def test_no_part_is_looked_for_that_no_number_needs() -> None:
    places = {
        part
        for language in LANGUAGES
        for place in range(1100)
        for part in place_in_line(place, language)
    }
    waits = {
        part
        for language in LANGUAGES
        for lowest in range(70)
        for highest in range(70)
        for part in wait_between(lowest, highest, language)
    }

    assert places == set(PLACE_PARTS)
    assert waits == set(WAIT_PARTS)


def test_nothing_is_put_together_in_a_language_without_a_grammar_here() -> None:
    assert not spells("de")
    assert place_in_line(21, "de") == minutes(3, "de") == minutes_between(2, 3, "de") == ()
    assert wait_between(2, 3, "de") == ()

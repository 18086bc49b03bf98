from __future__ import annotations

import pytest

from ivr.rules.vocabulary import homes_of, known_at, needed_at, words_that_take


def test_a_word_is_at_home_where_the_language_has_it() -> None:
    assert homes_of("codes", ("codes",)) == ["below `duty`"]
    assert homes_of("answer", ("departments", "bills", "answer")) == ["to an entry of `queues`"]
    assert homes_of("hours", ("holidays", "closed", 0, "hours")) == [
        "to an entry of `holidays.open`"
    ]


def test_words_are_known_by_the_table_that_they_stand_in() -> None:
    assert known_at(("duty",)) == ["sign_in", "pause_reasons", "codes", "missed"]
    assert list(needed_at(("queues", "main"))) == ["answer"]
    assert needed_at(("queues",)) == {}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("queues", "main"), "80% within 20s", ["answer"]),
        (("voicemails", "main"), "greeting", ["say"]),
        (("agents", "kari"), "kari", ["phone"]),
        (("holidays", "open", 0), "2026-12-24", ["day", "from", "to"]),
        (("departments", "bills"), "anything", []),
    ],
)
def test_a_value_stands_where_it_may(
    path: tuple[str | int, ...], value: str, words: list[str]
) -> None:
    assert words_that_take(path, value) == words

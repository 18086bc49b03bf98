"""Numbers, days and ways are written as their readers write them."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args, get_type_hints

from ivr.report import words as module
from ivr.report.span import span_around
from ivr.report.words import Wording
from ivr.rules.decision import Decision

ENGLISH, NORWEGIAN = Wording("en"), Wording("nb")


def test_norwegians_write_a_decimal_comma_and_spaces_that_do_not_break() -> None:
    assert NORWEGIAN.number(1234.5, 1) == "1\u00a0234,5"
    assert NORWEGIAN.share(0.8113) == "81,1\u00a0%"
    assert ENGLISH.number(1234.5, 1) == "1,234.5"
    assert ENGLISH.share(0.8113) == "81.1%"


def test_long_waits_are_in_minutes_and_what_is_not_known_is_a_dash() -> None:
    assert ENGLISH.seconds(8.44) == "8.4\u00a0s"
    assert ENGLISH.seconds(125) == "2\u00a0min\u00a005\u00a0s"
    assert ENGLISH.seconds(None) == "–"
    assert ENGLISH.share(None) == "–"


def test_days_weeks_and_months_have_their_names() -> None:
    day = date(2026, 11, 23)

    assert NORWEGIAN.span(span_around("day", day)) == "Mandag 23. november 2026"
    assert ENGLISH.span(span_around("week", day)) == "Week 48, 23–29 November 2026"
    assert NORWEGIAN.span(span_around("week", date(2027, 1, 1))) == (
        "Uke 53, 28. desember 2026 – 3. januar 2027"
    )
    assert ENGLISH.span(span_around("week", date(2026, 12, 1))) == (
        "Week 49, 30 November – 6 December 2026"
    )
    assert NORWEGIAN.span(span_around("month", day)) == "November 2026"


def test_a_path_is_told_in_words() -> None:
    path = "menu main 1 > menu faktura nothing > queue faktura"

    assert ENGLISH.path(path) == "menu main: 1 › menu faktura: chose nothing › queue faktura"
    assert NORWEGIAN.path("menu main > hangup") == "meny main › slutt"
    assert NORWEGIAN.path("queue salg > survey kort") == "kø salg › undersøkelse kort"


def test_every_place_that_a_call_comes_to_has_a_norwegian_word() -> None:
    places = get_args(get_type_hints(Decision)["then"])
    kinds = {one.__name__.removeprefix("To").lower() for one in places}

    assert kinds >= {"queue", "survey", "hangup"}
    assert kinds - {"menu"} == set(module._KINDS)


def test_both_languages_tell_the_same_facts() -> None:
    for key, (english, norwegian) in module._TEXTS.items():
        facts = [set(re.findall(r"\{(\w+)\}", text)) for text in (english, norwegian)]
        assert facts[0] == facts[1], key

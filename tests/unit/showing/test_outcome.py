from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.numbers import parse_number
from ivr.rules.decision import Facts
from ivr.rules.walk import Walk
from ivr.showing.outcome import call_told, outcome_told
from ivr.showing.sentences import Language

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("language", "at", "press", "told"),
    [
        ("en", "2026-11-23T10:00+01:00", "5", " Monday 23 November 2026 10:00 (Europe/Oslo), keys 5"),
        ("nb", "2026-11-23T10:00+01:00", "5", " mandag 23. november 2026 10:00 (Europe/Oslo), taster 5"),
        ("nb", "2027-05-01T22:30+00:00", "", " søndag 2. mai 2027 00:30 (Europe/Oslo)"),
    ],
)  # fmt: skip
def test_the_call_is_named_on_the_clock_of_the_rules(
    language: Language, at: str, press: str, told: str
) -> None:
    facts = Facts(at=datetime.fromisoformat(at), dialled=parse_number("55301000"))

    assert call_told(facts, press, OSLO, language).endswith(told)


@pytest.mark.parametrize(
    ("language", "names", "spoken"),
    [
        ("en", ["ends", "hears", "language", "site", "revision"], "nb"),
        ("nb", ["ender", "hører", "språk", "sted", "utgave"], "bokmål"),
    ],
)
def test_what_came_of_it_is_named_in_the_readers_language(
    language: Language, names: list[str], spoken: str
) -> None:
    facts = Facts(at=datetime.fromisoformat("2026-11-23T10:00+01:00"), dialled=None)
    walked = Walk("hangup", (), "nb", None, (), facts)

    told = outcome_told(walked, "0123456789abcdef", language)

    assert [name for name, _ in told] == names
    assert [told[0][1], told[2][1], told[4][1]] == ["hangup", spoken, "0123456789ab"]

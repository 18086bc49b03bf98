from __future__ import annotations

import pytest

from ivr.rules.fault import FaultKind
from ivr.rules.model import AnswerTarget
from ivr.rules.values import amounts
from ivr.rules.values.amounts import Bounds
from ivr.rules.values.plain import ValueRefused

UP_TO_A_DAY = Bounds(0, 86400, "0s to 1d")


@pytest.mark.parametrize(
    ("text", "seconds"), [("6s", 6), ("2m", 120), ("15m", 900), ("1h", 3600), ("1d", 86400)]
)
def test_a_duration_is_a_whole_number_and_a_unit(text: str, seconds: float) -> None:
    assert amounts.seconds(text, UP_TO_A_DAY) == seconds


@pytest.mark.parametrize(
    "text", ["6", "6 s", "-6s", "1.5s", "1e3s", "1_000s", "6sec", "2d", "٦s", ""]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        amounts.seconds(text, UP_TO_A_DAY)

    assert refused.value.kind is FaultKind.DURATION


@pytest.mark.parametrize(
    ("text", "bounds", "advice"),
    [
        ("20", Bounds(1, 180, "1s to 3m"), "write a unit behind it: 20s for seconds"),
        (
            "10",
            Bounds(60, 86400, "1m to 1d"),
            "write a unit behind it: 10m for minutes, 10h for hours",
        ),
        (
            "30",
            Bounds(0, 366 * 86400, "0s to 366d"),
            "write a unit behind it: 30s for seconds, 30m for minutes, 30h for hours, 30d for days",
        ),
        ("500", Bounds(1, 60, "1s to 60s"), "write 1s to 60s"),
    ],
)
def test_a_number_alone_is_advised_the_units_with_which_it_fits(
    text: str, bounds: Bounds, advice: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        amounts.seconds(text, bounds)

    assert refused.value.hint == advice


def test_an_answer_target_is_a_share_within_a_time() -> None:
    assert amounts.answer_target("80% within 20s") == AnswerTarget(0.8, 20.0)


@pytest.mark.parametrize(
    "text",
    ["80%", "80 % within 20s", "0% within 20s", "101% within 20s", "80% in 20s", "80% within 20"],
)
def test_what_is_no_answer_target_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        amounts.answer_target(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("50%", "write it as 50% each week, or 50% each day"),
        ("50", "write it as 50% each week, or 50% each day"),
        ("50% each month", "write it as 50% each week, or 50% each day"),
        ("half", "write it as 25% each week, or 5% each day"),
        ("500%", "write it as 25% each week, or 5% each day"),
        ("50 %", "write it as 50% each week, or 50% each day"),
        ("50 % hver uke", "write it as 50% each week"),
        ("50% a week", "write it as 50% each week"),
        ("5 % per dag", "write it as 5% each day"),
        ("50% each weekday", "write it as 50% each week, or 50% each day"),
    ],
)
def test_a_ramp_without_a_pace_keeps_its_share_in_the_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        amounts.ramp(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("after 3", "write it as pause after 3"),
        ("12 calls", "write it as pause after 12"),
        ("never", "write it as pause after 2: 1 to 20 calls"),
        ("pause after 0", "write it as pause after 2: 1 to 20 calls"),
        ("pause after 100", "write it as pause after 2: 1 to 20 calls"),
    ],
)
def test_who_writes_another_number_of_missed_calls_is_told_which_there_may_be(
    text: str, advice: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        amounts.missed(text)

    assert refused.value.hint == advice

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ivr.numbers import PhoneNumber
from ivr.proving.rule_tests import LeftBefore, PlayedCall
from ivr.proving.simulate import AN_HOUR, simulate
from ivr.rules.model import RuleSet
from tests.unit.proving.conftest import load

BERGEN = PhoneNumber("+4755301000")
MONDAY = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - local to the rules, as tests write it


def test_a_time_without_offset_is_local_to_the_rules(rules: RuleSet) -> None:
    at_half_past_three_in_oslo = MONDAY.replace(hour=15, minute=30)

    walked = simulate(rules, PlayedCall(BERGEN, at_half_past_three_in_oslo, press="1"))

    assert walked.ends == "queue bergen"


def test_a_caller_who_waits_is_sent_on_when_a_step_is_due(rules: RuleSet) -> None:
    ends = [
        simulate(rules, PlayedCall(BERGEN, MONDAY, press="1", waits_seconds=seconds)).ends
        for seconds in (1, 89, 90, 689, 690)
    ]

    assert ends == [
        "queue bergen",
        "queue bergen",
        "queue faktura",
        "queue faktura",
        "voicemail faktura",
    ]


def test_a_caller_who_waited_hears_what_the_last_place_says(rules: RuleSet) -> None:
    walked = simulate(rules, PlayedCall(BERGEN, MONDAY, press="1", waits_seconds=690))

    assert walked.said == ("welcome", "choices", "voicemail")
    assert walked.facts.at.strftime("%H:%M:%S") == "09:11:30"


def test_a_caller_who_is_sent_back_to_a_menu_keys_nothing_more(text: str) -> None:
    rules = load(text.replace("{after: 90s, to: queue faktura}", "{after: 90s, to: menu main}"))

    walked = simulate(rules, PlayedCall(BERGEN, MONDAY, press="1", waits_seconds=100))

    silent = ("welcome", "choices", "no_input", "welcome", "choices")
    assert walked.said == ("welcome", "choices", *silent)
    assert walked.ends == "queue bergen"


def test_waiting_for_ever_between_two_queues_ends(text: str) -> None:
    rules = load(
        text.replace("{after: 10m, to: voicemail faktura}", "{after: 10m, to: queue bergen}")
    )

    walked = simulate(rules, PlayedCall(BERGEN, MONDAY, press="1", waits_seconds=86_400))

    assert walked.ends == "queue bergen"


@pytest.mark.parametrize(
    "at",
    ["2026-10-25T02:00:10+01:00", "2026-10-25T02:59:50+02:00", "2026-03-29T03:00:10+02:00"],
    ids=["just put back", "about to be put back", "just put forward"],
)
def test_what_a_caller_did_before_is_so_long_ago_in_the_nights_when_clocks_are_changed_too(
    rules: RuleSet, at: str
) -> None:
    now = datetime.fromisoformat(at).astimezone(rules.timezone)
    left = LeftBefore("bergen", ago_seconds=20, waited_seconds=120)

    facts = simulate(rules, PlayedCall(BERGEN, now, last_agent="kari", left=left)).facts

    assert facts.last_talk is not None
    assert facts.kept_place is not None
    ago = [
        now.timestamp() - one.timestamp() for one in (facts.last_talk.at, facts.kept_place.left_at)
    ]
    assert ago == [AN_HOUR.total_seconds(), 20]
    assert facts.kept_place.left_at.timestamp() - facts.kept_place.since.timestamp() == 120
    assert facts.kept_place.left_at - facts.kept_place.since == timedelta(minutes=2)

"""How long until the department closes that a caller waits for."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decide.waiting import closes_in
from ivr.rules.decision import Facts
from ivr.rules.load import load_rules
from ivr.rules.walk import walk

OSLO = ZoneInfo("Europe/Oslo")
RULES, _ = load_rules(
    b"""
version: 1
numbers: {+47 55 30 10 00: {to: department sales}}
hours: {office: {mon-fri: 08:00-15:58}}
departments:
  sales: {hours: office, national: queue sales, closed: {say: closed, to: hangup}}
queues:
  sales: {answer: 80% within 20s, at_closing_time: voicemail sales, while_waiting: [{after: 3h, to: hangup}]}
""",
    "rules.yaml",
)


def facts(clock: str) -> Facts:
    at = datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=OSLO)
    return Facts(at=at, dialled=parse_number("+4755301000"))


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [("15:57:30", 30), ("15:30:00", 28 * 60), ("15:58:00", None), ("08:00:00", None)],
)
def test_to_the_second_and_not_for_who_came_after_it(clock: str, seconds: float | None) -> None:
    assert closes_in(RULES, facts(clock), RULES.queues["sales"], "sales") == seconds


def test_a_call_that_no_department_led_to_the_queue_waits_on() -> None:
    assert closes_in(RULES, facts("15:57:30"), RULES.queues["sales"], None) is None


def test_a_simulated_caller_with_patience_is_led_on_when_it_closes() -> None:
    ends = [
        walk(RULES, facts("15:50:00"), "", take_option, patience_seconds=seconds).ends
        for seconds in (420, 540)
    ]

    assert ends == ["queue sales", "voicemail sales"]

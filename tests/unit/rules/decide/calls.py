"""The calls that the tests of decisions tell of, and what their steps say."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.numbers import parse_number
from ivr.rules.decision import Decision, Facts
from ivr.showing.steps import step_told

OSLO = ZoneInfo("Europe/Oslo")
BERGEN = parse_number("+47 55 30 10 00")
TRONDHEIM = parse_number("+47 73 80 20 00")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=OSLO)
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=OSLO)


def facts(at: datetime = MONDAY, site: str | None = "bergen", **signed_in: int) -> Facts:
    """A caller who is in the main menu."""
    staffing = {name.replace("_", "-"): agents for name, agents in signed_in.items()}
    return Facts(at=at, dialled=BERGEN, site=site, signed_in=staffing, menus=("main",))


def taken(decision: Decision) -> list[str]:
    return [step_told(step) for step in decision.steps if step.taken]


def why_not(decision: Decision) -> list[str]:
    return [step_told(step) for step in decision.steps if not step.taken]

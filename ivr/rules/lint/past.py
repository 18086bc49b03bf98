"""What is wholly past: it was right once, and no call will meet it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location, RuleSet


def lint_past(rules: RuleSet, at: datetime) -> Iterator[Fault]:
    """Notices and closed periods that have ended before the aware moment `at`."""
    now = at.astimezone(rules.timezone).replace(tzinfo=None)
    for notice in rules.notices:
        if notice.end <= now:
            yield _over(f"this notice is over since {notice.end:%Y-%m-%d %H:%M}", notice.at)
    for period in rules.holidays.closed:
        if period.last < now.date():
            yield _over(f"this period is over: its last day was {period.last}", period.at)


def _over(message: str, at: Location) -> Fault:
    return fault(FaultKind.IS_OVER, at, message, "write its next dates, or take it out")

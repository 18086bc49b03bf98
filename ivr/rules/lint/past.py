"""What is wholly past: it was right once, and no call will meet it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location, RuleSet
from ivr.rules.values.days import DatePeriod


def lint_past(rules: RuleSet, at: datetime) -> Iterator[Fault]:
    """Notices and periods of the calendar that have ended before the aware moment `at`."""
    now = at.astimezone(rules.timezone).replace(tzinfo=None)
    for notice in rules.notices:
        if notice.end <= now:
            yield _over(f"this notice is over since {notice.end:%Y-%m-%d %H:%M}", notice.at)
    of_closed = [(period.days, period.at) for period in rules.holidays.closed]
    of_opened = [(period.days, period.at) for period in rules.holidays.opened]
    for days, where in (*of_closed, *of_opened):
        if isinstance(days, DatePeriod) and days.last < now.date():
            yield _over(f"this period is over: its last day was {days.last}", where)


def _over(message: str, at: Location) -> Fault:
    return fault(FaultKind.IS_OVER, at, message, "write its next dates, or take it out")

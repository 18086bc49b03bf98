"""Closing months: from then on their figures are told by the definitions that hold now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from ivr.clock import Clock
from ivr.kpi.months import last_month_to_close, present_definitions
from ivr.records.months import Months
from ivr.rules.model import RuleSet

log = structlog.get_logger()


async def close_months(months: Months, rules: Callable[[], RuleSet], clock: Clock) -> Sequence[str]:
    """Close those that are over and ripe, by the rules in force. Raises StoreFailed."""
    present, now = rules(), clock.now()
    today = now.astimezone(present.timezone).date()
    targets = {queue.name: queue.answer.within_seconds for queue in present.queues.values()}
    closed = await months.close(last_month_to_close(today), present_definitions(targets), now)
    if closed:
        log.info("months closed", months=list(closed))
    return closed

"""When a month is closed, and by what its figures are told then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from ivr.kpi.cells import FOLD_VERSION
from ivr.kpi.repeats import last_ripe_day
from ivr.kpi.rows import USUAL_WITHIN_SECONDS
from ivr.kpi.service_level import DEFINITIONS
from ivr.kpi.tally import SHORT_SECONDS
from ivr.records.months import MonthDefinitions


def last_month_to_close(today: date) -> str:
    """The last month that is over, and of whose calls it is known who called again."""
    after_it = (last_ripe_day(today) + timedelta(days=1)).replace(day=1)
    return f"{after_it - timedelta(days=1):%Y-%m}"


def present_definitions(targets: Mapping[str, float]) -> MonthDefinitions:
    """Those that hold now; `targets` are the seconds within which each queue is to answer."""
    return MonthDefinitions(
        within_seconds=dict(targets),
        otherwise_within_seconds=USUAL_WITHIN_SECONDS,
        short_seconds=SHORT_SECONDS,
        service_levels={name: one.version for name, one in DEFINITIONS.items()},
        history=FOLD_VERSION,
    )

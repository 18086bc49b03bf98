"""What the figures of history are compared with the calls' in tests/integration/store/test_folds.py."""

from __future__ import annotations

from datetime import date

import pytest

from ivr.kpi.cells import FoldedFirstCalls, Grain
from ivr.kpi.history import grain_for, repeats_of_history
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import EVERYTHING, By, Only


@pytest.mark.parametrize(
    ("by", "only", "grain"),
    [
        ("queue", EVERYTHING, "day"),
        ("month", Only(site="os", outcome="answered"), "day"),
        ("agent", EVERYTHING, "agent"),
        ("week", Only(agent="kari"), "agent"),
        ("hour", Only(queue="q"), "quarter"),
        ("quarter", Only(outcome="abandoned"), "quarter"),
        ("quarter", Only(site="os"), None),
        ("site", Only(agent="kari"), None),
        ("agent", Only(department="salg"), None),
        ("hour", Only(agent="kari"), None),
    ],
)
def test_each_figure_is_read_where_so_much_is_told_apart(
    by: By, only: Only, grain: Grain | None
) -> None:
    assert grain_for(by, only) == grain


def test_a_day_ripens_when_seven_whole_days_have_passed() -> None:
    kept = [
        FoldedFirstCalls("2026-11-15", "", "salg", 10, 4),
        FoldedFirstCalls("2026-11-16", "os", "salg", 5, 5),
    ]

    assert repeats_of_history(kept, date(2026, 11, 23)) == Repeats(10, 4, 5)
    assert repeats_of_history(kept, date(2026, 11, 24)) == Repeats(15, 9, 0)

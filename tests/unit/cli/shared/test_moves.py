"""The calls that a comparison of before and after needs: those around its weeks, too, by which callers call again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.cli.shared.moves import calls_of_moves
from ivr.kpi.migration import REPEATS_REACH, DepartmentMove, stretches
from ivr.kpi.rows import Terms
from ivr.records.events import Arrived, Ended, Routed
from ivr.store.memory_journal import MemoryJournal
from tests.clocks import HandClock

TERMS = Terms(zone=ZoneInfo("Europe/Oslo"), targets={})
NOW = datetime(2028, 1, 1, tzinfo=UTC)


def kept(*came: datetime) -> MemoryJournal:
    """A call to the department at each of these times."""
    clock = HandClock(NOW)
    journal = MemoryJournal(clock=clock)
    for number, clock.at in enumerate(came):
        told = Arrived(dialled="1", caller="2", call_time="", revision="", channel="1")
        journal.note(f"{number}", told)
        journal.note(f"{number}", Routed(to="hangup", language="nb", department="salg"))
        journal.note(f"{number}", Ended(by="caller"))
    return journal


@pytest.mark.parametrize(
    "moved",
    [date(2027, 4, 5), date(2027, 11, 8), date(2027, 6, 7)],
    ids=["clocks put forward", "clocks put back", "neither"],
)
def test_a_whole_week_before_and_after_the_weeks_is_read_whatever_clocks_are_changed_in_it(
    moved: date,
) -> None:
    move = DepartmentMove("salg", "oslo", moved, moved + timedelta(weeks=60))
    first, last, *_ = (at.astimezone(UTC) for at in stretches(move, 1, TERMS, NOW))
    a_minute = timedelta(minutes=1)
    inside = (first - REPEATS_REACH, last + REPEATS_REACH - a_minute)
    outside = (first - REPEATS_REACH - a_minute, last + REPEATS_REACH)

    found = calls_of_moves(kept(*inside, *outside), [move], 1, TERMS, NOW)

    assert [call.arrived_at for call in found[move]] == [*inside]

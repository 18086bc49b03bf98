from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.kpi.rows import WAYS, By, Only, Terms, by_name, calls_behind, figures
from ivr.records.record import CallRecord, QueueVisit, VisitOutcome

OSLO = ZoneInfo("Europe/Oslo")
TERMS = Terms(zone=OSLO, targets={"bergen": 20.0, "oslo": 60.0})
NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def call(
    *visits: tuple[str, VisitOutcome, float | None],
    at: datetime = NINE,
    site: str | None = None,
    agent: str | None = None,
    test: bool = False,
) -> CallRecord:
    return CallRecord(
        call_id=f"{at}",
        arrived_at=at,
        site=site,
        department="salg",
        disposition="answered",
        test=test,
        visits=tuple(
            QueueVisit(
                queue=queue,
                entered_at=at,
                outcome=outcome,
                wait_seconds=wait,
                agent=agent if outcome == "answered" else None,
            )
            for queue, outcome, wait in visits
        ),
    )


MOVED_ON = call(
    ("bergen", "overflowed", 30.0), ("oslo", "answered", 50.0), site="bergen", agent="kari"
)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("queue", {"bergen": 1, "oslo": 1}),
        ("site", {"bergen": 2}),
        ("department", {"salg": 2}),
        ("agent", {"kari": 1}),
        ("day", {"2026-11-23": 2}),
        ("hour", {"09": 2}),
    ],
)
def test_offers_are_put_together(by: By, rows: dict[str, int]) -> None:
    found = figures([MOVED_ON], by, TERMS)

    assert {name: tally.offered for name, tally in found.rows.items()} == rows
    assert found.total.offered == sum(rows.values())


def test_each_queue_is_judged_by_its_own_target_unless_told_otherwise() -> None:
    own = figures([MOVED_ON], "site", TERMS).total
    same = figures([MOVED_ON], "site", Terms(zone=OSLO, targets={}, within_seconds=49.0)).total

    assert (own.answered_within, same.answered_within) == (1, 0)


def test_a_call_belongs_to_the_day_and_hour_of_its_arrival_where_the_centre_is() -> None:
    before_midnight = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    found = figures([call(("bergen", "answered", 1.0), at=before_midnight)], "day", TERMS)

    assert list(found.rows) == ["2026-11-23"]


def test_the_hour_that_comes_twice_is_one_row() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    calls = [call(("bergen", "answered", 1.0), at=first + timedelta(hours=n)) for n in range(3)]

    found = figures(calls, "hour", TERMS)

    assert {name: tally.offered for name, tally in found.rows.items()} == {"02": 2, "03": 1}


@pytest.mark.parametrize("by", WAYS)
def test_calls_of_tests_are_in_no_figure_unless_asked_for(by: By) -> None:
    tested = call(("bergen", "answered", 1.0), agent="kari", test=True)

    assert figures([tested], by, TERMS).total.offered == 0
    assert list(calls_behind([tested], by, TERMS)) == []
    assert figures([tested], by, TERMS, with_tests=True).total.offered == 1


def test_what_has_no_site_is_a_row_of_its_own_and_the_last() -> None:
    calls = [call(("bergen", "answered", 1.0), site=site) for site in (None, "os", "al")]

    assert [name for name, _ in by_name(figures(calls, "site", TERMS))] == ["al", "os", None]


@pytest.mark.parametrize(
    ("only", "offered"),
    [
        (Only(queue="bergen"), 1),
        (Only(queue="oslo", outcome="answered"), 1),
        (Only(queue="oslo", outcome="abandoned"), 0),
        (Only(outcome="overflowed"), 1),
        (Only(site="bergen"), 2),
        (Only(site="oslo"), 0),
        (Only(department="salg"), 2),
        (Only(agent="kari"), 1),
        (Only(), 2),
    ],
)
def test_the_calls_behind_a_figure_are_those_that_are_in_it(only: Only, offered: int) -> None:
    calls = [MOVED_ON, call()]

    found = figures(calls, "queue", TERMS, only)
    behind = list(calls_behind(calls, "queue", TERMS, only))

    assert found.total.offered == offered
    assert behind == (calls if only == Only() else [MOVED_ON] if offered else [])


def test_a_limit_on_short_abandons_of_ones_own_finds_its_calls_too() -> None:
    hurried = call(("bergen", "abandoned", 8.0))
    terms = Terms(zone=OSLO, targets={}, short_seconds=10.0)
    only = Only(outcome="abandoned_short")

    assert list(calls_behind([hurried], "queue", terms, only)) == [hurried]
    assert list(calls_behind([hurried], "queue", TERMS, only)) == []

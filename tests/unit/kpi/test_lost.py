from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.lost import lost_callers
from ivr.records.record import CallRecord, Disposition
from ivr.records.removals import PURGED

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KARI, OLA = "+4790000001", "+4790000002"


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def call(
    minute: float,
    disposition: Disposition | None = "abandoned",
    caller: str | None = KARI,
    *,
    wait: float | None = 60.0,
    department: str = "salg",
    test: bool = False,
) -> CallRecord:
    return CallRecord(
        call_id=f"{minute}",
        arrived_at=at(minute),
        caller=caller,
        department=department,
        disposition=disposition,
        wait_seconds=wait,
        test=test,
    )


def test_each_caller_stands_once_with_all_tries() -> None:
    calls = [
        call(0, wait=30.0),
        call(1, caller=OLA),
        call(2, wait=90.0),
        call(3, department="faktura"),
    ]

    first, second = lost_callers(calls, {}).callers

    assert (first.caller, first.tries, first.first_at, first.last_at) == (KARI, 3, at(0), at(3))
    assert (first.longest_wait_seconds, first.department) == (90.0, "faktura")
    assert (second.caller, second.tries) == (OLA, 1)


@pytest.mark.parametrize(
    ("calls", "listed"),
    [
        ([call(0)], True),
        ([call(0, "blocked", wait=None)], True),
        ([call(0, "failed")], True),
        ([call(0, wait=5.0)], False),
        ([call(0, wait=5.1)], True),
        ([call(0, "menu_abandoned", wait=None)], False),
        ([call(0, "closed", wait=None)], False),
        ([call(0, "voicemail")], False),
        ([call(0, "answered")], False),
        ([call(0, None)], False),
        ([call(0, test=True)], False),
        ([call(0), call(1, "answered")], False),
        ([call(0), call(1, "answered", OLA)], True),
        ([call(0), call(1, "answered", test=True)], True),
        ([call(0, "answered"), call(1)], True),
        ([call(0), call(1, "menu_contained", wait=None)], True),
    ],
)
def test_who_is_to_be_called_back(calls: list[CallRecord], *, listed: bool) -> None:
    assert [one.caller for one in lost_callers(calls, {}).callers] == [KARI] * listed


@pytest.mark.parametrize(("seen_to", "tries"), [(-1.0, 2), (0.0, 1), (1.5, 1), (2.0, 0), (9.0, 0)])
def test_what_was_before_somebody_saw_to_it_is_forgotten(seen_to: float, tries: int) -> None:
    found = lost_callers([call(0), call(2)], {KARI: at(seen_to)}).callers

    assert sum(one.tries for one in found) == tries


def test_a_message_does_not_take_a_caller_off_the_list_but_is_told() -> None:
    (one,) = lost_callers([call(0), call(1, "voicemail"), call(2)], {}).callers

    assert (one.left_message, one.tries) == (True, 2)


def test_whose_number_was_purged_has_not_withheld_it() -> None:
    found = lost_callers(
        [call(0, caller=PURGED), call(1, "answered", PURGED), call(2, caller=None)], {}
    )

    assert (found.callers, found.withheld, found.purged) == ((), 1, 1)


def test_who_withholds_the_number_is_counted_only() -> None:
    found = lost_callers(
        [call(0, caller=None), call(1, "answered", None), call(2, caller=None)], {}
    )

    assert (found.callers, found.withheld) == ((), 2)


KINDS: tuple[Disposition, ...] = ("abandoned", "blocked", "answered", "voicemail", "closed")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from([KARI, OLA])), max_size=12))
def test_listed_are_those_whose_last_loss_came_after_their_last_talk(
    story: list[tuple[Disposition, str]],
) -> None:
    calls = [call(minute, kind, caller) for minute, (kind, caller) in enumerate(story)]

    expected = set()
    for kind, caller in story:
        if kind == "answered":
            expected.discard(caller)
        elif kind in {"abandoned", "blocked"}:
            expected.add(caller)
    assert {one.caller for one in lost_callers(calls, {}).callers} == expected

"""Occupancy: time on calls and after them, over that and the time in which an agent could have taken one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ivr.kpi.occupancy import (
    FoldedDuty,
    TimeAtWork,
    by_queue,
    duties,
    duty_between,
    duty_facts,
    work_between,
)
from ivr.records.agents import AgentChange, AgentChangeKind, AgentStateKept

AT = datetime(2026, 11, 23, 9, 50, tzinfo=UTC)


def change(
    minutes: float, state: AgentStateKept, kind: AgentChangeKind = "ready", agent: str = "kari"
) -> AgentChange:
    at = AT + timedelta(minutes=minutes)
    return AgentChange(agent=agent, seq=1, at=at, kind=kind, before="available", state=state)


def folded(*changes: AgentChange) -> list[FoldedDuty]:
    return [one for before, after in pairwise(changes) for one in duty_between(before, after)]


def test_time_in_a_state_is_told_hour_by_hour() -> None:
    assert folded(change(0, "talking"), change(75, "available")) == [
        FoldedDuty("2026-11-23T09", "kari", "talking", 600_000),
        FoldedDuty("2026-11-23T10", "kari", "talking", 3_600_000),
        FoldedDuty("2026-11-23T11", "kari", "talking", 300_000),
    ]


def test_what_nobody_saw_and_who_is_signed_out_is_no_duty() -> None:
    assert folded(change(0, "available"), change(60, "available", "server_began")) == []
    assert folded(change(0, "signed_out"), change(60, "available")) == []
    assert folded(change(60, "talking"), change(0, "available")) == []


def test_spans_that_follow_each_other_lose_no_millisecond() -> None:
    third = 1 / 60_000 / 3
    spans = folded(*(change(number * third, "talking") for number in range(3001)))

    assert duties(spans)["kari"].ms["talking"] == 1000


def test_occupancy_is_calls_and_the_time_after_them_over_that_and_available() -> None:
    told = (
        change(0, "available"), change(20, "offered"), change(21, "talking"), change(30, "wrapping_up"),
        change(31, "paused"), change(60, "available", agent="kari"),
    )  # fmt: skip
    kari = duties(folded(*told))["kari"]

    assert kari.occupancy == 10 / 31
    assert kari.signed_in_seconds == 3600
    facts = duty_facts(kari, talks=2, talk_seconds=540)
    assert (facts["wrap_up_seconds"], facts["handling_seconds"]) == (30, 300)
    of_two = by_queue(one for pair in 2 * [*pairwise(told)] for one in work_between(*pair))[""]
    assert of_two.occupancy == kari.occupancy


def test_of_nobody_there_is_no_figure() -> None:
    assert TimeAtWork().occupancy is None
    assert set(duty_facts(TimeAtWork(), 4, 100.0).values()) == {None}

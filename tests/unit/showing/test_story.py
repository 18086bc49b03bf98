"""A call's story: its events and their reasons, second by second, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

from ivr.records.events import CallEvent, Queued, Reason, Routed, WaitEstimated
from ivr.records.journal import Entry
from ivr.showing.story import event_told, story_told
from ivr.why import CameTo


def test_an_estimate_is_told_with_what_it_was_made_from() -> None:
    estimate = WaitEstimated(
        queue="main", seconds=95.4, low_seconds=60.0, high_seconds=150.2, ahead=3, agents=2
    )

    assert event_told(estimate) == (
        "expected to wait 95 s in queue main: 60 to 150 s; 3 ahead, 2 agents"
    )
    assert event_told(estimate, "nb") == (
        "ventetiden i køen main ble anslått til 95 s: 60 til 150 s; 3 foran, 2 medarbeidere"
    )


def test_a_story_is_told_in_one_language_from_its_first_line_to_its_last() -> None:
    step = Reason(because=CameTo("queue main"), file="r.yaml", line=3)
    events: tuple[CallEvent, ...] = (
        Routed(to="queue main", language="nb", steps=(step,)),
        Queued(queue="main"),
    )
    entries = [
        Entry(
            call_id="a-call",
            seq=number,
            at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
            monotonic_ns=number * 1_500_000_000,
            event=event,
        )
        for number, event in enumerate(events)
    ]

    assert story_told(entries) == [
        "    0.0 s  went to queue main",
        "             r.yaml:3  queue main",
        "    1.5 s  began to wait in queue main",
    ]
    assert story_told(entries, "nb") == [
        "    0,0 s  gikk til queue main",
        "             r.yaml:3  queue main",
        "    1,5 s  begynte å vente i køen main",
    ]

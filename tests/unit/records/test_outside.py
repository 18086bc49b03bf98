"""How long a call talked outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.records.events import CallEvent, Ended, PhoneTaken, Routed, TalkEnded
from ivr.records.journal import Entry
from ivr.records.outside import seconds_outside

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TAKEN = PhoneTaken(phone="vakt", trunk="telia")


def entries(*events: tuple[float, CallEvent]) -> list[Entry]:
    """Each so many seconds after noon."""
    return [
        Entry(
            call_id="a",
            seq=number,
            at=NOON + timedelta(seconds=at),
            monotonic_ns=round(at * 1e9),
            event=event,
        )
        for number, (at, event) in enumerate(events, start=1)
    ]


def test_a_talk_counts_from_when_it_was_taken_until_it_ended() -> None:
    told = entries((0, TAKEN), (60, TalkEnded(by="agent")), (90, Ended(by="agent")))

    assert seconds_outside(told) == 60


def test_a_caller_who_hangs_up_ends_the_talk_with_the_call() -> None:
    assert seconds_outside(entries((5, TAKEN), (65, Ended(by="caller")))) == 60


def test_several_talks_are_added_and_those_with_phones_of_ours_are_not() -> None:
    on = Routed(to="phone vakt", language="nb")
    told = entries(
        (0, TAKEN),
        (10, TalkEnded(by="system")),
        (10, on),
        (20, PhoneTaken(phone="desk")),
        (50, TalkEnded(by="system")),
        (60, TAKEN),
        (65, TalkEnded(by="agent")),
    )

    assert seconds_outside(told) == 15


def test_what_has_not_ended_is_not_known() -> None:
    assert seconds_outside(entries((0, TAKEN))) == 0
    assert seconds_outside([]) == 0


def test_what_nobody_saw_end_lasted_until_the_call_was_last_known_to_be_there() -> None:
    seen = NOON + timedelta(seconds=90)

    assert seconds_outside(entries((0, TAKEN), (7200, Ended(by="lost_while_down")))) == 7200
    end = Ended(by="lost_while_down", last_seen=seen)
    assert seconds_outside(entries((0, TAKEN), (7200, end))) == 90


def test_of_a_day_are_the_talks_that_ended_on_it_from_their_beginning() -> None:
    told = entries(
        (0, TAKEN), (60, TalkEnded(by="system")), (70, TAKEN), (100, TalkEnded(by="agent"))
    )

    since = [NOON + timedelta(seconds=seconds) for seconds in (60, 61, 100, 101)]
    assert [seconds_outside(told, at) for at in since] == [90, 30, 30, 0]

"""Calls that nobody has at present: who comes first again, and how those ended that are not there any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.records.events import Arrived, CallEvent, Ended, Queued, Routed
from ivr.records.standing import Standing
from ivr.server.left_calls import LeftCalls, Unended, unended_calls
from ivr.server.under_way import CallsUnderWay
from ivr.store.memory_journal import MemoryJournal
from tests.clocks import HandClock

BEGAN = datetime(2026, 11, 27, 8, tzinfo=UTC)


def came(channel: str) -> Arrived:
    return Arrived(dialled="1", caller=None, call_time="", revision="", channel=channel)


def to(place: str, seconds: float = 0) -> Routed:
    at = BEGAN + timedelta(seconds=seconds)
    return Routed(to=place, language="nb", standing=Standing(place=place, at=at, language="nb"))


def left(**calls: tuple[CallEvent, ...]) -> LeftCalls:
    """A second between any two events, call by call."""
    clock = HandClock(BEGAN)
    journal = MemoryJournal(clock=clock)
    for call_id, events in calls.items():
        for event in events:
            journal.note(call_id, event)
            clock.at += timedelta(seconds=1)
    under_way = CallsUnderWay(journal, clock)
    return LeftCalls(under_way, unended_calls(journal, under_way))


def test_calls_without_an_end_are_left_and_ended_when_the_last_server_was_seen_last() -> None:
    found = left(
        open=(came("a"), to("menu main")), over=(came("b"), Ended(by="caller")), new=(came("c"),)
    )

    assert [(one.call.call_id, one.leg) for one in found] == [("open", "a"), ("new", "c")]
    (first, _) = found
    last = BEGAN + timedelta(seconds=4)
    assert first.end(is_now=False) == Ended(by="lost_while_down", last_seen=last)
    assert first.end(is_now=True) == Ended(by="lost_while_down")


def test_who_has_waited_longest_comes_first_and_who_stands_nowhere_last() -> None:
    found = left(
        nowhere=(came("a"),),
        late=(came("b"), to("menu main"), to("queue q", 90), Queued(queue="q")),
        early=(came("c"), to("queue q", 60), Queued(queue="q")),
    )

    in_order = sorted(found, key=lambda one: one.since)

    assert [one.call.call_id for one in in_order] == ["early", "late", "nowhere"]


async def test_a_call_waits_until_somebody_has_it_or_the_server_ends() -> None:
    found = left(first=(came("a"),), second=(came("b"),))
    first, second = found

    assert found.on("a") is first
    found.remove(first)
    assert first.over.is_set()
    assert first not in found
    assert found.out_of_hand() == [second]

    second.is_in_hand = True
    assert found.out_of_hand() == []
    found.give_up()
    assert second.over.is_set()
    assert found.add(second.call).over.is_set()


def test_a_server_that_finds_nothing_has_nothing_left() -> None:
    assert [*LeftCalls(CallsUnderWay(MemoryJournal(), HandClock(BEGAN)), Unended())] == []

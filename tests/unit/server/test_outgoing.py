"""The gate for calls out: limits, lines, and what is told of calls that were not made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.numbers import parse_number
from ivr.observe import Counts
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    PhoneTaken,
    Queued,
    TalkEnded,
)
from ivr.server.outgoing import OutgoingCalls
from ivr.server.trunks import TrunksInUse
from ivr.settings import Outgoing, TrunkSettings
from ivr.store.memory_journal import MemoryJournal
from ivr.trunks import Trunk, open_trunk

VAKT = parse_number("+47 90 00 00 01")


class HandClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
        self.was_set_by = timedelta()

    def set(self, by: timedelta) -> None:
        """Somebody puts it right; no time passes."""
        self.at += by
        self.was_set_by += by

    def tick(self) -> float:
        return (self.at - self.was_set_by).timestamp()

    def now(self) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


def trunk(name: str = "telia", **keys: Any) -> Trunk:
    said = TrunkSettings(name=name, addresses=("192.0.2.10",), **keys)
    return open_trunk(said, lambda _: ())


def gate(clock: HandClock, *trunks: Trunk, **said: Any) -> OutgoingCalls:
    in_use = TrunksInUse(clock, lambda: trunks)
    zone = ZoneInfo("Europe/Oslo")
    return OutgoingCalls(Outgoing(**said), in_use, lambda: zone, clock, Counts(), tick=clock.tick)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def bars(outgoing: OutgoingCalls) -> str | None:
    return outgoing.bars(VAKT, is_named=True)


def test_the_eleventh_call_of_a_minute_is_not_made_and_the_next_minute_begins_anew(
    clock: HandClock,
) -> None:
    outgoing = gate(clock, trunk())

    assert [bars(outgoing) for _ in range(11)] == [None] * 10 + ["each_minute"]
    clock.goes_on(seconds=59)
    assert bars(outgoing) == "each_minute"
    clock.goes_on(seconds=1)
    assert bars(outgoing) is None


def test_what_was_not_made_counts_as_no_call_of_the_minute(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(), calls_each_minute=1)
    forbidden = parse_number("829 00 000")

    assert [outgoing.bars(forbidden, is_named=True) for _ in range(5)] == ["never"] * 5
    assert bars(outgoing) is None


def test_minutes_of_a_day_are_used_up_by_talks_and_come_back_at_midnight_in_the_rules_zone(
    clock: HandClock,
) -> None:
    outgoing = gate(clock, trunk(), minutes_each_day=60)
    outgoing.begin("a", "telia")
    outgoing.taken("a")
    clock.goes_on(minutes=59)
    assert bars(outgoing) is None

    clock.goes_on(minutes=1)
    assert bars(outgoing) == "each_day"
    outgoing.end("a")
    assert bars(outgoing) == "each_day"

    clock.at = datetime(2026, 11, 26, 22, 59, tzinfo=UTC)
    assert bars(outgoing) == "each_day"
    clock.at = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)
    assert bars(outgoing) is None


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_put_right_uses_up_no_minutes_and_bars_no_call(
    clock: HandClock, by: timedelta
) -> None:
    outgoing = gate(clock, trunk(), minutes_each_day=10, calls_each_minute=2)
    outgoing.begin("a", "telia")
    outgoing.taken("a")
    assert [bars(outgoing) for _ in range(3)] == [None, None, "each_minute"]
    clock.set(by)
    assert bars(outgoing) == "each_minute"
    clock.goes_on(minutes=1)
    assert bars(outgoing) is None
    assert outgoing.minutes_today() == pytest.approx(1)
    outgoing.end("a")
    assert outgoing.minutes_today() == pytest.approx(1)


async def test_what_was_talked_outside_today_outlives_a_restart(clock: HandClock) -> None:
    kept = MemoryJournal(clock=clock, monotonic_ns=lambda: int(clock.at.timestamp() * 1e9))

    def call(call_id: str, trunk: str | None, minutes: float) -> None:
        kept.note(
            call_id, Arrived(dialled="1", caller=None, call_time="", revision="", channel="1")
        )
        kept.note(call_id, PhoneTaken(phone="vakt", trunk=trunk))
        clock.goes_on(minutes=minutes)
        kept.note(call_id, TalkEnded(by="agent"))
        clock.goes_on(minutes=1)
        kept.note(call_id, Ended(by="agent"))

    clock.at -= timedelta(days=1)
    call("yesterday", "telia", 50)
    clock.at += timedelta(days=1)
    call("outside", "telia", 40)
    call("at a phone of ours", None, 30)

    outgoing = gate(clock, trunk(), minutes_each_day=40)
    outgoing.remember(kept)

    assert outgoing.minutes_today() == 40
    assert bars(outgoing) == "each_day"


@pytest.mark.parametrize("outside_is_first", [True, False])
async def test_a_talk_outside_counts_after_a_restart_though_an_agent_talked_in_that_call_too(
    clock: HandClock, outside_is_first: bool
) -> None:
    kept = MemoryJournal(clock=clock, monotonic_ns=lambda: int(clock.at.timestamp() * 1e9))

    def talks(*began: CallEvent, minutes: float) -> None:
        for event in began:
            kept.note("both", event)
        clock.goes_on(minutes=minutes)
        kept.note("both", TalkEnded(by="system"))

    outside = PhoneTaken(phone="vakt", trunk="telia")
    with_agent = Queued(queue="main"), Connected(queue="main", agent="kari")
    kept.note("both", Arrived(dialled="1", caller=None, call_time="", revision="", channel="1"))
    if outside_is_first:
        talks(outside, minutes=40)
    talks(*with_agent, minutes=5)
    if not outside_is_first:
        talks(outside, minutes=40)
    kept.note("both", Ended(by="caller"))

    outgoing = gate(clock, trunk(), minutes_each_day=40)
    outgoing.remember(kept)

    assert outgoing.minutes_today() == 40
    assert bars(outgoing) == "each_day"


async def test_a_talk_belongs_to_the_day_on_which_it_ended_for_every_server(
    clock: HandClock,
) -> None:
    kept = MemoryJournal(clock=clock, monotonic_ns=lambda: int(clock.at.timestamp() * 1e9))
    clock.at = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past eleven in Oslo
    first = gate(clock, trunk())

    def talks(call_id: str, minutes: float) -> None:
        kept.note(
            call_id, Arrived(dialled="1", caller=None, call_time="", revision="", channel="1")
        )
        kept.note(call_id, PhoneTaken(phone="vakt", trunk="telia"))
        first.begin(call_id, "telia")
        first.taken(call_id)
        clock.goes_on(minutes=minutes)
        kept.note(call_id, TalkEnded(by="agent"))
        first.end(call_id)

    talks("before midnight", 10)
    kept.note("before midnight", Ended(by="agent"))
    talks("over midnight", 40)
    kept.note("over midnight", Ended(by="agent"))
    talks("goes on without it", 5)

    later = gate(clock, trunk())
    later.remember(kept)

    assert first.minutes_today() == 45
    assert later.minutes_today() == 45


def test_a_talk_of_an_earlier_server_has_cost_what_it_has_and_never_more_than_it_may(
    clock: HandClock,
) -> None:
    outgoing = gate(clock, trunk(), longest_minutes=60)
    for leg, seconds_ago in (("a", 600.0), ("b", 9e9)):
        outgoing.begin(leg, "telia")
        outgoing.taken(leg, seconds_ago)
    clock.goes_on(minutes=1)

    assert outgoing.minutes_today() == 11 + 61
    outgoing.end("a")
    outgoing.end("b")
    assert outgoing.minutes_today() == 11 + 61


def test_a_phone_that_only_rang_has_used_no_minutes(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(), minutes_each_day=1)
    outgoing.begin("a", "telia")
    clock.goes_on(minutes=5)
    outgoing.end("a")

    assert outgoing.minutes_today() == 0
    assert bars(outgoing) is None


def test_a_full_trunk_has_no_line_and_gets_one_back_when_a_leg_ends_once(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(calls_out_at_once=1), trunk("lyse", calls_out_at_once=1))
    outgoing.begin("a", "telia")
    assert (outgoing.has_line("telia"), outgoing.has_line("lyse")) == (False, True)
    assert bars(outgoing) is None

    outgoing.begin("b", "lyse")
    assert bars(outgoing) == "no_line"

    outgoing.end("a")
    outgoing.end("a")
    outgoing.end("never begun")
    assert outgoing.trunks.calls_out["telia"] == 0
    assert outgoing.has_line("telia")


def test_where_there_is_no_trunk_nothing_is_called(clock: HandClock) -> None:
    assert bars(gate(clock)) == "no_trunk"
    unknown = open_trunk(TrunkSettings(name="a", addresses=("x.example",)), lambda _: ())
    assert bars(gate(clock, unknown)) == "no_trunk"


def test_what_was_not_made_is_told_for_a_while_with_its_mend(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(), calls_each_minute=1)
    assert [bars(outgoing) for _ in range(3)] == [None, "each_minute", "each_minute"]

    (told,) = outgoing.problems()
    assert told.startswith("2 calls to a number outside not made")
    assert "outgoing.calls_each_minute" in told
    assert outgoing.counts.as_dict() == {"calls_out": 1, "calls_out_barred": 2}

    clock.goes_on(minutes=10)
    assert list(outgoing.problems()) == []


def test_a_failure_is_counted_against_its_trunk_and_shown(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(), trunk("lyse"))
    outgoing.failed("telia", 503)
    outgoing.failed("telia", None)

    telia, lyse = outgoing.trunks.views()
    assert (telia.out_failed, str(telia.last_failure)) == (2, "no answer to INVITE")
    assert (lyse.out_failed, lyse.last_failure) == (0, None)
    (told,) = outgoing.problems()
    assert told.startswith("trunk telia did not get a call out (no answer to INVITE)")
    assert "firewall" in told

    clock.goes_on(minutes=10)
    assert list(outgoing.problems()) == []


def test_a_call_that_failed_is_not_taken_for_a_registration_that_did(clock: HandClock) -> None:
    signs_in: dict[str, Any] = {
        "register": True,
        "account": "4755",
        "password_file": Path("unused"),
    }
    said = TrunkSettings(name="lyse", addresses=("192.0.2.20",), **signs_in)
    outgoing = gate(clock, Trunk(said, said.hosts, said.sources, "hemmelig"))
    outgoing.failed("lyse", 503)

    assert ["503" in one for one in outgoing.trunks.problems()] == [False]


def test_a_trunk_that_is_known_not_to_answer_is_tried_last(clock: HandClock) -> None:
    outgoing = gate(clock, trunk(), trunk("lyse"))

    outgoing.trunks.reached("telia", is_reachable=False)
    assert [one.name for one in outgoing.trunks.in_order_of_trial()] == ["lyse", "telia"]

    outgoing.trunks.reached("telia", is_reachable=True)
    assert [one.name for one in outgoing.trunks.in_order_of_trial()] == ["telia", "lyse"]

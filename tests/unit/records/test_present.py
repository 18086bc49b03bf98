"""A call under way: what is shown of it after each thing that can happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ivr.records import events
from ivr.records.present import Doing, PresentCall, arrived_call, gone_on

CAME = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
ARRIVED = events.Arrived(
    dialled="+4721000000", caller="+4790000001", call_time="", revision="r", channel="c"
)
TO_QUEUE = events.Routed(to="queue bergen", language="nb", site="bergen", department="faktura")
QUEUED = events.Queued(queue="bergen")
OFFERED = events.Offered(queue="bergen", agent="kari")
MISSED = events.OfferFailed(queue="bergen", agent="kari", result="no_answer")
EXPECTED = events.WaitEstimated(
    queue="bergen", seconds=60.0, low_seconds=40.0, high_seconds=90.0, ahead=2, agents=3
)
CONNECTED = events.Connected(queue="bergen", agent="kari")


def after(*told: events.CallEvent) -> PresentCall:
    """The call after these events, each of which comes a minute after the one before."""
    call = arrived_call("1-call", ARRIVED, CAME)
    for minutes, event in enumerate(told, start=1):
        call = gone_on(call, event, CAME + timedelta(minutes=minutes))
    return call


STORIES: Sequence[tuple[Sequence[events.CallEvent], Doing]] = (
    ((), "arriving"),
    ((events.Answered(),), "arriving"),
    ((events.Routed(to="menu main", language="nb"),), "in a menu"),
    ((events.Routed(to="question postcode", language="nb"),), "at a question"),
    ((TO_QUEUE,), "arriving"),
    ((TO_QUEUE, QUEUED), "waiting"),
    ((TO_QUEUE, QUEUED, OFFERED), "ringing"),
    ((TO_QUEUE, QUEUED, OFFERED, MISSED), "waiting"),
    ((TO_QUEUE, QUEUED, OFFERED, CONNECTED), "talking"),
    ((TO_QUEUE, QUEUED, events.LeftQueue(queue="bergen", result="overflowed")), "arriving"),
    ((TO_QUEUE, QUEUED, OFFERED, CONNECTED, events.TalkEnded(by="agent")), "arriving"),
    ((events.Routed(to="phone vakt", language="nb"),), "ringing"),
    ((events.PhoneRang(phone="vakt"),), "ringing"),
    ((events.PhoneRang(phone="vakt"), events.PhoneTaken(phone="vakt")), "talking"),
    ((events.PhoneNotTaken(phone="vakt", result="busy"),), "arriving"),
    ((events.Routed(to="voicemail faktura", language="nb"),), "leaving a message"),
    ((events.MessageLeft(voicemail="faktura", file="f", seconds=3.0),), "leaving"),
    ((events.Routed(to="hangup", language="nb"),), "leaving"),
)  # fmt: skip


@pytest.mark.parametrize(("told", "doing"), STORIES)
def test_what_a_caller_does(told: Sequence[events.CallEvent], doing: Doing) -> None:
    assert after(*told).doing == doing


def test_a_wait_goes_on_while_phones_ring_in_vain() -> None:
    call = after(TO_QUEUE, QUEUED, OFFERED, MISSED, OFFERED)

    assert call.waiting_since == CAME + timedelta(minutes=2)
    assert (call.queue, call.agent) == ("bergen", "kari")
    assert after(TO_QUEUE, QUEUED, OFFERED, MISSED).agent is None


def test_who_talks_waits_no_more_and_still_belongs_to_the_queue() -> None:
    call = after(TO_QUEUE, QUEUED, OFFERED, CONNECTED)

    assert call.waiting_since is None
    assert (call.queue, call.agent) == ("bergen", "kari")


def test_who_was_cut_off_from_the_agent_waits_from_then_on() -> None:
    call = after(TO_QUEUE, QUEUED, OFFERED, CONNECTED, events.TalkEnded(by="system"), QUEUED)

    assert call.waiting_since == CAME + timedelta(minutes=6)


def test_a_step_that_leaves_the_caller_in_the_queue_ends_no_wait() -> None:
    step = msgspec.structs.replace(TO_QUEUE, department=None)
    call = after(TO_QUEUE, QUEUED, EXPECTED, step)

    assert (call.doing, call.queue) == ("waiting", "bergen")
    assert call.waiting_since == CAME + timedelta(minutes=2)
    assert call.expected_wait_seconds == 60.0
    assert after(TO_QUEUE, QUEUED, OFFERED, step).doing == "ringing"


def test_what_was_expected_of_a_wait_is_told_as_long_as_it_lasts() -> None:
    waiting = (TO_QUEUE, QUEUED, EXPECTED)

    assert after(*waiting, OFFERED, MISSED).expected_wait_seconds == 60.0
    assert after(*waiting, events.Queued(queue="national")).expected_wait_seconds is None
    left = events.LeftQueue(queue="bergen", result="exit_key")
    assert after(*waiting, left, TO_QUEUE, QUEUED).expected_wait_seconds is None


def test_another_queue_is_another_wait() -> None:
    call = after(TO_QUEUE, QUEUED, events.Queued(queue="national"))

    assert (call.queue, call.waiting_since) == ("national", CAME + timedelta(minutes=3))


def test_the_place_is_named_as_the_rules_write_it() -> None:
    call = after(TO_QUEUE, QUEUED)

    assert (call.at, call.site, call.department) == ("queue bergen", "bergen", "faktura")


def test_since_is_when_the_caller_began_to_do_it() -> None:
    call = after(TO_QUEUE, QUEUED, events.Said(prompts=("welcome",)))

    assert call.since == CAME + timedelta(minutes=2)


def test_a_phone_without_a_sound_was_no_end_of_the_wait() -> None:
    silent = events.OfferFailed(queue="bergen", agent="kari", result="silent")

    talking = after(TO_QUEUE, QUEUED, OFFERED, CONNECTED)
    assert (talking.waiting_since, talking.queued_at) == (None, CAME + timedelta(minutes=2))
    waiting = after(TO_QUEUE, QUEUED, OFFERED, CONNECTED, silent)
    assert waiting.waiting_since == CAME + timedelta(minutes=2)
    again = after(TO_QUEUE, QUEUED, OFFERED, CONNECTED, events.TalkEnded(by="system"), QUEUED)
    assert again.waiting_since == again.queued_at == CAME + timedelta(minutes=6)

"""What is needed to go on with a call, folded from its events as they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ivr.records.events import (
    Answered,
    Arrived,
    CalledOut,
    CallEvent,
    CallOutFailed,
    Connected,
    Ended,
    LeftQueue,
    MessageLeft,
    Offered,
    OfferFailed,
    PhoneNotTaken,
    PhoneRang,
    PhoneTaken,
    Queued,
    RecordingStarted,
    Routed,
    TakenToFront,
    TalkEnded,
    WaitEstimated,
)
from ivr.records.standing import Standing
from ivr.records.taking_up import AgentTalk, LeftOff, OpenCall, PlaceSoFar, WaitExpected

AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
CAME = Arrived(dialled="100", caller="+4790000001", call_time="", revision="", channel="caller")
TALK = Connected(queue="sales", agent="kari", leg="agent", bridge="br")
BOX = RecordingStarted(voicemail="box", file="recordings/1.wav")


def to(place: str) -> Routed:
    return Routed(to=place, language="nb", standing=Standing(place=place, at=AT, language="nb"))


def after(*events: CallEvent) -> OpenCall:
    call = OpenCall("call")
    for seconds, event in enumerate(events):
        call.take(event, AT + timedelta(seconds=seconds))
    return call


def left(*events: CallEvent) -> LeftOff:
    found = after(CAME, *events).left_off
    assert found is not None
    return found


def test_a_call_of_which_nothing_is_decided_stands_nowhere() -> None:
    assert after(CAME, Answered()).left_off is None
    assert after(CAME, to("menu main"), Ended(by="caller")).left_off is None


def test_who_is_not_answered_yet_is_answered_when_the_call_is_taken_up() -> None:
    assert not left(to("menu main")).is_answered
    assert left(to("menu main"), Answered()).is_answered


def test_who_waits_has_waited_from_when_all_was_said() -> None:
    found = left(to("queue sales"), Queued(queue="sales"))

    assert found.is_waiting
    assert [one.since for one in found.standing.waits] == [AT + timedelta(seconds=1)]


def test_what_was_expected_of_a_wait_is_known_while_it_goes_on() -> None:
    estimate = WaitEstimated(
        queue="sales", seconds=60.0, low_seconds=40.0, high_seconds=90.0, ahead=2, agents=3
    )
    later = msgspec.structs.replace(estimate, seconds=10.0)
    waiting = (to("queue sales"), Queued(queue="sales"), estimate, later)
    expected = WaitExpected(queue="sales", seconds=60.0, since=AT + timedelta(seconds=2))

    assert left(*waiting).expected == expected
    assert left(*waiting, Offered(queue="sales", agent="kari")).expected == expected
    assert left(*waiting, TALK).expected is None
    assert left(*waiting, LeftQueue(queue="sales", result="overflowed")).expected is None
    assert left(*waiting, to("queue sales"), Queued(queue="sales")).expected is None


def test_who_talks_has_two_legs_and_a_bridge_until_it_ends() -> None:
    talking = (to("queue sales"), Queued(queue="sales"), TALK)

    assert (left(*talking).legs, left(*talking).bridge) == (("caller", "agent"), "br")
    assert left(*talking, TalkEnded(by="agent")).bridge is None


@pytest.mark.parametrize(
    ("ended", "talked"),
    [
        (TalkEnded(by="agent"), "to the end"),
        (TalkEnded(by="limit"), "cut"),
        (TalkEnded(by="system"), None),
    ],
)
def test_a_talk_is_had_unless_the_agents_phone_was_lost(
    ended: TalkEnded, talked: str | None
) -> None:
    found = left(to("queue sales"), Queued(queue="sales"), TALK, ended)

    assert found.talked == talked
    assert not found.is_waiting
    assert left(to("queue sales"), TALK, ended, to("survey short")).talked is None


def test_a_message_that_was_left_is_not_asked_for_again() -> None:
    kept = MessageLeft(voicemail="box", file=BOX.file, seconds=7.0)

    assert left(to("voicemail box"), BOX).message == BOX
    assert left(to("voicemail box"), BOX, kept).message == kept
    assert left(to("voicemail box"), BOX, kept, to("hangup")).message is None


def test_the_last_offer_counts_while_the_caller_waits() -> None:
    offer = Offered(queue="sales", agent="kari")
    waiting = (CAME, to("queue sales"), Queued(queue="sales"), offer)

    assert after(*waiting).offers("leg") == (offer, ())
    assert after(*waiting, TALK).offers("leg") == (None, ())


def test_of_phones_that_rang_at_once_the_leg_tells_whose_was_taken() -> None:
    kari, ola, per = (Offered(queue="sales", agent=one, leg=one) for one in ("kari", "ola", "per"))
    waiting = (CAME, to("queue sales"), Queued(queue="sales"), kari, ola, per)
    slower = OfferFailed(queue="sales", agent="per", result="other_answered")

    assert after(*waiting).offers("kari") == (kari, (ola, per))
    assert after(*waiting, slower).offers("kari") == (kari, (ola,))
    assert after(*waiting).offers("of an older server") == (per, (kari, ola))


def test_the_line_of_a_talk_outside_is_held_as_long_as_the_talk() -> None:
    taken = PhoneTaken(phone="vakt", leg="out", bridge="br", trunk="telia")

    assert after(CAME, to("phone vakt"), taken).line == ("out", "telia")
    assert after(CAME, to("phone vakt"), taken, TalkEnded(by="agent")).line is None


MISSED = OfferFailed(queue="sales", agent="kari", result="no_answer")


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ((), PlaceSoFar(queue="sales")),
        ((MISSED,), PlaceSoFar(queue="sales", missed_by=("kari",))),
        (
            (TakenToFront(queue="sales", author="anna"), MISSED),
            PlaceSoFar(queue="sales", is_before_all=True, missed_by=("kari",)),
        ),
        (
            (TALK, OfferFailed(queue="sales", agent="kari", result="silent")),
            PlaceSoFar(queue="sales", is_before_all=True, missed_by=("kari",)),
        ),
        (
            (TALK, TalkEnded(by="system"), Queued(queue="sales")),
            PlaceSoFar(queue="sales", is_before_all=True),
        ),
        ((MISSED, LeftQueue(queue="sales", result="exit_key")), PlaceSoFar()),
        ((MISSED, to("queue other"), Queued(queue="other")), PlaceSoFar(queue="other")),
    ],
)
def test_what_a_place_has_come_to_is_known_while_the_wait_goes_on(
    events: tuple[CallEvent, ...], held: PlaceSoFar
) -> None:
    assert left(to("queue sales"), Queued(queue="sales"), *events).held == held


@pytest.mark.parametrize(
    "over",
    [
        PhoneTaken(phone="vakt", leg="leg", bridge="br"),
        PhoneNotTaken(phone="vakt", result="no_answer"),
        CallOutFailed(phone="vakt", trunk="telia", result="busy"),
        OfferFailed(queue="sales", agent="site:oslo", result="not_confirmed"),
        to("queue sales"),
    ],
)
def test_a_phone_sounds_until_something_is_written_of_it(over: CallEvent) -> None:
    called = CalledOut(phone="vakt", trunk="telia", address="192.0.2.1", number="+47…001")

    assert after(CAME, PhoneRang(phone="shop")).sounding == PhoneTaken(phone="shop")
    assert after(CAME, called).sounding == PhoneTaken(phone="vakt", trunk="telia")
    assert after(CAME, called, over).sounding is None


def test_talks_with_agents_are_known_with_their_lengths_and_a_silent_phone_was_none() -> None:
    call = after(
        CAME,
        TALK,
        OfferFailed(queue="sales", agent="kari", result="silent"),
        Connected(queue="sales", agent="ola"),
        CAME,
        TalkEnded(by="system"),
        PhoneTaken(phone="partner"),
        Connected(queue="sales", agent="site partner"),
        TalkEnded(by="system"),
        TALK,
    )
    at = [AT + timedelta(seconds=seconds) for seconds in range(20)]

    with_ola = AgentTalk(agent="ola", since=at[3], until=at[5])
    with_kari = AgentTalk(agent="kari", since=at[9])
    assert call.agent_talks == (with_ola, with_kari)
    assert call.last_talk(at[10], 4.0) is None
    assert call.last_talk(at[10], 2.0) == with_ola
    assert call.last_talk(at[13], 4.0) == with_kari


def test_a_talk_lasts_from_when_two_hear_each_other_also_where_a_sites_phone_is_told_twice() -> (
    None
):
    taken = after(CAME, PhoneTaken(phone="partner"), Connected(queue="sales", agent="site partner"))
    over = after(CAME, TALK, TalkEnded(by="agent"))
    later = AT + timedelta(seconds=10)

    assert (taken.talks_seconds(later), over.talks_seconds(later)) == (9.0, 0.0)
    assert after(CAME, TALK).talks_seconds(AT) == 0.0, "of a clock that was set back since"

"""Asterisk's events as our own."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ivr.ari import reading
from ivr.ari.events import LegEnded, PhoneState, RecordingEnded, Redirected
from ivr.ari.generated import models as m
from ivr.ari.registry import Registration

NUMBER = m.CallerID(name="", number="")
CHANNEL = m.Channel(
    id="1-leg",
    protocol_id="abc@10.0.0.1",
    name="PJSIP/trunk-1-0000001a",
    state="Up",
    caller=m.CallerID(name="Ola", number="+4790000001"),
    connected=NUMBER,
    accountcode="",
    dialplan=m.DialplanCEP(
        context="in", exten="+4755301000", priority=1, app_name="Stasis", app_data=""
    ),
    creationtime="2026-01-05T12:00:00.000+0100",
    language="no",
)


def test_an_arrival_carries_what_the_engine_reads() -> None:
    arrival = reading.arrival(
        m.StasisStart(args=["a", "b"], channel=CHANNEL, application="ivr", timestamp=""), "node-1"
    )

    assert arrival.node == "node-1"
    assert arrival.endpoint == "PJSIP/trunk-1"
    assert arrival.sip_call_id == "abc@10.0.0.1"
    assert arrival.caller_name == "Ola"
    assert arrival.args == ("a", "b")


def test_a_recording_that_failed_is_not_ok() -> None:
    recording = m.LiveRecording(
        name="r", format="wav", target_uri="channel:1-leg", state="failed", duration=3
    )
    event = m.RecordingFailed(recording=recording, application="ivr", timestamp="")

    assert reading.channel_event(event) == ("1-leg", RecordingEnded("r", ok=False, seconds=3.0))


def test_a_playback_to_a_bridge_is_no_channel_s_concern() -> None:
    playback = m.Playback(id="p", media_uri="sound:a", target_uri="bridge:b", state="done")
    event = m.PlaybackFinished(playback=playback, application="ivr", timestamp="")

    assert reading.channel_event(event) is None


def test_a_phone_is_reachable_when_its_endpoint_is_online() -> None:
    endpoint = m.Endpoint(technology="PJSIP", resource="kari", state="online")
    event = m.PeerStatusChange(
        endpoint=endpoint, peer=m.Peer(peer_status="Registered"), application="ivr", timestamp=""
    )

    assert reading.phone_state(event) == PhoneState("kari", is_reachable=True)


async def test_the_first_reason_told_is_the_cause_when_the_end_tells_none() -> None:
    registration = Registration()
    registration.expect(17)
    registration.expect(16)
    registration.take(LegEnded(None))

    assert registration.ended.result() == LegEnded(17)


async def test_only_the_first_sign_of_the_end_counts() -> None:
    registration = Registration()
    registration.take(LegEnded(16, "Normal Clearing"))
    registration.take(LegEnded(19))

    assert registration.ended.result() == LegEnded(16, "Normal Clearing")


def test_busy_of_a_dial_is_told_beforehand_and_ari_s_own_hang_up_is_normal() -> None:
    busy = m.Dial(peer=CHANNEL, dialstatus="BUSY", application="ivr", timestamp="")
    ours = m.ChannelHangupRequest(channel=CHANNEL, cause=32, application="ivr", timestamp="")
    ringing = m.Dial(peer=CHANNEL, dialstatus="RINGING", application="ivr", timestamp="")
    silent = msgspec.structs.replace(ours, cause=1, soft=True)
    ending = msgspec.structs.replace(ours, cause=4, soft=True)
    unknown = msgspec.structs.replace(ours, cause=1)

    assert reading.cause_of(busy) == ("1-leg", 17)
    assert reading.cause_of(ours) == ("1-leg", 16)
    assert reading.cause_of(ringing) is None
    assert reading.cause_of(silent) == ("1-leg", 44)
    assert reading.cause_of(ending) == ("1-leg", 41)
    assert reading.cause_of(unknown) == ("1-leg", 1)


def test_another_address_that_is_named_is_told_whatever_the_legs_end_says() -> None:
    moved = m.Dial(
        peer=CHANNEL, dialstatus="CANCEL", forward="+4799", application="ivr", timestamp=""
    )
    given_up = m.Dial(
        peer=CHANNEL, dialstatus="CANCEL", forward="", application="ivr", timestamp=""
    )

    assert reading.channel_event(moved) == ("1-leg", Redirected())
    assert reading.channel_event(given_up) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("ssrc=1;themssrc=2;lp=0;rxjitter=0.000000;rxcount=599;txcount=7600;rlp=0", 11.98),
        ("rxcount=599", 11.98),
        ("rxcount=0;lp=1", None),
        ("rxcount=-1", None),
        ("rxcount=;;=", None),
        ("rxcount", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("kind", [m.StasisEnd, m.ChannelDestroyed])
def test_the_end_of_a_leg_says_how_much_was_heard_of_it(
    kind: type[m.StasisEnd] | type[m.ChannelDestroyed], told: str | None, seconds: float | None
) -> None:
    channel = msgspec.structs.replace(
        CHANNEL, channelvars=None if told is None else {"RTPAUDIOQOS": told}
    )
    facts: dict[str, Any] = {"cause": 18, "cause_txt": ""} if kind is m.ChannelDestroyed else {}
    event = kind(channel=channel, application="ivr", timestamp="", **facts)

    told_event = reading.channel_event(event)

    assert told_event is not None
    ended = told_event[1]
    assert isinstance(ended, LegEnded)
    assert ended.heard_seconds == (None if seconds is None else pytest.approx(seconds))

"""Asterisk's events and snapshots, turned into our own types: the edge where foreign words end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

import msgspec

from ivr.ari.events import (
    NO_ANSWER,
    NORMAL_CLEARING,
    USER_BUSY,
    Arrival,
    BridgeSnapshot,
    ChannelEvent,
    ChannelSnapshot,
    ChannelState,
    Digit,
    Entered,
    LegEnded,
    PhoneState,
    PlaybackEnded,
    RecordingEnded,
    Redirected,
    Sounding,
)
from ivr.ari.generated import models as m

CALL_KINDS: tuple[type[msgspec.Struct], ...] = (
    m.ApplicationReplaced,
    m.ChannelDestroyed,
    m.ChannelDtmfReceived,
    m.ChannelHangupRequest,
    m.Dial,
    m.PlaybackFinished,
    m.RecordingFailed,
    m.RecordingFinished,
    m.StasisEnd,
    m.StasisStart,
)
PHONE_KINDS: tuple[type[msgspec.Struct], ...] = (
    m.ApplicationReplaced,
    m.ContactStatusChange,
    m.PeerStatusChange,
)

HEARD = "RTPAUDIOQOS"
"""The variable in which Asterisk says at a leg's end what it counted of its sound."""

PACKET_SECONDS = 0.02
"""What a packet of speech holds, unless a phone asks for something else."""

TO_SERVER = "call"
"""The first argument of a call that our own dialplan hands over; what was dialled is the second, its Call-ID the third.

More may follow, as `from=127.0.0.1:5060`, in any order; `floor=1500` are milliseconds.
"""

FLOOR = "floor"
"""The context of our own dialplan where callers are whom no server has."""

_DIAL_CAUSES: Mapping[str, int] = {
    "BUSY": USER_BUSY,
    "NOANSWER": NO_ANSWER,
    "CHANUNAVAIL": 20,
    "CONGESTION": 34,
}
_SILENCE = 1  # what it gives, as `soft`, where no sound came for too long: then causes are flags of its own
_SHUTDOWN = 4  # the same, where Asterisk ends and takes its calls along
_NO_SOUND = 44  # Q.850 `requested channel not available`, which its BYE says then
_TEMPORARY_FAILURE = 41  # Q.850: nobody on the line has ended it
_OWN_REQUEST = 32  # what Asterisk gives as the cause when ARI itself asked for the hang-up
_STATES: Mapping[str, ChannelState] = {
    "Down": "down",
    "Ring": "ringing",
    "Ringing": "ringing",
    "Up": "up",
}


def channel_event(event: msgspec.Struct) -> tuple[str, ChannelEvent] | None:
    """The channel's id and what happened to it, or None where that is nobody's concern."""
    match event:
        case m.PlaybackFinished(playback=playback):
            ended: ChannelEvent = PlaybackEnded(playback.id, ok=playback.state == "done")
            return _of_channel(playback.target_uri, ended)
        case m.RecordingFinished(recording=recording) | m.RecordingFailed(recording=recording):
            is_kept = recording.state == "done"
            ended = RecordingEnded(recording.name, is_kept, float(recording.duration or 0))
            return _of_channel(recording.target_uri, ended)
        case (
            m.StasisStart(channel=channel)
            | m.StasisEnd(channel=channel)
            | m.ChannelDestroyed(channel=channel)
            | m.ChannelDtmfReceived(channel=channel)
            | m.Dial(peer=channel)
        ):
            happened = _happened(event)
            return (channel.id, happened) if happened else None
    return None


def _happened(event: msgspec.Struct) -> ChannelEvent | None:
    happened: ChannelEvent | None = None
    match event:
        case m.ChannelDtmfReceived(digit=digit, duration_ms=duration, timestamp=told):
            happened = Digit(digit, duration, _seconds(told))
        case m.StasisStart():
            happened = Entered()
        case m.StasisEnd():
            happened = LegEnded(None, heard_seconds=_heard_seconds(event.channel))
        case m.ChannelDestroyed(cause=cause, cause_txt=text, tech_cause=status):
            happened = LegEnded(cause or None, text, _heard_seconds(event.channel), status or None)
        case m.Dial(dialstatus="RINGING" | "PROGRESS"):
            happened = Sounding()
        case m.Dial(forward=str(address)) if address:
            happened = Redirected()
    return happened


def _heard_seconds(channel: m.Channel) -> float | None:
    """`…;rxcount=599;…`: so many packets came. None where nothing says so, and for 0: a muted phone sends none."""
    told = str((channel.channelvars or {}).get(HEARD, ""))
    counted = dict(part.partition("=")[::2] for part in told.split(";")).get("rxcount", "")
    return int(counted) * PACKET_SECONDS if counted.isdecimal() and int(counted) else None


def cause_of(event: msgspec.Struct) -> tuple[str, int] | None:
    """The channel's id and why it is about to end, from the events that tell it beforehand."""
    match event:
        case m.ChannelHangupRequest(cause=int(cause), soft=True, channel=channel) if (
            cause == _SILENCE
        ):
            return channel.id, _NO_SOUND
        case m.ChannelHangupRequest(cause=int(cause), soft=True, channel=channel) if (
            cause == _SHUTDOWN
        ):
            return channel.id, _TEMPORARY_FAILURE
        case m.ChannelHangupRequest(cause=int(cause), channel=channel) if cause:
            return channel.id, NORMAL_CLEARING if cause == _OWN_REQUEST else cause
        case m.Dial(dialstatus=status, peer=channel) if status in _DIAL_CAUSES:
            return channel.id, _DIAL_CAUSES[status]
    return None


def phone_state(event: msgspec.Struct) -> PhoneState | None:
    """The state of a phone, from the events that carry it."""
    match event:
        case m.ContactStatusChange(endpoint=endpoint) | m.PeerStatusChange(endpoint=endpoint):
            return phone(endpoint)
    return None


def phone(endpoint: m.Endpoint) -> PhoneState:
    """An endpoint that is online has a contact that can be rung."""
    return PhoneState(endpoint.resource, is_reachable=endpoint.state == "online")


def arrival(event: m.StasisStart, node: str) -> Arrival:
    """A call, as it came in at this node."""
    channel, args = event.channel, tuple(event.args)
    told = dict(one.split("=", 1) for one in args[3:] if "=" in one)
    return Arrival(
        channel_id=channel.id,
        node=node,
        args=args,
        caller_number=channel.caller.number,
        caller_name=channel.caller.name,
        dialled=args[1] if len(args) > 1 and args[0] == TO_SERVER else channel.dialplan.exten,
        endpoint=_endpoint(channel.name),
        sip_call_id=channel.protocol_id,
        sent_from=told.get("from", "").rpartition(":")[0].strip("[]"),
        forwarded_by=told.get("forwarded", ""),
        call_time=told.get("time", ""),
        waited_seconds=int(waited) / 1000
        if (waited := told.get("floor", "")).isdecimal()
        else None,
    )


def is_from_floor(event: m.StasisStart) -> bool:
    """Whether our dialplan had the call since nobody else did."""
    return any(one.startswith("floor=") for one in event.args[3:])


def account_of(channel: m.Channel) -> str:
    """The name of the phone or trunk at the other end."""
    return _endpoint(channel.name).partition("/")[2]


def channel_snapshot(channel: m.Channel, *, is_ours: bool) -> ChannelSnapshot:
    """A channel, as listed."""
    return ChannelSnapshot(
        channel_id=channel.id,
        state=_STATES.get(channel.state, "other"),
        is_ours=is_ours,
        caller_number=channel.caller.number,
        caller_name=channel.caller.name,
        dialled=channel.dialplan.exten,
        endpoint=_endpoint(channel.name),
        sip_call_id=channel.protocol_id,
        waits_on_floor=channel.dialplan.context == FLOOR,
    )


def bridge_snapshot(bridge: m.Bridge) -> BridgeSnapshot:
    """A bridge, as listed."""
    return BridgeSnapshot(bridge.id, bridge.bridge_type, tuple(bridge.channels))


def _of_channel(target_uri: str, event: ChannelEvent) -> tuple[str, ChannelEvent] | None:
    kind, _, target = target_uri.partition(":")
    return (target, event) if kind == "channel" else None


def _seconds(told: str) -> float:
    """Asterisk's time of an event, `2026-01-05T12:00:00.000+0100`, as seconds since 1970; NaN if it cannot be read."""
    try:
        return datetime.fromisoformat(told).timestamp()
    except ValueError:
        return math.nan


def _endpoint(channel_name: str) -> str:
    """`PJSIP/trunk-0000001a` came through `PJSIP/trunk`."""
    return channel_name.rpartition("-")[0] or channel_name

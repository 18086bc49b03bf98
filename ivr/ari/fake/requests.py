"""What the twin does when asked: one function per request, with the answers that a real one gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

import msgspec

from ivr.ari.channel import ASK_THERE
from ivr.ari.fake import listings
from ivr.ari.fake.channel import FakeBridge, FakeChannel
from ivr.ari.fake.listings import Asked, missing, shown
from ivr.ari.fake.people import Caller
from ivr.ari.fake.turns import FakePlayback, FakeRecording
from ivr.ari.generated import models as m
from ivr.ari.meaning import Answer
from ivr.ari.reading import FLOOR
from ivr.ari.request import Body

if TYPE_CHECKING:
    from ivr.ari.fake.asterisk import FakeAsterisk

Reaction: TypeAlias = "Callable[[FakeAsterisk, str, Asked, Body], Answer]"
OnChannel: TypeAlias = "Callable[[FakeChannel, Asked], Answer]"

DONE = Answer(204, "No Content")

MADE_AFTER_SECONDS = 0.005


def act(asterisk: FakeAsterisk, method: str, path: str, asked: Asked, body: Body) -> Answer:
    """Do what is asked for and answer."""
    for pattern, do in _ROUTES:
        if found := pattern.fullmatch(f"{method} {path}"):
            return do(asterisk, unquote(found[1]) if found.re.groups else "", asked, body)
    return Answer(
        400, f"the twin has not learnt {method} {path}; teach it in ivr/ari/fake/requests.py"
    )


def _originate(asterisk: FakeAsterisk, channel_id: str, asked: Asked, body: Body) -> Answer:
    if channel_id in asterisk.channels:
        return Answer(409, "Conflict", b'{"message":"Channel with given unique ID already exists"}')
    if "context" in asked:  # the dialplan has it
        return _made(asterisk, channel_id, asked["endpoint"], asked)
    phone = asterisk.phones.get(asked["endpoint"])
    if phone is None or not phone.is_registered:
        return Answer(500, "Internal Server Error", b'{"error":"Allocation failed"}')
    name, _, number = asked.get("callerId", "").rpartition(" ")
    channel = FakeChannel(asterisk, channel_id, asked["endpoint"], phone, "Down")
    channel.caller_name = name.strip('"')
    channel.caller_number = number.strip("<>")
    channel.args = tuple(asked["appArgs"].split(",")) if asked.get("appArgs") else ()
    channel.variables |= msgspec.convert((body or {}).get("variables", {}), dict[str, str])
    asterisk.sound(phone, channel, float(asked.get("timeout", "30")))
    return shown(channel.shown())


def _create_bridge(asterisk: FakeAsterisk, bridge_id: str, asked: Asked, _: Body) -> Answer:
    if bridge_id in asterisk.bridges:
        return Answer(
            409, "Conflict", b'{"message":"Bridge with the same bridgeId already exists"}'
        )
    asterisk.bridges[bridge_id] = FakeBridge(bridge_id, asked.get("type", "mixing").split(",")[0])
    return shown(asterisk.bridges[bridge_id].shown())


def _destroy_bridge(asterisk: FakeAsterisk, bridge_id: str, _: Asked, __: Body) -> Answer:
    bridge = asterisk.bridges.pop(bridge_id, None)
    if bridge is None:
        return missing("Bridge")
    for channel in tuple(bridge.channels):
        channel.leave_bridge()
    return DONE


def _add(asterisk: FakeAsterisk, bridge_id: str, asked: Asked, _: Body) -> Answer:
    bridge = asterisk.bridges.get(bridge_id)
    channels = [asterisk.channels.get(channel_id) for channel_id in asked["channel"].split(",")]
    if bridge is None:
        return missing("Bridge")
    found = [channel for channel in channels if channel is not None]
    if len(found) < len(channels):
        return missing("Channel", 400)
    if not all(channel.is_ours for channel in found):
        return Answer(
            422, "Unprocessable Entity", b'{"message":"Channel not in Stasis application"}'
        )
    for channel in found:
        channel.leave_bridge()
        bridge.channels.append(channel)
        channel.bridge = bridge
        channel.music = None
    return DONE


def _remove(asterisk: FakeAsterisk, bridge_id: str, asked: Asked, _: Body) -> Answer:
    if bridge_id not in asterisk.bridges:
        return missing("Bridge")
    channel = asterisk.channels.get(asked["channel"])
    if channel is None:
        return missing("Channel", 400)
    if channel.bridge is None or channel.bridge.id != bridge_id:
        return Answer(422, "Unprocessable Entity", b'{"message":"Channel not in this bridge"}')
    channel.leave_bridge()
    return DONE


def _stop_playback(asterisk: FakeAsterisk, playback_id: str, _: Asked, __: Body) -> Answer:
    playback = asterisk.playbacks.get(playback_id)
    if playback is None:
        return missing("Playback")
    if not playback.is_stoppable:
        return Answer(500, "Internal Server Error", b'{"error":"Playback failed"}')
    playback.stop()
    return DONE


def _show_playback(asterisk: FakeAsterisk, playback_id: str, _: Asked, __: Body) -> Answer:
    playback = asterisk.playbacks.get(playback_id)
    return missing("Playback") if playback is None else shown(playback.shown(playback.state))


def _stop_recording(asterisk: FakeAsterisk, name: str, _: Asked, __: Body) -> Answer:
    recording = asterisk.live_recordings.get(name)
    if recording is None:
        return missing("Recording")
    recording.stop()
    return DONE


def _show_recording(asterisk: FakeAsterisk, name: str, _: Asked, __: Body) -> Answer:
    recording = asterisk.live_recordings.get(name)
    return missing("Recording") if recording is None else shown(recording.shown("recording"))


def _hang_up(channel: FakeChannel, asked: Asked) -> Answer:
    cause = int(asked.get("reason_code", "16"))
    channel.end(cause, "Normal Clearing" if cause == 16 else "", asked_with=32)
    return DONE


def _answer(channel: FakeChannel, _: Asked) -> Answer:
    channel.come_up()
    return DONE


def _ring(channel: FakeChannel, _: Asked) -> Answer:
    channel.person.hear("ringing")
    return DONE


def _stop_ringing(_: FakeChannel, __: Asked) -> Answer:
    return DONE


def _continue(channel: FakeChannel, asked: Asked) -> Answer:
    if asked.get("context") == FLOOR:
        channel.begin_anew()
    else:
        channel.go_on_in_dialplan()
    return DONE


def _play(channel: FakeChannel, playback_id: str, asked: Asked) -> Answer:
    playback = FakePlayback(channel, playback_id, tuple(asked["media"].split(",")))
    channel.asterisk.playbacks[playback_id] = playback
    answer = shown(playback.shown("queued"), 201)
    channel.take_turn(playback)
    return answer


def _record(channel: FakeChannel, asked: Asked) -> Answer:
    name = asked["name"]
    asterisk = channel.asterisk
    if name in asterisk.live_recordings or name in asterisk.stored_recordings:
        return Answer(409, "Conflict", b'{"message":"Recording already exists"}')
    recording = FakeRecording(
        channel,
        name,
        longest_seconds=float(asked.get("maxDurationSeconds", "0")),
        silence_seconds=float(asked.get("maxSilenceSeconds", "0")),
        terminate_on=asked.get("terminateOn", "none"),
    )
    asterisk.live_recordings[name] = recording
    if asked.get("beep") == "true":
        channel.person.hear("beep")
    channel.take_turn(recording)
    target = f"channel:{channel.id}"
    return shown(m.LiveRecording(name=name, format="wav", target_uri=target, state="queued"), 201)


def _start_music(channel: FakeChannel, asked: Asked) -> Answer:
    channel.music = asked.get("mohClass", "default")
    channel.person.hear(f"music:{channel.music}")
    return DONE


def _stop_music(channel: FakeChannel, _: Asked) -> Answer:
    channel.music = None
    return DONE


def _count_packets(channel: FakeChannel, _: Asked) -> Answer:
    heard = channel.packets_heard()
    counted = m.RTPstat(
        txcount=0, rxcount=heard, txploss=0, rxploss=0, local_ssrc=1, remote_ssrc=2, txoctetcount=0,
        rxoctetcount=0, channel_uniqueid=channel.id,
    )  # fmt: skip
    return shown(counted)


def _get_variable(channel: FakeChannel, asked: Asked) -> Answer:
    value = channel.variables.get(asked["variable"])
    if value is None:
        return Answer(404, "Not Found", b'{"message":"Provided variable was not found"}')
    return shown(m.Variable(value=value))


def _set_variable(channel: FakeChannel, asked: Asked) -> Answer:
    if asked["variable"] == ASK_THERE:
        channel.be_asked_whether_there()
        return DONE
    channel.variables[asked["variable"]] = asked.get("value", "")
    return DONE


def _on_channel(do: OnChannel, *, needs_us: bool = True) -> Reaction:
    """Ask it of the channel; one that is gone is not found, one that is elsewhere is a conflict."""

    def act_on(asterisk: FakeAsterisk, channel_id: str, asked: Asked, _: Body) -> Answer:
        channel = asterisk.channels.get(channel_id)
        if channel is None:
            return missing("Channel")
        if needs_us and not channel.is_ours:
            return Answer(409, "Conflict", b'{"message":"Channel not in Stasis application"}')
        return do(channel, asked)

    return act_on


def _snoop(asterisk: FakeAsterisk, both: str, asked: Asked, _body: Body) -> Answer:
    channel_id, _, spy_id = both.partition("/snoop/")
    if channel_id not in asterisk.channels:
        return missing("Channel")
    return _made(asterisk, spy_id, f"Snoop/{channel_id}", asked)


def _external_media(asterisk: FakeAsterisk, _id: str, asked: Asked, _: Body) -> Answer:
    return _made(asterisk, asked["channelId"], f"WebSocket/{asked['external_host']}", asked)


def _made(asterisk: FakeAsterisk, channel_id: str, endpoint: str, asked: Asked) -> Answer:
    """A channel that Asterisk makes by itself, and that comes into the application a moment later."""
    nobody = Caller(asterisk)
    channel = FakeChannel(asterisk, channel_id, endpoint, nobody, "Up")
    channel.args = tuple(asked["appArgs"].split(",")) if asked.get("appArgs") else ()
    asterisk.channels[channel_id] = channel
    if "context" not in asked:  # else the dialplan has it
        channel.after(MADE_AFTER_SECONDS, channel.enter)
    return shown(channel.shown())


def _show_channel(asterisk: FakeAsterisk, channel_id: str, _: Asked, __: Body) -> Answer:
    channel = asterisk.channels.get(channel_id)
    return missing("Channel") if channel is None else shown(channel.shown())


def _set_global(asterisk: FakeAsterisk, _: str, asked: Asked, __: Body) -> Answer:
    asterisk.variables[asked["variable"]] = asked["value"]
    return DONE


def _play_route(asterisk: FakeAsterisk, both: str, asked: Asked, body: Body) -> Answer:
    channel_id, _, playback_id = both.partition("/play/")
    play = _on_channel(lambda channel, asked: _play(channel, playback_id, asked))
    return play(asterisk, channel_id, asked, body)


_ROUTES: tuple[tuple[re.Pattern[str], Reaction], ...] = tuple(
    (re.compile(pattern), do)
    for pattern, do in (
        ("GET asterisk/info", listings.about),
        ("POST asterisk/variable", _set_global),
        ("PUT applications/([^/]+)/eventFilter", listings.choose_events),
        ("POST applications/([^/]+)/subscription", listings.subscribe),
        ("GET applications/([^/]+)", listings.application),
        ("GET channels", listings.channels),
        ("GET bridges", listings.bridges),
        ("GET endpoints/PJSIP", listings.endpoints),
        ("GET channels/([^/]+)", _show_channel),
        ("POST channels/externalMedia", _external_media),
        ("POST channels/([^/]+)", _originate),
        ("POST channels/([^/]+/snoop/[^/]+)", _snoop),
        ("DELETE channels/([^/]+)", _on_channel(_hang_up, needs_us=False)),
        ("POST channels/([^/]+)/answer", _on_channel(_answer)),
        ("POST channels/([^/]+)/ring", _on_channel(_ring)),
        ("DELETE channels/([^/]+)/ring", _on_channel(_stop_ringing)),
        ("POST channels/([^/]+)/continue", _on_channel(_continue)),
        ("POST channels/([^/]+/play/[^/]+)", _play_route),
        ("POST channels/([^/]+)/record", _on_channel(_record)),
        ("POST channels/([^/]+)/moh", _on_channel(_start_music)),
        ("DELETE channels/([^/]+)/moh", _on_channel(_stop_music)),
        ("GET channels/([^/]+)/rtp_statistics", _on_channel(_count_packets, needs_us=False)),
        ("GET channels/([^/]+)/variable", _on_channel(_get_variable, needs_us=False)),
        ("POST channels/([^/]+)/variable", _on_channel(_set_variable, needs_us=False)),
        ("GET playbacks/([^/]+)", _show_playback),
        ("DELETE playbacks/([^/]+)", _stop_playback),
        ("GET recordings/live/([^/]+)", _show_recording),
        ("POST recordings/live/([^/]+)/stop", _stop_recording),
        ("POST bridges/([^/]+)", _create_bridge),
        ("DELETE bridges/([^/]+)", _destroy_bridge),
        ("POST bridges/([^/]+)/addChannel", _add),
        ("POST bridges/([^/]+)/removeChannel", _remove),
    )
)

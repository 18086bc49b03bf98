"""What is found alive in Asterisk, and what of it is nobody's."""

from __future__ import annotations

from dataclasses import replace

from ivr import ids
from ivr.ari.events import BridgeSnapshot, ChannelSnapshot, Linked
from ivr.server.alive import AliveInAsterisk, came_in

CALLER, ANOTHER = "ivr-1", "ivr-2"
LEG, BRIDGE = ids.new("leg"), ids.new("br")


def channel(
    channel_id: str, endpoint: str = "PJSIP/local", *, is_ours: bool = True
) -> ChannelSnapshot:
    return ChannelSnapshot(channel_id, "up", is_ours, "", "", "", endpoint, "")


def alive(
    *channels: ChannelSnapshot, bridges: tuple[BridgeSnapshot, ...] = (), is_alone: bool = True
) -> AliveInAsterisk:
    return AliveInAsterisk(Linked(channels, bridges), is_alone)


def bridge(*channel_ids: str, bridge_id: str = BRIDGE) -> BridgeSnapshot:
    return BridgeSnapshot(bridge_id, "mixing", channel_ids)


def test_a_phone_that_rings_is_ours_where_nobody_else_rings_any() -> None:
    ringing = channel(LEG, is_ours=False)

    assert alive(channel(CALLER), ringing).nobodys(()) == {CALLER, LEG}
    assert alive(channel(CALLER), ringing, is_alone=False).nobodys(()) == {CALLER}
    assert alive(channel(CALLER), ringing).nobodys({LEG}) == {CALLER}
    assert alive(channel("a stranger's", is_ours=False)).nobodys(()) == set()


def test_who_waits_on_the_floor_is_left_there_until_the_floor_offers_them() -> None:
    on_floor = replace(channel(CALLER, is_ours=False), waits_on_floor=True)
    offered = replace(channel(ANOTHER), waits_on_floor=True)
    found = alive(on_floor, offered)

    assert found.on_floor == {CALLER}
    assert found.is_offered == {ANOTHER}
    assert found.nobodys(()) == {ANOTHER}


def test_only_who_came_in_by_our_dialplan_is_a_caller() -> None:
    channels = (channel(CALLER), channel(LEG), channel("spy", "Snoop/ivr-1"))

    assert alive(*channels).callers == {CALLER}
    assert alive(*channels, is_alone=False).callers == frozenset()


def test_two_in_a_bridge_talk_and_one_whose_speech_is_heard_by_a_worker_does_not() -> None:
    talk, tap = bridge(CALLER, LEG), bridge("spy", "media", bridge_id=ids.new("br"))
    channels = (
        channel(CALLER),
        channel(LEG),
        channel("spy", "Snoop/ivr-1"),
        channel("media", "WebSocket/1"),
    )
    found = alive(*channels, bridges=(talk, tap, bridge(ANOTHER, bridge_id=ids.new("br"))))

    assert found.talks({CALLER, LEG, "spy", "media", ANOTHER}) == [(talk, [CALLER, LEG])]
    assert found.talks({LEG}) == [(talk, [LEG])]
    assert found.talks(()) == []
    assert (found.bridge_of(LEG), found.bridge_of("nobody")) == (BRIDGE, None)


def test_an_empty_bridge_is_nobodys_unless_it_was_made_just_now() -> None:
    found = alive(bridges=(bridge(),))

    assert found.bridges_of(set(), made_before="~") == [BRIDGE]
    assert found.bridges_of(set(), made_before=BRIDGE) == []


def test_a_bridge_with_somebody_in_it_or_that_we_did_not_make_is_left() -> None:
    assert alive(bridges=(bridge(CALLER),)).bridges_of({LEG}, "~") == []
    assert alive(bridges=(bridge(LEG),)).bridges_of({LEG}, "~") == [BRIDGE]
    assert alive(bridges=(bridge(bridge_id="hers"),)).bridges_of(set(), "~") == []
    assert alive(bridges=(bridge(),), is_alone=False).bridges_of(set(), "~") == []


def test_only_a_channel_that_we_did_not_make_may_be_about_to_arrive() -> None:
    assert came_in([LEG, CALLER])
    assert not came_in([LEG])

"""Callers without a server: what the dialplan does with them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ivr.asterisk.blueprint import Blueprint, Floor
from ivr.numbers import parse_number
from tests.unit.asterisk.test_blueprint import PLAN
from tests.unit.asterisk.test_conf_trunks import contexts, reachable, trunk

RECEPTION = parse_number("+47 21 00 00 00")


def plan(**floor: object) -> Blueprint:
    told = {"on_our_way": Path("/p/nb/on_our_way"), **floor}
    ways = (trunk(own_number="+47 55 30 10 00"), trunk("lyse", number_form="0047"))
    return replace(PLAN, trunks=ways, floor=Floor(**told))  # type: ignore[arg-type]


def test_a_caller_hears_that_we_are_on_our_way_and_then_music_between_offers() -> None:
    text = contexts(plan(music="calm"))["floor"]

    steps = (
        "Playback(/p/nb/on_our_way)",
        "StartMusicOnHold(calm)",
        "Wait(1)",
        "Stasis(ivr,${OFFER}",
    )
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_a_prompt_that_nobody_has_recorded_is_left_out_and_the_music_begins() -> None:
    text = contexts(plan(on_our_way=None))["floor"]

    assert text.index("Answer()") < text.index("StartMusicOnHold(")
    assert text.count("Playback(") == 1


def test_where_nobody_waits_the_call_is_not_offered_again() -> None:
    text = contexts(plan(wait_seconds=0))["floor"]

    assert "Stasis(" not in text
    assert "StartMusicOnHold" not in text


def test_the_fallback_is_one_number_in_a_context_of_its_own_as_each_carrier_writes_it() -> None:
    text = contexts(plan(fallback=RECEPTION))["fallback"]

    dialled = re.findall(r"Dial\(PJSIP/([^,]+),", text)
    assert dialled == [
        "telia/sip:+4721000000@192.0.2.10:5070",
        "telia/sip:+4721000000@192.0.2.11",
        "lyse/sip:004721000000@192.0.2.10:5070",
        "lyse/sip:004721000000@192.0.2.11",
    ]
    assert "${" not in "".join(dialled)
    assert "Set(CALLERID(num)=+4755301000)" in text


def test_a_trunk_reaches_the_outside_by_the_fallback_only() -> None:
    reached = reachable(plan(fallback=RECEPTION), "trunk-telia")

    assert reached == {"trunk-telia", "to-server", "floor", "fallback"}
    assert "fallback" not in contexts(plan())


def test_a_phone_of_ours_is_not_put_through_to_the_fallback() -> None:
    text = contexts(plan(fallback=RECEPTION))

    assert "Set(IS_PHONE=1)" in text["to-server"].split("exten => phone")[1]
    assert 'GotoIf($["${IS_PHONE}" = ""]?fallback,out,1)' in text["floor"]


def test_a_call_of_hours_ends_and_one_that_nobody_took_comes_to_the_floor() -> None:
    for context in ("to-server", "floor"):
        limit = contexts(plan())[context].split("exten => T")[1]
        assert limit.index("> 60]?over)") < limit.index("Goto(floor,begin,1)")

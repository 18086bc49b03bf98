"""The dialplan of emergency calls, and the endpoints that they go out by."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ivr.asterisk.blueprint import Blueprint
from ivr.numbers import EMERGENCY_NUMBERS, PhoneNumber
from tests.unit.asterisk.test_conf_trunks import blueprint_with, contexts, sections, trunk


def blueprint(*trunks: str) -> Blueprint:
    plain = blueprint_with(trunk("telia"), trunk("lyse", number_form="national"), trunk("other"))
    kari = replace(plain.accounts[0], emergency_number=PhoneNumber("+4755301000"))
    return replace(plain, emergency_trunks=trunks, accounts=(kari,))


def steps(number: str, *trunks: str) -> list[str]:
    """What is done with an emergency call to this number."""
    text = contexts(blueprint(*trunks))["emergency"]
    return text.split(f"exten => {number},1,")[1].split("exten =>")[0].splitlines()


@pytest.mark.parametrize("number", EMERGENCY_NUMBERS)
def test_each_trunk_is_tried_by_name_and_then_each_by_every_address(number: str) -> None:
    dialled = re.findall(r"Dial\((PJSIP/[^,]+),", "\n".join(steps(number, "lyse", "telia")))

    assert dialled == [
        "PJSIP/${EMERGENCY}@emergency.lyse",
        "PJSIP/${EMERGENCY}@emergency.telia",
        "PJSIP/emergency.lyse/sip:${EMERGENCY}@192.0.2.10:5070",
        "PJSIP/emergency.lyse/sip:${EMERGENCY}@192.0.2.11",
        "PJSIP/emergency.telia/sip:${EMERGENCY}@192.0.2.10:5070",
        "PJSIP/emergency.telia/sip:${EMERGENCY}@192.0.2.11",
    ]


def test_ringing_has_no_limit_and_no_other_number_is_called_for_it() -> None:
    dials = re.findall(r"Dial\(.*\)", "\n".join(steps("112", "telia")))

    assert all(dial.endswith(",^8,i)") for dial in dials)


def test_nothing_limits_an_emergency_call_and_no_server_is_asked() -> None:
    text = contexts(blueprint("telia"))["emergency"]

    assert not {"TIMEOUT", "Stasis", "Answer", "Playback", "MixMonitor"} & set(
        re.findall(r"[A-Z][A-Za-z]+", text)
    )


def test_where_no_trunk_takes_it_it_is_refused_at_once() -> None:
    text = "\n".join(steps("112"))

    assert "Dial(" not in text
    assert "Ringing" not in text
    assert "Hangup(34)" in text


def test_each_trunk_is_shown_the_phones_number_as_it_wants_it() -> None:
    told = sections(blueprint("telia", "lyse"))

    assert told["kari", "endpoint"]["set_var"] == [
        "FORWARD_CONTEXT=nowhere",
        "EMERGENCY_NUMBER_1=+4755301000",
        "EMERGENCY_NUMBER_2=55301000",
    ]
    text = "\n".join(steps("112", "telia", "lyse"))
    assert text.index("${EMERGENCY_NUMBER_1}") < text.index("emergency.telia")
    assert text.index("${EMERGENCY_NUMBER_2}") < text.index("@emergency.lyse")


def test_the_way_out_is_ended_by_neither_silence_nor_timers_and_nobody_comes_in_by_it() -> None:
    told = sections(blueprint("telia"))

    endpoint = told["emergency.telia", "endpoint"]
    assert (endpoint["rtp_timeout"], endpoint["timers"]) == (["0"], ["no"])
    assert (endpoint["aors"], endpoint["context"]) == (["telia"], ["nowhere"])
    assert ("emergency.other", "endpoint") not in told
    assert [options["endpoint"] for (_, kind), options in told.items() if kind == "identify"].count(
        ["emergency.telia"]
    ) == 0

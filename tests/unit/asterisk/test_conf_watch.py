"""The watch over callers whom no server has: who is looked for, and what becomes of each."""

from __future__ import annotations

import re

from ivr.ari.reading import FLOOR
from ivr.asterisk.conf_core import MODULES
from ivr.asterisk.conf_floor import FLOOR_CONTEXT
from ivr.asterisk.conf_watch import BEAT, FREED, LOOKS, WATCH_CONTEXT, WAY_IN
from ivr.ids import new
from tests.unit.asterisk.test_blueprint import PLAN
from tests.unit.asterisk.test_conf_floor import plan
from tests.unit.asterisk.test_conf_trunks import contexts, reachable


def test_the_watch_runs_where_the_server_begins_it_and_no_call_can_get_there() -> None:
    text = contexts(PLAN)[WATCH_CONTEXT]

    assert f"exten => {LOOKS},1" in text
    assert WAY_IN.startswith(f"Local/stays@{WATCH_CONTEXT}")
    for way_in in ("from-trunk", "from-phone", "trunk-telia"):
        assert WATCH_CONTEXT not in reachable(plan(), way_in)


def test_who_is_freed_goes_on_at_the_floor_as_if_new_there() -> None:
    context, extension, _ = FREED.split(",")

    freed = contexts(PLAN)[context].split(f"exten => {extension},1")[1]
    assert context == FLOOR_CONTEXT == FLOOR
    assert freed.index("Set(FLOOR_SINCE=)") < freed.index("Goto(begin,1)")


def test_a_leg_that_we_rang_is_known_by_its_id() -> None:
    text = contexts(PLAN)[WATCH_CONTEXT]

    (ending,) = re.findall(r'UNIQUEID\):-4}" = "([^"]+)"', text)
    assert new("leg").endswith(ending)
    assert not new("call").endswith(ending)


def test_every_last_digit_of_a_channels_name_is_looked_for() -> None:
    (ends,) = re.findall(r"Set\(ENDS=(.*)\)", contexts(PLAN)[WATCH_CONTEXT])

    assert ends.split(",") == [f"{digit:x}" for digit in range(16)]


def test_a_server_that_has_told_no_beat_may_be_there() -> None:
    offers = contexts(PLAN)["to-server"].split("exten => offer,1")[1]

    assert f'"${{{BEAT}}}" != "" & ' in offers.splitlines()[0]
    assert f"?{FLOOR_CONTEXT},begin,1)" in offers.splitlines()[0]


def test_what_the_watch_needs_is_loaded() -> None:
    assert {"app_channelredirect", "app_softhangup", "func_global", "func_channel"} <= set(MODULES)

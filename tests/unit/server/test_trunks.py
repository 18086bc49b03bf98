"""Which calls a trunk may bring, and how many."""

from __future__ import annotations

import pytest

from ivr.ari.events import Arrival
from ivr.server.trunks import TrunkRefusal, TrunksInUse
from ivr.settings import TrunkSettings
from ivr.trunks import look_up, open_trunk

TELIA = open_trunk(TrunkSettings(name="telia", addresses=("192.0.2.10",), calls_at_once=2), look_up)
SHUT = open_trunk(TrunkSettings(name="shut", addresses=("192.0.2.11",), calls_at_once=0), look_up)


def arrival(account: str = "telia", sent_from: str = "192.0.2.10") -> Arrival:
    return Arrival("1", "node-1", (), "", "", "100", f"PJSIP/{account}", "id", sent_from=sent_from)


def trunks() -> TrunksInUse:
    return TrunksInUse(lambda: (TELIA, SHUT))


def test_a_trunk_has_as_many_calls_as_it_may_and_a_place_is_free_when_one_ends() -> None:
    of = trunks()
    for call_id in ("a", "b"):
        assert of.refusal(arrival()) is None
        of.begin(call_id, arrival())

    assert of.refusal(arrival()) is TrunkRefusal.FULL
    of.end("a")
    of.end("a")

    assert of.refusal(arrival()) is None
    assert (of.calls_in["telia"], of.refused["telia"]) == (1, 1)


def test_a_trunk_that_may_bring_no_calls_brings_none() -> None:
    assert trunks().refusal(arrival("shut", "192.0.2.11")) is TrunkRefusal.FULL


@pytest.mark.parametrize("sent_from", ["192.0.2.11", "203.0.113.5", "2001:db8::1", "nonsense"])
def test_whoever_knows_the_line_and_is_not_at_the_carriers_address_is_a_stranger(
    sent_from: str,
) -> None:
    assert trunks().refusal(arrival(sent_from=sent_from)) is TrunkRefusal.STRANGER


@pytest.mark.parametrize("account", ["kari", "local", ""])
def test_what_is_no_trunk_is_not_counted_and_not_refused(account: str) -> None:
    of = trunks()

    assert of.refusal(arrival(account, "203.0.113.5")) is None
    of.begin("a", arrival(account))
    of.end("a")
    assert not of.calls_in

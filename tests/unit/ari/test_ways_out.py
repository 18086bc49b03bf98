"""How a number outside is reached: over which trunk, written how, and what is shown there."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.ari.routes import Presented, Route
from ivr.ari.ways_out import routes_over
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.model import Account
from ivr.settings import TrunkSettings
from ivr.trunks import Trunk, open_trunk

VAKT = parse_number("+47 90 00 00 01")
BERGEN = parse_number("+47 55 30 10 00")
CALLER = parse_number("+47 99 99 99 99")


def trunk(name: str = "telia", **keys: Any) -> Trunk:
    keys.setdefault("addresses", ("192.0.2.10:5070", "192.0.2.11"))
    return open_trunk(TrunkSettings(name=name, **keys), lambda _: ())


def ways(*trunks: Trunk, number: PhoneNumber = VAKT, shown: Presented | None = None) -> Any:
    return routes_over(lambda: trunks)(number, shown or Presented())


def test_trunks_come_in_their_order_and_each_address_by_address() -> None:
    found = ways(trunk(), trunk("lyse", addresses=("192.0.2.20",), number_form="0047"))

    assert [one.endpoint for one in found] == [
        "PJSIP/telia/sip:+4790000001@192.0.2.10:5070",
        "PJSIP/telia/sip:+4790000001@192.0.2.11",
        "PJSIP/lyse/sip:004790000001@192.0.2.20",
    ]
    assert [(one.trunk, one.address) for one in found][1] == ("telia", "192.0.2.11")


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("+47", "+47 90 00 00 01", "+4790000001"),
        ("0047", "+47 90 00 00 01", "004790000001"),
        ("47", "+47 90 00 00 01", "4790000001"),
        ("national", "+47 90 00 00 01", "90000001"),
        ("national", "+46 8 123 456 00", "0046812345600"),
        ("47", "02222", "02222"),
    ],
)
def test_the_number_is_written_as_the_carrier_wants_it(
    form: str, number: str, written: str
) -> None:
    (way, _) = ways(trunk(number_form=form), number=parse_number(number))

    assert way.endpoint == f"PJSIP/telia/sip:{written}@192.0.2.10:5070"


def test_what_is_shown_is_the_sites_number_else_the_trunks_own_written_in_its_form() -> None:
    telia = trunk(own_number="21 00 00 00", number_form="0047")

    assert ways(telia)[0].shown == "004721000000"
    assert ways(telia, shown=Presented(BERGEN))[0].shown == "004755301000"
    assert ways(trunk())[0].shown == ""


def test_a_callers_number_goes_out_with_ours_as_the_one_that_passed_it_on() -> None:
    (way, _) = ways(trunk(forward_callers=True), shown=Presented(BERGEN, CALLER))

    assert way.shown == CALLER.digits
    assert way.variables == {
        "REDIRECTING(from-num,i)": BERGEN.digits,
        "REDIRECTING(reason,i)": "unconditional",
        "REDIRECTING(count,i)": "1",
    }


def test_a_trunk_that_takes_no_callers_numbers_is_shown_ours() -> None:
    (way, _) = ways(trunk(), shown=Presented(BERGEN, CALLER))

    assert (way.shown, way.variables) == (BERGEN.digits, {})


def test_a_caller_who_hides_the_number_is_hidden_there_too() -> None:
    (way, _) = ways(trunk(forward_callers=True), shown=Presented(BERGEN, is_hidden=True))

    assert way.variables == {"CONNECTEDLINE(pres)": "prohib"}
    assert CALLER.digits not in way.shown


def test_codecs_are_the_trunks_and_phones_of_ours_are_offered_a_law_first() -> None:
    (way, _) = ways(trunk(codecs=("g722", "alaw")))

    assert way.codecs == ("g722", "alaw")
    assert routes_over(tuple)(Account("kari"), Presented()) == (
        Route("PJSIP/kari", codecs=("alaw", "ulaw", "g722")),
    )


def test_without_a_trunk_there_is_no_way_out() -> None:
    assert ways() == ()
    assert ways(trunk(addresses=("sip.carrier.example",))) == ()

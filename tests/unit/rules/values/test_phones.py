from __future__ import annotations

import pytest

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind
from ivr.rules.model import Account, SipAddress
from ivr.rules.values import phones
from ivr.rules.values.plain import ValueRefused


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+47 55 30 10 00", "+4755301000"),
        ("+4722334455", "+4722334455"),
        ("004722334455", "+4722334455"),
        ("22 33 44 55", "+4722334455"),
        ("815 30 000", "+4781530000"),
        ("02222", "02222"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, digits: str) -> None:
    assert phones.dialled_number(text) == PhoneNumber(digits)


def test_anything_else_is_no_number() -> None:
    assert phones.dialled_number("anything else") is None


@pytest.mark.parametrize("text", ["110", "112", "113", "1 1 2"])
def test_an_emergency_number_is_never_routed(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        phones.dialled_number(text)

    assert refused.value.kind is FaultKind.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "12345&PJSIP/x",
        "1@2",
        "1;2",
        "${SHELL(id)}",
        "22\r\n334455",
        "٢٢٣٣٤٤٥٥",
        "x" * 500,
    ],
)
def test_what_could_reach_a_dial_string_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        phones.dialled_number(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("kari", Account("kari")),
        ("kari-2", Account("kari-2")),
        ("sip:kari@127.0.0.1:5091", SipAddress("sip:kari@127.0.0.1:5091")),
        ("sip:kari@phones.example", SipAddress("sip:kari@phones.example")),
        ("sip:kari@[::1]:5091", SipAddress("sip:kari@[::1]:5091")),
    ],
)
def test_an_agents_phone_is_an_account_or_a_uri(text: str, phone: Account | SipAddress) -> None:
    assert phones.agent_phone(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        "Kari",
        "PJSIP/kari",
        "sip:kari",
        "sip:kari@",
        "sip:kari@host:0",
        "sip:kari@host:70000",
        "sip:k@h\r\nX: y",
        "tel:22334455",
        "sips:kari@host",
        "sip:kari@host;transport=tcp",
    ],
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        phones.agent_phone(text)

    assert refused.value.kind is FaultKind.PHONE

"""Phones that have signed in, on lines that Asterisk 22.10.1 wrote."""

from __future__ import annotations

from datetime import UTC, datetime

from ivr.asterisk.contacts import read

KEPT = (
    '/registrar/contact/kari;@2407f3df505fdaf4b905da08b52f2bea: {{"via_addr":"10.1.1.5","qualify_timeout":"3.000000",'
    '"call_id":"f4745f28","reg_server":"ivr-28984-26807","endpoint":"kari","via_port":"47549","uri":"{uri}",'
    '"qualify_frequency":"30","user_agent":"{agent}","expiration_time":"1795699822","outbound_proxy":""}}\n'
    "1 results found.\n"
)
SHOWN = """
  Contact:  <Aor/ContactUri..............................> <Hash....> <Status> <RTT(ms)..>
==========================================================================================

  Contact:  kari/sip:kari@192.0.2.7:47549                  2407f3df50 {status}

Objects found: 1
"""


def one(uri: str = "sip:kari@192.0.2.7:47549", agent: str = "snomD735/10", status: str = "") -> str:
    (found,) = read(KEPT.format(uri=uri, agent=agent), SHOWN.format(status=status)).values()
    return f"{found.host} {found.port} {found.transport} {found.answers} {found.round_trip_milliseconds}"


def test_a_phone_is_where_its_requests_come_from_not_where_it_believes_to_be() -> None:
    found = read(KEPT.format(uri="sip:kari@192.0.2.7:47549", agent="snomD735/10"), "")["kari"]

    assert (found.host, found.port, found.transport) == ("192.0.2.7", 47549, "UDP")
    assert found.user_agent == "snomD735/10"
    assert found.expires == datetime(2026, 11, 26, 13, 30, 22, tzinfo=UTC)
    assert found.answers is None
    assert found.contact_id == "kari;@2407f3df505fdaf4b905da08b52f2bea"


def test_whether_it_answers_is_told_beside_it() -> None:
    assert one(status="Avail         2.624") == "192.0.2.7 47549 UDP True 2.624"
    assert one(status="Unavail         nan") == "192.0.2.7 47549 UDP False None"
    assert one(status="NonQual         nan") == "192.0.2.7 47549 UDP None None"


def test_every_kind_of_address_is_understood() -> None:
    assert one("sips:kari@192.0.2.7;transport=tls") == "192.0.2.7 5060 TLS None None"
    assert one("sip:[2001:db8::1]:5061;transport=TCP;ob") == "2001:db8::1 5061 TCP None None"
    assert one("sip:kari@phone.example:5062") == "phone.example 5062 UDP None None"


def test_what_cannot_be_read_is_passed_over() -> None:
    assert read("/registrar/contact/kari;@1: {nothing}\n", "") == {}
    assert read(KEPT.format(uri="tel:+4755301000", agent=""), "") == {}
    assert read("Unable to connect to remote asterisk", "") == {}

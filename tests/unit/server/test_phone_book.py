"""How it is with each phone, and why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.asterisk.contacts import PhoneContact
from ivr.control import PhonesTold, PhoneTold
from ivr.rules.load import load_rules
from ivr.server.phone_book import MOST_STRANGE_NAMES, PhoneBook
from ivr.server.strangers import Strangers
from tests.clocks import HandClock

RULES = load_rules(
    b"""\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {anything else: {to: hangup}}
agents:
  kari: {name: Kari, phone: kari}
  berit: {name: Berit, phone: 'sip:berit@192.0.2.9'}
phones:
  vakt: {phone: vakt}
""",
    "rules.yaml",
)[0]
THERE = PhoneContact(
    account="kari",
    contact_id="kari;@1",
    host="2001:db8::7",
    port=5060,
    transport="TLS",
    user_agent="snom\x1b[31mD735",
    expires=datetime(2026, 11, 23, 11, tzinfo=UTC),
    answers=True,
    round_trip_milliseconds=2.5,
)
SILENT = PhoneContact(
    account="kari",
    contact_id="kari;@1",
    host="192.0.2.7",
    port=5060,
    transport="UDP",
    user_agent="",
    expires=datetime(2026, 11, 23, 11, tzinfo=UTC),
    answers=False,
)


def book() -> tuple[PhoneBook, HandClock]:
    clock = HandClock()
    return PhoneBook(clock, Strangers(clock)), clock


def kari(told: PhonesTold) -> PhoneTold:
    return told.phones[0]


def test_one_that_has_never_tried_is_told_so() -> None:
    phones, _ = book()
    phones.reached("kari", is_reachable=False)

    told = kari(phones.told(RULES, {}))

    assert (told.standing, told.since) == ("not signed in", None)
    assert told.why == "has not tried since the server began"


def test_one_that_is_there_is_told_with_where_what_and_how_fast() -> None:
    phones, clock = book()
    phones.reached("kari", is_reachable=False)
    clock.at += timedelta(minutes=5)
    phones.reached("kari", is_reachable=True)

    told = kari(phones.told(RULES, {"kari": THERE}))

    assert (told.standing, told.address, told.transport) == (
        "signed in",
        "[2001:db8::7]:5060",
        "TLS",
    )
    assert told.user_agent == "snom?[31mD735"
    assert told.since == "2026-11-23T10:05:00+00:00"
    assert told.expires == "2026-11-23T11:00:00+00:00"
    assert told.round_trip_milliseconds == 2.5


def test_one_that_was_there_before_the_server_has_no_since() -> None:
    phones, clock = book()
    phones.reached("kari", is_reachable=True)
    clock.at += timedelta(hours=1)
    phones.reached("kari", is_reachable=True)

    assert kari(phones.told(RULES, {"kari": THERE})).since is None


def test_one_that_is_there_at_an_asterisk_elsewhere_is_told_to_be_there_and_no_more() -> None:
    phones, _ = book()
    phones.reached("kari", is_reachable=True)

    told = kari(phones.told(RULES, {}))

    assert (told.standing, told.address, told.why) == ("signed in", None, None)


def test_one_that_went_away_is_told_with_when() -> None:
    phones, clock = book()
    phones.reached("kari", is_reachable=True)
    clock.at += timedelta(hours=1)
    phones.reached("kari", is_reachable=False)

    told = kari(phones.told(RULES, {}))

    assert told.since == "2026-11-23T11:00:00+00:00"
    assert told.why == "signed out, or did not sign in again, at 2026-11-23T11:00:00+00:00"


def test_one_that_is_signed_in_and_silent_cannot_be_reached_and_the_mend_is_told() -> None:
    phones, clock = book()
    phones.reached("kari", is_reachable=True)
    clock.at += timedelta(minutes=1)
    phones.reached("kari", is_reachable=False)

    told = kari(phones.told(RULES, {"kari": SILENT}))

    assert (told.standing, told.since) == ("unreachable", "2026-11-23T10:01:00+00:00")
    assert "OPTIONS" in (told.why or "")


def test_a_wrong_password_is_told_with_where_it_came_from_and_how_to_be_let_in() -> None:
    phones, _ = book()
    phones.wrong_password("kari", "192.0.2.7")
    before = kari(phones.told(RULES, {}))
    phones.strangers.bar("192.0.2.7")

    told = kari(phones.told(RULES, {}))

    assert before.wrong_password_at == told.wrong_password_at == "2026-11-23T10:00:00+00:00"
    assert before.why == "wrong password, last at 2026-11-23T10:00:00+00:00 from 192.0.2.7"
    assert "`ivr phones --let-in 192.0.2.7`" in (told.why or "")


def test_a_wrong_password_of_long_ago_is_not_why_a_phone_has_left_since() -> None:
    phones, clock = book()
    phones.wrong_password("kari", "192.0.2.7")
    phones.reached("kari", is_reachable=True)
    clock.at += timedelta(hours=1)
    phones.reached("kari", is_reachable=False)

    assert "signed out" in (kari(phones.told(RULES, {})).why or "")


def test_phones_outside_the_queues_and_those_with_an_address_are_told_too() -> None:
    phones, _ = book()

    _, berit, vakt = phones.told(RULES, {}).phones

    assert (berit.standing, berit.phone) == ("does not sign in", "sip:berit@192.0.2.9")
    assert (vakt.name, vakt.standing) == ("vakt", "not signed in")


@pytest.mark.parametrize(("name", "meant"), [("Kary", "kari"), ("vagt", "vakt"), ("admin", None)])
def test_a_name_that_is_nobodys_is_told_with_the_one_that_was_meant(
    name: str, meant: str | None
) -> None:
    phones, _ = book()
    phones.strange_name(name, "192.0.2.7")

    (told,) = phones.told(RULES, {}).strange_names

    assert (told.name, told.address, told.meant) == (name, "192.0.2.7", meant)


def test_not_more_than_a_few_strange_names_are_remembered_the_latest_first() -> None:
    phones, _ = book()
    for number in range(3 * MOST_STRANGE_NAMES):
        phones.strange_name(f"x{number}", "192.0.2.7")

    told = phones.told(RULES, {}).strange_names

    assert len(told) == MOST_STRANGE_NAMES
    assert told[0].name == f"x{3 * MOST_STRANGE_NAMES - 1}"

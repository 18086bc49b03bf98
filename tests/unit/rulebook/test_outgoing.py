"""What `ivr check` says of numbers outside with the settings at hand."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.rulebook.outgoing import outgoing_faults
from ivr.rules.load import load_rules
from ivr.settings import Settings

RULES = """\
version: 1
languages: [nb]
numbers:
  +47 55 30 10 00: {{site: bergen, to: phone vakt}}
  {anything_else}
sites: {{bergen: {{name: Bergen{caller_id}}}}}
phones: {{vakt: {{phone: {phone}, no_answer: hangup}}}}
"""
TELIA = {"name": "telia", "addresses": ["192.0.2.10"], "own_number": "+47 21 00 00 00"}


def codes(
    phone: str = "+47 90 00 00 01", *, caller_id: str = "", anything_else: str = "", **said: Any
) -> list[str]:
    text = RULES.format(phone=phone, caller_id=caller_id, anything_else=anything_else)
    rules, _ = load_rules(text.encode(), "rules.yaml")
    settings = Settings.model_validate({"trunk": [TELIA], **said})
    return [fault.code for fault in outgoing_faults(settings, rules)]


def test_nothing_is_said_where_the_number_may_be_called_and_one_of_ours_is_shown() -> None:
    assert codes() == []
    assert codes(outgoing={"allow": ["mobile"]}) == []
    assert codes("vakt", trunk=[]) == []


@pytest.mark.parametrize(
    ("number", "allow"),
    [("829 00 000", []), ("+881 6 12345678", ["+881"]), ("+47 90 00 00 01", ["fixed"])],
)
def test_a_number_that_could_never_be_called_is_told(number: str, allow: list[str]) -> None:
    assert codes(number, outgoing={"allow": allow}) == ["IVR636"]


def test_a_number_outside_without_a_trunk_is_told() -> None:
    assert codes(trunk=[]) == ["IVR637"]


def test_an_asterisk_elsewhere_has_trunks_of_its_own() -> None:
    assert (
        codes(trunk=[], asterisk={"ari": "127.0.0.1:8088", "password_file": "ari.password"}) == []
    )


def test_a_trunks_own_number_as_a_phone_is_a_loop() -> None:
    assert codes("21 00 00 00") == ["IVR412"]


BARE = {"name": "lyse", "addresses": ["192.0.2.20"]}


def test_a_trunk_that_shows_no_number_is_told_unless_every_call_has_a_site_that_does() -> None:
    shown = ", caller_id: +47 55 30 10 00"

    assert codes(trunk=[BARE]) == ["IVR638"]
    assert codes(trunk=[BARE], caller_id=shown) == []
    rest = "anything else: {to: phone vakt}"
    assert codes(trunk=[BARE], caller_id=shown, anything_else=rest) == ["IVR638"]
    by_account = {**BARE, "from_user": "account", "account": "4722000000"}
    assert codes(trunk=[by_account]) == []


def test_a_phone_that_is_to_see_the_caller_and_no_trunk_that_takes_it_are_told() -> None:
    phone = "+47 90 00 00 01, caller_id: caller"

    assert codes(phone) == ["IVR639"]
    assert codes(phone, trunk=[{**TELIA, "forward_callers": True}]) == []

"""What is said of a fallback that would not be called."""

from __future__ import annotations

import pytest

from ivr.errors import ConfigRefused
from ivr.rulebook.floor import floor_faults
from ivr.rules.load import load_rules
from ivr.settings import Settings

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {+47 55 30 10 00: {to: hangup}, anything else: {to: hangup}}
"""
TRUNK = {"name": "telia", "addresses": ["192.0.2.10"]}


def settings(fallback: str | None, **sections: object) -> Settings:
    floor = {"fallback": fallback}
    return Settings.model_validate({"trunk": [TRUNK], "floor": floor, **sections})


def messages(fallback: str | None, **sections: object) -> list[str]:
    read, _ = load_rules(RULES.encode(), "rules.yaml")
    return [one.message for one in floor_faults(settings(fallback, **sections), read)]


def test_nothing_is_said_of_a_number_that_may_be_called_or_of_none() -> None:
    assert messages("+47 21 00 00 00") == messages(None) == []


@pytest.mark.parametrize("fallback", ["+47 820 00 000", "+47 8290 0000"])
def test_a_number_that_is_never_called_is_told(fallback: str) -> None:
    (message,) = messages(fallback)

    assert "does not let it out" in message


def test_a_kind_that_is_not_allowed_is_told() -> None:
    assert messages("+47 90 00 00 01", outgoing={"allow": ["fixed"]})


def test_a_number_of_our_own_would_lead_back_here() -> None:
    (message,) = messages("+47 55 30 10 00")

    assert "come back here" in message


@pytest.mark.parametrize("fallback", ["112", "the reception", "+47 1", ""])
def test_what_is_no_number_outside_is_refused(fallback: str) -> None:
    with pytest.raises((ConfigRefused, ValueError), match="emergency"):
        settings(fallback)


@pytest.mark.parametrize("trunks", [[], [{**TRUNK, "calls_out_at_once": 0}]])
def test_a_fallback_needs_a_trunk_that_takes_calls_out(trunks: list[object]) -> None:
    with pytest.raises(ConfigRefused, match=r"floor\.fallback"):
        settings("+47 21 00 00 00", trunk=trunks)


@pytest.mark.parametrize("seconds", [-1, 601])
def test_nobody_waits_for_longer_than_ten_minutes(seconds: int) -> None:
    with pytest.raises(ValueError, match="wait_seconds"):
        Settings.model_validate({"floor": {"wait_seconds": seconds}})

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk.blueprint import (
    Blueprint,
    PhoneAccount,
    PhoneTls,
)
from ivr.asterisk.installation import Installation
from ivr.certificates import OwnCertificate
from ivr.errors import ConfigRefused
from ivr.settings import TrunkSettings
from ivr.trunks import Trunk

INSTALLATION = Installation(
    ("/p/asterisk",), (22, 10, 1), Path("/p/m"), Path("/p/d"), Path("/p/s"), Path("/p/r"), True
)
PLAN = Blueprint(
    home=Path("/home/ivr"),
    installation=INSTALLATION,
    http_port=15088,
    ari_password="abcd-efgh-ijkl",
    fallback_prompt=Path("/p/s/vm-sorry"),
)


@pytest.mark.parametrize("name", ["Kari", "kari nordmann", "a]b", "", "local", "direct", "x" * 41])
def test_a_phone_account_whose_name_could_break_the_configuration_is_refused(name: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        PhoneAccount(name, "abcd-efgh-ijkl")

    assert "a-z, 0-9, _ and -" in str(refused.value)


@pytest.mark.parametrize("password", ["short", "with a;remark-in-it", "two\nlines-of-text", ""])
def test_a_password_that_could_break_the_configuration_is_refused_and_not_shown(
    password: str,
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        PhoneAccount("kari", password)

    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"sip_host": "localhost"},
        {"sip_port": 0},
        {"http_port": 70_000},
        {"rtp_first": 12_000, "rtp_last": 11_000},
        {"rtp_first": 100},
        {"application": "ivr,evil"},
        {"home": Path("relative")},
        {"home": Path("/home/a;b")},
        {"fallback_prompt": Path("/prompts/a&b")},
        {"fallback_prompt": Path("/prompts/${SHELL(id)}")},
        {"ari_password": "short"},
    ],
)
def test_a_plan_that_asterisk_would_misread_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigRefused):
        replace(PLAN, **changed)


def test_no_password_is_shown_when_a_plan_is_logged() -> None:
    blueprint = replace(PLAN, accounts=(PhoneAccount("kari", "secret-secret-secret"),))

    assert PLAN.ari_password not in repr(blueprint)
    assert "secret-secret-secret" not in repr(blueprint)


def test_an_address_of_version_six_is_written_in_brackets() -> None:
    assert replace(PLAN, sip_host="::1", sip_port=5070).sip_address == "[::1]:5070"


def test_a_trunk_that_is_called_like_an_agents_phone_is_refused_with_its_name() -> None:
    said = TrunkSettings(name="kari", addresses=("192.0.2.10",))
    trunk = Trunk(said, said.hosts, said.sources)
    kari = PhoneAccount("kari", "abcd-efgh-ijkl-mnop")

    with pytest.raises(ConfigRefused, match="no agent's phone has") as refused:
        replace(PLAN, trunks=(trunk,), accounts=(kari,))

    assert refused.value.key == "trunk.kari.name"


def test_what_a_running_asterisk_must_be_started_again_for_is_no_renewed_certificate() -> None:
    """A server that starts leaves one alone that runs, whatever has been renewed meanwhile."""
    first, renewed = (
        PhoneTls(5061, Path("/c.pem"), OwnCertificate(datetime(year, 1, 1, tzinfo=UTC), str(year)))
        for year in (2027, 2028)
    )

    before, after = (replace(PLAN, tls=tls) for tls in (first, renewed))

    assert before.ways_in == after.ways_in
    assert before.certificates != after.certificates
    assert before.ways_in != replace(PLAN, tls=replace(first, port=5062)).ways_in

"""The server as the doctor sees it, running or not."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ivr.diagnosis.server import HealthTold, TrunkTold, ports, running
from ivr.settings import load_settings


def verdicts(told: HealthTold) -> dict[str, str]:
    return {one.subject: one.verdict for one in running(told)}


def test_a_server_that_is_well_is_right_all_over() -> None:
    told = HealthTold(
        status="ok", version="1", asterisk="22.10.1", trunks={"telia": TrunkTold(True)}
    )

    assert verdicts(told) == {"server": "ok", "link": "ok", "trunk telia": "ok"}


def test_a_server_that_nobody_watches_over_is_told_with_what_to_do() -> None:
    told = HealthTold(status="ok", version="1", asterisk="22", watched=False)
    (found,) = [one for one in running(told) if one.verdict != "ok"]

    assert (found.subject, found.verdict) == ("server", "warning")
    assert "--watched" in found.mend


def test_a_server_without_a_link_is_wrong() -> None:
    assert verdicts(HealthTold(status="down", version="1"))["link"] == "wrong"


@pytest.mark.parametrize("trunk", [TrunkTold(False, None), TrunkTold(True, False)])
def test_a_trunk_that_does_not_answer_or_is_not_signed_in_is_wrong(trunk: TrunkTold) -> None:
    told = HealthTold(status="ok", version="1", asterisk="22", trunks={"telia": trunk})

    assert verdicts(told)["trunk telia"] == "wrong"


@pytest.mark.fault("F-94")
def test_what_health_says_is_told_with_its_mend() -> None:
    told = HealthTold(
        status="degraded", version="1", asterisk="22", problems=("no music; run `ivr check`",)
    )
    found = [one for one in running(told) if one.subject == "health"]

    assert [(one.verdict, one.says, one.mend) for one in found] == [
        ("warning", "no music", "run `ivr check`")
    ]


def test_while_no_server_runs_a_port_of_another_program_is_wrong_and_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{other.getsockname()[1]}"
        settings = load_settings(None, {}, sip={"address": address})
        found = [one.says for one in ports(settings) if one.verdict == "wrong"]

    assert f"{address}/udp is another program's (sip.address)" in found


def test_an_address_that_is_not_this_machines_is_wrong(tmp_path: Path) -> None:
    settings = load_settings(None, {}, sip={"address": "192.0.2.1:5060"})

    assert "wrong" in {one.verdict for one in ports(settings)}

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.asterisk import obtain
from ivr.cli.asterisk import asterisk


@pytest.fixture(autouse=True)
def _machine_with_an_asterisk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (
        "lib/x/asterisk/modules",
        "share/asterisk/documentation",
        "share/asterisk/rest-api",
        "share/asterisk/sounds/en",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for name, says in (("asterisk", "Asterisk 22.10.1"), ("sipp", " SIPp v3.8.0-TLS-SCTP-PCAP.")):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("IVR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(obtain, "SYSTEM_FOLDERS", ())


def test_fetching_uses_what_is_installed_and_says_where_it_is(tmp_path: Path) -> None:
    result = CliRunner().invoke(asterisk, ["fetch", "--with", "sip-tester"])

    assert result.exit_code == 0
    assert f"asterisk 22.10.1 (installed): {tmp_path}/bin/asterisk" in result.output
    assert f"sip-tester 3.8.0: {tmp_path}/bin/sipp" in result.output


@pytest.mark.parametrize(("says", "told"), [(" SIPp v3.6.1-TLS-PCAP.", "3.6.1"), ("", "unknown")])
def test_a_sipp_that_nobody_has_tried_is_used_and_told(
    tmp_path: Path, says: str, told: str
) -> None:
    (tmp_path / "bin/sipp").write_text(f"#!/bin/sh\necho '{says}'\n")

    result = CliRunner().invoke(asterisk, ["fetch", "--with", "sip-tester"])

    assert result.exit_code == 0
    assert f"sip-tester {told} (not tried by us): {tmp_path}/bin/sipp" in result.output


def test_a_program_that_cannot_be_fetched_is_refused_with_those_that_can() -> None:
    result = CliRunner().invoke(asterisk, ["fetch", "--with", "emacs"])

    assert result.exit_code == 2
    assert "'sip-tester'" in result.output

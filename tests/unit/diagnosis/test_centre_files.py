"""The centre's files as the doctor sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
import trustme

from ivr.diagnosis.centre_files import certificates, rules_and_prompts, settings_of
from ivr.settings import Settings, load_settings

ROOT = Path(__file__).parents[3]
RULES, PROMPTS = ROOT / "routing_rules.yaml", ROOT / "prompts"
NOW = datetime.now(UTC)


def verdicts(rules: Path, prompts: Path = PROMPTS) -> list[tuple[str, str]]:
    found = rules_and_prompts(rules, prompts, Settings(), NOW)
    return [(one.subject, one.verdict) for one in found]


def test_the_centre_that_ships_is_well() -> None:
    assert verdicts(RULES) == [("rules", "ok"), ("prompts", "ok")]


def test_rules_that_are_not_there_or_are_wrong_are_told_with_what_to_do(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nnumbers: {anything else: queue nowhere}\n")

    assert verdicts(tmp_path / "none.yaml") == [("rules", "wrong")]
    assert verdicts(bad)[0] == ("rules", "wrong")


def test_prompts_that_are_not_there_are_wrong(tmp_path: Path) -> None:
    assert verdicts(RULES, tmp_path / "none") == [("prompts", "wrong")]


def test_a_recording_that_cannot_be_played_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb/welcome.wav").write_bytes(b"no sound at all")

    assert ("prompts", "warning") in verdicts(RULES, tmp_path)


def test_what_the_engine_speaks_since_a_newer_version_is_told_where_nobody_has_recorded_it(
    tmp_path: Path,
) -> None:
    copytree(PROMPTS, tmp_path, dirs_exist_ok=True)
    for recording in tmp_path.rglob("on_our_way.wav"):
        recording.unlink()

    found = [*rules_and_prompts(RULES, tmp_path, Settings(), NOW)]

    assert [one.verdict for one in found] == ["ok", "warning"]
    assert "on_our_way" in found[1].says


def test_settings_that_are_refused_are_told_with_the_key(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text("[sip]\nadress = '127.0.0.1:5060'\n")
    told, settings = settings_of(file)

    assert (told.verdict, settings) == ("wrong", None)
    assert "sip.adress" in told.says


@pytest.mark.parametrize(
    ("days", "verdict"), [(-1, "wrong"), (5, "warning"), (29, "warning"), (31, "ok")]
)
def test_a_certificate_that_ends_is_told_in_time(tmp_path: Path, days: int, verdict: str) -> None:
    made = trustme.CA().issue_cert("sentral.example.no", not_after=NOW + timedelta(days=days))
    file = tmp_path / "both.pem"
    made.private_key_and_cert_chain_pem.write_to_path(str(file))
    file.chmod(0o600)
    sip = {"tls_address": "127.0.0.1:5061", "certificate_file": str(file)}
    settings = load_settings(None, {}, sip=sip)

    assert [one.verdict for one in certificates(settings, NOW)] == [verdict]


def test_a_trunks_certificate_and_those_who_vouch_for_its_carrier_are_looked_at(
    tmp_path: Path,
) -> None:
    made = trustme.CA().issue_cert("sentral.example.no", not_after=NOW + timedelta(days=20))
    made.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    (tmp_path / "both.pem").chmod(0o600)
    (tmp_path / "ca.pem").write_text("nobody")
    file = tmp_path / "ivr.toml"
    file.write_text(
        '[[trunk]]\nname = "telia"\naddresses = ["sip.example"]\ntransport = "tls"\n'
        'certificate_file = "both.pem"\nca_file = "ca.pem"\n'
    )

    found = [*certificates(load_settings(file, {}), NOW)]

    assert [(one.subject, one.verdict) for one in found] == [
        ("certificate for trunk telia", "warning"),
        ("files of trunk telia", "wrong"),
    ]
    assert "ivr reload" in found[0].mend
    assert "trunk.telia.ca_file" in found[1].says


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "ok"), (0o644, "wrong")])
def test_the_password_of_a_trunk_is_looked_at(tmp_path: Path, mode: int, verdict: str) -> None:
    (tmp_path / "word").write_text("hemmelig\n")
    (tmp_path / "word").chmod(mode)
    file = tmp_path / "ivr.toml"
    file.write_text(
        '[[trunk]]\nname = "telia"\naddresses = ["192.0.2.10"]\nregister = true\naccount = "47"\n'
        'password_file = "word"\n'
    )

    (found,) = certificates(load_settings(file, {}), NOW)

    assert (found.subject, found.verdict) == ("files of trunk telia", verdict)
    assert ("trunk.telia.password_file" in found.says) == (verdict == "wrong")
    assert "hemmelig" not in found.says

"""What is taken as a certificate of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ivr import certificates
from ivr.certificates import open_own, until
from ivr.errors import ConfigRefused

NOW = datetime.now(UTC).replace(microsecond=0)


def files(folder: Path, *, ends: datetime = NOW + timedelta(days=30)) -> tuple[Path, Path]:
    """A certificate and its key."""
    issued = trustme.CA().issue_cert("sentral.example.no", not_after=ends)
    folder.mkdir(exist_ok=True)
    certificate, key = folder / "server.pem", folder / "server.key"
    for number, part in enumerate(issued.cert_chain_pems):
        part.write_to_path(str(certificate), append=number > 0)
    issued.private_key_pem.write_to_path(str(key))
    key.chmod(0o600)
    return certificate, key


def asked(certificate: Path, key: Path | None) -> datetime:
    return until("sip.certificate_file", certificate, key, "sip.key_file")


def test_its_end_is_told(tmp_path: Path) -> None:
    assert asked(*files(tmp_path)) == NOW + timedelta(days=30)


def test_key_and_certificate_may_be_one_file(tmp_path: Path) -> None:
    certificate, key = files(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    both.chmod(0o600)

    assert asked(both, None) == NOW + timedelta(days=30)


def refused(certificate: Path, key: Path | None) -> str:
    with pytest.raises(ConfigRefused) as refusal:
        asked(certificate, key)
    return str(refusal.value)


def test_a_key_that_others_may_read_is_refused_with_the_command_that_mends_it(
    tmp_path: Path,
) -> None:
    certificate, key = files(tmp_path)
    key.chmod(0o640)

    assert f"chmod 600 {key}" in refused(certificate, key)
    assert "sip.key_file" in refused(certificate, key)


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    certificate, key = files(tmp_path)

    assert "sip.certificate_file" in refused(tmp_path / "none.pem", key)
    assert "sip.key_file" in refused(certificate, tmp_path / "none.pem")


def test_another_certificates_key_is_refused(tmp_path: Path) -> None:
    certificate, _ = files(tmp_path / "ours")
    _, key = files(tmp_path / "theirs")

    assert "of its own key" in refused(certificate, key)


def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    certificate, key = files(tmp_path)
    opened = load_pem_private_key(key.read_bytes(), None)
    locked = BestAvailableEncryption(b"secret")
    key.write_bytes(opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))

    assert "without a password" in refused(certificate, key)


def test_text_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    _, key = files(tmp_path)
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("nothing\n")

    assert "PEM files" in refused(nothing, key)


def test_a_certificate_that_has_ended_is_refused(tmp_path: Path) -> None:
    certificate, key = files(tmp_path, ends=NOW - timedelta(days=1))

    assert "expired" in refused(certificate, key)


def both_of(certificate: Path, key: Path) -> certificates.OwnCertificate:
    return open_own("sip.certificate_file", certificate, key, "sip.key_file")


def test_certificate_and_key_are_read_as_one_text_that_is_not_shown(tmp_path: Path) -> None:
    certificate, key = files(tmp_path)

    own = both_of(certificate, key)

    assert own.ends == NOW + timedelta(days=30)
    assert own.pem == f"{certificate.read_text()}\n{key.read_text()}"
    assert "KEY" not in repr(own)


def test_a_certificate_that_is_renewed_meanwhile_is_read_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = files(tmp_path / "now")
    newer = files(tmp_path / "newer", ends=NOW + timedelta(days=90))
    together = certificates._together

    def renewed_behind_it(*paths: Path) -> str:
        found = together(*paths)
        for old, new in zip((certificate, key), newer, strict=True):
            old.write_bytes(new.read_bytes())
        return found

    monkeypatch.setattr(certificates, "_together", renewed_behind_it)
    own = both_of(certificate, key)

    assert own.ends == NOW + timedelta(days=90)
    assert own.pem == together(*newer)


def test_half_of_a_renewed_pair_is_refused(tmp_path: Path) -> None:
    certificate, _ = files(tmp_path / "now")
    _, newer_key = files(tmp_path / "newer")

    with pytest.raises(ConfigRefused, match=r"sip\.certificate_file"):
        both_of(certificate, newer_key)


def test_a_certificate_that_changes_all_the_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = files(tmp_path)
    changing = iter(range(100))
    monkeypatch.setattr(certificates, "_together", lambda *_: str(next(changing)))

    with pytest.raises(ConfigRefused, match="nobody is writing"):
        both_of(certificate, key)

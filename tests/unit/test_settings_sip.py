"""Where we are found: what `[sip]` takes, and what it refuses with the word to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import load_settings

TLS = {"address": "192.0.2.10:5060", "tls_address": "192.0.2.10:5061"}


def sip(**keys: object) -> object:
    return load_settings(None, {}, sip=keys).sip


@pytest.mark.parametrize(
    ("keys", "key", "advice"),
    [
        ({"address": "0.0.0.0:5060"}, "sip.address", "one address of this machine"),
        ({"address": "[::]:5060"}, "sip.address", "sip.external_address"),
        (TLS, "sip.certificate_file", "a PEM file"),
        (
            {**TLS, "certificate_file": "a", "tls_address": "192.0.2.11:5061"},
            "sip.tls_address",
            "192.0.2.10:5061",
        ),
        ({"certificate_file": "a.pem"}, "sip.certificate_file", "sip.tls_address too"),
        ({"key_file": "a.key"}, "sip.key_file", "sip.tls_address too"),
        ({"encrypt_speech": "demanded"}, "sip.encrypt_speech", "sip.tls_address too"),
        ({"encrypt_speech": "yes"}, "sip.encrypt_speech", '"offered" or "demanded"'),
        ({"external_address": "sentral.example.no"}, "sip.external_address", "203.0.113.7"),
        ({"external_address": "0.0.0.0"}, "sip.external_address", "203.0.113.7"),
        ({"local_networks": ["10.0.0.0/8"]}, "sip.local_networks", "sip.external_address too"),
        (
            {"external_address": "203.0.113.7", "local_networks": ["192.168.1.5/24"]},
            "sip.local_networks",
            "192.168.1.0/24",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_key_and_what_to_write(
    keys: dict[str, object], key: str, advice: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        sip(**keys)

    assert refused.value.key == key
    assert advice in refused.value.expected


def test_every_address_is_taken_with_the_one_that_others_find_us_by() -> None:
    found = load_settings(
        None,
        {"IVR_SIP__LOCAL_NETWORKS": "10.0.0.0/8, 192.168.1.0/24"},
        sip={"address": "0.0.0.0:5060", "external_address": "203.0.113.7"},
    ).sip

    assert found.local_networks == ("10.0.0.0/8", "192.168.1.0/24")


def test_files_are_looked_for_beside_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(
        '[sip]\ntls_address = "127.0.0.1:5061"\ncertificate_file = "a.pem"\nkey_file = "/b/b.key"\n'
    )

    found = load_settings(file, {}).sip

    assert found.certificate_file == tmp_path / "a.pem"
    assert found.key_file == Path("/b/b.key")

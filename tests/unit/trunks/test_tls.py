"""The files of a trunk over TLS: what is refused, and when it is another transport."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from ivr.errors import ConfigRefused
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import CarrierName, Machine, open_trunk
from ivr.trunks.tls import open_tls

NOW = datetime.now(UTC)


def said(**keys: Any) -> TrunkSettings:
    addresses = ("sip.carrier.example:5061",)
    return TrunkSettings(**{"name": "telia", "addresses": addresses, "transport": "tls", **keys})


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(tmp_path: Path, ca: trustme.CA) -> dict[str, Path]:
    found = {name: tmp_path / f"{name}.pem" for name in ("ca_file", "certificate_file", "key_file")}
    own = ca.issue_cert("sentral.example", not_after=NOW + timedelta(days=30))
    ca.cert_pem.write_to_path(str(found["ca_file"]))
    own.cert_chain_pems[0].write_to_path(str(found["certificate_file"]))
    own.private_key_pem.write_to_path(str(found["key_file"]))
    found["key_file"].chmod(0o600)
    return found


def test_the_files_are_read_and_the_end_of_our_certificate_is_known(files: dict[str, Path]) -> None:
    tls = open_tls(said(**files))

    assert tls is not None
    assert (tls.ca, tls.certificate, tls.key) == tuple(files.values())
    assert tls.own is not None
    assert abs(tls.own.ends - (NOW + timedelta(days=30))) < timedelta(minutes=1)


def test_other_files_are_another_transport(files: dict[str, Path], ca: trustme.CA) -> None:
    first, again = open_tls(said(**files)), open_tls(said(**files))
    assert first == again

    own = ca.issue_cert("sentral.example")
    own.cert_chain_pems[0].write_to_path(str(files["certificate_file"]))
    own.private_key_pem.write_to_path(str(files["key_file"]))
    renewed = open_tls(said(**files))

    assert first is not None
    assert renewed is not None
    assert renewed.mark != first.mark


def test_a_key_that_others_may_read_is_refused_with_the_command_that_mends_it(
    files: dict[str, Path],
) -> None:
    files["key_file"].chmod(0o644)

    with pytest.raises(ConfigRefused, match=r"trunk\.telia\.key_file.*chmod 600"):
        open_tls(said(**files))


@pytest.mark.parametrize("key", ["ca_file", "certificate_file", "key_file"])
def test_a_file_that_is_not_there_is_refused_by_name(files: dict[str, Path], key: str) -> None:
    files[key].unlink()

    with pytest.raises(ConfigRefused, match=rf"trunk\.telia\.{key}.*No such file"):
        open_tls(said(**files))


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_list_of_vouchers_that_is_none_is_refused(files: dict[str, Path], text: str) -> None:
    files["ca_file"].write_text(text)

    with pytest.raises(ConfigRefused, match=r"trunk\.telia\.ca_file.*PEM file of certificates"):
        open_tls(said(ca_file=files["ca_file"]))


def test_over_tls_a_machine_is_called_by_its_name_and_known_by_its_addresses(
    files: dict[str, Path],
) -> None:
    machines = {
        CarrierName("carrier.example", "_sips._tcp"): (
            Machine("a.carrier.example", 5061, ("192.0.2.20", "192.0.2.21")),
        )
    }
    trunk = open_trunk(
        said(addresses=("carrier.example",), ca_file=files["ca_file"]),
        lambda name: machines.get(name, ()),
    )

    a = SipHost("a.carrier.example", 5061)
    assert trunk.hosts == (a,)
    assert trunk.uri(a, "112") == "sip:112@a.carrier.example:5061;transport=tls"
    assert trunk.machines == ((a, "192.0.2.20"), (a, "192.0.2.21"))
    assert trunk.names == (("a.carrier.example", "192.0.2.20"), ("a.carrier.example", "192.0.2.21"))
    assert trunk.has("192.0.2.21")


def test_a_name_that_means_nothing_yet_is_called_by_over_tls_all_the_same(
    files: dict[str, Path],
) -> None:
    trunk, without_port = (
        open_trunk(said(ca_file=files["ca_file"], addresses=(address,)), lambda _: ())
        for address in ("sip.carrier.example:5071", "sip.carrier.example")
    )

    assert trunk.hosts == (SipHost("sip.carrier.example", 5071),)
    assert without_port.hosts == (SipHost("sip.carrier.example", 5061),)
    assert trunk.sources == ()

"""From settings to a trunk that Asterisk can be told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import CarrierName, Machine, names_of, open_trunk, open_trunks


def said(**keys: Any) -> TrunkSettings:
    return TrunkSettings(**{"name": "telia", "addresses": ("sip.carrier.example:5070",), **keys})


MEANT = {
    CarrierName("sip.carrier.example"): (
        Machine("sip.carrier.example", None, ("192.0.2.10", "2001:db8::1")),
    ),
    CarrierName("carrier.example", "_sip._udp"): (
        Machine("a.carrier.example", 5080, ("192.0.2.20",)),
        Machine("b.carrier.example", 5090, ("192.0.2.21",)),
    ),
}


def look(name: CarrierName) -> tuple[Machine, ...]:
    return MEANT.get(name, ())


def test_names_become_addresses_in_order_and_are_where_calls_come_from() -> None:
    trunk = open_trunk(said(addresses=("sip.carrier.example:5070", "192.0.2.99")), look)

    assert trunk.hosts == (
        SipHost("192.0.2.10", 5070),
        SipHost("2001:db8::1", 5070),
        SipHost("192.0.2.99"),
    )
    assert trunk.has("192.0.2.10")
    assert trunk.has("2001:db8::1")
    assert not trunk.has("192.0.2.11")
    assert not trunk.has("")


def test_what_is_written_of_where_calls_come_from_wins_over_the_names() -> None:
    trunk = open_trunk(said(calls_from=("198.51.100.0/24",)), look)

    assert trunk.has("198.51.100.7")
    assert not trunk.has("192.0.2.10")


def test_a_name_that_means_nothing_is_no_address() -> None:
    trunk = open_trunk(said(addresses=("gone.example",)), look)

    assert (trunk.hosts, trunk.sources) == ((), ())


def test_two_names_of_one_machine_are_one_source() -> None:
    trunk = open_trunk(said(addresses=("192.0.2.10", "192.0.2.10:5070")), look)

    assert list(map(str, trunk.sources)) == ["192.0.2.10/32"]


@pytest.mark.parametrize(
    "line", ["hemmelig", "a;b\\c", "  spaced \n", "første\r\nandre", "x" * 128]
)
def test_the_password_is_the_first_line_and_is_not_shown(tmp_path: Path, line: str) -> None:
    file = password_file(tmp_path, line)

    trunk = open_trunk(said(password_file=file), look)

    assert trunk.password == line.splitlines()[0].strip()
    assert trunk.password not in repr(trunk)


@pytest.mark.parametrize("text", ["", "\n", " \nhemmelig", "a\x00b", "a\x1bb", "x" * 129])
def test_a_first_line_that_is_no_password_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigRefused, match=r"trunk\.telia\.password_file") as refused:
        open_trunk(said(password_file=password_file(tmp_path, text)), look)

    assert "xxx" not in str(refused.value)


def test_a_file_that_others_may_read_is_refused_with_the_command_that_mends_it(
    tmp_path: Path,
) -> None:
    file = password_file(tmp_path, "hemmelig")
    for mode in (0o640, 0o604, 0o620):
        file.chmod(mode)
        with pytest.raises(ConfigRefused, match=f"chmod 600 {file}"):
            open_trunk(said(password_file=file), look)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match=r"trunk\.telia\.password_file.*No such file"):
        open_trunk(said(password_file=tmp_path / "none"), look)


def test_a_name_without_a_port_stands_for_machines_with_ports_of_their_own() -> None:
    trunk = open_trunk(said(addresses=("carrier.example",)), look)

    assert trunk.hosts == (SipHost("192.0.2.20", 5080), SipHost("192.0.2.21", 5090))


def test_registrar_and_proxy_are_found_in_numbers_and_a_registrar_behind_a_proxy_is_its_affair() -> (
    None
):
    keys = {"register": True, "account": "47", "registrar": "carrier.example"}
    file = {"password_file": Path("unused")}
    alone, behind = (
        said(**keys, **file, **more) for more in ({}, {"proxy": "sip.carrier.example:5060"})
    )

    assert names_of((alone,))[-1] == CarrierName("carrier.example", "_sip._udp")
    assert names_of((behind,)) == (CarrierName("sip.carrier.example"),)


def test_two_trunks_whose_names_mean_one_address_are_told_apart_by_their_order() -> None:
    first, second = (said(name=name) for name in ("telia", "lyse"))

    telia, lyse = open_trunks((first, second), look)

    assert telia.has("192.0.2.10")
    assert telia.anothers == ()
    assert not lyse.has("192.0.2.10")
    assert [str(one) for one in lyse.anothers] == ["192.0.2.10/32", "2001:db8::1/128"]
    assert lyse.hosts == telia.hosts


def test_an_address_that_is_written_goes_before_one_that_a_name_means() -> None:
    named, written = said(), said(name="lyse", addresses=("192.0.2.10",))

    telia, lyse = open_trunks((named, written), look)

    assert not telia.has("192.0.2.10")
    assert lyse.has("192.0.2.10")


def password_file(folder: Path, text: str) -> Path:
    file = folder / "password"
    file.write_bytes(text.encode())
    file.chmod(0o600)
    return file

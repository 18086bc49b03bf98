"""From settings to a trunk that Asterisk can be told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import look_up, open_trunk


def said(**keys: Any) -> TrunkSettings:
    return TrunkSettings(**{"name": "telia", "addresses": ("sip.carrier.example:5070",), **keys})


def look(name: str) -> tuple[str, ...]:
    return {"sip.carrier.example": ("192.0.2.10", "2001:db8::1")}.get(name, ())


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


def test_a_host_name_is_looked_up_and_one_that_cannot_be_is_nothing() -> None:
    assert "127.0.0.1" in look_up("localhost")
    assert look_up("no-such-host.invalid") == ()


def password_file(folder: Path, text: str) -> Path:
    file = folder / "password"
    file.write_bytes(text.encode())
    file.chmod(0o600)
    return file

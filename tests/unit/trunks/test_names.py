"""What is kept of names, and what is not believed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.trunks.machines import CarrierName, Machine, NameUnknown
from ivr.trunks.names import AFTER_FAILURE_SECONDS, EVERY_SECONDS, NameBook

SIP, OTHER = CarrierName("sip.example", "_sip._udp"), CarrierName("other.example")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW


@dataclass
class Servers:
    """Name servers: an answer, or silence where there is none."""

    says: dict[str, tuple[Machine, ...] | str] = field(default_factory=dict)

    async def __call__(self, name: CarrierName) -> tuple[Machine, ...]:
        match self.says.get(name.host):
            case None:
                await asyncio.Event().wait()
                return ()
            case str(why):
                raise NameUnknown(why)
            case machines:
                return machines


def machine(*addresses: str, port: int | None = None) -> tuple[Machine, ...]:
    return (Machine("sip.example", port, addresses),)


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def open_names(servers: Servers, tmp_path: Path) -> Callable[..., NameBook]:
    def opened(own: str = "198.51.100.1") -> NameBook:
        names = NameBook(servers, Noon(), tmp_path / "names.json", own)
        names.read()
        return names

    return opened


@pytest.mark.jumping_time
async def test_the_last_good_answer_stays_when_servers_are_silent_and_over_a_restart(
    servers: Servers, open_names: Callable[..., NameBook]
) -> None:
    servers.says["sip.example"] = machine("192.0.2.1", port=5070)
    names = open_names()
    assert await names.ask([SIP])
    assert names.wait_seconds == EVERY_SECONDS

    servers.says.clear()
    later = open_names()
    assert not await later.ask([SIP, OTHER])

    assert later.look(SIP) == machine("192.0.2.1", port=5070)
    assert later.look(OTHER) == ()
    told = [str(one) for one in later.unresolved([SIP, OTHER])]
    assert "the answer of 2026-11-26T12:00:00+00:00 is used" in told[0]
    assert told[1] == (
        "the name other.example means nothing yet: no name server answered in time; look for it in `addresses`"
    )
    assert later.wait_seconds == AFTER_FAILURE_SECONDS


@pytest.mark.jumping_time
async def test_silent_servers_cost_a_start_two_seconds_however_many_names_there_are(
    open_names: Callable[..., NameBook],
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()

    await open_names().ask([CarrierName(f"{number}.example") for number in range(50)])

    assert loop.time() - began == pytest.approx(2.0)


async def test_another_answer_is_a_change_and_the_same_one_is_none(
    servers: Servers, open_names: Callable[..., NameBook]
) -> None:
    names = open_names()
    servers.says["sip.example"] = machine("192.0.2.1")
    assert await names.ask([SIP])
    assert not await names.ask([SIP])

    servers.says["sip.example"] = machine("192.0.2.2")
    assert await names.ask([SIP])


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "127.0.0.5", "224.0.0.1", "255.255.255.255", "198.51.100.1", "::", "ff02::1", "x"],
)
async def test_an_address_that_no_carrier_can_have_is_not_believed(
    servers: Servers, open_names: Callable[..., NameBook], address: str
) -> None:
    names = open_names()
    servers.says["sip.example"] = machine("192.0.2.1")
    await names.ask([SIP])
    servers.says["sip.example"] = machine(address)

    assert not await names.ask([SIP])

    assert names.look(SIP) == machine("192.0.2.1")
    (told,) = names.unresolved([SIP])
    assert "which no carrier can have" in str(told)
    servers.says["sip.example"] = machine(address, "192.0.2.3")
    await names.ask([SIP])
    assert names.look(SIP) == machine("192.0.2.3")


async def test_on_loopback_a_carrier_may_be_on_loopback_too_but_not_we(
    servers: Servers, open_names: Callable[..., NameBook]
) -> None:
    names = open_names("127.0.0.1")
    servers.says["sip.example"] = machine("127.0.0.1", "127.0.0.5")

    await names.ask([SIP])

    assert names.look(SIP) == machine("127.0.0.5")


@pytest.mark.parametrize("text", ["", "{", '{"a": 5}', "\x00"])
async def test_a_file_that_is_spoilt_is_passed_over_and_written_anew(
    servers: Servers, open_names: Callable[..., NameBook], tmp_path: Path, text: str
) -> None:
    (tmp_path / "names.json").write_text(text)
    names = open_names()
    servers.says["sip.example"] = machine("192.0.2.1")

    await names.ask([SIP])

    assert open_names().look(SIP) == machine("192.0.2.1")


async def test_a_name_that_no_trunk_has_any_more_is_no_trouble(
    servers: Servers, open_names: Callable[..., NameBook]
) -> None:
    names = open_names()
    servers.says["sip.example"] = "gone"
    await names.ask([SIP])

    await names.ask([])

    assert names.wait_seconds == EVERY_SECONDS

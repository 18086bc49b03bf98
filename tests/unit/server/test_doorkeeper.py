"""Who is barred at Asterisk, who never is, and what outlives a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from ivr.ari.link import Address
from ivr.asterisk.contacts import PhoneContact
from ivr.server.asterisk import AsteriskInUse
from ivr.server.doorkeeper import ADDRESSES_FILE, Doorkeeper
from ivr.server.strangers import BARRED_FOR, HOME_FOR, WRONG_A_MINUTE, Strangers
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import Trunk
from tests.clocks import HandClock

GUESSER = "192.0.2.7"
KARIS = PhoneContact(
    account="kari",
    contact_id="kari;@1",
    host="192.0.2.20",
    port=5060,
    transport="UDP",
    user_agent="",
    expires=datetime(2026, 11, 23, 11, tzinfo=UTC),
)
TRUNK = Trunk(
    TrunkSettings(name="telia", addresses=("192.0.2.64",)),
    (SipHost("192.0.2.64"),),
    (ip_network("192.0.2.64/29"),),
)


@dataclass(slots=True, kw_only=True)
class AsteriskTold(AsteriskInUse):
    """Keeps who it is told to bar; `is_deaf`: it does not answer."""

    barred: set[str] = field(default_factory=set)
    started: int = 1
    is_deaf: bool = False

    @property
    def pid(self) -> int | None:
        return self.started

    async def contacts(self) -> Mapping[str, PhoneContact]:
        return {"kari": KARIS}

    async def bar(self, address: str) -> None:
        if self.is_deaf:
            raise aiohttp.ClientError
        self.barred.add(address)

    async def let_in(self, address: str) -> None:
        self.barred.discard(address)


def keeper(folder: Path) -> tuple[Doorkeeper, AsteriskTold, HandClock]:
    clock = HandClock()
    asterisk = AsteriskTold(Address("127.0.0.1", 1, "ivr", "x"), "ivr", "192.0.2.2:5060")
    return Doorkeeper(asterisk, Strangers(clock), folder, lambda: (TRUNK,)), asterisk, clock


def guesses(at: Doorkeeper, *addresses: str) -> None:
    for address in addresses:
        for _ in range(WRONG_A_MINUTE):
            at.strangers.wrong_password(address)


async def test_who_guesses_is_barred_and_let_in_when_the_time_is_over(tmp_path: Path) -> None:
    door, asterisk, clock = keeper(tmp_path)
    guesses(door, GUESSER)

    await door.look()
    barred = set(asterisk.barred)
    clock.at += BARRED_FOR
    await door.look()

    assert barred == {GUESSER}
    assert asterisk.barred == set()


@pytest.mark.parametrize(
    "address", ["192.0.2.20", "192.0.2.66", "192.0.2.2", "127.0.0.1", "::1", "no address", ""]
)
async def test_phones_of_ours_carriers_and_this_machine_are_never_barred(
    tmp_path: Path, address: str
) -> None:
    door, asterisk, _ = keeper(tmp_path)
    guesses(door, address)

    await door.look()

    assert asterisk.barred == set()
    assert door.strangers.beyond() == ()


async def test_an_asterisk_that_was_started_again_is_told_who_is_barred(tmp_path: Path) -> None:
    door, asterisk, _ = keeper(tmp_path)
    guesses(door, GUESSER)
    await door.look()

    asterisk.barred.clear()
    asterisk.started = 2
    await door.look()

    assert asterisk.barred == {GUESSER}


async def test_one_that_does_not_answer_is_told_later(tmp_path: Path) -> None:
    door, asterisk, _ = keeper(tmp_path)
    guesses(door, GUESSER)
    asterisk.is_deaf = True
    with pytest.raises(aiohttp.ClientError):
        await door.look()
    asterisk.is_deaf = False

    await door.look()

    assert asterisk.barred == {GUESSER}


async def test_a_server_that_comes_after_lets_in_whom_the_one_before_barred(tmp_path: Path) -> None:
    door, before, _ = keeper(tmp_path)
    guesses(door, GUESSER)
    await door.look()

    after, asterisk, clock = keeper(tmp_path)
    asterisk.barred = set(before.barred)
    clock.at += BARRED_FOR
    after.begin()
    await after.look()

    assert asterisk.barred == set()


async def test_by_hand_an_address_is_let_in_before_its_time(tmp_path: Path) -> None:
    door, asterisk, _ = keeper(tmp_path)
    guesses(door, GUESSER)
    await door.look()

    await door.let_in(GUESSER)

    assert asterisk.barred == set()
    assert (tmp_path / ADDRESSES_FILE).read_text() == '{"barred":{},"homes":{}}'


async def test_a_file_that_is_spoilt_bars_nobody(tmp_path: Path) -> None:
    (tmp_path / ADDRESSES_FILE).write_text("{nothing")
    door, asterisk, _ = keeper(tmp_path)

    door.begin()
    await door.look()

    assert asterisk.barred == set()


async def test_an_office_whose_phones_sign_in_from_there_is_never_barred_not_even_while_they_are_off(
    tmp_path: Path,
) -> None:
    door, asterisk, clock = keeper(tmp_path)
    door.strangers.password_right(GUESSER)
    await door.look()

    after, _, later = keeper(tmp_path)
    after.asterisk = asterisk
    later.at = clock.at + HOME_FOR - timedelta(days=1)
    after.begin()
    guesses(after, GUESSER)
    await after.look()

    assert asterisk.barred == set()


async def test_an_address_that_no_phone_has_used_for_a_month_is_like_every_other(
    tmp_path: Path,
) -> None:
    door, asterisk, clock = keeper(tmp_path)
    door.strangers.password_right(GUESSER)
    clock.at += HOME_FOR
    guesses(door, GUESSER)

    await door.look()

    assert asterisk.barred == {GUESSER}


async def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    door, _, clock = keeper(tmp_path)
    door.strangers.password_right(GUESSER)
    await door.look()
    (tmp_path / ADDRESSES_FILE).unlink()

    for _ in range(3):
        clock.at += timedelta(minutes=5)
        door.strangers.password_right(GUESSER)
        await door.look()

    assert not (tmp_path / ADDRESSES_FILE).exists()

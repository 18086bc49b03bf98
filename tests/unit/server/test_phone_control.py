"""A new password, and an address that is let in by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from ivr.asterisk.contacts import PhoneContact
from ivr.asterisk.passwords import keep_passwords
from ivr.control import AskPhones, LetIn, PhonesTold, Renew
from ivr.errors import ChangeRefused
from ivr.rulebook.in_force import RulesInForce, take_rules
from ivr.server.asterisk import AsteriskInUse
from ivr.server.doorkeeper import Doorkeeper
from ivr.server.phone_book import PhoneBook
from ivr.server.phone_control import PhoneControl, account_of
from ivr.server.strangers import WRONG_A_MINUTE, Strangers
from tests.clocks import HandClock
from tests.unit.server.test_doorkeeper import KARIS, AsteriskTold, keeper
from tests.unit.server.test_phone_book import RULES


@dataclass(slots=True, kw_only=True)
class AsteriskOfKari(AsteriskTold):
    """Kari's phone is signed in. `prepared` has her password each time that new rules were taken."""

    home: Path
    signed_out: list[str] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)

    async def prepare(self, in_force: RulesInForce) -> frozenset[str]:
        self.prepared.append(keep_passwords(self.home, ["kari"]).phones["kari"])
        return frozenset()

    async def contacts(self) -> Mapping[str, PhoneContact]:
        return {} if self.signed_out else {"kari": KARIS}

    async def sign_phone_out(self, contact: PhoneContact) -> None:
        self.signed_out.append(contact.account)


ROOT = Path(__file__).parents[3]


@cache
def in_force() -> RulesInForce:
    """The rules that are shipped."""
    return take_rules(ROOT / "routing_rules.yaml", ROOT / "prompts")


def control(folder: Path) -> tuple[PhoneControl, AsteriskOfKari]:
    door, told, _ = keeper(folder)
    asterisk = AsteriskOfKari(told.address, "ivr", told.sip, home=folder)
    door.asterisk = asterisk
    book = PhoneBook(door.strangers.clock, door.strangers)
    return PhoneControl(folder, asterisk, in_force, book, door), asterisk


def standing(told: PhonesTold) -> str:
    return next(phone.standing for phone in told.phones if phone.name == "kari")


async def test_a_new_password_is_taken_by_asterisk_before_the_phone_is_signed_out(
    tmp_path: Path,
) -> None:
    phones, asterisk = control(tmp_path)
    old = keep_passwords(tmp_path, ["kari"]).phones["kari"]

    done = await phones.renew(Renew(name="kari"), "ops")

    (taken,) = asterisk.prepared
    assert taken != old
    assert (done.account, done.signed_out) == ("kari", True)
    assert asterisk.signed_out == ["kari"]
    assert standing(await phones.phones(AskPhones(), "ops")) == "not signed in"


async def test_other_secrets_stay_when_a_password_is_renewed(tmp_path: Path) -> None:
    phones, _ = control(tmp_path)
    before = keep_passwords(tmp_path, ["kari", "ola"])

    await phones.renew(Renew(name="kari"), "ops")

    after = keep_passwords(tmp_path, ["kari", "ola"])
    assert (after.ari, after.phones["ola"]) == (before.ari, before.phones["ola"])


async def test_an_address_is_let_in_by_hand_in_any_spelling(tmp_path: Path) -> None:
    phones, asterisk = control(tmp_path)
    for _ in range(WRONG_A_MINUTE):
        phones.doorkeeper.strangers.wrong_password("2001:db8::7")
    await phones.doorkeeper.look()

    first = await phones.let_in(LetIn(address=" [2001:DB8:0::7] "), "ops")
    second = await phones.let_in(LetIn(address="2001:db8::7"), "ops")

    assert asterisk.barred == set()
    assert (first.was_barred, second.was_barred) == (True, False)


@pytest.mark.parametrize("text", ["kari", "192.0.2.0/24", "", "192.0.2.7:5060"])
async def test_what_is_no_address_is_refused_with_what_to_write(tmp_path: Path, text: str) -> None:
    phones, _ = control(tmp_path)

    with pytest.raises(ChangeRefused, match=r"192\.0\.2\.7"):
        await phones.let_in(LetIn(address=text), "ops")


@pytest.mark.parametrize(
    ("name", "said"), [("kary", "there are: kari, berit, vakt"), ("berit", "does not sign in")]
)
def test_who_has_no_password_is_refused_by_name(name: str, said: str) -> None:
    with pytest.raises(ChangeRefused, match=said):
        account_of(RULES, name)


async def test_an_asterisk_that_runs_elsewhere_keeps_its_own_passwords(tmp_path: Path) -> None:
    phones, asterisk = control(tmp_path)
    elsewhere = AsteriskInUse(asterisk.address, "ivr", "elsewhere")
    strangers = Strangers(HandClock())
    door = Doorkeeper(elsewhere, strangers, tmp_path)
    away = PhoneControl(tmp_path, elsewhere, phones.present, phones.book, door)

    with pytest.raises(ChangeRefused, match=r"asterisk\.ari"):
        await away.renew(Renew(name="kari"), "ops")
    with pytest.raises(ChangeRefused, match=r"asterisk\.ari"):
        await away.let_in(LetIn(address="192.0.2.7"), "ops")
    assert standing(await away.phones(AskPhones(), "ops")) == "not signed in"

"""The server's side of what can be asked about phones: how it is with them, new passwords, letting an address in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import structlog

from ivr.asterisk.passwords import renew_password
from ivr.control import (
    AddressLetIn,
    AskPhones,
    LetIn,
    PasswordRenewed,
    PhonesTold,
    Renew,
)
from ivr.errors import ChangeRefused
from ivr.rulebook.in_force import RulesInForce
from ivr.rules.model import Account, RuleSet
from ivr.server.asterisk import AsteriskInUse
from ivr.server.doorkeeper import Doorkeeper
from ivr.server.phone_book import PhoneBook

log = structlog.get_logger()

_ELSEWHERE = (
    "Asterisk runs elsewhere (asterisk.ari): phones, their passwords and who is barred are its own"
)


@dataclass(frozen=True, slots=True)
class PhoneControl:
    """See PhoneControls. `present` has the rules in force."""

    home: Path
    asterisk: AsteriskInUse
    present: Callable[[], RulesInForce]
    book: PhoneBook
    doorkeeper: Doorkeeper

    async def phones(self, _: AskPhones, __: str) -> PhonesTold:
        return self.book.told(self.present().rules, await self.asterisk.contacts())

    async def let_in(self, asked: LetIn, author: str) -> AddressLetIn:
        self._refuse_elsewhere()
        address = _address(asked.address)
        was_barred = self.doorkeeper.strangers.until(address) is not None
        try:
            await self.doorkeeper.let_in(address)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _not_now(error) from error
        log.warning("address let in by hand", address=address, author=author)
        return AddressLetIn(address=address, was_barred=was_barred)

    async def renew(self, asked: Renew, author: str) -> PasswordRenewed:
        """From then on the old one is worth nothing, and whoever had signed in with it must do so anew."""
        self._refuse_elsewhere()
        in_force = self.present()
        account = account_of(in_force.rules, asked.name)
        self.asterisk.refuse(in_force)  # before the password is another
        await asyncio.to_thread(renew_password, self.home, account)
        await self.asterisk.prepare(in_force)
        contact = (await self.asterisk.contacts()).get(account)
        try:
            if contact is not None:
                await self.asterisk.sign_phone_out(contact)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _not_now(error) from error
        log.warning("password renewed", phone=account, author=author)
        return PasswordRenewed(account=account, signed_out=contact is not None)

    def _refuse_elsewhere(self) -> None:
        if self.asterisk.pid is None:
            raise ChangeRefused(_ELSEWHERE)


def account_of(rules: RuleSet, name: str) -> str:
    """The account of the agent, or of the phone outside the queues, who is called so. Raises ChangeRefused."""
    found = rules.agents.get(name) or rules.phones.get(name)
    if found is None:
        names = ", ".join((*rules.agents, *rules.phones)) or "there are none"
        message = f"no agent or phone in the rules is called {name!r}; there are: {names}"
        raise ChangeRefused(message)
    if not isinstance(found.phone, Account):
        message = f"the phone of {name} does not sign in, so it has no password: {found.phone}"
        raise ChangeRefused(message)
    return found.phone.name


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip().strip("[]")))
    except ValueError as error:
        message = f"{text!r} is no IP address; write one as /health shows it, such as 192.0.2.7"
        raise ChangeRefused(message) from error


def _not_now(error: Exception) -> ChangeRefused:
    message = (
        f"Asterisk did not do it ({type(error).__name__}); ask again when /health says it runs"
    )
    return ChangeRefused(message)

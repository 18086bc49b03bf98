"""`/control/phones` and what else commands may ask about phones; under the same gate as all of `/control`."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from ivr.control import AddressLetIn, AskPhones, LetIn, PasswordRenewed, PhonesTold, Renew
from ivr.web.control import ControlGate, add_verb
from ivr.web.turned_away import TurnedAway


class PhoneControls(Protocol):
    """What a running server can be asked about phones, and `author` by whom. Each raises IvrError where it cannot."""

    async def phones(self, asked: AskPhones, author: str) -> PhonesTold: ...

    async def let_in(self, asked: LetIn, author: str) -> AddressLetIn: ...

    async def renew(self, asked: Renew, author: str) -> PasswordRenewed: ...


def add_phone_control(
    site: web.Application, controls: PhoneControls, token: str, turned_away: TurnedAway
) -> None:
    """Put it into the site; whoever asks must send `token` as a bearer token."""
    gate = ControlGate(token, turned_away)
    add_verb(site, "phones", AskPhones, controls.phones, gate)
    add_verb(site, "let-in", LetIn, controls.let_in, gate)
    add_verb(site, "renew", Renew, controls.renew, gate)

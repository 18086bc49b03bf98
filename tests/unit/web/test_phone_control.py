"""Questions about phones go through the gate of all of `/control`."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession, web

from ivr.control import (
    AddressLetIn,
    AskPhones,
    LetIn,
    PasswordRenewed,
    PhonesTold,
    Renew,
)
from ivr.web import Guard, Lines, TurnedAway, add_phone_control, open_site
from tests.unit.web.test_control import KNOWN, TOKEN


class Phones:
    """Answers everything."""

    async def phones(self, asked: AskPhones, author: str) -> PhonesTold:
        return PhonesTold(phones=())

    async def let_in(self, asked: LetIn, author: str) -> AddressLetIn:
        return AddressLetIn(address=asked.address, was_barred=True)

    async def renew(self, asked: Renew, author: str) -> PasswordRenewed:
        return PasswordRenewed(account=f"{asked.name} by {author}", signed_out=True)


@pytest.mark.parametrize(
    ("verb", "body", "answer"),
    [
        ("phones", {}, {"phones": [], "strange_names": []}),
        ("let-in", {"address": "192.0.2.7"}, {"address": "192.0.2.7", "was_barred": True}),
        ("renew", {"name": "kari"}, {"account": "kari by Kåre", "signed_out": True}),
    ],
)
async def test_only_who_knows_the_token_is_answered(
    verb: str, body: dict[str, str], answer: dict[str, object]
) -> None:
    site, lines = web.Application(), Lines(TurnedAway())
    add_phone_control(site, Phones(), TOKEN, lines.turned_away)
    async with (
        open_site(site, "127.0.0.1:0", Guard(), lines) as (_, port),
        ClientSession(f"http://127.0.0.1:{port}/control/") as session,
    ):
        async with session.post(verb, json=body, headers=KNOWN) as known:
            said = await known.json()
        async with session.post(verb, json=body) as stranger:
            assert stranger.status == 401

    assert (known.status, said) == (200, answer)

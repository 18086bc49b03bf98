"""Looking after trunks, again and again: does each answer, is it signed in, and what is wrong with its TLS?"""

from __future__ import annotations

import asyncio

from ivr.ari.node import Node
from ivr.server.asterisk import AsteriskInUse
from ivr.server.trunks import TrunksInUse
from ivr.trunks import tls_trouble

LOOK_SECONDS = 5.0
"""How often Asterisk's console is asked where it has signed in, while a trunk registers."""


async def watch_tls(trunks: TrunksInUse, own_host: str) -> None:
    """Look what is wrong with TLS trunks that seem not to be well, until cancelled: Asterisk says no more than 503."""
    while True:
        found: dict[str, str | None] = {}
        for trunk in trunks.in_doubt():
            for host, address in trunk.machines:
                if trunk.tls and not found.get(trunk.name):
                    found[trunk.name] = await tls_trouble(host, address, trunk.tls, own_host)
        trunks.tls_found(found)
        await asyncio.sleep(LOOK_SECONDS)


async def watch_trunks(node: Node, trunks: TrunksInUse) -> None:
    """Follow whether each trunk answers."""
    async with node.phones() as phones:
        async for phone in phones:
            trunks.reached(phone.name, is_reachable=phone.is_reachable)


async def watch_registrations(asterisk: AsteriskInUse, trunks: TrunksInUse) -> None:
    """Look where Asterisk has signed in, as long as a trunk is to be, and have it try where it is due."""
    while True:
        if any(trunk.said.registers for trunk in trunks.present()):
            trunks.registered(await asterisk.registrations())
            await sign_in_what_is_due(asterisk, trunks)
        await asyncio.sleep(LOOK_SECONDS)


async def sign_in_what_is_due(asterisk: AsteriskInUse, trunks: TrunksInUse) -> None:
    """Have Asterisk try, where that is wanted, or it should have long ago and nothing was heard of it."""
    trunks.signing_in.meet(trunks.signed_out)
    due = trunks.signing_in.due(trunks.signed_out)
    trunks.signing_in.tried(due)
    await asterisk.sign_in_again(due)

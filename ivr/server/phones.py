"""What Asterisk tells of phones: which come and go."""

from __future__ import annotations

import structlog

from ivr.ari.node import Node
from ivr.desk import Desk
from ivr.server.phone_book import PhoneBook

log = structlog.get_logger()


async def watch_phones(node: Node, desk: Desk) -> None:
    """Sign agents in and out with their phones, and ring none that is in a call already."""
    async with node.phones() as phones:
        async for phone in phones:
            log.debug(
                "phone changed",
                phone=phone.name,
                is_reachable=phone.is_reachable,
                is_in_own_call=phone.is_in_own_call,
            )
            desk.phone_changed(
                phone.name, is_reachable=phone.is_reachable, is_in_own_call=phone.is_in_own_call
            )


async def keep_phone_book(node: Node, book: PhoneBook) -> None:
    """Remember when each phone came and went."""
    async with node.phones() as phones:
        async for phone in phones:
            book.reached(phone.name, is_reachable=phone.is_reachable)

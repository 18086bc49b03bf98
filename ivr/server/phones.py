"""What Asterisk tells of its own accord: phones that come and go, and the link itself."""

from __future__ import annotations

import asyncio

import structlog

from ivr.ari.events import ChannelSnapshot, Linked, Unlinked
from ivr.ari.node import Node
from ivr.desk import Desk

log = structlog.get_logger()

NO_ROUTE = 41
"""Q.850 `temporary failure`: what a caller of an earlier server is told, when nobody can go on with the call."""

GRACE_SECONDS = 1.0
"""A call that came while the link was made is in the snapshot, and arrives right after it."""


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


async def watch_links(node: Node) -> None:
    """Tell of the link's ups and downs, and clear away what an earlier server left behind."""
    async with node.links() as links:
        async for state in links:
            match state:
                case Linked():
                    await asyncio.sleep(GRACE_SECONDS)
                    await _clear_away(node, state)
                case Unlinked(reason):
                    log.warning("link lost", reason=reason)


async def _clear_away(node: Node, linked: Linked) -> None:
    """Legs in our application that no call here owns. Two who talk are left to talk."""
    talking = {channel for bridge in linked.bridges for channel in bridge.channel_ids}
    for channel in linked.channels:
        if channel.is_ours and channel.channel_id not in node.followed():
            if channel.channel_id in talking:
                log.warning("talk of an earlier server left alone", channel=channel.channel_id)
            else:
                await _end(node, channel)


async def _end(node: Node, channel: ChannelSnapshot) -> None:
    log.warning("leg of an earlier server hung up", channel=channel.channel_id)
    await node.channel(channel.channel_id).hang_up(NO_ROUTE)

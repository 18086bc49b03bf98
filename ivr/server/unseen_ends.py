"""How calls ended whose story nobody told: as Asterisk told us all the same, or as it wrote down by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from ivr.archives.audit import CelChannel
from ivr.ari.node import Node
from ivr.records.events import Ended
from ivr.records.taking_up import OpenCall
from ivr.server.story_guard import end_of_leg


class EndsOfChannels(Protocol):
    """Where Asterisk writes down the ends of channels by itself."""

    async def ends(self, channels: Collection[str], since: datetime) -> Mapping[str, CelChannel]:
        """Those of these channels that have ended since then (aware), as far as is written."""


class UnseenEnds:
    """Of the calls of one node; without a `ledger` only what Asterisk has told is known."""

    def __init__(self, node: Node, ledger: EndsOfChannels | None) -> None:
        self._node = node
        self._ledger = ledger

    async def of(self, calls: Sequence[tuple[OpenCall, Ended]]) -> list[Ended]:
        """What is known of each end, or else what is given here for it."""
        ends = await self._written([call for call, _ in calls])
        return [self._told(call) or _dated(end, call, ends) for call, end in calls]

    def _told(self, call: OpenCall) -> Ended | None:
        """How the caller's leg ended, where it was followed and Asterisk said so."""
        if not self._node.followed().intersection(call.legs[:1]):
            return None
        ended = self._node.channel(call.legs[0]).ended
        if not ended.done() or ended.result().was_unseen:
            return None
        return end_of_leg(ended.result())

    async def _written(self, calls: Sequence[OpenCall]) -> Mapping[str, CelChannel]:
        legs = [leg for call in calls for leg in call.legs[:1]]
        since = min((call.seen_at for call in calls if call.seen_at is not None), default=None)
        return await self._ledger.ends(legs, since) if self._ledger and since else {}


def _dated(end: Ended, call: OpenCall, ends: Mapping[str, CelChannel]) -> Ended:
    channel = ends.get(call.legs[0]) if call.legs else None
    if channel is None or channel.ended is None:
        return end
    return msgspec.structs.replace(end, last_seen=channel.ended, cause=channel.cause)

"""A phone that was answered, and from which nothing comes: whoever talks to it talks to nobody."""

from __future__ import annotations

from ivr.ari.channel import Channel

SILENT_SECONDS = 4.0
"""So long after the answer it is asked. A phone sends packets from the first moment, a browser after 2 s at most."""


async def only_one_is_silent(leg: Channel, other: Channel) -> bool:
    """Whether not one packet has come from `leg`, while they come from `other`.

    Where they come from neither, it is not that phone's fault, and nobody is better off with another. Silence in
    packets is no silence here: who listens sends them too, and muted phones do.
    """
    if await leg.packets_heard() != 0:
        return False
    return bool(await other.packets_heard())

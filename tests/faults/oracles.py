"""What must hold after a fault, whatever it was: asked of Asterisk, of the server and of what the caller hears."""

from __future__ import annotations

import asyncio
from time import monotonic

from ivr.records.record import CallRecord
from tests.acceptance import probe
from tests.acceptance.serving import Server

BASELINE_SECONDS = 20.0


async def nothing_is_left(server: Server) -> None:
    """Nobody is on the line any more: no channel, no bridge of ours, no agent who is busy, no call under way."""
    ends_at = monotonic() + BASELINE_SECONDS
    while True:
        left = [await server.ari(noun) for noun in ("channels", "bridges")]
        if left == [[], []]:
            break
        assert monotonic() < ends_at, left
        await asyncio.sleep(0.05)
    await server.becomes(lambda now: now["calls"] == 0)
    await server.becomes(
        lambda now: all(
            one["state"] in {"available", "signed out"} for one in now["agents"].values()
        )
    )


async def records_of(server: Server, *calls: probe.ProbeCall) -> list[CallRecord]:
    """One closed record for each of these calls, in their order, and none besides for them."""
    found = [await server.record(call.call_id) for call in calls]
    stored = await server.records(len(calls))
    ours = [one for one in stored if one.sip_call_id in {call.call_id for call in calls}]
    assert len(ours) == len(calls)
    return found


async def still_hears(call: probe.ProbeCall, tone_hz: float, within_seconds: float = 5.0) -> None:
    """What the caller hears from now on is this tone, and the call goes on."""
    while not call.media.packets.empty():
        call.media.packets.get_nowait()
    async with asyncio.timeout(within_seconds):
        await call.hears(tone_hz)
    assert not call.has_ended

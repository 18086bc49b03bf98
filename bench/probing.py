"""The probe's calls: what a caller notices, by one clock.

`set_up`: INVITE sent → 200 OK. `key_to_sound`: the end of the key's event → the first packet of the queue's music.
`answer_to_bridged`: the agent's 200 OK sent → the first packet of the agent's voice at the caller. Both of these hold
up to 20 ms of waiting for the next packet to be due, on either side of the comparison.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter

from bench.agent import MeasuredPhone, caller_key
from bench.scenario import AGENT_HZ, DIALLED, KEY_AFTER_SECONDS, MENU_HZ, MUSIC_HZ
from tests.acceptance import probe

PATIENCE_SECONDS = 5.0
LISTEN_SECONDS = 0.3


@dataclass(slots=True)
class Probed:
    """What the probes measured, in seconds, one figure for each call that got so far; `failed` calls did not."""

    set_up: list[float] = field(default_factory=list)
    key_to_sound: list[float] = field(default_factory=list)
    answer_to_bridged: list[float] = field(default_factory=list)
    placed: int = 0
    failed: int = 0
    faults: list[str] = field(default_factory=list)


class Probes:
    """Places one call after another, each in a task of its own."""

    def __init__(self, server: tuple[str, int], phone: MeasuredPhone) -> None:
        self._server = server
        self._phone = phone

    async def keep_calling(self, seconds: float, each_second: float) -> Probed:
        """New calls for so long, and all to their end."""
        probed = Probed()
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + seconds
        async with asyncio.TaskGroup() as group:
            while loop.time() < ends_at:
                probed.placed += 1
                caller = f"+4791{probed.placed:06}"
                group.create_task(self._call(caller, probed), name=f"probe/{probed.placed}")
                await asyncio.sleep(1 / each_second)
        return probed

    async def _call(self, caller: str, probed: Probed) -> None:
        began = perf_counter()
        try:
            async with asyncio.timeout(4 * PATIENCE_SECONDS):
                async with probe.call(self._server, DIALLED, caller) as placed:
                    probed.set_up.append(perf_counter() - began)
                    await self._listen(placed, probed)
        except* (TimeoutError, probe.CallRefused, OSError) as failed:
            probed.failed += 1
            probed.faults.append(repr(failed.exceptions[0]))

    async def _listen(self, placed: probe.ProbeCall, probed: Probed) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await placed.hears(MENU_HZ)
        await asyncio.sleep(KEY_AFTER_SECONDS)
        waited = await placed.key_to_tone("2", MUSIC_HZ, within_seconds=PATIENCE_SECONDS)
        probed.key_to_sound.append(waited)
        async with asyncio.timeout(PATIENCE_SECONDS):
            heard_at = await placed.hears(AGENT_HZ)
        answered_at = self._phone.answered_at.pop(caller_key(placed.caller))
        probed.answer_to_bridged.append(heard_at - answered_at)
        await asyncio.sleep(LISTEN_SECONDS)

"""An Asterisk of ours without a server, and a stand-in for the server that does one thing with every call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp

from ivr.asterisk import run
from ivr.asterisk.blueprint import Blueprint, PhoneAccount
from ivr.asterisk.obtain import cache_folder, find_asterisk
from ivr.asterisk.ports import free_port
from ivr.asterisk.run import RunningAsterisk
from tests.ports import FEW, udp_ports

KARI = PhoneAccount("kari", "abcd-efgh-ijkl-mnop")


def bare_plan(home: Path) -> Blueprint:
    """One account, ports that are free."""
    installation = find_asterisk(cache_folder(), print)
    rtp_first = udp_ports(FEW)
    return Blueprint(
        home=home,
        installation=installation,
        http_port=free_port(),
        ari_password="abcd-efgh-ijkl-mnop",
        fallback_prompt=installation.sounds / "vm-sorry",
        sip_port=udp_ports(),
        rtp_first=rtp_first,
        rtp_last=rtp_first + FEW - 1,
        accounts=(KARI,),
    )


@dataclass(slots=True)
class StandIn:
    """`dialled` has what each call said it dialled, in order; `redirected` the legs that another address ended."""

    ari: aiohttp.ClientSession
    dialled: list[str] = field(default_factory=list)
    redirected: list[str] = field(default_factory=list)

    async def channels(self) -> list[str]:
        """The names of the channels that are there."""
        async with self.ari.get("channels") as answer:
            return [channel["name"] for channel in await answer.json()]

    async def ring(self, endpoint: str, leg: str) -> None:
        """Ring a phone for five seconds."""
        asked = {"endpoint": endpoint, "app": "ivr", "timeout": "5", "channelId": leg}
        async with self.ari.post("channels", params=asked) as answer:
            assert answer.status == 200

    async def take(self, event: Mapping[str, Any], does: Literal["answer", "refuse"]) -> None:
        channel = event["channel"]["id"]
        if event["args"][:1] == ["call"]:
            self.dialled.append(event["args"][1])
        if does == "answer":
            await self.ari.post(f"channels/{channel}/answer")
        else:
            await self.ari.delete(f"channels/{channel}", params={"reason_code": "17"})


@asynccontextmanager
async def bare_asterisk(
    home: Path, does: Literal["answer", "refuse"]
) -> AsyncIterator[tuple[RunningAsterisk, StandIn]]:
    """Started, with the stand-in linked, until the scope is left."""
    running = await run.start(bare_plan(home))
    try:
        header = aiohttp.encode_basic_auth(
            running.blueprint.ari_user, running.blueprint.ari_password
        )
        async with (
            aiohttp.ClientSession(f"{running.ari_url}/", headers={"Authorization": header}) as ari,
            ari.ws_connect("events?app=ivr") as socket,
        ):
            stand_in = StandIn(ari)

            async def read() -> None:
                async for message in socket:
                    event = json.loads(message.data)
                    if event["type"] == "StasisStart":
                        await stand_in.take(event, does)
                    if event["type"] == "Dial" and event.get("forward"):
                        stand_in.redirected.append(event["peer"]["id"])

            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(read(), name="stand-in")
                yield running, stand_in
                reading.cancel()
    finally:
        await run.stop(running)

"""A quick trial of an Asterisk release that nobody has tried: what our calls stand on, in a second or two.

It is started as `ivr serve` would start it, in a folder of its own and on loopback. It must load every module of ours,
answer ARI, survive what a WebSocket client may send, and carry a bridge. Real calls it does not make: `make test` does.
"""

from __future__ import annotations

import secrets
import socket
import tempfile
from pathlib import Path

import aiohttp

from ivr.asterisk import run
from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.conf_core import MODULES
from ivr.asterisk.installation import Installation
from ivr.asterisk.ports import free_port
from ivr.errors import IvrError

_LONGEST_SECONDS = 20.0


async def self_test(installation: Installation) -> str | None:
    """What is wrong with it; None when it passed. Nothing of it runs afterwards."""
    with tempfile.TemporaryDirectory(prefix="sentralbord-") as folder:
        try:
            running = await run.start(_blueprint(installation, Path(folder)))
        except IvrError as error:
            return f"it does not start: {error}"
        try:
            return await _try(running.blueprint)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return f"it did not live through the trial: {type(error).__name__} {error}".rstrip()
        finally:
            await run.stop(running, patience_seconds=2.0)


async def _try(blueprint: Blueprint) -> str | None:
    login = aiohttp.encode_basic_auth(blueprint.ari_user, blueprint.ari_password)
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{blueprint.http_port}/ari/",
        headers={"Authorization": login},
        timeout=aiohttp.ClientTimeout(total=_LONGEST_SECONDS),
        raise_for_status=True,
    ) as ari:
        async with ari.get("asterisk/modules") as answer:
            up = {one["name"] for one in await answer.json() if one["status"] == "Running"}
        lacking = [name for name in MODULES if f"{name}.so" not in up]
        if lacking:
            return f"it has no working {', '.join(lacking)}"
        async with ari.ws_connect(f"events?app={blueprint.application}") as events:
            await events.ping(b"are you there")
            await events.pong(b"nobody asked")
            bridge = f"self-test-{secrets.token_hex(4)}"
            async with ari.post(f"bridges/{bridge}?type=mixing"):
                pass
            async with ari.delete(f"bridges/{bridge}"):
                pass
        async with ari.get("asterisk/info"):
            return None


def _blueprint(installation: Installation, home: Path) -> Blueprint:
    rtp = free_port(kind=socket.SOCK_DGRAM)
    return Blueprint(
        home=home,
        installation=installation,
        http_port=free_port(),
        ari_password=secrets.token_hex(16),
        fallback_prompt=installation.sounds / "vm-sorry",
        sip_port=free_port(kind=socket.SOCK_DGRAM),
        rtp_first=rtp,
        rtp_last=rtp,
    )

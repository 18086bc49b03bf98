"""Where Asterisk brings what callers say: a WebSocket for each speech worker, in memory, which no reload touches."""

from __future__ import annotations

from urllib.parse import quote

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.interface import interface

_NO_BODY = "Allocation failed"
"""As for access lists: made, and then no words for it."""


async def bring_speech_to(blueprint: Blueprint, name: str, uri: str) -> None:
    """Let channels be made to `uri` (`ws://127.0.0.1:9090/media`) by this name, from now on.

    Raises aiohttp.ClientError, TimeoutError. A worker that does not answer holds up the request for one channel for
    half a second, once: whoever asks has heard from it just before.
    """
    wanted = {
        "uri": uri,
        "protocols": "media",
        "connection_type": "per_call_config",
        "connection_timeout": "500",
        "reconnect_attempts": "1",
        "reconnect_interval": "100",
    }
    fields = [{"attribute": key, "value": value} for key, value in wanted.items()]
    place = f"asterisk/config/dynamic/res_websocket_client/websocket_client/{quote(name, safe='')}"
    async with interface(blueprint) as ari, ari.put(place, json={"fields": fields}) as answer:
        if answer.status == 500 and _NO_BODY in await answer.text():
            return
        answer.raise_for_status()

"""The door to an Asterisk of ours: its REST interface, for what is asked of the program and not of a call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from ivr.asterisk.blueprint import Blueprint

LONGEST_ANSWER_SECONDS = 5.0


@asynccontextmanager
async def interface(blueprint: Blueprint) -> AsyncIterator[aiohttp.ClientSession]:
    """A session whose paths begin below `/ari/`."""
    header = aiohttp.encode_basic_auth(blueprint.ari_user, blueprint.ari_password)
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{blueprint.http_port}/ari/",
        headers={"Authorization": header},
        timeout=aiohttp.ClientTimeout(total=LONGEST_ANSWER_SECONDS),
    ) as session:
        yield session

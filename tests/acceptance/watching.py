"""`ivr serve --watched` as a process of its own: a small one that starts the server, and starts it again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from ivr.server.whereabouts import find_server
from tests.acceptance.serving import Addresses, Server, left_running, no_settings, running

TAKEN_OVER_SECONDS = 30.0


@asynccontextmanager
async def watched(
    folder: Path,
    rules: str,
    prompts: Path,
    at: Addresses,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Server]:
    """A server that is watched; its pid is that of the one who watches. All that is written lies below `folder`."""
    (folder / "rules.yaml").write_text(rules)
    options = {
        "--home": folder / "home",
        "--rules": folder / "rules.yaml",
        "--prompts": prompts,
        "--sip": at.sip,
        "--rtp": at.rtp,
        "--web": at.web,
    }
    words = [str(part) for option in options.items() for part in option]
    argv = (sys.executable, "-m", "ivr", "serve", "--watched", *words)
    settings = {**no_settings(), **(environment or {})}
    async with running(argv, folder / "home", folder / "server.log", settings) as server:
        yield server
    assert server.program.returncode == 0
    assert not left_running(server.home)


async def next_server(server: Server, before: int) -> int:
    """The pid of the one after `before`, once it takes calls; it says on its output when that is."""
    assert server.program.stdout is not None
    async with asyncio.timeout(TAKEN_OVER_SECONDS):
        line = (await server.program.stdout.readline()).decode()
    assert line.startswith("ready ")
    health = await server.becomes(lambda now: bool(now["status"] == "ok"))
    assert health["watched"] is True
    found = find_server(server.home).pid
    assert found != before
    return found

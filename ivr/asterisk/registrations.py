"""Where Asterisk has signed in, which only its console tells."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.console import say

_BETWEEN_LOOKS_SECONDS = 0.05

_ROW = re.compile(
    r"^ *(?P<name>[a-z0-9_-]+)\.registration/\S+ .*? "
    r"(?P<state>Registered|Unregistered|Rejected|Stopped)\s*(?:\(exp\. (?P<seconds>\d+)s\))?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whether a trunk is signed in, and for how many seconds yet."""

    is_registered: bool
    seconds_left: int | None = None


def read(said: str) -> Mapping[str, SignIn]:
    """By the trunk's name, from what the console said."""
    return {
        row["name"]: SignIn(
            row["state"] == "Registered",
            int(row["seconds"]) if row["seconds"] and row["state"] == "Registered" else None,
        )
        for row in _ROW.finditer(said)
    }


async def signed_in(blueprint: Blueprint) -> Mapping[str, SignIn]:
    """Where it has signed in, by trunk. Empty where its console does not answer."""
    return read(await say(blueprint, "pjsip show registrations"))


async def sign_out(blueprint: Blueprint, within_seconds: float) -> None:
    """Take every registration back, so that no carrier calls a server that is gone; wait for that, but not long."""
    if not any(trunk.said.registers for trunk in blueprint.trunks):
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(within_seconds):
            await say(blueprint, "pjsip send unregister *all")
            # Only its console knows: there is nothing to wait on but time.
            while any(one.is_registered for one in (await signed_in(blueprint)).values()):  # noqa: ASYNC110
                await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)

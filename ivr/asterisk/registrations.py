"""Where Asterisk has signed in, which only its console tells."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping
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


async def sign_in_again(blueprint: Blueprint, names: Iterable[str]) -> None:
    """Try these trunks at once: by itself it would try with a new password when the next try is due."""
    for name in names:
        await say(blueprint, f"pjsip send register {name}.registration")


async def not_signing_in(blueprint: Blueprint) -> set[str]:
    """Trunks that should register, and of whose registration Asterisk knows nothing. Where it does not tell, none."""
    wanted = {trunk.name for trunk in blueprint.trunks if trunk.said.registers}
    said = await say(blueprint, "pjsip show registrations") if wanted else ""
    return wanted - read(said).keys() if said else set()


async def sign_out(
    blueprint: Blueprint, within_seconds: float, names: Collection[str] | None = None
) -> None:
    """Take registrations back, all unless `names` says which, and wait for that, but not long.

    No carrier is to call a server that is gone, or on a line that is no more.
    """
    registered = [trunk.name for trunk in blueprint.trunks if trunk.said.registers]
    leaving = [name for name in registered if names is None or name in names]
    if not leaving:
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(within_seconds):
            for name in leaving:
                await say(blueprint, f"pjsip send unregister {name}.registration")
            # Only its console knows: there is nothing to wait on but time.
            while any(  # noqa: ASYNC110
                one.is_registered
                for name, one in (await signed_in(blueprint)).items()
                if name in leaving
            ):
                await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)

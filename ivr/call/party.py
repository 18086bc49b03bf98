"""A party: a person on the line, for the whole call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ivr.ari.channel import Channel
from ivr.call.ear import Ear
from ivr.call.voice import Voice


@dataclass(frozen=True, slots=True)
class Party:
    """The leg that the person is on, what is said to them, and what they key."""

    leg: Channel
    voice: Voice
    ear: Ear


@asynccontextmanager
async def on_the_line(leg: Channel, voice: Voice) -> AsyncIterator[Party]:
    """The person on this leg: what they key is heard from here to the end of the scope."""
    async with Ear.on(leg) as ear:
        yield Party(leg, voice, ear)

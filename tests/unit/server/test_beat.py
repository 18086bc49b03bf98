"""The server's beat, and who watches over callers: told over the twin's link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from ivr.ari.fake import FakeAsterisk
from ivr.ari.node import Node
from ivr.asterisk.conf_watch import BEAT, CHANNEL_ID
from ivr.server.beat import beat
from tests.clocks import LoopClock

BEGAN = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class House:
    """An Asterisk, and whether somebody is on the line."""

    def __init__(self) -> None:
        self.asterisk = FakeAsterisk()
        self.somebody = asyncio.Event()

    @property
    def age_seconds(self) -> float:
        """How old the beat is that the dialplan sees."""
        return LoopClock(BEGAN).now().timestamp() - int(self.asterisk.variables[BEAT])

    @property
    def is_watched(self) -> bool:
        return CHANNEL_ID in self.asterisk.channels


@asynccontextmanager
async def beating() -> AsyncIterator[House]:
    house = House()
    node = Node(house.asterisk, app="ivr")
    async with asyncio.TaskGroup() as group:
        running = [
            group.create_task(node.run()),
            group.create_task(beat(node, LoopClock(BEGAN), house.somebody)),
        ]
        await node.ready()
        await asyncio.sleep(0.1)
        yield house
        for task in running:
            task.cancel()


async def test_the_beat_is_there_with_the_link_and_never_older_than_two_seconds() -> None:
    async with beating() as house:
        for _ in range(20):
            assert house.age_seconds <= 2
            await asyncio.sleep(0.3)


async def test_nobody_watches_while_there_are_no_calls() -> None:
    async with beating() as house:
        await asyncio.sleep(5)

        assert not house.is_watched


async def test_while_there_are_calls_one_watches() -> None:
    async with beating() as house:
        house.somebody.set()
        await asyncio.sleep(5)

        assert house.is_watched
        begun = [one for one in house.asterisk.requests if one == f"POST channels/{CHANNEL_ID}"]
        assert len(begun) == 1


async def test_as_the_first_call_comes_somebody_watches_already() -> None:
    async with beating() as house:
        house.somebody.set()
        await asyncio.sleep(0.02)

        assert house.is_watched


async def test_a_watch_that_has_ended_is_begun_anew() -> None:
    async with beating() as house:
        house.somebody.set()
        await asyncio.sleep(1)
        house.asterisk.channels[CHANNEL_ID].end(16, "Normal Clearing")
        await asyncio.sleep(1)

        assert house.is_watched


async def test_a_link_that_is_lost_stops_the_beat_until_there_is_one_again() -> None:
    async with beating() as house:
        house.asterisk.lose_link()
        await asyncio.sleep(10)
        assert house.age_seconds > 8

        house.asterisk.restore_link()
        await asyncio.sleep(1.5)
        assert house.age_seconds <= 2

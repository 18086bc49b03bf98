"""An Asterisk that dies in the middle, and the link after it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import Entered, Linked, Unlinked
from ivr.ari.link import Address, Link
from ivr.ari.node import Node
from ivr.asterisk import console, pids, run
from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.installation import Installation
from ivr.asterisk.run import RunningAsterisk

pytestmark = [pytest.mark.real, pytest.mark.real_time, pytest.mark.alone]


@pytest.fixture
async def start() -> AsyncIterator[Callable[[Blueprint], Awaitable[RunningAsterisk]]]:
    """Starts an Asterisk, and stops it at the end of the test if it still runs."""
    started: list[RunningAsterisk] = []

    async def start_one(blueprint: Blueprint) -> RunningAsterisk:
        started.append(await run.start(blueprint))
        return started[-1]

    yield start_one
    for running in started:
        await run.stop(running)


async def test_an_asterisk_restarted_in_the_middle_is_a_working_link_again_within_two_seconds(
    installation: Installation,
    tmp_path: Path,
    make_plan: Callable[[Installation, Path], Blueprint],
    start: Callable[[Blueprint], Awaitable[RunningAsterisk]],
) -> None:
    blueprint = make_plan(installation, tmp_path)
    running = await start(blueprint)
    address = Address("127.0.0.1", blueprint.http_port, blueprint.ari_user, blueprint.ari_password)
    node = Node(Link(address, app="ivr"), app="ivr")
    async with asyncio.TaskGroup() as tasks, node.links() as links:
        linking = tasks.create_task(node.run())
        assert isinstance(await anext(links), Linked)
        leg = await answered_leg(node, blueprint)

        os.kill(running.pid, signal.SIGKILL)
        await pids.ended(running.pid, 5)
        assert isinstance(await anext(links), Unlinked)
        await start(blueprint)
        async with asyncio.timeout(2):
            linked = await anext(links)
            bridge = node.legs("a-call").bridge(ids.new("br"))
            await bridge.create()
        await bridge.destroy().unless_gone()
        ended = await leg.ended
        linking.cancel()

    assert isinstance(linked, Linked)
    assert linked.channels == ()
    assert ended.cause is None


async def answered_leg(node: Node, blueprint: Blueprint) -> Channel:
    for step in ("answers,1,Answer()", "answers,2,Wait(30)"):
        await console.say(blueprint, f"dialplan add extension {step} into contract")
    leg = node.channel(ids.new("leg"))
    async with leg.listen(Entered) as entered:
        await leg.originate(
            "Local/answers@contract", caller_number="", caller_name="", timeout_seconds=10
        )
        await anext(entered)
    return leg


MANY = 500
"""Local channels come in pairs."""

LONG = "a name as long as any that a phone gives itself " * 10


async def test_a_link_to_an_asterisk_with_a_thousand_channels_finds_all_of_them(
    installation: Installation,
    tmp_path: Path,
    make_plan: Callable[[Installation, Path], Blueprint],
    start: Callable[[Blueprint], Awaitable[RunningAsterisk]],
) -> None:
    """Asterisk 22 dies where it is asked for so many over a WebSocket."""
    blueprint = make_plan(installation, tmp_path)
    await start(blueprint)
    address = Address("127.0.0.1", blueprint.http_port, blueprint.ari_user, blueprint.ari_password)
    await console.say(blueprint, "dialplan add extension waits,1,Wait(60) into contract")
    before, after = (Node(Link(address, app=app), app=app) for app in ("before", "after"))
    async with asyncio.TaskGroup() as tasks, after.links() as links:
        linking = [tasks.create_task(before.run())]
        await before.ready()
        for _ in range(MANY):
            await before.channel(ids.new("leg")).originate(
                "Local/waits@contract",
                caller_number="+4790000001",
                caller_name=LONG,
                timeout_seconds=60,
            )

        linking.append(tasks.create_task(after.run()))
        linked = await anext(links)

        assert isinstance(linked, Linked)
        assert len(linked.channels) == 2 * MANY
        for link in linking:
            link.cancel()

"""An Asterisk that dies in the middle, and the link after it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivr import ids
from ivr.ari.events import Entered, Linked, Unlinked
from ivr.ari.link import Address, Link
from ivr.ari.node import Node
from ivr.asterisk import run
from ivr.asterisk.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivr.asterisk.plan import AsteriskPlan

pytestmark = [pytest.mark.real, pytest.mark.real_time]


async def test_an_asterisk_restarted_in_the_middle_is_a_working_link_again_within_two_seconds(
    installation: Installation,
    tmp_path: Path,
    make_plan: Callable[[Installation, Path], AsteriskPlan],
) -> None:
    plan = make_plan(installation, tmp_path)
    running = await run.start(plan)
    link = Link(Address("127.0.0.1", plan.http_port, plan.ari_user, plan.ari_password), app="ivr")
    node = Node(link, app="ivr")
    async with asyncio.TaskGroup() as tasks, node.links() as links:
        linking = tasks.create_task(node.run())
        assert isinstance(await anext(links), Linked)
        await run.console(plan, "dialplan add extension answers,1,Answer() into contract")
        await run.console(plan, "dialplan add extension answers,2,Wait(30) into contract")
        leg = node.channel(ids.new("leg"))
        async with leg.listen(Entered) as entered:
            await leg.originate(
                "Local/answers@contract", caller_number="", caller_name="", timeout_seconds=10
            )
            await anext(entered)

        os.kill(running.pid, signal.SIGKILL)
        assert isinstance(await anext(links), Unlinked)
        again = await run.start(plan)
        try:
            async with asyncio.timeout(2):
                linked = await anext(links)
                bridge = await node.create_bridge(ids.new("br"))
            await bridge.destroy()
            ended = await leg.ended
        finally:
            await run.stop(again)
            linking.cancel()

    assert isinstance(linked, Linked)
    assert linked.channels == ()
    assert ended.cause is None

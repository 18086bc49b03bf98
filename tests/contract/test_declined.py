"""What Asterisk does not even put into words, because nobody here would read it (`stasis.conf`)."""

from __future__ import annotations

import asyncio

import pytest

from ivr import ids
from ivr.ari.events import PlaybackEnded
from ivr.ari.generated.operations import Applications
from ivr.asterisk.run import RunningAsterisk
from tests.contract.conftest import RealRig, calls_on

pytestmark = [pytest.mark.real, pytest.mark.real_time]


WANTED = (
    "RESTResponse", "StasisStart", "StasisEnd", "ChannelDestroyed",
    "PlaybackStarted", "PlaybackFinished", "ChannelVarset",
)  # fmt: skip


async def test_of_variables_nobody_is_told_not_even_who_asks_for_it(
    running_asterisk: RunningAsterisk,
) -> None:
    rig = RealRig(running_asterisk)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(node.run()) for node in (rig.node, rig.people)]
        await rig.node.ready()
        await rig.people.ready()
        allowed = [{"type": kind} for kind in WANTED]
        await Applications(rig.link).filter("ivr", filter={"allowed": allowed})
        async with rig.open, calls_on(rig) as calls:
            _, leg = await calls.one_answered()
            async with leg.listen(PlaybackEnded) as ends:
                await leg.set_variable("READ_BY", "nobody")
                await leg.play(rig.hello, playback_id=ids.new("pb"))
                await anext(ends)
        for task in running:
            task.cancel()

    told = rig.link.counts
    assert told["asterisk_events_unknown_PlaybackStarted"] > 0
    assert told["asterisk_events_unknown_ChannelVarset"] == 0

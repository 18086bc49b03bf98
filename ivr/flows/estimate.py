"""The estimate of a wait that begins: kept with the call, to be held against what the wait becomes."""

from __future__ import annotations

import asyncio

from ivr.call import Call
from ivr.desk import Place
from ivr.flows.origin import Adopted, Origin
from ivr.queues.estimate import ExpectedWait, ToldWaits
from ivr.queues.line import Told
from ivr.records.events import WaitEstimated


def told_before(origin: Origin) -> Told:
    """What the caller has been told when the story begins; and what was expected of a wait that goes on."""
    told = Told()
    if isinstance(origin, Adopted) and (expected := origin.left.expected) is not None:
        ago = (origin.at - expected.since).total_seconds()
        at = asyncio.get_running_loop().time() - ago
        told.waits.expected[expected.queue] = ExpectedWait(expected.seconds, at)
    return told


def foresee(call: Call, place: Place, waits: ToldWaits) -> None:
    """Estimate the wait of one who comes and finds no agent free, spoken or not. A step of the wait changes nothing."""
    queue = place.queue.name
    if waits.is_to_be_expected(queue) and not place.claimed:
        estimate = place.estimate()
        if estimate is not None:
            waits.expected[queue] = ExpectedWait(
                estimate.seconds, asyncio.get_running_loop().time()
            )
            call.note(
                WaitEstimated(
                    queue=queue,
                    seconds=round(estimate.seconds, 1),
                    low_seconds=round(estimate.low_seconds, 1),
                    high_seconds=round(estimate.high_seconds, 1),
                    ahead=estimate.ahead,
                    agents=estimate.agents,
                )
            )
    place.expected = waits.expected.get(queue)

"""The ways out of a queue: a key that the caller presses at any moment of the wait, and all that the rules speak of."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar, assert_never

from ivr.call import Call
from ivr.desk import ClosingDue, Deserted, LedAway, SiteGone, StepDue
from ivr.errors import IvrError, first_of
from ivr.records.events import LeftQueue
from ivr.rules.decision import (
    ClosingTime,
    ExitKeyed,
    NobodyLoggedIn,
    SiteAway,
    TakenElsewhere,
    WaitedLong,
)
from ivr.rules.model import Queue
from ivr.rules.visit import WaitInQueue

T = TypeVar("T")

WayOut: TypeAlias = (
    WaitedLong | NobodyLoggedIn | TakenElsewhere | ClosingTime | SiteAway | ExitKeyed
)
"""How a wait is over, or goes on after a step of it, where the rules are asked."""


async def unless_left(call: Call, queue: Queue, waiting: Coroutine[Any, Any, T]) -> T | ExitKeyed:
    """What the wait brings, unless the caller presses a key of the queue before: phones that ring then stop.

    Who has an agent on the line already is not taken away from them by a key of the same moment.
    """
    if not queue.exits:
        return await waiting
    try:
        async with asyncio.TaskGroup() as group:
            wait = group.create_task(waiting, name=f"wait/{call.id}")
            key = group.create_task(call.exit_key(queue.exits), name=f"exit/{call.id}")
            done, _ = await asyncio.wait({wait, key}, return_when=asyncio.FIRST_COMPLETED)
            if wait in done:
                key.cancel()
                return wait.result()
            wait.cancel()
            return ExitKeyed(queue.name, key.result())
    except* IvrError as errors:
        raise first_of(errors) from None


def leave(
    call: Call,
    wait: WaitInQueue,
    happened: StepDue | ClosingDue | Deserted | LedAway | SiteGone | ExitKeyed,
) -> WayOut:
    """The wait is over, or goes on after a step: what the rules are asked about."""
    queue = wait.queue.name
    match happened:
        case StepDue(step):
            if wait.leads_away:
                call.note(LeftQueue(queue=queue, result="overflowed"))
            return WaitedLong(queue, step)
        case ClosingDue():
            call.note(LeftQueue(queue=queue, result="overflowed"))
            return ClosingTime(queue)
        case Deserted():
            call.note(LeftQueue(queue=queue, result="nobody_logged_in"))
            return NobodyLoggedIn(queue)
        case ExitKeyed():
            call.note(LeftQueue(queue=queue, result="exit_key"))
            return happened
        case SiteGone():
            return SiteAway(queue)
        case LedAway(to, author, why):
            call.note(LeftQueue(queue=queue, result="overflowed"))
            return TakenElsewhere(queue, to, author, why)
        case unknown:
            assert_never(unknown)

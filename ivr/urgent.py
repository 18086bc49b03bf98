"""Threads that go before all others: for those that have little to do, and that callers wait for."""

from __future__ import annotations

import os


def is_room_for_others() -> bool:
    """Whether another core is there for all others."""
    return (os.cpu_count() or 1) > 1


def go_first() -> bool:
    """Have the calling thread run as soon as it has something to do (SCHED_RR); False where that is not allowed.

    Root may, and whoever has the limit for it (`LimitRTPRIO=1` of a service, `ulimit -r 1`). With one core nothing is
    asked for: a thread that looks a large file through would stop all others. What the thread starts is not urgent.
    """
    if not is_room_for_others():
        return False
    try:
        policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(0, policy, os.sched_param(os.sched_get_priority_min(os.SCHED_RR)))
    except (OSError, AttributeError):  # not here, or not for us
        return False
    return True

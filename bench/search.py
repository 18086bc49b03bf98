"""The highest rate that a side sustains: every call well, and set up soon enough."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from bench.figures import percentile
from bench.run import Measured
from ivr.errors import PortTaken

SLOWEST_SET_UP_SECONDS = 0.5
STEP = 1.25
MOST_TRIES = 6


class Sustained(msgspec.Struct, frozen=True, kw_only=True):
    """`rate` is the highest that was held, 0 if none; `too_much` the lowest that was not, where one was found."""

    side: str
    rate: float
    too_much: float | None
    seconds: float
    why: str


async def highest_rate(
    side: str, hold: Callable[[float], Awaitable[Measured]], first: float
) -> Sustained:
    """From `first` up in steps of a quarter until a rate is not held, or down until one is: six tries at most.

    It ends too where the machine has no ports for so many phones; `why` then says so, and `rate` is what was held.
    """
    rate, best, too_much, why, seconds = first, 0.0, None, "", 0.0
    for _ in range(MOST_TRIES):
        try:
            measured = await hold(rate)
        except PortTaken as error:
            why = f"{rate:.1f}/s could not be played here: {error}"
            break
        seconds = measured.seconds
        fault = _fault(measured)
        if not fault:
            best = max(best, rate)
        else:
            too_much, why = rate, fault
        if best and too_much:
            break
        rate = whole_milliseconds(rate * STEP if not fault else rate / STEP)
    return Sustained(side=side, rate=best, too_much=too_much, seconds=seconds, why=why)


def whole_milliseconds(rate: float) -> float:
    """The nearest rate whose pause between two calls is whole milliseconds: SIPp knows no others."""
    return 1000 / round(1000 / rate)


def _fault(measured: Measured) -> str:
    slowest = percentile(measured.set_up, 99)
    if measured.failed:
        return f"{measured.failed} of {measured.calls} calls failed"
    if slowest > SLOWEST_SET_UP_SECONDS:
        return f"set-up p99 {1000 * slowest:.0f} ms"
    return ""

"""How far a figure may be off by chance: 95 % intervals, and whether two figures differ.

Shares: Wilson, "Probable inference" (1927); their difference: Newcombe, "Interval estimation for the difference
between independent proportions" (1998), method 10. Means: the normal approximation, which wants some 30 values.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_Z = statistics.NormalDist().inv_cdf(0.975)

ENOUGH = 30
"""Of fewer values nothing is said."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of `count` values, and between what it lies with 95 % certainty."""

    value: float
    low: float
    high: float
    count: int


def share_estimate(part: int, count: int) -> Estimate | None:
    """`part` of `count` as a share, 0 to 1; None of too few."""
    if count < ENOUGH:
        return None
    share = part / count
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    half /= 1 + _Z**2 / count
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), count)


def mean_estimate(values: Sequence[float]) -> Estimate | None:
    """The mean of the values; None of too few."""
    if len(values) < ENOUGH:
        return None
    mean = statistics.fmean(values)
    half = _Z * statistics.stdev(values) / math.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half, len(values))


def sums_estimate(total: int, squares: int, count: int) -> Estimate | None:
    """The mean of whole numbers, of their sum and that of their squares; None of too few."""
    if count < ENOUGH:
        return None
    variance = (count * squares - total**2) / (count * (count - 1))
    half = _Z * math.sqrt(variance / count)
    return Estimate(total / count, total / count - half, total / count + half, count)


def differ(before: Estimate, after: Estimate) -> bool:
    """Whether the two differ by more than chance explains: the interval of their difference is without 0.

    For shares this is Newcombe's interval, for means the usual one; both add up the distances to the nearer bounds.
    """
    rise = after.value - before.value
    if rise >= 0:
        reach = math.hypot(after.value - after.low, before.high - before.value)
    else:
        reach = math.hypot(after.high - after.value, before.value - before.low)
    return abs(rise) > reach

"""Percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], of: float) -> float:
    """The smallest value that `of` per cent of the values do not exceed; NaN where there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(math.ceil(len(values) * of / 100) - 1, 0)]

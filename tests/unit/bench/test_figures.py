"""Percentiles, as the tables show them."""

import math

import pytest

from bench.figures import percentile


@pytest.mark.parametrize(("of", "wanted"), [(50, 50.0), (99, 99.0), (100, 100.0), (1, 1.0)])
def test_a_percentile_is_a_value_that_was_measured(of: float, wanted: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], of) == wanted


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 99))

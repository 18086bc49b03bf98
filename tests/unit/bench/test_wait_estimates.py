"""What the estimate is worth, on made-up days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.wait_estimates import DAYS, made_up, mean_error


@pytest.mark.parametrize("name", ["ten agents, busy", "the same, one in five first"])
def test_the_estimate_is_less_wrong_than_a_running_mean_and_than_the_textbook(name: str) -> None:
    found = made_up(replace(DAYS[name], calls=500))

    ours, asterisk, textbook = mean_error(found)

    assert len(found) > 100
    assert ours < 0.8 * asterisk
    assert ours < textbook


def test_the_range_that_is_spoken_comes_true_more_often_than_not() -> None:
    found = made_up(replace(DAYS["two agents, busy"], calls=400))

    assert sum(one.came_true for one in found) > 0.6 * len(found)

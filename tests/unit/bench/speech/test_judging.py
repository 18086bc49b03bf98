"""The judge's weights: what speaks for a phrase weighs for it, and its two levels are where they were promised."""

from __future__ import annotations

import numpy as np

from bench.speech.judging import ASKED, TAKEN, Verdicts, weighed


def test_what_speaks_for_a_phrase_weighs_for_it_and_the_levels_hold() -> None:
    chance = np.random.default_rng(1)
    is_other = np.arange(2000) < 1000
    telling = np.where(is_other, 0.0, 2.0) + chance.normal(0, 1, 2000)
    measured = np.column_stack([telling, chance.normal(0, 1, 2000)])

    weights, bias = weighed(Verdicts(measured, (~is_other).astype(float), is_other))
    scores = measured @ weights + bias

    assert weights[0] > 10 * abs(weights[1])
    assert abs(np.mean(scores[is_other] >= 1) - TAKEN) < 0.005
    assert abs(np.mean(scores[is_other] >= 0) - ASKED) < 0.005
    assert np.mean(scores[~is_other] >= 1) > 0.4

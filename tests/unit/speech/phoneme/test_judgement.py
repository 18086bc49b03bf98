"""The judge, and what it looks at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.speech.phoneme.judgement import MEASURES, PhraseFit, measures, read_judge
from ivr.speech.phoneme.phrase import SURE, UNSURE, KnownPhrase, likelihood

GOOD = PhraseFit(fit=1.9, nearest=np.linspace(2.0, 1.2, 14), apart=1.5, sounds=7, heard=8, own=1.8)


def test_each_measure_has_a_name() -> None:
    assert len(measures(GOOD)) == len(MEASURES)


def test_a_phrase_that_fits_in_all_ways_is_sure_and_one_that_does_in_none_is_not_asked_back() -> (
    None
):
    poor = PhraseFit(-0.4, np.linspace(0.2, -1.0, 14), apart=0.05, sounds=7, heard=3, own=1.8)

    assert read_judge().score(GOOD) > 1
    assert read_judge().score(poor) < 0


def test_a_rival_that_fits_as_well_takes_away_from_it() -> None:
    assert read_judge().score(replace(GOOD, apart=0.0)) < read_judge().score(GOOD)


@pytest.mark.parametrize(
    ("score", "likely"), [(float("-inf"), 0.0), (0.0, UNSURE), (1.0, SURE), (100.0, 1.0)]
)
def test_a_score_of_any_size_is_a_likelihood(score: float, likely: float) -> None:
    assert likelihood(score) == pytest.approx(likely)


def test_a_phrase_that_nobody_can_pronounce_was_never_said() -> None:
    nothing = KnownPhrase(())

    fit = nothing.fit(np.ones((3, 4), dtype=np.float32))
    assert nothing.likelihood(np.ones((3, 4), dtype=np.float32), fit, 0.0, read_judge()) == 0.0

"""What was heard, beside an example of a phrase."""

from __future__ import annotations

import numpy as np

from ivr.speech.phoneme.exemplar import WORST, Exemplar, exemplars_of, fits
from ivr.speech.phoneme.table import SoundTable, Weights

TOKENS = "abcd"


def heard(word: str) -> Weights:
    rows = [[0.97 if one == token else 0.01 for one in TOKENS] for token in word]
    return np.array(rows, dtype=np.float32).reshape(-1, len(TOKENS))


TABLE = SoundTable(
    heard={token: heard(token)[0] for token in TOKENS},
    lost=dict.fromkeys(TOKENS, 0.1),
    anything=np.full(4, 0.25, dtype=np.float32),
    extra=np.full(4, 0.25, dtype=np.float32),
    extra_rate=0.1,
)


def test_the_same_sounds_fit_best_and_others_fit_worse_than_anything_would() -> None:
    example = Exemplar(heard("abcabc"), TABLE)

    same, nearly, other = (example.fit(heard(word)) for word in ("abcabc", "abcbc", "dddddd"))
    assert same > nearly > 0 > other


def test_nothing_fits_nothing() -> None:
    assert Exemplar(heard("abc"), TABLE).fit(heard("")) == WORST


def test_examples_in_which_nothing_was_heard_are_left_out_and_the_best_come_first() -> None:
    some = exemplars_of([heard("ddd"), heard(""), heard("abc")], TABLE)

    ranked = fits(some, heard("abc"))
    assert len(some) == 2
    assert ranked[0] > ranked[1]

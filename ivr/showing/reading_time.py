"""How long a prompt may take: what a calm voice needs for its words, and a little more."""

from __future__ import annotations

import math

_LETTERS_A_SECOND = 11.0
"""Calm speech, as telephone voices read; espeak-ng at 140 words a minute has 13."""

_SPARE_SECONDS = 1.0


def longest_seconds(words: str) -> int:
    """What a recording of these words is not to exceed, in whole seconds."""
    spoken = " ".join(words.split())
    return math.ceil(len(spoken) / _LETTERS_A_SECOND + _SPARE_SECONDS)

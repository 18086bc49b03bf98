"""Whether the phrase that fits best was said at all: what a few measures of it come to. The weights were learned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

MEASURES = (
    "fit",
    "near",
    "middle",
    "apart",
    "evidence",
    "near_evidence",
    "length",
    "sounds",
    "is_short",
    "own",
)
"""In the order of the weights; see `measures`."""

_CLOSE, _NEAREST = 0.5, 3
_USUAL = 8
_SHORTEST, _SHORT = 6, 3


@dataclass(frozen=True, slots=True)
class PhraseFit:
    """What is known of a phrase that may have been said.

    `fit` is that of its pronunciation, `nearest` those of its examples (the best first), `apart` how much better it
    fits than the next phrase does, `sounds` and `heard` how many sounds it has and how many were heard, `own` how well
    its examples fit it at the median.
    """

    fit: float
    nearest: NDArray[np.float64]
    apart: float
    sounds: int
    heard: int
    own: float


def measures(one: PhraseFit) -> NDArray[np.float64]:
    """As numbers, in the order of MEASURES."""
    size = max(one.sounds, one.heard, _SHORTEST) / _USUAL
    near = float(one.nearest[:_NEAREST].mean())
    return np.array(
        [
            one.fit,
            near,
            float(np.median(one.nearest)),
            min(max(one.apart, 0.0), _CLOSE),
            one.fit * size,
            near * size,
            abs(one.heard - one.sounds) / max(one.sounds, 1),
            min(one.sounds, _SHORTEST) / _SHORTEST,
            float(one.sounds <= _SHORT),
            one.own,
        ]
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """`score` is 0 where it is as likely as not worth asking back, and 1 where it is sure enough to go."""

    weights: NDArray[np.float64]
    bias: float

    def score(self, one: PhraseFit) -> float:
        return float(measures(one) @ self.weights + self.bias)


def read_judge() -> Judge:
    """The judge that comes with us: `python -m bench.speech.judging` writes another."""
    text = resources.files(__package__).joinpath("judge.json").read_text(encoding="utf-8")
    kept: Mapping[str, float] = json.loads(text)
    return Judge(np.array([kept[name] for name in MEASURES]), kept["bias"])

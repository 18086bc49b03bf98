"""Phrases said one after another: where each begins and ends is found with what they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.speech.phoneme.judgement import Judge
from ivr.speech.phoneme.pairing import SHORTEST, Posteriors
from ivr.speech.phoneme.phrase import KnownPhrase

LONGEST = 9
"""Sounds that one digit is heard as, at the most."""

EACH_COSTS = 1.0
"""What is lost with each phrase more: without it, many short ones would fit anything."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was heard, and the phrase that fits it best."""

    begin: int
    end: int
    place: int
    fit: float
    rival: float


def best_row(phrases: Sequence[KnownPhrase], heard: Posteriors, most: int) -> tuple[Piece, ...]:
    """The likeliest phrases in a row, up to `most`, that are all of what was heard."""
    count = len(heard)
    ways: list[list[tuple[float, tuple[Piece, ...]]]] = [[(0.0, ())]]
    for end in range(1, count + 1):
        found: dict[int, tuple[float, tuple[Piece, ...]]] = {}
        for begin in range(max(0, end - LONGEST), end):
            piece = _piece(phrases, heard, begin, end)
            for score, row in ways[begin]:
                if piece is not None and len(row) < most:
                    weight = piece.fit * max(SHORTEST, end - begin) - EACH_COSTS
                    longer = (score + weight, (*row, piece))
                    if longer[0] > found.get(len(longer[1]), (-math.inf, ()))[0]:
                        found[len(longer[1])] = longer
        ways.append(list(found.values()))
    return max(ways[count], key=lambda way: way[0], default=(0.0, ()))[1] if count else ()


def row_likelihood(
    phrases: Sequence[KnownPhrase], heard: Posteriors, row: Sequence[Piece], judge: Judge
) -> float:
    """How likely the least likely of them was said."""
    return min(
        (
            phrases[one.place].likelihood(heard[one.begin : one.end], one.fit, one.rival, judge)
            for one in row
        ),
        default=0.0,
    )


def _piece(phrases: Sequence[KnownPhrase], heard: Posteriors, begin: int, end: int) -> Piece | None:
    fits = sorted(
        ((phrase.fit(heard[begin:end]), place) for place, phrase in enumerate(phrases)),
        reverse=True,
    )
    if not fits or not math.isfinite(fits[0][0]):
        return None
    rival = fits[1][0] if len(fits) > 1 else -math.inf
    return Piece(begin, end, fits[0][1], fits[0][0], rival)

"""Phrases as rows of words that a model knows, and what the words that were heard make of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

UNKNOWN = "[unk]"
"""Vosk's word for any other; not every model has it. Without it other words are taken for those of the menu."""


class HeardWord(msgspec.Struct, frozen=True):
    """A word, and how sure Vosk is of it, 0 to 1."""

    word: str
    conf: float = 0.0


def spelled(text: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The phrase in words that the model knows, in the model's own capitals; none where it lacks one of them."""
    row = [_spelled(word, knows) for word in text.split()]
    return tuple(word for word in row if word) if all(row) else ()


def _spelled(word: str, knows: Callable[[str], bool]) -> str:
    forms = (word, word.casefold(), word.capitalize(), word.upper())
    return next((form for form in forms if knows(form)), "")


def likelihood_of(row: Sequence[str], heard: Sequence[HeardWord]) -> float:
    """How likely a phrase was said: as sure as Vosk is of its least sure word, less so the more else was said."""
    said = [one for one in heard if one.word != UNKNOWN]
    count = len(row)
    places = [
        said[start : start + count]
        for start in range(len(said) - count + 1)
        if tuple(one.word for one in said[start : start + count]) == tuple(row)
    ]
    if not row or not places:
        return 0.0
    surest = max(min(one.conf for one in place) for place in places)
    return min(1.0, surest) * count / len(said)


def row_of(
    rows: Sequence[Sequence[str]], heard: Sequence[HeardWord], most: int
) -> tuple[tuple[int, ...], float]:
    """The places of phrases of one word that were said one after another, and how sure the least sure is.

    None where there are more than `most`, or anything else was said.
    """
    places = {row[0]: place for place, row in enumerate(rows) if len(row) == 1}
    said = [places.get(one.word) for one in heard]
    known = tuple(place for place in said if place is not None)
    if not known or len(known) < len(said) or len(known) > most:
        return (), 0.0
    return known, min(1.0, *(one.conf for one in heard)) if len(heard) > 1 else heard[0].conf

"""Phrases in a sentence that was written down. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W_]+")

INFLECTED = 0.8
"""How likely a word is that stands there with an ending: `fakturaen` for `faktura`."""

LONGEST_ENDING, SHORTEST_STEM = 3, 4


def likelihoods_of_sentence(phrases: Sequence[str], sentence: str) -> tuple[float, ...]:
    """For each phrase: 1 where its words stand in the sentence, less where they have endings, else 0.

    A phrase within a longer one that stands there is not counted: who says `teknisk support` says no `support`.
    """
    said = _words(sentence)
    found = [_place(_words(phrase), said) for phrase in phrases]
    return tuple(
        likely if not any(_is_within(place, other) for _, other in found) else 0.0
        for likely, place in found
    )


def row_of_sentence(
    phrases: Sequence[str], digits: Mapping[str, int], sentence: str, most: int
) -> tuple[int, ...]:
    """The places of phrases that are the whole sentence, one after another: as words, or as `digits` (to a place).

    None where there are more than `most`, or anything else stands there.
    """
    places = {phrase.casefold(): place for place, phrase in enumerate(phrases)} | dict(digits)
    words = [part for word in _words(sentence) for part in (word if word.isdecimal() else (word,))]
    found = [places[word] for word in words if word in places]
    return tuple(found) if len(found) == len(words) <= most else ()


def _place(phrase: list[str], said: list[str]) -> tuple[float, range]:
    """How likely, and which words of the sentence."""
    count = len(phrase)
    ways = [
        (_alike(phrase, said[start : start + count]), range(start, start + count))
        for start in range(len(said) - count + 1)
    ]
    if not phrase or not ways:
        return 0.0, range(0)
    likely, place = max(ways, key=lambda way: way[0])
    return likely, place if likely else range(0)


def _alike(phrase: list[str], said: list[str]) -> float:
    return min((_word_alike(*pair) for pair in zip(phrase, said, strict=True)), default=0.0)


def _word_alike(word: str, said: str) -> float:
    if word == said:
        return 1.0
    has_ending = said.startswith(word) and len(said) - len(word) <= LONGEST_ENDING
    return INFLECTED if has_ending and len(word) >= SHORTEST_STEM else 0.0


def _is_within(place: range, other: range) -> bool:
    return len(place) < len(other) and bool(place) and set(place) <= set(other)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

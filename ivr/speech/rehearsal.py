"""A rehearsal: recordings of what callers may say, against the phrases of their menu. What comes of them is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ivr.menus.words import Meaning, NothingOfIt, Phrase, Understood, meaning_of
from ivr.speech.recogniser import Recogniser, spoken

NONE = "none"
"""What was said for no key, and what was understood of nothing."""


class MenuRehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a menu's recordings: all of them are right, went the wrong way, were asked back or not understood.

    `confusion` has, for each key that was meant, how often which key was the likeliest. What means no key is right
    when it is not understood.
    """

    menu: str
    language: str
    engine: str
    utterances: int
    right: int
    wrong_way: int
    asked_back: int
    not_understood: int
    confusion: Mapping[str, Mapping[str, int]]


def rehearse(
    menu: str,
    language: str,
    phrases: Sequence[Phrase],
    recogniser: Recogniser,
    recordings: Iterable[tuple[str, bytes]],
) -> MenuRehearsed:
    """Let the recogniser hear them: each is the key that was meant (or `none`), and the sound. Blocks."""
    grammar = recogniser.grammar([spoken(phrase) for phrase in phrases], language)
    outcomes: Counter[str] = Counter()
    confusion: dict[str, Counter[str]] = {}
    for meant, sound in recordings:
        meaning = meaning_of(phrases, grammar.likelihoods(sound), recogniser.thresholds)
        outcomes[_outcome(meant, meaning)] += 1
        heard = meaning.phrase.key if isinstance(meaning, Understood) else NONE
        confusion.setdefault(meant, Counter())[heard] += 1
    return MenuRehearsed(
        menu=menu,
        language=language,
        engine=recogniser.name,
        utterances=outcomes.total(),
        right=outcomes["right"],
        wrong_way=outcomes["wrong_way"],
        asked_back=outcomes["asked_back"],
        not_understood=outcomes["not_understood"],
        confusion={key: dict(sorted(row.items())) for key, row in sorted(confusion.items())},
    )


def _outcome(meant: str, meaning: Meaning) -> str:
    if isinstance(meaning, NothingOfIt):
        return "right" if meant == NONE else "not_understood"
    if not meaning.is_sure:
        return "asked_back"
    return "right" if meaning.phrase.key == meant else "wrong_way"

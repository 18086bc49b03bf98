"""Words → an option of a menu. Pure: who listens says how likely each phrase was said, and this says what it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a caller may say for the option `key` of a menu, as the rules write it.

    `asked_back` is the prompt that asks whether this was meant; None where nothing can be asked. `sounds` are ways
    to say it, in IPA, where the rules have them.
    """

    text: str
    key: str
    asked_back: str | None = None
    sounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How likely a phrase must be (0 to 1) to be taken (`sure`), or to be asked back about (`unsure`).

    `apart`: so much less likely must every phrase of another option be, for a phrase to be taken.
    """

    sure: float
    unsure: float
    apart: float


@dataclass(frozen=True, slots=True)
class Understood:
    """A phrase was said. Not `is_sure`: the caller is to be asked. `others`: what else it may have been."""

    phrase: Phrase
    likelihood: float
    is_sure: bool
    others: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingOfIt:
    """What was said is none of the phrases; the likeliest of them was no likelier than `likelihood`."""

    likelihood: float


Meaning = Understood | NothingOfIt

YES, NO = "1", "2"
"""The keys of an answer, which may be said too."""

_ANSWERS = {
    "nb": (("ja", YES), ("ja takk", YES), ("riktig", YES), ("nei", NO), ("nei takk", NO), ("feil", NO)),
    "en": (("yes", YES), ("yes please", YES), ("right", YES), ("no", NO), ("no thanks", NO), ("wrong", NO)),
}  # fmt: skip


def yes_or_no(language: str) -> tuple[Phrase, ...]:
    """What may be said to a question whether something was meant; in other languages there are the keys."""
    return tuple(Phrase(text, key) for text, key in _ANSWERS.get(language, ()))


def at_least(minimum: float, thresholds: Thresholds) -> Thresholds:
    """The same, and `minimum` (0 to 1) is needed for sure: an engine's own opinion, and the admin's."""
    return replace(thresholds, sure=max(thresholds.sure, minimum))


def meaning_of(
    phrases: Sequence[Phrase], likelihoods: Sequence[float], thresholds: Thresholds
) -> Meaning:
    """What was said, where each of `phrases` is as likely as the number at its place in `likelihoods`."""
    ranked = sorted(zip(likelihoods, phrases, strict=True), key=lambda one: -one[0])
    if not ranked or ranked[0][0] < thresholds.unsure:
        return NothingOfIt(ranked[0][0] if ranked else 0.0)
    likelihood, best = ranked[0]
    rivals: dict[str, tuple[float, Phrase]] = {}
    for other, phrase in ranked[1:]:
        if phrase.key != best.key and other >= thresholds.unsure:
            rivals.setdefault(phrase.key, (other, phrase))
    is_sure = likelihood >= thresholds.sure and all(
        likelihood - other >= thresholds.apart for other, _ in rivals.values()
    )
    return Understood(best, likelihood, is_sure, tuple(phrase for _, phrase in rivals.values()))


def likelihoods_of_text(phrases: Sequence[Phrase], said: str) -> tuple[float, ...]:
    """The same for words in writing: 1 for a phrase that is among them, unless a longer one holds it, else 0.

    A key in writing is that key.
    """
    heard = _plain(said)
    met = {plain for phrase in phrases if (plain := _plain(phrase.text)) in heard}
    longest = {one for one in met if not any(one != other and one in other for other in met)}
    return tuple(
        float(_plain(phrase.text) in longest or _plain(phrase.key) == heard) for phrase in phrases
    )


def _plain(text: str) -> str:
    """Words in small letters with one space between, before and after."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "

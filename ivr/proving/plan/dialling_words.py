"""What agents dial otherwise, in a line each, in English and in Norwegian (bokmål)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.proving.own_calls import DialledOutcome
from ivr.proving.plan.dialling import DialledChange
from ivr.showing.sentences import Language
from ivr.showing.sentences.window_words import listed


@dataclass(frozen=True, slots=True)
class _Words:
    both: str
    dials: str
    kinds: Mapping[str, str]
    outcomes: Mapping[str, str]
    shown: str


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        both=" and ",
        dials="{} dialling {}: {} → {}",
        kinds={
            "fixed": "a national number",
            "mobile": "a mobile number",
            "short": "a short number",
            "special": "a number that begins with 8",
        },
        outcomes={
            "does": "{}",
            "no_code": "no such code",
            "rings": "rings {}",
            "outside": "called outside",
            "not_allowed": "not allowed",
            "as_caller": "as a caller",
        },
        shown="called outside, showing {}",
    ),
    "nb": _Words(
        both=" og ",
        dials="{} ringer {}: {} → {}",
        kinds={
            "fixed": "et fasttelefonnummer",
            "mobile": "et mobilnummer",
            "short": "et kortnummer",
            "special": "et nummer som begynner på 8",
        },
        outcomes={
            "does": "{}",
            "no_code": "ingen slik kode",
            "rings": "det ringer hos {}",
            "outside": "ringes opp",
            "not_allowed": "ikke lov",
            "as_caller": "som en innringer",
        },
        shown="ringes opp, og viser {}",
    ),
}


def dialling_told(change: DialledChange, language: Language = "en") -> str:
    """One line for people: who dials what, and what comes of it before and after."""
    words = _WORDS[language]
    return words.dials.format(
        listed(list(change.agents), words.both),
        words.kinds.get(change.what, change.what),
        outcome_told(change.before, language),
        outcome_told(change.after, language),
    )


def outcome_told(outcome: DialledOutcome, language: Language = "en") -> str:
    """What comes of it."""
    words = _WORDS[language]
    kind, which = outcome
    form = words.shown if kind == "outside" and which else words.outcomes[kind]
    return form.format(which)

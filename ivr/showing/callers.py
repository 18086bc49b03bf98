"""Who called and what was dialled, as they may be shown: numbers of people outside are masked."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.numbers import dialled_shown, number_from_sip
from ivr.records.record import CallRecord
from ivr.showing.sentences import Language

ONE_OF_OURS = "one of ours"
"""Who made a call of their own, where no more is known than that it was no caller."""

_OURS: Mapping[Language, str] = {"en": ONE_OF_OURS, "nb": "en av våre"}
_WITHHELD: Mapping[Language, str] = {"en": "withheld", "nb": "skjult nummer"}


def masked(number: str | None, language: Language = "en") -> str:
    """A number as it may be shown."""
    if number is None:
        return _WITHHELD[language]
    known = number_from_sip(number)
    return known.masked if known else "…"


def one_of_ours(language: Language) -> str:
    """ONE_OF_OURS in the reader's language."""
    return _OURS[language]


def record_caller(record: CallRecord, language: Language = "en") -> str:
    """Who called, as it may be shown."""
    is_own = record.disposition == "own_call" and record.caller is None
    return one_of_ours(language) if is_own else masked(record.caller, language)


def record_dialled(record: CallRecord) -> str:
    """What was dialled; where one of our phones did, it may be the number of somebody outside."""
    is_own = record.disposition == "own_call"
    return dialled_shown(record.dialled) if is_own else record.dialled

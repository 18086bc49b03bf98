"""Whole sentences with numbers. All are total: a number out of reach is said in another way, and never wrongly.

In a language whose grammar is not known (`spells`) nothing is said, and `()` comes out; digits one by one need none.
"""

from __future__ import annotations

from ivr.numerals.grammar import MOST, number_parts, spells
from ivr.numerals.parts import (
    MINUTE,
    MINUTES,
    OVER,
    OVER_AN_HOUR,
    PLACE_AFTER,
    PLACE_BEFORE,
    PLACE_FAR,
    READ_BACK_ASKS,
    READ_BACK_SAYS,
    TO,
    UNDER,
    WAIT_IS,
    number,
)

_HOUR = 60


def place_in_line(place: int, language: str) -> tuple[str, ...]:
    """“Du er nummer tre i køen”; from 1 on. Who is further off than can be counted hears that many are before them."""
    if not spells(language):
        return ()
    if place > MOST:
        return (PLACE_FAR,)
    return (PLACE_BEFORE, *number_parts(max(place, 1), language), PLACE_AFTER)


def minutes(count: int, language: str) -> tuple[str, ...]:
    """“ett minutt”, “to minutter”, “tjueett minutter”; “under ett minutt” for none, “mer enn en time” beyond 60."""
    if not spells(language):
        return ()
    if count < 1:
        return (UNDER, *minutes(1, language))
    if count > _HOUR:
        return (OVER_AN_HOUR,)
    unit = MINUTE if count == 1 else MINUTES
    return (*number_parts(count, language, before_minute=True), unit)


def minutes_between(lowest: int, highest: int, language: str) -> tuple[str, ...]:
    """“to til fem minutter”; “under fem minutter” from none on, “mer enn førtifem minutter” where it passes the hour.

    From none on to more than an hour, nothing is known that is worth saying: `()`.
    """
    if not spells(language):
        return ()
    lowest, highest = sorted((lowest, highest))
    if lowest == highest:
        return minutes(lowest, language)
    if highest > _HOUR:
        return _more_than(lowest, language)
    if lowest < 1:
        return (UNDER, *minutes(max(highest, 1), language))
    first = number_parts(lowest, language, before_minute=True)
    return (*first, TO, *minutes(highest, language))


def _more_than(count: int, language: str) -> tuple[str, ...]:
    if count < 1:
        return ()
    return (OVER_AN_HOUR,) if count >= _HOUR else (OVER, *minutes(count, language))


def wait_between(lowest: int, highest: int, language: str) -> tuple[str, ...]:
    """“Ventetiden er nå to til fem minutter”: what a caller is told of the wait, in whole minutes."""
    said = minutes_between(lowest, highest, language)
    return (WAIT_IS, *said) if said else ()


def digits_one_by_one(keyed: str) -> tuple[str, ...]:
    """“fem, null, null, tre”, in every language. What is no digit is not said."""
    return tuple(number(int(digit)) for digit in keyed if digit in "0123456789")


def read_back(keyed: str) -> tuple[str, ...]:
    """“Du tastet fem, null, null, tre”, and which key says that it is right."""
    return (READ_BACK_SAYS, *digits_one_by_one(keyed), READ_BACK_ASKS)

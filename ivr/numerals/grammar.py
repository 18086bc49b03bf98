"""How a language puts a number together from its parts."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.numerals.parts import AND, HUNDRED, ONE_BEFORE_MINUTE, number

MOST = 999
"""The greatest number that is put together."""


@dataclass(frozen=True, slots=True)
class NumberGrammar:
    """Tens go before ones. `minute_is_neuter`: “ett minutt”, though one alone is “én”.

    `counts_one_hundred`: “one hundred”, where others say “hundre”.
    """

    minute_is_neuter: bool
    counts_one_hundred: bool


_GRAMMARS = {
    "nb": NumberGrammar(minute_is_neuter=True, counts_one_hundred=False),
    "nn": NumberGrammar(minute_is_neuter=True, counts_one_hundred=False),
    "en": NumberGrammar(minute_is_neuter=False, counts_one_hundred=True),
}


def spells(language: str) -> bool:
    """Whether numbers above nine can be put together in this language."""
    return language in _GRAMMARS


def number_parts(count: int, language: str, *, before_minute: bool = False) -> tuple[str, ...]:
    """The parts that say `count` (1 to 999), with what a minute makes of the one; none in a language that is not known.

    Raises:
        ValueError: `count` is none that is put together.
    """
    if not 1 <= count <= MOST:
        message = f"{count} is no number from 1 to {MOST}"
        raise ValueError(message)
    grammar = _GRAMMARS.get(language)
    if grammar is None:
        return ()
    hundreds, rest = divmod(count, 100)
    said: tuple[str, ...] = ()
    if hundreds:
        is_counted = hundreds > 1 or grammar.counts_one_hundred
        said = (number(hundreds), HUNDRED) if is_counted else (HUNDRED,)
        said += (AND,) if rest else ()
    one = ONE_BEFORE_MINUTE if before_minute and grammar.minute_is_neuter else number(1)
    return said + _below_hundred(rest, one)


def _below_hundred(count: int, one: str) -> tuple[str, ...]:
    if count == 0:
        return ()
    if count < 20:
        return (one if count == 1 else number(count),)
    tens, ones = divmod(count, 10)
    return (number(10 * tens), *_below_hundred(ones, one))

"""The parts that sentences with numbers are put together from: names of prompts, the same in every language."""

from __future__ import annotations

AND = "number.and"
HUNDRED = "number.100"
ONE_BEFORE_MINUTE = "number.1_minute"
"""The one that stands before a minute: “ett” where a number alone is “én”. Languages without the difference lack it."""

PLACE_BEFORE = "place.you_are_number"
PLACE_AFTER = "place.in_line"
PLACE_FAR = "place.many_before_you"

WAIT_IS = "wait.is"
MINUTE = "minutes.one"
MINUTES = "minutes.many"
TO = "minutes.to"
UNDER = "minutes.under"
OVER = "minutes.over"
OVER_AN_HOUR = "minutes.over_an_hour"

READ_BACK_SAYS = "read_back.you_keyed"
READ_BACK_ASKS = "read_back.is_it_right"
"""Names the keys: 1 is yes, 2 is no."""


def number(count: int) -> str:
    """The part that says 0 to 19, or a whole ten."""
    return f"number.{count}"


_UP_TO_NINETEEN = tuple(number(count) for count in range(1, 20))
_TENS = tuple(number(count) for count in range(20, 100, 10))

PLACE_PARTS = (PLACE_BEFORE, PLACE_AFTER, *_UP_TO_NINETEEN, *_TENS, HUNDRED, AND, PLACE_FAR)
"""All that places in line need."""

MINUTE_PARTS = (
    *(MINUTE, MINUTES, TO, UNDER, OVER, OVER_AN_HOUR, ONE_BEFORE_MINUTE),
    *_UP_TO_NINETEEN,
    *_TENS[:5],
)
"""All that minutes need."""

WAIT_PARTS = (WAIT_IS, *MINUTE_PARTS)
"""All that a wait that is told needs."""

READ_BACK_PARTS = (READ_BACK_SAYS, *(number(count) for count in range(10)), READ_BACK_ASKS)
"""All that digits which are read back need."""

PARTS = frozenset({*PLACE_PARTS, *WAIT_PARTS, *READ_BACK_PARTS})
"""Every part that any sentence needs."""

"""Numbers as callers hear them: which recordings say a place in line, minutes, or digits, in which order.

    place_in_line(3, "nb")            # "Du er nummer" "tre" "i køen"
    minutes_between(2, 5, "en")       # "two" "to" "five" "minutes"

Pure: a number and a language go in, prompts' names come out. A name is a *part* of a sentence; its words stand in
the script.
"""

from ivr.numerals.grammar import spells
from ivr.numerals.parts import (
    MINUTE_PARTS,
    PARTS,
    PLACE_PARTS,
    READ_BACK_ASKS,
    READ_BACK_PARTS,
    READ_BACK_SAYS,
    WAIT_PARTS,
)
from ivr.numerals.sentences import (
    digits_one_by_one,
    minutes,
    minutes_between,
    place_in_line,
    read_back,
    wait_between,
)

__all__ = [
    "MINUTE_PARTS",
    "PARTS",
    "PLACE_PARTS",
    "READ_BACK_ASKS",
    "READ_BACK_PARTS",
    "READ_BACK_SAYS",
    "WAIT_PARTS",
    "digits_one_by_one",
    "minutes",
    "minutes_between",
    "place_in_line",
    "read_back",
    "spells",
    "wait_between",
]

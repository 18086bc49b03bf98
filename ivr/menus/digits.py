"""Digits → an option of a menu. Pure: the waits belong to whoever listens for the digits.

A listener waits the first-digit timeout for one digit and, while what was keyed is `Partial`, the
inter-digit timeout for each of the next.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

# In a row of keys written down: the caller waits here until the menu's patience ends.
PAUSE = ","


def key_word(key: str) -> str:
    """A key as the rules write it: `star` for `*`, `hash` for `#`, which begins a comment in YAML."""
    return {"*": "star", "#": "hash"}.get(key, key)


@dataclass(frozen=True, slots=True)
class Complete:
    """The digits are an option, and no other option begins with them."""

    key: str


@dataclass(frozen=True, slots=True)
class Partial:
    """An option begins with these digits; more must come."""


@dataclass(frozen=True, slots=True)
class NoOption:
    """No option begins with these digits."""


DigitMatch = Complete | Partial | NoOption


def match_digits(keys: Collection[str], keyed: str) -> DigitMatch:
    """What the digits keyed so far mean in a menu with these keys."""
    if any(key != keyed and key.startswith(keyed) for key in keys):
        return Partial()
    return Complete(keyed) if keyed in keys else NoOption()


def take_option(keys: Collection[str], row: str) -> tuple[str | None, str]:
    """The option at the head of a row of keys (None where there is none), and the rest of the row.

    As a listener would take it, digit by digit. The row's end and a `,` are silence.
    """
    for length in range(1, len(row) + 1):
        if row[length - 1] == PAUSE:
            return None, row[length:]
        match match_digits(keys, row[:length]):
            case Complete(key):
                return key, row[length:]
            case NoOption():
                return None, row[length:]
            case Partial():
                pass
    return None, ""

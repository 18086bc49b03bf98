"""Opening hours that stand in one text, as people say them, in the words of this language."""

from __future__ import annotations

import re
from collections.abc import Callable

from ivr.rules.values.plain import ValueRefused
from ivr.rules.values.recurring import weekdays
from ivr.rules.values.times import span

_DAYS_AND_TIMES = re.compile(r"(?P<days>[^0-9]+?)[\s:,]*(?:kl\.?\s*)?(?P<times>[0-9].*)\Z")
_EXAMPLE = "mon-fri: 08:00-16:00"


def hours_meant(text: str) -> str:
    """`mon-fri: 08:00-16:00` for `man-fre 8-16`; an example for what cannot be told."""
    return hours_told(text) or _EXAMPLE


def hours_told(text: str) -> str | None:
    """The same; None for what cannot be told."""
    found = _DAYS_AND_TIMES.match(text.strip())
    days = _meant(weekdays, found["days"].strip()) if found else None
    times = _meant(span, found["times"].strip()) if found else None
    return f"{days}: {times}" if days and times else None


def _meant(convert: Callable[[str], object], text: str) -> str | None:
    """The text, or what its refusal says to write."""
    try:
        convert(text)
    except ValueRefused as refusal:
        found = re.fullmatch(r'(?:write|use) "?([a-z0-9:-]+)"?', refusal.hint or "")
        return found[1] if found else None
    return text

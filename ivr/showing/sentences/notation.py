"""How sentences write times, numbers and keys, in every language."""

from __future__ import annotations

from datetime import datetime, time

from ivr.numbers import PhoneNumber


def minute(moment: datetime) -> str:
    """`2026-11-23 09:00`, as the clock shows there."""
    return f"{moment:%Y-%m-%d %H:%M}"


def clock(moment: time) -> str:
    """`09:00`."""
    return f"{moment:%H:%M}"


def end_of_day(moment: time) -> str:
    """The end of a range of hours: midnight is 24:00."""
    return "24:00" if moment == time(0) else clock(moment)


def aside(text: str) -> str:
    """In brackets, behind what it belongs to; nothing where there is nothing to say."""
    return f" ({text})" if text else ""


def number(digits: str | None) -> str:
    """As a person writes it; "" where there is none."""
    return PhoneNumber(digits).spaced if digits else ""


def so_long(seconds: float) -> str:
    """A long time in its largest unit: `30 d`, `12 h`, `5 min`."""
    for unit, length in (("d", 86_400), ("h", 3600)):
        if seconds >= length:
            return f"{seconds / length:g} {unit}"
    return f"{seconds / 60:g} min"


def since_then(days: float, words: tuple[str, str, str, str, str]) -> str:
    """`2 days`, `3 hours`, and under an hour no figure. The words: one day, days, one hour, hours, less."""
    day, many_days, hour, hours, less = words
    if days >= 1:
        return f"1 {day}" if days == 1 else f"{days:g} {many_days}"
    if days * 24 < 1:
        return less
    whole = round(days * 24)
    return f"1 {hour}" if whole == 1 else f"{whole} {hours}"

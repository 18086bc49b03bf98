"""A time as a person writes it: `14:00` is today's, in the rules' time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.errors import ChangeRefused
from ivr.rules.values.times import clock_meant, time_meant

LONGEST = timedelta(days=366)
"""What lies further ahead is a slip of the pen."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def moment_ahead(option: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment, in UTC. Raises ChangeRefused for what is no time, is over, or is more than a year ahead."""
    at = _read(option, text, zone, now).astimezone(UTC)
    local = at.astimezone(zone)
    if at <= now:
        tomorrow = (now.astimezone(zone) + timedelta(days=1)).date()
        message = (
            f"{option} {text!r}: {local:%Y-%m-%d %H:%M} ({zone.key}) is over; write a time ahead, such as "
            f"'{tomorrow} {local:%H:%M}'"
        )
        raise ChangeRefused(message)
    if at - now > LONGEST:
        message = f"{option} {text!r}: {local:%Y-%m-%d} is more than a year ahead; write a day that is nearer"
        raise ChangeRefused(message)
    return at


def _read(option: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        today = now.astimezone(zone).date()
        return datetime.combine(today, time(int(clock[1]), int(clock[2])), zone)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        hint = f"write {clock_meant(text) or '14:00'} for today, or '{time_meant(text)}'"
        message = f"{option} {text!r} is not a time; {hint}"
        raise ChangeRefused(message) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)

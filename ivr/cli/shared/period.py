"""Days from one to another, as `--from` and `--to` say them, in the centre's own time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import click

from ivr.clock import SystemClock
from ivr.rules.values.times import date_meant

from_option = click.option(
    "--from",
    "first",
    metavar="DAY",
    help="The first day: 2026-11-23, today or yesterday.  [default: the last day]",
)
to_option = click.option(
    "--to", "last", metavar="DAY", help="The last day, itself included.  [default: today]"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are in it."""

    first: date
    last: date

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From its first midnight until before the midnight after it; a day may have 23 hours, or 25."""
        after = self.last + timedelta(days=1)
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(after, time(), zone),
        )

    def __str__(self) -> str:
        days = {self.first.isoformat(), self.last.isoformat()}
        return " to ".join(sorted(days))


def period_given(first: str | None, last: str | None, zone: tzinfo) -> Period:
    """The days after --from and --to."""
    today = SystemClock().now().astimezone(zone).date()
    ends = _day(last, "--to", today) if last is not None else today
    begins = _day(first, "--from", today) if first is not None else ends
    if last is None and ends < begins:
        message = f"--from {begins} is still to come; name a day up to {today}"
        raise click.ClickException(message)
    if ends < begins:
        message = f"--to {ends} is before --from {begins}; give the earlier day first"
        raise click.ClickException(message)
    return Period(begins, ends)


_NAMED = {"today": "today", "i dag": "today", "yesterday": "yesterday", "i går": "yesterday"}


def day_meant(text: str) -> str | None:
    """A day that was written in another way, as options take it; None for what is none."""
    return _NAMED.get(text.strip().lower()) or date_meant(text)


def _day(text: str, option: str, today: date) -> date:
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text]
    try:
        # Python takes a week for its Monday: figures of "2026-W48" would be those of one day.
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None:
        meant = day_meant(text) or "2026-11-23, or today, or yesterday"
        message = f"{option} {text!r} is not a day; write it as {meant}"
        raise click.ClickException(message)
    if not 1970 <= day.year <= 2200:
        message = f"{option} {text!r} is too far away; write a year from 1970 to 2200"
        raise click.ClickException(message)
    return day

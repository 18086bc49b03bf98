"""The words of the calendar: days that are not like others. Opening hours are days and times alone."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from ivr.rules.parsed.words import Words
from ivr.rules.values import countries, fields, times
from ivr.rules.values.days import PublicHolidays
from ivr.rules.values.fields import Day, DayOrYearDay, Name, Prompt, Spans, YearDayText


class Closed(Words):
    """A day or a period on which departments are closed: `day`, or `from` and `to`."""

    day: DayOrYearDay | None = None
    """The one day: a date, or a day of each year."""
    first: Day | None = Field(None, alias="from")
    """The first day of the period."""
    last: Day | None = Field(None, alias="to")
    """The last day of the period, included."""
    departments: Annotated[list[Name], fields.one_or_more()] | None = None
    """The departments that are closed; all when left out."""
    sites: Annotated[list[Name], fields.one_or_more()] | None = None
    """What is answered at these sites; everywhere when left out."""
    say: Prompt | None = None
    """What callers hear in this period; what the department says when left out."""


class OpenWords(Words):
    """A day or a period on which departments are open at these times: `day`, or `from` and `to`."""

    needed = {"hours": "hours: 08:00-12:00"}

    day: DayOrYearDay | None = None
    """The one day: a date, or a day of each year."""
    first: Day | None = Field(None, alias="from")
    """The first day of the period."""
    last: Day | None = Field(None, alias="to")
    """The last day of the period, included."""
    hours: Spans | None = None
    """When it is open on these days, whatever hours and holidays say otherwise."""
    departments: Annotated[list[Name], fields.one_or_more()] | None = None
    """The departments that are open; all when left out."""
    sites: Annotated[list[Name], fields.one_or_more()] | None = None
    """What is answered at these sites; everywhere when left out."""


class HolidayWords(Words):
    """Days that are not like others."""

    public: Annotated[PublicHolidays, fields.text(countries.public_holidays_of)] | None = None
    """The country whose public holidays count; they are computed for every year."""
    short_days: dict[YearDayText, Annotated[time, fields.text(times.until)]] = {}
    """Days that are open, but not for so long."""
    closed: list[Closed] = []
    """Periods in which departments are closed."""
    opened: list[OpenWords] = Field([], alias="open")
    """Days on which departments are open, whatever hours and holidays say."""

"""The words of the calendar: days that are not like others. Opening hours are days and times alone."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain, times
from ivr.rules.values.fields import Day, DayOrYearDay, Name, Prompt, Spans, YearDayText


class Closed(Words):
    """A day or a period on which departments are closed: `day`, or `from` and `to`."""

    day: DayOrYearDay | None = None
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    departments: Annotated[list[Name], fields.one_or_more()] | None = None
    say: Prompt | None = None


class OpenWords(Words):
    """A day or a period on which departments are open at these times: `day`, or `from` and `to`."""

    needed = {"hours": "hours: 08:00-12:00"}

    day: DayOrYearDay | None = None
    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    hours: Spans | None = None
    departments: Annotated[list[Name], fields.one_or_more()] | None = None


class HolidayWords(Words):
    """Days that are not like others."""

    public: Annotated[str, fields.text(plain.country)] | None = None
    short_days: dict[YearDayText, Annotated[time, fields.text(times.until)]] = {}
    closed: list[Closed] = []
    opened: list[OpenWords] = Field([], alias="open")

"""The words of days that are not like others; opening hours are days and times alone."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain, times
from ivr.rules.values.fields import Day, Name, Prompt, YearDayText


class Closed(Words):
    """A period in which departments are closed."""

    needed = {"from": "from: 2026-07-13", "to": "to: 2026-07-31"}

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
    departments: Annotated[list[Name], fields.one_or_more()] | None = None
    say: Prompt | None = None


class HolidayWords(Words):
    """Days that are not like others."""

    public: Annotated[str, fields.text(plain.country)] | None = None
    short_days: dict[YearDayText, Annotated[time, fields.text(times.until)]] = {}
    closed: list[Closed] = []

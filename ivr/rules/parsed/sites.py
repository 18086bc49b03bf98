"""The words of places of business and their departments."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.model import Postcodes, Ramp
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, countries, fields, plain
from ivr.rules.values.days import PublicHolidays
from ivr.rules.values.fields import CallerNumber, Day, Name, Title, To


class LocalWords(Words):
    """A department at a site."""

    needed = {"local": "local: queue bergen"}

    local: To | None = None
    """Where calls for this department go while the site answers itself."""
    migrated: Day | None = None
    """From 00:00 on this day calls go to the national queue; without it, never."""
    ramp: Annotated[Ramp, fields.text(amounts.ramp)] | None = None
    """Callers move little by little, each always on the same side."""


class SiteWords(Words):
    """A place with departments of its own."""

    name: Title | None = None
    """The name, for people."""
    holidays: Annotated[PublicHolidays, fields.text(countries.public_holidays_of)] | None = None
    """The country whose public holidays count for what is answered here; those of the file when left out."""
    caller_id: CallerNumber | None = None
    """The number that is seen outside when a call of this site is sent there; a landline number of your own."""
    postcodes: Annotated[
        list[Annotated[Postcodes, fields.text(plain.postcodes)]], fields.one_or_more()
    ] = []
    """The postcodes of those who belong here."""
    phone: Name | None = None
    """One of `phones`: who takes this site's share of a queue that is split, instead of agents."""
    at_most: Annotated[int, fields.text(amounts.calls_at_once)] | None = None
    """How many calls this site takes at once; in a queue that is split, others take more."""
    departments: dict[Name, LocalWords] = {}
    """The departments that this site answers itself, or did."""

"""The words of places of business and their departments."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.model import Postcodes, Ramp
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, fields, plain
from ivr.rules.values.fields import Day, Name, Title, To


class LocalWords(Words):
    """A department at a site."""

    needed = {"local": "local: queue bergen"}

    local: To | None = None
    migrated: Day | None = None
    ramp: Annotated[Ramp, fields.text(amounts.ramp)] | None = None


class SiteWords(Words):
    """A place with departments of its own."""

    name: Title | None = None
    postcodes: Annotated[
        list[Annotated[Postcodes, fields.text(plain.postcodes)]], fields.one_or_more()
    ] = []
    departments: dict[Name, LocalWords] = {}

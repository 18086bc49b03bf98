"""The words of departments."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.parsed.attendance import Breaks, WhenClosedWords
from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import (
    LanguageTag,
    Name,
    Priority,
    SpokenWord,
    Title,
    TitleLanguage,
    To,
)


class DepartmentWords(Words):
    """What callers ask for."""

    needed = {
        "hours": "hours: office",
        "national": "national: queue kundeservice (for callers whose site is not known)",
        "closed": "closed: {say: closed, to: hangup}",
    }
    name: Annotated[dict[TitleLanguage, Title], fields.short_for(plain.EVERY_LANGUAGE)] | None = (
        None
    )
    """The name, in each language."""
    hours: Name | None = None
    """When it is open; one of `hours`."""
    national: To | None = None
    """Where calls go from everywhere, or once a site has been migrated."""
    breaks: Breaks = {}
    """Parts of the hours with words of their own, such as lunch; each one of `hours`."""
    closed: WhenClosedWords | None = None
    """What callers hear, and where they go, outside the hours."""
    words: dict[LanguageTag, Annotated[list[SpokenWord], fields.one_or_more()]] = {}
    """What callers may say to get here, in each language."""
    first_in_line: Annotated[list[Name], fields.one_or_more()] = []
    """Lists of `callers` who wait before others."""
    priority: Priority = 0
    """How urgent its callers are, against those of other departments."""

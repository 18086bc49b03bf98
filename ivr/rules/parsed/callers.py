"""The words of who calls: the numbers that are dialled, lists of callers, notices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ivr.rules.parsed.attendance import Breaks, Elsewhere
from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import (
    DayOrMoment,
    Flag,
    LanguageTag,
    ListedCaller,
    Name,
    Priority,
    Prompt,
    Title,
    To,
)


class Number(Words):
    """What becomes of calls to one number."""

    needed = {"to": "to: menu main"}

    name: Title | None = None
    """What you call this number."""
    site: Name | None = None
    """The site of who calls here; one of `sites`."""
    language: LanguageTag | None = None
    """Who calls here is spoken to in this language; one of `languages`."""
    to: To | None = None
    """Where the call goes."""
    hours: Name | None = None
    """When callers are let in; one of `hours`. At any time when left out."""
    breaks: Breaks = {}
    """Parts of the hours with words of their own, such as lunch; each one of `hours`."""
    closed: Elsewhere | None = None
    """Where callers go outside the hours, and what they hear before that."""


class CallerWords(Words):
    """Callers that rules may name together, and what becomes of their calls; a list alone is short for `{numbers: …}`.

    What `file` names has been read by now: its numbers stand among `numbers`.
    """

    numbers: Annotated[list[ListedCaller], fields.one_or_more()] | None = None
    """The numbers on the list; `withheld` stands for whoever hides the number."""
    file: Annotated[str, fields.text(plain.list_file)] | None = None
    """A file of numbers, one a line, as a spreadsheet saves or copies it."""
    site: Name | None = None
    """The site these callers belong to; one of `sites`."""
    first_in_line: Flag = False
    """Whether these callers are served before all others who wait."""
    priority: Priority | None = None
    """How urgent these callers are, whatever the department says."""
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    """What these callers hear first."""
    to: To | None = None
    """Where their calls go, whatever they dialled: a queue, or hangup or refuse for a block list."""


class NoticeWords(Words):
    """Said once, before the menu, within its window only."""

    needed = {
        "from": "from: 2026-12-01",
        "to": "to: 2026-12-20",
        "say": "say: notice.christmas",
    }

    first: DayOrMoment | None = Field(None, alias="from")
    """From when it is said."""
    last: DayOrMoment | None = Field(None, alias="to")
    """Until when; at this moment no more."""
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    """The prompts, in their order."""
    sites: Annotated[list[Name], fields.one_or_more()] | None = None
    """Only callers of these sites hear it; all when left out."""

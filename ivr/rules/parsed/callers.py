"""The words of who calls: the numbers that are dialled, lists of callers, notices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import (
    DayOrMoment,
    Flag,
    LanguageTag,
    ListedCaller,
    Name,
    Prompt,
    Title,
    To,
)


class Number(Words):
    """What becomes of calls to one number."""

    needed = {"to": "to: menu main"}

    name: Title | None = None
    site: Name | None = None
    language: LanguageTag | None = None
    to: To | None = None


class CallerWords(Words):
    """Callers that rules may name together, and what becomes of their calls; a list alone is short for `{numbers: …}`.

    What `file` names has been read by now: its numbers stand among `numbers`.
    """

    numbers: Annotated[list[ListedCaller], fields.one_or_more()] | None = None
    file: Annotated[str, fields.text(plain.list_file)] | None = None
    site: Name | None = None
    first_in_line: Flag = False
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    to: To | None = None


class NoticeWords(Words):
    """Said once, before the menu, within its window only."""

    needed = {
        "from": "from: 2026-12-01",
        "to": "to: 2026-12-20",
        "say": "say: notice.christmas",
    }

    first: DayOrMoment | None = Field(None, alias="from")
    last: DayOrMoment | None = Field(None, alias="to")
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    sites: Annotated[list[Name], fields.one_or_more()] | None = None

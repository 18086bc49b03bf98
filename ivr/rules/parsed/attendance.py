"""The words of when calls are let in, and what becomes of them at other times."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.parsed.words import Words
from ivr.rules.values import fields
from ivr.rules.values.fields import Name, Prompt, To


class WhenClosedWords(Words):
    """What callers hear, and where they go, while a department is closed."""

    needed = {"say": "say: closed", "to": "to: hangup"}

    say: Prompt | None = None
    """What callers hear."""
    to: To | None = None
    """Where the call goes then."""


class BreakWords(Words):
    """What callers hear in a break, and where they go meanwhile; the prompt alone is short for `{say: …}`."""

    needed = {"say": "say: closed.lunch"}

    say: Prompt | None = None
    """What callers hear."""
    to: To | None = None
    """Where the call goes then."""


class ElsewhereWords(Words):
    """Where callers of a number or a menu go outside its hours; the destination alone is short for `{to: …}`."""

    needed = {"to": "to: menu night"}

    say: Prompt | None = None
    """What callers hear."""
    to: To | None = None
    """Where the call goes then."""


Breaks = dict[Name, Annotated[BreakWords, fields.short_for("say")]]
Elsewhere = Annotated[ElsewhereWords, fields.short_for("to")]

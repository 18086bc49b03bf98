"""How agents' days go: signing in, pauses, phone codes, and what a call costs that somebody did not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ivr.rules.model.location import Location

CodeAct: TypeAlias = Literal[
    "sign in",
    "sign out",
    "pause",
    "resume",
    "take",
    "leave",
    "end wrap-up",
    "longer wrap-up",
    "sit down",
    "stand up",
]
"""What dialling a code does. `sit down`: at this phone, with number and PIN; `stand up`: from it."""


REASONS_READ = 9
"""So many reasons of a pause a phone reads, each with its key."""


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """`what` is the reason of a pause (None: the caller is asked, where there are several), or a queue."""

    act: CodeAct
    what: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """What an agent dials on a phone (`*11`), and what it does."""

    dialled: str
    meaning: CodeMeaning
    at: Location


@dataclass(frozen=True, slots=True)
class DutyRules:
    """`missed` is after how many calls not taken, in a row, an agent is paused; None: they are rung again soon.

    `by_code`: a phone that is there signs nobody in. `codes` are by what is dialled.
    """

    by_code: bool = False
    pause_reasons: tuple[str, ...] = ("pause",)
    missed: int | None = None
    codes: Mapping[str, PhoneCode] = field(default_factory=dict)

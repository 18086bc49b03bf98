"""Where a call goes: a menu, a department, a queue, or one of the others."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class ToMenu:
    """`menu NAME`."""

    name: str

    def __str__(self) -> str:
        return f"menu {self.name}"


@dataclass(frozen=True, slots=True)
class ToDepartment:
    """`department NAME`: decided further by its hours, the site and the date."""

    name: str

    def __str__(self) -> str:
        return f"department {self.name}"


@dataclass(frozen=True, slots=True)
class ToQueue:
    """`queue NAME`."""

    name: str

    def __str__(self) -> str:
        return f"queue {self.name}"


@dataclass(frozen=True, slots=True)
class ToVoicemail:
    """`voicemail NAME`."""

    name: str

    def __str__(self) -> str:
        return f"voicemail {self.name}"


@dataclass(frozen=True, slots=True)
class ToPhone:
    """`phone NAME`: one of `phones`."""

    name: str

    def __str__(self) -> str:
        return f"phone {self.name}"


@dataclass(frozen=True, slots=True)
class ToQuestion:
    """`question NAME`: asked, and then on to where the question leads."""

    name: str

    def __str__(self) -> str:
        return f"question {self.name}"


@dataclass(frozen=True, slots=True)
class ToHangUp:
    """`hangup`."""

    def __str__(self) -> str:
        return "hangup"


@dataclass(frozen=True, slots=True)
class ToRefuse:
    """`refuse`: the call is not answered at all. Only for a call that has just come in."""

    def __str__(self) -> str:
        return "refuse"


@dataclass(frozen=True, slots=True)
class ToRepeat:
    """The menu that the caller is in, once more."""

    def __str__(self) -> str:
        return "repeat"


@dataclass(frozen=True, slots=True)
class ToBack:
    """The menu before this one; in the first menu, this one."""

    def __str__(self) -> str:
        return "back"


Destination = (
    ToMenu
    | ToDepartment
    | ToQueue
    | ToVoicemail
    | ToPhone
    | ToQuestion
    | ToHangUp
    | ToRefuse
    | ToRepeat
    | ToBack
)


@dataclass(frozen=True, slots=True)
class Target:
    """A destination where a rule names it, with what changes on the way there."""

    to: Destination
    at: Location
    language: str | None = None

"""How it is with a trunk at a moment, and what last went wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrunkFailure:
    """What last went wrong: `doing` is SIP's method, `status` SIP's, None where no answer came."""

    at: datetime
    doing: str
    status: int | None

    def __str__(self) -> str:
        return f"{self.status or 'no answer'} to {self.doing}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkView:
    """A trunk at this moment. `is_reachable` is None where it is not asked, `is_registered` where it need not be.

    `troubles` are sentences about its names and certificates. `came` and `went` are calls since the start, `failures`
    are counted by SIP's method and class of status.
    """

    name: str
    is_reachable: bool | None
    is_registered: bool | None
    registered_until: datetime | None
    calls_in: int
    most_calls_in: int
    refused: int
    calls_out: int
    most_calls_out: int
    out_failed: int
    last_failure: TrunkFailure | None
    troubles: tuple[str, ...] = ()
    came: int = 0
    went: int = 0
    failures: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def status_class(status: int | None) -> str:
    """`5xx`; `none` where no answer came. There are few, whatever carriers answer."""
    return f"{status // 100}xx" if status is not None and 300 <= status < 700 else "none"

"""How agents' days go: signing in, pauses, and what a call costs that somebody did not take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyRules:
    """`missed` is after how many calls not taken, in a row, an agent is paused; None: they are rung again soon.

    `by_code`: a phone that is there signs nobody in.
    """

    by_code: bool = False
    pause_reasons: tuple[str, ...] = ("pause",)
    missed: int | None = None

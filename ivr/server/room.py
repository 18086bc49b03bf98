"""Room for calls: what Asterisk has ports for, less what agents' phones need and what turning callers away takes.

And what the settings let in, which may be less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ivr.amount import counted
from ivr.clock import Clock
from ivr.numbers import PhoneNumber
from ivr.rules.model import RuleSet
from ivr.server.admission import TOLD_FOR, Admission, Flood

NO_ROOM = "no-room"
"""The word of records where there are no ports."""

PORTS_FOR_A_LEG = 2
"""One for speech, and one for what RTP says about it."""

LEAST_SPARE, MOST_SPARE = 2, 10
"""Legs that nobody is promised. A caller who is turned away holds one for a moment; without one Asterisk says 488."""


def legs_between(first: int, last: int) -> int:
    """How many legs have ports from `first` to `last`, both included; speech is always on an even one."""
    return (last + 1 - (first + first % 2)) // PORTS_FOR_A_LEG


def calls_that_fit(legs: int, agents: int) -> int:
    """How many callers can be taken, so that each may be given an agent, as far as there are so many agents."""
    free = legs - max(LEAST_SPARE, min(MOST_SPARE, legs // 10))
    return max(1, free - agents if free >= 2 * agents else free // 2)


def legs_that_answer(rules: RuleSet, lines_out: int) -> int:
    """How many legs those need who answer callers: agents, and as many numbers outside as there are lines to."""
    has_outside = any(isinstance(phone.phone, PhoneNumber) for phone in rules.phones.values())
    return len(rules.agents) + (lines_out if has_outside else 0)


@dataclass(slots=True)
class Room:
    """Whether one more caller fits. `legs` is None for an Asterisk elsewhere, whose ports we do not know.

    `agents` says how many legs may be needed for those who answer, `admission` what the settings let in.
    """

    legs: int | None
    agents: Callable[[], int]
    clock: Clock
    admission: Admission | None = None
    turned_away: int = 0
    _flood: Flood = field(default_factory=Flood, init=False)
    _last_turned_away: datetime | None = field(default=None, init=False)

    @property
    def calls(self) -> int | None:
        """How many callers fit; None where nobody knows."""
        return None if self.legs is None else calls_that_fit(self.legs, self.agents())

    def refusal(self, calls: int) -> str | None:
        """Why one more caller is not taken beside so many `calls`; None: there is a place, and the caller counts."""
        refused = self.admission.refusal(calls) if self.admission is not None else None
        if refused is None and not self.has_place(calls):
            refused = NO_ROOM
            self.turn_away()
        self._flood.hear(refused)
        return refused

    def has_place(self, calls: int) -> bool:
        """Whether another caller fits beside so many `calls`."""
        most = self.calls
        return most is None or calls < most

    def turn_away(self) -> None:
        """A caller was refused for want of room: remember it for `/health`."""
        self.turned_away += 1
        self._last_turned_away = self.clock.now()

    def problems(self, calls: int) -> Iterator[str]:
        """What `/health` is to say of it."""
        if self.admission is not None and (said := self.admission.problem()):
            yield said
        if said := self.problem(calls):
            yield said

    def problem(self, calls: int) -> str | None:
        """What is to be said of the ports."""
        most, last = self.calls, self._last_turned_away
        if most is None:
            return None
        is_full = not self.has_place(calls)
        if not is_full and (last is None or self.clock.now() - last >= TOLD_FOR):
            return None
        state = "no more calls fit" if is_full else "a moment ago no more calls fitted"
        return (
            f"{state}: the ports for speech are enough for {counted(most, 'caller')} and their agents; "
            f"{counted(self.turned_away, 'call was', 'calls were')} "
            "turned away with 503, so that the trunk may try elsewhere; give `sip.rtp` a wider range"
        )

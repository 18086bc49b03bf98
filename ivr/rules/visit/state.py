"""Where a call stands on its way through the rules: all that is needed to go on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from ivr.rules.decision import Facts
from ivr.rules.model import Queue

Missed = Literal["no_input", "no_match", "corrected"]
"""How a try of a menu or a question went wrong: nothing was keyed, or nothing that is wanted there.

`corrected`: the caller heard the answer read back, and said that it was wrong.
"""


@dataclass(frozen=True, slots=True)
class Wait:
    """A caller's wait in one queue: since when (aware, when it was first entered), and how many steps were taken."""

    since: datetime
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """`place` is where the call stands (`menu main`, `queue bergen`, `hangup`), `facts` are those of the last decision.

    `unsaid` are prompts that the call has still to hear before anything begins there. `tries` is how many tries of
    the menu or the question have been in vain, and `missed` how the last of them was. `waits` has every queue that the
    call has waited in: who comes back keeps the place, and takes no step twice. `department` is the
    last that the call landed in. Nothing in here was keyed or said.
    """

    facts: Facts
    place: str
    unsaid: tuple[str, ...] = ()
    tries: int = 0
    missed: Missed | None = None
    waits: Mapping[str, Wait] = field(default_factory=dict)
    department: str | None = None

    def next_step(self, queue: Queue) -> int | None:
        """The next `while_waiting` step of a queue, from 0. None: no step is left, or one has led away from there."""
        wait = self.waits.get(queue.name)
        number = wait.steps if wait else 0
        steps = queue.while_waiting
        if number >= len(steps) or (number and steps[number - 1].target is not None):
            return None
        return number

    def new_wait(self) -> Wait:
        """One that begins now; the first of a call began as early as the caller came."""
        at, early = self.facts.at, self.facts.early_seconds
        if self.waits or not early:
            return Wait(at)
        return Wait(at.astimezone(UTC) - timedelta(seconds=early))

    def with_step_taken(self, queue: str, step: int) -> Visit:
        """The same visit, after this step."""
        wait = self.waits.get(queue) or self.new_wait()
        return replace(self, waits={**self.waits, queue: replace(wait, steps=step + 1)})

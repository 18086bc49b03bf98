"""How much less than the best is asked for, so that somebody who is signed in may take a caller: remembered.

Many callers want the same, and it changes only with who is signed in: nothing is looked at twice between two changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from ivr.queues.offers import AgentOnDuty, WaitingCaller, may_take

Need: TypeAlias = tuple[
    tuple[str, ...], str | None, tuple[tuple[str, int], ...], str | None, frozenset[str]
]
"""What callers are alike in who may take them: queues, language, skills with their levels, site, and which not."""


def need_of(caller: WaitingCaller) -> Need:
    """What the best agent for this caller has."""
    skills = tuple(sorted(caller.skills.items()))
    return caller.queues, caller.language, skills, caller.site, caller.not_at


class Reach:
    """`serving` gives the agents of a queue who are signed in, busy or not."""

    def __init__(self, serving: Callable[[str], Iterable[AgentOnDuty]]) -> None:
        self._serving = serving
        self._least: dict[Need, tuple[int, WaitingCaller]] = {}

    def least_widened(self, caller: WaitingCaller) -> int:
        """How many times less must be asked for, until one who is there will do; all of it where nobody is."""
        if not caller.widest:
            return 0
        need = need_of(caller)
        known = self._least.get(need)
        if known is None:
            known = self._least[need] = (self._found(caller), caller)
        return known[0]

    def staffing_changed(self, queues: Iterable[str]) -> frozenset[Need]:
        """Others are signed in to these queues; the needs for which that makes a difference."""
        served, changed = frozenset(queues), set[Need]()
        for need, (before, caller) in self._least.items():
            if not served.isdisjoint(caller.queues):
                now = self._found(caller)
                self._least[need] = now, caller
                if now != before:
                    changed.add(need)
        return frozenset(changed)

    def forget(self) -> None:
        """Agents may be others altogether."""
        self._least.clear()

    def _found(self, caller: WaitingCaller) -> int:
        near = [one for queue in caller.queues for one in self._serving(queue)]
        for widened in range(caller.widest):
            asking = replace(caller, widened=widened)
            if any(may_take(one, asking) for one in near):
                return widened
        return caller.widest

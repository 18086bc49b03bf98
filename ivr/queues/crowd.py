"""Waits in a crowd, played through for all of it at once. Pure.

Where hundreds wait, a place more or less makes no difference to speak of, and to play the line through for each of
them would take the time that their calls need.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random

from ivr.queues.estimate import WaitEstimate
from ivr.queues.offers import CallerRank, WaitingCaller
from ivr.queues.reach import Need, need_of
from ivr.queues.rehearsal import Play, Workforce

_TIMES = 3

_Turns = tuple[list[CallerRank], list[float]]
"""Ranks of callers who are alike, in order, and seconds until each hears an agent."""


class Crowd:
    """All who wait at one moment."""

    def __init__(self, callers: Iterable[WaitingCaller], workforce: Workforce) -> None:
        self._play = Play(callers, workforce)
        self._ranks = [one.rank for one in self._play.line]
        self._helpful: dict[Need, int] = {}
        chance = Random(0)  # noqa: S311 - nobody gains by guessing it
        self._times = [self._served(chance) for _ in range(_TIMES)]

    def estimate(self, caller: WaitingCaller, elapsed_seconds: float = 0.0) -> WaitEstimate | None:
        """So much later: how much longer the caller waits, who may have come since. None: not known."""
        need, helpful = need_of(caller), self.helpful(caller)
        if not helpful:
            return None
        waits = [_wait_of(caller.rank, served[need]) for served in self._times if need in served]
        found = WaitEstimate.of(sorted(max(0.0, one - elapsed_seconds) for one in waits))
        if found is None:
            return None
        ahead = bisect_left(self._ranks, caller.rank)
        return replace(found, ahead=ahead, agents=helpful)

    def helpful(self, caller: WaitingCaller) -> int:
        """How many agents may take this caller."""
        need = need_of(caller)
        if need not in self._helpful:
            self._helpful[need] = self._play.helpful(caller)
        return self._helpful[need]

    def _served(self, chance: Random) -> Mapping[Need, _Turns]:
        found: dict[Need, list[tuple[CallerRank, float]]] = defaultdict(list)
        for place, seconds in self._play.once(chance):
            caller = self._play.line[place]
            found[need_of(caller)].append((caller.rank, seconds))
        return {need: _in_order(served) for need, served in found.items()}


def _in_order(served: Sequence[tuple[CallerRank, float]]) -> _Turns:
    ordered = sorted(served)
    return [rank for rank, _ in ordered], [seconds for _, seconds in ordered]


def _wait_of(rank: CallerRank, served: _Turns) -> float:
    """As the first like them who is not served before them waits; who is behind all waits a turn more than the last."""
    ranks, seconds = served
    place = bisect_left(ranks, rank)
    if place < len(seconds):
        return seconds[place]
    return seconds[-1] + (seconds[-1] - seconds[0]) / len(seconds)

"""A caller's place in the line of one queue, and which place may be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ivr.queues.estimate import ToldWaits
from ivr.queues.offers import WaitingCaller


def place_among(waiting: Iterable[WaitingCaller], call_id: str) -> int:
    """The place, from 1 on, that a caller has among those who wait in the same queue; 1 for one who does not wait."""
    in_order = sorted(waiting, key=lambda one: one.rank)
    queue = next((one.queue for one in in_order if one.call_id == call_id), None)
    line = [one.call_id for one in in_order if one.queue == queue]
    return line.index(call_id) + 1 if call_id in line else 1


class ToldPlaces:
    """What one caller has been told, by queue: the place only ever goes down.

    Callers who are first in line come before others. Whoever is overtaken hears nothing of it, and is told again when
    the place is as it was.
    """

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def next(self, queue: str, place: int) -> int | None:
        """The place to tell now; None where it is greater than the last that was told."""
        if place > self._told.get(queue, place):
            return None
        self._told[queue] = place
        return place


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller has been told in queues, for as long as the call lasts."""

    places: ToldPlaces = field(default_factory=ToldPlaces)
    waits: ToldWaits = field(default_factory=ToldWaits)


@dataclass(slots=True)
class HeldPlace:
    """What one caller's place in a queue has come to, which the rules do not know: kept over the steps of the wait.

    `is_before_all`: somebody took the caller to the front, or an agent was lost; `missed_by` did not take the call.
    `behind_seconds`: the steps of the wait come so much later, for the time with agents who were lost does not count.
    `is_taken_over`: it comes from the server before this one, and the next wait there is the same.
    `gives_up_site` is the site that cannot take the call now, and when (on the loop's clock) another one may.
    """

    queue: str = ""
    is_before_all: bool = False
    missed_by: set[str] = field(default_factory=set)
    behind_seconds: float = 0.0
    is_taken_over: bool = False
    gives_up_site: tuple[str, float] | None = None

    def begin(self, queue: str, *, goes_on: bool) -> None:
        """The caller waits in this queue; `goes_on`: it is the same wait as before."""
        if not (goes_on or self.is_taken_over) or queue != self.queue:
            self.queue, self.is_before_all, self.missed_by = queue, False, set()
            self.behind_seconds, self.gives_up_site = 0.0, None
        self.is_taken_over = False

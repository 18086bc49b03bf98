"""A caller's place in the line of one queue, and which place may be told."""

from __future__ import annotations

from collections.abc import Iterable

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

"""All places that are taken, by call and by queue: a change in one queue concerns those who wait for its agents."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ivr.desk.place import Place
from ivr.errors import ChangeRefused
from ivr.queues.line import place_among


def in_turn(places: Iterable[Place]) -> list[Place]:
    """In the order in which callers are served: of those for whom the same becomes free, the first is to have it."""
    return sorted(places, key=lambda one: one.rank)


class Places:
    """Callers who wait, and those who talk with an agent."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._served_by: dict[str, dict[str, Place]] = {}

    def __getitem__(self, call_id: str) -> Place:
        return self._places[call_id]

    def __contains__(self, call_id: object) -> bool:
        return call_id in self._places

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def add(self, place: Place) -> None:
        self._places[place.call_id] = place
        for queue in place.queues:
            self._served_by.setdefault(queue, {})[place.call_id] = place

    def remove(self, place: Place) -> None:
        del self._places[place.call_id]
        for queue in dict.fromkeys(place.queues):
            del self._served_by[queue][place.call_id]

    def served_by(self, queues: Iterable[str]) -> list[Place]:
        """Those whose callers the agents of one of these queues may take, in the order in which they are served."""
        found = {
            one.call_id: one for queue in queues for one in self._served_by.get(queue, {}).values()
        }
        return in_turn(found.values())

    def waiting(self) -> Mapping[str, int]:
        """Callers who wait, by queue."""
        return Counter(place.queue.name for place in self if place.is_waiting)

    def number_in_line(self, call_id: str) -> int:
        """A caller's place among all who wait in the same queue, those included for whom a phone rings."""
        waiting = (place.waiting_caller() for place in self if place.is_waiting)
        return place_among(waiting, call_id)

    def waits_seconds(self, queue: str) -> list[float]:
        """How long each has waited who waits in this queue."""
        now = asyncio.get_running_loop().time()
        here = (place for place in self if place.is_waiting and place.queue.name == queue)
        return [now - place.since for place in here]

    def one_waiting(self, call_id: str) -> Place:
        """The place of the caller who waits, and whose call's id begins so. Raises ChangeRefused."""
        if not call_id:
            message = "which call? `ivr queue NAME` lists those that wait"
            raise ChangeRefused(message)
        found = [
            place
            for place in self
            if place.is_waiting and place.call_id.startswith(call_id) and place.led_away is None
        ]
        if len(found) != 1:
            many = (
                "several callers wait whose call begins"
                if found
                else "nobody waits whose call begins"
            )
            message = f"{many} with {call_id!r}; `ivr queue NAME` lists them"
            raise ChangeRefused(message)
        if found[0].claimed:
            message = "a phone rings for this caller: wait until it is taken or not"
            raise ChangeRefused(message)
        return found[0]

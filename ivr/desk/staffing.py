"""Who is signed in to which queue: counted as each signs in or out, and never anew for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ivr.desk.seat import Seat


class Staffing:
    """Seats of those who are signed in, by queue."""

    def __init__(self) -> None:
        self._serving: dict[str, dict[str, Seat]] = {}
        self._sites: dict[str, frozenset[str]] = {}

    @property
    def signed_in(self) -> Mapping[str, int]:
        """How many, by queue."""
        return {queue: len(serving) for queue, serving in self._serving.items()}

    def serving(self, queue: str) -> Collection[Seat]:
        """The agents of a queue who are signed in."""
        return self._serving.get(queue, {}).values()

    def sites(self, queue: str) -> frozenset[str]:
        """The sites where somebody is signed in to a queue; looked for once after each sign-in or sign-out."""
        known = self._sites.get(queue)
        if known is None:
            found = (seat.agent.site for seat in self.serving(queue))
            known = self._sites[queue] = frozenset(site for site in found if site is not None)
        return known

    def count(self, seat: Seat) -> None:
        """The agent has signed in, or out."""
        for queue in seat.on_duty.queues:
            self._sites.pop(queue, None)
            serving = self._serving.setdefault(queue, {})
            if seat.is_signed_in:
                serving[seat.agent.name] = seat
            else:
                serving.pop(seat.agent.name, None)

    def count_anew(self, seats: Iterable[Seat], queues: Iterable[str]) -> None:
        """Agents may serve others than before; `queues` are named where nobody is signed in, too."""
        self._serving = {name: {} for name in queues}
        self._sites.clear()
        for seat in seats:
            if seat.is_signed_in:
                self.count(seat)

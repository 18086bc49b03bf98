"""A call of the past as it is written down: events with their times, told one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from ivr.numbers import number_from_sip
from ivr.records.events import Arrived, CallEvent, Routed
from ivr.records.journal import Entry


class PastCall:
    """Told from its beginning on. Durations that the archive gives itself are kept to the digit.

    `node` says which archive it is from.
    """

    def __init__(self, call_id: str, at: datetime, node: str) -> None:
        self.call_id = call_id
        self.begun = at
        self.seconds = 0.0
        self._node = node
        self._entries: list[Entry] = []

    def arrive(self, caller: str, dialled: str, zone: tzinfo, channel: str = "") -> None:
        """It came in; `caller` and `dialled` as the archive writes them. `zone` is the centre's: days are its own."""
        number = number_from_sip(caller)
        called = number_from_sip(dialled)
        self.tell(
            Arrived(
                dialled=called.digits if called else dialled,
                caller=number.digits if number else None,
                call_time=self.begun.astimezone(zone).isoformat(timespec="seconds"),
                revision="",
                channel=channel,
                node=self._node,
            )
        )

    def route(self, to: str, site: str | None, department: str | None) -> None:
        """It was sent there; nothing is told of a call whose place nobody named."""
        if site or department:
            self.tell(Routed(to=to, language="", site=site, department=department))

    def go_to(self, at: datetime, seconds: float | None = None) -> None:
        """What is told next was at this time: so many seconds after the beginning, or as the time says. Never back."""
        told = (at - self.begun).total_seconds() if seconds is None else seconds
        self.seconds = max(self.seconds, told)

    def tell(self, event: CallEvent) -> None:
        """Add an event at the present time."""
        self._entries.append(
            Entry(
                call_id=self.call_id,
                seq=len(self._entries) + 1,
                at=self.begun + timedelta(seconds=self.seconds),
                monotonic_ns=round(self.seconds * 1e9),
                event=event,
            )
        )

    def move_beginning(self, seconds: float) -> None:
        """It began so long before the first time that is known of it."""
        self.begun -= timedelta(seconds=seconds)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

"""What is remembered of a caller from call to call: surveys, talks, and places in line."""

from __future__ import annotations

from datetime import datetime

from ivr.call.ports import Ports
from ivr.numbers import PhoneNumber
from ivr.records.events import PlaceKept, PlacePassedOn
from ivr.rules.decision import KeptPlace, LastTalk


class Acquaintance:
    """Of who hides the number nothing is remembered."""

    def __init__(self, call_id: str, caller: PhoneNumber | None, ports: Ports) -> None:
        self._call_id = call_id
        self._caller = caller
        self._ports = ports

    def last_surveyed(self) -> datetime | None:
        """When this caller was last asked in a survey (aware, by the time of that call)."""
        return self._ports.surveyed.last(self._caller) if self._caller else None

    def survey_begins(self, at: datetime) -> None:
        """This caller is asked in a survey, at the call's own time (aware)."""
        if self._caller is not None:
            self._ports.surveyed.ask(self._caller, at)

    def last_talk(self) -> LastTalk | None:
        """With whom this caller talked last; None where that, or who it is, is not known."""
        return self._ports.talks.last(self._caller) if self._caller else None

    def kept_place(self) -> KeptPlace | None:
        """The place that this caller left last, in an earlier call."""
        return self._ports.places.last(self._caller) if self._caller else None

    def leaves_place(self, queue: str, waited_seconds: float) -> None:
        """The caller leaves the queue without having talked with anybody, or was cut off."""
        if self._caller is not None:
            self._ports.places.leave(self._caller, self._call_id, queue, waited_seconds)

    def takes_place(self, kept: KeptPlace) -> bool:
        """The caller has that place from now on, and both calls say so; False where it is gone."""
        if self._caller is None or not self._ports.places.take(self._caller, kept.call_id):
            return False
        journal = self._ports.journal
        journal.note(self._call_id, PlaceKept(queue=kept.queue, of_call=kept.call_id))
        journal.note(kept.call_id, PlacePassedOn(queue=kept.queue, to_call=self._call_id))
        return True

    def refuses_place(self, kept: KeptPlace) -> None:
        """The caller waits anew, and that place is nobody's."""
        if self._caller is not None:
            self._ports.places.take(self._caller, kept.call_id)

    def talks_with(self, agent: str) -> None:
        """This agent is remembered as the one whom this caller talked with."""
        if self._caller is not None:
            self._ports.talks.talked(self._caller, agent)

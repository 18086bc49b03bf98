"""The agents' diary: what each change of an agent is called in the records, and all that a later server must know."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace as changed

from ivr.desk.logbook import Logbook
from ivr.desk.seat import BY_ITSELF, Seat, Wish
from ivr.queues.agents import AgentEvent, AgentState
from ivr.records.agents import AgentChange, AgentChangeKind, AgentStateKept

_KINDS: Mapping[AgentEvent, AgentChangeKind] = {
    AgentEvent.SIGNED_IN: "signed_in",
    AgentEvent.SIGNED_OUT: "signed_out",
    AgentEvent.PAUSED: "paused",
    AgentEvent.RESUMED: "resumed",
    AgentEvent.PHONE_CAME: "phone_came",
    AgentEvent.PHONE_WENT: "phone_went",
    AgentEvent.CALL_BEGAN: "call_began",
    AgentEvent.CALL_ENDED: "call_ended",
    AgentEvent.WAS_OFFERED: "was_offered",
    AgentEvent.WITHDRAWN: "withdrawn",
    AgentEvent.MISSED: "missed",
    AgentEvent.DECLINED: "declined",
    AgentEvent.TOOK: "took",
    AgentEvent.TAKEN_UP: "taken_up",
    AgentEvent.TALK_ENDED: "talk_ended",
    AgentEvent.SILENT: "silent",
    AgentEvent.READY: "ready",
}
_KEPT: Mapping[AgentState, AgentStateKept] = {
    AgentState.SIGNED_OUT: "signed_out",
    AgentState.AVAILABLE: "available",
    AgentState.OFFERED: "offered",
    AgentState.TALKING: "talking",
    AgentState.WRAPPING_UP: "wrapping_up",
    AgentState.PAUSED: "paused",
    AgentState.IN_OWN_CALL: "in_own_call",
}

_FOR_A_CALLER = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING_UP})


class Diary:
    """Counts the changes of each agent, and hands them to the logbook."""

    def __init__(self, logbook: Logbook) -> None:
        self._logbook = logbook

    def moved(
        self, seat: Seat, event: AgentEvent, before: AgentState, wish: Wish, call_id: str | None
    ) -> None:
        """The agent's state, or what they want, is another since `event`."""
        self.note(seat, _KINDS[event], before, wish=wish, call_id=call_id)

    def note(
        self,
        seat: Seat,
        kind: AgentChangeKind,
        before: AgentState,
        *,
        wish: Wish = BY_ITSELF,
        queue: str | None = None,
        call_id: str | None = None,
    ) -> None:
        seat.seq += 1
        told = self.change(seat, kind, before)
        self._logbook.note(
            changed(told, author=wish.author, why=wish.why, queue=queue, call_id=call_id)
        )

    def change(self, seat: Seat, kind: AgentChangeKind, before: AgentState) -> AgentChange:
        return AgentChange(
            agent=seat.agent.name,
            seq=seat.seq,
            at=self._logbook.clock.now(),
            kind=kind,
            before=_KEPT[before],
            state=_KEPT[seat.duty.state],
            reason=seat.duty.reason,
            signed_in=seat.duty.is_signed_in,
            taken=seat.taken,
            left=seat.left,
            phone=seat.sits_at,
            serves=seat.on_duty.queues if seat.is_signed_in else (),
            for_queue=seat.for_queue if seat.duty.state in _FOR_A_CALLER else None,
            until=seat.until,
        )

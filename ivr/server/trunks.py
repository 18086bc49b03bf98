"""The trunks that calls come in over: how many each has, and which calls it may not bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import structlog

from ivr.ari.events import Arrival
from ivr.trunks import Trunk

log = structlog.get_logger()


class TrunkRefusal(Enum):
    """Why a trunk's call is not taken: its word in records, and Q.850's cause, which SIP makes 503 or 403 of."""

    FULL = ("trunk-full", 42)
    STRANGER = ("trunk-stranger", 21)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def cause(self) -> int:
        return self.value[1]


@dataclass(slots=True)
class TrunksInUse:
    """The calls of each trunk. `present` says which trunks there are."""

    present: Callable[[], tuple[Trunk, ...]] = tuple
    calls_in: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _trunk_of: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> Trunk | None:
        """The trunk of this name, if there is one."""
        return next((trunk for trunk in self.present() if trunk.name == name), None)

    def refusal(self, arrival: Arrival) -> TrunkRefusal | None:
        """Why this call may not come in over the trunk that Asterisk took it for.

        A trunk that registers is known by the line that it was given, from any address; we know its addresses better.
        """
        trunk = self.named(arrival.account)
        if trunk is None:
            return None
        if arrival.sent_from and not trunk.has(arrival.sent_from):
            return self._refused(trunk, TrunkRefusal.STRANGER)
        if self.calls_in[trunk.name] >= trunk.said.calls_at_once:
            return self._refused(trunk, TrunkRefusal.FULL)
        return None

    def begin(self, call_id: str, arrival: Arrival) -> None:
        """A call is taken: it counts, where it came over a trunk."""
        if self.named(arrival.account) is not None:
            self._trunk_of[call_id] = arrival.account
            self.calls_in[arrival.account] += 1

    def end(self, call_id: str) -> None:
        """The call is over, if it ever counted."""
        trunk = self._trunk_of.pop(call_id, None)
        if trunk is not None:
            self.calls_in[trunk] -= 1

    def _refused(self, trunk: Trunk, why: TrunkRefusal) -> TrunkRefusal:
        self.refused[trunk.name] += 1
        log.warning("call of a trunk refused", trunk=trunk.name, why=why.word)
        return why

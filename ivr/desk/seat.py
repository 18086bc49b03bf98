"""A seat: one agent on duty, with all that is kept of them while the server runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from ivr.queues.agents import AgentState, Duty
from ivr.queues.offers import AgentOnDuty
from ivr.records.agents import SERVER
from ivr.rules.model import Account, Agent


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wanted a change, and why; nobody did where the server does it by itself."""

    author: str = SERVER
    why: str = ""


BY_ITSELF = Wish()
"""Nobody wanted it: it came of what happened."""


WITH_A_CALLER = frozenset({AgentState.OFFERED, AgentState.TALKING})


@dataclass(slots=True)
class Seat:
    """An agent on duty.

    `is_leaving`: the rules do not have the agent any more, who still talks or is rung. `since` is when the state began,
    on the loop's clock, and `since_at` (aware) on the wall's. `taken` and `left` are queues beside those of the rules,
    and those of the rules not served; `sits_at` is the account of another phone than their own. `own` is the agent as
    the rules have one, `agent` the same with the phone where they sit. `until` (aware) is when the `timer` ends a
    wrap-up, or a pause for a call that was not taken.
    """

    agent: Agent
    own: Agent
    duty: Duty
    on_duty: AgentOnDuty
    since: float
    since_at: datetime
    is_leaving: bool = False
    taken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    sits_at: str | None = None
    for_queue: str | None = None
    seq: int = 0
    missed_in_a_row: int = 0
    until: datetime | None = None
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def is_signed_in(self) -> bool:
        return self.duty.state is not AgentState.SIGNED_OUT and not self.is_leaving

    @property
    def is_wanted_in(self) -> bool:
        """Whether they stay signed in when they are not busy any more."""
        return self.duty.is_signed_in and not self.is_leaving

    @property
    def has_a_caller(self) -> bool:
        return self.duty.state in WITH_A_CALLER

    @property
    def phone(self) -> str:
        """What rings: an account, or the address of a phone that does not register."""
        phone = self.agent.phone
        return phone.name if isinstance(phone, Account) else phone.uri

    @property
    def account(self) -> str | None:
        """The account that rings; None for a phone with a plain SIP address, which is always there."""
        return account_of(self.agent)


def account_of(agent: Agent) -> str | None:
    """The account of the agent's own phone; None for one with a plain SIP address."""
    return agent.phone.name if isinstance(agent.phone, Account) else None

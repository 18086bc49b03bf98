"""`/control/agent` and `/control/queue`: what agents want, and callers who wait; under the same gate as all of it."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from ivr.control import AgentAsked, AgentTold, QueueAsked, QueueTold
from ivr.web.control import ControlGate, add_verb
from ivr.web.turned_away import TurnedAway


class AgentControls(Protocol):
    """What a running server can be asked about agents, and `author` by whom. Raises IvrError where it cannot."""

    async def agent(self, asked: AgentAsked, author: str) -> AgentTold: ...


class QueueControls(Protocol):
    """What a running server can be asked about callers who wait. Raises IvrError where it cannot."""

    async def queue(self, asked: QueueAsked, author: str) -> QueueTold: ...


def add_queue_control(
    site: web.Application, controls: QueueControls, token: str, turned_away: TurnedAway
) -> None:
    """Put it into the site; whoever asks must send `token` as a bearer token."""
    add_verb(site, "queue", QueueAsked, controls.queue, ControlGate(token, turned_away))


def add_agent_control(
    site: web.Application, controls: AgentControls, token: str, turned_away: TurnedAway
) -> None:
    """Put it into the site; whoever asks must send `token` as a bearer token."""
    add_verb(site, "agent", AgentAsked, controls.agent, ControlGate(token, turned_away))

"""`/control/agent`: what an agent wants, or somebody for them; under the same gate as all of `/control`."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from ivr.control import AgentAsked, AgentTold
from ivr.web.control import ControlGate, add_verb
from ivr.web.turned_away import TurnedAway


class AgentControls(Protocol):
    """What a running server can be asked about agents, and `author` by whom. Raises IvrError where it cannot."""

    async def agent(self, asked: AgentAsked, author: str) -> AgentTold: ...


def add_agent_control(
    site: web.Application, controls: AgentControls, token: str, turned_away: TurnedAway
) -> None:
    """Put it into the site; whoever asks must send `token` as a bearer token."""
    add_verb(site, "agent", AgentAsked, controls.agent, ControlGate(token, turned_away))

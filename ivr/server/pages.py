"""What lies behind the web port, and who may ask for it."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from ivr.asterisk.passwords import keep_token
from ivr.clock import Clock
from ivr.server.agent_control import AgentControl
from ivr.server.control import Control
from ivr.server.phone_control import PhoneControl
from ivr.server.present import Gatherer
from ivr.server.queue_control import QueueControl
from ivr.server.status import Status
from ivr.server.tokens import TokenBook
from ivr.web import (
    ApiGate,
    ControlGate,
    TurnedAway,
    add_agent_api,
    add_agent_control,
    add_api,
    add_control,
    add_health,
    add_metrics,
    add_phone_control,
    add_queue_control,
    empty_site,
)


def pages(
    home: Path,
    clock: Clock,
    turned_away: TurnedAway,
    status: Status,
    commands: tuple[Control, PhoneControl, AgentControl, QueueControl],
    gatherer: Gatherer,
) -> web.Application:
    """The site: `status` for all who reach the port, `commands` for who can read `home`, the state for programs."""
    site, token = empty_site(), keep_token(home)
    add_health(site, status.health)
    add_metrics(site, status.health, status.journal, gatherer.outcomes)
    control, phones, agents, queues = commands
    add_control(site, control, token, turned_away)
    add_phone_control(site, phones, token, turned_away)
    add_agent_control(site, agents, token, turned_away)
    add_queue_control(site, queues, token, turned_away)
    tokens, ours = TokenBook(home, clock), ControlGate(token, turned_away)
    gate = ApiGate(tokens.find, tokens.is_over, ours, turned_away)
    add_api(site, gatherer.present, gate)
    add_agent_api(site, agents, gate)
    return site

"""The agents of a running server, as lines: what each does, for how long, and why."""

from __future__ import annotations

from ivr.cli.shared.state_lines import NOBODY, lasting, pause_told
from ivr.control import PresentAgent, PresentState
from ivr.showing.columns import aligned


def agent_lines(present: PresentState) -> list[str]:
    """A line for each, in the order of the rules."""
    if not present.agents:
        return ["the rules have no agents"]
    rows = [
        (
            one.name,
            one.state,
            lasting(one.since, present.at),
            _why(one),
            one.phone or NOBODY,
            ", ".join(one.queues) or NOBODY,
        )
        for one in present.agents
    ]
    return aligned([("agent", "does", "for", "why", "phone", "queues"), *rows], texts=6)


def _why(agent: PresentAgent) -> str:
    """Why they are paused or will be, or that they sign out; where nobody knows of it, that there is no phone."""
    if (pause := pause_told(agent)) is not None:
        return pause
    return NOBODY if agent.phone_there else "no phone"

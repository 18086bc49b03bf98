"""The state of the house at one moment, as lines for a screen. Callers' numbers are masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ivr.control import PresentAgent, PresentState
from ivr.numbers import dialled_shown
from ivr.showing.callers import ONE_OF_OURS, masked
from ivr.showing.columns import aligned

NOBODY = "-"


def state_lines(present: PresentState, problems: Iterable[str] = ()) -> list[str]:
    """What is wrong, the queues, the agents, and the calls under way: the oldest first."""
    return [
        *(f"!! {problem}" for problem in problems),
        *_table("queue", ("waiting", "longest", "talking", "available", "signed in"), _queues(present)),
        "",
        *_table("agent", ("does", "for", "call"), _agents(present), texts=4),
        "",
        *(
            _table("caller", ("dialled", "does", "for", "at", "with"), _calls(present), texts=6)
            if present.calls
            else ["no call is under way"]
        ),
    ]  # fmt: skip


def _table(
    first: str, others: Sequence[str], rows: list[tuple[str, ...]], *, texts: int = 1
) -> list[str]:
    return aligned([(first, *others), *rows], texts=texts)


def _queues(present: PresentState) -> list[tuple[str, ...]]:
    return [
        (
            queue.name + (" (closed by hand)" if queue.closed_until else ""),
            f"{queue.waiting}",
            lasting(queue.longest_since, present.at),
            f"{queue.talking}",
            f"{queue.available}",
            f"{queue.signed_in}",
        )
        for queue in present.queues
    ]


def _agents(present: PresentState) -> list[tuple[str, ...]]:
    callers = {call.call_id: masked(call.caller) for call in present.calls}
    return [
        (
            agent.name,
            agent.state + (f" ({pause})" if (pause := pause_told(agent)) else ""),
            lasting(agent.since, present.at),
            callers.get(agent.call_id or "", NOBODY),
        )
        for agent in present.agents
    ]


def _calls(present: PresentState) -> list[tuple[str, ...]]:
    return [
        (
            call.made_by or ONE_OF_OURS if call.own_call else masked(call.caller),
            dialled_shown(call.dialled) if call.own_call else call.dialled,
            call.doing,
            lasting(call.waiting_since or call.since, present.at),
            call.at or NOBODY,
            call.agent or NOBODY,
        )
        for call in sorted(present.calls, key=lambda call: call.arrived_at)
    ]


def pause_told(agent: PresentAgent) -> str | None:
    """Why an agent is paused, and what is to come when they are not busy any more."""
    if not agent.signed_in and agent.state != "signed out":
        return "signs out next"
    if agent.reason is not None:
        return agent.reason if agent.state == "paused" else f"{agent.reason} next"
    return None


def lasting(since: datetime | None, now: datetime) -> str:
    """Minutes and seconds, as a clock counts them: `2:05`."""
    if since is None:
        return NOBODY
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"

"""What the API answers, path by path: one table, from which it is served and described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from ivr.control import (
    PresentAgent,
    PresentAgents,
    PresentCalls,
    PresentQueue,
    PresentQueues,
    PresentState,
)
from ivr.records.present import PresentCall

ROOT = "/api/v1"
EVENTS = f"{ROOT}/events"
AGENT = "/agents/{name}"
DESCRIPTION = f"{ROOT}/openapi.json"

Parameters = Mapping[str, str]
"""What stood in the path and in the query, by name."""


@dataclass(frozen=True, slots=True)
class ApiPath:
    """`answer` picks out of the state; None: there is no such thing. `query` names what may be asked for, and why."""

    path: str
    summary: str
    kind: type[msgspec.Struct]
    answer: Callable[[PresentState, Parameters], msgspec.Struct | None]
    query: Mapping[str, str] = field(default_factory=dict)


def _calls(present: PresentState, asked: Parameters) -> PresentCalls:
    return PresentCalls(
        calls=tuple(
            call
            for call in present.calls
            if asked.get("queue") in {None, call.queue} and asked.get("agent") in {None, call.agent}
        )
    )


def unknown(present: PresentState, query: Parameters) -> tuple[str, str] | None:
    """The first word of a query that names nothing, `queue` or `agent`, and the name: an empty list would hide a slip.

    What new rules have taken out is known as long as a call is there.
    """
    for word, there in (("queue", present.queues), ("agent", present.agents)):
        if (name := query.get(word)) is None:
            continue
        known = {one.name for one in there} | {getattr(call, word) for call in present.calls}
        if name not in known:
            return word, name
    return None


def _queue(present: PresentState, asked: Parameters) -> PresentQueue | None:
    return next((one for one in present.queues if one.name == asked["name"]), None)


def _agent(present: PresentState, asked: Parameters) -> PresentAgent | None:
    return next((one for one in present.agents if one.name == asked["name"]), None)


def _call(present: PresentState, asked: Parameters) -> PresentCall | None:
    return next((one for one in present.calls if one.call_id == asked["call_id"]), None)


PATHS = (
    ApiPath("/state", "Queues, agents and calls at one moment", PresentState, lambda now, _: now),
    ApiPath(
        "/queues", "All queues", PresentQueues, lambda now, _: PresentQueues(queues=now.queues)
    ),
    ApiPath("/queues/{name}", "One queue, by its name in the rules", PresentQueue, _queue),
    ApiPath(
        "/agents", "All agents", PresentAgents, lambda now, _: PresentAgents(agents=now.agents)
    ),
    ApiPath(AGENT, "One agent, by the name in the rules", PresentAgent, _agent),
    ApiPath(
        "/calls",
        "The calls under way",
        PresentCalls,
        _calls,
        query={
            "queue": "only those in this queue, or that came to an agent from it",
            "agent": "only those that are offered to this agent, or talk with them",
        },
    ),
    ApiPath("/calls/{call_id}", "One call under way", PresentCall, _call),
)

"""What is kept of agents: every change of what they do, by whom and why. It is no call's event.

The last change of an agent says all that a server must know to go on: what the agent wanted, where, in which queues.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

AgentStateKept = Literal[
    "signed_out", "available", "offered", "talking", "wrapping_up", "paused", "in_own_call"
]

AgentChangeKind = Literal[
    "signed_in",
    "signed_out",
    "paused",
    "resumed",
    "phone_came",
    "phone_went",
    "call_began",
    "call_ended",
    "was_offered",
    "withdrawn",
    "missed",
    "declined",
    "took",
    "taken_up",
    "talk_ended",
    "silent",
    "ready",
    "took_queue",
    "left_queue",
    "wrap_up_longer",
    "sat_down",
    "let_go",
    "server_began",
    "server_stopped",
]
"""`silent`: they took the call, and no sound came from the phone. `sat_down`: at another phone, or back at their own;
`let_go`: the rules do not have the agent any more."""

SERVER = "server"
"""Who did it where nobody asked for it."""


class AgentChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an agent, `seq` counting from 1 for each. `at` is aware, in UTC.

    `state` is what the agent does from then on, `reason` why they are paused, or will be when they are not busy any
    more. `until` (aware) is when a wrap-up, or that pause, ends by itself; None: it does not. `signed_in` is what
    they want, though the phone may not be there. `taken` and `left` are queues beside those of the rules, and those
    of the rules that they do not serve; `phone` is the account where they sit, None for their own. `queue` is what a
    queue's change is about. `serves` are all queues whose callers they are for; `for_queue` is the one whose caller
    they are rung for, talk with or have just talked with.
    """

    agent: str
    seq: int
    at: datetime
    kind: AgentChangeKind
    before: AgentStateKept
    state: AgentStateKept
    author: str = SERVER
    why: str = ""
    reason: str | None = None
    until: datetime | None = None
    signed_in: bool = False
    taken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    phone: str | None = None
    queue: str | None = None
    call_id: str | None = None
    serves: tuple[str, ...] = ()
    for_queue: str | None = None

"""What can be asked about a caller who waits in a queue, and what is answered."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ivr.control.reason import Reasoned

QueueAct: TypeAlias = Literal["move", "front"]


class QueueAsked(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take a caller to another queue (`move`, `to`), or to the front of theirs.

    `call` is the beginning of the call's id; `queue` is where the caller must be; None: wherever that is.
    """

    act: QueueAct
    call: str
    queue: str | None = None
    to: str | None = None


class QueueTold(msgspec.Struct, frozen=True, kw_only=True):
    """The call, the queue that it was in, and the one that it waits in from now on."""

    call_id: str
    queue: str
    to: str

"""What is kept of an emergency call. It is no caller's call: no rule decides on it, and it is in no figure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

EmergencyOutcome = Literal["answered", "refused", "given_up", "lost"]
"""`refused`: no trunk took it; `given_up`: the phone hung up before; `lost`: it was gone with its Asterisk."""


class EmergencyTry(msgspec.Struct, frozen=True, kw_only=True):
    """A trunk that did not take it. `status` is SIP's, None where no answer came in time, or was known not to."""

    trunk: str
    at: datetime
    status: int | None = None


class EmergencyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One emergency call; times are aware, in UTC. `outcome` is None while it is under way.

    `call` is Asterisk's name for it; `phone` the account that dialled `number`, `site` that of its agent; `shown` the
    number that the centre saw, as the first trunk writes it; `trunk` who took it.
    """

    call: str
    number: str
    phone: str
    began_at: datetime
    site: str | None = None
    shown: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    trunk: str | None = None
    outcome: EmergencyOutcome | None = None
    talk_seconds: int | None = None
    tries: tuple[EmergencyTry, ...] = ()

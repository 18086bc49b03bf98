"""Phones outside the queues, and numbers outside."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ivr.records.events.event import Event
from ivr.why import BarredBy

NotTakenBecause: TypeAlias = Literal[
    "no_answer", "busy", "declined", "wrong_number", "gone", "not_confirmed", "barred"
]
"""Why nobody took a phone that was rung, or to be rung."""


class PhoneRang(Event, tag="phone_rang", frozen=True):
    """A phone outside the queues was rung for the caller."""

    phone: str


class CalledOut(Event, tag="called_out", frozen=True):
    """A number outside was called over this trunk, at this address of the carrier's. `number` is masked."""

    phone: str
    trunk: str
    address: str
    number: str


class CallOutFailed(Event, tag="call_out_failed", frozen=True):
    """That call came to nothing. `status` is SIP's; None where none came: in time, or at all."""

    phone: str
    trunk: str
    result: Literal["no_answer", "busy", "wrong_number", "gone"]
    status: int | None = None


class PhoneNotTaken(Event, tag="phone_not_taken", frozen=True):
    """Nobody took it; the caller goes on.

    `barred`: it was not called at all. `not_confirmed`: whoever answered pressed no key for it.
    """

    phone: str
    result: NotTakenBecause
    barred: BarredBy | None = None


class PhoneTaken(Event, tag="phone_taken", frozen=True):
    """Caller and whoever took the phone hear each other, the phone on this `leg` (a channel), in this `bridge`."""

    phone: str
    leg: str | None = None
    bridge: str | None = None
    trunk: str | None = None

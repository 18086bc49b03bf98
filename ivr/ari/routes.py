"""How Asterisk reaches somebody: what it dials, in order of trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ivr.endpoints import DIRECT
from ivr.numbers import PhoneNumber
from ivr.rules.model import Account, SipAddress

PHONE_CODECS = ("alaw", "ulaw", "g722")
"""What phones are offered. A-law first, which is what carriers send: Asterisk's own choice would be turned into it."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Who calls, as whoever is called outside may be told.

    `own` is the number of ours that the rules name, where they do; else each trunk has its own. `caller` is the
    caller's, where that is to be shown and the trunk takes it. Who hides the number stays hidden.
    """

    own: PhoneNumber | None = None
    caller: PhoneNumber | None = None
    is_hidden: bool = False


OF_US = Presented()
"""Nothing but what the trunk itself shows."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to somebody: `endpoint` is what Asterisk dials (`PJSIP/kari`), `codecs` are offered, the best first.

    Over a `trunk`, `address` is the carrier's machine, `number` what is dialled, `shown` who calls (both as this
    carrier writes them), and it has `first_answer_seconds` to ring.
    """

    endpoint: str
    codecs: tuple[str, ...] = PHONE_CODECS
    trunk: str | None = None
    address: str = ""
    shown: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    first_answer_seconds: float = 0.0


RoutesTo: TypeAlias = Callable[[Account | SipAddress | PhoneNumber, Presented], tuple[Route, ...]]
"""The routes to somebody, the first to be tried first; none where nobody could be rung."""


def routes_to_phone(
    phone: Account | SipAddress | PhoneNumber, _: Presented = OF_US
) -> tuple[Route, ...]:
    """A phone of ours has one; a number outside has none here. Nothing but a checked name or URI gets here."""
    match phone:
        case Account(name):
            return (Route(f"PJSIP/{name}"),)
        case SipAddress(uri):
            return (Route(f"PJSIP/{DIRECT}/{uri}"),)
        case PhoneNumber():
            return ()

"""How Asterisk reaches somebody: what it dials, in order of trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ivr.endpoints import DIRECT
from ivr.rules.model import Account, SipAddress


@dataclass(frozen=True, slots=True)
class Route:
    """One way to somebody: `endpoint` is what Asterisk dials (`PJSIP/kari`)."""

    endpoint: str


RoutesTo: TypeAlias = Callable[[Account | SipAddress], tuple[Route, ...]]
"""The routes to somebody, the first to be tried first; none where nobody could be rung."""


def routes_to_phone(phone: Account | SipAddress) -> tuple[Route, ...]:
    """A phone has one. Nothing but a checked account name or SIP URI gets here."""
    match phone:
        case Account(name):
            return (Route(f"PJSIP/{name}"),)
        case SipAddress(uri):
            return (Route(f"PJSIP/{DIRECT}/{uri}"),)

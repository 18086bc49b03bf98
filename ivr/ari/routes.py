"""How Asterisk reaches somebody: what it dials, in order of trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ivr.endpoints import DIRECT
from ivr.numbers import PhoneNumber
from ivr.rules.model import Account, SipAddress


@dataclass(frozen=True, slots=True)
class Route:
    """One way to somebody: `endpoint` is what Asterisk dials (`PJSIP/kari`)."""

    endpoint: str


RoutesTo: TypeAlias = Callable[[Account | SipAddress | PhoneNumber], tuple[Route, ...]]
"""The routes to somebody, the first to be tried first; none where nobody could be rung."""


def routes_to_phone(phone: Account | SipAddress | PhoneNumber) -> tuple[Route, ...]:
    """A phone of ours has one; a number outside has none here. Nothing but a checked name or URI gets here."""
    match phone:
        case Account(name):
            return (Route(f"PJSIP/{name}"),)
        case SipAddress(uri):
            return (Route(f"PJSIP/{DIRECT}/{uri}"),)
        case PhoneNumber():
            return ()

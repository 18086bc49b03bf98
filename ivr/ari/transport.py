"""What carries requests to Asterisk and its events back: the link to a real one, or the twin in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

import msgspec

from ivr.ari.request import Door, Request

T = TypeVar("T")


class UnknownEvent(msgspec.Struct, frozen=True):
    """An event that nothing here reads. Kept by its kind, so that it can be counted."""

    kind: str


@dataclass(frozen=True, slots=True)
class SocketsOpen:
    """The sockets are open: requests can be made, events follow."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event: a Struct of `ivr.ari.generated.models`, or UnknownEvent."""

    event: msgspec.Struct


@dataclass(frozen=True, slots=True)
class SocketsLost:
    """The sockets are closed; events may have been missed."""

    reason: str


News: TypeAlias = SocketsOpen | Received | SocketsLost


def phones_application(app: str) -> str:
    """The application under which phones are followed, beside `app`, over the same connection."""
    return f"{app}-phones"


class Transport(Door, Protocol):
    """Carries requests there and events back, over connections that are made again when they drop."""

    @property
    def where(self) -> str:
        """Where this Asterisk is, for people: `127.0.0.1:8088`."""

    async def run(self) -> None:
        """Keep the connection up until cancelled; back off and connect again when it drops."""

    async def next_news(self) -> News:
        """Wait for what happened next. SocketsOpen and SocketsLost take turns, events lie between."""

    def hand_on_to(self, take: Callable[[msgspec.Struct], None]) -> None:
        """From now on, and until there are new sockets, give `take` each event in the turn of the loop it comes in.

        What waits already, and that another took the application, still goes by `next_news`; order is kept. To wake
        whoever waits there costs more than an event does.
        """

    def door(self, call_id: str) -> Door:
        """The door for what one call asks, always the same one. Calls do not wait for each other at it, or seldom.

        What is no call's goes in at the transport itself.
        """

    async def list_all(self, request: Request[T]) -> T:
        """The answer to a request for a list of any length. Raises AsteriskRefused or AsteriskUnreachable."""

    async def drop(self, reason: str) -> None:
        """Close the present connection, if there is one; `run` makes a new one."""

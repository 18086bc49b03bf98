"""The door to Asterisk: the link to a real one stands behind it, or the twin in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")

Query: TypeAlias = Mapping[str, str | int | float | bool | Sequence[str] | None]
"""What a request asks for; a value of None is left out, a sequence is one value after another."""

Body: TypeAlias = Mapping[str, object] | None


class UnknownEvent(msgspec.Struct, frozen=True):
    """An event that nothing here reads. Kept by its kind, so that it can be counted."""

    kind: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is open: requests can be made, events follow."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event: a Struct of `ivr.ari.generated.models`, or UnknownEvent."""

    event: msgspec.Struct


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The socket is closed; events may have been missed."""

    reason: str


News: TypeAlias = Connected | Received | Disconnected


def pairs(query: Query) -> Iterator[tuple[str, str]]:
    """The query as Asterisk reads it: names and texts, a sequence joined by commas."""
    for name, value in query.items():
        match value:
            case None:
                continue
            case str():
                yield name, value
            case bool():
                yield name, "true" if value else "false"
            case int() | float():
                yield name, str(value)
            case _:
                yield name, ",".join(value)


def phones_application(app: str) -> str:
    """The application under which phones are followed, beside `app`, over the same connection."""
    return f"{app}-phones"


class Door(Protocol):
    """Where requests go in. What is asked and told through one door is done in that order."""

    async def request(self, method: str, path: str, query: Query, body: Body, result: type[T]) -> T:
        """Ask, and return the answer as `result` (NoneType where no answer is wanted).

        Raises Gone, AsteriskRefused or AsteriskUnreachable.
        """

    def tell(self, method: str, path: str, query: Query, body: Body) -> None:
        """Send a request whose answer nobody waits for, in its turn among the others.

        Raises AsteriskUnreachable when there is no link. A refusal is logged; an answer that the call is gone is not.
        """


class Transport(Door, Protocol):
    """Carries requests there and events back, over connections that are made again when they drop."""

    @property
    def where(self) -> str:
        """Where this Asterisk is, for people: `127.0.0.1:8088`."""

    async def run(self) -> None:
        """Keep the connection up until cancelled; back off and connect again when it drops."""

    async def next_news(self) -> News:
        """Wait for what happened next. Connected and Disconnected take turns, events lie between."""

    def door(self, call_id: str) -> Door:
        """The door for what one call asks, always the same one. Calls do not wait for each other at it, or seldom."""

    async def drop(self, reason: str) -> None:
        """Close the present connection, if there is one; `run` makes a new one."""

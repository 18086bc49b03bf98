"""A request to Asterisk as a value: awaited for its answer, or told and left to Asterisk; and the door for it."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

from ivr.errors import Gone

T = TypeVar("T")

Query: TypeAlias = Mapping[str, str | int | float | bool | Sequence[str] | None]
"""What a request asks for; a value of None is left out, a sequence is one value after another."""

Body: TypeAlias = Mapping[str, object] | None


class Request(Generic[T]):
    """Nothing happens before it is awaited or told. `result` is what the answer is read as: NoneType for none.

    `await request` waits for the answer: for what the next line relies on. `request.tell()` does not: for what changes
    nothing in the story, whether it succeeds or finds the call gone. Asterisk does both in the order in which they were
    made, so that what is asked after something told finds it done.
    """

    __slots__ = ("_door", "body", "method", "path", "query", "result")

    def __init__(
        self,
        door: Door,
        method: str,
        path: str,
        query: Query,
        body: Body,
        result: type[T],
    ) -> None:
        self._door = door
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.result = result

    def __str__(self) -> str:
        """`POST channels/01j-leg/answer`: without what may be personal."""
        return f"{self.method} {self.path}"

    def __await__(self) -> Generator[Any, None, T]:
        """Raises Gone, AsteriskRefused or AsteriskUnreachable."""
        return self._door.ask(self).__await__()

    def tell(self) -> None:
        """Send it. A refusal goes to the log, unless the call is gone. Raises AsteriskUnreachable without a link."""
        self._door.tell(self)

    async def unless_gone(self) -> None:
        """Await it; what is gone needs nothing more."""
        try:
            await self
        except Gone:
            return


class Door(Protocol):
    """Where requests go in. What is asked and told through one door is done in that order."""

    async def ask(self, request: Request[T]) -> T:
        """Send it, and return the answer. Raises Gone, AsteriskRefused or AsteriskUnreachable."""

    def tell(self, request: Request[Any]) -> None:
        """Send a request whose answer nobody waits for, in its turn among the others.

        Raises AsteriskUnreachable when there is no link. A refusal is logged; an answer that the call is gone is not.
        """


_PLAIN = re.compile(r"[\w.~-]+", re.ASCII)


def part(text: str) -> str:
    """A part of a path, quoted where it has to be: an id of ours never has."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe="")


def pairs(query: Query) -> list[tuple[str, str]]:
    """The query as Asterisk reads it: names and texts, a sequence joined by commas."""
    given = ((name, value) for name, value in query.items() if value is not None)
    return [(name, value if isinstance(value, str) else _text(value)) for name, value in given]


def _text(value: float | Sequence[str]) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return ",".join(value)

"""A request to Asterisk, as a value: awaited for its answer, or told and left to Asterisk."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, TypeVar

from ivr.ari.transport import Body, Door, Query
from ivr.errors import Gone

T = TypeVar("T")


class Request(Generic[T]):
    """Nothing happens before it is awaited or told.

    `await request` waits for the answer: for what the next line relies on. `request.tell()` does not: for what changes
    nothing in the story, whether it succeeds or finds the call gone. Asterisk does both in the order in which they were
    made, so that what is asked after something told finds it done.
    """

    __slots__ = ("_body", "_door", "_method", "_path", "_query", "_result")

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
        self._method = method
        self._path = path
        self._query = query
        self._body = body
        self._result = result

    def __await__(self) -> Generator[Any, None, T]:
        """Raises Gone, AsteriskRefused or AsteriskUnreachable."""
        asked = self._door.request(self._method, self._path, self._query, self._body, self._result)
        return asked.__await__()

    def tell(self) -> None:
        """Send it. A refusal goes to the log, unless the call is gone. Raises AsteriskUnreachable without a link."""
        self._door.tell(self._method, self._path, self._query, self._body)

    async def unless_gone(self) -> None:
        """Await it; what is gone needs nothing more."""
        try:
            await self
        except Gone:
            return

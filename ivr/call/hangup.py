"""Hang-up as a scope: when the caller's leg ends, the body is cancelled, and outside it reads as one CallerHungUp."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Protocol

from ivr.errors import CallerHungUp, ChannelGone


class HasEnd(Protocol):
    """A leg, as far as this file is concerned."""

    id: str

    @property
    def ended(self) -> asyncio.Future[Any]: ...


class HangUpScope:
    """Shaped like `asyncio.timeout`; see docs/adr/0003-hang-up-is-a-scope.md.

    Around the story of one leg: that another leg, a bridge or a playback is gone passes through as the error it is.

    The body's `finally` blocks may still await. A cancellation from outside stays a CancelledError.
    """

    def __init__(self, leg: HasEnd) -> None:
        self._leg = leg
        self.ended = leg.ended
        """The end that this scope looks at: of a leg that comes in anew meanwhile, `leg.ended` is another."""
        self._task: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._has_cancelled = False
        self._is_closed = False

    async def __aenter__(self) -> HangUpScope:
        self._task = asyncio.current_task()
        if self._task is None:
            message = "a hang-up scope is entered inside a task"
            raise RuntimeError(message)
        self._cancelling = self._task.cancelling()
        self.ended.add_done_callback(self._on_ended)
        return self

    def _on_ended(self, _: asyncio.Future[Any]) -> None:
        # remove_done_callback does not recall a callback that is already scheduled: without this look, a hang-up in
        # the same tick as the body's last line would cancel whatever the task does after the scope.
        if not self._is_closed and self._task is not None:
            self._has_cancelled = True
            self._task.cancel()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_closed = True
        self.ended.remove_done_callback(self._on_ended)
        if isinstance(exc, ChannelGone) and exc.id == self._leg.id:
            # A verb found the leg gone before Asterisk's word of it came.
            self._uncancel()
            raise CallerHungUp from exc
        if self._uncancel() and exc_type is asyncio.CancelledError:
            raise CallerHungUp from exc

    def _uncancel(self) -> bool:
        """Take our own cancellation back; True if there was one, and no other."""
        if not self._has_cancelled or self._task is None:
            return False
        return self._task.uncancel() <= self._cancelling

"""Work that is done aside."""

from __future__ import annotations

import asyncio
import threading

import pytest
import structlog

from ivr.aside import aside
from ivr.errors import StoreFailed
from ivr.observe import call_context


async def test_it_returns_what_the_work_returns_and_raises_what_it_raises() -> None:
    def fail(message: str) -> None:
        raise StoreFailed(message)

    assert await aside(divmod, 7, 2) == (3, 1)
    with pytest.raises(StoreFailed, match="no room"):
        await aside(fail, "no room")


async def test_work_that_hangs_is_left_to_itself_and_keeps_no_program_from_its_end() -> None:
    hangs, is_on = threading.Event(), threading.Event()

    def hang() -> threading.Thread:
        is_on.set()
        hangs.wait()
        return threading.current_thread()

    task = asyncio.ensure_future(aside(hang))
    await aside(is_on.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (left,) = [one for one in threading.enumerate() if one.name == "aside/hang"]
    assert left.daemon

    hangs.set()
    await aside(left.join)


async def test_the_work_knows_of_which_call_it_is() -> None:
    with call_context("call-1"):
        assert (await aside(structlog.contextvars.get_contextvars))["call_id"] == "call-1"

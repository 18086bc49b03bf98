"""Work that blocks, done aside: in a thread that nobody waits for when the program ends.

`asyncio.to_thread` is for work that comes to an end by itself. A file on a disk that hangs does not, and the program
would then never end either.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def aside(function: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """What the function returns or raises. Cancelled, it goes on by itself, and its result is dropped."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    context = copy_context()

    def work() -> None:
        try:
            result = context.run(partial(function, *given, **named))
        except BaseException as error:  # noqa: BLE001 - it is raised where the work is waited for
            tell = partial(_fail, done, error)
        else:
            tell = partial(_succeed, done, result)
        with suppress(RuntimeError):  # the loop has closed: nobody waits any more
            loop.call_soon_threadsafe(tell)

    name = getattr(function, "__name__", "work")
    threading.Thread(target=work, name=f"aside/{name}", daemon=True).start()
    return await done


def _succeed(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[T], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)

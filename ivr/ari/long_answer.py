"""An answer of any length, over a connection of its own.

Asterisk 22 puts what it writes to a WebSocket on the stack of a thread, which has 496 KB. It dies of an answer that is
longer, and all calls with it: so it did when it was asked for a thousand channels.
"""

from __future__ import annotations

from typing import Any

import aiohttp

from ivr.ari.meaning import Answer, unanswered
from ivr.ari.request import Request, pairs
from ivr.errors import AsteriskUnreachable
from ivr.settings import join_address


async def long_answer(
    address: tuple[str, int], authorization: str, request: Request[Any], seconds: float
) -> Answer:
    """What is answered to a request that only asks. Raises AsteriskUnreachable where nothing is, in so many seconds."""
    try:
        async with (
            aiohttp.ClientSession(
                f"http://{join_address(*address)}/ari/",
                headers={"Authorization": authorization},
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as session,
            session.request(
                request.method, request.path, params=[*pairs(request.query)]
            ) as response,
        ):
            return Answer(response.status, response.reason or "", await response.read())
    except TimeoutError as error:
        raise unanswered(str(request), seconds) from error
    except aiohttp.ClientError as error:
        raise AsteriskUnreachable(f"`{request}`: {error}") from error

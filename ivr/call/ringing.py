"""Ringing a phone by one route: one attempt, one outcome."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

import structlog

from ivr.ari.channel import Channel
from ivr.ari.events import Entered, LegEnded
from ivr.ari.routes import Route
from ivr.call.outcomes import LegAnswered, LegFailed, Rung
from ivr.errors import AsteriskRefused, ChannelGone
from ivr.numbers import PhoneNumber

log = structlog.get_logger()

GRACE_SECONDS = 2.0
"""Asterisk ends an unanswered leg itself; if it does not say so, we stop waiting this long after."""

_BUSY, _DECLINED = 17, 21
_NO_ANSWER = frozenset({16, 18, 19})


@dataclass(frozen=True, slots=True)
class Shown:
    """What the phone that rings shows of the caller; empty where that is withheld."""

    number: str = ""
    name: str = ""

    @classmethod
    def of_number(cls, caller: PhoneNumber | None) -> Shown:
        """A caller of whom nothing but the number is known."""
        return cls(caller.digits, caller.digits) if caller else cls()


async def ring_leg(leg: Channel, route: Route, shown: Shown, seconds: float) -> Rung:
    """Ring whoever is at the end of `route` for up to `seconds`, on `leg`. Cancelled or failed, the leg is hung up."""
    async with leg.listen(Entered, LegEnded) as happenings:
        answered = False
        try:
            await leg.originate(
                route.endpoint,
                caller_number=shown.number,
                caller_name=shown.name,
                timeout_seconds=round(seconds),
                codecs=route.codecs,
            )
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                async for happened in happenings:
                    match happened:
                        case Entered():
                            answered = True
                            return LegAnswered(leg)
                        case LegEnded(cause):
                            return LegFailed(_why(cause))
        except TimeoutError:
            return LegFailed("no_answer")
        except (AsteriskRefused, ChannelGone) as error:
            log.warning("phone could not be rung", phone=route.endpoint, error=str(error))
            return LegFailed("gone")
        finally:
            if not answered:
                leg.hang_up_soon()
    return LegFailed("gone")


def _why(cause: int | None) -> Literal["no_answer", "busy", "declined", "gone"]:
    """A Q.850 cause in the queue's words."""
    if cause == _BUSY:
        return "busy"
    if cause == _DECLINED:
        return "declined"
    return "no_answer" if cause in _NO_ANSWER else "gone"

"""Trying a trunk: its addresses are asked, its registration is looked at, and if somebody wishes it, a call is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import ChannelEvent, Digit, Entered, LegEnded, Redirected, Sounding
from ivr.ari.node import Node
from ivr.ari.routes import OF_US, Route
from ivr.ari.ways_out import ways_over
from ivr.call.outside import MOVED
from ivr.call.ports import WorldOutside
from ivr.call.voice import Voice
from ivr.control import CallTried, HostTried, TrunkTried, TryTrunk
from ivr.errors import AsteriskRefused, ChangeRefused, ChannelGone
from ivr.numbers import EMERGENCY_NUMBERS, PhoneNumber, parse_number
from ivr.rulebook.in_force import Rulebook
from ivr.rules.lint.prompts import TAKE_CALL
from ivr.server.asterisk import AsteriskInUse
from ivr.server.outgoing import mend_of
from ivr.server.trunks import TrunksInUse
from ivr.settings.trunk import SipHost
from ivr.trunks import HostAnswer, Trunk, answer_of, mend_for_call
from ivr.why import BarredBy

log = structlog.get_logger()

RING_SECONDS = 30.0

PACKET_SECONDS = 0.02
"""What each packet of speech holds."""

KEY_SECONDS = 15.0
"""So long a key is waited for, from the answer on: the prompt is said meanwhile."""


@dataclass(slots=True)
class TrunkTrial:
    """Tries trunks of the running server.

    `media` names a recording to Asterisk; `asks` puts OPTIONS to a machine at an address; while it `is_stopping` no
    call is made.
    """

    node: Node
    asterisk: AsteriskInUse
    trunks: TrunksInUse
    outgoing: WorldOutside
    rulebook: Rulebook
    media: Callable[[Path], str]
    asks: Callable[[Trunk, SipHost, str], Awaitable[HostAnswer]]
    is_stopping: Callable[[], bool]
    _one_call: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, asked: TryTrunk) -> TrunkTried:
        """Ask, look, and call `asked.number` where there is one. Raises ChangeRefused, NumberRefused."""
        trunk = self.trunks.named(asked.trunk)
        if trunk is None:
            known = ", ".join(one.name for one in self.trunks.present()) or "none"
            message = f"there is no trunk {asked.trunk}; there are: {known}"
            raise ChangeRefused(message)
        number = None if asked.number is None else parse_number(asked.number)
        if trunk.said.registers:  # by itself it is looked at every few seconds only
            self.trunks.registered(await self.asterisk.registrations())
        hosts = [await self._asked(trunk, *machine) for machine in trunk.machines]
        calls = () if number is None else await self._call(trunk, number)
        view = next(one for one in self.trunks.views() if one.name == trunk.name)
        failure = view.last_failure if view.last_failure and view.is_registered is False else None
        return TrunkTried(
            trunk=trunk.name,
            hosts=tuple(hosts),
            is_registered=view.is_registered,
            registered_until=view.registered_until,
            sign_in_failed=None if failure is None else str(failure),
            own_certificate_until=trunk.tls.own.ends if trunk.tls and trunk.tls.own else None,
            calls=calls,
        )

    async def _asked(self, trunk: Trunk, host: SipHost, address: str) -> HostTried:
        answer = await self.asks(trunk, host, address)
        return HostTried(
            address=answer.address,
            status=answer.status,
            milliseconds=answer.milliseconds,
            trouble=answer.trouble,
            certificate_until=answer.certificate_until,
        )

    async def _call(self, trunk: Trunk, number: PhoneNumber) -> tuple[CallTried, ...]:
        """Address by address, as calls of the rules go; each try is told."""
        if self.is_stopping():
            raise ChangeRefused("the server is stopping: no more calls are made")
        if self._one_call.locked():
            raise ChangeRefused("another trial call is under way: wait until it is over")
        async with self._one_call:
            if by := self.outgoing.bars(number, is_named=True, is_tried=True):
                message = f"{number.masked} is not called ({by}): {_mend(number, by)}"
                raise ChangeRefused(message)
            if not self.outgoing.has_line(trunk.name):
                message = f"trunk {trunk.name} has as many calls out as its `calls_out_at_once`"
                raise ChangeRefused(message)
            log.info("trunk is tried by a call", trunk=trunk.name, number=number)
            calls: list[CallTried] = []
            for route in ways_over(trunk, number, OF_US):
                calls.append(await self._over(trunk, route))
                if not _leads_on(calls[-1]):
                    break
            return tuple(calls)

    async def _over(self, trunk: Trunk, route: Route) -> CallTried:
        """One call to one address, from the first ring to the end."""
        with self.node.owning(ids.new("leg")) as leg:
            self.outgoing.begin(leg.id, trunk.name)
            try:
                call = await self._placed(leg, route)
            finally:
                leg.hang_up_soon()
                self.outgoing.end(leg.id)
        if _leads_on(call):
            self.outgoing.failed(trunk.name, call.status)
        return call

    async def _placed(self, leg: Channel, route: Route) -> CallTried:
        clock = asyncio.get_running_loop().time
        rang: float | None = None
        async with leg.listen(Entered, Sounding, Redirected, LegEnded) as happenings:
            began = clock()
            try:
                await leg.originate(
                    route.endpoint,
                    caller_number=route.shown,
                    caller_name="",
                    timeout_seconds=round(route.first_answer_seconds + RING_SECONDS) + 1,
                    variables=route.variables,
                    codecs=route.codecs,
                )
                async with asyncio.timeout(route.first_answer_seconds) as limit:
                    async for happened in happenings:
                        match happened:
                            case Sounding() if rang is None:
                                rang = clock() - began
                                limit.reschedule(clock() + RING_SECONDS)
                            case Entered():
                                limit.reschedule(None)  # of the answer only
                                return await self._talked(leg, route, rang, clock() - began)
                            case Redirected():
                                return _not_taken(route, rang, MOVED)
                            case LegEnded(status=status):
                                return _not_taken(route, rang, status)
            except TimeoutError:
                return _not_taken(route, rang, None)
            except (AsteriskRefused, ChannelGone) as error:
                log.warning("trunk could not be tried", trunk=route.trunk, error=str(error))
        return _not_taken(route, rang, None)

    async def _talked(
        self, leg: Channel, route: Route, rang: float | None, answered: float
    ) -> CallTried:
        """Somebody has answered: say the prompt, hear a key, count what came."""
        key: str | None = None
        codec: str | None = None
        packets: int | None = None
        hung_up = False
        async with leg.listen(Digit, LegEnded) as happenings:
            try:
                codec = await leg.get_variable("CHANNEL(audionativeformat)")
                async with self._voice_on(leg).saying((TAKE_CALL,)):
                    key = await _first_key(happenings, leg.id)
                heard = await leg.get_variable("CHANNEL(rtcp,rxcount)")
                packets = int(heard) if heard and heard.isdecimal() else None
            except ChannelGone:
                hung_up = True
                packets = _packets_of(leg)
        return CallTried(
            address=route.address,
            rang_seconds=_rounded(rang),
            answered_seconds=round(answered, 1),
            codec=(codec or "").strip("()") or None,
            packets_heard=packets,
            key=key,
            hung_up=hung_up,
        )

    def _voice_on(self, leg: Channel) -> Voice:
        in_force = self.rulebook.present
        return Voice(leg, in_force.prompts, self.media, in_force.rules.languages, _missed)


def _mend(number: PhoneNumber, by: BarredBy) -> str:
    """What to do where a number may not be called that somebody names at the command, and not the rules."""
    if number.digits in EMERGENCY_NUMBERS:
        return "emergency calls go out from phones of yours only; try one at an hour agreed with the carrier"
    match by:
        case "never":
            return "`outgoing.never` forbids it; call another telephone of yours"
        case "not_allowed":
            return "`outgoing.allow` does not name its kind or country; add it there, or call another telephone"
        case _:
            return mend_of(by)


def _leads_on(call: CallTried) -> bool:
    """Whether the address did not get the call there, and the next one may. In vain is not: it rang somewhere."""
    if call.answered_seconds is not None or (call.has_rung and call.status is None):
        return False
    return answer_of(call.status).leads_on


def _missed(prompt: str, played: str) -> None:
    log.warning("prompt missing", prompt=prompt, played=played)


async def _first_key(happenings: AsyncIterator[ChannelEvent], leg: str) -> str | None:
    """The first key, None where none comes in time. Raises ChannelGone where the other side hangs up."""
    try:
        async with asyncio.timeout(KEY_SECONDS):
            async for happened in happenings:
                match happened:
                    case Digit(digit=digit):
                        return digit
                    case LegEnded():
                        raise ChannelGone(leg)
    except TimeoutError:
        pass
    return None


def _packets_of(leg: Channel) -> int | None:
    """How many came in all, as Asterisk told when the leg ended: of 0 it is said that nothing is known."""
    if not leg.ended.done():
        return None
    return round((leg.ended.result().heard_seconds or 0.0) / PACKET_SECONDS)


def _not_taken(route: Route, rang: float | None, status: int | None) -> CallTried:
    mend = None if rang is not None and status is None else mend_for_call(status)
    return CallTried(address=route.address, rang_seconds=_rounded(rang), status=status, mend=mend)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)

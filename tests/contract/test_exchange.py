"""What a call relies on of the exchange, on the twin and on a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivr import ids
from ivr.ari.events import PlaybackEnded
from ivr.ari.exchange import NodeExchange
from ivr.ari.routes import Route
from ivr.audio.catalogue import PromptCatalogue
from ivr.call import Call, LegAnswered, LegFailed, Ports, Rung, call_on
from ivr.call.ports import Exchange
from ivr.clock import SystemClock
from ivr.errors import AsteriskRefused
from ivr.observe import Counts
from ivr.rules.model import Account
from ivr.store.memory_journal import MemoryJournal

if TYPE_CHECKING:
    from tests.contract.conftest import Rig, Someone

ANYBODY = Account("anybody")


class NoMessages:
    recordings = "recordings"

    def has_room(self, seconds: float) -> bool:
        return False

    def is_whole(self, file: str, seconds: float) -> bool:
        return False

    def seconds(self, file: str) -> float | None:
        return 0.0


@asynccontextmanager
async def call_at(exchange: Exchange, rig: Rig) -> AsyncIterator[tuple[Someone, Call]]:
    """Somebody calls; the call is theirs, answered."""
    ports = Ports(
        exchange,
        PromptCatalogue({}, {}),
        MemoryJournal(clock=SystemClock()),
        Counts(),
        NoMessages(),
    )
    async with exchange.arrivals() as arrivals:
        someone = await rig.call_in()
        arrival = await anext(arrivals)
    legs = exchange.legs("a-call", arrival.node)
    leg = legs.channel(arrival.channel_id)
    async with call_on(leg, legs, ports, "a-call", caller=None, languages=("nb",)) as call:
        await call.answer()
        await someone.is_answered()
        yield someone, call
        await call.leave()


async def rung_by(rig: Rig, endpoints: Sequence[str]) -> Rung:
    routes = tuple(Route(endpoint) for endpoint in endpoints)
    exchange = NodeExchange(rig.node, routes=lambda *_: routes)
    async with call_at(exchange, rig) as (_, call):
        with call.other_legs():
            return await call.ring(ANYBODY, 5)


async def test_a_call_says_where_it_came_in_and_is_answered_there(rig: Rig) -> None:
    exchange = NodeExchange(rig.node)
    async with exchange.arrivals() as arrivals:
        someone = await rig.call_in()
        arrival = await anext(arrivals)
    await rig.node.ready()
    legs = exchange.legs("a-call", arrival.node)
    leg = legs.channel(arrival.channel_id)
    await leg.answer()
    await someone.is_answered()

    assert arrival.node == rig.node.name
    await leg.hang_up()
    legs.release(leg.id)


async def test_a_phone_that_has_registered_is_reached_by_its_route(rig: Rig) -> None:
    await rig.registers("ola")
    (route,) = NodeExchange(rig.node).routes_to(Account("ola"))
    leg = rig.node.channel(ids.new("leg"))

    await leg.originate(route.endpoint, caller_number="", caller_name="", timeout_seconds=5)

    await leg.hang_up()
    rig.node.release(leg.id)


async def test_a_phone_that_has_not_is_refused_at_once(rig: Rig) -> None:
    (route,) = NodeExchange(rig.node).routes_to(Account("absent"))
    leg = rig.node.channel(ids.new("leg"))

    with pytest.raises(AsteriskRefused):
        await leg.originate(route.endpoint, caller_number="", caller_name="", timeout_seconds=5)

    rig.node.release(leg.id)


async def test_a_recording_is_played_by_its_file(rig: Rig) -> None:
    exchange = NodeExchange(rig.node)
    file = Path(rig.hello.removeprefix("sound:") + ".wav")
    async with call_at(exchange, rig) as (_, call), call.leg.listen(PlaybackEnded) as ends:
        playback = await call.leg.play(exchange.media(file), playback_id=ids.new("pb"))

        assert await anext(ends) == PlaybackEnded(playback.id, ok=True)


async def test_where_one_route_leads_nowhere_the_next_is_tried(rig: Rig) -> None:
    rung = await rung_by(rig, [rig.unregistered, rig.unregistered, rig.answers, rig.busy])

    assert isinstance(rung, LegAnswered)


async def test_what_the_phone_itself_says_is_the_answer(rig: Rig) -> None:
    assert await rung_by(rig, [rig.unregistered, rig.busy, rig.answers]) == LegFailed("busy")


@pytest.mark.parametrize("routes", [0, 1, 3])
async def test_who_is_reached_by_no_route_is_gone(rig: Rig, routes: int) -> None:
    assert await rung_by(rig, [rig.unregistered] * routes) == LegFailed("gone")


async def test_one_ringing_has_one_limit_however_many_routes_there_are(rig: Rig) -> None:
    assert await rung_by(rig, [rig.never, rig.answers]) == LegFailed("no_answer")

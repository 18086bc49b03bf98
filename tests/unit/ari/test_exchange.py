"""Several Asterisks as one exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.ari.exchange import NodeExchange
from ivr.ari.fake import FakeAsterisk
from ivr.ari.node import Node
from ivr.errors import ListenerOverflow
from ivr.rules.model import Account, SipAddress

Two = tuple[FakeAsterisk, FakeAsterisk, NodeExchange]


@pytest.fixture
async def two() -> AsyncIterator[Two]:
    here, there = FakeAsterisk(), FakeAsterisk()
    here.where, there.where = "here", "there"
    nodes = [Node(one, app="ivr") for one in (here, there)]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(node.run()) for node in nodes]
        exchange = NodeExchange(*nodes)
        for node in nodes:
            await node.ready()
        yield here, there, exchange
        for task in running:
            task.cancel()


async def test_calls_come_in_at_every_node_in_the_order_in_which_they_came(two: Two) -> None:
    here, there, exchange = two
    async with exchange.arrivals() as arrivals:
        for one, number in ((there, "1"), (here, "2"), (there, "3")):
            one.ring(f"+479000000{number}", dialled="100")
            await asyncio.sleep(1)
        came = [await anext(arrivals) for _ in range(3)]

    assert [(one.node, one.caller_number[-1]) for one in came] == [
        ("there", "1"),
        ("here", "2"),
        ("there", "3"),
    ]


async def test_a_leg_is_asked_for_at_the_node_where_the_call_came_in(two: Two) -> None:
    _, there, exchange = two
    async with exchange.arrivals() as arrivals:
        caller = there.ring("+4790000001", dialled="100")
        arrival = await anext(arrivals)

    await exchange.legs("a-call", arrival.node).channel(arrival.channel_id).answer()

    await caller.is_answered()


async def test_who_falls_behind_on_one_node_is_told(two: Two) -> None:
    here, there, exchange = two
    async with exchange.arrivals() as arrivals:
        for count in range(1001):
            (here if count % 2 else there).ring("+4790000001", dialled="100")
        await asyncio.sleep(1)
        with pytest.raises(ListenerOverflow):
            async with asyncio.timeout(1):
                while True:
                    await anext(arrivals)


def test_two_nodes_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        NodeExchange(Node(FakeAsterisk(), app="ivr"), Node(FakeAsterisk(), app="ivr"))


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        (Account("kari"), "PJSIP/kari"),
        (SipAddress("sip:tommy@127.0.0.1:5091"), "PJSIP/direct/sip:tommy@127.0.0.1:5091"),
    ],
)
def test_a_phone_has_one_route(phone: Account | SipAddress, dialled: str) -> None:
    (route,) = NodeExchange().routes_to(phone)

    assert route.endpoint == dialled


def test_a_recording_is_named_without_its_extension() -> None:
    assert NodeExchange().media(Path("/p/nb/main.choices.wav")) == "sound:/p/nb/main.choices"

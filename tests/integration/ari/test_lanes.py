"""The link's lanes: sockets beside the one that carries the events, for what calls ask."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ivr.ari.events import Linked, Unlinked
from ivr.ari.link import Link, Patience
from ivr.ari.node import Node
from tests.integration.ari.conftest import link_to

if TYPE_CHECKING:
    from tests.integration.ari.conftest import Server

CALLS = [f"call-{number}" for number in range(40)]


@pytest.fixture
def link(server: Server, patience: Patience) -> Link:
    return link_to(server, patience, lanes=3)


@pytest.fixture
async def ready(node: Node) -> Node:
    await node.ready()
    return node


async def test_a_call_keeps_to_its_lane_so_that_what_it_asks_is_done_in_order(
    server: Server, ready: Node
) -> None:
    for call in CALLS[:5]:
        bridge = ready.legs(call).bridge(f"{call}-br")
        bridge.create().tell()
        bridge.destroy().tell()
        await bridge.create()

        asked = [
            (name, app)
            for name, app in zip(server.asked, server.asked_on, strict=True)
            if f"{call}-br" in name
        ]
        assert [name.split()[0] for name, _ in asked] == ["POST", "DELETE", "POST"]
        assert len({app for _, app in asked}) == 1


async def test_calls_are_spread_over_all_lanes_and_none_takes_the_events_socket(
    server: Server, ready: Node
) -> None:
    for call in CALLS:
        await ready.legs(call).bridge(f"{call}-br").create()

    of_calls = {
        app for name, app in zip(server.asked, server.asked_on, strict=True) if "-br" in name
    }
    assert of_calls == {"ivr-lane-1", "ivr-lane-2", "ivr-lane-3"}


async def test_a_request_that_takes_its_time_holds_up_only_its_own_lane(
    server: Server, ready: Node
) -> None:
    slow, *others = CALLS
    server.held_requests.add("POST bridges/slow-br")
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(_create(ready, slow, "slow-br"))
        await server.until(lambda: "POST bridges/slow-br" in server.asked)
        for call in others:
            await ready.legs(call).bridge(f"{call}-br").create()
        assert not waiting.done()
        await server.let_go()


@pytest.mark.parametrize("app", ["ivr-lane-1", "ivr-lane-3"])
async def test_when_one_lane_breaks_all_connections_are_made_again(
    server: Server, node: Node, app: str
) -> None:
    async with node.links() as links:
        assert isinstance(await anext(links), Linked)
        before = server.connections
        request = server.lanes[app]._req
        assert request
        assert request.transport
        request.transport.abort()

        assert isinstance(await anext(links), Unlinked)
        assert isinstance(await anext(links), Linked)
    assert server.connections == before + 4


async def test_a_lane_hears_of_nothing_but_its_answers(server: Server, ready: Node) -> None:
    assert sorted(query["app"] for query in server.queries) == [
        "ivr,ivr-phones",
        "ivr-lane-1",
        "ivr-lane-2",
        "ivr-lane-3",
    ]
    assert not [name for name in server.asked if "lane" in name]


async def _create(node: Node, call: str, bridge: str) -> None:
    await node.legs(call).bridge(bridge).create()

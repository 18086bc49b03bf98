"""Lists are asked for over HTTP, whatever their length."""

from __future__ import annotations

import pytest

from ivr.ari.generated.operations import Channels, Endpoints
from ivr.ari.link import Link
from ivr.ari.node import Node
from ivr.errors import AsteriskUnreachable, Gone
from tests.integration.ari.conftest import IMPATIENT, Server

MANY = 2_000


async def test_a_link_takes_its_lists_over_http_and_none_over_the_socket(
    server: Server, node: Node
) -> None:
    await node.ready()

    lists = {"GET channels", "GET bridges", "GET endpoints/PJSIP", "GET applications/ivr"}
    assert lists == set(server.listed)
    assert not lists.intersection(server.asked)


async def test_a_list_of_thousands_is_read_whole(server: Server, link: Link) -> None:
    for number in range(MANY):
        server.twin.phone(f"PJSIP/agent-{number}")

    phones = await link.list_all(Endpoints(link).list_by_tech("PJSIP"))

    assert len(phones) == MANY


async def test_a_refusal_is_told_as_one(server: Server, link: Link) -> None:
    with pytest.raises(Gone):
        await link.list_all(Channels(link).get("nobody"))


@pytest.mark.parametrize("patience", [IMPATIENT])
async def test_a_list_that_does_not_come_is_given_up_in_time(server: Server, link: Link) -> None:
    server.mute_requests.add("GET channels")

    with pytest.raises(AsteriskUnreachable, match=r"not answered within 0\.3 s"):
        await link.list_all(Channels(link).list())


async def test_nobody_who_listens_there_is_told_as_unreachable(server: Server, link: Link) -> None:
    await server.stop()

    with pytest.raises(AsteriskUnreachable):
        await link.list_all(Channels(link).list())

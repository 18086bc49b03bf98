"""The link, against a server on loopback. First the four ways in which links have failed before."""

from __future__ import annotations

import asyncio
from types import NoneType

import msgspec
import pytest
import structlog

from ivr.ari.bridge import Bridge
from ivr.ari.events import Digit, Linked, Unlinked
from ivr.ari.generated.models import ApplicationReplaced, ChannelDtmfReceived
from ivr.ari.link import Address, Link, Patience
from ivr.ari.node import Node
from ivr.ari.request import Request
from ivr.ari.transport import Received, SocketsLost, SocketsOpen, UnknownEvent
from ivr.errors import ApplicationTaken, AsteriskUnreachable, Gone
from tests.integration.ari.conftest import IMPATIENT, Server

CHANNEL = (
    '{"id":"1-leg","protocol_id":"","name":"PJSIP/local-1","state":"Up","caller":{"name":"","number":""},'
    '"connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"in","exten":"100","priority":1,'
    '"app_name":"Stasis","app_data":""},"creationtime":"2026-01-05T12:00:00.000+0100","language":"no"}'
)
WHEN = "2026-01-05T12:00:00.000+0100"
COMMON = f'"application":"ivr","timestamp":"{WHEN}"'
KEYED = (
    f'{{"type":"ChannelDtmfReceived",{COMMON},"digit":"5","duration_ms":100,"channel":{CHANNEL}}}'
)


async def test_after_a_drop_with_a_close_frame_the_link_is_made_again(
    server: Server, node: Node
) -> None:
    async with node.links() as links:
        assert isinstance(await anext(links), Linked)
        await server.close()

        assert isinstance(await anext(links), Unlinked)
        assert isinstance(await anext(links), Linked)
    assert server.connections == 2


@pytest.mark.fault("F-39")
async def test_after_a_drop_without_a_close_frame_the_link_is_made_again(
    server: Server, node: Node
) -> None:
    async with node.links() as links:
        assert isinstance(await anext(links), Linked)
        server.cut()

        assert isinstance(await anext(links), Unlinked)
        assert isinstance(await anext(links), Linked)


async def test_while_connections_are_refused_it_goes_on_trying_and_waits_in_between(
    server: Server, node: Node
) -> None:
    await node.ready()
    await server.stop()
    async with node.links() as links:
        await anext(links)
        with pytest.raises(AsteriskUnreachable):
            await node.channel("1-leg").answer()
        await asyncio.sleep(0.3)  # how long the outage lasts, in tries: five and more
        await server.start()

        assert isinstance(await anext(links), Linked)


async def test_a_server_that_accepts_and_never_answers_is_given_up_and_tried_again() -> None:
    tries = 0
    enough = asyncio.Event()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        if tries == 3:
            enough.set()
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    patience = Patience(connect_seconds=0.05, first_retry_seconds=0.01, longest_retry_seconds=0.02)
    link = Link(Address("127.0.0.1", port, "ivr", "secret"), app="ivr", patience=patience)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        await enough.wait()
        running.cancel()
    silent.close()
    await silent.wait_closed()

    assert tries >= 3


@pytest.mark.fault("F-37", "F-41")
@pytest.mark.parametrize("patience", [IMPATIENT])
async def test_a_peer_that_falls_silent_after_connecting_is_noticed_by_the_heartbeat(
    server: Server, node: Node
) -> None:
    async with node.links() as links:
        assert isinstance(await anext(links), Linked)
        server.is_mute = True
        assert server.socket
        server.socket._autoping = False

        assert await anext(links) == Unlinked("silent, in spite of our pings")


async def test_a_server_that_closes_every_connection_at_once_is_not_tried_in_a_tight_loop(
    server: Server, link: Link
) -> None:
    server.status = 503
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        await asyncio.sleep(0.3)  # with waits of 20 to 100 ms that is six tries, not thousands
        running.cancel()

    assert 2 <= server.connections <= 15


async def test_requests_in_flight_when_the_link_drops_fail_at_once(
    server: Server, node: Node
) -> None:
    server.mute_requests.add("POST channels/1-leg/answer")
    await node.ready()
    answering = asyncio.ensure_future(node.channel("1-leg").answer())
    await server.until(lambda: "POST channels/1-leg/answer" in server.asked)
    server.cut()

    with pytest.raises(AsteriskUnreachable, match="no link"):
        await answering


@pytest.mark.parametrize("patience", [IMPATIENT])
async def test_a_request_without_an_answer_fails_in_time_and_the_link_stays(
    server: Server, node: Node
) -> None:
    server.mute_requests.add("POST channels/1-leg/answer")
    await node.ready()

    with pytest.raises(AsteriskUnreachable, match="not answered within"):
        await node.channel("1-leg").answer()
    assert node.is_linked


async def test_two_answers_that_come_in_the_wrong_order_reach_those_who_asked(
    server: Server, node: Node
) -> None:
    server.held_requests |= {"POST bridges/a-br", "POST bridges/b-br"}
    await node.ready()
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(_made(node.legs("a-call").bridge("a-br")))
        second = tasks.create_task(_made(node.legs("a-call").bridge("b-br")))
        await server.until(lambda: "POST bridges/b-br" in server.asked)
        await server.let_go()

    assert (first.result(), second.result()) == ("a-br", "b-br")
    assert list(server.twin.bridges) == ["b-br", "a-br"]


async def test_what_is_told_is_sent_before_what_is_asked_after_it(
    server: Server, node: Node
) -> None:
    await node.ready()
    bridge = node.legs("a-call").bridge("a-br")
    bridge.create().tell()
    bridge.destroy().tell()
    await bridge.create()

    asked = [one for one in server.asked if "a-br" in one]
    assert asked == ["POST bridges/a-br", "DELETE bridges/a-br", "POST bridges/a-br"]


async def test_what_is_told_just_before_the_end_is_sent_all_the_same(
    server: Server, link: Link
) -> None:
    node = Node(link, app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run())
        await node.ready()
        node.legs("a-call").bridge("a-br").create().tell()
        running.cancel()
    await server.until(lambda: "POST bridges/a-br" in server.asked)

    assert list(server.twin.bridges) == ["a-br"]


async def test_a_refusal_of_what_was_told_goes_to_the_log_unless_the_call_is_gone(
    server: Server, node: Node
) -> None:
    await node.ready()
    bridge = node.legs("a-call").bridge("a-br")
    with structlog.testing.capture_logs() as lines:
        node.legs("a-call").bridge("gone-br").destroy().tell()
        bridge.create().tell()
        bridge.create().tell()
        await bridge.destroy()

    assert [line["event"] for line in lines] == ["asterisk refused what it was told"]
    assert "POST bridges/a-br" in lines[0]["error"]


STOP = "DELETE playbacks/a%20-pb"


@pytest.mark.parametrize("is_asked", [True, False])
async def test_a_playback_that_just_begins_is_stopped_a_moment_later(
    server: Server, node: Node, *, is_asked: bool
) -> None:
    await node.ready()
    server.twin.faults.refuse_next(STOP, 500)
    stop = node.legs("a-call").channel("a-leg").playback("a -pb").stop()
    with structlog.testing.capture_logs() as lines:
        if is_asked:
            with pytest.raises(
                Gone
            ):  # the second time it is not there, as this Asterisk plays nothing
                await stop
        else:
            stop.tell()
        await server.until(lambda: server.asked.count(STOP) == 2)
        await node.legs("a-call").bridge("a-br").create()

    assert not lines


async def test_a_playback_that_cannot_be_stopped_at_all_is_told_once(
    server: Server, node: Node
) -> None:
    await node.ready()
    for _ in range(2):
        server.twin.faults.refuse_next(STOP, 500)
    with structlog.testing.capture_logs() as lines:
        node.legs("a-call").channel("a-leg").playback("a -pb").stop().tell()
        await server.until(lambda: server.asked.count(STOP) == 2)
        await node.legs("a-call").bridge("a-br").create()

    assert [line["event"] for line in lines] == ["asterisk refused what it was told"]
    assert server.asked.count(STOP) == 2


async def test_nothing_can_be_told_without_a_link(node: Node, server: Server) -> None:
    await node.ready()
    await server.stop()
    async with node.links() as links:
        await anext(links)

        with pytest.raises(AsteriskUnreachable):
            node.legs("a-call").bridge("a-br").create().tell()


async def _made(bridge: Bridge) -> str:
    return (await bridge.create()).id


@pytest.mark.fault("F-34")
async def test_an_unknown_event_is_counted_and_the_next_is_heard(
    server: Server, link: Link, node: Node
) -> None:
    await node.ready()
    with node.owning("1-leg") as leg:
        async with leg.listen(Digit) as digits:
            await server.tell(f'{{"type":"ChannelBlinked",{COMMON}}}')
            await server.tell(KEYED)

            assert (await anext(digits)).digit == "5"
    assert link.counts.as_dict() == {"asterisk_events_unknown_ChannelBlinked": 1}


async def test_an_event_without_its_fields_is_counted_and_the_next_is_heard(
    server: Server, link: Link, node: Node
) -> None:
    await node.ready()
    with node.owning("1-leg") as leg:
        async with leg.listen(Digit) as digits:
            await server.tell(f'{{"type":"ChannelDtmfReceived",{COMMON}}}')
            await server.tell(KEYED)

            assert (await anext(digits)).digit == "5"
    assert link.counts.as_dict() == {"asterisk_events_bad_ChannelDtmfReceived": 1}


@pytest.mark.parametrize("frame", ["{", "no json at all", "[1]", '{"digit":"5"}'])
@pytest.mark.fault("F-34")
async def test_a_frame_that_is_no_event_means_a_new_connection(
    server: Server, node: Node, frame: str
) -> None:
    async with node.links() as links:
        await anext(links)
        await server.tell(frame)

        assert await anext(links) == Unlinked("asterisk sent a frame that is no event")
        assert isinstance(await anext(links), Linked)


async def test_more_events_than_can_be_read_mean_a_new_connection(server: Server) -> None:
    patience = Patience(backlog=10, first_retry_seconds=0.01, close_seconds=0.05)
    address = Address("127.0.0.1", server.port, "ivr", "secret")
    link = Link(address, app="ivr", patience=patience, lanes=0)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        assert await link.next_news() == SocketsOpen()
        for _ in range(12):
            await server.tell('{"type":"ChannelBlinked"}')
        await server.until(lambda: server.connections == 2)
        running.cancel()

    assert await link.next_news() == Received(UnknownEvent("ChannelBlinked"))


@pytest.mark.fault("F-09a")
async def test_a_server_whose_application_is_taken_steps_down(server: Server, link: Link) -> None:
    node = Node(link, app="ivr")

    async def take_it() -> None:
        await node.ready()
        await server.tell(f'{{"type":"ApplicationReplaced",{COMMON}}}')

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(take_it())
        with pytest.raises(ApplicationTaken):
            await node.run()


@pytest.mark.parametrize("left_unanswered", ["the connection", "what was asked"])
async def test_a_connection_that_is_answered_late_takes_the_application_from_us_only(
    server: Server, left_unanswered: str
) -> None:
    """Asterisk hung for some seconds, and answers all that was tried meanwhile, in any order."""
    patience = Patience(first_retry_seconds=0.01, close_seconds=0.05, connect_seconds=0.2)
    link = Link(Address("127.0.0.1", server.port, "ivr", "secret"), app="ivr", patience=patience)
    node = Node(link, app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run())
        await node.ready()
        if left_unanswered == "the connection":
            await server.stop()
            hung, tried = asyncio.Event(), asyncio.Event()

            async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                tried.set()
                await hung.wait()
                writer.close()

            hanging = await asyncio.start_server(hang, "127.0.0.1", server.port)
            await tried.wait()
            await asyncio.sleep(0.3)  # longer than the link waits
            hanging.close()
            hung.set()
            await server.start()
        else:
            await link.drop("could not be set up")
        async with node.links() as links:
            while not isinstance(await anext(links), Linked):
                pass
            before = server.connections
            await server.tell(f'{{"type":"ApplicationReplaced",{COMMON}}}')
            while not isinstance(await anext(links), Unlinked):
                pass
            assert isinstance(await anext(links), Linked)
        assert server.connections > before
        running.cancel()


async def test_a_wrong_password_is_said_once_and_tried_again(
    server: Server, link: Link, capsys: pytest.CaptureFixture[str]
) -> None:
    server.status = 401
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        await server.until(lambda: server.connections == 4)
        running.cancel()

    said = capsys.readouterr().out
    assert said.count("refused our ARI user or password") == 1
    assert "secret" not in said


async def test_both_applications_are_asked_for_and_not_every_event(
    server: Server, node: Node
) -> None:
    await node.ready()

    assert server.queries == [{"app": "ivr,ivr-phones", "subscribeAll": "false"}]


async def test_what_comes_is_handed_on_at_once_after_all_that_waited(
    server: Server, link: Link
) -> None:
    """And waits again behind new sockets, until they are set up."""
    handed: list[str] = []
    keyed = (KEYED.replace('"digit":"5"', f'"digit":"{digit}"') for digit in "12345")

    def take(event: msgspec.Struct) -> None:
        assert isinstance(event, ChannelDtmfReceived)
        handed.append(event.digit)

    async def waited() -> str:
        news = await link.next_news()
        assert isinstance(news, Received)
        assert isinstance(news.event, ChannelDtmfReceived)
        return news.event.digit

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        assert await link.next_news() == SocketsOpen()
        await server.tell(next(keyed))
        assert await waited() == "1"

        link.hand_on_to(take)
        await server.tell(next(keyed))
        await server.tell(f'{{"type":"ApplicationReplaced",{COMMON}}}')
        await server.tell(next(keyed))
        assert await link.next_news() == Received(
            ApplicationReplaced(application="ivr", timestamp=WHEN)
        )
        assert (handed, await waited()) == (["2"], "3")

        await server.close()
        assert isinstance(await link.next_news(), SocketsLost)
        assert await link.next_news() == SocketsOpen()
        await server.tell(next(keyed))
        assert (await waited(), handed) == ("4", ["2"])
        running.cancel()


async def test_an_event_that_whoever_hears_it_chokes_on_costs_the_connection_and_no_more(
    server: Server, link: Link
) -> None:
    def choke(_event: msgspec.Struct) -> None:
        raise ZeroDivisionError

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        assert await link.next_news() == SocketsOpen()
        link.hand_on_to(choke)
        await server.tell(KEYED)

        assert isinstance(await link.next_news(), SocketsLost)
        assert await link.next_news() == SocketsOpen()
        running.cancel()


async def test_a_request_before_there_is_a_link_fails_at_once(link: Link) -> None:
    with pytest.raises(AsteriskUnreachable):
        await Request(link, "POST", "channels/1-leg/answer", {}, None, NoneType)


async def test_a_connection_that_ends_says_so_after_its_last_event(
    server: Server, link: Link
) -> None:
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(link.run())
        assert await link.next_news() == SocketsOpen()
        await server.tell(KEYED)
        await server.close()

        assert isinstance(await link.next_news(), Received)
        assert isinstance(await link.next_news(), SocketsLost)
        running.cancel()


def test_an_address_shows_no_password() -> None:
    address = Address("127.0.0.1", 8088, "ivr", "hush")

    assert "hush" not in f"{address} {address!r}"

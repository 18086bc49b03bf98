import asyncio

import pytest

from ivr.call.hangup import HangUpScope
from ivr.errors import CallerHungUp, ChannelGone, Gone


class OneLeg:
    """A leg with nothing but a name and an end."""

    id = "caller-ch"

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hangs_up(self) -> None:
        self.ended.set_result(None)


@pytest.fixture
async def leg() -> OneLeg:
    return OneLeg()


@pytest.fixture
async def leaving_leg(leg: OneLeg) -> OneLeg:
    asyncio.get_running_loop().call_later(1, leg.hangs_up)
    return leg


async def test_a_hang_up_cancels_the_body_and_reads_as_caller_hung_up(
    leaving_leg: OneLeg,
) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(leaving_leg):
            await asyncio.sleep(5)


async def test_it_comes_bare_through_a_timeout_and_a_task_group(
    leaving_leg: OneLeg,
) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(leaving_leg), asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(5))
            await asyncio.sleep(5)


async def test_a_leg_that_had_ended_before_cancels_at_the_first_await(
    leg: OneLeg,
) -> None:
    leg.hangs_up()

    with pytest.raises(CallerHungUp):
        async with HangUpScope(leg):
            await asyncio.sleep(5)


async def test_cleaning_up_may_await(leaving_leg: OneLeg) -> None:
    cleaned = []

    with pytest.raises(CallerHungUp):
        async with HangUpScope(leaving_leg):
            try:
                await asyncio.sleep(5)
            finally:
                await asyncio.sleep(1)
                cleaned.append("bridge")

    assert cleaned == ["bridge"]


async def test_a_hang_up_in_the_tick_of_the_last_line_cancels_nothing_later(
    leg: OneLeg,
) -> None:
    async with HangUpScope(leg):
        leg.hangs_up()

    await asyncio.sleep(1)


async def test_a_cancellation_from_outside_stays_one(leg: OneLeg) -> None:
    async def body() -> None:
        async with HangUpScope(leg):
            await asyncio.sleep(5)

    task = asyncio.create_task(body())
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_leg_found_gone_by_a_verb_is_a_hang_up_too(leg: OneLeg) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(leg):
            raise ChannelGone(leg.id)


@pytest.mark.parametrize(
    "gone",
    [
        Gone("bridge", "talk-br"),
        Gone("bridge", OneLeg.id),
        ChannelGone("agent-ch"),
        ChannelGone(""),
    ],
    ids=["a bridge", "a bridge of the leg's own name", "another leg", "one leg of several"],
)
async def test_that_something_else_is_gone_is_no_hang_up(leg: OneLeg, gone: Gone) -> None:
    with pytest.raises(type(gone)) as raised:
        async with HangUpScope(leg):
            raise gone

    assert raised.value is gone


async def test_an_error_in_the_tick_of_the_hang_up_is_not_hidden(
    leg: OneLeg,
) -> None:
    with pytest.raises(ValueError, match="fault"):
        async with HangUpScope(leg):
            leg.hangs_up()
            try:
                await asyncio.sleep(0)
            finally:
                raise ValueError("a fault of ours")

    await asyncio.sleep(1)

import asyncio

import pytest

from ivr.call.hangup import HangUpScope
from ivr.errors import CallerHungUp, ChannelGone


@pytest.fixture
async def ended() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@pytest.fixture
async def hang_up_soon(ended: asyncio.Future[None]) -> asyncio.Future[None]:
    asyncio.get_running_loop().call_later(1, ended.set_result, None)
    return ended


async def test_a_hang_up_cancels_the_body_and_reads_as_caller_hung_up(
    hang_up_soon: asyncio.Future[None],
) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(hang_up_soon):
            await asyncio.sleep(5)


async def test_it_comes_bare_through_a_timeout_and_a_task_group(
    hang_up_soon: asyncio.Future[None],
) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(hang_up_soon), asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(5))
            await asyncio.sleep(5)


async def test_a_leg_that_had_ended_before_cancels_at_the_first_await(
    ended: asyncio.Future[None],
) -> None:
    ended.set_result(None)

    with pytest.raises(CallerHungUp):
        async with HangUpScope(ended):
            await asyncio.sleep(5)


async def test_cleaning_up_may_await(hang_up_soon: asyncio.Future[None]) -> None:
    cleaned = []

    with pytest.raises(CallerHungUp):
        async with HangUpScope(hang_up_soon):
            try:
                await asyncio.sleep(5)
            finally:
                await asyncio.sleep(1)
                cleaned.append("bridge")

    assert cleaned == ["bridge"]


async def test_a_hang_up_in_the_tick_of_the_last_line_cancels_nothing_later(
    ended: asyncio.Future[None],
) -> None:
    async with HangUpScope(ended):
        ended.set_result(None)

    await asyncio.sleep(1)


async def test_a_cancellation_from_outside_stays_one(ended: asyncio.Future[None]) -> None:
    async def body() -> None:
        async with HangUpScope(ended):
            await asyncio.sleep(5)

    task = asyncio.create_task(body())
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_leg_found_gone_by_a_verb_is_a_hang_up_too(ended: asyncio.Future[None]) -> None:
    with pytest.raises(CallerHungUp):
        async with HangUpScope(ended):
            raise ChannelGone


async def test_an_error_in_the_tick_of_the_hang_up_is_not_hidden(
    ended: asyncio.Future[None],
) -> None:
    with pytest.raises(ValueError, match="fault"):
        async with HangUpScope(ended):
            ended.set_result(None)
            try:
                await asyncio.sleep(0)
            finally:
                raise ValueError("a fault of ours")

    await asyncio.sleep(1)

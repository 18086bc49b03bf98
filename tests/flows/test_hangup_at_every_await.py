"""A caller hangs up at every line on which a flow can wait; nothing may be left behind.

A story is told once to count the awaits of the call's tasks, then once for each of them with a hang-up there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

import pytest

from ivr.queues.agents import AgentState
from ivr.records.events import Ended

Story = Callable[[Any, Any], Awaitable[None]]


OF_A_CALL = {"Supervisor._take", "Voice.say"}
"""What runs in the tasks of a call; a task's name is not known yet when it is made."""


class Counted:
    """A coroutine whose suspensions are counted; at each, `at_await` is told its number."""

    def __init__(self, inner: Coroutine[Any, Any, Any], at_await: Callable[[], None]) -> None:
        self._inner = inner
        self._at_await = at_await

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._inner.__await__()
        sent: Any = None
        thrown: BaseException | None = None
        while True:
            try:
                awaited = steps.send(sent) if thrown is None else steps.throw(thrown)
            except StopIteration as returned:
                return returned.value
            self._at_await()
            sent, thrown = None, None
            try:
                sent = yield awaited
            except BaseException as error:  # noqa: BLE001 - passed on to the coroutine, as a task would
                thrown = error


class AwaitsOfCalls:
    """Counts the awaits of every task that belongs to a call, and hangs up at one of them."""

    def __init__(self, hang_up_at: int | None) -> None:
        self.count = 0
        self._hang_up_at = hang_up_at
        self.caller: Any = None
        self.has_hung_up = asyncio.Event()
        asyncio.get_running_loop().set_task_factory(self._make_task)

    def _make_task(self, loop: Any, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        if getattr(coroutine, "__qualname__", "") in OF_A_CALL:
            return asyncio.Task(self._counted(coroutine), loop=loop, **options)
        return asyncio.Task(coroutine, loop=loop, **options)

    async def _counted(self, coroutine: Any) -> Any:
        return await Counted(coroutine, self._at_await)

    def _at_await(self) -> None:
        self.count += 1
        if self.count == self._hang_up_at and self.caller is not None:
            self.caller.hangs_up()
            self.has_hung_up.set()


async def talks(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("kari", answers_after=2)
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(5)


async def is_passed_over_and_overflows(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("kari", busy=True)
    await switchboard.signs_in("ola")
    switchboard.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=1)
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("tommy")


async def leaves_a_message(switchboard: Any, caller: Any) -> None:
    await caller.hears("welcome")
    caller.keys("3")
    await caller.hears("voicemail")
    await asyncio.sleep(5)
    caller.keys("#")
    await caller.hears("message_saved")
    await caller.is_hung_up()


async def is_slow_of_choice(switchboard: Any, caller: Any) -> None:
    await caller.hears("choices")
    caller.keys("7")
    await caller.hears("no_match")
    caller.keys("9")
    await caller.hears("welcome")
    await caller.hears("no_input")
    await caller.hears("voicemail")


async def is_agents_to_end(switchboard: Any, caller: Any) -> None:
    phone = await switchboard.signs_in("kari", answers_after=2)
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    phone.hangs_up()
    await caller.is_hung_up()


STORIES = [
    talks,
    is_passed_over_and_overflows,
    leaves_a_message,
    is_slow_of_choice,
    is_agents_to_end,
]


async def tell(make_switchboard: Callable[[], Any], story: Story, hang_up_at: int | None) -> int:
    """Tell a story; returns how many awaits it has."""
    async with make_switchboard() as switchboard:
        awaits = AwaitsOfCalls(hang_up_at)
        caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
        awaits.caller = caller
        telling = asyncio.ensure_future(story(switchboard, caller))
        hang_up = asyncio.ensure_future(awaits.has_hung_up.wait())
        await asyncio.wait([telling, hang_up], return_when=asyncio.FIRST_COMPLETED)
        telling.cancel()
        hang_up.cancel()
        await asyncio.wait([telling, hang_up])
        counted = awaits.count
        caller.hangs_up()
        await asyncio.sleep(60)

        where = f"{story.__name__}, hang-up at await {hang_up_at}"
        assert switchboard.supervisor.calls == 0, where
        assert switchboard.asterisk.leftovers() == [], where
        assert [type(e) for e in switchboard.events()].count(Ended) == 1, where
        assert switchboard.events()[-1].by in {"caller", "agent", "rules"}, where
        states = {view.state for view in switchboard.desk.agents()}
        assert states <= {AgentState.AVAILABLE, AgentState.SIGNED_OUT}, where
    return counted


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_hang_up_at_every_await_leaves_nothing_behind(
    make_switchboard: Any, story: Story
) -> None:
    awaits = await tell(make_switchboard, story, None)
    assert awaits > 10

    for number in range(1, awaits + 1):
        await tell(make_switchboard, story, number)

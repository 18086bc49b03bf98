"""A caller hangs up at every line on which a flow can wait; nothing may be left behind.

A story is told once to count its awaits and requests, then once for each of them with a hang-up there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any

import pytest

from ivr.desk.sites import AGAIN_SECONDS
from ivr.queues.agents import SILENT_REASON, AgentState
from ivr.records.events import Ended
from tests.flows.conftest import OUTSIDE

Story = Callable[[Any, Any], Awaitable[None]]


OF_A_CALL = {"Supervisor._take", "Voice.say", "keep_company", "wait_for_agent", "Call.exit_key"}
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
    """Counts the awaits of every task that belongs to a call; at the n-th, `then[n]` is done."""

    def __init__(self) -> None:
        self.count = 0
        self.then: dict[int, Callable[[], object]] = {}
        asyncio.get_running_loop().set_task_factory(self._make_task)

    def _make_task(self, loop: Any, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        if getattr(coroutine, "__qualname__", "") in OF_A_CALL:
            return asyncio.Task(self._counted(coroutine), loop=loop, **options)
        return asyncio.Task(coroutine, loop=loop, **options)

    async def _counted(self, coroutine: Any) -> Any:
        return await Counted(coroutine, self._at_await)

    def _at_await(self) -> None:
        self.count += 1
        self.then.pop(self.count, lambda: None)()


@dataclass(frozen=True)
class Told:
    """How long a story is."""

    awaits: int
    requests: int


Prepare = Callable[[Any, AwaitsOfCalls, Callable[[], object]], None]


async def talks(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("kari", answers_after=2)
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(5)


async def is_left_by_a_silent_phone(switchboard: Any, caller: Any) -> None:
    phone = await switchboard.signs_in("kari", answers_after=2)
    phone.sends_sound = False
    await caller.hears("welcome")
    caller.keys("1")
    await caller.hears("sorry")
    await switchboard.signs_in("ola", answers_after=1)
    await caller.is_talking_to("ola")
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
    caller.keys("8")
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


async def keys_ahead_of_every_word(switchboard: Any, caller: Any) -> None:
    await caller.is_answered()
    caller.keys("9#1", apart_seconds=0.05)
    await switchboard.signs_in("kari", answers_after=2)
    await caller.is_talking_to("kari")
    caller.keys("123")
    await asyncio.sleep(5)


async def is_not_connected_at_first(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    await switchboard.signs_in("ola", answers_after=1)
    switchboard.asterisk.faults.refuse_next("/addChannel")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("ola")


async def loses_the_agent(switchboard: Any, caller: Any) -> None:
    kari = await switchboard.signs_in("kari", answers_after=1)
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    kari.is_lost()
    await caller.hears("sorry")
    await switchboard.signs_in("ola", answers_after=1)
    await caller.is_talking_to("ola")


async def is_put_through_to_a_phone(switchboard: Any, caller: Any) -> None:
    vakt = await switchboard.signs_in("vakt", answers_after=2)
    await caller.hears("welcome")
    caller.keys("4")
    await caller.is_talking_to("vakt")
    vakt.hangs_up()
    await caller.is_hung_up()


async def rings_at_a_phone_that_nobody_takes(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("vakt")
    await caller.hears("welcome")
    caller.keys("4")
    await caller.hears("voicemail")


async def is_put_through_outside_once_the_key_is_pressed(switchboard: Any, caller: Any) -> None:
    silent, vakt = (switchboard.asterisk.phone(way, answers_after=1) for way in OUTSIDE)
    silent.answers_after, silent.is_silent = None, True
    await caller.hears("welcome")
    caller.keys("5")
    await vakt.hears("take_call")
    vakt.keys("1")
    await caller.is_talking_to(OUTSIDE[1])
    vakt.hangs_up()
    await caller.is_hung_up()


async def is_taken_by_a_partner_that_did_not_at_first(switchboard: Any, caller: Any) -> None:
    for way in OUTSIDE:
        switchboard.asterisk.phone(way, busy=True)
    await caller.hears("welcome")
    caller.keys("7")
    await asyncio.sleep(AGAIN_SECONDS / 2)
    partner = switchboard.asterisk.phone(OUTSIDE[0], answers_after=1)
    await partner.hears("take_call")
    partner.keys("1")
    await caller.is_talking_to(OUTSIDE[0])
    partner.hangs_up()
    await caller.is_hung_up()


async def is_answered_outside_by_a_voicemail(switchboard: Any, caller: Any) -> None:
    switchboard.asterisk.phone(OUTSIDE[0], answers_after=1)
    await caller.hears("welcome")
    caller.keys("5")
    await caller.hears("voicemail")


async def rates_the_talk_at_the_second_try(switchboard: Any, caller: Any) -> None:
    lise = await switchboard.signs_in("lise", answers_after=2)
    await caller.hears("welcome")
    caller.keys("6")
    await caller.is_talking_to("lise")
    lise.hangs_up()
    await caller.hears("rate")
    caller.keys("0")
    await caller.hears("no_match")
    caller.keys("1")
    await caller.hears("goodbye")
    await caller.is_hung_up()


STORIES = [
    is_taken_by_a_partner_that_did_not_at_first,
    rates_the_talk_at_the_second_try,
    is_put_through_outside_once_the_key_is_pressed,
    is_answered_outside_by_a_voicemail,
    is_put_through_to_a_phone,
    rings_at_a_phone_that_nobody_takes,
    talks,
    loses_the_agent,
    is_left_by_a_silent_phone,
    keys_ahead_of_every_word,
    is_not_connected_at_first,
    is_passed_over_and_overflows,
    leaves_a_message,
    is_slow_of_choice,
    is_agents_to_end,
]


async def tell(
    make_switchboard: Callable[[], Any],
    story: Story,
    prepare: Prepare,
    *,
    dialled: str = "+4755301000",
) -> Told:
    """Tell a story, with a hang-up where `prepare` puts it; nothing may be left behind."""
    async with make_switchboard() as switchboard:
        hung_up = asyncio.Event()
        awaits = AwaitsOfCalls()

        def hang_up() -> None:
            caller.hangs_up()
            hung_up.set()

        prepare(switchboard, awaits, hang_up)
        requests_before = len(switchboard.asterisk.requests)
        caller = switchboard.asterisk.ring("+4790000001", dialled=dialled)
        telling = asyncio.ensure_future(story(switchboard, caller))
        hanging_up = asyncio.ensure_future(hung_up.wait())
        await asyncio.wait([telling, hanging_up], return_when=asyncio.FIRST_COMPLETED)
        telling.cancel()
        hanging_up.cancel()
        await asyncio.wait([telling, hanging_up])
        told = Told(awaits.count, len(switchboard.asterisk.requests) - requests_before)
        caller.hangs_up()
        await asyncio.sleep(60)

        assert switchboard.supervisor.calls == 0
        assert switchboard.asterisk.leftovers() == []
        assert switchboard.node.followed() == frozenset()
        assert set(switchboard.trunks.calls_out.values()) <= {0}
        assert switchboard.desk.sites.calls_at("partner") == 0
        assert [type(event) for event in switchboard.events()].count(Ended) == 1
        assert switchboard.events()[-1].by in {"caller", "agent", "rules"}
        states = {one.state for one in switchboard.desk.agents() if one.reason != SILENT_REASON}
        assert states <= {AgentState.AVAILABLE, AgentState.SIGNED_OUT}
    return told


def at_await(number: int) -> Prepare:
    def prepare(_: Any, awaits: AwaitsOfCalls, hang_up: Callable[[], object]) -> None:
        awaits.then[number] = hang_up

    return prepare


def around_request(number: int, when: str) -> Prepare:
    """Just before, or just after, Asterisk acts upon the n-th request of the story."""

    def prepare(switchboard: Any, _: AwaitsOfCalls, hang_up: Callable[[], object]) -> None:
        place = len(switchboard.asterisk.requests) + number
        getattr(switchboard.asterisk.faults, when)[place] = hang_up

    return prepare


def nowhere(_: Any, __: AwaitsOfCalls, ___: Callable[[], object]) -> None:
    """To its end."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_hang_up_at_every_await_leaves_nothing_behind(
    make_switchboard: Any, story: Story
) -> None:
    told = await tell(make_switchboard, story, nowhere)
    assert told.awaits > 10

    for number in range(1, told.awaits + 1):
        await tell(make_switchboard, story, at_await(number))


@pytest.mark.parametrize("when", ["before_request", "after_request"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
@pytest.mark.fault("F-50")
async def test_a_hang_up_around_every_request_leaves_nothing_behind(
    make_switchboard: Any, story: Story, when: str
) -> None:
    told = await tell(make_switchboard, story, nowhere)
    assert told.requests > 5

    for number in range(1, told.requests + 1):
        await tell(make_switchboard, story, around_request(number, when))

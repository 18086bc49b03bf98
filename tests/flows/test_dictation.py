"""Stories of agents who record a prompt by phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

import pytest

from ivr.ari.fake import Caller
from ivr.flows.dictation import DraftUnderWay
from ivr.rules.load import load_rules
from ivr.server.drafts import Dictations
from ivr.server.pins import LOCKED_SECONDS, Pins
from tests.flows.conftest import CARRIER, PROMPTS, Switchboard, ended_cleanly, prompts
from tests.flows.test_hangup_at_every_await import (
    AwaitsOfCalls,
    around_request,
    at_await,
)
from tests.flows.test_hot_desk import RULES, at_once

PIN, MOBILE_NUMBER = "471147", "+47 21 00 00 99"
SPOKEN = (
    "agent.your_number",
    "agent.your_pin",
    "agent.wrong_pin",
    "agent.locked",
    "record.which",
    "record.begin",
    "record.nothing",
    "record.decide",
    "record.kept",
    "beep",
)


class DraftsInMemory:
    """Remembers what was kept, and what was made and not kept."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str]] = []
        self.under_way_now = 0
        self.made = 0
        self.dropped: set[str] = set()

    @contextmanager
    def under_way(self, name: str) -> Iterator[DraftUnderWay]:
        self.made += 1
        self.under_way_now += 1
        try:
            yield DraftUnderWay(name, Path(f"/recordings/draft{self.made}.wav"))
        finally:
            self.under_way_now -= 1

    def drop(self, names: Collection[str]) -> None:
        self.dropped.update(names)

    def keep(self, draft: DraftUnderWay, prompt: str, language: str) -> bool:
        self.kept.append((prompt, language))
        return True


def is_right(_: Path, agent: str, pin: str) -> bool:
    return (agent, pin) == ("kari", PIN)


def board_with(
    drafts: DraftsInMemory,
    code: str | None = "*73",
    recordable: tuple[str, ...] = ("closed.storm",),
) -> AbstractAsyncContextManager[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    switchboard = Switchboard(rules, prompts((*PROMPTS, *SPOKEN)), trunks=(CARRIER,))
    switchboard.supervisor.pins = Pins(Path("/nowhere"), is_right)
    switchboard.supervisor.dictations = Dictations(code, recordable, drafts)
    return switchboard.running()


@pytest.fixture(autouse=True)
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "to_thread", at_once)  # minutes would pass while a thread works


@pytest.fixture
def drafts() -> DraftsInMemory:
    return DraftsInMemory()


@pytest.fixture
async def house(drafts: DraftsInMemory) -> AsyncIterator[Switchboard]:
    async with ended_cleanly(board_with(drafts)) as board:
        yield board
        assert drafts.under_way_now == 0


def dials(house: Switchboard, text: str = "*73", phone: str = "kari") -> Caller:
    caller: Caller = house.asterisk.ring(phone, dialled=text, endpoint=f"PJSIP/{phone}")
    return caller


async def reads(caller: Caller) -> None:
    await caller.hears("record.begin")
    await caller.hears("beep")
    await asyncio.sleep(4)
    caller.keys("#")


async def test_an_agent_reads_hears_and_keeps_a_prompt(
    house: Switchboard, drafts: DraftsInMemory
) -> None:
    caller = dials(house)
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await reads(caller)
    await caller.hears("draft1")
    await caller.hears("record.decide")
    caller.keys("1")
    await caller.hears("record.kept")
    await caller.is_hung_up()

    assert drafts.kept == [("closed.storm", "nb")]


async def test_who_calls_from_a_mobile_says_who_it_is(drafts: DraftsInMemory) -> None:
    async with board_with(drafts, MOBILE_NUMBER) as house:
        caller = house.asterisk.ring("+4790000001", dialled="+4721000099", endpoint="PJSIP/telia")
        await caller.hears("agent.your_number")
        caller.keys("21#")
        await caller.hears("agent.your_pin")
        caller.keys(f"{PIN}#")
        await reads(caller)
        await caller.hears("record.decide")
        caller.keys("1")
        await caller.hears("record.kept")
        await asyncio.sleep(60)

    assert drafts.kept == [("closed.storm", "nb")]


async def test_it_is_read_anew_and_heard_again_as_often_as_wanted(
    house: Switchboard, drafts: DraftsInMemory
) -> None:
    caller = dials(house)
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await reads(caller)
    await caller.hears("record.decide")
    caller.keys("2")
    await reads(caller)
    await caller.hears("draft2")
    await caller.hears("record.decide")
    caller.keys("3")
    await caller.hears("draft2")
    await caller.hears("record.decide")
    caller.keys("1")
    await caller.is_hung_up()

    assert (drafts.made, drafts.kept) == (2, [("closed.storm", "nb")])


async def test_who_says_nothing_about_it_keeps_nothing(
    house: Switchboard, drafts: DraftsInMemory
) -> None:
    caller = dials(house)
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await reads(caller)
    await caller.is_hung_up()

    assert caller.heard[-1] == "goodbye"
    assert drafts.kept == []


async def test_of_several_prompts_one_is_chosen_by_its_place(drafts: DraftsInMemory) -> None:
    async with board_with(drafts, recordable=("closed.storm", "closed")) as house:
        caller = dials(house)
        await caller.hears("agent.your_pin")
        caller.keys(f"{PIN}#")
        await caller.hears("record.which")
        caller.keys("2")
        await reads(caller)
        await caller.hears("record.decide")
        caller.keys("1")
        await caller.is_hung_up()

    assert drafts.kept == [("closed", "nb")]


async def test_three_wrong_pins_lock_for_a_minute_and_the_digits_are_nowhere(
    house: Switchboard, drafts: DraftsInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = dials(house)
    for heard in ("agent.wrong_pin", "agent.wrong_pin", "agent.locked"):
        await caller.hears("agent.your_pin")
        caller.keys("909090#")
        await caller.hears(heard)
    await caller.is_hung_up()
    await asyncio.sleep(5)
    caller = dials(house)
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await caller.hears("agent.locked")
    await asyncio.sleep(LOCKED_SECONDS)
    caller = dials(house)
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await caller.hears("record.begin")
    caller.hangs_up()
    await asyncio.sleep(1)

    kept = repr([house.journal.events(one.call_id) for one in house.records])
    told = capsys.readouterr()
    for secret in (PIN, "909090"):
        assert secret not in kept + told.out + told.err
    assert drafts.kept == []


@pytest.mark.parametrize("doing", ["reads", "hears", "decides"])
async def test_a_server_that_stops_says_so_to_who_records_and_keeps_nothing(
    house: Switchboard, drafts: DraftsInMemory, doing: str
) -> None:
    caller = dials(house)
    caller.speaks_seconds = 60.0
    await caller.hears("agent.your_pin")
    caller.keys(f"{PIN}#")
    await caller.hears("beep")
    await asyncio.sleep(4)
    if doing != "reads":
        caller.keys("#")
        await caller.hears("draft1")
    if doing == "decides":
        await caller.hears("record.decide")
    began = asyncio.get_running_loop().time()
    draining = asyncio.ensure_future(house.supervisor.drain(0.5))

    await caller.hears("sorry")
    await caller.is_hung_up()
    await draining

    assert asyncio.get_running_loop().time() - began < 5
    assert caller.heard[-1] == "sorry"
    assert drafts.kept == []
    assert drafts.under_way_now == 0
    assert house.asterisk.leftovers() == []
    assert [one.ended_by for one in house.records] == ["drain"]


async def test_without_the_setting_the_code_is_one_that_nobody_has(drafts: DraftsInMemory) -> None:
    async with board_with(drafts, None) as house:
        caller = dials(house)
        await caller.is_hung_up()

        assert "record.begin" not in caller.heard


async def test_a_code_is_for_phones_of_ours_alone(drafts: DraftsInMemory) -> None:
    async with board_with(drafts) as house:
        caller = house.asterisk.ring("+4790000001", dialled="*73", endpoint="PJSIP/telia")
        await asyncio.sleep(5)
        assert not [one for one in caller.heard if one.startswith(("record", "agent"))]
        caller.hangs_up()
        await asyncio.sleep(60)


@pytest.mark.parametrize("where", ["awaits", "before_request", "after_request"])
async def test_a_hang_up_at_any_moment_leaves_nothing_and_keeps_nothing_unasked(
    where: str,
) -> None:
    async def tell(number: int) -> tuple[int, int]:
        drafts = DraftsInMemory()
        async with board_with(drafts) as house:
            awaits = AwaitsOfCalls()
            hung_up = asyncio.Event()

            def hang_up() -> None:
                caller.hangs_up()
                hung_up.set()

            if number:
                prepare = at_await(number) if where == "awaits" else around_request(number, where)
                prepare(house, awaits, hang_up)
            begun = len(house.asterisk.requests)
            caller = dials(house)

            async def story() -> None:
                await caller.hears("agent.your_pin")
                caller.keys(f"{PIN}#")
                await reads(caller)
                await caller.hears("record.decide")
                caller.keys("1")
                await caller.hears("record.kept")

            telling = asyncio.ensure_future(story())
            hanging_up = asyncio.ensure_future(hung_up.wait())
            await asyncio.wait([telling, hanging_up], return_when=asyncio.FIRST_COMPLETED)
            telling.cancel()
            hanging_up.cancel()
            await asyncio.wait([telling, hanging_up])
            told = awaits.count, len(house.asterisk.requests) - begun
            caller.hangs_up()
            await asyncio.sleep(60)
            assert house.supervisor.calls == 0
            assert house.asterisk.leftovers() == []
            assert drafts.under_way_now == 0
        return told

    awaited, requested = await tell(0)
    for number in range(1, (awaited if where == "awaits" else requested) + 1):
        await tell(number)

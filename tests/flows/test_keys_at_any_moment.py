"""Stories of callers who do not wait for the menu: a key counts from the answer on, once, and where it was meant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.records.events import MenuTry, QuestionTry, Routed, Said
from ivr.rules.load import load_rules
from tests.flows.conftest import PROMPTS, Switchboard, prompts

RULES = """
version: 1
numbers:
  +47 21 00 00 01: {site: bergen, to: menu main}
  +47 21 00 00 02: {site: bergen, to: menu patient}
  +47 21 00 00 03: {site: bergen, to: department closed}
  +47 21 00 00 04: {site: bergen, to: question postnummer}
  +47 21 00 00 05: queue bergen
  anything else: {to: hangup}
hours: {always: {daily: 00:00-24:00}, never: {mon: 23:00-23:30}}
notices:
  - {from: 2026-01-01 00:00, to: 2030-01-01 00:00, say: notice, sites: [bergen]}
menus:
  main:
    say: [welcome]
    keys: {1: queue bergen, 2: menu under, 3: voicemail box, 4: question postnummer, 5: menu hash}
    wait: 4s
    tries: 2
    nothing_chosen: hangup
  under: {say: [under], keys: {1: queue bergen, 2: queue oslo}, wait: 4s, tries: 1, nothing_chosen: hangup}
  hash: {say: [under], keys: {1: queue bergen, hash: queue oslo}, wait: 4s, tries: 1, nothing_chosen: hangup}
  patient: {say: [welcome], keys: {1: queue bergen}, wait: 4s, tries: 1, nothing_chosen: hangup, barge_in: false}
questions: {postnummer: {say: ask, digits: 4, tries: 1, finds: site, to: menu under}}
sites: {bergen: {name: Bergen, postcodes: 5000-5999}}
departments:
  closed: {hours: never, national: queue bergen, closed: {say: closed, to: menu under}}
voicemails: {box: {say: voicemail, at_most: 30s}}
queues:
  bergen: {answer: 80% within 20s, while_waiting: [{after: 3m, to: menu under}]}
  oslo: {answer: 80% within 20s, while_waiting: [{after: 4m, to: hangup}]}
agents: {kari: {phone: kari, queues: [bergen, oslo]}}
"""


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    catalogue = prompts((*PROMPTS, "notice", "under", "ask"))
    async with Switchboard(rules, catalogue).running() as running:
        running.asterisk.lengths["notice"] = 5.0
        yield running
        await asyncio.sleep(300)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []


async def called(
    board: Switchboard, last_digit: int, keys: str, *, after: float = 2.0
) -> list[str]:
    """Where a caller is routed who presses `keys` so many seconds after the answer, and hangs up."""
    caller = board.asterisk.ring("+4790000001", dialled=f"+472100000{last_digit}")
    await caller.is_answered()
    await asyncio.sleep(after)
    caller.keys(keys)
    await asyncio.sleep(6)
    caller.hangs_up()
    await asyncio.sleep(5)
    return [routed.to for routed in board.events(Routed)]


async def test_a_key_during_a_notice_stops_it_and_counts_in_the_menu_behind_it(
    board: Switchboard,
) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await caller.hears("notice")
    began = asyncio.get_running_loop().time()
    caller.keys("2")
    await caller.hears("under")

    assert asyncio.get_running_loop().time() == began
    assert "welcome" not in caller.heard
    caller.hangs_up()


@pytest.mark.parametrize("after", [0.0, 1.0, 4.9, 5.1, 6.9, 9.0])
async def test_a_key_counts_whenever_it_is_pressed(board: Switchboard, after: float) -> None:
    assert await called(board, 1, "1", after=after) == ["menu main", "queue bergen"]
    assert [one.result for one in board.events(MenuTry)] == ["chosen"]


async def test_a_key_during_closed_counts_in_the_menu_behind_it(board: Switchboard) -> None:
    assert (await called(board, 3, "2", after=1))[-1] == "queue oslo"


async def test_who_knows_the_menus_keys_through_them_and_hears_none(board: Switchboard) -> None:
    assert await called(board, 1, "22") == ["menu main", "menu under", "queue oslo"]
    said = [prompt for event in board.events(Said) for prompt in event.prompts]
    assert "under" not in said[: said.index("welcome") + 1]


async def test_digits_keyed_before_the_question_is_heard_are_the_answer(board: Switchboard) -> None:
    assert await called(board, 1, "45003") == ["menu main", "question postnummer", "menu under"]
    assert [one.result for one in board.events(QuestionTry)] == ["answered"]


async def test_where_the_voice_may_not_be_stopped_a_key_counts_after_the_last_word(
    board: Switchboard,
) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000002")
    await caller.hears("notice")
    caller.keys("1")
    await caller.hears("welcome")
    began = asyncio.get_running_loop().time()
    await caller.hears("music:calm")

    assert asyncio.get_running_loop().time() == began + 2.0
    caller.hangs_up()


@pytest.mark.parametrize("apart", [0.05, 0.07])
async def test_equal_digits_keyed_fast_are_all_heard(board: Switchboard, apart: float) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000004")
    await caller.hears("notice")
    caller.keys("5003", held_seconds=0.1, apart_seconds=apart)
    await asyncio.sleep(5)
    caller.hangs_up()
    await asyncio.sleep(5)

    assert [one.result for one in board.events(QuestionTry)] == ["answered"]


async def test_a_key_that_is_told_in_pieces_counts_in_one_menu(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
    await caller.hears("welcome")
    caller.keys("2")
    await caller.hears("under")
    caller.keys("2", held_seconds=0.12)
    await asyncio.sleep(3)
    caller.hangs_up()
    await asyncio.sleep(5)

    assert [routed.to for routed in board.events(Routed)] == ["menu main", "menu under"]


@pytest.mark.parametrize(
    ("keys", "routes"),
    [
        ("2#2", ["menu main", "menu under", "queue oslo"]),
        ("45003#2", ["menu main", "question postnummer", "menu under", "queue oslo"]),
        ("5#", ["menu main", "menu hash", "queue oslo"]),
        ("2##", ["menu main", "menu under", "hangup"]),
    ],
    ids=["a choice", "an answer", "the menu behind offers it", "a second one is wrong"],
)
async def test_a_hash_after_a_choice_is_taken_with_it(
    board: Switchboard, keys: str, routes: list[str]
) -> None:
    assert await called(board, 1, keys) == routes


async def test_keys_pressed_while_waiting_choose_nothing_minutes_later(board: Switchboard) -> None:
    await board.signs_in("kari")
    caller = board.asterisk.ring("+4790000001", dialled="+4721000005")
    await caller.hears("music:calm")
    for _ in range(300):
        caller.keys("2")
        await asyncio.sleep(0.5)
    await caller.hears("under")
    await asyncio.sleep(3)
    caller.keys("2")
    await asyncio.sleep(3)
    caller.hangs_up()
    await asyncio.sleep(5)

    assert [routed.to for routed in board.events(Routed)] == [
        "queue bergen",
        "menu under",
        "queue oslo",
    ]
    assert [one.result for one in board.events(MenuTry)] == ["chosen"]

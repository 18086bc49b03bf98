"""Stories of callers in a menu."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ivr.ari.generated.models import PlaybackFinished
from ivr.records.events import MenuTry, PromptMissed, Routed
from ivr.rules.load import load_rules
from tests.flows.conftest import RULES, Switchboard, prompts


async def test_a_caller_who_keys_a_choice_is_taken_there_before_the_prompt_has_ended(
    switchboard: Any,
) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    began = asyncio.get_running_loop().time()

    caller.keys("3")

    await caller.hears("voicemail")
    assert asyncio.get_running_loop().time() == began
    caller.hangs_up()


async def test_nothing_and_wrong_are_told_apart_and_the_caller_still_reaches_a_person(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=2)

    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("8")
    await caller.hears("no_match")
    await caller.hears("no_input")
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [try_.result for try_ in switchboard.events(MenuTry)] == [
        "no_match",
        "no_input",
        "no_input",
    ]
    assert "choices" in caller.heard[caller.heard.index("no_match") :]


async def test_what_is_said_after_a_prompt_that_could_not_be_stopped_is_heard_too(
    switchboard: Any,
) -> None:
    switchboard.asterisk.lengths["welcome"] = 20.0
    switchboard.asterisk.faults.unstoppable_media.add("welcome")
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("8")
    await caller.hears("no_match")
    caller.keys("3")
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert caller.heard[:2] == ["welcome", "no_match"]


async def test_star_repeats_the_menu(switchboard: Any) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("choices")
    caller.keys("*")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [routed.to for routed in switchboard.events(Routed)] == ["menu main", "menu main"]


async def test_a_caller_who_chooses_english_hears_english(switchboard: Any) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("9")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [routed.language for routed in switchboard.events(Routed)] == ["nb", "en"]
    assert switchboard.records[0].language == "en"


async def test_a_key_that_is_sent_twice_by_a_gateway_counts_once(switchboard: Any) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("9")
    caller.keys("9")
    await caller.hears("choices")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert len(switchboard.events(Routed)) == 2


async def test_a_prompt_that_asterisk_cannot_play_is_never_silence(switchboard: Any) -> None:
    switchboard.asterisk.faults.missing_media.add("welcome")

    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("choices")
    caller.hangs_up()
    await asyncio.sleep(1)

    missed = switchboard.events(PromptMissed)
    assert {event.prompt for event in missed} == {"welcome"}
    assert missed[-1].played == "sorry"
    assert "sorry" in caller.heard
    assert switchboard.counts["prompts_missing"] == len(missed)


async def test_a_playback_whose_end_is_never_told_holds_no_caller(switchboard: Any) -> None:
    switchboard.asterisk.faults.untold.add(PlaybackFinished)

    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("no_input")

    caller.hangs_up()


async def test_a_recording_that_was_replaced_by_a_longer_one_is_heard_to_its_end(
    switchboard: Any,
) -> None:
    switchboard.asterisk.lengths["welcome"] = 11.0  # known as 2 s

    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    await asyncio.sleep(10)
    assert caller.heard == ["welcome"]
    await caller.hears("choices")

    assert not [one for one in switchboard.asterisk.requests if one.startswith("DELETE playbacks")]
    caller.hangs_up()


async def test_a_caller_who_hangs_up_in_the_menu_leaves_a_closed_record(switchboard: Any) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = switchboard.records
    assert (record.disposition, record.ended_by) == ("menu_abandoned", "caller")


GREETING = RULES.replace("say: [welcome, choices]", "greeting: welcome\n    say: choices").replace(
    "anything else: {to: menu main}", "+47 21 00 00 01: {language: en, to: menu main}"
)


@pytest.fixture
async def greeting() -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(GREETING.encode(), "rules.yaml")
    async with Switchboard(rules, prompts()).running() as running:
        yield running
        await asyncio.sleep(60)
        assert running.asterisk.leftovers() == []


async def test_a_greeting_is_not_said_to_a_caller_who_comes_back(greeting: Switchboard) -> None:
    caller = greeting.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("choices")
    caller.keys("*")
    await caller.hears("choices")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert caller.heard == ["welcome", "choices", "choices"]


async def test_callers_of_a_number_are_met_in_its_language(greeting: Switchboard) -> None:
    caller = greeting.asterisk.ring("+4790000001", dialled="+4721000001")
    await caller.hears("choices")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.language for one in greeting.events(Routed)] == ["en"]
    assert greeting.records[0].language == "en"

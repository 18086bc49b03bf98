"""Stories of rules that change while callers are on the line."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ivr.control import CallOff
from ivr.errors import ChangeRefused, RulesRefused, StoreFailed
from ivr.queues.agents import AgentState
from ivr.rules.model import RuleSet
from ivr.store.memory_ledger import MemoryLedger
from tests.flows.conftest import MONDAY_MORNING, RULES
from tests.flows.live import AT_BERGEN, WITHOUT_BERGEN, LiveSwitchboard

FAULTY = RULES.replace("queue kundeservice\n", "queue kundservice\n")


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
async def live(tmp_path: Path, ledger: MemoryLedger) -> AsyncIterator[LiveSwitchboard]:
    async with LiveSwitchboard(tmp_path, ledger).running() as running:
        yield running
        await asyncio.sleep(600)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []


def state_of(live: LiveSwitchboard, name: str) -> AgentState | None:
    return next((view.state for view in live.desk.agents() if view.name == name), None)


async def test_a_call_keeps_the_rules_that_it_began_with(live: LiveSwitchboard) -> None:
    await live.signs_in("kari", answers_after=1)
    before = live.revision
    caller = await live.calls()

    await live.applies(AT_BERGEN)
    caller.keys("1")
    await caller.is_talking_to("kari")
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = live.records
    assert (record.revision, record.queue) == (before, "kundeservice")


async def test_the_next_call_meets_the_new_rules(live: LiveSwitchboard) -> None:
    live.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=1)

    changed = await live.applies(AT_BERGEN)
    caller = await live.calls(keys="1")
    await caller.is_talking_to("tommy")
    caller.hangs_up()
    await asyncio.sleep(1)

    (record,) = live.records
    assert record.revision == live.revision == changed.change.revision


@pytest.mark.fault("F-81")
async def test_a_faulty_file_changes_nothing_and_is_told_until_it_is_mended(
    live: LiveSwitchboard,
) -> None:
    before = live.rulebook.present

    await live.edits(FAULTY)
    await asyncio.sleep(60)
    await live.edits(FAULTY + "\n")

    (refusal,) = live.changes.refusals.present
    assert live.rulebook.present is before
    assert any("did you mean 'kundeservice'" in finding for finding in refusal.findings)
    assert refusal.since == MONDAY_MORNING
    assert "has faults" in str(live.changes.warning)
    await live.edits(AT_BERGEN)
    assert live.changes.refusals.present == ()
    assert live.changes.warning is None


async def test_a_file_that_is_gone_changes_nothing(live: LiveSwitchboard) -> None:
    before = live.rulebook.present

    live.file.unlink()
    await live.changes.file_edited()

    assert live.rulebook.present is before
    assert "No such file" in live.changes.refusals.present[0].findings[0]


async def test_refused_rules_change_nothing_and_leave_no_trace(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    before, history = live.rulebook.present, await ledger.changes(10)

    with pytest.raises(RulesRefused, match="IVR204"):
        await live.applies(FAULTY)

    assert live.rulebook.present is before
    assert await ledger.changes(10) == history
    assert live.changes.refusals.present == ()


async def test_rules_that_changed_since_they_were_planned_are_refused(
    live: LiveSwitchboard,
) -> None:
    before = live.rulebook.present

    with pytest.raises(ChangeRefused, match="changed since"):
        await live.applies(AT_BERGEN, planned=before.rules.revision)

    assert live.rulebook.present is before


async def test_a_change_needs_a_reason(live: LiveSwitchboard) -> None:
    with pytest.raises(ChangeRefused, match="say why"):
        await live.applies(AT_BERGEN, why=" ")


async def test_a_change_that_cannot_be_written_down_is_not_made_but_an_edit_is(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    before = live.revision
    ledger.failure = "the disk is full"

    with pytest.raises(StoreFailed, match="disk is full"):
        await live.applies(AT_BERGEN)
    assert live.revision == before

    await live.edits(AT_BERGEN)
    assert live.revision != before


async def test_the_history_says_who_when_why_and_which(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    first = live.revision
    await asyncio.sleep(60)
    await live.applies(AT_BERGEN)
    second = live.revision
    await asyncio.sleep(60)
    await live.rolls_back()

    told = [(one.how, one.author, one.why, one.revision) for one in await ledger.changes(10)]
    assert told == [
        ("rollback", "ola", f"back to {first[:12]}", first),
        ("apply", "ola", "a new week", second),
        ("start", "kari", "the file as the server found it at its start", first),
    ]
    assert live.revision == first


async def test_a_rollback_by_the_beginning_of_a_revision(live: LiveSwitchboard) -> None:
    first = live.revision
    await live.applies(AT_BERGEN)
    await live.applies(WITHOUT_BERGEN)

    await live.rolls_back(first[:8])

    assert live.revision == first
    with pytest.raises(ChangeRefused, match="ivr history"):
        await live.rolls_back("0000")


async def test_a_rollback_is_not_undone_by_a_file_that_was_copied_just_before(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    first = live.revision

    live.file.write_text(AT_BERGEN)  # and the watcher has not looked yet
    await live.rolls_back()
    await live.changes.file_edited()

    assert live.revision == first
    assert [one.how for one in await ledger.changes(10)] == ["rollback", "edit", "start"]
    assert "the next start takes" in str(live.changes.warning)


async def test_an_apply_of_the_file_itself_is_one_change_and_can_be_rolled_back_at_once(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    first = live.revision

    live.file.write_text(AT_BERGEN)
    await live.applies(AT_BERGEN)
    await live.rolls_back()
    await live.changes.file_edited()

    assert live.revision == first
    assert [one.how for one in await ledger.changes(10)] == ["rollback", "apply", "start"]


async def test_an_apply_is_not_undone_by_a_file_that_was_copied_just_before(
    live: LiveSwitchboard,
) -> None:
    live.file.write_text(AT_BERGEN)
    changed = await live.applies(WITHOUT_BERGEN)
    await live.changes.file_edited()

    assert live.revision == changed.change.revision


async def test_a_touched_file_brings_recordings_and_not_the_rules_that_were_rolled_back(
    live: LiveSwitchboard,
) -> None:
    first = live.revision
    await live.edits(AT_BERGEN)
    await live.rolls_back()

    live.record("welcome.bergen")
    await live.edits(AT_BERGEN)  # the same text once more

    assert live.revision == first
    assert "the next start takes" in str(live.changes.warning)
    caller = live.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome.bergen")
    caller.hangs_up()


async def test_a_file_that_is_edited_after_a_rollback_is_taken_though_it_has_been_in_force(
    live: LiveSwitchboard,
) -> None:
    await live.edits(AT_BERGEN)
    unwanted = live.revision
    await live.rolls_back()

    await live.edits(WITHOUT_BERGEN)
    await live.edits(AT_BERGEN)

    assert live.revision == unwanted


async def test_rules_that_were_refused_for_a_recording_are_taken_when_it_is_there(
    live: LiveSwitchboard,
) -> None:
    before = live.revision
    new = RULES.replace("[welcome, choices]", "[welcome.new]")
    await live.edits(new)
    assert live.revision == before

    live.record("welcome.new")
    await live.edits(new)

    assert live.revision != before
    assert live.changes.refusals.present == ()


async def test_rules_that_were_refused_for_a_recording_need_not_be_saved_again_when_it_is_there(
    live: LiveSwitchboard,
) -> None:
    before = live.revision
    await live.edits(RULES.replace("[welcome, choices]", "[welcome.new]"))
    await live.changes.prompts_changed()
    assert live.revision == before
    assert live.changes.refusals.present != ()

    live.record("welcome.new")
    await live.changes.prompts_changed()

    assert live.revision != before
    assert live.changes.refusals.present == ()


async def test_a_faulty_file_that_a_rollback_left_behind_does_not_come_back_with_a_recording(
    live: LiveSwitchboard,
) -> None:
    first = live.revision
    await live.edits(AT_BERGEN)
    new = RULES.replace("[welcome, choices]", "[welcome.new]")
    await live.edits(new)
    await live.rolls_back()

    live.record("welcome.new")
    await live.edits(new)

    assert live.revision == first
    assert live.changes.refusals.present == ()


async def test_a_file_that_nobody_watches_is_not_taken_by_a_rollback(
    tmp_path: Path, ledger: MemoryLedger
) -> None:
    async with LiveSwitchboard(tmp_path, ledger, is_watched=False).running() as live:
        first = live.revision
        await live.applies(AT_BERGEN)
        live.file.write_text(WITHOUT_BERGEN)

        await live.rolls_back()

        assert live.revision == first
        assert [one.how for one in await ledger.changes(10)] == ["rollback", "apply", "start"]


async def test_a_first_start_has_nothing_to_go_back_to(live: LiveSwitchboard) -> None:
    with pytest.raises(ChangeRefused, match="nothing to go back to"):
        await live.rolls_back()


async def test_after_a_restart_the_file_is_the_truth_again(
    live: LiveSwitchboard, tmp_path: Path, ledger: MemoryLedger
) -> None:
    of_file = live.revision
    changed = await live.applies(AT_BERGEN)
    assert any("the next start takes" in warning for warning in changed.warnings)

    again = LiveSwitchboard(tmp_path, ledger)
    await again.changes.begin()

    newest = (await ledger.changes(1))[0]
    assert (again.revision, newest.revision, newest.how) == (of_file, of_file, "start")
    assert again.changes.warning is None


async def test_planned_rules_are_taken_when_their_time_has_come(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    before = live.revision

    changed = await live.applies(AT_BERGEN, at="2026-11-23 11:00")  # 10:00 UTC
    assert changed.change.state == "planned"
    assert [one.why for one in live.changes.timed.waiting] == ["a new week"]
    await asyncio.sleep(3599)
    assert live.revision == before
    await asyncio.sleep(2)

    newest = (await ledger.changes(1))[0]
    assert live.revision == changed.change.revision
    assert newest.settled_at is not None
    assert newest.state == "taken"
    assert newest.settled_at - newest.due_at < timedelta(seconds=1)


async def test_a_plan_survives_a_restart_and_is_taken_though_it_fell_due_meanwhile(
    live: LiveSwitchboard, tmp_path: Path, ledger: MemoryLedger
) -> None:
    planned = (await live.applies(AT_BERGEN, at="11:00")).change
    live.changes.timed.forget(planned)  # that server is gone
    await asyncio.sleep(7200)

    async with LiveSwitchboard(tmp_path, ledger).running() as again:
        await asyncio.sleep(0.1)

        assert again.revision == planned.revision


async def test_a_plan_can_be_called_off(live: LiveSwitchboard, ledger: MemoryLedger) -> None:
    before = live.revision
    planned = (await live.applies(AT_BERGEN, at="11:00")).change

    await live.changes.call_off(CallOff(change=planned.change_id), "ola")
    await asyncio.sleep(7200)

    assert live.revision == before
    assert [one.state for one in await ledger.changes(9) if one.how == "apply"] == ["called_off"]


async def test_a_plan_whose_recording_is_gone_by_then_is_refused_and_told(
    live: LiveSwitchboard, ledger: MemoryLedger
) -> None:
    live.record("welcome.new")
    before = live.revision
    await live.changes.file_edited()
    await live.applies(RULES.replace("[welcome, choices]", "[welcome.new]"), at="11:00")

    for language in ("nb", "en"):
        (live.prompts / language / "welcome.new.wav").unlink()
    await asyncio.sleep(7200)

    (refused,) = [one for one in await ledger.changes(9) if one.how == "apply"]
    assert live.revision == before
    assert refused.state == "refused"
    assert "welcome.new" in str(refused.reason)
    assert live.changes.refusals.present[0].file == "/etc/new.yaml"


@pytest.mark.parametrize("when", ["08:00", "2026-11-23T07:59:00Z", "soon", "2036-01-01"])
async def test_a_time_that_is_over_or_far_or_none_is_refused(
    live: LiveSwitchboard, when: str
) -> None:
    with pytest.raises(ChangeRefused, match="--at"):
        await live.applies(AT_BERGEN, at=when)

    assert live.changes.timed.waiting == ()


async def test_recordings_are_read_again_with_the_rules(live: LiveSwitchboard) -> None:
    live.record("welcome.bergen")

    await live.changes.file_edited()
    caller = live.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome.bergen")
    caller.hangs_up()


@pytest.mark.fault("F-83")
async def test_callers_who_wait_in_a_queue_that_is_gone_wait_on_by_their_own_rules(
    live: LiveSwitchboard,
) -> None:
    live.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091")  # rings, and is not answered
    caller = await live.calls(keys="2")
    await asyncio.sleep(5)
    assert [view.waiting for view in live.desk.queues(["bergen"])] == [1]

    await live.applies(WITHOUT_BERGEN)
    await caller.hears(
        "voicemail"
    )  # nobody is logged in to it any more: their own rules know the way
    caller.hangs_up()
    await asyncio.sleep(5)

    (record,) = live.records
    assert record.decisions[-1].to == "voicemail kundeservice"
    assert record.revision != live.revision


async def test_an_agent_who_is_removed_while_talking_talks_on(live: LiveSwitchboard) -> None:
    await live.signs_in("kari", answers_after=1)
    caller = await live.calls(keys="1")
    await caller.is_talking_to("kari")

    await live.applies(
        RULES.replace("  kari: {name: Kari, phone: kari, queues: [kundeservice]}\n", "")
    )
    await asyncio.sleep(60)
    assert caller.talking_to()
    assert live.desk.signed_in()["kundeservice"] == 0
    caller.hangs_up()
    await asyncio.sleep(30)

    assert state_of(live, "kari") is None
    assert live.records[0].disposition == "answered"


async def test_an_agent_who_comes_with_the_rules_takes_the_caller_who_waits(
    live: LiveSwitchboard,
) -> None:
    await live.signs_in("kari")  # rings, and is not answered
    await live.signs_in("siri", answers_after=1)
    caller = await live.calls(keys="1")
    await asyncio.sleep(5)

    await live.applies(RULES + "  siri: {name: Siri, phone: siri, queues: [kundeservice]}\n")

    await caller.is_talking_to("siri")
    caller.hangs_up()


@pytest.mark.fault("F-85")
async def test_a_thousand_changes_with_calls_under_way_lose_no_call_and_no_memory(
    live: LiveSwitchboard,
) -> None:
    await live.signs_in("kari", answers_after=1)
    await live.signs_in("ola", answers_after=1)
    first = await live.calls(keys="1")
    await first.is_talking_to("kari")
    callers: list[Any] = []

    def rule_sets() -> int:
        gc.collect()
        return sum(isinstance(one, RuleSet) for one in gc.get_objects())

    of_other_tests = rule_sets()
    counted: list[int] = []
    for number in range(1000):
        await live.edits(RULES.replace("name: Kundeservice", f"name: Kundeservice {number}"))
        if number % 10 == 0:
            callers.append(live.asterisk.ring("+4790000002", dialled="+4755301000"))
            await asyncio.sleep(1)
        if number % 100 == 99:
            for caller in callers:
                caller.hangs_up()
            callers.clear()
            await asyncio.sleep(30)
            counted.append(rule_sets() - of_other_tests)

    assert first.talking_to()
    first.hangs_up()
    await asyncio.sleep(30)
    assert len(live.records) == 101
    assert {record.ended_by for record in live.records} == {"caller"}
    assert counted == [counted[0]] * 10  # those of the first call, and those in force
    assert counted[0] <= 3


async def test_the_next_call_hears_a_recording_that_came_after_the_start(
    live: LiveSwitchboard,
) -> None:
    before = live.rulebook.present
    (live.prompts / "nb" / "welcome.bergen.wav").write_bytes(
        (live.prompts / "nb" / "welcome.wav").read_bytes()
    )
    await live.changes.prompts_changed()

    caller = live.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome.bergen")
    caller.hangs_up()

    assert live.rulebook.present is not before
    assert live.revision == before.rules.revision


async def test_recordings_that_are_as_before_change_nothing(live: LiveSwitchboard) -> None:
    before = live.rulebook.present

    await live.changes.prompts_changed()

    assert live.rulebook.present is before


async def test_a_recording_that_is_taken_away_stops_no_call(live: LiveSwitchboard) -> None:
    before = live.rulebook.present
    for language in ("nb", "en"):
        (live.prompts / language / "choices.wav").unlink()

    await live.changes.prompts_changed()

    assert live.rulebook.present is before
    (await live.calls()).hangs_up()


async def test_recordings_without_which_no_server_would_start_are_told_until_they_are_back(
    live: LiveSwitchboard,
) -> None:
    aside = live.prompts.rename(live.prompts.with_name("aside"))
    await live.changes.prompts_changed()
    (refusal,) = live.changes.refusals.present
    assert refusal.file == str(live.prompts)
    assert "there is no such folder of prompts" in refusal.findings[0]

    aside.rename(live.prompts)
    await live.changes.prompts_changed()
    assert live.changes.refusals.present == ()

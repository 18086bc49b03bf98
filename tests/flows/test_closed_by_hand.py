"""Stories of a site, a department or a queue that is closed by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.errors import ChangeRefused
from ivr.showing.steps import reason_told
from ivr.store.memory_ledger import MemoryLedger
from tests.flows.conftest import RULES
from tests.flows.live import WITHOUT_BERGEN, LiveSwitchboard

LOCAL = RULES.replace("queue bergen, migrated: 2025-03-01", "queue bergen")
"""As RULES, but Bergen has customer service of its own."""


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
async def live(tmp_path: Path, ledger: MemoryLedger) -> AsyncIterator[LiveSwitchboard]:
    switchboard = LiveSwitchboard(tmp_path, ledger, LOCAL)
    switchboard.record("closed.storm")
    async with switchboard.running() as running:
        await running.changes.file_edited()  # the new recording
        yield running
        await asyncio.sleep(600)
        assert running.supervisor.calls == 0


async def ends(live: LiveSwitchboard) -> tuple[str, str, list[str]]:
    """Where a call that keys 1 goes, what its trace says of a closing, and what the caller hears."""
    live.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=1)
    caller = await live.calls(keys="1")
    await asyncio.sleep(10)
    caller.hangs_up()
    await asyncio.sleep(5)
    newest = live.records[0]
    reasons = [reason_told(reason) for reason in newest.reasons if reason.taken]
    told = "; ".join(reason for reason in reasons if "by hand" in reason)
    return newest.decisions[-1].to, told, caller.heard


async def test_a_site_is_closed_until_its_end_and_the_trace_says_so(live: LiveSwitchboard) -> None:
    open_before, silence, _ = await ends(live)

    closed = await live.closes("bergen", "12:00", say="closed.storm", why="storm")
    while_closed, told, heard = await ends(live)
    await asyncio.sleep(2 * 3600)
    open_after, silence_again, _ = await ends(live)

    assert (open_before, open_after) == ("queue bergen", "queue bergen")
    assert while_closed != "queue bergen"
    assert "closed.storm" in heard
    assert "by ola since 2026-11-23 10:00 until 2026-11-23 12:00" in told
    assert "storm" in told
    assert (silence, silence_again) == ("", "")
    assert closed.warnings == (
        "there is a queue called bergen too: `ivr close queue bergen` means that one",
    )
    assert live.overrides.kept == ()


async def test_a_department_can_be_closed_and_opened_again(live: LiveSwitchboard) -> None:
    await live.closes("kundeservice", "12:00")
    while_closed, _, heard = await ends(live)
    await live.opens("kundeservice")
    after, _, _ = await ends(live)

    assert while_closed == "voicemail kundeservice"
    assert "closed" in heard
    assert after == "queue bergen"


async def test_a_queue_can_be_closed_by_both_its_words(live: LiveSwitchboard) -> None:
    await live.closes("queue bergen", "12:00")

    where, told, _ = await ends(live)

    assert where != "queue bergen"
    assert "queue bergen" in told


async def test_what_is_closed_stays_closed_over_a_restart(
    live: LiveSwitchboard, tmp_path: Path, ledger: MemoryLedger
) -> None:
    await live.closes("bergen", "12:00", why="storm")
    (closed,) = live.overrides.present
    await asyncio.sleep(60)

    async with LiveSwitchboard(tmp_path, ledger, LOCAL).running() as again:
        assert again.overrides.present == (closed,)
        assert closed.since is not None
        assert closed.since < again.clock.now() - timedelta(seconds=59)


async def test_closing_again_sets_a_new_end(live: LiveSwitchboard, ledger: MemoryLedger) -> None:
    await live.closes("bergen", "12:00")
    await live.closes("bergen", "13:00")

    (kept,) = await ledger.overrides(live.clock.now())
    assert kept.until.hour == 12  # UTC


async def test_what_the_rules_have_no_more_can_still_be_opened(live: LiveSwitchboard) -> None:
    await live.closes("queue bergen", "12:00")
    await live.applies(WITHOUT_BERGEN)

    await live.opens("queue bergen")

    assert live.overrides.present == ()


@pytest.mark.parametrize(
    ("name", "until", "say", "said"),
    [
        ("bergn", "12:00", None, "did you mean 'bergen'"),
        ("queue bergn", "12:00", None, "there is no queue called 'bergn'; did you mean 'bergen'"),
        ("bergen", "09:00", None, "is over"),
        ("bergen", "late", None, "is not a time"),
        ("bergen", "12:00", "closed.strom", "did you mean 'closed.storm'"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_advice(
    live: LiveSwitchboard, name: str, until: str, say: str | None, said: str
) -> None:
    with pytest.raises(ChangeRefused, match=said):
        await live.closes(name, until, say=say)

    assert live.overrides.present == ()


async def test_nothing_closed_is_nothing_to_open(live: LiveSwitchboard) -> None:
    with pytest.raises(ChangeRefused, match="nothing is closed by hand"):
        await live.opens("bergen")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("queue bergen", "the queue bergen is not closed by hand; closed are: site bergen"),
        ("bergn", "there is no site, department or queue called 'bergn'; did you mean 'bergen'"),
    ],
)
async def test_what_is_there_and_not_closed_is_told_from_what_is_not_there(
    live: LiveSwitchboard, name: str, said: str
) -> None:
    await live.closes("bergen", "12:00")

    with pytest.raises(ChangeRefused, match=said):
        await live.opens(name)


async def test_a_caller_who_is_in_the_menu_already_meets_the_closing(live: LiveSwitchboard) -> None:
    caller = await live.calls()

    await live.closes("bergen", "12:00", say="closed.storm")
    caller.keys("1")

    await caller.hears("closed.storm")
    caller.hangs_up()


CLOSING = LOCAL.replace(
    "while_waiting: [{after: 5m, to: voicemail kundeservice}]",
    "at_closing_time: voicemail kundeservice",
)
"""As LOCAL, but who still waits in the queue of Bergen at closing time leaves a message."""


@pytest.mark.parametrize("name", ["bergen", "department kundeservice", "queue bergen"])
async def test_who_waits_already_is_served_when_it_is_closed_by_hand(
    live: LiveSwitchboard, name: str
) -> None:
    await live.applies(CLOSING)
    tommy = live.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=10)
    first = await live.calls(keys="1")
    await tommy.rings()
    waiting = await live.calls(keys="1")
    await asyncio.sleep(5)

    await live.closes(name, "12:00", say="closed.storm")
    await first.is_talking_to("tommy")
    await asyncio.sleep(60)
    first.hangs_up()

    await waiting.is_talking_to("tommy")
    assert "closed.storm" not in waiting.heard
    waiting.hangs_up()

"""Callers while no server is there: they hear that we are on our way, and are taken by the one that comes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter, time

import pytest

from ivr.records.events import Arrived
from tests.acceptance import probe
from tests.acceptance.carrier import carrier
from tests.acceptance.serving import (
    addresses,
    left_running,
    started,
    tone_prompts,
    write_tone,
)
from tests.acceptance.test_server_killed import MENU_HZ, MUSIC_HZ, killed

pytestmark = pytest.mark.real

ON_OUR_WAY_HZ, SORRY_HZ = 800, 1300
AT_ONCE_SECONDS = 1.0
"""What the issue allows until a caller whom no server takes hears something."""

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: menu main}
menus:
  main: {say: menu, keys: {1: menu main}, wait: 20s, tries: 3, nothing_chosen: hangup}
"""

TELIA, LYSE = "127.0.0.11", "127.0.0.12"
SETTINGS = """\
[floor]
wait_seconds = 1
fallback = "+47 21 00 00 00"

[[trunk]]
name = "telia"
addresses = ["127.0.0.11:{telia}"]
ping_seconds = 0

[[trunk]]
name = "lyse"
addresses = ["127.0.0.12:{lyse}"]
number_form = "0047"
own_number = "+47 22 00 00 00"
ping_seconds = 0
"""


def prompts_of(folder: Path) -> Path:
    prompts = tone_prompts(folder / "prompts", menu=MENU_HZ, sorry=SORRY_HZ)
    write_tone(prompts / "nb/on_our_way.wav", ON_OUR_WAY_HZ, seconds=1.0)
    write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
    return prompts


async def heard_at_once(caller: probe.ProbeCall, dialled_at: float) -> None:
    async with asyncio.timeout(5):
        assert await caller.hears(ON_OUR_WAY_HZ) - dialled_at < AT_ONCE_SECONDS
        await caller.hears(MUSIC_HZ)


@pytest.mark.alone
async def test_a_caller_without_a_server_waits_for_the_next_and_is_then_a_call_like_any_other(
    tmp_path: Path,
) -> None:
    prompts = prompts_of(tmp_path)
    with addresses() as at:
        async with AsyncExitStack() as calls, started(tmp_path, RULES, prompts, at) as first:
            await killed(first)
            dialled_at = perf_counter()
            caller = await calls.enter_async_context(probe.call(first.sip, "100", "+4790000001"))
            await heard_at_once(caller, dialled_at)
            async with started(tmp_path, RULES, prompts, at) as second:
                async with asyncio.timeout(5):
                    await caller.hears(MENU_HZ)
                await caller.key_to_tone("1", MENU_HZ)
                await calls.aclose()
                (record,) = await second.records(1)
                events = await second.events(record.call_id)

    assert not left_running(second.home)
    (arrived,) = (one for one in events if isinstance(one, Arrived))
    assert arrived.waited_seconds is not None
    assert (record.dialled, str(record.disposition)) == ("100", "menu_abandoned")


@pytest.mark.alone
async def test_a_caller_for_whom_no_server_comes_hears_sorry_and_an_orderly_end(
    tmp_path: Path,
) -> None:
    prompts, waits = prompts_of(tmp_path), {"IVR_FLOOR__WAIT_SECONDS": "2"}
    write_tone(prompts / "nb/sorry.wav", SORRY_HZ, seconds=1.0)
    with addresses() as at:
        async with started(tmp_path, RULES, prompts, at, waits) as first:
            await killed(first)
            dialled_at = perf_counter()
            async with probe.call(first.sip, "100", "+4790000001") as caller:
                await heard_at_once(caller, dialled_at)
                async with asyncio.timeout(10):
                    await caller.hears(SORRY_HZ)
                    while not caller.has_ended:  # noqa: ASYNC110 - the phone says nothing of it
                        await asyncio.sleep(0.05)
            async with started(tmp_path, RULES, prompts, at) as second:
                pass
    assert not left_running(second.home)


async def test_a_clock_that_is_set_back_keeps_nobody_waiting_for_a_server(tmp_path: Path) -> None:
    """By that clock they come in an hour; they are not to wait for so long."""
    prompts = prompts_of(tmp_path)
    with addresses() as at:
        async with started(tmp_path, RULES, prompts, at) as first:
            await killed(first)
            async with probe.call(first.sip, "100", "+4790000001") as caller:
                await heard_at_once(caller, perf_counter())
                channel = (await first.console("core show channels concise")).split("!")[0]
                since = f"FLOOR_SINCE {int(time()) + 3600}"
                await first.console(f"dialplan set chanvar {channel} {since}")
                assert since.replace(" ", "=") in await first.console(
                    f"core show channel {channel}"
                )
                async with asyncio.timeout(10):
                    await caller.hears(SORRY_HZ)
            async with started(tmp_path, RULES, prompts, at) as second:
                pass
    assert not left_running(second.home)


async def test_a_caller_for_whom_no_server_comes_is_put_through_to_the_fallback(
    tmp_path: Path,
) -> None:
    prompts = prompts_of(tmp_path)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia = await scopes.enter_async_context(
            carrier(sip, TELIA, to_invite=("503 Service Unavailable",))
        )
        lyse = await scopes.enter_async_context(carrier(sip, LYSE))
        ports = {"telia": telia.inbox.port, "lyse": lyse.inbox.port}
        (tmp_path / "ivr.toml").write_text(SETTINGS.format(**ports))
        async with started(tmp_path, RULES, prompts, at) as first:
            await killed(first)
            async with probe.call(first.sip, "100", "+4790000001") as caller:
                async with asyncio.timeout(10):
                    while (await lyse.others.get()).method != "ACK":
                        pass
                lyse.hangs_up()
                async with asyncio.timeout(10):
                    while not caller.has_ended:  # noqa: ASYNC110 - the phone says nothing of it
                        await asyncio.sleep(0.05)
            async with started(tmp_path, RULES, prompts, at) as second:
                pass
    assert not left_running(second.home)
    (refused,), (taken,) = telia.invites, lyse.invites
    assert refused.text.startswith("INVITE sip:+4721000000@127.0.0.11")
    assert taken.text.startswith("INVITE sip:004721000000@127.0.0.12")
    assert "sip:004722000000@" in taken.header("From")
    assert "90000001" not in taken.text

"""Stories of callers who hear music while its recordings change."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.flows.test_queue import arrives_at_customer_service


def times(caller: Any, kind: str) -> int:
    return int(caller.heard.count(f"music:{kind}"))


async def test_music_whose_recordings_are_others_begins_anew_for_who_hears_it(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1000)
    caller = await arrives_at_customer_service(switchboard)
    await caller.hears("music:calm")

    switchboard.music.begin_anew({"lively"})
    await asyncio.sleep(1)
    assert times(caller, "calm") == 1
    switchboard.music.begin_anew({"calm"})
    await asyncio.sleep(1)

    caller.hangs_up()
    await asyncio.sleep(1)
    assert times(caller, "calm") == 2
    asked = [one.split(" ")[0] for one in switchboard.asterisk.requests if one.endswith("/moh")]
    assert asked == ["POST", "DELETE", "POST"]  # a kind that is on goes on with its old list else


async def test_who_talks_or_has_gone_gets_no_music(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=5)
    gone = await arrives_at_customer_service(switchboard)
    await gone.hears("music:calm")
    gone.hangs_up()
    await asyncio.sleep(30)
    caller = await arrives_at_customer_service(switchboard)
    await caller.is_talking_to("kari")
    before = times(caller, "calm"), times(gone, "calm")

    switchboard.music.begin_anew({"calm"})
    await asyncio.sleep(1)
    caller.hangs_up()
    await asyncio.sleep(1)

    assert (times(caller, "calm"), times(gone, "calm")) == before


async def test_without_a_link_nothing_is_begun_and_nothing_fails(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=1000)
    caller = await arrives_at_customer_service(switchboard)
    await caller.hears("music:calm")
    switchboard.asterisk.lose_link()
    switchboard.music.begin_anew({"calm"})
    switchboard.asterisk.restore_link()
    await asyncio.sleep(10)

    caller.hangs_up()
    await asyncio.sleep(1)
    assert times(caller, "calm") >= 2

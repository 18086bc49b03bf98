from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ivr.server.pins import LOCKED_SECONDS, Pins


async def at_once(function: object, *given: object) -> object:
    return function(*given)  # type: ignore[operator]


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Pins:
    monkeypatch.setattr(asyncio, "to_thread", at_once)  # minutes would pass while a thread works
    return Pins(Path("/nowhere"), lambda _, agent, pin: (agent, pin) == ("kari", "right"))


async def tried(pins: Pins, *tries: str) -> list[str]:
    return [await pins.check("21", "kari", one) for one in tries]


async def test_three_wrong_ones_lock_it_for_a_minute_also_for_the_right_one(pins: Pins) -> None:
    assert await tried(pins, "a", "b", "c", "right") == ["wrong", "wrong", "locked", "locked"]
    assert await pins.check("22", "kari", "right") == "right"

    await asyncio.sleep(LOCKED_SECONDS)

    assert await tried(pins, "right") == ["right"]


async def test_a_right_one_forgives_the_wrong_ones_before(pins: Pins) -> None:
    assert (
        await tried(pins, "a", "b", "right", "c", "d") == ["wrong"] * 2 + ["right"] + ["wrong"] * 2
    )


async def test_the_third_try_may_be_right(pins: Pins) -> None:
    assert await tried(pins, "a", "b", "right") == ["wrong", "wrong", "right"]


async def test_a_number_of_nobody_is_locked_like_others(pins: Pins) -> None:
    answers = [await pins.check("77", None, "right") for _ in range(4)]
    assert answers == ["wrong", "wrong", "locked", "locked"]

"""Listeners and their buffers."""

from __future__ import annotations

import asyncio

import pytest

from ivr.ari.listening import Hub
from ivr.errors import ListenerOverflow


async def test_a_listener_hears_what_was_published_since_it_listens_in_order() -> None:
    hub = Hub[int]()
    hub.publish(1)
    async with hub.listen() as listener:
        hub.publish(2)
        hub.publish(3)

        assert [await anext(listener), await anext(listener)] == [2, 3]


async def test_a_listener_that_falls_behind_is_told_after_what_it_still_held() -> None:
    hub = Hub[int](longest=2)
    async with hub.listen() as listener:
        for item in range(5):
            hub.publish(item)

        assert [await anext(listener), await anext(listener)] == [0, 1]
        with pytest.raises(ListenerOverflow):
            await anext(listener)
    assert hub.overflows == 1


async def test_a_listener_that_falls_behind_holds_up_nobody_else() -> None:
    hub = Hub[int | str](longest=1)
    async with hub.listen((str,)) as patient, hub.listen():
        for item in (1, 2, 3, "four"):
            hub.publish(item)

        assert await anext(patient) == "four"


async def test_who_has_left_is_not_remembered() -> None:
    hub = Hub[int]()
    async with hub.listen():
        assert hub.listeners == 1

    assert hub.listeners == 0


async def test_a_listener_that_is_cancelled_while_it_waits_leaves_nothing() -> None:
    hub = Hub[int]()
    with pytest.raises(TimeoutError):
        async with hub.listen() as listener, asyncio.timeout(1):
            await anext(listener)

    assert hub.listeners == 0


async def test_what_is_heeded_inside_is_kept_and_what_is_left_of_it_is_forgotten() -> None:
    hub = Hub[int]()
    async with hub.listen() as listener:
        with listener.passing_over():
            hub.publish(1)
            with listener.heeding():
                hub.publish(2)
                hub.publish(3)
                assert await anext(listener) == 2
            hub.publish(4)
        hub.publish(5)

        assert await anext(listener) == 5


async def test_where_nothing_is_passed_over_heeding_changes_nothing() -> None:
    hub = Hub[int]()
    async with hub.listen() as listener:
        with listener.heeding():
            hub.publish(1)

        assert listener.waiting() == 1

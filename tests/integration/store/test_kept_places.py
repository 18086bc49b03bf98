"""Whose place in a queue is kept is read from the records: of callers who gave up a moment ago, each place once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ivr.clock import SystemClock
from ivr.numbers import parse_number
from ivr.records.events import CallEvent, Ended, PlacePassedOn
from ivr.server.place_book import PlaceBook
from ivr.store.sqlite import SqliteStore
from tests.integration.store.test_views_on_postgres import ARRIVED, ASKED, CAME

GAVE_UP: tuple[CallEvent, ...] = (*CAME, Ended(by="caller"))
CUT_OFF: tuple[CallEvent, ...] = (*ASKED[:4], Ended(by="lost", cause=18))
HAD_AGAIN: tuple[CallEvent, ...] = (*GAVE_UP, PlacePassedOn(queue="q", to_call="x-call"))


async def kept(folder: Path, stories: Sequence[tuple[CallEvent, ...]]) -> list[str | None]:
    """The queue in which a later server keeps a place, for each caller."""
    store = SqliteStore(folder)
    callers = [f"+479000000{number}" for number in range(1, len(stories) + 1)]
    async with store.keeping() as keeping, asyncio.TaskGroup() as group:
        group.create_task(keeping.journal.run(), name="journal")
        for caller, story in zip(callers, stories, strict=True):
            arrived = msgspec.structs.replace(ARRIVED, caller=caller)
            for event in (arrived, *story[1:]):
                await keeping.journal.keep(f"{caller}-call", event)
        await keeping.journal.close()
    book = PlaceBook(SystemClock())
    with store.reading() as stored:
        book.remember(stored.calls)
    places = [book.last(parse_number(caller)) for caller in callers]
    return [place.queue if place is not None else None for place in places]


async def test_who_gave_up_or_was_cut_off_has_a_place_until_it_is_had_again(tmp_path: Path) -> None:
    assert await kept(tmp_path, (GAVE_UP, CUT_OFF, HAD_AGAIN, ASKED)) == ["q", "q", None, None]

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ivr.rulebook.file import LOOK_SECONDS, SETTLE_SECONDS, edits
from tests.flows.live import at_once


class Seen:
    """How often an edit was told."""

    def __init__(self, file: Path) -> None:
        self.times = 0
        self._file = file

    async def watch(self) -> None:
        async for _ in edits(lambda: [self._file], at_once):
            self.times += 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "rules.yaml"
    file.write_text("version: 1\n")
    return file


def put(file: Path, text: str) -> None:
    file.write_text(text)


def remove(file: Path) -> None:
    file.unlink()


@contextmanager
def watching(file: Path) -> Iterator[Seen]:
    seen = Seen(file)
    task = asyncio.ensure_future(seen.watch())
    yield seen
    task.cancel()


async def test_an_edit_is_told_once_and_soon(file: Path) -> None:
    with watching(file) as seen:
        await asyncio.sleep(10)
        assert seen.times == 1  # at the beginning

        put(file, "version: 2, and more\n")
        await asyncio.sleep(LOOK_SECONDS + 2 * SETTLE_SECONDS)
        assert seen.times == 2
        await asyncio.sleep(60)
        assert seen.times == 2


async def test_a_file_that_is_being_written_is_told_when_it_is_done(file: Path) -> None:
    with watching(file) as seen:
        for part in range(50):
            with file.open("a") as growing:
                growing.write(f"# part {part}\n")
            await asyncio.sleep(0.2)
        assert seen.times == 1

        await asyncio.sleep(LOOK_SECONDS)
        assert seen.times == 2


async def test_a_file_that_is_put_in_place_of_another_is_an_edit(file: Path) -> None:
    with watching(file) as seen:
        await asyncio.sleep(2)
        beside = file.with_suffix(".new")
        beside.write_text("version: 1\n")

        beside.replace(file)
        await asyncio.sleep(3)
        assert seen.times == 2


async def test_a_file_that_goes_and_comes_is_told_each_time(file: Path) -> None:
    with watching(file) as seen:
        await asyncio.sleep(2)
        remove(file)
        await asyncio.sleep(5)
        put(file, "version: 1\n")
        await asyncio.sleep(5)

        assert seen.times == 3

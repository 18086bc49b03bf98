"""What a watcher hears of a server: datagrams on a socket of our own, as systemd's is one."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.server.watcher import SILENCE, SOCKET, WHOSE, Watcher


@pytest.fixture
def listening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("notify")
        heard.settimeout(5)
        yield heard


def words(heard: socket.socket) -> list[str]:
    return heard.recv(4096).decode().splitlines()


def test_a_watcher_hears_ready_reloading_and_how_long_a_stop_may_take(
    listening: socket.socket,
) -> None:
    watcher = Watcher("notify")

    watcher.ready("0 calls under way")
    watcher.reloading()
    watcher.stopping(90.0, "calls finish")

    assert words(listening) == ["READY=1", "STATUS=0 calls under way"]
    assert [word.partition("=")[0] for word in words(listening)] == ["RELOADING", "MONOTONIC_USEC"]
    assert words(listening) == [
        "STOPPING=1",
        "STATUS=calls finish",
        "EXTEND_TIMEOUT_USEC=90000000",
    ]


def test_a_watcher_that_was_killed_is_told_until_there_is_one_again(
    listening: socket.socket,
) -> None:
    watcher = Watcher("notify", 10.0)
    watcher.ready("here")
    assert (watcher.is_there, watcher.problems) == (True, ())

    listening.close()
    watcher.ready("here")

    assert not watcher.is_there
    assert "kill -USR1" in watcher.problems[0]
    os.unlink("notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as again:
        again.bind("notify")
        watcher.ready("here")
        assert (watcher.is_there, watcher.problems) == (True, ())


def test_nobody_who_never_watched_is_missed() -> None:
    watcher = Watcher()
    watcher.ready("here")

    assert (watcher.is_there, watcher.problems) == (False, ())


async def test_the_loop_says_again_and_again_that_it_answers(listening: socket.socket) -> None:
    listening.setblocking(False)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        beats = group.create_task(Watcher("notify", 0.01).run(lambda: "2 calls under way"))
        heard = [await loop.sock_recv(listening, 4096) for _ in range(3)]
        beats.cancel()

    assert heard == [b"WATCHDOG=1\nSTATUS=2 calls under way"] * 3


async def test_a_watcher_that_does_not_wait_for_beats_hears_none(listening: socket.socket) -> None:
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(Watcher("notify").run(lambda: "0 calls under way"))
        await asyncio.sleep(0)
        telling.cancel()

    assert words(listening) == ["STATUS=0 calls under way"]


def test_a_socket_without_a_file_is_reached_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("")
        heard.settimeout(5)
        Watcher("@" + heard.getsockname()[1:].decode()).ready("here")

        assert words(heard) == ["READY=1", "STATUS=here"]


def test_what_the_watcher_gave_us_is_not_passed_on_to_what_we_start() -> None:
    environment = {SOCKET: "/run/notify", SILENCE: "10000000", WHOSE: str(os.getpid()), "HOME": "/"}

    watcher = Watcher.from_environment(environment)

    assert watcher.is_there
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {SOCKET: "/run/notify"},
        {SOCKET: "/run/notify", SILENCE: "10000000", WHOSE: "1"},
        {SILENCE: "10000000"},
    ],
)
def test_who_waits_for_no_beats_of_ours_does_not_watch_over_us(environment: dict[str, str]) -> None:
    assert not Watcher.from_environment(environment).is_there


async def test_nobody_who_listens_is_no_fault(tmp_path: Path) -> None:
    Watcher(str(tmp_path / "nothing")).ready("here")
    Watcher().stopping(1.0, "over")
    await Watcher().run(lambda: "alone")

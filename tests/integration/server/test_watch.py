"""Who watches: small programs in the server's place, which begin, hang, fail and are told to stop."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

import ivr
from ivr.errors import StoreFailed
from ivr.store.lock import JOURNAL, WriterLock

WATCHING = """
import sys
from pathlib import Path
from ivr.observe import start_logging
from ivr.server import watch
start_logging(as_json=True)
watch.SILENCE_SECONDS, watch.AGAIN_SECONDS, watch.LOOK_SECONDS = 0.6, 0.1, 0.1
watch.SPARE_SECONDS = 0.2
sys.exit(watch.watch([sys.executable, "-c", *sys.argv[1:3]], Path(sys.argv[2]).parent))
"""
BEGINS = """
import asyncio, faulthandler, os, signal, sys
from pathlib import Path
from ivr.server.spare import wait_for_turn
from ivr.server.watcher import Watcher
wait_for_turn()
faulthandler.enable(2)
watcher, starts = Watcher.from_environment(), Path(sys.argv[1])
number = int(starts.read_text()) + 1 if starts.exists() else 1
starts.write_text(str(number))
def says(word):
    print(number, word, os.getpid(), flush=True)
def here_it_hangs():
    signal.pause()
async def beats():
    watcher.ready("here")
    says("ready")
    await watcher.run(lambda: "here")
"""
ASKED = """
async def serves():
    for stop, code in ((signal.SIGTERM, 7), (signal.SIGUSR1, 0)):
        asyncio.get_running_loop().add_signal_handler(stop, lambda code=code: os._exit(code))
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, says, "reloads")
    await beats()
asyncio.run(serves())
"""
HANGS_ONCE = (
    """
if number == 1:
    watcher.ready("here")
    says("ready")
    here_it_hangs()
"""
    + ASKED
)
LOCKED = """
from ivr.store.lock import JOURNAL, WriterLock
import time
time.sleep(0.5 if number > 1 else 0)
WriterLock(Path(sys.argv[1]).with_name(JOURNAL)).take()
"""
FAILS_ONCE = (
    """
if number == 1:
    watcher.ready("here")
    says("ready")
    sys.exit(3)
"""
    + ASKED
)


class Watching:
    """A watcher with its server, as a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.server: int | None = None

    async def says(self) -> tuple[int, str, int]:
        """The next line: the how-manieth server says what, and its pid."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            number, word, pid = (await self.process.stdout.readline()).decode().split()
        self.server = int(pid)
        return int(number), word, self.server

    async def spare(self) -> psutil.Process:
        """The one that waits for its turn, or loads still."""
        async with asyncio.timeout(20):
            # Processes come without a word: there is nothing to wait on but time.
            while not (found := self._others()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (spare,) = found
        return spare

    def _others(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if one.pid != self.server]

    async def ended(self) -> tuple[int, str]:
        async with asyncio.timeout(20):
            _, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, err.decode()


@asynccontextmanager
async def watching(
    tmp_path: Path, does: str, *, begins: str = BEGINS, path: Path | None = None
) -> AsyncIterator[Watching]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WATCHING, begins + does, str(tmp_path / "starts")),
        cwd=path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    watch = Watching(process)
    try:
        yield watch
    finally:
        if process.returncode is None:  # the test has failed
            process.kill()
            if watch.server is not None:
                os.kill(watch.server, signal.SIGKILL)
            await process.wait()


async def test_a_server_that_cannot_begin_is_not_tried_again(tmp_path: Path) -> None:
    async with watching(tmp_path, "sys.exit(2)") as watch:
        assert (await watch.ended())[0] == 2


async def test_a_stop_and_a_reload_reach_the_server_and_its_exit_code_is_told(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path, ASKED) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        watch.process.send_signal(signal.SIGHUP)
        assert (await watch.says())[:2] == (1, "reloads")
        watch.process.send_signal(signal.SIGTERM)

        assert (await watch.ended())[0] == 7


async def test_after_a_restart_the_next_server_runs(tmp_path: Path) -> None:
    async with watching(tmp_path, ASKED) as watch:
        _, _, first = await watch.says()
        watch.process.send_signal(signal.SIGUSR1)
        number, word, second = await watch.says()
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()

    assert (number, word) == (2, "ready")
    assert first != second


@pytest.mark.fault("F-15")
async def test_a_server_that_fails_is_followed_by_the_next(tmp_path: Path) -> None:
    async with watching(tmp_path, FAILS_ONCE) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        assert (await watch.says())[:2] == (2, "ready")
        watch.process.send_signal(signal.SIGTERM)
        code, err = await watch.ended()

    assert code == 7
    assert "the next is started" in err


@pytest.mark.fault("F-13")
async def test_what_hangs_writes_down_where_and_the_next_takes_over(tmp_path: Path) -> None:
    async with watching(tmp_path, HANGS_ONCE) as watch:
        _, _, hanging = await watch.says()
        assert (await watch.says())[:2] == (2, "ready")
        watch.process.send_signal(signal.SIGTERM)
        _, err = await watch.ended()

    assert not is_there(hanging)
    assert "the server hangs" in err
    assert "here_it_hangs" in err


async def test_one_that_is_frozen_is_ended_too(tmp_path: Path) -> None:
    async with watching(tmp_path, ASKED) as watch:
        _, _, frozen = await watch.says()
        os.kill(frozen, signal.SIGSTOP)
        assert (await watch.says())[:2] == (2, "ready")
        assert not is_there(frozen)
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()


async def killed(watch: Watching) -> None:
    assert watch.server is not None
    os.kill(watch.server, signal.SIGKILL)


async def restarted(watch: Watching) -> None:
    watch.process.send_signal(signal.SIGUSR1)


async def test_the_one_that_follows_a_server_that_was_killed_had_loaded_all_before(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path, ASKED) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        for number in (2, 3):
            spare = await watch.spare()
            await killed(watch)
            assert await watch.says() == (number, "ready", spare.pid)
        watch.process.send_signal(signal.SIGTERM)
        assert (await watch.ended())[0] == 7


async def test_a_spare_that_loads_still_goes_on_when_it_has(tmp_path: Path) -> None:
    slow = BEGINS.replace("wait_for_turn()", "import time; time.sleep(1.5); wait_for_turn()")
    async with watching(tmp_path, ASKED, begins=slow) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        spare = await watch.spare()
        await killed(watch)
        assert await watch.says() == (2, "ready", spare.pid)
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()


@pytest.mark.parametrize("ends", [killed, restarted], ids=["killed", "restarted"])
async def test_a_spare_that_is_gone_or_may_be_of_an_old_version_is_not_what_follows(
    tmp_path: Path, ends: Callable[[Watching], Awaitable[None]]
) -> None:
    async with watching(tmp_path, ASKED) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        spare = await watch.spare()
        if ends is killed:
            spare.kill()
        await ends(watch)
        number, word, pid = await watch.says()
        assert (number, word) == (2, "ready")
        assert pid != spare.pid
        assert not spare.is_running()
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()


def program_in(folder: Path) -> Path:
    """A copy of the program, which may be changed."""
    copy, ours = folder / "program" / "ivr", Path(ivr.__file__).parent
    shutil.copytree(ours, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def one_is_written(program: Path) -> None:
    (program / "__init__.py").touch()


def one_goes_while_it_is_looked_at(program: Path) -> None:
    (program / "gone.py").symlink_to(program / "nowhere")


@pytest.mark.parametrize("changes", [one_is_written, one_goes_while_it_is_looked_at])
async def test_a_spare_of_a_program_that_was_changed_is_not_what_follows(
    tmp_path: Path, changes: Callable[[Path], None]
) -> None:
    program = program_in(tmp_path)
    async with watching(tmp_path, ASKED, path=program.parent) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        spare = await watch.spare()
        changes(program)
        await killed(watch)
        number, word, pid = await watch.says()
        assert (number, word) == (2, "ready")
        assert pid != spare.pid
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()


async def test_where_no_spare_can_be_started_a_server_follows_all_the_same(tmp_path: Path) -> None:
    program = program_in(tmp_path)
    one_goes_while_it_is_looked_at(program)
    async with watching(tmp_path, ASKED, path=program.parent) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        await asyncio.sleep(1)  # several times what it waits before it starts a spare
        await killed(watch)
        assert (await watch.says())[:2] == (2, "ready")
        watch.process.send_signal(signal.SIGTERM)
        code, err = await watch.ended()

    assert code == 7
    assert "no spare could be started" in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_no_spare_outlives_who_watches(tmp_path: Path, number: int) -> None:
    async with watching(tmp_path, ASKED) as watch:
        await watch.says()
        spare = await watch.spare()
        watch.process.send_signal(number)
        await asyncio.to_thread(psutil.wait_procs, [spare], 20)
        assert not spare.is_running()
        if number == signal.SIGKILL:
            assert watch.server is not None
            os.kill(watch.server, signal.SIGKILL)
        await watch.ended()


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def take(home: Path) -> None:
    """Raises StoreFailed where a second server is refused."""
    lock = WriterLock(home / JOURNAL)
    lock.take()
    lock.release()


async def refused_until(home: Path, says: Awaitable[tuple[int, str, int]]) -> tuple[int, str, int]:
    """What is said next; until then nobody else gets the home folder."""
    saying = asyncio.ensure_future(says)
    while not saying.done():
        with pytest.raises(StoreFailed, match="first, or give this one a folder of its own"):
            take(home)
        await asyncio.sleep(0.001)
    return saying.result()


@pytest.mark.parametrize("ends", [killed, restarted], ids=["killed", "restarted"])
async def test_between_one_server_and_the_next_nobody_else_gets_the_home_folder(
    tmp_path: Path, ends: Callable[[Watching], Awaitable[None]]
) -> None:
    async with watching(tmp_path, LOCKED + ASKED) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        for number in (2, 3):
            await watch.spare()
            await ends(watch)
            assert (await refused_until(tmp_path, watch.says()))[:2] == (number, "ready")
        with pytest.raises(StoreFailed, match=f"stop process {watch.process.pid} first"):
            take(tmp_path)
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()

    take(tmp_path)


async def test_a_server_whose_watcher_was_killed_has_the_home_folder_to_its_end(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path, LOCKED + ASKED) as watch:
        _, _, pid = await watch.says()
        spare = await watch.spare()
        watch.process.kill()
        await asyncio.to_thread(psutil.wait_procs, [spare], 20)
        with pytest.raises(StoreFailed, match=rf"process {pid}\): stop that one first"):
            take(tmp_path)
        os.kill(pid, signal.SIGKILL)
        await watch.ended()

    take(tmp_path)


async def test_where_another_server_has_the_home_folder_none_is_started(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / JOURNAL)
    lock.take()
    async with watching(tmp_path, LOCKED + ASKED) as watch:
        code, err = await watch.ended()
    lock.release()

    assert code == 1
    assert f"process {os.getpid()}): stop that one first" in err
    assert not (tmp_path / "starts").exists()


async def test_a_home_folder_whose_lock_was_taken_away_is_held_again(tmp_path: Path) -> None:
    async with watching(tmp_path, LOCKED + ASKED) as watch:
        assert (await watch.says())[:2] == (1, "ready")
        await watch.spare()
        (tmp_path / f"{JOURNAL}.lock").unlink()
        await killed(watch)
        assert (await watch.says())[:2] == (2, "ready")
        await killed(watch)
        assert (await refused_until(tmp_path, watch.says()))[:2] == (3, "ready")
        watch.process.send_signal(signal.SIGTERM)
        await watch.ended()


async def test_while_the_home_folder_is_moved_away_no_server_begins_another(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    async with watching(home, ASKED) as watch:
        _, _, server = await watch.says()
        home.rename(elsewhere)
        os.kill(server, signal.SIGUSR1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await watch.says()
        assert not home.exists()
        elsewhere.rename(home)
        assert (await watch.says())[:2] == (2, "ready")

        home.rename(elsewhere)
        os.kill(watch.process.pid, signal.SIGUSR1)
        watch.process.terminate()
        _, err = await watch.ended()

    assert not home.exists()
    assert f"move it back: `mv {elsewhere} {home}`" in err


async def test_a_first_start_that_is_refused_leaves_no_home_folder(tmp_path: Path) -> None:
    async with watching(tmp_path / "sites/bergen", "sys.exit(1)", begins="import sys") as watch:
        code, _ = await watch.ended()

    assert code == 1
    assert os.listdir(tmp_path) == []


async def test_what_a_refused_start_finds_in_the_home_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "ivr.toml").write_text("[sip]")
    async with watching(tmp_path, "sys.exit(1)", begins="import sys") as watch:
        await watch.ended()

    assert (tmp_path / "ivr.toml").read_text() == "[sip]"

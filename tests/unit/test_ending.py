"""A program that has started others ends them, too, however it is told to end itself."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import uvloop

from ivr.ending import SIGNALS, run_and_clear_up

WORK = """
import asyncio, signal, sys
import uvloop
from ivr.ending import run_and_clear_up

async def work():
    print("started", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.3)
        print("cleared up", flush=True)

ignored, factory = sys.argv[1:]
if ignored != "none":
    signal.signal(int(ignored), signal.SIG_IGN)
try:
    run_and_clear_up(
        work(),
        stopping=lambda: print("stopping", flush=True),
        loop_factory=getattr(eval(factory), "new_event_loop"),
    )
except KeyboardInterrupt:
    print("interrupted")
"""


def started(ignored: str, factory: str = "asyncio") -> subprocess.Popen[str]:
    def as_in_a_terminal() -> None:
        for number in SIGNALS:  # a job in the background ignores Ctrl-C, and its children do too
            signal.signal(number, signal.SIG_DFL)

    argv = (sys.executable, "-c", WORK, ignored, factory)
    child = subprocess.Popen(
        argv,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=as_in_a_terminal,  # noqa: PLW1509 - no thread of ours runs here
    )
    assert child.stdout
    assert child.stdout.readline() == "started\n"
    return child


@pytest.mark.parametrize("factory", ["asyncio", "uvloop"])
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_the_first_signal_ends_it_and_the_second_does_not_cut_that_short(
    number: signal.Signals, factory: str
) -> None:
    with started("none", factory) as child:
        assert child.stdout
        child.send_signal(number)
        assert child.stdout.readline() == "stopping\n"
        child.send_signal(number)
        child.send_signal(signal.SIGTERM)
        told = child.stdout.read()

    assert (told, child.returncode) == ("cleared up\ninterrupted\n", 0)


def test_a_signal_that_was_ignored_stays_so() -> None:
    with started(str(int(signal.SIGHUP))) as child:
        assert child.stdout
        child.send_signal(signal.SIGHUP)
        said, _, _ = select.select([child.stdout], [], [], 0.5)
        assert not said
        child.send_signal(signal.SIGINT)
        told = child.stdout.read()

    assert told.splitlines() == ["stopping", "cleared up", "interrupted"]


def refused() -> None:
    raise ValueError("no")


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_what_the_work_returns_or_raises_is_handed_on_and_signals_are_as_before(
    factory: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def work(step: Callable[[], object]) -> object:
        return step()

    before = [signal.getsignal(number) for number in SIGNALS]

    assert run_and_clear_up(work(os.getpid), loop_factory=factory) == os.getpid()
    with pytest.raises(ValueError, match="no"):
        run_and_clear_up(work(refused), loop_factory=factory)
    with pytest.raises(asyncio.CancelledError):
        run_and_clear_up(cancelled())
    assert [signal.getsignal(number) for number in SIGNALS] == before


async def cancelled() -> None:
    raise asyncio.CancelledError


def test_off_the_main_thread_it_just_runs() -> None:
    found: list[int] = []

    async def work() -> int:
        return 7

    thread = threading.Thread(target=lambda: found.append(run_and_clear_up(work())))
    thread.start()
    thread.join()

    assert found == [7]

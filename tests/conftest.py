"""A loop whose time jumps, so that stories of minutes run in milliseconds.

Tests in `tests/flows` and in the `tests/unit` folders named below run on `JumpingLoop`: when nothing is ready, it
moves its own clock to the next timer instead of waiting for it. Nothing in such a test sleeps in real time, and a test
that waits for something that can never come fails with `Stuck`. Elsewhere the marker `jumping_time` asks for
it; `real_time` asks for an ordinary loop. Contract tests run once on each: the loop's name says which Asterisk they
talk to (`twin` or `real`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from ivr.observe import Libraries
from tests import process
from tests.turns import Turns, turn_of

# What commands print is English here, whatever language the machine speaks; programs that tests start inherit it.
os.environ["LC_ALL"] = "C.UTF-8"

LONGEST_STORY_SECONDS = 24 * 3600.0
LONGEST_TEST_SECONDS = 60.0
THREAD_PATIENCE_SECONDS = 5.0
JUMPING = (
    "flows",
    "unit/ari",
    "unit/call",
    "unit/desk",
    "unit/flows",
    "unit/rulebook",
    "unit/server",
)


class Stuck(Exception):
    """The test waits for something that never comes."""


class JumpingSelector(selectors.DefaultSelector):
    """Waits for no one: an idle wait moves `seconds` on by its length."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:  # no timer is set: only a thread or a socket can wake the loop
            ready = super().select(THREAD_PATIENCE_SECONDS)
            if not ready:
                raise Stuck("no timer is set and no thread answers: nothing will ever happen")
            return ready
        self.seconds += max(timeout, 0.0)
        if self.seconds > LONGEST_STORY_SECONDS:
            raise Stuck(f"{LONGEST_STORY_SECONDS:.0f} s of the story have passed; it waits in vain")
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at 0 and jumps from timer to timer."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.seconds

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Without the limit of 300 s that Python 3.12 brought: time would jump over it before a thread has ended."""
        await super().shutdown_default_executor()


class ImpatientSelector(selectors.DefaultSelector):
    """Waits in real time, but not for ever: a test that hangs is the fault that it tests for."""

    def __init__(self) -> None:
        super().__init__()
        self._until = time.monotonic() + LONGEST_TEST_SECONDS

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        left = self._until - time.monotonic()
        if left < 0:
            raise Stuck(f"this test has run for {LONGEST_TEST_SECONDS:.0f} s")
        return super().select(left if timeout is None else min(timeout, left))


def impatient_loop() -> asyncio.AbstractEventLoop:
    """An ordinary event loop that gives up in the end."""
    return asyncio.SelectorEventLoop(ImpatientSelector())


LoopFactory = Callable[[], asyncio.AbstractEventLoop]


# How long an example takes says how busy the machine is.
_UNHURRIED: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("usual", **_UNHURRIED)
settings.load_profile("usual")
# Asked for with `--hypothesis-profile=thorough`: see tests/unit/rules/test_completeness.py.
settings.register_profile("thorough", **_UNHURRIED)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "jumping_time: run on a loop whose time jumps")
    config.addinivalue_line("markers", "real_time: run on an ordinary loop")
    # Before Python 3.14, who asks for the loop where none was ever set gets a new one. pytest-asyncio asks, and
    # leaves it unclosed, which is a warning, which is an error in whatever test runs then.
    asyncio.set_event_loop(None)
    # A shell that starts this in its background lets it ignore SIGINT, and so every server that a test starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was() -> Iterator[None]:
    """No test decides how others end: see `tests/process.py`. What it changes it undoes, `monkeypatch` does it best."""
    before = process.shared()
    yield
    assert process.changed(before) == []


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command that a test runs in this process sets up the log, which must not follow into other tests."""
    before = structlog.get_config()
    root = logging.getLogger()
    level = root.level
    yield
    structlog.configure(**before)
    root.setLevel(level)
    for handler in root.handlers[:]:
        if isinstance(handler, Libraries):
            root.removeHandler(handler)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, LoopFactory]:
    folder = item.path.relative_to(Path(__file__).parent).parent.as_posix() + "/"
    if folder.startswith("contract/") and not item.get_closest_marker("real_time"):
        return {"twin": JumpingLoop, "real": impatient_loop}
    jumps = any(folder.startswith(f"{name}/") for name in JUMPING)
    if item.get_closest_marker("jumping_time"):
        jumps = True
    if item.get_closest_marker("real_time"):
        jumps = False
    if jumps:
        return {"jumping": JumpingLoop}
    if folder.startswith("acceptance/"):  # whole hours of calls may be placed there
        return {"ordinary": asyncio.new_event_loop}
    return {"impatient": impatient_loop}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "contract" and "[real" in item.name:
            item.add_marker(pytest.mark.real)
    if config.getoption("loadgroup", default=False):  # in a worker: at random, but long ones first
        items.sort(key=first_to_last)


def first_to_last(item: pytest.Item) -> tuple[bool, bool]:
    """Long tests, then those of shared servers, then the short ones, which fill what time is left."""
    return not item.get_closest_marker("long"), turn_of(item.nodeid) == item.nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Turns | None:
    return Turns(config, log) if config.getoption("dist") == "loadgroup" else None

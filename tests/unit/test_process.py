"""The guard of `tests/conftest.py` sees what a test would leave behind for others."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.process import changed, shared


def a_variable(patch: pytest.MonkeyPatch, _folder: Path) -> None:
    patch.setenv("LC_MESSAGES", "nb_NO")


def a_variable_less(patch: pytest.MonkeyPatch, _folder: Path) -> None:
    patch.delenv("LC_ALL")


def the_working_directory(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.chdir(folder)


def a_path(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.syspath_prepend(folder)


def a_log_level(patch: pytest.MonkeyPatch, _folder: Path) -> None:
    patch.setattr(logging.root, "level", 17)


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (a_variable, "environment variable LC_MESSAGES"),
        (a_variable_less, "environment variable LC_ALL"),
        (the_working_directory, "working directory"),
        (a_path, "sys.path"),
        (a_log_level, "log"),
    ],
)
def test_what_is_changed_is_told_by_name(
    change: Callable[[pytest.MonkeyPatch, Path], None],
    told: str,
    patch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    before = shared()
    assert changed(before) == []

    change(patch, tmp_path)

    assert [one.partition(": ")[0] for one in changed(before)] == [told]
    patch.undo()
    assert changed(before) == []


def test_umask_signals_and_time_outs_are_seen() -> None:
    before = shared()
    umask, handler = os.umask(0o123), signal.signal(signal.SIGTERM, signal.SIG_IGN)
    socket.setdefaulttimeout(1.0)

    seen = changed(before)

    os.umask(umask)
    signal.signal(signal.SIGTERM, handler)
    socket.setdefaulttimeout(None)
    assert [one.partition(":")[0] for one in seen] == [
        "handler of SIGTERM", "socket time-out", "umask",
    ]  # fmt: skip

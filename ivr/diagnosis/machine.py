"""The machine: its clock, its disk, and how many files may be open."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.disk import cause_at_a_glance
from ivr.urgent import go_first, is_room_for_others

LEAST_FREE_BYTES = 200_000_000
"""Some days of journal and messages of a busy centre: below it there is no time to notice."""

LITTLE_FREE_BYTES = 2_000_000_000

LEAST_FILES, PLENTY_OF_FILES = 256, 4096
"""A call takes some four descriptors in Asterisk; the server itself needs a few dozen, whatever comes."""

_COST_OF_WAITING = "while the cores are full, callers wait longer for what is kept of them"
_ALLOW_HASTE = "allow it (`LimitRTPRIO=1` of the service, `ulimits: {rtprio: 1}` of a container, `ulimit -r 1`)"

_NOT_SYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_TIMEX_BYTES = 256  # more than the structure has on any machine


def machine(
    home: Path, written_last: datetime | None, *, journal_goes_first: bool | None = None
) -> Iterator[Symptom]:
    """Look at the machine. `written_last` is the time of the newest call that is kept.

    `journal_goes_first` is what a running server says of its journal, None where none runs or it does not say so.
    """
    yield _clock(written_last)
    yield _disk(home)
    yield _files()
    yield (
        _haste() if journal_goes_first is None else _haste_of_server(goes_first=journal_goes_first)
    )


def _clock(written_last: datetime | None) -> Symptom:
    now = datetime.now(UTC)
    if written_last is not None and written_last > now:
        return wrong(
            "clock",
            f"it says {now:%Y-%m-%d %H:%M} UTC, and calls are kept that are newer ({written_last:%Y-%m-%d %H:%M})",
            "set the clock, and switch on its synchronisation (`timedatectl set-ntp true`): opening hours go by it",
        )
    if is_synchronised() is False:
        return doubtful(
            "clock",
            f"{now:%Y-%m-%d %H:%M} UTC; nothing keeps it right",
            "switch on its synchronisation (`timedatectl set-ntp true`), unless the machine around this one does it: "
            "opening hours go by it",
        )
    return right("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def is_synchronised() -> bool | None:
    """Whether the kernel's clock is kept right by somebody; None where it does not say."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(
            ctypes.create_string_buffer(_TIMEX_BYTES)
        )
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _NOT_SYNCHRONISED


def _disk(home: Path) -> Symptom:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if cause := cause_at_a_glance(there, LEAST_FREE_BYTES):
        return wrong("disk", f"{there}: {cause.says}", cause.mend)
    free = shutil.disk_usage(there).free
    says = f"{free / 1e9:.1f} GB free below {there}"
    if free < LITTLE_FREE_BYTES:
        return doubtful("disk", says, "make room: a full disk costs messages, and records at last")
    return right("disk", says)


def _files() -> Symptom:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return right("open files", "no limit")
    says = f"{soft} may be open for this user{'' if os.getuid() else ' (root)'}"
    mend = "raise the limit (`LimitNOFILE=` of the service, `ulimit -n`)"
    if soft < LEAST_FILES:
        return wrong("open files", says, mend)
    if soft < PLENTY_OF_FILES:
        return doubtful("open files", f"{says}: enough for some {soft // 8} calls at once", mend)
    return right("open files", says)


def _haste_of_server(*, goes_first: bool) -> Symptom:
    """A server that runs knows best: a shell may have other limits than a service."""
    if goes_first:
        return right("haste", "the running server's journal goes first (real time)")
    return doubtful(
        "haste",
        f"the running server may not let its journal go first: {_COST_OF_WAITING}",
        f"{_ALLOW_HASTE}, and restart the server",
    )


def _haste() -> Symptom:
    """Whether the journal's thread need not wait for a core; a thread of ours tries it."""
    if not is_room_for_others():
        return right("haste", "one core: the journal waits for its turn")
    with ThreadPoolExecutor(max_workers=1) as trying:
        goes_first = trying.submit(go_first).result()
    if goes_first:
        return right("haste", "the journal goes first (real time)")
    return doubtful(
        "haste",
        "a server started from here may not let its journal go first (a service has a limit of its own): "
        f"{_COST_OF_WAITING}",
        _ALLOW_HASTE,
    )

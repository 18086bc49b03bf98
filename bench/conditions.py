"""What the figures were taken on: no figure is told without it."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import process_time

import msgspec
import psutil

from ivr.asterisk.obtain import find_asterisk, find_sipp, sipp_release

_PACKAGES = ("aiohttp", "msgspec", "structlog", "uvloop")


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """Machine, programs, moment.

    `python_milliseconds`: what 100,000 calls of a method take, the least of five. A Python that was built without a
    profile of itself takes half as much again as a distribution's, on the same machine.
    """

    at: str
    processor: str
    cores: int
    memory_gb: float
    kernel: str
    asterisk: str
    sipp: str
    python: str
    python_milliseconds: float
    packages: dict[str, str]
    load_average: tuple[float, float, float]


def look(cache: Path) -> Conditions:
    """Ask the machine and the programs."""
    return Conditions(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=_processor(),
        cores=os.cpu_count() or 0,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        kernel=platform.release(),
        asterisk=find_asterisk(cache, print).version,
        sipp=sipp_release(find_sipp(cache, print)),
        python=f"{platform.python_version()} ({platform.python_compiler()})",
        python_milliseconds=round(1000 * min(_calls_take() for _ in range(5)), 1),
        packages={name: version(name) for name in _PACKAGES},
        load_average=os.getloadavg(),
    )


def text(found: Conditions) -> str:
    """Four lines."""
    packages = ", ".join(f"{name} {number}" for name, number in found.packages.items())
    load = " ".join(f"{figure:.2f}" for figure in found.load_average)
    return (
        f"{found.at}: {found.cores} cores ({found.processor}), {found.memory_gb} GB, kernel {found.kernel}\n"
        f"Asterisk {found.asterisk}, SIPp {found.sipp}, Python {found.python}, {packages}\n"
        f"100,000 calls in Python take {found.python_milliseconds:.1f} ms\n"
        f"SIPp and the probe share the machine; load average before the start {load}"
    )


def _calls_take() -> float:
    """In seconds of processor time."""

    class Counter:
        def __init__(self, count: int) -> None:
            self.count = count

        def next(self) -> int:
            return self.count + 1

    counts: dict[int, int] = {}
    began = process_time()
    for number in range(100_000):
        counts[number % 100] = Counter(number).next()
    return process_time() - began


def _processor() -> str:
    match = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return match[1].strip() if match else platform.machine()

"""Fetching a program and all that it needs into a prefix of its own in the cache folder.

A prefix is there whole or not at all: it is built beside its place and renamed. Each program has
its own, so that one fetched later cannot change the libraries under one that runs.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.asterisk.apt import SUITE, Apt, Packages, Tell, prepare
from ivr.asterisk.cache import ASTERISK, Fetchable, cached_program, prefix_of
from ivr.asterisk.debian import AptFailed, debian_keyring, machine_mirrors, machine_release
from ivr.asterisk.installation import Installation, parse_release, private_installation
from ivr.asterisk.mirror import without_login
from ivr.asterisk.self_test import self_test
from ivr.ending import run_and_clear_up
from ivr.errors import AsteriskMissing, IvrError, ProgramMissing
from ivr.releases import OLDEST, dotted, is_untried, unfit

_NOT_NEEDED = ("etc", "var", *(f"usr/share/{name}" for name in (
    "bug", "doc", "info", "lintian", "locale", "man", "perl")))  # fmt: skip
_UNPACKED_TO_PACKED = 4

_ARCHIVE = re.compile(r"asterisk_(?:\d+%3a)?(?P<release>\d+\.\d+\.\d+)\D")
"""A package's file, whose version may begin with an epoch: `asterisk_1%3a22.10.1~dfsg+~cs6.17_amd64.deb`."""

_WAYS_ON = f"""\
Ways to go on:
  * install Asterisk {dotted(OLDEST)} or newer, so that `asterisk` is on the path;
  * run it all in the container described in docker/README.md;
  * put a copy of a cache folder that has one where IVR_CACHE says;
  * name a running Asterisk's ARI in ivr.toml: `ari` and `password_file` below `[asterisk]`."""


def fetch(cache: Path, wanted: Fetchable, tell: Tell) -> None:
    """Put `wanted` into the cache, unless another process did while we waited our turn.

    Raises AsteriskMissing, or ProgramMissing, with what failed and how to go on.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _our_turn(cache, tell) as turn:
            if cached_program(cache, wanted) is None:
                _fetch_alone(cache, wanted, turn, tell)
    except (AptFailed, OSError, subprocess.SubprocessError) as failed:
        raise _missing(wanted, without_login(str(failed))) from failed


def _missing(wanted: Fetchable, reason: str) -> IvrError:
    if wanted is ASTERISK:
        return AsteriskMissing(
            f"there is no Asterisk {dotted(OLDEST)} or newer on this machine, and a private copy "
            f"could not be fetched: {reason}.\n{_WAYS_ON}"
        )
    instead = f"It could not be fetched: {reason}. Install the package {wanted.name}."
    return ProgramMissing(Path(wanted.program).name, wanted.purpose, instead)


def _fetch_alone(cache: Path, wanted: Fetchable, turn: int, tell: Tell) -> None:
    began = time.monotonic()
    for left in cache.glob(".building-*"):
        shutil.rmtree(left)
    apt, closure = _known_packages(cache, wanted, turn, tell)
    _refuse_unfit(closure)
    _refuse_full_disk(cache, closure)
    megabytes = closure.size / 1e6
    tell(f"fetching {wanted.name}: {len(closure.files)} packages, {megabytes:.0f} MB")
    apt.download(wanted.packages, _Progress(wanted.name, megabytes, tell))
    building = cache / f".building-{os.getpid()}"
    try:
        _unpack(apt, closure, building, tell, without_libc=wanted.of_machine)
        prefix = _settle(cache, wanted, building, tell)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    shutil.rmtree(apt.folder)
    tell(f"{wanted.name} is at {prefix} ({time.monotonic() - began:.0f} s)")


def _known_packages(cache: Path, wanted: Fetchable, turn: int, tell: Tell) -> tuple[Apt, Packages]:
    """An apt that knows its packages, from the first of the machine's mirrors that has them."""
    packages = wanted.packages
    suite = machine_release() if wanted.of_machine else SUITE
    keyring = debian_keyring()
    reasons: list[str] = []
    for mirror in machine_mirrors()[:3]:
        tell(f"asking {without_login(mirror)} for {' and '.join(packages)}")
        apt = prepare(cache / "apt", mirror, keyring, turn, suite=suite)
        try:
            apt.update()
            return apt, apt.closure(packages)
        except AptFailed as failed:
            reasons.append(f"{mirror}: {failed}")
    raise AptFailed(reason="; ".join(reasons))


def _refuse_unfit(closure: Packages) -> None:
    """Before 100 MB are fetched: Debian's suite rolls on, and may have a release that is known to be bad."""
    names = (_ARCHIVE.match(Path(file).name) for file in closure.files)
    for release in (parse_release(name["release"]) for name in names if name):
        if release is not None and (why := unfit(release)) is not None:
            raise AptFailed(reason=f"Debian has Asterisk {dotted(release)} now, and {why}")


def _refuse_full_disk(cache: Path, closure: Packages) -> None:
    wanted = closure.size * (1 + _UNPACKED_TO_PACKED)
    free = shutil.disk_usage(cache).free
    if free < wanted:
        raise AptFailed(
            reason=f"{cache} has {free / 1e6:.0f} MB free and {wanted / 1e6:.0f} MB are needed "
            "(IVR_CACHE=DIR puts it elsewhere)"
        )


def _unpack(apt: Apt, closure: Packages, building: Path, tell: Tell, *, without_libc: bool) -> None:
    tell(f"unpacking {len(closure.files)} packages")
    building.mkdir()
    for file in closure.files:
        if not (without_libc and Path(file).name.startswith("libc6_")):
            apt.unpack(file, building)
    for folder in _NOT_NEEDED:
        shutil.rmtree(building / folder, ignore_errors=True)


def _settle(cache: Path, wanted: Fetchable, building: Path, tell: Tell) -> Path:
    """Give the finished prefix its name, in place of a broken one that may have it."""
    version = ""
    if wanted is ASTERISK:
        found = private_installation(building)
        if found is None:
            raise AptFailed(
                reason="its packages were unpacked, but the program in them does not run"
            )
        _prove(found, tell)
        version = found.version
    prefix = prefix_of(cache, wanted, version)
    if prefix.exists():
        shutil.rmtree(prefix)
    building.rename(prefix)
    return prefix


def _prove(found: Installation, tell: Tell) -> None:
    """Nothing bad is known of what comes to lie in the cache; what nobody has tried is tried first."""
    if (why := unfit(found.release)) is not None:
        raise AptFailed(reason=f"Asterisk {found.version} is not to be used: {why}")
    if is_untried(found.release):
        tell(f"Asterisk {found.version} was not tried by us: trying what calls stand on")
        if (wrong := run_and_clear_up(self_test(found))) is not None:
            raise AptFailed(reason=f"Asterisk {found.version} failed its trial: {wrong}")
        tell(f"Asterisk {found.version} passed; `make test` would tell more")


class _Progress:
    """Says a line every three seconds while something is downloaded."""

    def __init__(self, name: str, megabytes: float, tell: Tell) -> None:
        self._name = name
        self._megabytes = megabytes
        self._tell = tell
        self._began = self._said = time.monotonic()

    def __call__(self, percent: float) -> None:
        now = time.monotonic()
        if now - self._said >= 3:
            self._said = now
            done = self._megabytes * percent / 100
            self._tell(
                f"  {self._name}: {done:.0f} of {self._megabytes:.0f} MB, {now - self._began:.0f} s"
            )


@contextmanager
def _our_turn(cache: Path, tell: Tell) -> Iterator[int]:
    """One process at a time; the kernel lets go of the lock however its holder ends."""
    with (cache / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("another process is fetching; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()

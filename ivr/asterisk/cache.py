"""What lies in the cache folder: a prefix for each program that was fetched, whole or not there."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.asterisk.installation import Installation, private_installation, with_own_loader
from ivr.releases import unfit


@dataclass(frozen=True, slots=True)
class Fetchable:
    """A program that can be fetched: Debian's packages for it, where they put it, what for.

    `options` tell it where its data lies, since it looks below `/usr`; `{libraries}` is where its libraries do.
    `of_machine`: it is fetched from the Debian release that the machine itself runs, and so runs on the machine's own C
    library: it starts others of its package, and they would not know of another loader. A star in `program` stands for
    its release.
    """

    name: str
    packages: tuple[str, ...]
    program: str
    purpose: str
    options: tuple[str, ...] = ()
    of_machine: bool = False


ASTERISK = Fetchable(
    "asterisk", ("asterisk", "asterisk-core-sounds-en-wav"), "usr/sbin/asterisk", "to take calls"
)
SIPP = Fetchable(
    "sip-tester", ("sip-tester",), "usr/bin/sipp", "to place calls in the demo and tests"
)
BARESIP = Fetchable("baresip-core", ("baresip-core",), "usr/bin/baresip", "as a phone in tests")
ESPEAK = Fetchable(
    "espeak-ng",
    ("espeak-ng",),
    "usr/bin/espeak-ng",
    "to make stand-in prompts",
    ("--path={libraries}",),
)
FFMPEG = Fetchable("ffmpeg", ("ffmpeg",), "usr/bin/ffmpeg", "to convert recordings")
POSTGRESQL = Fetchable(
    "postgresql",
    ("postgresql",),
    "usr/lib/postgresql/*/bin/postgres",
    "as a store in tests",
    of_machine=True,
)

FETCHABLE: Mapping[str, Fetchable] = {
    one.name: one for one in (ASTERISK, SIPP, BARESIP, ESPEAK, FFMPEG, POSTGRESQL)
}


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where fetched programs lie: `IVR_CACHE`, else `sentralbord` in the user's cache folder."""
    if own := environment.get("IVR_CACHE"):
        return Path(own).absolute()
    base = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "sentralbord").absolute()


def cached_asterisk(cache: Path) -> Installation | None:
    """The newest private copy in the cache that runs and of which nothing bad is known."""
    found = map(private_installation, cache.glob(f"asterisk-*-{platform.machine()}"))
    usable = [copy for copy in found if copy is not None and unfit(copy.release) is None]
    return max(usable, key=lambda copy: copy.release, default=None)


def cached_program(cache: Path, wanted: Fetchable) -> tuple[str, ...] | None:
    """The argv that starts the program from the cache, or None when it is not there."""
    if wanted is ASTERISK:
        found = cached_asterisk(cache)
        return found.argv if found else None
    if wanted.of_machine:
        return _on_machines_libraries(prefix_of(cache, wanted), wanted.program)
    argv = with_own_loader(prefix_of(cache, wanted), wanted.program)
    if argv is None:
        return None
    folder = argv[2].partition(":")[0]
    return *argv, *(option.format(libraries=folder) for option in wanted.options)


def newest_match(root: Path, program: str) -> Path | None:
    """The program below `root`, of the newest release where a star stands for it."""
    found = [path for path in root.glob(program) if path.is_file()]
    return max(
        found, key=lambda path: [int(part) for part in path.parts if part.isdecimal()], default=None
    )


def _on_machines_libraries(prefix: Path, program: str) -> tuple[str, ...] | None:
    """How to run a program that brings its libraries, all but the C library."""
    binary = newest_match(prefix, program)
    libraries = sorted({file.parent for file in prefix.glob("usr/lib/*-linux-*/lib*.so*")})
    if binary is None or not libraries:
        return None
    return "env", f"LD_LIBRARY_PATH={':'.join(map(str, libraries))}", str(binary)


def prefix_of(cache: Path, wanted: Fetchable, version: str = "") -> Path:
    """Where it lies, or is to lie.

    Asterisk's prefix carries its version: a newer one comes to lie beside it. The machine's kind is
    part of the name, since a home folder may be shared between machines.
    """
    return cache / "-".join(filter(None, (wanted.name, version, platform.machine())))

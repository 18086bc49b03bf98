"""An Asterisk that can be run: where it lies, how to start it, which release it is."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ivr.releases import dotted

_RELEASE = re.compile(r"Asterisk (\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Installation:
    """`argv` starts it (a private one through its own loader); every path is absolute and exists."""

    argv: tuple[str, ...]
    release: tuple[int, int, int]
    modules: Path
    data: Path
    sounds: Path
    rest_api: Path
    private: bool

    @property
    def version(self) -> str:
        return dotted(self.release)


def parse_release(text: str) -> tuple[int, int, int] | None:
    """The release in what `asterisk -V` or ARI says; None for a certified or home-made build."""
    match = _RELEASE.search(text if text.startswith("Asterisk") else f"Asterisk {text}")
    if match is None:
        return None
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def release_of(argv: tuple[str, ...]) -> tuple[int, int, int] | None:
    """Ask the program itself; None when it cannot be run or names no release."""
    try:
        answer = subprocess.run(  # noqa: S603 - argv is ours, no shell
            [*argv, "-V"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_release(answer.stdout.strip())


def with_own_loader(prefix: Path, program: str) -> tuple[str, ...] | None:
    """How to run `program`, a path below `prefix`, or None if something of it is not there.

    The packages are newer than the machine's own libc, so the prefix brings its own, and its own
    loader with it. The loader's name differs from machine to machine, hence the search.
    """
    binary = prefix / program
    loaders = sorted(
        [*prefix.glob("usr/lib*/ld-linux*.so.*"), *prefix.glob("usr/lib/*/ld-linux*.so.*")]
    )
    libraries = sorted(prefix.glob("usr/lib/*/libc.so.6"))
    if not binary.is_file() or not loaders or not libraries:
        return None
    common = libraries[0].parent
    # A package's own libraries may lie in a folder of their own (libpulsecommon), which a program finds by the absolute
    # path of an installed one.
    own = sorted({library.parent for library in common.glob("*/lib*.so*")})
    paths = ":".join(map(str, (common, prefix / "usr/lib", *own)))
    return str(loaders[0]), "--library-path", paths, str(binary)


def private_installation(prefix: Path) -> Installation | None:
    """The Asterisk unpacked in `prefix`, or None when something that it needs is not there."""
    argv = with_own_loader(prefix, "usr/sbin/asterisk")
    release = release_of(argv) if argv else None
    if argv is None or release is None:
        return None
    return _laid_out(argv, release, prefix / "usr", private=True)


def installed(binary: Path) -> Installation | None:
    """The machine's own Asterisk at `binary`; None when its folders are not found beside it."""
    argv = (str(binary),)
    release = release_of(argv)
    if release is None:
        return None
    return _laid_out(argv, release, binary.resolve().parent.parent, private=False)


def _laid_out(
    argv: tuple[str, ...], release: tuple[int, int, int], root: Path, *, private: bool
) -> Installation | None:
    """Find the folders below `root`, such as `/usr`, where Debian or `make install` lays them."""
    modules = _first(
        root, "lib/asterisk/modules", "lib64/asterisk/modules", "lib/*/asterisk/modules"
    )
    data = _first(root, "share/asterisk", "../var/lib/asterisk", "var/lib/asterisk")
    if modules is None or data is None:
        return None
    rest_api = _first(data, "rest-api")
    sounds = _first(data, "sounds/en", "sounds/en_US_f_Allison", "sounds")
    if rest_api is None or sounds is None or not (data / "documentation").is_dir():
        return None
    return Installation(argv, release, modules, data, sounds, rest_api, private)


def _first(root: Path, *patterns: str) -> Path | None:
    for pattern in patterns:
        for path in sorted(root.glob(pattern) if "*" in pattern else [root / pattern]):
            if path.is_dir():
                return path.resolve()
    return None

"""Finding an Asterisk to run: the machine's own, else a private copy, fetched once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import structlog

from ivr.asterisk.apt import Tell
from ivr.asterisk.cache import (
    ASTERISK,
    SIPP,
    Fetchable,
    cache_folder,
    cached_asterisk,
    cached_program,
    newest_match,
)
from ivr.asterisk.fetch import fetch
from ivr.asterisk.installation import Installation, installed, release_of
from ivr.errors import AsteriskMissing, AsteriskTooOld, ProgramMissing
from ivr.releases import OLDEST, dotted, is_untried, unfit

__all__ = ["cache_folder", "find_asterisk", "find_program", "find_sipp", "sipp_release"]

log = structlog.get_logger()

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


def find_asterisk(cache: Path, tell: Tell) -> Installation:
    """An Asterisk of which nothing bad is known: on the path, else cached, else fetched (`tell` hears of it).

    Blocks: milliseconds when it is there, some twenty seconds when it must be fetched. Raises
    AsteriskMissing, or AsteriskTooOld when an old one is all there is.
    """
    own = on_the_path("asterisk")
    found = installed(own) if own else None
    if found is not None and unfit(found.release) is None:
        if is_untried(found.release):
            log.warning("Asterisk's release was not tried by us", release=found.version)
        return found
    if own is not None:
        version = found.version if found else "not known, or parts of it missing"
        log.info(
            "Asterisk on the path left alone",
            where=str(own),
            version=version,
            why=unfit(found.release) if found else None,
            wanted=dotted(OLDEST),
        )
    if (cached := cached_asterisk(cache)) is not None:
        return cached
    try:
        fetch(cache, ASTERISK, tell)
    except AsteriskMissing as missing:
        release = release_of((str(own),)) if own else None
        if release is not None and release < OLDEST:
            raise AsteriskTooOld(dotted(release), dotted(OLDEST), str(own)) from missing
        raise
    fetched = cached_asterisk(cache)
    if fetched is None:
        message = f"the Asterisk that was fetched into {cache} does not run; remove that folder"
        raise AsteriskMissing(message)
    return fetched


def find_sipp(cache: Path, tell: Tell) -> tuple[str, ...]:
    """The argv that starts SIPp. Raises ProgramMissing."""
    return find_program(cache, SIPP, tell)


def find_program(cache: Path, wanted: Fetchable, tell: Tell) -> tuple[str, ...]:
    """The argv that starts `wanted`: on the path, else cached, else fetched.

    Raises ProgramMissing.
    """
    own = (
        newest_match(Path("/"), wanted.program)
        if wanted.of_machine
        else on_the_path(Path(wanted.program).name)
    )
    if own is not None:
        return (str(own),)
    if cached_program(cache, wanted) is None:
        fetch(cache, wanted, tell)
    argv = cached_program(cache, wanted)
    if argv is None:
        raise ProgramMissing(wanted.name, wanted.purpose, f"See {cache}.")
    return argv


def sipp_release(argv: tuple[str, ...]) -> str:
    """What SIPp says of itself, as `3.8.0`; "unknown" where it says nothing of the kind."""
    said = subprocess.run([*argv, "-v"], capture_output=True, text=True, check=False)  # noqa: S603 - argv is ours, no shell
    match = re.search(r"SIPp v(\d+(?:\.\d+)*)", said.stdout + said.stderr)
    return match[1] if match else "unknown"


def on_the_path(program: str) -> Path | None:
    """An ordinary user's path leaves out the system folders, where Debian puts Asterisk."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS])
    found = shutil.which(program, path=path)
    return Path(found) if found else None

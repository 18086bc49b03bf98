"""A home folder of a backup: what lies there is set aside and nothing is thrown away, wherever the folder lies."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from ivr.errors import StoreFailed
from ivr.private_file import new_private_folder
from ivr.store.backup import CONTENTS, BackedUp, copy_file, sum_of
from ivr.store.half_made import HalfMade, half_made
from ivr.store.lock import JOURNAL, WriterLock
from ivr.store.schema import known_migrations

ASIDE = "before-"
"""What the folder is called, within a home folder, in which lies what was there before."""

_STAYS = frozenset({"lost+found", f"{JOURNAL}.lock"})
"""What is a disk's own, and what keeps servers out meanwhile."""

_ROOT = 0


def restore(backup: Path, home: Path, now: datetime) -> tuple[BackedUp, Path | None]:
    """Make a home folder of a backup; what is there is set aside: beside it, or within where it cannot be moved.

    Returns where that is. Blocks. Raises StoreFailed for a backup that is not whole, or a newer version's; then nothing
    was changed.
    """
    home = home.resolve()  # where it lies, and on that disk, if it is named by a link
    if backup.resolve() in (home, *home.parents):
        message = (
            f"{home} is the backup itself, or in it: name the home folder that is to be with --home"
        )
        raise StoreFailed(message)
    found = _read(backup)
    _prove(backup, found)
    has_to_stay = _has_to_stay(home)
    try:
        with half_made(home if has_to_stay else home.parent, home.name) as building:
            for name in found.files:
                copy_file(backup / name, building.folder / name)
            take = _exchange if has_to_stay else _replace
            aside = take(home, building, now)
    except OSError as error:
        message = f"{home} cannot be made of {backup}: {error}"
        raise StoreFailed(message) from error
    return found, aside


def _has_to_stay(home: Path) -> bool:
    """A disk of its own, a container's volume, or a folder in one that this user may not write."""
    return home.is_dir() and (home.is_mount() or not os.access(home.parent, os.W_OK | os.X_OK))


def _replace(home: Path, building: HalfMade, now: datetime) -> Path | None:
    """In one step. Whose it was, it is again."""
    if not home.exists():
        building.becomes(home)
        return None
    aside = home.with_name(f"{home.name}.{ASIDE}{now:%Y%m%dT%H%M%SZ}")
    lock = WriterLock(home / JOURNAL)
    lock.take()  # whoever writes there would go on in the folder that is set aside
    try:
        if os.geteuid() == _ROOT:
            _give(building.folder, home)
        home.rename(aside)
        building.becomes(home)
    finally:
        lock.release()
    return aside


def _exchange(home: Path, building: HalfMade, now: datetime) -> Path:
    """Entry by entry, the journal last of all: until then it is the old one that a server would find."""
    os.sync()
    aside = home / f"{ASIDE}{now:%Y%m%dT%H%M%SZ}"
    journal = home / JOURNAL
    lock = WriterLock(journal)
    lock.take()
    try:
        new_private_folder(aside)
        for entry in sorted(home.iterdir()):
            if (
                entry.name not in _STAYS
                and not entry.name.startswith(ASIDE)
                and entry not in (building.folder, journal)
            ):
                entry.rename(aside / entry.name)
        for entry in building.entries:
            if entry.name != JOURNAL:
                entry.rename(home / entry.name)
        if journal.exists():
            with suppress(OSError):  # a file system without links
                (aside / JOURNAL).hardlink_to(journal)
            if not (aside / JOURNAL).exists():
                journal.rename(aside / JOURNAL)
        (building.folder / JOURNAL).replace(journal)
        os.sync()
    finally:
        lock.release()
    return aside


def _give(building: Path, home: Path) -> None:
    """To whom the home folder belonged."""
    owner = home.stat()
    for path in (building, *building.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _read(backup: Path) -> BackedUp:
    try:
        found = msgspec.json.decode((backup / CONTENTS).read_bytes(), type=BackedUp)
    except (OSError, msgspec.DecodeError) as error:
        message = (
            f"{backup} is no backup of ours: {CONTENTS} cannot be read ({error}); name the folder that `ivr backup` "
            "made"
        )
        raise StoreFailed(message) from error
    newest = known_migrations()[-1].version
    if found.schema > newest:
        message = (
            f"{backup} has schema {found.schema} and this version knows {newest}: restore it with a version of "
            "Sentralbord that is as new as the one which made it"
        )
        raise StoreFailed(message)
    return found


def _prove(backup: Path, found: BackedUp) -> None:
    """Raises StoreFailed unless each file is there, and what it was."""
    for name, wanted in found.files.items():
        path = backup / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            message = f"{backup} is no backup of ours: it names {name}"
            raise StoreFailed(message)
        try:
            is_right = sum_of(path) == wanted
        except OSError as error:
            message = (
                f"{backup} is not whole: {name} cannot be read ({error.strerror}); use an older one"
            )
            raise StoreFailed(message) from error
        if not is_right:
            message = f"{backup} is not whole: {name} is not what was backed up; use an older one"
            raise StoreFailed(message)
